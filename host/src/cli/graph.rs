//! `graph`: prints the graph of a document as JSON.

use serde::Deserialize as _;
use serde_json::Value;

use super::args::GraphArguments;
use super::document::Document;
use super::view::View;
use super::{Outcome, output};
use crate::graph::{Graph, GroupBy, ViewOptions};

/// Prints the graph, or the view of it that renderers get with a grouping.
pub(super) fn run(arguments: &GraphArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&arguments.document)?;
    let view = View::of(&arguments.view, &document.project)?;
    let Some(system) = document.system(arguments.allow_errors)? else { return Ok(Outcome::Findings) };
    let graph = view.apply(Graph::of(&system))?;
    let graph = match &view.group_by {
        Some(word) => {
            let group_by = GroupBy::deserialize(Value::from(word.as_str()))?;
            graph.view(&ViewOptions { group_by, ..ViewOptions::default() })
        }
        None => graph,
    };
    output::json(&graph)?;
    Ok(Outcome::Clean)
}
