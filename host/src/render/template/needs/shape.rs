//! What the values of a template can be.

/// What a value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything that is made as a whole.
    Plain,
    /// The document.
    System,
    /// The graph.
    Graph,
    /// A node, an edge or a group, or something plain.
    Record(Kind),
    /// The attributes of a node.
    Attributes,
    /// A list of them.
    List(Kind),
    /// A map to them.
    Map(Kind),
    /// A map to lists of them.
    MapOfLists(Kind),
}

/// What a graph consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Node,
    Edge,
    Group,
}

impl Shape {
    /// The shape of a value that has one of two shapes.
    pub fn or(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Plain, shape) | (shape, Self::Plain) => Some(shape),
            (one, other) => (one == other).then_some(one),
        }
    }

    /// Makes sure that it is plain.
    pub fn plain(self) -> Option<()> {
        (self == Self::Plain).then_some(())
    }

    /// The shape of what a `for` with one name goes over.
    pub fn element(self) -> Option<Self> {
        match self {
            Self::List(kind) => Some(Self::Record(kind)),
            other => other.value(),
        }
    }

    /// The shape of the values of a map.
    pub fn value(self) -> Option<Self> {
        match self {
            Self::Plain => Some(Self::Plain),
            Self::Map(kind) => Some(Self::Record(kind)),
            Self::MapOfLists(kind) => Some(Self::List(kind)),
            Self::System | Self::Graph | Self::Record(_) | Self::Attributes | Self::List(_) => None,
        }
    }

    /// The shape of a list of values of this one.
    pub fn list(self) -> Option<Self> {
        match self {
            Self::Plain => Some(Self::Plain),
            Self::Record(kind) => Some(Self::List(kind)),
            Self::System | Self::Graph | Self::Attributes | Self::List(_) | Self::Map(_) | Self::MapOfLists(_) => None,
        }
    }

    /// The shape of a map to values of this one.
    pub fn map(self) -> Option<Self> {
        match self {
            Self::Plain => Some(Self::Plain),
            Self::Record(kind) => Some(Self::Map(kind)),
            Self::List(kind) => Some(Self::MapOfLists(kind)),
            Self::System | Self::Graph | Self::Attributes | Self::Map(_) | Self::MapOfLists(_) => None,
        }
    }
}
