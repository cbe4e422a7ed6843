//! The files that importers are handed, and what they say of them.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use spec_engine::diagnostic::{Diagnostic, Place};
use spec_engine::import::{ImportFile, Remark};
use spec_engine::source::{Position, Source};
use spec_engine::text::{FileKind, decode, hide_secrets, number};

use crate::arguments::is_dash;
use crate::failure::{Failure, Result};
use crate::{folder, report};

/// The files, with those of folders in the place of each folder. What is to be written is no input where nobody names it.
/// `wanted` are the patterns of the importer on names.
pub(crate) fn expanded(paths: &[PathBuf], out: Option<&Path>, wanted: &[String]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let is_out = |file: &Path| out.is_some_and(|out| same_file::is_same_file(file, out).unwrap_or(false));
            files.extend(folder::inputs(path, wanted)?.into_iter().filter(|file| !is_out(file)));
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Reads the files. One byte more than the importer takes is enough for it to refuse them.
pub(crate) fn read(paths: &[PathBuf], most: u64) -> Result<Vec<ImportFile>> {
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
pub(crate) const MOST_REMARKS: usize = 200;

/// The most characters that are marked in a line.
const MARKED: usize = 60;

/// Shows remarks, file by file, each with its line. A remark on no file is shown with the first.
pub(crate) fn show(files: &[ImportFile], mut remarks: Vec<Remark>) -> Result<()> {
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
            let Some(position) = position else { return finding };
            let start = source.offset(position);
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
