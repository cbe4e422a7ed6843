//! A view: what of a graph is shown, and what the nodes are grouped by. The command line and the project file set it by
//! the same keys, and [`View::set`] is the one place that reads their values.

use std::ops::Range;

use crate::graph::select::expression::{Expression, Field, PatternError, SyntaxError, Value};
use crate::graph::select::{Selection, SelectionError};
use crate::graph::{Collapse, Depth, Graph, GroupBy, GroupKind, SelectionRemark, Towards};
use crate::text::quote;

/// What of a graph is shown. The default is everything.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The nodes to show, and the groups to collapse.
    pub selection: Selection,
    /// What the nodes are grouped by, where somebody asked for it.
    pub group_by: Option<GroupBy>,
}

/// A key of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKey {
    /// Nodes whose surroundings are shown.
    Focus,
    /// How far from the focus a node may be.
    Depth,
    /// Which edges lead away from the focus.
    Direction,
    /// Expressions that every shown node matches.
    Only,
    /// Expressions that no shown node matches.
    Without,
    /// Owners.
    Owner,
    /// Providers.
    Provider,
    /// Kinds of nodes.
    Kind,
    /// Groups.
    Group,
    /// Names of nodes.
    Name,
    /// Groups that become one node each.
    Collapse,
    /// What the nodes are grouped by.
    GroupBy,
}

/// How a key of a view is written.
#[derive(Debug)]
pub struct ViewOption {
    /// The key.
    pub key: ViewKey,
    /// Its name: `group-by`.
    pub name: &'static str,
    /// What its value is, in capitals.
    pub value_name: &'static str,
    /// How many values it takes.
    pub values: Values,
    /// One sentence on what it does.
    pub summary: &'static str,
}

/// How many values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Any number.
    Many,
    /// One.
    One,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// Every key of a view, in the order in which they are documented.
pub const OPTIONS: [ViewOption; 12] = [
    ViewOption {
        key: ViewKey::Focus,
        name: "focus",
        value_name: "NODE",
        values: Values::Many,
        summary: "Show only these nodes and their surroundings: names, ids such as rds:orders, or patterns with * and ?",
    },
    ViewOption {
        key: ViewKey::Depth,
        name: "depth",
        value_name: "N",
        values: Values::One,
        summary: "How many edges away from the focus a node may be [default: 1]",
    },
    ViewOption {
        key: ViewKey::Direction,
        name: "direction",
        value_name: "DIRECTION",
        values: Values::OneOf(&Towards::WORDS),
        summary: "Which edges to follow from the focus: out, to its dependencies; in, to its dependents [default: both]",
    },
    ViewOption {
        key: ViewKey::Only,
        name: "only",
        value_name: "EXPRESSION",
        values: Values::Many,
        summary: "Show only nodes that match EXPRESSION: 'kind=database or provider=aws', 'services and not owner=payments'",
    },
    ViewOption {
        key: ViewKey::Without,
        name: "without",
        value_name: "EXPRESSION",
        values: Values::Many,
        summary: "Hide nodes that match EXPRESSION: deployments, 'kind=secret'",
    },
    ViewOption {
        key: ViewKey::Owner,
        name: "owner",
        value_name: "OWNER",
        values: Values::Many,
        summary: "Show only nodes of an owner, by id or name. Here and below: a pattern with * and ?; several are alternatives",
    },
    ViewOption {
        key: ViewKey::Provider,
        name: "provider",
        value_name: "PROVIDER",
        values: Values::Many,
        summary: "Show only nodes of a provider: aws, gcp, azure, cloudflare, resources, services, deployments",
    },
    ViewOption {
        key: ViewKey::Kind,
        name: "kind",
        value_name: "KIND",
        values: Values::Many,
        summary: "Show only nodes of a kind: service, database, queue …",
    },
    ViewOption {
        key: ViewKey::Group,
        name: "group",
        value_name: "GROUP",
        values: Values::Many,
        summary: "Show only nodes of a group, by its id: owner:payments-team, network:internal",
    },
    ViewOption {
        key: ViewKey::Name,
        name: "name",
        value_name: "NAME",
        values: Values::Many,
        summary: "Show only nodes of a name",
    },
    ViewOption {
        key: ViewKey::Collapse,
        name: "collapse",
        value_name: "KIND[=GROUP,…]",
        values: Values::Many,
        summary: "Show each group of a kind, or some of them, as one node: owner, 'network=internal,dmz'",
    },
    ViewOption {
        key: ViewKey::GroupBy,
        name: "group-by",
        value_name: "KIND",
        values: Values::OneOf(&GroupBy::WORDS),
        summary: "Group the nodes; also an option of every renderer, `group-by`",
    },
];

/// A value that a view cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// An expression that cannot be read.
    #[error(transparent)]
    Expression(#[from] SyntaxError),
    /// A pattern that cannot be.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A word that is not among those that there are.
    #[error("there is no {what} {}; there are {}", quote(.word), .known.join(", "))]
    Word {
        /// What it stands for.
        what: &'static str,
        /// The word.
        word: String,
        /// The words that there are.
        known: Vec<&'static str>,
    },
    /// A number that is not one.
    #[error("expected a number of edges, found {}", quote(.0))]
    Number(String),
}

