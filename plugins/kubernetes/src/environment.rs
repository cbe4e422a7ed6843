//! The variables of containers: their own, those of ConfigMaps, with `$(NAME)` replaced. Of Secrets only the names are known.

use std::collections::HashMap;

use indexmap::IndexMap;
use spec_engine_evidence::template::substitute;
use spec_engine_evidence::tree::{Node, Pair, Place, Value};

use crate::object::{Object, text};

/// The most variables that are read of a container.
const MAX_VARIABLES: usize = 2_000;

/// The most bytes of a value that are read: what is longer is a file.
const MAX_VALUE: usize = 16 << 10;

/// The most bytes that `$(NAME)` may grow a text to.
const MAX_TEXT: usize = 64 << 10;

/// The ConfigMaps of all namespaces.
pub struct ConfigMaps<'a> {
    by_name: HashMap<(&'a str, &'a str), &'a Object>,
    /// The namespaces outside of all environments, by those that stand in their place in one.
    outside: HashMap<&'a str, &'a str>,
}

/// The variables of a container, and what was not there to be read.
#[derive(Debug, Default)]
pub struct Environment<'a> {
    /// The variables; those of Secrets have no value.
    pub variables: IndexMap<String, Pair>,
    /// ConfigMaps that are named and are not in the files, with where.
    pub missing: Vec<(&'a str, Place)>,
    /// How many variables a Secret has the value of; of whole Secrets it is not known.
    pub secret: usize,
}

impl<'a> ConfigMaps<'a> {
    /// Collects them.
    pub fn of(objects: &'a [Object]) -> Self {
        let maps = objects.iter().filter(|object| object.kind == "ConfigMap" && object.group.is_empty());
        let environments = objects.iter().filter_map(|own| Some((own.namespace.as_str(), own.environment.as_ref()?)));
        Self {
            by_name: maps.map(|object| ((object.namespace.as_str(), object.name.as_str()), object)).collect(),
            outside: environments.map(|(own, environment)| (own, environment.outside.as_str())).collect(),
        }
    }

    /// Finds one by its namespace and name.
    pub fn get(&self, namespace: &str, name: &str) -> Option<&'a Object> {
        let outside = || self.by_name.get(&(*self.outside.get(namespace)?, name));
        self.by_name.get(&(namespace, name)).or_else(outside).copied()
    }
}

/// The variables of a container.
pub fn environment<'a>(container: &'a Node, namespace: &str, maps: &ConfigMaps<'a>) -> Environment<'a> {
    let mut environment = Environment::default();
    for source in container.get("envFrom").map_or(&[][..], Node::items) {
        let prefix = text(source, "prefix").unwrap_or_default();
        if source.get("secretRef").is_some() {
            environment.secret += 1;
        }
        let Some(reference) = source.get("configMapRef") else { continue };
        let Some(name) = text(reference, "name") else { continue };
        let Some(map) = maps.get(namespace, name) else {
            environment.miss(reference, name);
            continue;
        };
        for pair in map.node.get("data").map_or(&[][..], Node::pairs) {
            // What has several lines is a file.
            let value = pair.value.text().filter(|text| text.len() <= MAX_VALUE && !text.trim_end().contains('\n'));
            if let Some(value) = value {
                environment.set(format!("{prefix}{}", pair.key), Some(value.to_owned()), pair.place);
            }
        }
    }
    for variable in container.get("env").map_or(&[][..], Node::items) {
        let Some(name) = text(variable, "name") else { continue };
        let place = variable.pair("name").map_or(variable.place, |pair| pair.place);
        if let Some(from) = variable.get("valueFrom") {
            environment.refer(name, from, namespace, maps, place);
            continue;
        }
        let value = variable.get("value").and_then(Node::text).unwrap_or_default();
        let value = environment.expand(&value[..value.floor_char_boundary(MAX_VALUE)]);
        environment.set(name.to_owned(), Some(value), place);
    }
    environment
}

impl<'a> Environment<'a> {
    fn set(&mut self, name: String, value: Option<String>, place: Place) {
        if self.variables.len() < MAX_VARIABLES || self.variables.contains_key(&name) {
            let value = Node::new(value.map_or(Value::Null, Value::Scalar), place);
            self.variables.insert(name.clone(), Pair { key: name, place, value });
        }
    }

