//! Pictures hold to the graph: what is in it is drawn once, in its place, and can be read.

mod check;
mod geometry;
mod looks;
mod measures;

use std::path::Path;

use serde_json::{Map, Value, json};
use spec_engine::diagnostic::Help;
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;
use spec_engine::plugin::PluginError;
use spec_engine::render::picture::{Format, Picture};
use spec_engine::render::{Output, Renderer as _};

use self::check::check;
use self::geometry::{has_class, number, title_of};
pub(crate) use self::measures::middles;
use crate::support::renderers::draw;

const GROUPINGS: [GroupBy; 5] =
    [GroupBy::Provider, GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None];

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
    // Every node of the graph, unless a test is about what stands for several.
    for key in ["overview", "stacks"] {
        options.insert(key.to_owned(), "never".into());
    }
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

#[test]
fn the_examples_are_drawn_in_every_grouping_and_direction() {
    for name in ["payments", "boutique", "otel"] {
        let system = system(&format!("examples/{name}.json"));
        for group_by in GROUPINGS {
            for direction in ["right", "left", "down", "up"] {
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
    assert!(drawn >= 29, "the bus that all services use: {drawn}");
    assert!(svg(&graph, &[]).contains(">deploys all of Services<"), "their release");
    assert!(legend.is_some_and(|entries| entries >= 4), "{legend:?}");
    let none = [("hubs", "lines".into()), ("legend", false.into())];
    assert_eq!(badges(&none), (0, None));
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
fn of_too_large_a_graph_the_part_with_the_most_connections_is_drawn() {
    let system = generated(12, 4);
    let graph = view(&system, GroupBy::None);
    for (key, value) in [("max-nodes", 5), ("max-edges", 5)] {
        let output = render(Format::Svg, &graph, &[(key, value.into())]).unwrap();
        let [diagnostic] = output.diagnostics.as_slice() else { panic!("{:?}", output.diagnostics) };
        assert_eq!(diagnostic.rule.as_str(), "svg/overview");
        assert!(matches!(&diagnostic.help, Some(Help::NarrowView { option, .. }) if *option == key), "{diagnostic:?}");
        let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let count = |class: &str| document.descendants().filter(|node| has_class(*node, class)).count();
        let (nodes, edges) = (count("node"), count("edge"));
        let all = graph.nodes.len();
        assert_eq!(
            if key == "max-nodes" { (nodes, 5) } else { (nodes, edges) },
            if key == "max-nodes" { (5, 5) } else { (all, 5) }
        );
        assert!(text.contains("not shown: "), "{text}");
        assert!(text.contains("svc-0"), "every service uses it");
    }
}

/// Every team of a large system uses every other: each is a node, and the heaviest edges are drawn, thick.
#[test]
fn an_overview_of_hubs_has_lines() {
    let mut services = Map::new();
    for index in 0..600 {
        let targets = (1..4).map(|step| (index * 7 + step * 13) % 600);
        let connections: Map<String, Value> =
            targets.map(|target| (format!("s{target}"), json!({ "port": 80, "protocol": "http" }))).collect();
        let owner = format!("team-{}", index % 30);
        services.insert(format!("s{index}"), json!({ "owner": owner, "connections": connections }));
    }
    let system: System = serde_json::from_value(json!({ "name": "large", "services": services })).unwrap();
    let output = render(Format::Svg, &view(&system, GroupBy::Owner), &[]).unwrap();
    let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let count = |class: &str| document.descendants().filter(|node| has_class(*node, class)).count();
    assert_eq!((count("node"), count("badge")), (30, 0));
    assert!((count("edge"), count("w4")) == (60, 60) && text.contains("not shown: 600 lighter connections"), "{text}");
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
    let allowed = ["svg", "title", "desc", "style", "g", "rect", "path", "text", "a"];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(allowed.contains(&node.tag_name().name()), "{node:?}");
        for attribute in node.attributes() {
            let name = attribute.name();
            let is_link =
                node.has_tag_name("a") && ["https://", "http://"].iter().any(|web| attribute.value().starts_with(web));
            assert!(!name.starts_with("on") && (!name.ends_with("href") || is_link), "{node:?}: {name}");
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
                "the known extensions are .d2, .dot, .html, .json, .md, .mmd, .pdf, .png, .svg",
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
