//! The arguments. `--help`, the man page and the completions are made of these definitions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Checks a system-spec document and draws it.
///
/// A document describes a system in JSON: services, images, connections, cloud resources, owners, networks and
/// deployments. Renderers are sandboxed plugins; D2 and Mermaid are built in.
#[derive(Debug, Parser)]
#[command(
    name = "spec-engine",
    version,
    propagate_version = true,
    after_help = "\
Examples:
  spec-engine validate payments.json
  spec-engine render payments.json --plugin d2 -o payments.d2
  spec-engine render payments.json --plugin mermaid --group-by owner
  spec-engine render payments.json --plugin ./my-table.md.tera
  spec-engine graph payments.json | jq '.nodes[].label'
  spec-engine plugins list

Exit status: 0 clean, 1 findings, 2 could not do it."
)]
pub(super) struct Arguments {
    /// When to use colour. NO_COLOR and CLICOLOR_FORCE count, too.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// Says when to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes it hold for everything that this process prints.
    pub fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a document: every error at once, each with its line.
    Validate(ValidateArguments),
    /// Draw a document through a plugin.
    Render(Box<RenderArguments>),
    /// Print the graph of a document as JSON: nodes, edges and groups.
    Graph(GraphArguments),
    /// Print the JSON Schema (2020-12) of the format, for editors.
    Schema,
    /// Show the renderers.
    Plugins(PluginsArguments),
    /// Show the rules.
    Rules(RulesArguments),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
}

#[derive(Debug, Args)]
pub(super) struct DocumentArguments {
    /// The document; `-` for standard input. Without it: the project file's, else system.json or system-spec.json
    /// here, else standard input if it is piped.
    pub document: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine validate payments.json
  spec-engine validate payments.json --strict --output compact
  generate-spec | spec-engine validate - --output json")]
pub(super) struct ValidateArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// How to print the findings.
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub output: Format,
    /// Fail on warnings, too.
    #[arg(long)]
    pub strict: bool,
}

/// Says how findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With an excerpt of the document.
    Pretty,
    /// One line a finding: FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE.
    Compact,
    /// One JSON object.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine render payments.json --plugin d2
  spec-engine render payments.json --plugin d2 --set direction=down --set details=true -o payments.d2
  spec-engine render payments.json --plugin mermaid --group-by owner --set deployments=false
  spec-engine render payments.json --plugin ./my-table.md.tera
  spec-engine render payments.json --plugin ./third-party.wasm
`spec-engine plugins info NAME` shows what --set takes.")]
pub(super) struct RenderArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// The renderer: a name that `plugins list` shows, or the path of a component (.wasm) or template (.tera).
    #[arg(long, short, visible_alias = "format", value_name = "NAME|PATH")]
    pub plugin: Option<String>,
    /// Set an option of the renderer or of the view. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub settings: Vec<(String, String)>,
    /// What the nodes are grouped by: short for --set group-by=…
    #[arg(long, value_name = "KIND", value_parser = crate::graph::GroupBy::WORDS)]
    pub group_by: Option<String>,
    /// Where to write: a file, or a folder if it exists or ends in a slash. Without it: standard output.
    #[arg(long, short, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw what can be drawn of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
    #[command(flatten)]
    pub plugins: PluginSources,
}

/// Says where renderers come from, and what they may use.
#[derive(Debug, Default, Args)]
pub(super) struct PluginSources {
    /// A folder with components (.wasm) and templates (.tera) to use besides those that are found. May be given several
    /// times.
    #[arg(long = "plugins-dir", value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    /// Raise or lower a limit of components: fuel, describe-fuel, memory, table-elements, artifacts, artifact-bytes, log,
    /// component-size. K, M and G are powers of 1024 for bytes, and of 1000 for anything else. May be given several times.
    #[arg(long = "limit", value_name = "KEY=VALUE", value_parser = key_value)]
    pub limits: Vec<(String, String)>,
    /// Compile third-party components anew, and keep nothing.
    #[arg(long)]
    pub no_cache: bool,
    /// Show what components log.
    #[arg(long, short)]
    pub verbose: bool,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// Narrow it to the view that renderers get with this grouping. Without it: the whole graph, with every grouping.
    #[arg(long, value_name = "KIND", value_parser = crate::graph::GroupBy::WORDS)]
    pub group_by: Option<String>,
    /// Print what can be printed of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
}

#[derive(Debug, Args)]
pub(super) struct PluginsArguments {
    #[command(subcommand)]
    pub command: PluginsCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum PluginsCommand {
    /// List every renderer, where it comes from and what it shadows.
    List {
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
        #[command(flatten)]
        sources: PluginSources,
    },
    /// Show a renderer and its options.
    Info {
        /// The renderer: a name that `plugins list` shows, or a path.
        plugin: String,
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
        #[command(flatten)]
        sources: PluginSources,
    },
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List every rule.
    List {
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
    },
    /// Explain a rule: what it finds, why, and what to write instead.
    Explain {
        /// The rule's id, as findings show it in brackets.
        rule: String,
    },
}

/// Says how a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definitions_hold_together() {
        super::Arguments::command().debug_assert();
    }
}
