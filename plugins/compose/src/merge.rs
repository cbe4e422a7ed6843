//! Puts trees together as compose does, where each field has its own way.

use std::collections::HashMap;

use spec_engine_evidence::notes::{Notes, Severity};
use spec_engine_evidence::tree::{Node, Pair, Tag, Value};

/// Where in a compose file two values meet, as far as it decides how they are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The whole file.
    Root,
    /// The map of all services.
    Services,
    /// A service.
    Service,
    /// `healthcheck` of a service.
    HealthCheck,
    /// `build` of a service: a folder, or a map.
    Build,
    /// A list that stands for a map: `NAME=value`, or a name alone.
    Names,
    /// A text, or a list of texts.
    Texts,
    /// What a later file replaces as a whole.
    Whole,
    /// Anything else.
    Plain,
}

impl At {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "services") => Self::Services,
            (Self::Services, _) => Self::Service,
            (Self::Service, "healthcheck") => Self::HealthCheck,
            (Self::Service, "build") => Self::Build,
            (
                Self::Service,
                "environment" | "labels" | "annotations" | "sysctls" | "depends_on" | "networks" | "models",
            )
            | (Self::Build, "args" | "labels" | "additional_contexts") => Self::Names,
            (Self::Service, "env_file" | "label_file" | "dns" | "dns_search" | "dns_opt" | "tmpfs") => Self::Texts,
            (Self::Service, "command" | "entrypoint") | (Self::HealthCheck, "test") => Self::Whole,
            _ => Self::Plain,
        }
    }
}

/// Lays a value over an earlier one.
pub fn merge(base: Node, over: Node, at: At, notes: &mut Notes) -> Node {
    match over.tag {
        Some(Tag::Reset) => return Node { value: Value::Null, ..over },
        Some(Tag::Override) => return Node { tag: None, ..over },
        None => {}
    }
    let (base, over) = match at {
        At::Whole => return over,
        At::Names => (base.into_map(), over.into_map()),
        At::Texts => (listed(base), listed(over)),
        At::Build => (built(base), built(over)),
        _ => (base, over),
    };
    let (at_base, at_over) = (base.place, over.place);
    match (base.value, over.value) {
        (Value::Map(pairs), Value::Map(later)) => Node::new(Value::Map(maps(pairs, later, at, notes)), at_base),
        (Value::List(mut items), Value::List(later)) => {
            items.extend(later);
            Node::new(Value::List(items), at_base)
        }
        (value, Value::Null) => Node::new(value, at_base),
        (Value::Null | Value::Scalar(_), value @ Value::Scalar(_)) | (Value::Null, value) => Node::new(value, at_over),
        (base, value) => {
            let (base, over) = (Node::new(base, at_base), Node::new(value, at_over));
            let message = format!("{} cannot be laid over {}, so the later one stands alone", over.noun(), base.noun());
            notes.add(Severity::Warning, "wrong-type", at_over, message, "write it as the earlier file does");
            over
        }
    }
}

fn maps(mut pairs: Vec<Pair>, later: Vec<Pair>, at: At, notes: &mut Notes) -> Vec<Pair> {
    let mut positions: HashMap<String, usize> =
        pairs.iter().enumerate().map(|(position, pair)| (pair.key.clone(), position)).collect();
    for pair in later {
        match positions.get(&pair.key) {
            Some(&position) => {
                let below = at.below(&pair.key);
                let Pair { place, value, .. } = &mut pairs[position];
                let base = std::mem::replace(value, Node::new(Value::Null, *place));
                // What is reset keeps its tag, and goes once all is merged: until then nothing moves.
                let tag = pair.value.tag.filter(|tag| *tag == Tag::Reset);
                *place = if base.value == Value::Null { pair.place } else { *place };
                *value = Node { tag, ..merge(base, pair.value, below, notes) };
            }
            None => {
                positions.insert(pair.key.clone(), pairs.len());
                pairs.push(pair);
            }
        }
    }
    pairs
}

