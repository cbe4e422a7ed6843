//! Narrows a graph to a selection: by expressions, and to the surroundings of some nodes. The host does it,
//! so that every renderer gets it. Edges stay between what remains; no edge loses an end.

pub mod expression;

use expression::{Class, Expression, Field, Value};
use smol_str::SmolStr;

use super::{Collapse, Depth, Graph, GroupKind, Node, Origin, SelectionRemark, Towards};
use crate::text::{Suggester, nearest, quote};

/// The part of a graph to show. The default is everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Nodes to keep: those that match all of these.
    pub only: Vec<Expression>,
    /// Nodes to hide: those that match any of these.
    pub without: Vec<Expression>,
    /// Nodes whose surroundings are kept, by name, id or pattern; empty for no such narrowing.
    pub focus: Vec<Value>,
    /// How many edges away from the focus a node may be.
    pub depth: Depth,
    /// Which edges lead away from the focus.
    pub direction: Towards,
    /// What becomes one node: every group of a kind, or the groups that values name.
    pub collapse: Vec<Collapse>,
}

/// A selection that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No node has the name or id of a focus, or matches its pattern.
    #[error("no node matches the focus {}", quote(.focus))]
    UnknownFocus {
        /// The focus.
        focus: String,
        /// The name or id that may be meant.
        suggestion: Option<String>,
    },
}

impl<'a> Graph<'a> {
    /// Narrows a whole graph to a selection. Returns it with remarks for the user: values without a match, an empty
    /// selection.
    ///
    /// # Errors
    /// A focus without a match.
    pub fn select(mut self, selection: &Selection) -> Result<(Self, Vec<SelectionRemark>), SelectionError> {
        let mut remarks = Vec::new();
        let expressions = selection.only.iter().chain(&selection.without);
        expressions.for_each(|expression| self.remark(expression, &mut remarks));
        let keys = Keys::of(&self);
        let mut keep: Vec<bool> = (0..self.nodes.len())
            .map(|node| {
                let means = |expression: &Expression| self.means(expression, node, &keys);
                selection.only.iter().all(means) && !selection.without.iter().any(means)
            })
            .collect();
        if !selection.focus.is_empty() {
            let (near, focus) = self.around(selection, &keep, &mut remarks)?;
            (keep, self.focus) = (near, focus);
        }
        if !selection.only.is_empty() || !selection.without.is_empty() || !selection.focus.is_empty() {
            self.retain(&keep);
        }
        if !selection.collapse.is_empty() {
            self.collapse(&selection.collapse, &mut remarks);
        }
        if self.nodes.is_empty() && !keep.is_empty() {
            remarks.push(SelectionRemark::Empty);
        }
        Ok((self, remarks))
    }

    /// Whether a node matches an expression.
    fn means(&self, expression: &Expression, node: usize, keys: &Keys<'_>) -> bool {
        match expression {
            Expression::All(parts) => parts.iter().all(|part| self.means(part, node, keys)),
            Expression::Any(parts) => parts.iter().any(|part| self.means(part, node, keys)),
            Expression::Not(part) => !self.means(part, node, keys),
            Expression::Is(class) => match self.nodes[node].origin {
                Origin::Service(_) => *class == Class::Services,
                Origin::Resource(_) => *class == Class::Resources,
                Origin::Helm(_) | Origin::Terraform(_) => *class == Class::Deployments,
                Origin::Collapsed(_) => false,
            },
            Expression::Has(field, values) => values.iter().any(|value| self.has(*field, value, node, keys)),
        }
    }

    fn has(&self, field: Field, value: &Value, node: usize, keys: &Keys<'_>) -> bool {
        let of = &self.nodes[node];
        let in_group = |kind| {
            self.membership(node, kind).is_some_and(|group| {
                let group = group as usize;
                value.matches(keys.0[group]) || value.matches(self.groups[group].label)
            })
        };
        match field {
            Field::Name => value.matches(&of.label),
            Field::Id => value.matches(&of.id),
            Field::Kind => value.matches(of.kind),
            Field::Resource => of.resource.is_some_and(|resource| value.matches(resource)),
            Field::Provider => in_group(GroupKind::Provider),
            Field::Owner => in_group(GroupKind::Owner),
            Field::Network => in_group(GroupKind::Network),
            Field::Deployment => in_group(GroupKind::Deployment),
            Field::Group => GroupKind::ALL.into_iter().any(|kind| {
                let group = self.membership(node, kind);
                group.is_some_and(|group| value.matches(&self.groups[group as usize].id))
            }),
        }
    }

