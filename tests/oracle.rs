//! What the renderers write is read by its real readers: the D2 compiler, Mermaid's parser, Graphviz, Cytoscape.js and
//! graphology. Each has to find exactly the graph.
//!
//! The readers are optional: `(cd tests/oracles && npm ci)`, and the package graphviz.

use serde_json::{Value, json};
use spec_engine::catalogue::{FieldShape, PROVIDERS};
use spec_engine::diff::Diff;
use spec_engine::graph::{Graph, GroupBy, GroupKind, ViewOptions};
use spec_engine::model::System;

use crate::support::hostile::{document, fixtures, path};
use crate::support::renderers::{Rendered, Target, render};
use crate::support::{expected, hostile, oracle};

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
    assert!(graph.has_changes());
    for target in Target::ALL.into_iter().filter(|&target| oracle::is_installed(target)) {
        let text = render(target, &graph, &[]).text;
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
            let graph = part.graph.view(&ViewOptions { group_by: GroupBy::None, ..ViewOptions::default() });
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
    hostile::each(48, |system, group_by| faults_of(target, system, group_by, &[]));
}

/// What a reader reads otherwise in the view of a system.
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

/// Whether a value of a document has the shape of a field.
fn fits(value: &Value, shape: FieldShape) -> bool {
    match shape {
        FieldShape::Text => value.is_string(),
        FieldShape::Port => value.is_u64(),
        FieldShape::List => value.as_array().is_some_and(|list| list.iter().any(Value::is_string)),
    }
}
