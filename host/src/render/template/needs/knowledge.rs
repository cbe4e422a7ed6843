//! What is learnt of a template while it is read: the shapes of its variables, and what it reads.

use std::collections::{BTreeSet, HashMap};

use super::shape::{Kind, Shape};

/// The names of fields.
pub type Fields = BTreeSet<String>;

/// What a template reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The fields of `system`.
    pub system: Fields,
    /// The fields of `graph` that are no lists.
    pub graph: Fields,
    /// Whether `graph | json` is written, on one line, and with `pretty`.
    pub json: [bool; 2],
    /// The fields of nodes; `None` where `graph.nodes` is not read.
    pub nodes: Option<Fields>,
    /// The fields of the attributes of nodes.
    pub attributes: Fields,
    /// The fields of edges; `None` where `graph.edges` is not read.
    pub edges: Option<Fields>,
    /// The fields of groups; `None` where `graph.groups` is not read.
    pub groups: Option<Fields>,
}

impl Needs {
    /// The fields of nodes, edges or groups, which are read.
    pub fn fields(&mut self, kind: Kind) -> &mut Fields {
        let fields = match kind {
            Kind::Node => &mut self.nodes,
            Kind::Edge => &mut self.edges,
            Kind::Group => &mut self.groups,
        };
        fields.get_or_insert_default()
    }
}

/// What was learnt of a template.
pub(super) struct Knowledge {
    pub needs: Needs,
    /// The shape of each variable, by its name, wherever it is.
    variables: HashMap<String, Shape>,
    is_changed: bool,
}

impl Knowledge {
    /// What is known before the first tag.
    pub fn new() -> Self {
        let variables = [("system", Shape::System), ("graph", Shape::Graph)];
        let variables = variables.into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect();
        Self { needs: Needs::default(), variables, is_changed: false }
    }

    /// The shape of a variable, as far as it is known.
    pub fn variable(&self, name: &str) -> Shape {
        self.variables.get(name).copied().unwrap_or(Shape::Plain)
    }

    /// Learns the shape of a variable; `None` where it has another already.
    pub fn bind(&mut self, name: &str, shape: Shape) -> Option<()> {
        let known = self.variable(name);
        let joined = known.or(shape)?;
        if joined != known {
            self.is_changed = true;
            self.variables.insert(name.to_owned(), joined);
        }
        Some(())
    }

    /// Whether anything was learnt of a variable since the last question.
    pub fn take_change(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }
}
