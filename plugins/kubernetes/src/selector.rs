//! Which workloads a selector means, found by the labels of their pods.

use std::collections::HashMap;

use spec_engine_evidence::tree::Node;

/// The workloads by namespace and label.
pub struct Selectors<'a> {
    by_label: HashMap<(&'a str, &'a str, &'a str), Vec<usize>>,
    of_namespace: HashMap<&'a str, Vec<usize>>,
    labels: Vec<&'a [(String, String)]>,
}

impl<'a> Selectors<'a> {
    /// Indexes workloads: the namespace and the labels of their pods, in the order of their positions.
    pub fn of(workloads: impl Iterator<Item = (&'a str, &'a [(String, String)])>) -> Self {
        let mut selectors = Self { by_label: HashMap::new(), of_namespace: HashMap::new(), labels: Vec::new() };
        for (position, (namespace, labels)) in workloads.enumerate() {
            selectors.of_namespace.entry(namespace).or_default().push(position);
            for (key, value) in labels {
                selectors.by_label.entry((namespace, key, value)).or_default().push(position);
            }
            selectors.labels.push(labels);
        }
        selectors
    }

    /// The workloads in a namespace.
    pub fn namespace(&self, namespace: &str) -> &[usize] {
        self.of_namespace.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The workloads of a namespace that have some labels: all where none are asked for.
    pub fn labelled(&self, namespace: &'a str, wanted: &[(&'a str, &'a str)]) -> Vec<usize> {
        let candidates = wanted.iter().map(|(key, value)| self.by_label.get(&(namespace, *key, *value)));
        let mut fewest = self.namespace(namespace);
        for found in candidates {
            let Some(found) = found else { return Vec::new() };
            if found.len() < fewest.len() {
                fewest = found;
            }
        }
        let has = |position: &usize, key: &str, value: &str| {
            self.labels[*position].iter().any(|(own, text)| own == key && text == value)
        };
        fewest.iter().copied().filter(|position| wanted.iter().all(|(key, value)| has(position, key, value))).collect()
    }

    /// The workloads of a namespace that a selector with `matchLabels` and `matchExpressions` means. An empty one means all.
    pub fn selected(&self, namespace: &'a str, selector: &'a Node) -> Vec<usize> {
        let wanted = pairs(selector.get("matchLabels"));
        let mut found = self.labelled(namespace, &wanted);
        for expression in selector.get("matchExpressions").map_or(&[][..], Node::items) {
            let text = |key: &str| expression.get(key).and_then(Node::text).unwrap_or_default();
            let values = expression.get("values").map_or(&[][..], Node::items);
            let (key, operator) = (text("key"), text("operator"));
            found.retain(|position| {
                let own = self.labels[*position].iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str());
                let is_in = own.is_some_and(|own| values.iter().any(|value| value.text() == Some(own)));
                match operator {
                    "In" => is_in,
                    "NotIn" => !is_in,
                    "Exists" => own.is_some(),
                    "DoesNotExist" => own.is_none(),
                    _ => false,
                }
            });
        }
        found
    }
}

/// The keys and texts of a map.
pub fn pairs(node: Option<&Node>) -> Vec<(&str, &str)> {
    let pairs = node.map_or(&[][..], Node::pairs).iter();
    pairs.filter_map(|pair| Some((pair.key.as_str(), pair.value.text()?))).collect()
}
