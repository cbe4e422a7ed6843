//! Takes out of attributes what Terraform marks as sensitive.

use spec_engine_evidence::tree::{Node, Value};

/// Takes out what a mask marks, as `sensitive_values` of `show -json` does: `true` where a value is sensitive. Returns how many
/// there were.
pub fn mask(value: &mut Node, marks: &Node) -> usize {
    match (&mut value.value, &marks.value) {
        (Value::Null, _) => 0,
        (_, Value::Scalar(mark)) if mark == "true" => {
            value.value = Value::Null;
            1
        }
        (Value::Map(pairs), Value::Map(marks)) => {
            let marked = |key: &str| marks.iter().find(|mark| mark.key == key);
            pairs.iter_mut().filter_map(|pair| Some(mask(&mut pair.value, &marked(&pair.key)?.value))).sum()
        }
        (Value::List(items), Value::List(marks)) => {
            items.iter_mut().zip(marks).map(|(item, marks)| mask(item, marks)).sum()
        }
        _ => 0,
    }
}

/// Takes out what lies at paths, as `sensitive_attributes` of a raw state has them. Returns how many there were.
pub fn remove(value: &mut Node, paths: &Node) -> usize {
    let is_there = |path: &&Node| !path.items().is_empty();
    paths.items().iter().filter(is_there).map(|path| remove_at(value, path.items())).sum()
}

fn remove_at(node: &mut Node, path: &[Node]) -> usize {
    let Some((step, rest)) = path.split_first() else {
        if node.value == Value::Null {
            return 0;
        }
        node.value = Value::Null;
        return 1;
    };
    let key = step.get("value");
    let key = key.and_then(|key| key.text().or_else(|| key.get("value")?.text())).unwrap_or_default();
    match &mut node.value {
        Value::Map(pairs) => {
            let pair = pairs.iter_mut().find(|pair| pair.key == key);
            pair.map_or(0, |pair| remove_at(&mut pair.value, rest))
        }
        Value::List(items) => match key.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
            Some(item) => remove_at(item, rest),
            // A set has no positions: all of it goes.
            None => remove_at(node, &[]),
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_evidence::json;
    use spec_engine_evidence::tree::Node;

    use super::{mask, remove};

    fn read(text: &str) -> Node {
        json::read(text, 0, &json::whole).expect(text).remove(0)
    }

    #[test]
    fn what_a_mask_marks_is_gone() {
        let mut values = read(r#"{"a": "x", "b": [{"c": "x", "d": 1}], "e": {"f": "x"}, "g": null}"#);
        let marks = read(r#"{"a": true, "b": [{"c": true}], "e": true, "g": true, "h": true}"#);
        assert_eq!(mask(&mut values, &marks), 3);
        assert_eq!((values.get("a"), values.get("e")), (None, None));
        let b = &values.get("b").expect("it is there").items()[0];
        assert_eq!((b.get("c"), b.get("d").and_then(Node::text)), (None, Some("1")));
    }

    #[test]
    fn what_lies_at_a_path_is_gone() {
        let mut values = read(r#"{"a": "x", "b": [{"c": "x"}, {"c": "y"}], "s": [{"k": "x"}]}"#);
        let attr = |name: &str| format!(r#"{{"type": "get_attr", "value": "{name}"}}"#);
        let paths = format!(
            r#"[[{}], [{}, {{"type": "index", "value": {{"value": 1, "type": "number"}}}}, {}], [{}, {{"type": "index", "value": {{"value": {{"k": "x"}}, "type": "object"}}}}], [], [{}]]"#,
            attr("a"),
            attr("b"),
            attr("c"),
            attr("s"),
            attr("missing")
        );
        assert_eq!(remove(&mut values, &read(&paths)), 3);
        assert_eq!((values.get("a"), values.get("s")), (None, None));
        let b = values.get("b").expect("it is there").items();
        assert_eq!((b[0].get("c").and_then(Node::text), b[1].get("c")), (Some("x"), None));
    }
}
