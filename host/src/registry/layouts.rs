//! Further layouts of a document, made ahead of time for a page that changes between them.

use serde_json::{Value, json};

use crate::graph::{Graph, GroupBy, GroupKind, Origin, READABLE_NODES, ViewOptions};
use crate::options;
use crate::render::{Embeds, FurtherLayout, Output, RenderContext, Renderer};

/// The most bytes that all further layouts of a page have together.
const MOST_BYTES: usize = 2 << 20;
/// The most nodes and edges of all graphs that are laid out for a page.
const MOST_ELEMENTS: usize = 30_000;
/// The most nodes and edges of a document that has further layouts: to make the parts of a larger one takes longer than
/// everything else.
const MOST_OF_DOCUMENT: usize = 15_000;
/// A graph with more nodes is not laid out whole: nobody reads it.
const MOST_OPEN_NODES: usize = 150;
/// The groupings that a page changes between.
const GROUPINGS: [GroupBy; 5] =
    [GroupBy::Owner, GroupBy::Provider, GroupBy::Network, GroupBy::Deployment, GroupBy::None];

/// The option of a picture that says whether groups are closed.
const OVERVIEW: &str = "overview";

/// Whether a document is small enough for further layouts.
pub(super) fn has_further(whole: &Graph<'_>) -> bool {
    whole.nodes.len() + whole.edges.len() <= MOST_OF_DOCUMENT
}

/// What a layout is to be of.
struct LayoutRequest<'a> {
    graph: Graph<'a>,
    group_by: GroupBy,
    is_closed: bool,
    part: Option<String>,
}

/// How a renderer lays further layouts out.
pub(super) struct LayoutJob<'a> {
    pub renderer: &'a dyn Renderer,
    /// Its settings in the layout that is shown.
    pub settings: Vec<(String, Value)>,
    pub view: ViewOptions,
}

impl LayoutJob<'_> {
    /// Lays a whole graph out in the other groupings, with groups open and closed, and in parts. `shown` is the view of
    /// it that is laid out already. What is too large, or cannot be drawn, is left out.
    pub(super) fn further(&self, whole: &Graph<'_>, shown: &Graph<'_>) -> Vec<FurtherLayout> {
        let mut made: Vec<FurtherLayout> = Vec::new();
        let (mut bytes, mut elements) = (0, 0);
        for wanted in wanted(whole, shown, self) {
            elements += wanted.graph.nodes.len() + wanted.graph.edges.len();
            if elements > MOST_ELEMENTS {
                break;
            }
            let Some(layout) = lay_out(wanted, self) else { continue };
            if bytes + layout.text.len() <= MOST_BYTES {
                bytes += layout.text.len();
                made.push(layout);
            }
        }
        made
    }
}

/// Lists the layouts to make, the most useful first: the whole in each grouping, as it can be read; the groups of each;
/// then the whole with groups the other way.
fn wanted<'a>(whole: &Graph<'a>, shown: &Graph<'a>, laying: &LayoutJob<'_>) -> Vec<LayoutRequest<'a>> {
    let shown_by = grouping(shown);
    let view = |group_by| whole.clone().view(&ViewOptions { group_by, ..laying.view });
    let mut groupings: Vec<(GroupBy, Graph<'a>)> = GROUPINGS.map(|group_by| (group_by, view(group_by))).into();
    groupings.retain(|(group_by, graph)| *group_by == GroupBy::None || graph.groups.len() > 1);
    groupings.sort_by_key(|(group_by, _)| *group_by != shown_by);
    let overview = laying.settings.iter().find(|(name, _)| name == OVERVIEW).and_then(|(_, value)| value.as_str());
    let shown_closed = match overview {
        Some("always") => true,
        Some("never") => false,
        _ => shown.nodes.len() > READABLE_NODES && shown.groups.len() > 1,
    };
    let (mut first, mut parts, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for (group_by, graph) in groupings {
        let is_large = graph.nodes.len() > READABLE_NODES;
        let has_groups = !graph.groups.is_empty();
        for is_closed in [is_large, !is_large] {
            let is_shown = group_by == shown_by && is_closed == shown_closed;
            let can_be = if is_closed { has_groups } else { graph.nodes.len() <= MOST_OPEN_NODES };
            if can_be && !is_shown {
                let into = if is_closed == is_large { &mut first } else { &mut last };
                into.push(LayoutRequest { graph: graph.clone(), group_by, is_closed, part: None });
            }
        }
        let Some(kind) = graph.groups.first().map(|group| group.kind) else { continue };
        parts.extend(parts_of(whole, kind, group_by, laying.view));
    }
    first.into_iter().chain(parts).chain(last).collect()
}

/// The groups of a kind that a view shows something of, each with its neighbours.
fn parts_of<'a>(
    whole: &Graph<'a>,
    kind: GroupKind,
    group_by: GroupBy,
    view: ViewOptions,
) -> impl Iterator<Item = LayoutRequest<'a>> {
    let is_inside = move |origin| match origin {
        Origin::Collapsed(_) => false,
        Origin::Helm(_) | Origin::Terraform(_) => view.deployments,
        _ => true,
    };
    let parts = whole.split(kind, |name| format!("#{name}")).into_iter().map(|part| part.graph);
    parts.filter(|graph| graph.nodes.len() <= MOST_OPEN_NODES).filter_map(move |mut graph| {
        let inside = (0..graph.nodes.len()).find(|&node| is_inside(graph.nodes[node].origin))?;
        let group = graph.membership(inside, kind)?;
        let part = Some(graph.groups[group as usize].id.to_string());
        // The page leads from part to part by itself.
        graph.collapsed.iter_mut().for_each(|collapsed| collapsed.link = None);
        Some(LayoutRequest { graph, group_by, is_closed: false, part })
    })
}

/// What a view groups by.
fn grouping(view: &Graph<'_>) -> GroupBy {
    let outermost = view.groups.iter().find(|group| group.parent.is_none());
    outermost.and_then(|group| GroupBy::parse(group.kind.as_str())).unwrap_or(GroupBy::None)
}

fn lay_out(wanted: LayoutRequest<'_>, laying: &LayoutJob<'_>) -> Option<FurtherLayout> {
    let inner = laying.renderer.description();
    let mut settings = laying.settings.clone();
    settings.retain(|(name, _)| name != OVERVIEW);
    if inner.options["properties"].get(OVERVIEW).is_some() {
        settings.push((OVERVIEW.to_owned(), json!(if wanted.is_closed { "always" } else { "never" })));
    }
    let (_, options) = options::resolve(&inner.options, &settings).ok()?;
    let group_by = if wanted.part.is_some() { GroupBy::None } else { wanted.group_by };
    let groups: Vec<(String, String)> =
        wanted.graph.groups.iter().map(|group| (group.id.to_string(), group.label.to_owned())).collect();
    let graph = match wanted.part {
        Some(_) => wanted.graph.view(&ViewOptions { group_by, ..laying.view }),
        None => wanted.graph,
    };
    let (embeds, findings) = (Embeds::new(), &[]);
    let context = RenderContext { graph: &graph, options: &options, embeds: &embeds, layouts: &[], findings };
    let Output { artifacts, .. } = laying.renderer.render(&context).ok()?;
    let [artifact] = <[_; 1]>::try_from(artifacts).ok()?;
    let text = String::from_utf8(artifact.content).ok()?;
    let (group_by, closed, part) = (wanted.group_by.as_str(), wanted.is_closed, wanted.part);
    Some(FurtherLayout { group_by, closed, part, groups, text })
}
