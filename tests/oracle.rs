//! What the renderers write is read by its real readers: the D2 compiler, Mermaid's parser, Graphviz, Cytoscape.js and
//! graphology. Each has to find exactly the graph.
//!
//! The readers are optional: `(cd tests/oracles && npm ci)`, and the package graphviz.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use spec_engine::catalogue::{FieldShape, PROVIDERS};
use spec_engine::diff::Diff;
use spec_engine::graph::{Graph, GroupBy, GroupKind, ViewOptions};
use spec_engine::model::System;

use crate::support::renderers::{Rendered, Target, render};
use crate::support::{expected, oracle};

#[test]
fn d2_reads_every_fixture() {
    read_every_fixture(Target::D2, &GROUPINGS, &[]);
}

#[test]
fn mermaid_reads_every_fixture() {
    read_every_fixture(Target::Mermaid, &GROUPINGS, &[]);
}

#[test]
fn graphviz_reads_every_fixture() {
    read_every_fixture(Target::Dot, &GROUPINGS, &[]);
}

#[test]
fn cytoscape_reads_every_fixture() {
    read_every_fixture(Target::Cytoscape, &GROUPINGS, &[]);
}

#[test]
fn graphology_reads_every_fixture() {
    read_every_fixture(Target::Sigma, &GROUPINGS, &[]);
}

#[test]
fn d2_reads_any_names() {
    read_any_names(Target::D2);
}

#[test]
fn mermaid_reads_any_names() {
    read_any_names(Target::Mermaid);
}

#[test]
fn graphviz_reads_any_names() {
    read_any_names(Target::Dot);
}

#[test]
fn cytoscape_reads_any_names() {
    read_any_names(Target::Cytoscape);
}

#[test]
fn graphology_reads_any_names() {
    read_any_names(Target::Sigma);
}

#[test]
fn d2_reads_any_details() {
    read_every_fixture(Target::D2, &[GroupBy::Provider], &[("details", "true")]);
}

#[test]
fn a_title_changes_nothing_else() {
    let system: System = serde_json::from_value(json!({
        "name": "shop",
        "services": { "a": { "image": { "name": "a" }, "connections": { "b": { "port": 1, "protocol": "p" } } },
                      "b": { "image": { "name": "b" } } },
    }))
    .unwrap();
    let graph = Graph::of(&system).view(&ViewOptions::default());
    let titles = document("tests/fixtures/hostile.json").services.into_keys().filter(|title| !title.is_empty());
    for title in titles.step_by(5) {
        for target in [Target::D2, Target::Mermaid].into_iter().filter(|&target| oracle::is_installed(target)) {
            let read = oracle::read(target, &render(target, &graph, &[("title", title.as_str())]).text);
            let read = read.unwrap_or_else(|error| panic!("{} with the title {title:?}: {error}", target.name()));
            let wanted = expected::reading_with_title(target, &graph, &title);
            assert_eq!(wanted.differences(&read), [""; 0], "{} with the title {title:?}", target.name());
        }
    }
}

