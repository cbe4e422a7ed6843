//! Pictures hold to the graph: what is in it is drawn once, in its place, and can be read.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value, json};
use spec_engine::diagnostic::Help;
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;
use spec_engine::plugin::{PictureFault, PluginError};
use spec_engine::render::picture::{Format, Picture, Weight, width};
use spec_engine::render::{Output, Renderer as _};

use crate::support::renderers::draw;

/// How far, in units of the drawing, an end of an edge may be from the box of its node: lying cylinders, hexagons and
/// pills are narrower at their corners than their box.
const END_TOLERANCE: f64 = 16.5;
/// How far two rounded coordinates may be apart.
const ROUNDING: f64 = 0.3;

/// At most one label of so many may be left out because it would cover a node.
const LABELS_LEFT_OUT: usize = 50;

const GROUPINGS: [GroupBy; 5] =
    [GroupBy::Provider, GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None];

#[derive(Clone, Copy, Debug)]
struct Rect {
    x: f64,
    y: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn holds(&self, other: &Self) -> bool {
        self.x <= other.x + ROUNDING
            && self.y <= other.y + ROUNDING
            && self.right + ROUNDING >= other.right
            && self.bottom + ROUNDING >= other.bottom
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.x + ROUNDING < other.right
            && other.x + ROUNDING < self.right
            && self.y + ROUNDING < other.bottom
            && other.y + ROUNDING < self.bottom
    }

    /// Returns how far a point is from the border, inside or outside.
    fn distance_to_border(&self, (x, y): (f64, f64)) -> f64 {
        let outside = [self.x - x, x - self.right, self.y - y, y - self.bottom].into_iter().fold(0.0, f64::max);
        let inside = [x - self.x, self.right - x, y - self.y, self.bottom - y].into_iter().fold(f64::MAX, f64::min);
        outside.max(inside)
    }
}

fn file(relative: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn system(relative: &str) -> System {
    serde_json::from_str(&file(relative)).unwrap()
}

/// Makes a system with services that use each other, a bus that all of them use, resources, owners and a release.
fn generated(services: usize, seed: u64) -> System {
    let mut state = seed;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut all = Map::new();
    for index in 0..services {
        let mut connections = Map::new();
        for _ in 0..next(4) {
            let target = next(services);
            connections.insert(format!("svc-{target}"), json!({ "port": 8080, "protocol": "grpc" }));
        }
        if index > 0 {
            connections.insert("svc-0".to_owned(), json!({ "port": 9092, "protocol": "kafka" }));
        }
        let service = json!({
            "owner": format!("team-{}", next(4)),
            "image": { "name": "a" },
            "connections": connections,
            "aws": { "rds": [{ "name": format!("db-{}", next(services)) }], "vpc": format!("vpc-{}", next(3)) },
            "resources": { "redis": [{ "name": format!("a-cache-with-a-rather-long-name-{}", next(5)) }] },
        });
        all.insert(format!("svc-{index}"), service);
    }
    let names: Vec<String> = all.keys().cloned().collect();
    let release = json!({ "chart": "a", "version": "1", "services": names });
    let document = json!({ "name": "generated", "services": all, "deployments": { "helm": { "all": release } } });
    serde_json::from_value(document).unwrap()
}

fn options(picture: &Picture, settings: &[(&str, Value)]) -> Value {
    let properties = picture.description().options["properties"].as_object().unwrap();
    let defaults = properties.iter().map(|(key, schema)| (key.clone(), schema["default"].clone()));
    let mut options: Map<String, Value> = defaults.collect();
    for (key, value) in settings {
        assert!(options.contains_key(*key), "there is no option {key}");
        options.insert((*key).to_owned(), value.clone());
    }
    Value::Object(options)
}

fn render(format: Format, graph: &Graph<'_>, settings: &[(&str, Value)]) -> Result<Output, PluginError> {
    let picture = Picture::new(format);
    draw(&picture, graph, &options(&picture, settings))
}

fn view(system: &System, group_by: GroupBy) -> Graph<'_> {
    Graph::of(system).view(&ViewOptions { group_by, ..ViewOptions::default() })
}

