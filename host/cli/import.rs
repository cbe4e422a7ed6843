//! `import`: makes a document of other files, through a plugin.

mod into;
mod made;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::Document;
use spec_engine::project::Project;
use spec_engine::text::inert_json;
use spec_engine::view::View;

use self::into::{IntoArguments, IntoRequest};
use self::made::{broken_document, write};
use crate::arguments::{PluginArguments, SettingArguments};
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;
use crate::report::{self, Summary};
use crate::sources;

/// Make a document of other files, such as those of docker-compose, Kubernetes or Terraform, through a plugin, or bring one
/// up to date.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine import compose docker-compose.yml
  spec-engine import compose .env docker-compose.yml docker-compose.prod.yml -o system.json
  spec-engine import compose docker-compose.yml --set name=shop --set profiles=web,tools
  spec-engine import kubernetes k8s/ -o system.json
  helm template shop ./chart | spec-engine import kubernetes - -o system.json
  spec-engine import compose docker-compose.yml --into system.json
  spec-engine import kubernetes k8s/ --into system.json --diff
  terraform show -json | spec-engine import terraform - -o system.json
  spec-engine import ./my-importer.wasm topology.xml

What the files contain and the format cannot express is reported, with its line. `spec-engine plugins info NAME`
shows what --set takes.

With --into, what the files know is brought up to date: images, ports, connections, resources, versions of
deployments. What people write stays: descriptions, owners, the order of keys, the layout of the text. What is gone is
told, and removed with --prune. Names that differ stand in the project file, [import.names].

Exit status: 0 there is a document, 1 the files are wrong, 2 the command failed.")]
pub(crate) struct Arguments {
    /// The importer: a name that `plugins list` shows, or the path of a component (.wasm).
    #[arg(value_name = "NAME|PATH")]
    plugin: String,
    /// The files, in the order that the importer wants; of a folder those that the importer reads, else every
    /// .yaml, .yml, .json and .tfstate in it, by name; `-` for standard input.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    settings: SettingArguments,
    /// Where to write the document. Without it, or with `-`: standard output.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    into: IntoArguments,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// Makes a document, or brings one up to date.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.into.document {
        Some(document) => into::run(&IntoRequest {
            document,
            importer: &arguments.plugin,
            files: &arguments.files,
            settings: &arguments.settings,
            plugins: &arguments.plugins,
            how: &arguments.into,
        }),
        None => make(arguments),
    }
}

/// Makes a document, shows the remarks on the files, and writes the document where there is one.
fn make(arguments: &Arguments) -> Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    let (engine, name) = arguments.plugins.engine_with(project, Some(&arguments.plugin))?;
    let name = name.unwrap_or_default();
    let settings = arguments.settings.of(&engine, &name, &View::default())?;
    let importer = engine.plugins().find(&name)?.importer()?;
    let paths = sources::expanded(&arguments.files, arguments.out.as_deref(), &importer.wanted_files()?)?;
    let files = sources::read(&paths, importer.limits().input_bytes)?;
    let imported = engine.import(&name, &files, &settings)?;
    sources::show(&files, imported.remarks)?;
    let Some(mut text) = imported.document else {
        report::note("nothing was written")?;
        return Ok(Outcome::Findings);
    };
    text = inert_json(&text);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let shown = arguments.out.as_ref().map_or_else(|| format!("<{name}>"), |path| path.display().to_string());
    let document = Document::parse(shown, text);
    let document = match &arguments.out {
        Some(path) => document.at(path),
        None => document,
    };
    let errors = engine.drawing_errors(&document);
    let Some(system) = document.system().filter(|_| errors.is_empty()) else {
        report::to_stderr(document.source(), &errors)?;
        return Err(broken_document(&name));
    };
    match &arguments.out {
        Some(path) => {
            write(&engine, path, document.source().text(), &paths)?;
            if !output::is_stdout(path) {
                report::note(&format!("wrote {}: {}", path.display(), Summary::of(system)))?;
            }
        }
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(document.source().text().as_bytes())?;
            out.flush()?;
        }
    }
    Ok(Outcome::Clean)
}
