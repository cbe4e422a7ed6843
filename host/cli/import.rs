//! `import`: makes a document of other files, through a plugin.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::diagnostic::{Diagnostic, Place};
use spec_engine::engine::Document;
use spec_engine::import::{ImportFile, Remark};
use spec_engine::project::Project;
use spec_engine::source::{Position, Source};
use spec_engine::text::{FileKind, decode, hide_secrets, number, visible};
use spec_engine::view::View;

use crate::arguments::{PluginArguments, SettingArguments, is_dash};
use crate::failure::{Failure, Result};
use crate::folder;
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};
use crate::report;
use crate::report::Summary;

/// Make a document of other files, such as those of docker-compose, Kubernetes or Terraform, through a plugin.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine import compose docker-compose.yml
  spec-engine import compose .env docker-compose.yml docker-compose.prod.yml -o system.json
  spec-engine import compose docker-compose.yml --set name=shop --set profiles=web,tools
  spec-engine import kubernetes k8s/ -o system.json
  helm template shop ./chart | spec-engine import kubernetes - -o system.json
  terraform show -json | spec-engine import terraform - -o system.json
  spec-engine import ./my-importer.wasm topology.xml

What the files contain and the format cannot express is reported, with its line. `spec-engine plugins info NAME`
shows what --set takes.

Exit status: 0 there is a document, 1 the files are wrong, 2 the plugin failed.")]
pub(crate) struct Arguments {
    /// The importer: a name that `plugins list` shows, or the path of a component (.wasm).
    #[arg(value_name = "NAME|PATH")]
    plugin: String,
    /// The files, in the order that the importer wants; of a folder every .yaml, .yml, .json and .tfstate in it, by
    /// name; `-` for standard input.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    settings: SettingArguments,
    /// Where to write the document. Without it, or with `-`: standard output.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// Makes a document, shows the remarks on the files, and writes the document where there is one.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    let (engine, name) = arguments.plugins.engine_with(project, Some(&arguments.plugin))?;
    let name = name.unwrap_or_default();
    let settings = arguments.settings.of(engine.project(), &name, &View::default());
    let most = engine.plugins().find(&name)?.importer()?.limits().input_bytes;
    let paths = expanded(&arguments.files, arguments.out.as_deref())?;
    let files = read(&paths, most)?;
    let imported = engine.import(&name, &files, &settings)?;
    show(&files, imported.remarks)?;
    let Some(mut text) = imported.document else {
        report::note("nothing was written")?;
        return Ok(Outcome::Findings);
    };
    text = inert(&text);
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
        let failure = Failure::new(format!("the plugin `{name}` made a document with errors; nothing was written"));
        return Err(failure.help(format!("report it to the author of `{name}`, with the files")));
    };
    match &arguments.out {
        Some(path) => {
            let inputs = InputFiles::of(&engine).with(&paths);
            output::file(path, document.source().text().as_bytes(), &inputs)?;
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

/// The files, with those of folders in the place of each folder. What is to be written is no input where nobody names it.
fn expanded(paths: &[PathBuf], out: Option<&Path>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let is_out = |file: &Path| out.is_some_and(|out| same_file::is_same_file(file, out).unwrap_or(false));
            files.extend(folder::inputs(path)?.into_iter().filter(|file| !is_out(file)));
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Reads the files. One byte more than the importer takes is enough for it to refuse them.
fn read(paths: &[PathBuf], most: u64) -> Result<Vec<ImportFile>> {
    let mut rest = most.saturating_add(1);
    let mut files = Vec::new();
    for path in paths {
        let (name, reader): (_, Box<dyn Read>) = if is_dash(path) {
            ("<stdin>".to_owned(), Box::new(std::io::stdin().lock()))
        } else {
            (path.display().to_string(), Box::new(File::open(path).map_err(|error| unreadable(path, &error))?))
        };
        let mut content = Vec::new();
        reader.take(rest).read_to_end(&mut content).map_err(|error| unreadable(path, &error))?;
        rest -= content.len() as u64;
        files.push(ImportFile { name, content });
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::new(format!("cannot read {}: {error}", path.display()));
    if error.kind() == std::io::ErrorKind::NotFound { failure.help("name a file that exists") } else { failure }
}

/// The most remarks that are shown.
const MOST_REMARKS: usize = 200;

/// The most characters that are marked in a line.
const MARKED: usize = 60;

/// Shows remarks, file by file, each with its line. A remark on no file is shown at the start of the first.
fn show(files: &[ImportFile], mut remarks: Vec<Remark>) -> Result<()> {
    // Errors first, so that what is not shown is the least of it.
    remarks.sort_by_key(|remark| remark.finding.severity);
    let rest = remarks.len().saturating_sub(MOST_REMARKS);
    remarks.truncate(MOST_REMARKS);
    let mut of_files: Vec<Vec<(Option<Position>, Diagnostic)>> = files.iter().map(|_| Vec::new()).collect();
    for Remark { position, finding } in remarks {
        let (file, position) = position.map_or((0, None), |(file, position)| (file, Some(position)));
        of_files[file].push((position, finding));
    }
    for (file, remarks) in files.iter().zip(of_files).filter(|(_, remarks)| !remarks.is_empty()) {
        let text = decode(&file.content);
        let text = hide_secrets(&text, FileKind::of(&file.name, &text));
        let source = Source::new(&file.name, text.into_bytes());
        let place = |(position, finding): (Option<Position>, Diagnostic)| {
            let start = position.map_or(0, |position| source.offset(position));
            let word = source.text()[start..].chars().take(MARKED).take_while(|character| !character.is_whitespace());
            let end = start + word.map(char::len_utf8).sum::<usize>();
            Diagnostic { place: Place::Bytes(start..end), ..finding }
        };
        let mut findings: Vec<Diagnostic> = remarks.into_iter().map(place).collect();
        source.sort(&mut findings);
        report::to_stderr(&source, &findings)?;
    }
    if rest > 0 {
        report::note(&format!("and {} more remarks", number(rest)))?;
    }
    Ok(())
}

/// Writes what a terminal would act on as JSON's escapes: in a document it can only stand inside of a text.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for character in text.chars() {
        if character >= '\u{7f}' && matches!(visible(character.encode_utf8(&mut [0; 4])), Cow::Owned(_)) {
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn nothing_in_a_document_acts_on_a_terminal() {
        assert_eq!(inert("{\"a\u{9b}31m\u{202e}ü\": 1}\n"), "{\"a\\u009b31m\\u202eü\": 1}\n");
    }
}
