//! The documentation of the rules: the `//!` lines of their files. They are taken out while the engine is compiled, so
//! that no source is in the binary.

/// Counts the bytes of the documentation of a source.
pub(super) const fn length(source: &str) -> usize {
    copy(source.as_bytes(), &mut [])
}

/// Takes the documentation out of a source. `N` is its [`length`].
pub(super) const fn extract<const N: usize>(source: &str) -> [u8; N] {
    let mut docs = [0; N];
    copy(source.as_bytes(), &mut docs);
    docs
}

/// Views documentation as text.
pub(super) const fn as_str(docs: &[u8]) -> &str {
    match std::str::from_utf8(docs) {
        Ok(docs) => docs,
        Err(_) => panic!("lines of a source are UTF-8"),
    }
}

/// Copies what fits of the text of the first `//!` lines, and returns its whole length.
const fn copy(source: &[u8], docs: &mut [u8]) -> usize {
    let (mut at, mut length) = (0, 0);
    while at + 2 < source.len() && source[at] == b'/' && source[at + 1] == b'/' && source[at + 2] == b'!' {
        at += 3;
        if at < source.len() && source[at] == b' ' {
            at += 1;
        }
        while at < source.len() {
            let byte = source[at];
            at += 1;
            if length < docs.len() {
                docs[length] = byte;
            }
            length += 1;
            if byte == b'\n' {
                break;
            }
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::{as_str, extract, length};

    #[test]
    fn documentation_is_the_first_lines() {
        const SOURCE: &str = "//! A – b.\n//!\n//!  c\n\n//! not this\nfn x() {}\n";
        const DOCS: [u8; length(SOURCE)] = extract(SOURCE);
        assert_eq!(as_str(&DOCS), "A – b.\n\n c\n");
        assert_eq!(length("fn x() {}"), 0);
    }
}