/// Takes out what is tagged `!reset`, in a whole tree.
pub fn without_resets(node: &mut Node) {
    let is_kept = |node: &Node| node.tag != Some(Tag::Reset);
    match &mut node.value {
        Value::Null | Value::Scalar(_) => {}
        Value::List(items) => {
            items.retain(is_kept);
            items.iter_mut().for_each(without_resets);
        }
        Value::Map(pairs) => {
            pairs.retain(|pair| is_kept(&pair.value));
            pairs.iter_mut().for_each(|pair| without_resets(&mut pair.value));
        }
    }
}

fn listed(node: Node) -> Node {
    match node.value {
        Value::Scalar(_) | Value::Map(_) => Node::new(Value::List(vec![node.clone()]), node.place),
        Value::Null | Value::List(_) => node,
    }
}

fn built(node: Node) -> Node {
    if !matches!(node.value, Value::Scalar(_)) {
        return node;
    }
    let place = node.place;
    Node::new(Value::Map(vec![Pair { key: "context".to_owned(), place, value: node }]), place)
}

#[cfg(test)]
mod tests {
    use super::{At, merge, without_resets};
    use spec_engine_evidence::notes::Notes;
    use spec_engine_evidence::tree::{Node, Value};
    use spec_engine_evidence::yaml::read;

    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "~".into(),
            Value::Scalar(text) => text.clone(),
            Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Map(pairs) => {
                let one = |pair: &spec_engine_evidence::tree::Pair| format!("{}: {}", pair.key, shown(&pair.value));
                format!("{{{}}}", pairs.iter().map(one).collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn each_field_is_merged_in_its_own_way() {
        for (base, over, expected) in [
            ("{image: a, command: x y}", "{command: [z]}", "{image: a, command: [z]}"),
            ("{environment: [A=1, B=2]}", "{environment: {B: 3, C: }}", "{environment: {A: 1, B: 3, C: ~}}"),
            ("{ports: ['80:80']}", "{ports: ['81:81']}", "{ports: [80:80, 81:81]}"),
            ("{depends_on: [a]}", "{depends_on: {b: {condition: x}}}", "{depends_on: {a: ~, b: {condition: x}}}"),
            ("{networks: [a]}", "{networks: {a: {aliases: [x]}}}", "{networks: {a: {aliases: [x]}}}"),
            ("{env_file: a.env}", "{env_file: [b.env]}", "{env_file: [a.env, b.env]}"),
            ("{env_file: {path: a}}", "{env_file: b}", "{env_file: [{path: a}, b]}"),
            ("{build: .}", "{build: {target: x}}", "{build: {context: ., target: x}}"),
            (
                "{healthcheck: {test: a, retries: 3}}",
                "{healthcheck: {test: b}}",
                "{healthcheck: {test: b, retries: 3}}",
            ),
            ("{ports: [80]}", "{ports: !reset []}", "{}"),
            ("{ports: [80]}", "{ports: !override [81]}", "{ports: [81]}"),
            ("{environment: {A: 1, B: 2}}", "{environment: {A: !reset null}}", "{environment: {B: 2}}"),
            ("{image: a}", "{image: , ports: !reset [1]}", "{image: a}"),
        ] {
            let [base, over] = [base, over].map(|text| read(text, 0).expect(text).remove(0));
            let mut notes = Notes::default();
            let mut merged = merge(base, over, At::Service, &mut notes);
            without_resets(&mut merged);
            assert_eq!(shown(&merged), expected);
            assert!(notes.into_all().is_empty(), "{expected}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_and_the_later_one_stands() {
        let [base, over] = ["{ports: [80]}", "{ports: {a: 1}}"].map(|text| read(text, 0).expect(text).remove(0));
        let mut notes = Notes::default();
        assert_eq!(shown(&merge(base, over, At::Service, &mut notes)), "{ports: {a: 1}}");
        assert_eq!(notes.into_all()[0].message, "a map cannot be laid over a list, so the later one stands alone");
    }
}