/// What became of each part of a system shows in the labels, and takes nothing from what a reader reads.
#[test]
fn every_reader_reads_what_changed() {
    let [old, new] = ["tests/diff/old.json", "tests/diff/new.json"].map(document);
    let diff = Diff::of(&old, &new);
    let union = diff.union();
    let mut graph = Graph::of(&union);
    diff.mark(&mut graph);
    diff.label(&mut graph);
    let graph = graph.view(&ViewOptions::default());
    let marks = graph.change_marks().expect("something changed");
    for target in Target::ALL.into_iter().filter(|&target| oracle::is_installed(target)) {
        let settings: &[(&str, &str)] = match target {
            Target::D2 | Target::Mermaid => &[("changes", &marks)],
            Target::Dot | Target::Cytoscape | Target::Sigma => &[],
        };
        let text = render(target, &graph, settings).text;
        let read = oracle::read(target, &text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", target.name()));
        assert_eq!(expected::reading(target, &graph).differences(&read), [""; 0], "{}", target.name());
    }
}

/// The overview of a system leads to a diagram a group, and what each shows of the other groups leads on.
#[test]
fn every_reader_finds_the_way_to_the_parts() {
    let system = document("tests/diff/new.json");
    for target in [Target::D2, Target::Mermaid, Target::Dot].into_iter().filter(|&target| oracle::is_installed(target))
    {
        let mut links = 0;
        for part in Graph::of(&system).split(GroupKind::Provider, |name| format!("{name}.svg")) {
            let graph = part.graph.view(&ViewOptions { group_by: GroupBy::None, deployments: true });
            let read = oracle::read(target, &render(target, &graph, &[]).text)
                .unwrap_or_else(|error| panic!("{}: {error}", target.name()));
            assert_eq!(expected::reading(target, &graph).differences(&read), [""; 0], "{}", target.name());
            links += read.nodes.iter().filter(|node| node.link.is_some()).count();
        }
        assert!(links > 3, "{}: {links} links", target.name());
    }
}

/// A check that cannot fail would be none: each change of a graph is found by each reader.
#[test]
fn every_difference_is_noticed() {
    let system: System = serde_json::from_value(json!({
        "name": "shop",
        "services": {
            "api": {
                "image": { "name": "api" },
                "connections": { "worker": { "port": 80, "protocol": "http" } },
                "aws": { "rds": [{ "name": "orders" }] },
            },
            "worker": { "image": { "name": "worker" }, "gcp": { "gcs": [{ "name": "files" }] } },
        },
    }))
    .unwrap();
    let graph = Graph::of(&system).view(&ViewOptions::default());
    type Change = (&'static str, fn(&mut Graph<'_>));
    let changes: [Change; 9] = [
        ("the label of a node", |graph| graph.nodes[0].label = "API".into()),
        ("the label of an edge", |graph| graph.labels[graph.edges[0].label.unwrap() as usize] = "http:81".into()),
        ("no label of an edge", |graph| graph.edges[0].label = None),
        ("the label of a group", |graph| graph.groups[1].label = "aws"),
        ("a node in another group", |graph| graph.nodes[1].group = Some(1)),
        ("a node in no group", |graph| graph.nodes[1].group = None),
        ("a missing edge", |graph| graph.edges.truncate(graph.edges.len() - 1)),
        ("an edge twice", |graph| graph.edges.push(graph.edges[0].clone())),
        ("an edge turned round", |graph| {
            let edge = &mut graph.edges[0];
            std::mem::swap(&mut edge.source, &mut edge.target);
        }),
    ];
    for target in Target::ALL.into_iter().filter(|&target| oracle::is_installed(target)) {
        let wanted = expected::reading(target, &graph);
        let differences = |graph: &Graph<'_>| {
            let read = oracle::read(target, &render(target, graph, &[]).text).unwrap();
            wanted.differences(&read)
        };
        assert_eq!(differences(&graph), [""; 0], "{}", target.name());
        for (name, change) in changes {
            // graphology has no groups whose label could be wrong.
            if target == Target::Sigma && name == "the label of a group" {
                continue;
            }
            let mut changed = graph.clone();
            change(&mut changed);
            assert_ne!(differences(&changed), [""; 0], "{} does not notice {name}", target.name());
        }
    }
}