fn svg(graph: &Graph<'_>, settings: &[(&str, Value)]) -> String {
    let output = render(Format::Svg, graph, settings).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(output.artifacts[0].content.clone()).unwrap()
}

fn number(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or_else(|| panic!("{node:?} has no {name}"));
    text.parse().unwrap_or_else(|_| panic!("{node:?}: {name} is {text}"))
}

fn has_class(node: roxmltree::Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|own| own == class))
}

fn rect_of(node: roxmltree::Node<'_, '_>) -> Rect {
    let (x, y) = (number(node, "x"), number(node, "y"));
    Rect { x, y, right: x + number(node, "width"), bottom: y + number(node, "height") }
}

/// Reads the box around a path with the commands M, L, H, V, A, Q and Z, whose points are absolute.
fn points(path: &str) -> Vec<(f64, f64)> {
    let spaced: String =
        path.chars().flat_map(|c| if c.is_ascii_alphabetic() { vec![' ', c, ' '] } else { vec![c] }).collect();
    let mut tokens = spaced.split_whitespace().peekable();
    let (mut out, mut command, mut at) = (Vec::new(), "M", (0.0, 0.0));
    while let Some(token) = tokens.peek() {
        if token.chars().all(|c| c.is_ascii_alphabetic()) {
            command = tokens.next().unwrap();
            continue;
        }
        let mut next = || tokens.next().unwrap().parse::<f64>().unwrap();
        match command {
            "M" | "L" => at = (next(), next()),
            "H" => at.0 = next(),
            "V" => at.1 = next(),
            "Q" => {
                let _control = (next(), next());
                at = (next(), next());
            }
            "A" => {
                let (rx, ry) = (next(), next());
                let _flags = (next(), next(), next());
                let end = (next(), next());
                // An arc of a lying cylinder bulges to the side.
                if (at.0 - end.0).abs() < ROUNDING {
                    out.push((if end.1 > at.1 { at.0 + rx } else { at.0 - rx }, at.1));
                } else {
                    out.push((at.0, at.1.min(at.1 - ry * (end.0 - at.0).signum())));
                    out.push((at.0, at.1.max(at.1 - ry * (end.0 - at.0).signum())));
                }
                at = end;
            }
            other => panic!("{path}: {other}"),
        }
        out.push(at);
    }
    out
}

fn around(points: &[(f64, f64)]) -> Rect {
    let (xs, ys) = (points.iter().map(|point| point.0), points.iter().map(|point| point.1));
    Rect {
        x: xs.clone().fold(f64::MAX, f64::min),
        y: ys.clone().fold(f64::MAX, f64::min),
        right: xs.fold(f64::MIN, f64::max),
        bottom: ys.fold(f64::MIN, f64::max),
    }
}

fn shape_of(node: roxmltree::Node<'_, '_>) -> Rect {
    let shape = node.children().find(|child| has_class(*child, "shape")).unwrap();
    match shape.tag_name().name() {
        "rect" => rect_of(shape),
        _ => around(&points(shape.attribute("d").unwrap())),
    }
}

fn title_of<'d>(node: roxmltree::Node<'d, '_>) -> &'d str {
    node.children().find(|child| child.has_tag_name("title")).and_then(|title| title.text()).unwrap_or_default()
}

