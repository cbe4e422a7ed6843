//! `path`: shows how a request gets from one node to another.

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use spec_engine::diagnostic::Pointer;
use spec_engine::graph::path::{Paths, Path};
use spec_engine::graph::{Graph, Node};
use spec_engine::text::{plural, quote, redact, shorten};

use crate::arguments::{PluginArguments, TextOrJson};
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::{documents, output, session};

/// The nodes that are named where there is no way: those nearest to the start.
const NAMED: usize = 5;

/// Show how a request gets from one node to another, hop by hop.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine path payments.json api-gateway payments-db
  spec-engine path payments.json svc:api-gateway rds:payments-db --all 5
  spec-engine path payments.json api-gateway payments-db --output json | jq '.paths[0].hops[].label'

Exit status: 0 there is a path, 1 there is none, 2 a document or a name is wrong.")]
pub(crate) struct Arguments {
    /// The document; `-` for standard input.
    document: PathBuf,
    /// Where the request starts: a name, or an id such as svc:api-gateway, which `spec-engine graph` prints.
    from: String,
    /// Where it arrives: a name or an id.
    to: String,
    /// Show up to N paths, the shortest first, 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    all: u16,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    /// Look at what can be read of a document with errors.
    #[arg(long)]
    allow_errors: bool,
}

/// Finds the paths and prints them.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (project, input) = documents::find_at(&arguments.document)?;
    let document = input.read()?;
    let engine = session::build(PluginArguments::default().engine(project))?;
    let system = documents::system(&engine, &document, arguments.allow_errors.into())?;
    let Some(system) = system else { return Ok(Outcome::Incomplete) };
    let graph = Graph::of(system);
    let paths = Paths::of(&graph);
    let (from, to) = (paths.find(&arguments.from)?, paths.find(&arguments.to)?);
    if from == to {
        let name = quote(&graph.nodes[from as usize].id);
        return Err(Failure::new(format!("FROM and TO are both {name}")).help("name two different nodes"));
    }
    let ways = paths.shortest(from, to, arguments.all.into());
    let found = PathReport { graph: &graph, from, to, none: ways.is_empty().then(|| NoWay::of(&paths, from, to)), ways };
    match arguments.output {
        TextOrJson::Text => found.print()?,
        TextOrJson::Json => output::json(&found.json())?,
    }
    Ok(if found.ways.is_empty() { Outcome::Findings } else { Outcome::Clean })
}

/// The result.
struct PathReport<'g, 'a> {
    graph: &'g Graph<'a>,
    from: u32,
    to: u32,
    ways: Vec<Path>,
    none: Option<NoWay>,
}

/// What is to be known where there is no way.
struct NoWay {
    /// The nodes that the start gets to, the nearest first.
    reached: Vec<(u32, usize)>,
    /// The way from the end to the start.
    back: Option<Path>,
}

impl NoWay {
    fn of(paths: &Paths<'_, '_>, from: u32, to: u32) -> Self {
        Self { reached: paths.reached(from), back: paths.shortest(to, from, 1).pop() }
    }
}

impl<'a> PathReport<'_, 'a> {
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

    fn print(&self) -> Result<()> {
        let mut out = BufWriter::new(anstream::stdout().lock());
        let bold = Style::new().bold();
        for (index, way) in self.ways.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let hops = plural(way.len(), "hop");
            let (from, to) = (self.named(self.from), self.named(self.to));
            writeln!(out, "{bold}{from} to {to}: {hops}{bold:#}")?;
            for &edge in way {
                write!(out, "  -> {}", self.named(self.graph.edges[edge as usize].target))?;
                if let Some(label) = self.graph.edge_label(edge as usize) {
                    write!(out, "  {}", quote(label))?;
                }
                if let Some(description) = self.graph.edge_description(edge as usize) {
                    write!(out, "  {}", shorten(description))?;
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
                let hops = plural(way.len(), "hop");
                writeln!(out, "  the other way there is one: from {to} to {from} in {hops}")
            }
            None => writeln!(out, "  nor is there one from {to} to {from}"),
        }
    }

    fn json(&self) -> FoundJson {
        let id = |node: u32| redact(&self.node(node).id).into_owned();
        let way = |way: &Path| WayJson { hops: way.iter().map(|&edge| self.hop(edge)).collect() };
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
