//! Readable keys that a diagram language takes as they are.

use crate::Graph;

/// The keys of a graph's nodes and groups, no two of them equal.
pub struct GraphKeys {
    keys: Keys,
    nodes: usize,
}

impl GraphKeys {
    /// Makes a key for each node and each group.
    pub fn of(graph: &Graph) -> Self {
        let nodes = graph.nodes.iter().map(|node| node.id.as_str());
        let groups = graph.groups.iter().map(|group| group.id.as_str());
        Self { keys: Keys::of(nodes.chain(groups)), nodes: graph.nodes.len() }
    }

    /// The key of a node, by its position in `graph.nodes`.
    pub fn node(&self, node: u32) -> &str {
        self.keys.get(node as usize)
    }

    /// The key of a group, by its position in `graph.groups`.
    pub fn group(&self, group: u32) -> &str {
        self.keys.get(self.nodes + group as usize)
    }
}

/// A unique key for each of a list of ids: `svc:api-gateway` becomes `svc_api_gateway`.
///
/// A key is `[a-z][a-z0-9]*_[a-z0-9_]*`, at most 64 bytes long: with a `_` in it, it is a reserved word of no diagram
/// language. An id whose readable key is taken already, or that has no ASCII letter or digit, gets a hash at its end.
/// The same ids in the same order give the same keys.
pub struct Keys {
    /// All keys, one after the other.
    text: String,
    /// Where each key ends in `text`.
    ends: Vec<u32>,
    /// A hash table with open addressing: the hash of a key, and its position + 1 (0: free).
    slots: Vec<(u32, u32)>,
}

/// The most bytes of an id that are kept, so that a hash still fits behind.
const READABLE: usize = 55;

impl Keys {
    /// Makes the keys of `ids`.
    pub fn of<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        let expected = ids.size_hint().0;
        let mut keys = Self {
            text: String::with_capacity(expected * 24),
            ends: Vec::with_capacity(expected),
            slots: vec![(0, 0); (expected * 2).next_power_of_two().max(16)],
        };
        for id in ids {
            keys.add(id);
        }
        keys
    }

    /// The key of the id at a position in the list.
    pub fn get(&self, position: usize) -> &str {
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        &self.text[start as usize..self.ends[position] as usize]
    }

    /// Adds the key of `id` at the end of `text`, and to the table.
    fn add(&mut self, id: &str) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.enlarge();
        }
        let start = self.text.len();
        if !push_readable(&mut self.text, id) {
            push_hash(&mut self.text, hash(id.as_bytes(), 0));
        }
        let readable = self.text.len();
        for salt in 1.. {
            let code = fold(hash(&self.text.as_bytes()[start..], 0));
            if let Some(slot) = self.free_slot(code, start) {
                self.ends.push(self.text.len() as u32);
                self.slots[slot] = (code, self.ends.len() as u32);
                return;
            }
            self.text.truncate(readable);
            self.text.push('_');
            push_hash(&mut self.text, hash(id.as_bytes(), salt));
        }
    }

    /// Where the key from `start` to the end of `text` belongs, or `None` when there is one like it.
    fn free_slot(&self, code: u32, start: usize) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut slot = code as usize & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => return Some(slot),
                (other, position) if other == code && self.get(position as usize - 1) == &self.text[start..] => {
                    return None;
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn enlarge(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for entry in old.into_iter().filter(|entry| entry.1 != 0) {
            let mut slot = entry.0 as usize & (size - 1);
            while self.slots[slot].1 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = entry;
        }
    }
}

/// Writes what is readable of an id, and says whether anything of its name was.
fn push_readable(text: &mut String, id: &str) -> bool {
    let start = text.len();
    let (prefix, name) = id.split_once(':').unwrap_or(("", id));
    push_words(text, prefix, READABLE / 2);
    if !text[start..].starts_with(|first: char| first.is_ascii_lowercase()) {
        text.insert(start, 'n');
    }
    text.push('_');
    let prefix_end = text.len();
    push_words(text, name, READABLE - (prefix_end - start));
    text.len() > prefix_end
}

/// Writes the ASCII letters, in lower case, and digits of `words`, with one `_` for whatever stands between them.
fn push_words(text: &mut String, words: &str, most: usize) {
    let mut written = [0; READABLE];
    let mut length = 0;
    let mut gap = false;
    for byte in words.bytes() {
        if !byte.is_ascii_alphanumeric() {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= most {
            break;
        }
        if gap {
            written[length] = b'_';
            length += 1;
            gap = false;
        }
        written[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    text.extend(std::str::from_utf8(&written[..length]));
}

fn push_hash(text: &mut String, hash: u64) {
    let code = fold(hash);
    for shift in (0..32).step_by(4).rev() {
        text.push(char::from_digit(code >> shift & 15, 16).unwrap_or('0'));
    }
}

/// FNV-1a with 64 bits: the same on every machine.
fn hash(bytes: &[u8], salt: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ salt;
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn fold(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn keys(ids: &[&str]) -> Vec<String> {
        let keys = Keys::of(ids.iter().copied());
        (0..ids.len()).map(|i| keys.get(i).to_owned()).collect()
    }

    #[test]
    fn keys_are_readable() {
        assert_eq!(
            keys(&["svc:api-gateway", "rds:payments.db", "azure-function:A", "svc:  a  b  ", "plain", "3d:x", ":"]),
            ["svc_api_gateway", "rds_payments_db", "azure_function_a", "svc_a_b", "n_plain", "n3d_x", "n_29621ae1"]
        );
    }

    #[test]
    fn ids_that_look_alike_get_a_hash() {
        let keys = keys(&["svc:a.b", "svc:a-b", "svc:a_b", "svc:A.B", "svc:İ", "svc:ı", "svc:", "svc:日本"]);
        assert_eq!(keys[0], "svc_a_b");
        assert!(keys[1].starts_with("svc_a_b_"), "{}", keys[1]);
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }

    #[test]
    fn a_name_that_looks_like_a_hashed_key_stays_apart() {
        let taken = keys(&["svc:a", "svc:A"])[1].replacen("svc_", "svc:", 1);
        let keys = keys(&[&taken, "svc:a", "svc:A", "svc:A"]);
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 4, "{keys:?}");
    }

    #[test]
    fn long_names_are_shortened_and_stay_apart() {
        let long = "x".repeat(600);
        let keys = keys(&[&format!("svc:{long}1"), &format!("svc:{long}2"), &format!("{long}:{long}")]);
        assert!(keys.iter().all(|key| key.len() <= 64), "{keys:?}");
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 3);
    }

    #[test]
    fn every_key_has_the_promised_form() {
        let ids = ["", ":", "_:_", "end", "svc:null", "__proto__", "a:b:c", "svc:\0", "9:9", "-x:-y-", "É:é"];
        for key in keys(&ids) {
            let (prefix, name) = key.split_once('_').unwrap();
            assert!(prefix.starts_with(|c: char| c.is_ascii_lowercase()), "{key}");
            assert!(!name.is_empty() && key.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_')), "{key}");
        }
    }

    #[test]
    fn many_ids_of_unknown_number_stay_apart() {
        let ids: Vec<String> =
            (0..5_000).map(|i| format!("svc:{}", ["a-", "a.", "A_"][i % 3].repeat(i % 40))).collect();
        let made = Keys::of(ids.iter().map(String::as_str).filter(|_| true));
        let unique: HashSet<&str> = (0..ids.len()).map(|i| made.get(i)).collect();
        assert_eq!(unique.len(), ids.len());
    }
}
