//! Graphviz reads what the template `dot` writes, and shows exactly the graph.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;

use crate::support::renderers::draw;
use crate::templates::{defaults, example, hostile, shipped};

#[test]
fn graphviz_shows_the_graph() {
    let systems = ["payments", "boutique", "otel"].map(example).into_iter().chain([hostile::system()]);
    for system in systems {
        for group_by in [GroupBy::Provider, GroupBy::Owner, GroupBy::Network, GroupBy::None] {
            assert_shown(&system, &ViewOptions { group_by, ..ViewOptions::default() });
        }
    }
}

#[test]
fn an_arrow_runs_as_the_option_says() {
    let template = shipped("dot");
    let graph_of = example("payments");
    let graph = Graph::of(&graph_of).view(&ViewOptions::default());
    for (direction, rankdir) in [("right", "LR"), ("left", "RL"), ("down", "TB"), ("up", "BT")] {
        let mut options = defaults(&template);
        options["direction"] = direction.into();
        let output = draw(&template, &graph, &options).unwrap();
        let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
        assert!(text.contains(&format!("graph [rankdir={rankdir} ")), "{text}");
    }
}

fn assert_shown(system: &System, view: &ViewOptions) {
    let graph = Graph::of(system).view(view);
    let template = shipped("dot");
    let output = draw(&template, &graph, &defaults(&template)).unwrap();
    let Some(read) = graphviz(&output.artifacts[0].content) else { return };
    let expected: Value = serde_json::to_value(&graph).unwrap();

    let objects = read["objects"].as_array().unwrap();
    let (clusters, nodes): (Vec<_>, Vec<_>) = objects.iter().partition(|object| object.get("nodes").is_some());
    let ids: BTreeMap<u64, String> = nodes.iter().map(|node| (node["_gvid"].as_u64().unwrap(), name(node))).collect();

    let sorted = |mut list: Vec<(String, String)>| {
        list.sort();
        list
    };
    let nodes = nodes.iter().map(|node| (name(node), shown(node))).collect();
    let wanted = list(&expected["nodes"]).map(|node| (text(&node["id"]), visible(&text(&node["label"])))).collect();
    assert_eq!(sorted(nodes), sorted(wanted));

    let end = |edge: &Value, end: &str| ids[&edge[end].as_u64().unwrap()].clone();
    let edges =
        list(&read["edges"]).map(|edge| (format!("{:?} {:?}", end(edge, "tail"), end(edge, "head")), shown(edge)));
    let wanted = list(&expected["edges"]).map(|edge| {
        let label = edge.get("label").map(text).unwrap_or_default();
        (format!("{:?} {:?}", text(&edge["source"]), text(&edge["target"])), visible(&label))
    });
    assert_eq!(sorted(edges.collect()), sorted(wanted.collect()));

    let members = |nodes: Vec<String>| {
        let mut nodes = nodes;
        nodes.sort();
        format!("{nodes:?}")
    };
    let clusters = clusters.into_iter().map(|cluster| {
        let nodes = list(&cluster["nodes"]).map(|node| ids[&node.as_u64().unwrap()].clone()).collect();
        (format!("{} {:?}", name(cluster), shown(cluster)), members(nodes))
    });
    let wanted = list(&expected["groups"]).map(|group| {
        let label = visible(&text(&group["label"]));
        let nodes = list(&group["nodes"]).map(text).collect();
        (format!("cluster_{} {label:?}", text(&group["id"])), members(nodes))
    });
    assert_eq!(sorted(clusters.collect()), sorted(wanted.collect()));
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The name of a node or a cluster, as it was before it was quoted.
fn name(object: &Value) -> String {
    let mut name = String::new();
    let raw = text(&object["name"]).replace("&#13;", "\r").replace("&amp;", "&");
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => name.push(rest.next().map_or('\\', |c| if c == 'n' { '\n' } else { c })),
            '%' => {
                let code: String = rest.by_ref().take(2).collect();
                name.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap());
            }
            c => name.push(c),
        }
    }
    name
}

/// The text that Graphviz draws as the label of an object, line by line.
fn shown(object: &Value) -> String {
    let lines: Vec<_> = list(&object["_ldraw_"]).filter(|op| op["op"] == "T").map(|op| text(&op["text"])).collect();
    lines.join("\n")
}

/// What of a label can be drawn.
fn visible(label: &str) -> String {
    let label: String = label.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    // Graphviz draws nothing for an empty last line.
    label.strip_suffix('\n').unwrap_or(&label).to_owned()
}

/// Lays out DOT text; `None` where there is no Graphviz.
fn graphviz(dot: &[u8]) -> Option<Value> {
    // Straight edges and little effort: with the defaults, the hostile system takes minutes.
    let quick = ["-Gsplines=line", "-Gnslimit=0.1", "-Gnslimit1=0.1", "-Gmclimit=0.1"];
    let child = Command::new("dot").arg("-Tjson").args(quick).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        assert!(std::env::var_os("SPEC_ENGINE_REQUIRE_ORACLES").is_none(), "Graphviz's `dot` is not installed");
        eprintln!("skipped: Graphviz's `dot` is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let dot = dot.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(&dot));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "dot fails");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
