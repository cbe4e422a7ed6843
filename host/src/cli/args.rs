//! The arguments. `--help`, the man page and the completions are made of these definitions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::view::ViewArguments;
use crate::diagnostic::Severity;

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
    /// Check documents: every finding at once, each with its line.
    Validate(Box<ValidateArguments>),
    /// Check documents as `validate` does, and never fail on warnings.
    Lint(Box<ValidateArguments>),
    /// Draw a document through a plugin.
    Render(Box<RenderArguments>),
    /// Print the graph of a document as JSON: nodes, edges and groups.
    Graph(Box<GraphArguments>),
    /// Say what changed between two versions of a document, in words or as a diagram.
    Diff(Box<DiffArguments>),
    /// Say how a request gets from one node to another, hop by hop.
    Path(PathArguments),
    /// Draw a document again whenever it changes.
    Watch(Box<WatchArguments>),
    /// Show a document in a browser, and again whenever it changes.
    Serve(Box<ServeArguments>),
    /// Make a document of other files, such as those of docker-compose, through a plugin.
    Import(Box<ImportArguments>),
    /// Print the JSON Schema (2020-12) of the format, for editors.
    Schema,
    /// Show, test, make, add and verify plugins: renderers, rules, importers.
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

#[derive(Clone, Debug, Args)]
pub(super) struct DocumentArguments {
    /// The document; `-` for standard input. Without it: the project file's, else system.json or system-spec.json
    /// here, else standard input if it is piped.
    pub document: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine validate payments.json
  spec-engine validate . --output compact
  spec-engine validate payments.json --rules ./rules --strict --max-warnings 5
  spec-engine validate systems/ --output github --report sarif=findings.sarif --report junit=findings.xml
  spec-engine validate payments.json --rule unpinned-image=off --rule unknown-owner=error
  spec-engine validate payments.json --baseline
  generate-spec | spec-engine validate - --output json

Exit status: 0 clean, 1 findings that fail, 2 a rule, a setting or a file could not be used.
`spec-engine rules list` names the rules; `spec-engine rules explain NAME` says what one is for.")]
pub(super) struct ValidateArguments {
    /// Documents, and folders: every document in them is checked. `-` is standard input. Without any: the project
    /// file's, else system.json or system-spec.json here, else standard input if it is piped.
    pub documents: Vec<PathBuf>,
    /// How to print the findings.
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub output: Format,
    /// Write the findings to a file, too. May be given several times, for several formats.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report)]
    pub reports: Vec<(Format, PathBuf)>,
    /// Fail on warnings, too: on more than --max-warnings of them where that is given, else on any.
    #[arg(long)]
    pub strict: bool,
    /// Fail on more than N warnings.
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
    /// Accept the findings that the baseline knows, and forget those that are gone. Where there is no baseline yet, it is
    /// written with what is found now. FILE is spec-engine.baseline.json in the project's folder, unless it is given.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub baseline: Option<Option<PathBuf>>,
    /// Write the baseline anew, with what is found now.
    #[arg(long)]
    pub update_baseline: bool,
    /// The most findings of one rule that the pretty output shows; 0 shows all. The other formats always have all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub max_per_rule: usize,
    #[command(flatten)]
    pub rules: RuleSources,
}

/// Says where rules come from, and how they are set.
#[derive(Debug, Default, Args)]
pub(super) struct RuleSources {
    /// A scripted rule (.rhai), a folder with some, or a component with rules (.wasm), to use besides those that are
    /// found. May be given several times.
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Set the severity of a rule: error, warning, info or off. Stronger than the project file. May be given several
    /// times.
    #[arg(long = "rule", value_name = "ID=SEVERITY", value_parser = rule_severity)]
    pub severities: Vec<(String, Option<Severity>)>,
    /// Raise or lower a limit of scripted rules, such as operations=100M or time=10s. May be given several times.
    #[arg(id = "rule-limits", long = "rule-limit", value_name = "KEY=VALUE", value_parser = key_value)]
    pub limits: Vec<(String, String)>,
    #[command(flatten)]
    pub plugins: PluginSources,
}

fn rule_severity(text: &str) -> Result<(String, Option<Severity>), String> {
    let (id, word) = text.split_once('=').ok_or("write ID=SEVERITY")?;
    Ok((id.trim().to_owned(), super::project::rules::severity(word.trim())?))
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("write FORMAT=FILE")?;
    let Ok(format) = <Format as ValueEnum>::from_str(format.trim(), false) else {
        let names = Format::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
        return Err(format!("the formats are {}", names.collect::<Vec<_>>().join(", ")));
    };
    Ok((format, PathBuf::from(path)))
}

/// Says how findings are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With an excerpt of the document.
    Pretty,
    /// One line a finding: FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE.
    Compact,
    /// One JSON object with everything.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML.
    Junit,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(name, false)
    }
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine render payments.json -o payments.svg
  spec-engine render payments.json --plugin d2
  spec-engine render payments.json --plugin d2 --set direction=down --set details=true -o payments.d2
  spec-engine render payments.json --plugin mermaid --group-by owner --set deployments=false
  spec-engine render payments.json --plugin d2 --focus payments-service --direction out
  spec-engine render payments.json --plugin mermaid --split provider -o docs/
  spec-engine render payments.json --plugin ./my-table.md.tera
  spec-engine render payments.json --plugin ./third-party.wasm
