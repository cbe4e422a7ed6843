//! What happened to each node and edge, in a graph of two versions of a system.

pub use crate::bindings::spec_engine::plugin::host::{Change, GraphChanges as Changes};

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Changed, Self::Unchanged];

    /// The word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Changes {
    /// What happened to a node, by its position in the graph.
    ///
    /// # Panics
    /// There is no such node.
    pub fn node(&self, position: u32) -> Change {
        self.nodes[position as usize]
    }

    /// What happened to an edge, by its position in the graph.
    ///
    /// # Panics
    /// There is no such edge.
    pub fn edge(&self, position: u32) -> Change {
        self.edges[position as usize]
    }
}
