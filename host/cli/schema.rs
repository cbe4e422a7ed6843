//! `schema`: prints the JSON Schema of the format, of a file that people write, of what a command prints as JSON, or of an
//! index of plugins.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use spec_engine::render::template::sidecar_schema;
use spec_engine::schema::schema;
use spec_engine::{project, script};

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;

/// Print the JSON Schema (2020-12) of the format or of another file that you write, for editors, of what a command
/// prints as JSON, or of an index of plugins.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine schema > system.schema.json
  spec-engine schema project > spec-engine.schema.json
  spec-engine schema report")]
pub(crate) struct Arguments {
    /// What is described.
    #[arg(value_name = "WHAT", default_value = "document")]
    what: Described,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Described {
    /// A system-spec document.
    Document,
    /// The project file, spec-engine.toml.
    Project,
    /// The tests of a scripted rule, NAME.test.json.
    RuleTest,
    /// The file beside a template, NAME.toml.
    Sidecar,
    /// What `validate --output json` prints.
    Report,
    /// What `graph` prints.
    Graph,
    /// What `diff --output json` prints.
    Diff,
    /// What `drift --output json` prints.
    Drift,
    /// What `path --output json` prints.
    Path,
    /// What `plugins list --output json` prints.
    Plugins,
    /// What `rules list --output json` prints.
    Rules,
    /// What `plugins search --output json` prints.
    Search,
    /// What `plugins outdated --output json` prints.
    Outdated,
    /// An index of plugins, which `plugins add NAME` looks in.
    Index,
}

/// Prints the schema.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let text = match arguments.what {
        Described::Document => return json(schema()),
        Described::Project => return json(&project::schema()),
        Described::RuleTest => return json(&script::testing::schema()),
        Described::Sidecar => return json(&sidecar_schema()),
        Described::Report => include_str!("schema/report.json"),
        Described::Graph => include_str!("schema/graph.json"),
        Described::Diff => include_str!("schema/diff.json"),
        Described::Drift => include_str!("schema/drift.json"),
        Described::Path => include_str!("schema/path.json"),
        Described::Plugins => include_str!("schema/plugins.json"),
        Described::Rules => include_str!("schema/rules.json"),
        Described::Search => include_str!("schema/search.json"),
        Described::Outdated => include_str!("schema/outdated.json"),
        Described::Index => include_str!("schema/index.json"),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn json(schema: &serde_json::Value) -> Result<Outcome> {
    output::json(schema)?;
    Ok(Outcome::Clean)
}