`spec-engine plugins info NAME` shows what --set takes.")]
pub(super) struct RenderArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// The renderer: a name that `plugins list` shows, or the path of a component (.wasm) or template (.tera). Without
    /// it: the one that writes what the ending of --out says.
    #[arg(long, short, visible_alias = "format", value_name = "NAME|PATH")]
    pub plugin: Option<String>,
    /// Set an option of the renderer or of the view. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub settings: Vec<(String, String)>,
    #[command(flatten)]
    pub view: ViewArguments,
    /// Where to write: a file, or a folder if it exists or ends in a slash. Without it: standard output. Where no
    /// --plugin is given, the ending of the file picks the renderer: .svg, .png, .html, .d2, .mmd, .dot, .md.
    #[arg(long, short, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw an overview in which each group of a kind is one node, one diagram a group, and an index, into the folder of
    /// --out.
    #[arg(long, value_name = "KIND", value_parser = ["provider", "owner", "network", "deployment"], requires = "out")]
    pub split: Option<String>,
    /// Draw what can be drawn of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
    #[command(flatten)]
    pub plugins: PluginSources,
}

/// Says where plugins come from, and what they may use.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct PluginSources {
    /// A folder with components (.wasm) and templates (.tera) to use besides those that are found. May be given several
    /// times.
    #[arg(long = "plugins-dir", value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    /// Raise or lower a limit of plugins, or of one: of components fuel, describe-fuel, memory, table-elements, artifacts,
    /// artifact-bytes, findings, input-bytes, log, component-size; of templates time, output-bytes. K, M and G are powers of 1024 for bytes, and
    /// of 1000 for anything else. May be given several times.
    #[arg(long = "limit", value_name = "[NAME.]KEY=VALUE", value_parser = key_value)]
    pub limits: Vec<(String, String)>,
    /// Compile third-party components anew, and keep nothing.
    #[arg(long)]
    pub no_cache: bool,
    /// Show what components log.
    #[arg(long, short)]
    pub verbose: bool,
    /// Show what each call of a component used: fuel, memory, time, and whether it was compiled.
    #[arg(long)]
    pub stats: bool,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// Narrow it: with --group-by to what renderers get with this grouping, else it has every grouping.
    #[command(flatten)]
    pub view: ViewArguments,
    /// Print what can be printed of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine import compose docker-compose.yml
  spec-engine import compose .env docker-compose.yml docker-compose.prod.yml -o system.json
  spec-engine import compose docker-compose.yml --set name=shop --set profiles=web,tools
  spec-engine import ./my-importer.wasm topology.xml

What the files say and the format has no word for is told, with its line. `spec-engine plugins info NAME`
shows what --set takes.