/// Leaves out what XML cannot hold.
fn drawable(text: &str) -> String {
    text.chars()
        .filter(|&c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// Holds a picture to its graph.
fn check(what: &str, graph: &Graph<'_>, settings: &[(&str, Value)]) {
    let text = svg(graph, settings);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let of_class = |class: &'static str| document.descendants().filter(move |node| has_class(*node, class));

    let nodes: Vec<_> = of_class("node").collect();
    assert_eq!(nodes.len(), graph.nodes.len(), "{what}: nodes");
    let boxes: Vec<Rect> = nodes.iter().map(|node| shape_of(*node)).collect();
    for (node, drawn) in graph.nodes.iter().zip(&nodes) {
        assert_eq!(drawn.attribute("data-id"), Some(drawable(&node.id).as_str()), "{what}");
        assert_eq!(drawn.attribute("data-kind"), Some(node.kind), "{what}: {}", node.id);
        assert_eq!(title_of(*drawn), drawable(&node.label), "{what}: {}", node.id);
    }
    for (index, a) in boxes.iter().enumerate() {
        for (other, b) in boxes.iter().enumerate().skip(index + 1) {
            let ids = (&graph.nodes[index].id, &graph.nodes[other].id);
            assert!(!a.overlaps(b), "{what}: {ids:?} overlap: {a:?} {b:?}");
        }
    }
    check_labels(what, graph, &nodes, &boxes);

    let groups: Vec<_> = of_class("group").collect();
    assert_eq!(groups.len(), graph.groups.len(), "{what}: groups");
    let group_boxes: Vec<Rect> =
        groups.iter().map(|group| rect_of(group.children().find(|child| has_class(*child, "box")).unwrap())).collect();
    for (group, drawn) in graph.groups.iter().zip(&groups) {
        assert_eq!(drawn.attribute("data-id"), Some(drawable(&group.id).as_str()), "{what}");
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        for (group, rect) in group_boxes.iter().enumerate() {
            let inside = node.group.is_some_and(|own| is_in(graph, own as usize, group));
            let (node_box, id) = (&boxes[index], &graph.groups[group].id);
            if inside {
                assert!(rect.holds(node_box), "{what}: {} is not in {id}: {node_box:?} {rect:?}", node.id);
            } else {
                assert!(!rect.overlaps(node_box), "{what}: {} is in {id}: {node_box:?} {rect:?}", node.id);
            }
        }
    }
    check_edges(what, graph, of_class("edge").collect(), &boxes);
}

fn is_in(graph: &Graph<'_>, mut group: usize, outer: usize) -> bool {
    loop {
        if group == outer {
            return true;
        }
        match graph.groups[group].parent {
            Some(parent) => group = parent as usize,
            None => return false,
        }
    }
}

/// Checks that the text of each node stands in its box: what is written, and how wide it is in the font.
fn check_labels(what: &str, graph: &Graph<'_>, nodes: &[roxmltree::Node<'_, '_>], boxes: &[Rect]) {
    for ((node, drawn), rect) in graph.nodes.iter().zip(nodes).zip(boxes) {
        let lines: Vec<_> = drawn.children().filter(|child| child.has_tag_name("text")).collect();
        for line in &lines {
            let is_name = has_class(*line, "name");
            let size = if is_name { 13.0 } else { 10.0 };
            let text = line.text().unwrap_or_default();
            let wide = width(text, size, Weight::Regular);
            assert!((wide - number(*line, "textLength")).abs() <= 0.1, "{what}: {text:?}");
            let (x, y) = (number(*line, "x"), number(*line, "y"));
            let text_box =
                Rect { x: x - wide / 2.0, y: y - size * 0.75, right: x + wide / 2.0, bottom: y + size * 0.25 };
            assert!(rect.holds(&text_box), "{what}: {text:?} leaves its box: {text_box:?} {rect:?}");
        }
        let written: String =
            lines.iter().filter(|line| has_class(**line, "name")).filter_map(|line| line.text()).collect();
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        let (written, label) = (solid(&written), solid(&drawable(&node.label)));
        match written.strip_suffix('…') {
            Some(start) => assert!(label.starts_with(start), "{what}: {written:?} of {label:?}"),
            None => assert_eq!(written, label, "{what}"),
        }
    }
}

/// Checks that each edge is drawn once, from the border of its source to that of its target, and that labels cover no
/// node; of an edge that is a badge, that it stands in the box of one of its ends.
fn check_edges(what: &str, graph: &Graph<'_>, edges: Vec<roxmltree::Node<'_, '_>>, boxes: &[Rect]) {
    let by_index: HashMap<usize, _> =
        edges.iter().map(|edge| (edge.attribute("data-index").unwrap().parse().unwrap(), *edge)).collect();
    assert_eq!((edges.len(), by_index.len()), (graph.edges.len(), graph.edges.len()), "{what}: edges");
    let mut left_out = 0;
    for (index, edge) in graph.edges.iter().enumerate() {
        let drawn = by_index[&index];
        let [source, target] = [edge.source, edge.target].map(|node| node as usize);
        for (attribute, node) in [("data-source", source), ("data-target", target)] {
            assert_eq!(drawn.attribute(attribute), Some(drawable(&graph.nodes[node].id).as_str()), "{what}");
        }
        let name = title_of(drawn);
        if has_class(drawn, "badge") {
            let badge = rect_of(drawn.children().find(|child| child.has_tag_name("rect")).unwrap());
            assert!(boxes[source].holds(&badge) || boxes[target].holds(&badge), "{what}: {name}: {badge:?}");
            continue;
        }
        let part = |class: &str| drawn.children().find(|child| has_class(*child, class));
        let line = points(part("line").unwrap().attribute("d").unwrap());
        let tip = points(part("arrow").unwrap().attribute("d").unwrap())[0];
        let (start, end) = (boxes[source].distance_to_border(line[0]), boxes[target].distance_to_border(tip));
        assert!(start <= END_TOLERANCE && end <= END_TOLERANCE, "{what}: {name}: {start} {end}");
        match (graph.edge_label(index), part("label")) {
            (None, None) => {}
            (Some(label), None) => left_out += usize::from(!drawable(label).trim().is_empty()),
            (_, Some(label)) => {
                let rect = rect_of(label.first_element_child().unwrap());
                for (node, covered) in boxes.iter().enumerate() {
                    let id = &graph.nodes[node].id;
                    assert!(!rect.overlaps(covered), "{what}: the label of {name} covers {id}: {rect:?} {covered:?}");
                }
            }
        }
    }
    // There is no room for some.
    assert!(left_out * LABELS_LEFT_OUT <= edges.len(), "{what}: {left_out} of {} labels are left out", edges.len());
}

#[test]
fn the_examples_are_drawn_in_every_grouping_and_direction() {
    for name in ["payments", "boutique", "otel"] {
        let system = system(&format!("examples/{name}.json"));
        for group_by in GROUPINGS {
            for direction in ["right", "down"] {
                let graph = view(&system, group_by);
                check(&format!("{name} {group_by:?} {direction}"), &graph, &[("direction", direction.into())]);
            }
        }
    }
}

#[test]
fn hostile_names_are_drawn() {
    let system = system("tests/fixtures/hostile.json");
    for group_by in GROUPINGS {
        let all = [("max-nodes", 100_000.into()), ("max-edges", 100_000.into())];
        check(&format!("hostile {group_by:?}"), &view(&system, group_by), &all);
    }
}

#[test]
fn generated_systems_are_drawn() {
    for (services, seed) in [(1, 1), (2, 2), (5, 3), (12, 4), (30, 5)] {
        let system = generated(services, seed);
        for group_by in GROUPINGS {
            for hubs in ["auto", "lines", "badges"] {
                let what = format!("generated {services} {group_by:?} {hubs}");
                check(&what, &view(&system, group_by), &[("hubs", hubs.into())]);
            }
        }
    }
}

#[test]
fn a_graph_without_nodes_is_an_empty_picture() {
    let system: System = serde_json::from_value(json!({ "name": "empty", "services": {} })).unwrap();
    check("empty", &view(&system, GroupBy::Provider), &[]);
    assert!(render(Format::Png, &view(&system, GroupBy::Provider), &[]).is_ok());
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    let system = generated(30, 7);
    let graph = view(&system, GroupBy::Provider);
    assert_eq!(svg(&graph, &[]), svg(&graph, &[]));
    let png = || render(Format::Png, &graph, &[("scale", 1.into())]).unwrap().artifacts;
    assert_eq!(png(), png());
}

#[test]
fn a_hub_of_a_large_drawing_is_a_badge_with_a_legend() {
    let system = generated(30, 5);
    let graph = view(&system, GroupBy::Provider);
    let badges = |settings: &[(&str, Value)]| {
        let text = svg(&graph, settings);
        let document = roxmltree::Document::parse(&text).unwrap();
        let of_edges = |node: &roxmltree::Node<'_, '_>| has_class(*node, "badge") && has_class(*node, "edge");
        let legend = document.descendants().find(|node| has_class(*node, "legend"));
        (
            document.descendants().filter(of_edges).count(),
            legend.map(|legend| legend.children().filter(roxmltree::Node::is_element).count()),
        )
    };
    let (drawn, legend) = badges(&[]);
    assert!(drawn >= 29 + 30, "the bus that all services use, and their release: {drawn}");
    assert!(legend.is_some_and(|entries| entries >= 4), "{legend:?}");
    assert_eq!(badges(&[("hubs", "lines".into())]), (0, None));
}

#[test]
fn control_characters_are_reported_where_they_stand() {
    let document = json!({ "name": "x", "services": { "a\u{1}b": {}, "c": {} } });
    let system: System = serde_json::from_value(document).unwrap();
    let output = render(Format::Svg, &view(&system, GroupBy::Provider), &[]).unwrap();
    let [diagnostic] = output.diagnostics.as_slice() else { panic!("{:?}", output.diagnostics) };
    assert_eq!(diagnostic.rule.as_str(), "svg/characters-dropped");
    assert_eq!(diagnostic.place.pointer().unwrap().as_str(), "/services/a\u{1}b");
    assert!(diagnostic.message.starts_with("1 control character in the text of"), "{}", diagnostic.message);
}

#[test]
fn too_large_a_graph_is_refused_with_a_way_out() {
    let system = generated(12, 4);
    let graph = view(&system, GroupBy::None);
    for (key, value) in [("max-nodes", 5), ("max-edges", 5)] {
        let error = render(Format::Svg, &graph, &[(key, value.into())]).unwrap_err();
        let PluginError::Picture { fault, .. } = error else { panic!("{error}") };
        assert!(matches!(fault, PictureFault::TooLarge { most: 5, option, .. } if option == key), "{fault}");
        assert!(matches!(fault.help(), Some(Help::NarrowView { option, .. }) if option == key), "{fault}");
    }
}

#[test]
fn too_large_a_graph_starts_from_its_groups() {
    let system = generated(12, 4);
    let output = render(Format::Svg, &view(&system, GroupBy::Provider), &[("max-nodes", 5.into())]).unwrap();
    let [diagnostic] = output.diagnostics.as_slice() else { panic!("{:?}", output.diagnostics) };
    assert_eq!(diagnostic.rule.as_str(), "svg/overview");
    assert!(matches!(diagnostic.help, Some(Help::NarrowView { option: "max-nodes", .. })), "{diagnostic:?}");
    let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    assert!(text.contains("Services (12)"), "{text}");
}

#[test]
fn a_picture_has_pixels_in_its_size() {
    let system = system("examples/payments.json");
    let graph = view(&system, GroupBy::Provider);
    let text = svg(&graph, &[]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let size = ["width", "height"].map(|side| number(document.root_element(), side));
    for scale in [1_u32, 2, 3] {
        for theme in ["light", "dark"] {
            let output = render(Format::Png, &graph, &[("scale", scale.into()), ("theme", theme.into())]).unwrap();
            let content = output.artifacts[0].content.as_slice();
            let mut reader = png::Decoder::new(std::io::Cursor::new(content)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            let expected = size.map(|side| side * f64::from(scale));
            assert_eq!([info.width, info.height].map(f64::from), expected);
            let colors: std::collections::HashSet<&[u8]> = pixels.chunks(4).collect();
            assert!(colors.len() > 100, "{scale} {theme}: {} colours", colors.len());
            let is_light = pixels[0] > 128;
            assert_eq!(is_light, theme == "light", "{:?}", &pixels[..4]);
        }
    }
}

#[test]
fn an_svg_names_itself_and_carries_both_themes() {
    let system = system("examples/payments.json");
    let graph = view(&system, GroupBy::Provider);
    let text = svg(&graph, &[]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(title_of(root), system.name.as_str());
    assert!(text.contains("prefers-color-scheme:dark"));
    assert!(!svg(&graph, &[("theme", "light".into())]).contains("prefers-color-scheme"));
    assert!(svg(&graph, &[("title", "A & B".into())]).contains("<title>A &amp; B</title>"));
}

#[test]
fn an_svg_asks_for_nothing_outside_itself() {
    let system = system("tests/fixtures/hostile.json");
    let text = svg(&view(&system, GroupBy::Owner), &[("max-nodes", 100_000.into()), ("max-edges", 100_000.into())]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let allowed = ["svg", "title", "desc", "style", "g", "rect", "path", "text"];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(allowed.contains(&node.tag_name().name()), "{node:?}");
        for attribute in node.attributes() {
            let name = attribute.name();
            assert!(!name.starts_with("on") && !name.ends_with("href"), "{node:?}: {name}");
        }
    }
}

/// Runs the command with a file to write, and returns its exit status, what it said, and what it wrote.
fn run(arguments: &[&str], out: &str) -> (Option<i32>, String, Option<Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(out);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_spec-engine"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["render", "examples/payments.json"]).args(arguments);
    let output = command.arg("--out").arg(&out).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap(), std::fs::read(out).ok())
}

#[test]
fn the_ending_of_the_file_picks_the_renderer() {
    let beginnings: [(&str, &[u8]); 6] = [
        ("a.svg", b"<svg"),
        ("a.PNG", b"\x89PNG"),
        ("a.d2", b"direction: right"),
        ("a.mmd", b"flowchart"),
        ("a.dot", b"digraph"),
        ("a.md", b"# "),
    ];
    for (name, beginning) in beginnings {
        let (status, said, written) = run(&[], name);
        assert_eq!(status, Some(0), "{name}: {said}");
        let written = written.unwrap();
        let start: Vec<u8> = written.iter().copied().take(200).collect();
        assert!(
            start.windows(beginning.len()).any(|at| at == beginning),
            "{name}: {}",
            String::from_utf8_lossy(&start)
        );
    }
    let (_, _, written) = run(&["--plugin", "d2"], "a.svg");
    assert!(written.unwrap().starts_with(b"direction"), "a plugin that is named wins over the ending");
}

#[test]
fn an_ending_that_nobody_writes_or_several_do_is_an_error() {
    for (name, expected) in [
        (
            "a.bmp",
            [
                "no plugin writes files that end in `.bmp`",
                "the known extensions are .d2, .dot, .html, .json, .md, .mmd, .png, .svg",
            ],
        ),
        ("a.json", ["3 plugins write files that end in `.json`", "name one with --plugin: cytoscape, sigma, graph"]),
        ("a", ["no plugin to render with", "--out FILE.svg"]),
    ] {
        let (status, said, written) = run(&[], name);
        assert_eq!((status, written), (Some(2), None), "{name}: {said}");
        for part in expected {
            assert!(said.contains(part), "{name}: {said}");
        }
    }
}
