//! The services that a service is declared to need: `depends_on`, `links`, and those of which it shares something.

use spec_engine_evidence::tree::{Node, Place, Value};

use crate::service::Part;

/// A service that another one is declared to need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name as the file writes it.
    pub target: String,
    /// How it is needed.
    pub need: Need,
    /// Whether nothing starts without it.
    pub is_required: bool,
    /// Where it stands.
    pub place: Place,
}

/// How a service needs another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It starts after it, or is linked to it.
    Start,
    /// It starts after the other one has ended.
    End,
    /// It shares its network.
    Network,
    /// It shares its volumes.
    Volumes,
    /// It shares its processes.
    Processes,
    /// It shares its memory.
    Memory,
    /// It shares the name of its host.
    HostName,
    /// It shares its control group.
    ControlGroup,
}

impl Need {
    /// What is shared, as the rest of a sentence; `None` where nothing is.
    pub fn shares(self) -> Option<&'static str> {
        match self {
            Self::Start | Self::End => None,
            Self::Network => Some("the network"),
            Self::Volumes => Some("the volumes"),
            Self::Processes => Some("the processes"),
            Self::Memory => Some("the memory"),
            Self::HostName => Some("the name of the host"),
            Self::ControlGroup => Some("the control group"),
        }
    }
}

/// Lists what a service is declared to need, in the order of the fields.
pub fn dependencies(part: &Part<'_>) -> Vec<Dependency> {
    let mut all = Vec::new();
    let mut add = |target: &str, need, is_required, place| {
        all.push(Dependency { target: target.to_owned(), need, is_required, place });
    };
    for link in part.node.get("links").map_or(&[][..], Node::texts) {
        if let Some(text) = link.text() {
            add(text.split(':').next().unwrap_or(text), Need::Start, true, link.place);
        }
    }
    let waits = part.node.get("depends_on").cloned().map(Node::into_map);
    for pair in waits.iter().flat_map(Node::pairs) {
        let condition = pair.value.get("condition").and_then(Node::text);
        let need = if condition == Some("service_completed_successfully") { Need::End } else { Need::Start };
        let is_required = pair.value.get("required").is_none_or(Node::is_true);
        add(&pair.key, need, is_required, pair.place);
    }
    for (field, need) in [
        ("network_mode", Need::Network),
        ("net", Need::Network),
        ("pid", Need::Processes),
        ("ipc", Need::Memory),
        ("uts", Need::HostName),
        ("cgroup", Need::ControlGroup),
    ] {
        let Some(node) = part.node.get(field) else { continue };
        let text = node.text().unwrap_or_default();
        let start = if field == "net" { "container:" } else { "service:" };
        if let Some(target) = text.strip_prefix(start) {
            add(target, need, true, node.place);
        }
    }
    for node in part.node.get("volumes_from").map_or(&[][..], Node::texts) {
        if let Value::Scalar(text) = &node.value
            && !text.starts_with("container:")
        {
            add(text.split(':').next().unwrap_or(text), Need::Volumes, true, node.place);
        }
    }
    all
}
