//! `drift`: tells whether a document still agrees with what runs.

mod contents;
mod from;
mod json;
mod markdown;
mod text;

use std::io::{BufWriter, Write as _};

use clap::{Args, ValueEnum};
use serde_json::Value;

use spec_engine::drift::Drift;
use spec_engine::engine::{Document, Engine, is_plugin_path};
use spec_engine::import::Difference;
use spec_engine::merge::{Digests, Gone, MergeSettings, Renames, merge};
use spec_engine::project::Project;
use spec_engine::view::View;

use self::from::FromArguments;
use self::contents::DriftReport;
use crate::arguments::{DocumentArguments, PluginArguments, SettingArguments, is_dash};
use crate::diff::drawing::{self, DiagramArguments};
use crate::failure::{Failure, Result};
use crate::observed::{self, SourceObservation, IgnoreReview, ProjectImports, Sources};
use crate::outcome::Outcome;
use crate::{documents, report, session};

/// Report where a document and what runs differ: import files in memory, and compare.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine drift system.json --from kubernetes k8s/
  spec-engine drift system.json --from kubernetes k8s/ --from terraform state.json
  kubectl get deploy,sts,svc -A -o json | spec-engine drift system.json --from kubernetes -
  spec-engine drift system.json --from compose compose.yaml --output markdown --fail-on missing
  spec-engine drift system.json --from compose compose.yaml --plugin d2 -o drift.d2

Five words: same; only in the document (missing); only in reality (unmanaged); different; not observable, what these
files cannot show. What a document does not say, such as a tag, is no difference, and neither are descriptions and
owners. What should stay is written into the project file: [[import.ignore]] with at, reason and until; names that
differ below [import.names].

Exit status: 0 no differences, 1 differences, 2 the command failed.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    document: DocumentArguments,
    #[command(flatten)]
    from: FromArguments,
    /// How to print the differences.
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    output: Format,
    /// Exit with status 1 only where there are differences of these kinds. With commas between them, or repeated.
    #[arg(long, value_name = "KIND", value_delimiter = ',', default_value = "any")]
    fail_on: Vec<FailOn>,
    /// Compare digests of images whose tag is the same, too.
    #[arg(long)]
    digests: bool,
    /// Take the files to show everything of a part, whatever the importers say: services, endpoints, connections, or a
    /// kind of resources such as aws.rds or aws.*. Can be repeated.
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = observed::part)]
    covers: Vec<String>,
    /// Draw the differences as one diagram. A name that `plugins list` shows, or the path of a component (.wasm) or
    /// template (.tera).
    #[arg(long, short, value_name = "NAME|PATH", conflicts_with = "output")]
    plugin: Option<String>,
    #[command(flatten)]
    diagram: DiagramArguments,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// How differences are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Pretty,
    /// For programs.
    Json,
    /// For a comment or an issue.
    Markdown,
    /// SARIF 2.1.0, for code scanning, at the lines of the document.
    Sarif,
}

/// Which differences make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any.
    Any,
    /// What only the document has.
    Missing,
    /// What only runs.
    Unmanaged,
    /// What both have, otherwise.
    Different,
    /// None.
    None,
}

impl FailOn {
    fn means(self, difference: Difference) -> bool {
        match self {
            Self::Any => true,
            Self::None => false,
            Self::Missing => difference == Difference::Missing,
            Self::Unmanaged => difference == Difference::Unmanaged,
            Self::Different => difference == Difference::Different,
        }
    }
}