Exit status: 0 there is a document, 1 the files are wrong, 2 the plugin could not make one.")]
pub(super) struct ImportArguments {
    /// The importer: a name that `plugins list` shows, or the path of a component (.wasm).
    #[arg(value_name = "NAME|PATH")]
    pub plugin: String,
    /// The files, in the order that the importer wants; `-` for standard input.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Set an option of the importer. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub settings: Vec<(String, String)>,
    /// Where to write the document. Without it: standard output.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub plugins: PluginSources,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine diff old.json new.json
  git show main:system.json | spec-engine diff - system.json
  spec-engine diff old.json new.json --output markdown > comment.md
  spec-engine diff old.json new.json --fail-on breaking
  spec-engine diff old.json new.json --plugin d2 -o changes.d2
  spec-engine diff old.json new.json --plugin mermaid --focus orders --depth 2

A change is breaking where somebody would notice: a port or protocol that others use changes or goes, a service or a
resource that others use goes or is renamed, a resource has another engine or port, a variable by which a service is
found changes.

Exit status: 0 done, 1 differences with --exit-code or --fail-on, 2 a document is wrong or missing.")]
pub(super) struct DiffArguments {
    /// The old version; `-` for standard input.
    pub old: PathBuf,
    /// The new version; `-` for standard input.
    pub new: PathBuf,
    /// How to print the changes.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output: DiffFormat,
    /// End with status 1 where there are differences: short for --fail-on any.
    #[arg(long)]
    pub exit_code: bool,
    /// End with status 1 where there are differences, or breaking ones.
    #[arg(long, value_name = "WHICH")]
    pub fail_on: Option<FailOn>,
    /// Draw both versions as one diagram: what was added, removed and changed in three colours and lines. A name that
    /// `plugins list` shows, or the path of a component (.wasm) or template (.tera).
    #[arg(long, short, visible_alias = "format", value_name = "NAME|PATH", conflicts_with = "output")]
    pub plugin: Option<String>,
    /// Draw only what changed and what is at most N edges away [default: 1 where there are more than 50 services and no
    /// view narrows the diagram].
    #[arg(long, value_name = "N", requires = "plugin")]
    pub context: Option<usize>,
    /// Draw everything, however large.
    #[arg(long, requires = "plugin", conflicts_with = "context")]
    pub all: bool,
    /// Set an option of the renderer or of the view. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value, requires = "plugin")]
    pub settings: Vec<(String, String)>,
    /// Where to write the diagram: a file, or a folder if it exists or ends in a slash. Without it: standard output.
    #[arg(long, short, value_name = "PATH", requires = "plugin")]
    pub out: Option<PathBuf>,
    /// Compare what can be read of documents with errors.
    #[arg(long)]
    pub allow_errors: bool,
    #[command(flatten)]
    pub view: ViewArguments,
    #[command(flatten)]
    pub plugins: PluginSources,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine path payments.json api-gateway payments-db
  spec-engine path payments.json svc:api-gateway rds:payments-db --all 5
  spec-engine path payments.json api-gateway payments-db --output json | jq '.paths[0].hops[].label'

Exit status: 0 there is a way, 1 there is none, 2 a document or a name is wrong.")]
pub(super) struct PathArguments {
    /// The document; `-` for standard input.
    pub document: PathBuf,
    /// Where the request starts: a name, or an id such as svc:api-gateway, which `spec-engine graph` prints.
    pub from: String,
    /// Where it is to arrive: a name or an id.
    pub to: String,
    /// Show up to N ways, the shortest first, 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub all: u16,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output: TextOrJson,
    /// Look at what can be read of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine watch payments.json -o payments.svg
  spec-engine watch payments.json --plugin d2 --focus payments-service -o payments.d2
  spec-engine watch payments.json --plugin ./my-table.md.tera -o table.md

The document, the project file, its rules, templates and components are watched. Errors and
warnings are shown; where nothing can be drawn, the last drawing stays. Ctrl-C ends it.")]
pub(super) struct WatchArguments {
    #[command(flatten)]
    pub render: RenderArguments,
    /// The most findings that are shown at each change, errors first; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub max_findings: usize,
    /// How long nothing may change before it is drawn again, in milliseconds, 1 to 60000.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = DELAY, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub delay: u64,
}

/// How long nothing may change before a document is drawn again, in milliseconds.
const DELAY: u64 = 100;

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine serve payments.json --open
  spec-engine serve payments.json --group-by owner --port 0

Only this machine can reach it: it listens on 127.0.0.1. The page is that of the renderer `html`,
with what was found above it. Ctrl-C ends it.")]
pub(super) struct ServeArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// The port to listen on; 0 for any that is free.
    #[arg(long, default_value_t = 7320)]
    pub port: u16,
    /// Open the page in the browser.
    #[arg(long)]
    pub open: bool,
    /// Set an option of the page or of the view. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub settings: Vec<(String, String)>,
    #[command(flatten)]
    pub view: ViewArguments,
    /// Draw what can be drawn of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
    /// How long nothing may change before it is drawn again, in milliseconds, 1 to 60000.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = DELAY, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub delay: u64,
    #[command(flatten)]
    pub plugins: PluginSources,
}

/// Says how changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// Says which differences make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Any.
    Any,
    /// Those that somebody would notice.
    Breaking,
}

#[derive(Debug, Args)]
pub(super) struct PluginsArguments {
    #[command(subcommand)]
    pub command: PluginsCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum PluginsCommand {
    /// List every plugin, where it comes from and what it shadows.
    List {
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
        #[command(flatten)]
        sources: PluginSources,
    },
    /// Show a plugin: what it can do, its options, what it asks for.
    Info {
        /// The plugin: a name that `plugins list` shows, or a path.
        plugin: String,
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
        #[command(flatten)]
        sources: PluginSources,
    },
    /// Start a plugin of your own: a folder with everything that it takes.
    New {
        /// The plugin's name: words of lower-case letters and digits with hyphens between them.
        name: String,
        /// What it is written in.
        #[arg(long = "lang", value_name = "LANGUAGE")]
        language: Language,
        /// What it is to do. Rules and importers are started in Rust.
        #[arg(long, value_name = "KIND", default_value = "renderer")]
        kind: Kind,
        /// Where to make it. Without it: a folder of the plugin's name, here.
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// The folder of the Rust SDK, plugins/sdk of spec-engine's sources. Without it: the one on crates.io.
        #[arg(long, value_name = "FOLDER")]
        sdk: Option<PathBuf>,
    },
    /// Try plugins on systems of every kind: that they draw them, twice the same, with every option, within the limits.
    Test(TestArguments),
    /// Copy a plugin into the project, and pin its bytes in spec-engine.lock.
    Add(AddArguments),
    /// Hold the project's plugins against spec-engine.lock.
    Verify,
    /// Take a plugin out of the project.
    Remove {
        /// Its name.
        name: String,
    },
    /// Show the compiled components that are kept, or remove them.
    Cache {
        /// Remove them.
        #[arg(long)]
        clear: bool,
    },
}

/// Says what a plugin is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// A component in Rust.
    Rust,
    /// A component in JavaScript.
    #[value(alias = "javascript")]
    Js,
    /// A component in Python.
    Python,
    /// A template.
    Tera,
}

/// Says what a plugin is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Draw a document.
    Renderer,
    /// Check a document.
    Rules,
    /// Make a document of other files.
    Importer,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins test
  spec-engine plugins test ./dist/my-inventory.wasm --update

Exit status: 0 it does what it should, 1 it does not, 2 it could not be tried.")]
pub(super) struct TestArguments {
    /// Plugins: paths, or names that `plugins list` shows. Without any: those in dist/, in
    /// target/wasm32-unknown-unknown/release/ or here.
    pub plugins: Vec<String>,
    /// Keep what it makes now as snapshots.
    #[arg(long)]
    pub update: bool,
    /// Where the snapshots are.
    #[arg(long, value_name = "FOLDER", default_value = "snapshots")]
    pub snapshots: PathBuf,
    #[command(flatten)]
    pub sources: PluginSources,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins add ./dist/my-inventory.wasm
  spec-engine plugins add ./my-table.md.tera
  spec-engine plugins add https://example.com/inventory.wasm --sha256 0a1b…

A path is copied, an address (https) is downloaded: `render` never downloads anything.")]
pub(super) struct AddArguments {
    /// A component (.wasm), a template (.tera) with what stands beside it, or the address of a component.
    #[arg(value_name = "PATH|URL")]
    pub source: String,
    /// The SHA-256 that the file has to have, in hexadecimal. An address needs it.
    #[arg(long, value_name = "HEX", value_parser = sha256_sum)]
    pub sha256: Option<String>,
    /// Another name for it than that of its file.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How long a download may take, in seconds, 1 to 3600; until the first answer 20 at the most.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub timeout: u64,
    #[command(flatten)]
    pub sources: PluginSources,
}

fn sha256_sum(text: &str) -> Result<String, String> {
    let sum = text.strip_prefix("sha256:").unwrap_or(text);
    if sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(sum.to_ascii_lowercase());
    }
    Err("a SHA-256 has 64 digits, 0 to 9 and a to f".to_owned())
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List every rule, how bad its fault is, and where it comes from.
    List {
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        output: TextOrJson,
        #[command(flatten)]
        sources: RuleSources,
    },
    /// Explain a rule: what it finds, why, what to write instead, and what a project can decide.
    Explain {
        /// The rule's id, as findings show it in brackets.
        rule: String,
        #[command(flatten)]
        sources: RuleSources,
    },
    /// Write a scripted rule and its tests, both passing, for you to change.
    New {
        /// The rule's id: a name space, a slash and a name, such as acme/image-digest.
        id: String,
        /// Where to write it. Without it: .spec-engine/rules in the project's folder.
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Run the tests of scripted rules: NAME.test.json beside NAME.rhai.
    Test {
        /// Scripts, and folders with some. Without any: .spec-engine/rules in the project's folder.
        paths: Vec<PathBuf>,
        /// Raise or lower a limit of scripted rules. May be given several times.
        #[arg(long = "rule-limit", value_name = "KEY=VALUE", value_parser = key_value)]
        limits: Vec<(String, String)>,
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