    fn miss(&mut self, reference: &'a Node, name: &'a str) {
        if text(reference, "optional") != Some("true") {
            self.missing.push((name, reference.place));
        }
    }

    /// A variable whose value stands elsewhere.
    fn refer(&mut self, name: &str, from: &'a Node, namespace: &str, maps: &ConfigMaps<'a>, place: Place) {
        if from.get("secretKeyRef").is_some() {
            self.secret += 1;
            self.set(name.to_owned(), None, place);
        }
        let Some(reference) = from.get("configMapKeyRef") else { return };
        let Some((map, key)) = text(reference, "name").zip(text(reference, "key")) else { return };
        match maps.get(namespace, map) {
            Some(found) => {
                let pair = found.node.get("data").and_then(|data| data.pair(key));
                let value = pair.and_then(|pair| pair.value.text()).filter(|text| text.len() <= MAX_VALUE);
                self.set(name.to_owned(), value.map(str::to_owned), pair.map_or(place, |pair| pair.place));
            }
            None => self.miss(reference, map),
        }
    }

    /// The value of a variable.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name)?.value.text()
    }

    /// A text with `$(NAME)` replaced as Kubernetes does it.
    pub fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let name = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            match name.and_then(|(name, after)| Some((self.value(name)?, after))) {
                Some((value, after)) if out.len() + value.len() <= MAX_TEXT => {
                    out.push_str(value);
                    rest = after;
                }
                _ => out.push('$'),
            }
        }
        out.push_str(rest);
        out
    }

    /// A command with its variables replaced: those of Kubernetes, and those of the shell that it may be.
    pub fn command(&self, node: &Node) -> Node {
        let mut node = node.clone();
        self.replace(&mut node);
        node
    }

    fn replace(&self, node: &mut Node) {
        match &mut node.value {
            Value::Scalar(text) if text.contains('$') => {
                let expanded = self.expand(text);
                *text = substitute(&expanded, &|name| self.value(name), &mut |_| {});
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.replace(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_evidence::yaml::read;

    use super::{ConfigMaps, environment};
    use crate::object::Object;

    #[test]
    fn variables_come_from_many_places() {
        let map = "{metadata: {name: c}, data: {A: '1', B: '2'}}";
        let maps = [Object::of("ConfigMap", "v1", read(map, 0).expect("it is read").remove(0)).expect("it has a name")];
        let text = "
envFrom: [{prefix: P_, configMapRef: {name: c}}, {secretRef: {name: s}}, {configMapRef: {name: gone, optional: true}}, {configMapRef: {name: lost}}]
env:
- {name: X, value: 'x-$(P_A)-$(UNKNOWN)-$$(P_A)'}
- {name: B, valueFrom: {configMapKeyRef: {name: c, key: B}}}
- {name: S, valueFrom: {secretKeyRef: {name: s, key: k}}}
- {name: P_B, value: 3}
- {name: LATER, value: $(X)/$(LATEST)}
";
        let container = read(text, 0).expect("it is read").remove(0);
        let maps = ConfigMaps::of(&maps);
        let found = environment(&container, "default", &maps);
        let shown: Vec<_> = found.variables.values().map(|pair| (pair.key.as_str(), pair.value.text())).collect();
        assert_eq!(
            shown,
            [
                ("P_A", Some("1")),
                ("P_B", Some("3")),
                ("X", Some("x-1-$(UNKNOWN)-$(P_A)")),
                ("B", Some("2")),
                ("S", None),
                ("LATER", Some("x-1-$(UNKNOWN)-$(P_A)/$(LATEST)")),
            ]
        );
        assert_eq!((found.secret, found.missing.len(), found.missing[0].0), (2, 1, "lost"));
        let command = read("[sh, -c, 'nc -z $P_A ${B} $(P_B)']", 0).expect("it is read").remove(0);
        assert_eq!(found.command(&command).items()[2].text(), Some("nc -z 1 2 3"));
    }
}
