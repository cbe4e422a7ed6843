//! The containers of a pod: which one is the service, and which only serve it.

use spec_engine_evidence::party::Transport;
use spec_engine_evidence::sidecar::{is_injected, is_sidecar};
use spec_engine_evidence::tree::Node;

use crate::object::text;

/// A container of a pod.
#[derive(Debug)]
pub struct Container<'a> {
    /// Its name.
    pub name: &'a str,
    /// What the file says of it.
    pub node: &'a Node,
    /// The text of its image.
    pub image: &'a str,
    /// What it does in the pod.
    pub role: Role,
}

/// What a container does in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It does the work.
    Work,
    /// It runs before the others, and ends.
    Initial,
    /// It is one that platforms put beside others: a proxy of a mesh, an agent.
    Sidecar,
}

/// A port that a container lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// Its number.
    pub number: u16,
    /// What carries the traffic.
    pub transport: Transport,
}

/// The containers of the specification of a pod, in their order.
pub fn containers(pod: &Node) -> Vec<Container<'_>> {
    let mut all = Vec::new();
    for (field, role) in [("initContainers", Role::Initial), ("containers", Role::Work)] {
        for node in pod.get(field).map_or(&[][..], Node::items) {
            let (name, image) = (text(node, "name").unwrap_or_default(), text(node, "image").unwrap_or_default());
            // One that starts first and goes on is a sidecar.
            let stays = role == Role::Initial && text(node, "restartPolicy") == Some("Always");
            let role = if stays || is_sidecar(name, image) { Role::Sidecar } else { role };
            all.push(Container { name, node, image, role });
        }
    }
    // A pod of sidecars alone is what runs them, an agent on every node; beside it there may be the proxy of a mesh.
    if !all.iter().any(|container| container.role == Role::Work) {
        let is_sidecar = |container: &Container<'_>| container.role == Role::Sidecar;
        let has_own = all.iter().any(|container| is_sidecar(container) && !is_injected(container.name));
        for container in all.iter_mut().filter(|own| is_sidecar(own) && !(has_own && is_injected(own.name))) {
            container.role = Role::Work;
        }
    }
    all
}

/// The position of the container that is the service: the one that the pod calls its own, the one that is called as the
/// workload is, the one that a Service leads to, else the first.
pub fn main(
    containers: &[Container<'_>],
    named: Option<&str>,
    workload: &str,
    served: &dyn Fn(&Container<'_>) -> bool,
) -> Option<usize> {
    let working = || containers.iter().enumerate().filter(|(_, container)| container.role == Role::Work);
    let find = |is: &dyn Fn(&Container<'_>) -> bool| working().find(|(_, own)| is(own)).map(|(position, _)| position);
    named
        .and_then(|named| find(&|own| own.name == named))
        .or_else(|| find(&|own| own.name == workload))
        .or_else(|| find(served))
        .or_else(|| find(&|_| true))
}

impl<'a> Container<'a> {
    /// The ports that it lists.
    pub fn ports(&self) -> impl Iterator<Item = ContainerPort<'a>> {
        self.node.get("ports").map_or(&[][..], Node::items).iter().filter_map(|port| {
            let number = text(port, "containerPort")?.parse().ok().filter(|&number| number > 0)?;
            Some(ContainerPort { name: text(port, "name"), number, transport: transport(text(port, "protocol")) })
        })
    }
}

/// What carries the traffic of a port.
pub fn transport(protocol: Option<&str>) -> Transport {
    match protocol.map(str::to_ascii_lowercase).as_deref() {
        Some("udp") => Transport::Udp,
        Some("sctp") => Transport::Sctp,
        _ => Transport::Tcp,
    }
}