/// What the page on emission warns of is an error, or another graph, to the readers: they are the real ones.
#[test]
fn broken_texts_are_noticed() {
    let broken = [
        (Target::D2, r#"a: "$5""#),
        (Target::D2, r#"a: "${x}""#),
        (Target::D2, "a: {"),
        (Target::Mermaid, "flowchart LR\n  end[\"a\"]\n"),
        (Target::Mermaid, "flowchart LR\n  a -->|\"\"| b\n"),
        (Target::Mermaid, "flowchart LR\n  a[\"b\\\"c\"]\n"),
        (Target::Dot, "digraph { a -> }"),
        (Target::Dot, "digraph { \"a\"b\" }"),
        (Target::Cytoscape, r#"{"elements":{"nodes":[],"edges":[{"data":{"id":"e","source":"a","target":"a"}}]}}"#),
        (Target::Cytoscape, r#"{"elements":{"nodes":[{"data":{"id":"a"}},{"data":{"id":"a"}}],"edges":[]}}"#),
        (
            Target::Sigma,
            r#"{"nodes":[{"key":"a","attributes":{"x":0,"y":0,"size":1}}],"edges":[{"source":"a","target":"b"}]}"#,
        ),
        (Target::Sigma, r#"{"nodes":[{"key":"a","attributes":{"label":"a","x":null,"y":0,"size":1}}]}"#),
    ];
    for (target, text) in broken.into_iter().filter(|&(target, _)| oracle::is_installed(target)) {
        let read = oracle::read(target, text);
        assert!(read.is_err(), "{}: {text}: {read:?}", target.name());
    }
    let merged = [(Target::D2, "\"API\": a\n\"api\": b", 1), (Target::D2, "g: { a: a }\na -> g.a", 2)];
    for (target, text, nodes) in merged.into_iter().filter(|&(target, ..)| oracle::is_installed(target)) {
        assert_eq!(oracle::read(target, text).unwrap().nodes.len(), nodes, "{text}");
    }
}

#[test]
fn all_kinds_has_every_kind_with_every_field() {
    let text = std::fs::read_to_string(path("tests/fixtures/all-kinds.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let services: Vec<&Value> = document["services"].as_object().unwrap().values().collect();
    let mut kinds = 0;
    for provider in &PROVIDERS {
        for field in provider.fields {
            assert!(services.iter().any(|service| fits(&service[provider.key][field.name], field.shape)), "{field:?}");
        }
        for kind in provider.kinds {
            kinds += 1;
            let resources = || {
                let lists = services.iter().filter_map(|service| service[provider.key][kind.key()].as_array());
                lists.flatten()
            };
            assert!(resources().any(|resource| resource[kind.name_field].is_string()), "{}", kind.resource);
            for field in kind.fields {
                let has_it = resources().any(|resource| fits(&resource[field.name], field.shape));
                assert!(has_it, "{} {}", kind.resource, field.name);
            }
            for exception in kind.exceptions {
                let start = exception.value.trim_end_matches('*');
                let is_there = resources().any(|resource| {
                    resource[exception.field].as_str().is_some_and(|value| value.starts_with(start))
                        && resource.get("port").is_none()
                });
                assert!(is_there, "{} with {} {start}", kind.resource, exception.field);
            }
        }
    }
    assert_eq!(kinds, 51);
}

const GROUPINGS: [GroupBy; 6] =
    [GroupBy::Provider, GroupBy::Kind, GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None];

fn read_every_fixture(target: Target, groupings: &[GroupBy], settings: &[(&str, &str)]) {
    if !oracle::is_installed(target) {
        return;
    }
    let mut faults = Vec::new();
    for file in fixtures() {
        let system = document(&file);
        for &group_by in groupings {
            let found = faults_of(target, &system, group_by, settings);
            faults.extend(found.into_iter().map(|fault| format!("{file} by {group_by:?}: {fault}")));
        }
    }
    report(target, &faults);
}

fn read_any_names(target: Target) {
    if !oracle::is_installed(target) {
        return;
    }
    // The same cases each time, and no file that remembers failures.
    let config = Config { cases: 48, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&(system(), group_by()), |(document, group_by)| {
        let system: System = serde_json::from_str(&document.to_string()).expect("the document is valid");
        let faults = faults_of(target, &system, group_by, &[]);
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{}: {error}", target.name());
    }
}

/// Returns what a reader reads otherwise in the view of a system.
fn faults_of(target: Target, system: &System, group_by: GroupBy, settings: &[(&str, &str)]) -> Vec<String> {
    let graph = Graph::of(system).view(&ViewOptions { group_by, ..ViewOptions::default() });
    let Rendered { text, warnings } = render(target, &graph, settings);
    let mut faults = match oracle::read(target, &text) {
        Ok(read) => expected::reading(target, &graph).differences(&read),
        Err(error) => vec![error],
    };
    let losses = expected::texts_that_lose(target, &graph);
    // With details, a text that is not shown may lose characters, too.
    if warnings < losses || settings.is_empty() && warnings > losses {
        faults.push(format!("{losses} labels lose characters, and {warnings} warnings say so"));
    }
    faults
}

fn report(target: Target, faults: &[String]) {
    let first: Vec<&str> = faults.iter().take(20).map(String::as_str).collect();
    assert!(faults.is_empty(), "{}: {} faults, the first:\n{}", target.name(), faults.len(), first.join("\n"));
}

/// Returns the path of every valid document of the project, from its root.
fn fixtures() -> Vec<String> {
    let folder = |folder: &str| {
        let entries = std::fs::read_dir(path(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<_> =
            names.filter(|name| name.ends_with(".json")).map(|name| format!("{folder}/{name}")).collect();
        files.sort();
        files
    };
    let single = ["tests/fixtures/all-kinds.json", "tests/fixtures/hostile.json"].map(str::to_owned);
    [folder("examples"), folder("tests/fixtures/valid"), single.to_vec()].concat()
}

fn document(file: &str) -> System {
    let text = std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Says whether a value of a document has the shape of a field.
fn fits(value: &Value, shape: FieldShape) -> bool {
    match shape {
        FieldShape::Text => value.is_string(),
        FieldShape::Port => value.is_u64(),
        FieldShape::List => value.as_array().is_some_and(|list| list.iter().any(Value::is_string)),
    }
}

/// What names are put together from.
const PIECES: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "end",
    "style",
    "class",
    "click",
    "graph",
    "subgraph",
    "direction",
    "LR",
    "default",
    "_self",
    "label",
    "shape",
    "near",
    "null",
    "_",
    "__proto__",
    "constructor",
    ".",
    "-",
    "--",
    "->",
    ":",
    "::",
    ";",
    ",",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "'",
    "`",
    "\\",
    "\\n",
    "|",
    "||",
    "#",
    "#35;",
    "&",
    "&amp;",
    "<",
    ">",
    "<br/>",
    "<b>",
    "<script>",
    "$",
    "${",
    "}",
    "{",
    "%",
    "%%",
    "%%{init: {}}%%",
    "[",
    "]",
    "(",
    ")",
    "*",
    "_it_",
    "~",
    "/",
    "//",
    "@",
    "=",
    "+",
    "?",
    "!",
    "svc:",
    "https://",
    "javascript:",
    "fa:fa-user",
    "$$",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "e\u{301}",
    "İ",
    "ı",
    "\u{212a}",
    "ß",
    "日本",
    "שלום",
    "🦀",
    "ﬂ°°35¶ß",
];

fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A name where the format asks for one that is not empty.
fn some_name() -> impl Strategy<Value = String> {
    name().prop_map(|name| if name.is_empty() { "x".to_owned() } else { name })
}

fn group_by() -> impl Strategy<Value = GroupBy> {
    proptest::sample::select(
        &[GroupBy::Provider, GroupBy::Kind, GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None][..],
    )
}

prop_compose! {
    /// A valid document of a few services, with names from hostile pieces.
    fn system()(
        services in proptest::collection::vec((name(), some_name(), some_name(), 0_usize..8, 0_usize..8), 1..8),
        owners in proptest::collection::vec((name(), name()), 1..4),
        networks in proptest::collection::vec(name(), 1..4),
        deployments in proptest::collection::vec(name(), 1..4),
    ) -> Value {
        let names: Vec<&String> = services.iter().map(|(name, ..)| name).collect();
        let of = |list: &[String], index: usize| list[index % list.len()].clone();
        let service = |index: usize| {
            let (_, protocol, resource, target, kind) = &services[index];
            let target = names[target % names.len()];
            let (provider, key) = [("aws", "rds"), ("aws", "sqs"), ("gcp", "gcs"), ("resources", "redis")][kind % 4];
            let mut service = json!({
                "image": { "name": protocol },
                "owner": owners[index % owners.len()].0,
                "connections": { target: { "port": 1 + index, "protocol": protocol } },
            });
            service[provider] = json!({ key: [{ "name": resource }] });
            service["azure"] = json!({ "vnet": of(&networks, index) });
            service
        };
        let map = |list: &[String], value: &dyn Fn(usize) -> Value| {
            list.iter().enumerate().map(|(index, name)| (name.clone(), value(index))).collect::<Map<_, _>>()
        };
        let owned: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        json!({
            "name": services[0].1,
            "services": map(&owned, &service),
            "owners": owners.iter().map(|(id, name)| (id.clone(), json!({ "name": name }))).collect::<Map<_, _>>(),
            "networks": map(&networks, &|_| json!({})),
            "deployments": {
                "helm": map(&deployments, &|index| json!({ "chart": "c", "services": [of(&owned, index)] })),
                "terraform": map(&deployments, &|index| {
                    json!({ "source": "s", "resources": [format!("svc:{}", of(&owned, index + 1))] })
                }),
            },
        })
    }
}
