//! `path`: says how a request gets from one node to another.

use std::io::{BufWriter, Write as _};

use anstyle::Style;
use serde::Serialize;

use super::args::{DocumentArguments, PathArguments, TextOrJson};
use super::document::Document;
use super::{Failure, Outcome, output, report};
use crate::diagnostic::Pointer;
use crate::graph::path::{NameError, Paths, Way};
use crate::graph::{Graph, Node};
use crate::text::{quote, redact};

/// The nodes that are named where there is no way: those nearest to the start.
const NAMED: usize = 5;

/// Finds the ways and prints them.
pub(super) fn run(arguments: &PathArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&DocumentArguments { document: Some(arguments.document.clone()) })?;
    let Some(system) = document.system(arguments.allow_errors)? else { return Ok(Outcome::Incomplete) };
    let graph = Graph::of(&system);
    let paths = Paths::of(&graph);
    let (from, to) = (find(&paths, &arguments.from)?, find(&paths, &arguments.to)?);
    if from == to {
        let name = quote(&graph.nodes[from as usize].id);
        return Err(Failure::new(format!("FROM and TO are both {name}")).help("name two different nodes").into());
    }
    let ways = paths.ways(from, to, arguments.all.into());
    let found = Found { graph: &graph, from, to, none: ways.is_empty().then(|| NoWay::of(&paths, from, to)), ways };
    match arguments.output {
        TextOrJson::Text => found.print()?,
        TextOrJson::Json => output::json(&found.json())?,
    }
    Ok(if found.ways.is_empty() { Outcome::Findings } else { Outcome::Clean })
}

fn find(paths: &Paths<'_, '_>, name: &str) -> Result<u32, Failure> {
    paths.find(name).map_err(Failure::from)
}

/// What there is to tell.
struct Found<'g, 'a> {
    graph: &'g Graph<'a>,
    from: u32,
    to: u32,
    ways: Vec<Way>,
    none: Option<NoWay>,
}

/// What is to be known where there is no way.
struct NoWay {
    /// The nodes that the start gets to, the nearest first.
    reached: Vec<(u32, usize)>,
    /// The way from the end to the start.
    back: Option<Way>,
}

impl NoWay {
    fn of(paths: &Paths<'_, '_>, from: u32, to: u32) -> Self {
        Self { reached: paths.reached(from), back: paths.ways(to, from, 1).pop() }
    }
}

impl<'a> Found<'_, 'a> {
    fn node(&self, node: u32) -> &Node<'a> {
        &self.graph.nodes[node as usize]
    }

    /// Names a node, and what it is where it is no service.
    fn named(&self, node: u32) -> String {
        let node = self.node(node);
        match node.resource {
            Some(resource) => format!("{} ({}, {resource})", quote(&node.label), node.kind.replace('_', " ")),
            None => quote(&node.label),
        }
    }

    fn print(&self) -> anyhow::Result<()> {
        let mut out = BufWriter::new(anstream::stdout().lock());
        let bold = Style::new().bold();
        for (index, way) in self.ways.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let hops = report::plural(way.len(), "hop");
            let (from, to) = (self.named(self.from), self.named(self.to));
            writeln!(out, "{bold}{from} to {to}: {hops}{bold:#}")?;
            for &edge in way {
                write!(out, "  -> {}", self.named(self.graph.edges[edge as usize].target))?;
                if let Some(label) = self.graph.edge_label(edge as usize) {
                    write!(out, "  {}", quote(label))?;
                }
                if let Some(description) = self.graph.edge_description(edge as usize) {
                    write!(out, "  {}", crate::text::shorten(description))?;
                }
                writeln!(out)?;
            }
        }
        if let Some(none) = &self.none {
            self.print_none(&mut out, none)?;
        }
        out.flush()?;
        Ok(())
    }

    fn print_none(&self, out: &mut impl std::io::Write, none: &NoWay) -> std::io::Result<()> {
        let (from, to) = (self.named(self.from), self.named(self.to));
        writeln!(out, "no way leads from {from} to {to}")?;
        let named: Vec<String> = none.reached.iter().take(NAMED).map(|&(node, _)| self.named(node)).collect();
        match none.reached.len().checked_sub(NAMED).filter(|more| *more > 0) {
            _ if named.is_empty() => writeln!(out, "  {from} reaches nothing")?,
            Some(more) => writeln!(out, "  {from} reaches {} and {more} more", named.join(", "))?,
            None => writeln!(out, "  {from} reaches {}", named.join(", "))?,
        }
        match &none.back {
            Some(way) => {
                let hops = report::plural(way.len(), "hop");
                writeln!(out, "  the other way there is one: from {to} to {from} in {hops}")
            }
            None => writeln!(out, "  nor is there one from {to} to {from}"),
        }
    }

    fn json(&self) -> FoundJson {
        let id = |node: u32| redact(&self.node(node).id).into_owned();
        let way = |way: &Way| WayJson { hops: way.iter().map(|&edge| self.hop(edge)).collect() };
        FoundJson {
            from: id(self.from),
            to: id(self.to),
            paths: self.ways.iter().map(way).collect(),
            reached: self
                .none
                .as_ref()
                .map(|none| none.reached.iter().map(|&(node, hops)| ReachedJson { node: id(node), hops }).collect()),
            back: self.none.as_ref().and_then(|none| none.back.as_ref()).map(way),
        }
    }

    fn hop(&self, index: u32) -> HopJson {
        let edge = &self.graph.edges[index as usize];
        let (source, target) = (self.node(edge.source), self.node(edge.target));
        let text = |text: &str| redact(text).into_owned();
        let pointer = self.graph.edge_pointer(index as usize);
        HopJson {
            source: text(&source.id),
            target: text(&target.id),
            kind: edge.kind,
            label: self.graph.edge_label(index as usize).map(text),
            protocol: edge.protocol.map(text),
            port: edge.port,
            description: self.graph.edge_description(index as usize).map(text),
            pointer: Pointer::parse(&redact(pointer.as_str())).unwrap_or_default(),
        }
    }
}

#[derive(Serialize)]
struct FoundJson {
    from: String,
    to: String,
    paths: Vec<WayJson>,
    /// Where there is no way: what the start gets to, the nearest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<Vec<ReachedJson>>,
    /// Where there is no way: one from the end to the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    back: Option<WayJson>,
}

#[derive(Serialize)]
struct WayJson {
    hops: Vec<HopJson>,
}

#[derive(Serialize)]
struct HopJson {
    source: String,
    target: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    pointer: Pointer,
}

#[derive(Serialize)]
struct ReachedJson {
    node: String,
    hops: usize,
}

impl From<NameError> for Failure {
    fn from(error: NameError) -> Self {
        Self { message: error.message, help: error.help, details: None }
    }
}
