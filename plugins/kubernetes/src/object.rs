//! A Kubernetes object: what it is, what it is called, what it says.

use spec_engine_evidence::tree::{Node, Pair, Place, Value};

/// An object.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is: `Deployment`.
    pub kind: String,
    /// The group of its kind, without the version: `apps`; empty for the core.
    pub group: String,
    /// Its name.
    pub name: String,
    /// Its namespace; [`DEFAULT_NAMESPACE`] where it says none.
    pub namespace: String,
    /// Whether it says its namespace.
    pub is_placed: bool,
    /// The environment whose namespace it is in, where several folders have objects of its name.
    pub environment: Option<Environment>,
    /// Where its name stands.
    pub place: Place,
    /// All of it.
    pub node: Node,
}

/// An environment: a folder with objects that another folder has, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// What it is called.
    pub label: String,
    /// The namespace that the object says.
    pub outside: String,
}

impl Environment {
    /// The namespace of an object of this environment that says one.
    pub fn inside(&self, namespace: &str) -> String {
        format!("{namespace}-{}", self.label)
    }
}

/// The namespace of objects that say none, as `kubectl apply` has it.
pub const DEFAULT_NAMESPACE: &str = "default";

/// Keys whose lists and maps nobody looks into: what the cluster reports and keeps for itself, and how it runs what it runs.
pub const SKIPPED: &[&str] = &[
    "affinity",
    "lifecycle",
    "livenessProbe",
    "managedFields",
    "openAPIV3Schema",
    "readinessProbe",
    "resources",
    "securityContext",
    "startupProbe",
    "status",
    "strategy",
    "tolerations",
    "topologySpreadConstraints",
    "updateStrategy",
    "volumeClaimTemplates",
    "volumeMounts",
];

impl Object {
    /// Reads an object of a kind and a version: `apps/v1`. `None` where it has no name.
    pub fn of(kind: &str, version: &str, node: Node) -> Option<Self> {
        let metadata = node.get("metadata")?;
        let name = metadata.pair("name")?;
        let (place, name) = (name.place, name.value.text()?.to_owned());
        let namespace = metadata.get("namespace").and_then(Node::text).filter(|name| !name.is_empty());
        let namespace = namespace.map(str::to_owned);
        let mut object = Self {
            kind: kind.to_owned(),
            group: version.split_once('/').map_or("", |(group, _)| group).to_owned(),
            name,
            is_placed: namespace.is_some(),
            environment: None,
            namespace: namespace.unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned()),
            place,
            node,
        };
        if object.kind == "Secret" {
            // That it is there is all that may be known of it.
            object.node = Node::empty(place);
        }
        Some(object)
    }

    /// What it is to be.
    pub fn spec(&self) -> Option<&Node> {
        self.node.get("spec")
    }

    /// The text of a label, unless it is empty.
    pub fn label(&self, key: &str) -> Option<&str> {
        text(self.node.get("metadata")?.get("labels")?, key)
    }

    /// The text of an annotation, unless it is empty.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        text(self.node.get("metadata")?.get("annotations")?, key)
    }

    /// The kinds of the objects that made it.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        let owners = self.node.get("metadata").and_then(|metadata| metadata.get("ownerReferences"));
        owners.map_or(&[][..], Node::items).iter().filter_map(|owner| owner.get("kind")?.text())
    }

    /// The object as messages call it: the Deployment `web`.
    pub fn called(&self) -> String {
        let namespace = if self.is_placed { format!(" in `{}`", self.namespace) } else { String::new() };
        format!("the {} `{}`{namespace}", self.kind, self.name)
    }
}

/// The text of a key, unless it is empty.
pub fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty())
}

/// The value that lies behind some keys.
pub fn inner<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// Whether two values say the same, as far as it is read, wherever they stand.
pub fn is_same(first: &Node, second: &Node) -> bool {
    match (&first.value, &second.value) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar(first), Value::Scalar(second)) => first == second,
        (Value::List(first), Value::List(second)) => {
            first.len() == second.len() && first.iter().zip(second).all(|(first, second)| is_same(first, second))
        }
        (Value::Map(first), Value::Map(second)) => {
            let is_read = |pair: &&Pair| !SKIPPED.contains(&pair.key.as_str()) || pair.value.text().is_some();
            let is_in =
                |pair: &Pair| second.iter().any(|other| other.key == pair.key && is_same(&other.value, &pair.value));
            first.iter().filter(is_read).count() == second.iter().filter(is_read).count()
                && first.iter().filter(is_read).all(is_in)
        }
        _ => false,
    }
}
