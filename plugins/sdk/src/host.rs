//! What the host does for a plugin while it renders.
//!
//! The host exists only around a component. Natively [`log`] writes to standard error, and the functions that read
//! the document panic: hand them to your renderer as a closure, `impl Fn(u32) -> String`, and a test hands it its own.

use std::panic::PanicHookInfo;
use std::sync::Once;

use crate::Changes;

pub use crate::bindings::spec_engine::plugin::host::Level;

/// Writes one line to the log of this call, which the host shows with `--verbose` and after a failure.
pub fn log(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::spec_engine::plugin::host::log(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{level:?}: {message}");
}

/// What the document says of a node as the text of one JSON object.
///
/// # Panics
/// Ends the call when `node` is not a position in `graph.nodes`. Panics outside a component.
pub fn node_attributes(node: u32) -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::node_attributes(node);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the attributes of node {node} are known only inside a host");
}

/// The `protocol`, `port` and `description` of an edge, as far as they are known, as the text of one JSON object.
///
/// # Panics
/// Ends the call when `edge` is not a position in `graph.edges`. Panics outside a component.
pub fn edge_attributes(edge: u32) -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::edge_attributes(edge);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the attributes of edge {edge} are known only inside a host");
}

/// The whole document as the text of one JSON object.
///
/// # Panics
/// Panics outside a component.
pub fn source_json() -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::source_json();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the document is known only inside a host");
}

/// The changes of the graph; `None` where it shows one version of the system, or where nothing differs.
///
/// # Panics
/// Panics outside a component.
pub fn changes() -> Option<Changes> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::changes();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the changes of a graph are known only inside a host");
}

/// What the document says of every node, as the text of one JSON array in the order of `graph.nodes`: one call instead of
/// one for each.
///
/// # Panics
/// Panics outside a component.
pub fn all_node_attributes() -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::all_node_attributes();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the attributes of the nodes are known only inside a host");
}

/// What the document says of every edge, as the text of one JSON array in the order of `graph.edges`.
///
/// # Panics
/// Panics outside a component.
pub fn all_edge_attributes() -> String {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::all_edge_attributes();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the attributes of the edges are known only inside a host");
}

/// The ids of the groups that a node stands in, one of each kind that it has, whatever the user groups by: `owner:web`.
///
/// # Panics
/// Ends the call when `node` is not a position in `graph.nodes`. Panics outside a component.
pub fn node_groups(node: u32) -> Vec<String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::node_groups(node);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the groups of node {node} are known only inside a host");
}

/// The nodes that stand in a group, by its id: `network:prod`.
///
/// # Panics
/// Panics outside a component.
pub fn members(group: &str) -> Vec<u32> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::members(group);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the members of {group} are known only inside a host");
}

/// The owners of a node, each once: of a service its own, of a resource those of the services that bind it.
///
/// # Panics
/// Ends the call when `node` is not a position in `graph.nodes`. Panics outside a component.
pub fn owners(node: u32) -> Vec<String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::owners(node);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the owners of node {node} are known only inside a host");
}

/// The endpoints of a service that can be reached from outside of the system, as far as the document tells: positions in
/// its `exposes`.
///
/// # Panics
/// Ends the call when `node` is not a position in `graph.nodes`. Panics outside a component.
pub fn public_endpoints(node: u32) -> Vec<u32> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::public_endpoints(node);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the public endpoints of node {node} are known only inside a host");
}

/// A shortest cycle through the first node of each set of nodes that all lead to each other.
///
/// # Panics
/// Panics outside a component.
pub fn cycles() -> Vec<Vec<u32>> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::spec_engine::plugin::host::cycles();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the cycles are known only inside a host");
}

/// Sends the message and the place of a panic to the log: a component has no other way to tell them.
pub(crate) fn report_panics() {
    static ONCE: Once = Once::new();
    // A line of the log is one line: the place, then the message.
    let report = |info: &PanicHookInfo| log(Level::Error, &info.to_string().replacen(":\n", ": ", 1));
    ONCE.call_once(|| std::panic::set_hook(Box::new(report)));
}
