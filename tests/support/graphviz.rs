//! Graphviz as the reader of DOT.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::reading::{Edge, Group, Node, Reading};

/// The simplest way to lay out a graph with clusters, and straight edges: where things stand does not count here, and
/// the usual way takes minutes for a large graph.
const LAYOUT: [&str; 2] = ["-Kosage", "-Gsplines=line"];

/// Whether `dot` is installed.
pub fn is_installed() -> bool {
    let version = Command::new("dot").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Reads DOT text. Labels are what Graphviz draws, after its escapes and entities.
///
/// # Errors
/// What `dot` says is wrong with it; a warning counts.
pub fn read(text: &str) -> Result<Reading, String> {
    let graph = lay_out(text)?;
    let objects = list(&graph["objects"]);
    let is_cluster = |object: &&Value| object.get("nodes").is_some() || object.get("subgraphs").is_some();
    let (clusters, nodes): (Vec<&Value>, Vec<&Value>) = objects.iter().partition(is_cluster);
    let ids: BTreeMap<u64, String> = objects.iter().map(|object| (number(&object["_gvid"]), name(object))).collect();
    let groups = Clusters::of(&clusters);
    let edges = list(&graph["edges"]).iter().map(|edge| Edge {
        source: ids[&number(&edge["tail"])].clone(),
        target: ids[&number(&edge["head"])].clone(),
        label: drawn(edge),
        directed: graph["directed"] == true,
    });
    Ok(Reading {
        nodes: nodes
            .iter()
            .map(|node| Node {
                key: name(node),
                label: drawn(node),
                group: groups.around_node(number(&node["_gvid"])).map(|cluster| ids[&cluster].clone()),
                shape: None,
                link: node["URL"].as_str().map(str::to_owned),
            })
            .collect(),
        groups: clusters
            .iter()
            .map(|cluster| Group {
                key: name(cluster),
                label: drawn(cluster),
                parent: groups.parents.get(&number(&cluster["_gvid"])).map(|parent| ids[parent].clone()),
            })
            .collect(),
        edges: edges.collect(),
        title: None,
    })
}

/// Which cluster stands in which, by Graphviz' numbers.
struct Clusters {
    parents: BTreeMap<u64, u64>,
    /// The clusters that list a node: the innermost one, and those around it.
    listing: BTreeMap<u64, Vec<u64>>,
}

impl Clusters {
    fn of(clusters: &[&Value]) -> Self {
        let mut found = Self { parents: BTreeMap::new(), listing: BTreeMap::new() };
        for cluster in clusters {
            let id = number(&cluster["_gvid"]);
            found.parents.extend(list(&cluster["subgraphs"]).iter().map(|child| (number(child), id)));
            for node in list(&cluster["nodes"]) {
                found.listing.entry(number(node)).or_default().push(id);
            }
        }
        found
    }

    fn around_node(&self, node: u64) -> Option<u64> {
        let listing = self.listing.get(&node)?;
        let is_innermost = |cluster: &&u64| !listing.iter().any(|other| self.parents.get(other) == Some(cluster));
        let mut innermost = listing.iter().filter(is_innermost);
        let cluster = innermost.next().copied();
        assert!(innermost.next().is_none(), "node {node} stands in two clusters");
        cluster
    }
}

fn lay_out(text: &str) -> Result<Value, String> {
    let mut child = Command::new("dot")
        .arg("-Tjson")
        .args(LAYOUT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("dot starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let text = text.to_owned();
    // It may answer before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("dot ends");
    let written = writer.join().expect("writing does not panic");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() || complaint.contains("rror") {
        return Err(complaint);
    }
    written.expect("dot reads everything");
    serde_json::from_slice(&output.stdout).map_err(|error| format!("dot writes no JSON: {error}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("Graphviz numbers its objects")
}

/// The id of a node or a cluster. Graphviz keeps its name as it stands in the text, and what XML cannot hold
/// stands there as `%XX`.
fn name(object: &Value) -> String {
    let raw = object["name"].as_str().expect("an object has a name").replace("&#13;", "\r").replace("&amp;", "&");
    let mut name = String::new();
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => name.push(rest.next().map_or('\\', |c| if c == 'n' { '\n' } else { c })),
            '%' => {
                let far = rest.clone().take(4).collect::<String>();
                let code = if matches!(far.as_str(), "FFFE" | "FFFF") { far } else { far.chars().take(2).collect() };
                let c = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                name.push(c.expect("a percent sign stands before a number"));
                rest.nth(code.len() - 1);
            }
            c => name.push(c),
        }
    }
    name
}

/// The text that is drawn as the label of an object, line by line, without empty lines: Graphviz says nothing of
/// those.
fn drawn(object: &Value) -> String {
    let operations = list(&object["_ldraw_"]).iter().filter(|operation| operation["op"] == "T");
    let lines: Vec<&str> = operations.map(|operation| operation["text"].as_str().expect("text is text")).collect();
    lines.join("\n")
}
