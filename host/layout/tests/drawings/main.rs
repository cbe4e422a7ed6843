//! Drawings of random and of hostile graphs hold what the crate promises.

mod check;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use spec_engine_layout::{
    Direction, Edge, Error, Graph, Group, Hints, Node, Options, Pins, Point, Rect, Size, layout, pin,
};

use self::check::{check, check_boxes, check_lines};

const DIRECTIONS: [Direction; 4] = [Direction::Right, Direction::Left, Direction::Down, Direction::Up];

fn node(index: usize, group: Option<usize>) -> Node {
    let size = Size { width: 90.0 + 10.0 * f64::from(u8::try_from(index % 7).unwrap()), height: 36.0 };
    Node { key: format!("node-{index:05}"), size, group }
}

fn group(index: usize, parent: Option<usize>) -> Group {
    Group { key: format!("group-{index}"), title: Size { width: 70.0, height: 13.0 }, parent }
}

fn draw(graph: &Graph, direction: Direction) -> spec_engine_layout::Layout {
    layout(graph, &Options { direction, ..Options::default() }, &Hints::default()).unwrap()
}

/// How many cases of a test by chance are tried: what PROPTEST_CASES says, else `usual`.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

prop_compose! {
    fn graphs()(nodes in 1_usize..24, groups in 0_usize..6)(
        homes in prop::collection::vec(0..=groups, nodes),
        parents in prop::collection::vec(0_usize..8, groups),
        edges in prop::collection::vec((0..nodes, 0..nodes, any::<bool>()), 0..40),
    ) -> Graph {
        let home = |home: usize| home.checked_sub(1);
        let label = Size { width: 60.0, height: 16.0 };
        Graph {
            nodes: homes.iter().enumerate().map(|(index, &at)| node(index, home(at))).collect(),
            groups: parents.iter().enumerate().map(|(index, &at)| group(index, (at < index).then_some(at))).collect(),
            edges: edges.iter().map(|&(source, target, has)| Edge { source, target, label: has.then_some(label), bundle: Some(0) }).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(150), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_graphs_are_drawn_as_promised(graph in graphs(), direction in 0_usize..4) {
        check(&graph, &draw(&graph, DIRECTIONS[direction]));
    }

    #[test]
    fn the_same_graph_is_drawn_the_same(graph in graphs()) {
        prop_assert_eq!(draw(&graph, Direction::Right), draw(&graph, Direction::Right));
    }

    #[test]
    fn any_hints_leave_a_drawing(graph in graphs(), places in prop::collection::vec((-500_i32..500, -500_i32..500), 24)) {
        let mut hints = Hints::default();
        for (node, (x, y)) in graph.nodes.iter().zip(places) {
            hints.nodes.insert(node.key.clone(), spec_engine_layout::Point { x: x.into(), y: y.into() });
        }
        check(&graph, &layout(&graph, &Options::default(), &hints).unwrap());
    }
}

proptest! {
    // Each of them takes a tenth of a second.
    #![proptest_config(ProptestConfig { cases: cases(30), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_kept_places_leave_a_drawing(
        graph in graphs(),
        places in prop::collection::vec((any::<bool>(), -300_i32..300, -300_i32..300), 24),
        boxes in prop::collection::vec((any::<bool>(), -300_i32..300, -300_i32..300, 0_i32..400, 0_i32..400), 6),
        spread in prop_oneof![Just(1), Just(3), Just(3_000)],
        direction in 0_usize..4,
    ) {
        let point = |x: i32, y: i32| Point { x: (x * spread).into(), y: (y * spread).into() };
        let mut pins = Pins::default();
        for (node, (_, x, y)) in graph.nodes.iter().zip(places).filter(|(_, (is_kept, ..))| *is_kept) {
            pins.nodes.insert(node.key.clone(), point(x, y));
        }
        for (group, (_, x, y, width, height)) in graph.groups.iter().zip(boxes).filter(|(_, (is_kept, ..))| *is_kept) {
            let Point { x, y } = point(x, y);
            pins.groups.insert(group.key.clone(), Rect { x, y, width: width.into(), height: height.into() });
        }
        let options = Options { direction: DIRECTIONS[direction], ..Options::default() };
        let drawn = pin(&graph, &options, &pins).unwrap();
        check_boxes(&graph, &drawn);
        check_lines(&graph, &drawn);
    }
}

/// A system as they look: a chain of layers in two groups, and a store that many use.
fn layered() -> Graph {
    let nodes = (0..14).map(|index| node(index, Some(usize::from(index > 8)))).collect();
    let groups = vec![group(0, None), group(1, None)];
    let pairs = [
        (0, 1),
        (0, 2),
        (1, 3),
        (1, 4),
        (2, 5),
        (3, 9),
        (4, 9),
        (5, 10),
        (6, 11),
        (2, 6),
        (6, 12),
        (7, 13),
        (0, 7),
        (8, 9),
        (1, 8),
    ];
    let edges = pairs.map(|(source, target)| Edge { source, target, ..Edge::default() }).to_vec();
    Graph { nodes, groups, edges }
}

#[test]
fn with_the_places_of_a_drawing_as_hints_nothing_moves() {
    for direction in DIRECTIONS {
        let graph = layered();
        let options = Options { direction, ..Options::default() };
        let first = draw(&graph, direction);
        assert_eq!(layout(&graph, &options, &first.hints(&graph)).unwrap().nodes, first.nodes, "{direction:?}");
    }
}

/// A graph with one node more, which a node that was there leads to.
fn with_leaf(graph: &Graph, source: usize) -> Graph {
    let mut more = graph.clone();
    more.nodes.push(node(900, graph.nodes[source].group));
    more.edges.push(Edge { source, target: more.nodes.len() - 1, ..Edge::default() });
    more
}

/// How far the nodes that both have are moved, as a mean, in parts of the diagonal.
fn moved(before: &spec_engine_layout::Layout, after: &spec_engine_layout::Layout) -> f64 {
    let pairs = before.nodes.iter().zip(&after.nodes);
    let sum: f64 = pairs.map(|(a, b)| (a.center().x - b.center().x).hypot(a.center().y - b.center().y)).sum();
    let count = f64::from(u32::try_from(before.nodes.len()).unwrap());
    sum / count / before.size.width.hypot(before.size.height)
}

#[test]
fn with_hints_what_did_not_change_stays() {
    let graph = layered();
    let first = draw(&graph, Direction::Right);
    for source in 0..graph.nodes.len() {
        let more = with_leaf(&graph, source);
        let drawn = layout(&more, &Options::default(), &first.hints(&graph)).unwrap();
        check(&more, &drawn);
        assert!(moved(&first, &drawn) <= 0.08, "a leaf of {source}: {}", moved(&first, &drawn));
    }
}

#[test]
fn a_layer_more_in_front_moves_nothing() {
    let graph = layered();
    let mut more = graph.clone();
    more.nodes.push(node(900, Some(0)));
    more.edges.push(Edge { source: more.nodes.len() - 1, target: 0, ..Edge::default() });
    let first = draw(&graph, Direction::Right);
    let drawn = layout(&more, &Options::default(), &first.hints(&graph)).unwrap();
    assert!(drawn.origin.x < 0.0, "{:?}", drawn.origin);
    assert!(moved(&first, &drawn) <= 0.01, "{}", moved(&first, &drawn));
}

#[test]
fn nodes_without_edges_stay_where_they_were() {
    let graph = Graph { nodes: (0..20).map(|index| node(index, None)).collect(), ..Graph::default() };
    for direction in DIRECTIONS {
        let first = draw(&graph, direction);
        let mut more = graph.clone();
        more.nodes.push(node(900, None));
        more.nodes.insert(0, node(901, None));
        let options = Options { direction, ..Options::default() };
        let drawn = layout(&more, &options, &first.hints(&graph)).unwrap();
        check(&more, &drawn);
        assert_eq!(drawn.nodes[1..=20], first.nodes, "{direction:?}");
    }
}

#[test]
fn a_bundle_shares_its_last_stretch_and_nothing_else_does() {
    let edges = |bundle: fn(u32) -> Option<u32>| {
        (1..6)
            .map(|source| Edge { source, target: 0, label: None, bundle: bundle(u32::try_from(source).unwrap()) })
            .collect()
    };
    let nodes: Vec<Node> = (0..6).map(|index| node(index, None)).collect();
    let ends = |edges: Vec<Edge>| {
        let graph = Graph { nodes: nodes.clone(), groups: Vec::new(), edges };
        let drawn = draw(&graph, Direction::Right);
        check(&graph, &drawn);
        let ends = drawn.routes.iter().map(|route| format!("{:?}", route.last().unwrap()));
        ends.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(ends(edges(|_| Some(7))), 1);
    assert_eq!(ends(edges(|source| Some(source % 2))), 2);
    assert_eq!(ends(edges(|_| None)), 5);
}

#[test]
fn a_tree_comes_near_the_aspect() {
    let nodes = |count| (0..count).map(|index| node(index, None)).collect::<Vec<_>>();
    let tree = Graph {
        nodes: nodes(40),
        groups: Vec::new(),
        edges: (1..40).map(|target| Edge { source: (target - 1) / 2, target, ..Edge::default() }).collect(),
    };
    for aspect in [1.0, 1.6] {
        let drawn = layout(&tree, &Options { aspect, ..Options::default() }, &Hints::default()).unwrap();
        check(&tree, &drawn);
        let found = drawn.size.width / drawn.size.height;
        assert!((aspect / 1.35..=aspect * 1.3).contains(&found), "{found} instead of {aspect}");
    }
}

/// Teams of which each uses each, but for some that it does not: as many layers as teams, if edges led forwards only.
fn overview() -> Graph {
    let label = Some(Size { width: 50.0, height: 16.0 });
    let all = (0..12_usize).flat_map(|source| (0..12).map(move |target| (source, target)));
    let pairs = all.filter(|(source, target)| source != target && (source * 5 + target * 3) % 7 < 2);
    let edges = pairs.map(|(source, target)| Edge { source, target, label, bundle: None });
    Graph { nodes: (0..12).map(|index| node(index, None)).collect(), groups: Vec::new(), edges: edges.collect() }
}

#[test]
fn what_uses_each_other_has_few_layers() {
    let graph = overview();
    let drawn = draw(&graph, Direction::Right);
    check(&graph, &drawn);
    let aspect = drawn.size.width / drawn.size.height;
    assert!((1.2..=2.4).contains(&aspect), "{aspect}");
    let again = layout(&graph, &Options::default(), &drawn.hints(&graph)).unwrap();
    assert!(moved(&drawn, &again) <= 0.01, "{}", moved(&drawn, &again));
}

#[test]
fn many_users_of_a_node_stand_in_several_layers() {
    let edges = (1..60).map(|source| Edge { source, target: 0, ..Edge::default() }).collect();
    let mut graph = Graph { nodes: (0..60).map(|index| node(index, None)).collect(), groups: Vec::new(), edges };
    for direction in DIRECTIONS {
        let drawn = draw(&graph, direction);
        check(&graph, &drawn);
        let aspect = drawn.size.width / drawn.size.height;
        assert!((1.0..=2.8).contains(&aspect), "{direction:?}: {aspect}");
    }
    graph.groups = vec![group(0, None), group(1, Some(0)), group(2, Some(1))];
    for (index, node) in graph.nodes.iter_mut().enumerate() {
        node.group = (index % 4).checked_sub(1);
    }
    DIRECTIONS.into_iter().for_each(|direction| check(&graph, &draw(&graph, direction)));
}

#[test]
fn a_chain_of_few_layers_leads_forwards() {
    let edges = (1..4).map(|target| Edge { source: target - 1, target, ..Edge::default() }).collect();
    let graph = Graph { nodes: (0..4).map(|index| node(index, None)).collect(), groups: Vec::new(), edges };
    let drawn = draw(&graph, Direction::Right);
    assert!(drawn.nodes.windows(2).all(|pair| pair[0].right() < pair[1].x), "{:?}", drawn.nodes);
}

#[test]
fn the_order_of_the_document_does_not_count() {
    let graph = layered();
    let mut turned = graph.clone();
    turned.nodes.reverse();
    let last = graph.nodes.len() - 1;
    for edge in &mut turned.edges {
        (edge.source, edge.target) = (last - edge.source, last - edge.target);
    }
    let mut nodes = draw(&turned, Direction::Right).nodes;
    nodes.reverse();
    assert_eq!(nodes, draw(&graph, Direction::Right).nodes);
}

#[test]
fn a_hundred_groups_in_each_other_are_drawn() {
    let groups = (0..100).map(|index: usize| group(index, index.checked_sub(1))).collect();
    let edges =
        vec![Edge { source: 0, target: 1, ..Edge::default() }, Edge { source: 1, target: 2, ..Edge::default() }];
    let graph = Graph { nodes: vec![node(0, None), node(1, Some(99)), node(2, Some(50))], groups, edges };
    for direction in DIRECTIONS {
        check(&graph, &draw(&graph, direction));
    }
}

#[test]
fn thousands_of_edges_between_two_nodes_share_routes() {
    let label = Some(Size { width: 60.0, height: 16.0 });
    let edges = vec![Edge { source: 0, target: 1, label, bundle: None }; 5000];
    let graph = Graph { nodes: vec![node(0, None), node(1, None)], groups: Vec::new(), edges };
    let drawn = draw(&graph, Direction::Right);
    check(&graph, &drawn);
    assert!(drawn.size.height < 400.0, "{:?}", drawn.size);
    assert_eq!(drawn.labels.iter().flatten().count(), 8);
}

#[test]
fn a_large_graph_ends() {
    let nodes = (0..5000).map(|index| node(index, Some(index % 40))).collect();
    let groups = (0..40).map(|index| group(index, None)).collect();
    let edges = (1..5000).map(|index| Edge { source: index / 3, target: index, ..Edge::default() }).collect();
    let graph = Graph { nodes, groups, edges };
    let deadline = Instant::now().checked_add(Duration::from_secs(2));
    let options = Options { deadline, ..Options::default() };
    let started = Instant::now();
    let result = layout(&graph, &options, &Hints::default());
    assert!(result.is_ok() || result == Err(Error::TimedOut), "{result:?}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn what_has_no_edges_is_as_wide_as_asked_for() {
    let graph = Graph { nodes: (0..60).map(|index| node(index, None)).collect(), ..Graph::default() };
    let drawn = draw(&graph, Direction::Right);
    check(&graph, &drawn);
    let aspect = drawn.size.width / drawn.size.height;
    assert!((1.2..=2.0).contains(&aspect), "{aspect}");
}

#[test]
fn graphs_that_are_none_are_refused() {
    let refused = |graph: &Graph| layout(graph, &Options::default(), &Hints::default()).unwrap_err();
    let edges = vec![Edge { source: 0, target: 1, ..Edge::default() }];
    let missing = Graph { nodes: vec![node(0, None)], groups: Vec::new(), edges };
    assert_eq!(refused(&missing), Error::Missing { what: "edge 0".to_owned() });
    let circle = Graph { groups: vec![group(0, Some(1)), group(1, Some(0))], ..Graph::default() };
    assert!(matches!(refused(&circle), Error::Circle { .. }));
    let mut endless = Graph { nodes: vec![node(0, None)], ..Graph::default() };
    endless.nodes[0].size.width = f64::NAN;
    assert_eq!(refused(&endless), Error::Size { what: "node 0".to_owned() });
    assert_eq!(layout(&Graph::default(), &Options::default(), &Hints::default()).unwrap().size, Size::default());
}

#[test]
fn a_deadline_that_passed_is_an_error() {
    let options = Options { deadline: Some(Instant::now()), ..Options::default() };
    assert_eq!(layout(&layered(), &options, &Hints::default()), Err(Error::TimedOut));
}

/// A graph of teams, each with services in a row, some of which use those of the next team.
fn teams(direction: Direction) -> (Graph, Options) {
    let mut graph = Graph { groups: (0..3).map(|index| group(index, None)).collect(), ..Graph::default() };
    for index in 0..12 {
        graph.nodes.push(node(index, Some(index / 4)));
        let label = Some(Size { width: 60.0, height: 16.0 });
        let mut to = |target: usize| {
            let edge = Edge { source: index, target, label, bundle: Some(0) };
            graph.edges.extend((target < 12).then_some(edge));
        };
        to(if index % 4 < 3 { index + 1 } else { 12 });
        to(index + 5);
    }
    (graph, Options { direction, ..Options::default() })
}

/// The nodes of a drawing that do not stand where they are kept. The sheet may start left of or above where it did: a line
/// may need that.
fn moved_pins(graph: &Graph, pins: &Pins, drawn: &spec_engine_layout::Layout) -> Vec<String> {
    let now = graph.nodes.iter().zip(&drawn.nodes).map(|(node, rect)| (&node.key, rect.center()));
    let is_moved = |at: &Point, key: &String| pins.nodes.get(key).is_some_and(|pin| (at.x, at.y) != (pin.x, pin.y));
    now.filter(|(key, at)| is_moved(at, key)).map(|(key, _)| key.clone()).collect()
}

#[test]
fn what_is_kept_stays_while_the_graph_grows() {
    for direction in DIRECTIONS {
        let (graph, options) = teams(direction);
        let before = layout(&graph, &options, &Hints::default()).unwrap();
        let pins = Pins::of(&graph, &before);
        assert_eq!(pin(&graph, &options, &pins).unwrap(), before, "{direction:?}: the same is the same");
        let edge = |source, target| Edge { source, target, label: None, bundle: Some(0) };
        let (mut inside, mut beside, mut grouped, mut linked) =
            (graph.clone(), graph.clone(), graph.clone(), graph.clone());
        inside.nodes.push(node(12, Some(1)));
        inside.edges.extend([edge(2, 12), edge(12, 7)]);
        beside.nodes.push(node(12, None));
        beside.edges.push(edge(12, 0));
        grouped.groups.push(group(3, None));
        grouped.nodes.extend([node(12, Some(3)), node(13, Some(3))]);
        grouped.edges.extend([edge(12, 13), edge(13, 3)]);
        linked.edges.extend([edge(11, 0), edge(0, 10)]);
        let mut less = graph.clone();
        less.edges.retain(|edge| edge.source < 11 && edge.target < 11);
        less.nodes.truncate(11);
        for (what, changed) in [
            ("a node in a group", inside),
            ("a node", beside),
            ("a group", grouped),
            ("edges", linked),
            ("a node less", less),
        ] {
            let after = pin(&changed, &options, &pins).unwrap();
            check_boxes(&changed, &after);
            check_lines(&changed, &after);
            assert_eq!(moved_pins(&changed, &pins, &after), [""; 0], "{direction:?}: {what}");
        }
    }
}

#[test]
fn any_pins_leave_a_drawing() {
    let (graph, options) = teams(Direction::Right);
    let all = |at: fn(f64) -> Point| {
        let places = graph.nodes.iter().zip(0_u8..).map(|(node, index)| (node.key.clone(), at(f64::from(index))));
        Pins { nodes: places.collect(), ..Pins::default() }
    };
    let mut boxes = all(|index| Point { x: 200.0 * index, y: 100.0 });
    boxes.groups.insert("group-0".to_owned(), Rect { x: -50.0, y: f64::NAN, width: 1e9, height: -3.0 });
    boxes.groups.insert("group-1".to_owned(), Rect { x: 300.0, y: 90.0, width: 10.0, height: 10.0 });
    for pins in [
        all(|_| Point { x: 100.0, y: 100.0 }),
        all(|index| Point { x: index * 1e300, y: f64::INFINITY }),
        all(|index| Point { x: f64::NAN, y: index }),
        all(|index| Point { x: index * 90_000.0, y: -index }),
        all(|index| Point { x: 7.0 * index + 0.3, y: 1000.0 - 31.0 * index }),
        boxes,
    ] {
        let drawn = pin(&graph, &options, &pins).unwrap();
        check_boxes(&graph, &drawn);
        check_lines(&graph, &drawn);
    }
}