/// Compares a document with what runs, and prints or draws the differences.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let dashes = arguments.from.sources.iter().flat_map(|(_, paths)| paths).chain(&arguments.document.document);
    if dashes.filter(|path| is_dash(path)).count() > 1 {
        return Err(Failure::new("standard input is read once, and `-` is named twice").help("write one of them to a file"));
    }
    arguments.diagram.check(arguments.plugin.as_deref())?;
    let (project, input) = documents::find(&arguments.document)?;
    let (engine, sources, plugin) = engine(arguments, project)?;
    let document = input.read()?;
    let errors = engine.drawing_errors(&document);
    let Some(system) = document.system().filter(|_| errors.is_empty()) else {
        report::to_stderr(document.source(), &errors)?;
        return Ok(Outcome::Incomplete);
    };
    let imports = ProjectImports::of(&engine, &document)?;
    let (mut observations, mut read) = (Vec::new(), Vec::new());
    for from in &sources {
        let Some(SourceObservation { observation, files }) = observed::observe(&engine, &document, from, &arguments.covers, &imports)? else {
            return Ok(Outcome::Incomplete);
        };
        observations.push(observation);
        read.push((from.importer.clone(), files));
    }
    let how = MergeSettings {
        names: &imports.names,
        ignored: &imports.ignored,
        gone: Gone::Removed,
        renames: Renames::Taken,
        digests: if arguments.digests { Digests::Compared } else { Digests::Kept },
        home: None,
    };
    let merged = merge(system, observations, &how);
    if merged.states.observed() == 0 {
        return Err(nothing_observed(&document));
    }
    observed::tell(&merged.remarks)?;
    let drift = Drift::of(system, &merged);
    let contents = DriftReport { document: &document, read: &read, drift: &drift, merged: &merged };
    match &plugin {
        Some(plugin) => {
            let both = [&document, &document];
            if drawing::run(&arguments.diagram, &engine, plugin, &drift.diff, both)? == Outcome::Incomplete {
                return Ok(Outcome::Incomplete);
            }
        }
        None => print(arguments.output, &contents)?,
    }
    let is_past = imports.review(&merged.used)? == IgnoreReview::Past;
    let fails = |difference| arguments.fail_on.iter().any(|on| on.means(difference));
    let is_found = is_past || drift.differences().any(|(difference, _)| fails(difference));
    Ok(if is_found { Outcome::Findings } else { Outcome::Clean })
}

fn print(format: Format, report: &DriftReport<'_, '_>) -> Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, anstream::stdout().lock());
    match format {
        Format::Pretty => text::write(&mut out, report)?,
        Format::Markdown => markdown::write(&mut out, report)?,
        Format::Sarif => report.write_sarif(&mut out)?,
        Format::Json => return json::print(report),
    }
    out.flush()?;
    Ok(())
}

/// The engine, the importers with their files, and the name of the renderer that was asked for.
fn engine(arguments: &Arguments, project: Project) -> Result<(Engine, Vec<Sources>, Option<String>)> {
    let asked: Vec<&str> = arguments.from.importers().chain(arguments.plugin.as_deref()).collect();
    let paths = asked.iter().filter(|asked| is_plugin_path(asked));
    let engine = session::build(paths.fold(arguments.plugins.engine(project), |builder, path| builder.plugin(path)))?;
    let mut named = engine.named_plugins().iter();
    let mut names = Vec::new();
    for asked in asked {
        let name = if is_plugin_path(asked) { named.next().cloned() } else { None };
        names.push(name.unwrap_or_else(|| asked.to_owned()));
    }
    let plugin = if arguments.plugin.is_some() { names.pop() } else { None };
    let given = &arguments.diagram.settings.settings;
    let sources = names.iter().zip(&arguments.from.sources).map(|(importer, (_, paths))| {
        let settings = importer_settings(&engine, importer, given)?;
        Ok(Sources { importer: importer.clone(), paths: paths.clone(), settings })
    });
    let sources = sources.collect::<Result<_>>()?;
    Ok((engine, sources, plugin))
}

/// The options of an importer: of those that the user sets, the ones that start with its name and a dot.
fn importer_settings(engine: &Engine, importer: &str, given: &[(String, String)]) -> Result<Vec<(String, Value)>> {
    let own = given.iter().filter_map(|(key, value)| {
        let key = key.strip_prefix(importer)?.strip_prefix('.')?;
        Some((key.to_owned(), value.clone()))
    });
    let own = SettingArguments { settings: own.collect() };
    own.of(engine, importer, &View::default())
}

/// Why nothing is compared.
fn nothing_observed(document: &Document) -> Failure {
    let message = format!("the files show no service and no resource of {}", document.source().name());
    Failure::new(message).help(
        "name the files of this system, or, where they call things differently, write the names below [import.names] \
         in the project file",
    )
}
