//! Puts several files together as compose does, and gives services what they extend.

use crate::yaml::{Node, Pair, Tag, Value};

/// Lists that compose reads as maps: `NAME=value`, or a name alone.
const MAPS: [&str; 4] = ["environment", "labels", "depends_on", "networks"];

/// Lists that a later file replaces as a whole.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// Lays a later file over an earlier one.
pub fn merge(base: Node, over: Node) -> Node {
    merge_at("", base, over)
}

fn merge_at(key: &str, base: Node, over: Node) -> Node {
    match over.tag {
        Some(Tag::Reset) => return Node { value: Value::Null, ..over },
        Some(Tag::Override) => return Node { tag: None, ..over },
        None => {}
    }
    let (base, over) = if MAPS.contains(&key) { (as_map(base), as_map(over)) } else { (base, over) };
    match (base.value, over.value) {
        (Value::Map(mut pairs), Value::Map(later)) => {
            for pair in later {
                match pairs.iter().position(|own| own.key == pair.key) {
                    Some(at) if pair.value.tag == Some(Tag::Reset) => {
                        pairs.remove(at);
                    }
                    Some(at) => {
                        let own = std::mem::replace(&mut pairs[at].value, Node::new(Value::Null, pair.place));
                        pairs[at].value = merge_at(&pair.key, own, pair.value);
                    }
                    None if pair.value.tag == Some(Tag::Reset) => {}
                    None => pairs.push(pair),
                }
            }
            Node::new(Value::Map(pairs), base.place)
        }
        (Value::List(mut items), Value::List(later)) if !REPLACED.contains(&key) => {
            for item in later {
                if items.iter().all(|own| !same(own, &item)) {
                    items.push(item);
                }
            }
            Node::new(Value::List(items), base.place)
        }
        (value, Value::Null) => Node::new(value, base.place),
        (_, value) => Node::new(value, over.place),
    }
}

/// Reads a list of `NAME=value` as the map that it stands for.
pub fn as_map(node: Node) -> Node {
    let Value::List(items) = node.value else { return node };
    let pair = |item: Node| {
        let text = item.text()?;
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, Value::Scalar(value.to_owned())),
            None => (text, Value::Null),
        };
        Some(Pair { key: key.to_owned(), place: item.place, value: Node::new(value, item.place) })
    };
    let mut pairs: Vec<Pair> = Vec::new();
    for pair in items.into_iter().filter_map(pair) {
        // Of a name that stands twice the last counts.
        pairs.retain(|own| own.key != pair.key);
        pairs.push(pair);
    }
    Node::new(Value::Map(pairs), node.place)
}

/// Says whether two values are the same, wherever they stand.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar(one), Value::Scalar(other)) => one == other,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let equal = |(one, other): (&Pair, &Pair)| one.key == other.key && same(&one.value, &other.value);
            one.len() == other.len() && one.iter().zip(other).all(equal)
        }
        _ => false,
    }
}
