//! `import`: makes a document of other files, through a plugin.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::args::ImportArguments;
use super::document::Document;
use super::project::Project;
use super::report::Summary;
use super::{Failure, Outcome, discover, output, report};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::load;
use crate::options;
use crate::render::PluginError;
use crate::render::registry::wrong_options;
use crate::source::{Position, Source};
use crate::text::{FileKind, decode, hide_secrets, visible};
use crate::wasm::{ImportFile, Remark};

/// Makes a document, shows what there is to say of the files, and writes the document where it is one.
pub(super) fn run(arguments: &ImportArguments) -> anyhow::Result<Outcome> {
    let project = Rc::new(Project::find(Path::new("."))?);
    let (registry, name) = discover::registry(&arguments.plugins, &project, Some(&arguments.plugin))?;
    let entry = registry.find(&name.unwrap_or_default()).map_err(Failure::from)?;
    let plugin = entry.plugin().map_err(Failure::from)?;
    let Some(importer) = plugin.component().filter(|component| component.abilities().imports) else {
        let why = plugin.component().map(|component| component.cannot("import"));
        let why = why.unwrap_or_else(|| PluginError::new(format!("the plugin `{}` does not import", entry.name)));
        return Err(Failure::from(why).into());
    };
    let name = entry.name.as_str();
    let options = options::resolve_own(&plugin.description().options, &settings(arguments, &project, name))
        .map_err(|wrong| Failure::from(wrong_options(name, &wrong)))?;
    let files = read(&arguments.files, importer.limits().input_bytes)?;
    let imported = importer.import(&files, &options).map_err(Failure::from)?;
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
    let document = Document::made(shown, text, &project, arguments.out.as_deref());
    let (system, errors) = document.drawable(load(&document.source));
    let Some(system) = system.filter(|_| errors.is_empty()) else {
        report::to_stderr(&document.source, &errors)?;
        let failure = Failure::new(format!("the plugin `{name}` made a document with errors; nothing was written"));
        return Err(failure.help(format!("report it to the author of `{name}`, with the files")).into());
    };
    match &arguments.out {
        Some(path) => {
            output::file(path, document.source.text().as_bytes())?;
            report::note(&format!("wrote {}: {}", path.display(), Summary::of(&system)))?;
        }
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(document.source.text().as_bytes())?;
            out.flush()?;
        }
    }
    Ok(Outcome::Clean)
}

/// Returns what the user set, the weakest first: the project file, then the command line in its order.
fn settings(arguments: &ImportArguments, project: &Project, name: &str) -> Vec<(String, Value)> {
    let of_project = project.settings.options.get(name).into_iter().flatten();
    let of_project = of_project.map(|(key, value)| (key.clone(), value.clone()));
    of_project.chain(arguments.settings.iter().map(|(key, value)| (key.clone(), value.as_str().into()))).collect()
}

/// Reads the files. One byte more than the importer takes is enough for it to refuse them.
fn read(paths: &[PathBuf], most: u64) -> anyhow::Result<Vec<ImportFile>> {
    let mut rest = most.saturating_add(1);
    let mut files = Vec::new();
    for path in paths {
        let (name, reader): (_, Box<dyn Read>) = if path.as_os_str() == "-" {
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
    let failure = Failure::new(format!("{} cannot be read: {error}", path.display()));
    if error.kind() == std::io::ErrorKind::NotFound { failure.help("name a file that is there") } else { failure }
}

/// The most remarks that are shown.
const MOST_REMARKS: usize = 200;

/// The most characters that are marked in a line.
const MARKED: usize = 60;

/// Shows remarks, file by file, each with its line. What is said of no file is shown at the start of the first.
fn show(files: &[ImportFile], mut remarks: Vec<Remark>) -> anyhow::Result<()> {
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
        report::sort(&source, &mut findings);
        report::to_stderr(&source, &findings)?;
    }
    if rest > 0 {
        report::note(&format!("and {} more remarks", report::number(rest)))?;
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
