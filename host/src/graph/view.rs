//! Narrows a graph to what the user wants to see. The host does it, so that every renderer gets it.

use serde::Deserialize;
use smol_str::format_smolstr;

use super::retain::renumber;
use super::{EdgeLabels, Graph, Group, GroupKind, Origin};
use crate::model::{Map, position};

/// The options of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct ViewOptions {
    /// What the nodes are grouped by.
    pub group_by: GroupBy,
    /// Whether Helm and Terraform deployments are nodes.
    pub deployments: bool,
    /// Which edges have a label.
    pub edge_labels: EdgeLabels,
}

impl Default for ViewOptions {
    fn default() -> Self {
        Self { group_by: GroupBy::Provider, deployments: true, edge_labels: EdgeLabels::default() }
    }
}

/// What the nodes of a view are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// What the document tells: the owner where most services have one; else, in a large system, the network where most
    /// have one; else nothing.
    Auto,
    /// What they are: services, deployments, or resources of one provider.
    Provider,
    /// The provider, and inside of it the kind of resource.
    Kind,
    /// Their owner.
    Owner,
    /// Their network.
    Network,
    /// Their deployment.
    Deployment,
    /// Nothing: there are no groups.
    None,
}

impl GroupBy {
    /// Every word for it.
    pub const WORDS: [&str; 7] = ["auto", "provider", "kind", "owner", "network", "deployment", "none"];

    /// Reads the word for it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "auto" => Self::Auto,
            "provider" => Self::Provider,
            "kind" => Self::Kind,
            "owner" => Self::Owner,
            "network" => Self::Network,
            "deployment" => Self::Deployment,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// The word for it: `provider`.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// The kind of its groups in a graph.
    fn kind(self, graph: &Graph<'_>) -> Option<GroupKind> {
        match self {
            Self::Auto => graph.telling_groups(),
            Self::Provider | Self::Kind => Some(GroupKind::Provider),
            Self::Owner => Some(GroupKind::Owner),
            Self::Network => Some(GroupKind::Network),
            Self::Deployment => Some(GroupKind::Deployment),
            Self::None => None,
        }
    }
}

/// A graph with more nodes is large: hardly anybody reads it as one picture.
pub const READABLE_NODES: usize = 40;

impl Graph<'_> {
    /// The kind of groups that most services stand in, at least two groups: owners, or networks where the graph is
    /// large.
    fn telling_groups(&self) -> Option<GroupKind> {
        let kinds = match self.nodes.len() > READABLE_NODES {
            true => &[GroupKind::Owner, GroupKind::Network][..],
            false => &[GroupKind::Owner],
        };
        kinds.iter().copied().find(|&kind| {
            let services = self.nodes.iter().filter(|node| matches!(node.origin, Origin::Service(_)));
            let (mut all, mut grouped, mut first, mut several) = (0, 0, None, false);
            for service in services {
                all += 1;
                let Some(group) = service.memberships.get(kind) else { continue };
                grouped += 1;
                several |= *first.get_or_insert(group) != group;
            }
            several && grouped * 2 > all
        })
    }

    /// Whether the graph shows every service of its system, or groups in their place: that of a narrower view does not.
    pub fn is_of_whole_system(&self) -> bool {
        let is_service = |node: &&super::Node<'_>| matches!(node.origin, Origin::Service(_));
        let members = self.collapsed.iter().flat_map(|group| &group.members);
        let hidden = members.filter(|id| id.starts_with("svc:")).count();
        self.nodes.iter().filter(is_service).count() + hidden >= self.system.services.len()
    }

    /// Narrows the graph to a view: its `groups` are those that the view groups by and that have a node, and each
    /// node's `group` is set.
    #[must_use]
    pub fn view(mut self, options: &ViewOptions) -> Self {
        if !options.deployments {
            let is_deployment = |origin| matches!(origin, Origin::Helm(_) | Origin::Terraform(_));
            let keep: Vec<bool> = self.nodes.iter().map(|node| !is_deployment(node.origin)).collect();
            self.retain(&keep);
        }
        self.group(options.group_by.kind(&self));
        if options.group_by == GroupBy::Kind {
            self.divide();
        }
        self.label_edges(options.edge_labels)
    }

    /// Divides each group by the kinds of its resources.
    fn divide(&mut self) {
        let mut made: Map<u32> = Map::default();
        for node in &mut self.nodes {
            let (Some(group), Origin::Resource(_)) = (node.group, node.origin) else { continue };
            let (_, provider) = self.groups[group as usize].id.split_once(':').unwrap_or_default();
            let id = format_smolstr!("{}:{provider}:{}", GroupKind::Kind.as_str(), node.kind);
            node.group = Some(*made.entry(id.clone()).or_insert_with(|| {
                self.groups.push(Group { id, kind: GroupKind::Kind, label: node.kind, parent: Some(group) });
                position(self.groups.len() - 1)
            }));
        }
    }

    /// Keeps the groups of one kind that have a node, and puts each node into its own.
    fn group(&mut self, kind: Option<GroupKind>) {
        let mut used = vec![false; self.groups.len()];
        // A view of a view has no groups: its memberships are positions in the whole graph.
        let kind = kind.filter(|_| self.memberships_in.is_none());
        self.memberships_in.get_or_insert_with(|| self.groups.iter().map(|group| group.id.clone()).collect());
        for node in &mut self.nodes {
            node.group = kind.and_then(|kind| node.memberships.get(kind));
            let mut group = node.group;
            while let Some(index) = group {
                used[index as usize] = true;
                group = self.groups[index as usize].parent;
            }
        }
        let positions = renumber(&used);
        let mut used = used.into_iter();
        self.groups.retain(|_| used.next().unwrap_or_default());
        for group in &mut self.groups {
            group.parent = group.parent.and_then(|parent| positions[parent as usize]);
        }
        for node in &mut self.nodes {
            node.group = node.group.and_then(|group| positions[group as usize]);
        }
    }
}