/// What is wrong in a view, with the position of the value.
pub type ViewErrors = Vec<(usize, ViewError)>;

impl ViewKey {
    /// Finds the key of a name.
    pub fn named(name: &str) -> Option<Self> {
        OPTIONS.iter().find(|option| option.name == name).map(|option| option.key)
    }

    /// The field of nodes that it narrows by, for a key that does.
    fn field(self) -> Option<Field> {
        match self {
            Self::Owner => Some(Field::Owner),
            Self::Provider => Some(Field::Provider),
            Self::Kind => Some(Field::Kind),
            Self::Group => Some(Field::Group),
            Self::Name => Some(Field::Name),
            Self::Focus
            | Self::Depth
            | Self::Direction
            | Self::Only
            | Self::Without
            | Self::Collapse
            | Self::GroupBy => None,
        }
    }
}

impl View {
    /// Sets a key. What narrows a view is added to what it has; the focus, the depth, the direction and the grouping are
    /// replaced.
    ///
    /// # Errors
    /// The values that cannot be, each by its position.
    pub fn set(&mut self, key: ViewKey, values: &[&str]) -> Result<(), ViewErrors> {
        let selection = &mut self.selection;
        match key {
            ViewKey::Focus => selection.focus = each(values, pattern)?,
            ViewKey::Depth => {
                let depths = each(values, |text| text.parse().map_err(|_| ViewError::Number(text.to_owned())))?;
                selection.depth = depths.last().copied().map_or(selection.depth, Depth);
            }
            ViewKey::Direction => {
                let ways = each(values, |text| {
                    Towards::parse(text).ok_or_else(|| unknown("direction", text, &Towards::WORDS))
                })?;
                selection.direction = ways.last().copied().unwrap_or(selection.direction);
            }
            ViewKey::Only => selection.only.extend(each(values, |text| Ok(Expression::parse(text)?))?),
            ViewKey::Without => selection.without.extend(each(values, |text| Ok(Expression::parse(text)?))?),
            ViewKey::Collapse => selection.collapse.extend(each(values, collapse)?),
            ViewKey::GroupBy => {
                let group_bys = each(values, |text| {
                    GroupBy::parse(text).ok_or_else(|| unknown("grouping", text, &GroupBy::WORDS))
                })?;
                self.group_by = group_bys.last().copied().or(self.group_by);
            }
            ViewKey::Owner | ViewKey::Provider | ViewKey::Kind | ViewKey::Group | ViewKey::Name => {
                let values = each(values, pattern)?;
                let field = key.field().filter(|_| !values.is_empty());
                selection.only.extend(field.map(|field| Expression::Has(field, values)));
            }
        }
        Ok(())
    }

    /// Whether it narrows the graph to some nodes.
    pub fn is_narrowed(&self) -> bool {
        let Selection { only, without, focus, .. } = &self.selection;
        !(only.is_empty() && without.is_empty() && focus.is_empty())
    }

    /// Narrows a whole graph. Returns it with remarks for the user: a value that nothing has, a view that leaves nothing.
    ///
    /// # Errors
    /// A focus that no node has.
    pub fn apply<'a>(&self, graph: Graph<'a>) -> Result<(Graph<'a>, Vec<SelectionRemark>), SelectionError> {
        graph.select(&self.selection)
    }
}

/// Reads each value, and collects what is wrong with all of them.
fn each<T>(values: &[&str], read: impl Fn(&str) -> Result<T, ViewError>) -> Result<Vec<T>, ViewErrors> {
    let (mut read_values, mut errors) = (Vec::new(), Vec::new());
    for (position, value) in values.iter().enumerate() {
        match read(value) {
            Ok(value) => read_values.push(value),
            Err(error) => errors.push((position, error)),
        }
    }
    if errors.is_empty() { Ok(read_values) } else { Err(errors) }
}

fn pattern(text: &str) -> Result<Value, ViewError> {
    Ok(Value::new(text)?)
}

/// Reads `KIND` or `KIND=GROUP,…`.
fn collapse(text: &str) -> Result<Collapse, ViewError> {
    let (kind, groups) = text.split_once('=').map_or((text, None), |(kind, groups)| (kind, Some(groups)));
    let Some(kind) = GroupKind::parse(kind.trim()) else {
        return Err(unknown("kind of groups", kind, &GroupKind::ALL.map(GroupKind::as_str)));
    };
    let groups = groups.into_iter().flat_map(|groups| groups.split(',')).map(|group| pattern(group.trim()));
    Ok(Collapse { kind, groups: groups.collect::<Result<_, _>>()? })
}

fn unknown(what: &'static str, word: &str, known: &[&'static str]) -> ViewError {
    ViewError::Word { what, word: word.to_owned(), known: known.to_vec() }
}

/// What is wrong in a view of a project file, with the bytes where it stands.
pub type PlacedErrors = Vec<(Range<usize>, ViewError)>;