    /// SelectionRemarks on each value of an expression that no node has.
    fn remark(&self, expression: &Expression, remarks: &mut Vec<SelectionRemark>) {
        let keys = Keys::of(self);
        let mut suggester = Suggester::default();
        expression.each_value(&mut |field, value| {
            if (0..self.nodes.len()).any(|node| self.has(field, value, node, &keys)) {
                return;
            }
            let groups = |kind| self.groups.iter().zip(&keys.0).filter(move |(group, _)| group.kind == kind);
            let in_groups = |kind| groups(kind).flat_map(|(group, key)| [*key, group.label]).collect();
            let known: Vec<&str> = match field {
                Field::Name => self.nodes.iter().map(|node| node.label.as_ref()).collect(),
                Field::Id => self.nodes.iter().map(|node| node.id.as_str()).collect(),
                Field::Kind => self.nodes.iter().map(|node| node.kind).collect(),
                Field::Resource => self.nodes.iter().filter_map(|node| node.resource).collect(),
                Field::Group => self.groups.iter().map(|group| group.id.as_str()).collect(),
                Field::Provider => in_groups(GroupKind::Provider),
                Field::Owner => in_groups(GroupKind::Owner),
                Field::Network => in_groups(GroupKind::Network),
                Field::Deployment => in_groups(GroupKind::Deployment),
            };
            let suggestion = suggester.nearest(value.as_str(), known).map(str::to_owned);
            remarks.push(SelectionRemark::UnmatchedValue { field, value: value.as_str().to_owned(), suggestion });
        });
    }

    /// Finds which of the nodes to keep are near enough to a focus, and the ids of those that are the focus.
    fn around(
        &self,
        selection: &Selection,
        keep: &[bool],
        remarks: &mut Vec<SelectionRemark>,
    ) -> Result<(Vec<bool>, Vec<SmolStr>), SelectionError> {
        let mut is_focus = vec![false; self.nodes.len()];
        for focus in &selection.focus {
            let found = self.focused(focus, remarks);
            if found.is_empty() {
                let names = self.nodes.iter().flat_map(|node| [node.label.as_ref(), node.id.as_str()]);
                let suggestion = nearest(focus.as_str(), names).map(str::to_owned);
                return Err(SelectionError::UnknownFocus { focus: focus.as_str().to_owned(), suggestion });
            }
            found.into_iter().for_each(|node| is_focus[node] = true);
        }
        let focus =
            self.nodes.iter().zip(&is_focus).filter(|(_, is_focus)| **is_focus).map(|(node, _)| node.id.clone());
        Ok((self.near(&is_focus, keep, selection.depth, selection.direction), focus.collect()))
    }

    /// The positions of the nodes that a focus means: the one with that id, else those with that name, else those that
    /// match the pattern.
    fn focused(&self, focus: &Value, remarks: &mut Vec<SelectionRemark>) -> Vec<usize> {
        let text = focus.as_str();
        let nodes = |means: &dyn Fn(&Node<'_>) -> bool| -> Vec<usize> {
            self.nodes.iter().enumerate().filter(|(_, node)| means(node)).map(|(index, _)| index).collect()
        };
        let of_id = nodes(&|node| node.id == text);
        if !of_id.is_empty() {
            return of_id;
        }
        let named = nodes(&|node| node.label == text);
        if named.len() > 1 {
            let ids = named.iter().map(|&node| self.nodes[node].id.to_string()).collect();
            remarks.push(SelectionRemark::AmbiguousFocus { focus: text.to_owned(), ids });
        }
        if !named.is_empty() {
            return named;
        }
        nodes(&|node| focus.matches(&node.label) || focus.matches(&node.id))
    }
}

/// What names each group: its id without the kind.
struct Keys<'g>(Vec<&'g str>);

impl<'g> Keys<'g> {
    fn of(graph: &'g Graph<'_>) -> Self {
        let key = |id: &'g str| id.split_once(':').map_or(id, |(_, key)| key);
        Self(graph.groups.iter().map(|group| key(&group.id)).collect())
    }
}
