//! Places graphs with nested groups: nodes in layers, groups as boxes around what is theirs, edges at right angles with
//! room for their labels.
//!
//! ```
//! use spec_engine_layout::{Edge, Graph, Group, Hints, Node, Options, Size, layout};
//!
//! let size = Size { width: 100.0, height: 40.0 };
//! let node = |key: &str, group| Node { key: key.to_owned(), size, group };
//! let graph = Graph {
//!     nodes: vec![node("shop", Some(0)), node("orders", Some(0)), node("database", None)],
//!     groups: vec![Group { key: "services".to_owned(), title: Size { width: 60.0, height: 14.0 }, parent: None }],
//!     edges: vec![
//!         Edge { source: 0, target: 1, ..Edge::default() },
//!         Edge { source: 1, target: 2, label: Some(Size { width: 70.0, height: 16.0 }), bundle: None },
//!     ],
//! };
//! let drawn = layout(&graph, &Options::default(), &Hints::default())?;
//! assert!(drawn.nodes[0].right() < drawn.nodes[1].x, "edges lead from left to right");
//! assert!(drawn.groups[0].right() < drawn.nodes[2].x, "a group holds what is its own, and nothing else");
//! assert_eq!(drawn.routes[1].first().unwrap().x, drawn.nodes[1].right());
//!
//! // With the places of an earlier drawing as hints, what did not change stays where it was.
//! let again = layout(&graph, &Options::default(), &drawn.hints(&graph))?;
//! assert_eq!(again.nodes, drawn.nodes);
//! # Ok::<(), spec_engine_layout::Error>(())
//! ```
//!
//! The steps are those of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
//! structures", 1981), each on the whole graph with its groups and none on a group by itself: edges that close circles
//! are turned round ([`orient`]), layers assigned ([`layers`]), long edges cut into pieces ([`proper`]), layers ordered
//! ([`order`](mod@order)), ports spread ([`ports`]), places found ([`place`](mod@place)) and edges routed ([`route`],
//! [`columns`], [`tracks`]), again with other layers ([`cut`], [`fold`]) and distances ([`stretch`]) where the aspect asks
//! for it. Parts that are not connected are laid out one by one and packed ([`pack`]).
#![allow(rustdoc::private_intra_doc_links, reason = "who reads how it works reads the private modules, too")]

mod columns;
mod cut;
mod deadline;
mod error;
mod fold;
mod graph;
mod layers;
mod line;
mod loops;
mod order;
mod orient;
mod pack;
mod part;
mod pins;
mod place;
mod ports;
mod proper;
mod route;
mod shelf;
mod simplex;
mod split;
mod stretch;
mod tracks;

pub use self::error::Error;
pub use self::graph::{Direction, Edge, Graph, Group, Hints, Layout, Node, Options, Point, Rect, Size, Spacing};
pub use self::pins::{Pins, pin};

use self::cut::{Cut, MOST_EDGES, Trial};
use self::deadline::Deadline;
use self::order::Search;
use self::part::{Part, PartEdge};
use self::route::RoutedPart;
use self::stretch::Stretch;

/// Places a graph. The same input has the same output.
///
/// # Errors
/// The deadline passed, the graph names what is not there, or a size is none; see [`Error`].
pub fn layout(graph: &Graph, options: &Options, hints: &Hints) -> Result<Layout, Error> {
    let deadline = Deadline::new(options.deadline);
    let pieces = split::split(graph, options, hints)?;
    let mut drawn = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        let is_most = 2 * piece.part.nodes.len() > graph.nodes.len();
        let part = draw(&mut piece.part, options.ratio().filter(|_| is_most), &deadline)?;
        drawn.push((piece, part));
    }
    Ok(pack::pack(graph, options, hints, drawn))
}

/// With more items than this, the aspect has one more try at most.
const FEW_ITEMS: usize = 1500;

/// Lays out what is connected, where a ratio is given about so many times as long along as across.
fn draw(part: &mut Part, ratio: Option<f64>, deadline: &Deadline) -> Result<RoutedPart, Error> {
    deadline.check()?;
    let shared = share(part);
    loops::make_room(part);
    let ratio = ratio.filter(|_| part.nodes.iter().all(|node| node.hint.is_none()));
    let cut = match ratio.filter(|_| part.edges.len() <= MOST_EDGES) {
        Some(ratio) => {
            cut::search(ratio, |cut| Trial::of(&mut part.clone(), Some(ratio), cut, Search::Quick, deadline))?
        }
        None => Cut::default(),
    };
    let trial = Trial::of(part, ratio, cut, Search::Whole, deadline)?;
    let mut drawn = trial.drawn;
    for (edge, like) in shared {
        part.edges.push(edge);
        let route = drawn.routes[like].clone();
        drawn.routes.push(route);
        drawn.labels.push(None);
    }
    Ok(drawn)
}

impl Trial {
    /// Lays a part out, its layers cut in some way.
    fn of(part: &mut Part, ratio: Option<f64>, cut: Cut, search: Search, deadline: &Deadline) -> Result<Self, Error> {
        let links = orient::orient(part, &cut);
        make_room(part, &links);
        let layers = layers::assign(part, &links, cut.height, deadline)?;
        let mut proper = proper::build(part, &links, &layers);
        let (cells, crossings) = order::order(part, &mut proper, &links, search, deadline)?;
        let ports = ports::spread(part, &proper, &cells, &links);
        let mut places = place::place(part, &proper, &cells, &ports, deadline)?;
        let mut drawn = route::draw(part, &proper, &links, &ports, &places);
        let layers = layers.nodes.iter().max().map_or(0, |last| last + 1);
        if let Some(ratio) = ratio {
            let tries = if proper.items.len() > FEW_ITEMS { 1 } else { 3 };
            let mut stretch = Stretch::new(part, ratio, tries, search);
            while let Some(gaps) = stretch.next(drawn.size(), layers) {
                let has_moved = gaps.node != part.gaps.node;
                part.gaps = gaps;
                if has_moved {
                    places = place::place(part, &proper, &cells, &ports, deadline)?;
                }
                drawn = route::draw(part, &proper, &links, &ports, &places);
            }
        }
        Ok(Self { drawn, crossings, layers })
    }
}

/// Makes nodes as large as the ports of their edges need.
fn make_room(part: &mut Part, links: &[orient::Link]) {
    let fullest = ports::fullest(part, links);
    for (node, ports) in part.nodes.iter_mut().zip(fullest) {
        let least = ports::least_size(ports);
        node.across = node.across.max(least + least % 2);
    }
}

/// So many edges from a node to another have routes of their own.
const MOST_PARALLEL: usize = 8;

/// Takes out edges that are one too many between the same two nodes; returns each with the one whose route it shares.
fn share(part: &mut Part) -> Vec<(PartEdge, usize)> {
    let mut seen: std::collections::BTreeMap<(usize, usize), Vec<usize>> = std::collections::BTreeMap::new();
    let (mut kept, mut shared) = (Vec::with_capacity(part.edges.len()), Vec::new());
    for edge in std::mem::take(&mut part.edges) {
        let like = seen.entry((edge.source, edge.target)).or_default();
        if like.len() < MOST_PARALLEL {
            like.push(kept.len());
            kept.push(edge);
        } else {
            like.rotate_left(1);
            shared.push((edge, like[0]));
        }
    }
    part.edges = kept;
    shared
}
