//! Finds the files of a folder that a command reads: documents, and what an importer is handed.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use spec_engine::source::{Json, Kind};
use spec_engine::text::decode;

use crate::failure::{Failure, Result};

/// Folders whose documents are somebody else's.
const LEFT_OUT: [&str; 2] = ["node_modules", "target"];

/// Every file of a folder and of the folders in it, in the order of their paths. What git ignores, hidden folders and
/// links are left out.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).sort_by_file_path(Ord::cmp);
    walk.filter_entry(|entry| !entry.file_name().to_str().is_some_and(|name| LEFT_OUT.contains(&name)));
    let mut files = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| Failure::new(format!("cannot read {}: {error}", folder.display())))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = entry.path();
            files.push(path.strip_prefix(".").unwrap_or(path).to_owned());
        }
    }
    Ok(files)
}

/// The error that a folder has no document.
pub(super) fn no_document(folder: &Path, others: usize) -> Failure {
    let folder = folder.display();
    let message = format!("there is no system-spec document in {folder}: {others} other .json files were looked at");
    Failure::new(message).help(
        "a document is a JSON object with `services` in a file that ends in .json, or a file that `documents` in the \
         project file names",
    )
}

/// Whether a file may have been meant as a document, by its content.
pub(super) fn looks_like_document(content: &[u8]) -> bool {
    is_document(&decode(content))
}

/// The endings of files that importers are handed of a folder.
const IMPORTED: [&str; 4] = ["json", "tfstate", "yaml", "yml"];

/// Finds the files of a folder, and of the folders in it, that an importer is handed: those whose names match one of its
/// patterns, folder by folder in the order of the patterns; without any, those that look like data, in the order of their
/// paths. Links and hidden ones are left out, unless a pattern starts with a dot; what git ignores is not, since rendered
/// files often are.
///
/// # Errors
/// The folder cannot be read, or there is none.
pub(super) fn inputs(folder: &Path, wanted: &[String]) -> Result<Vec<PathBuf>> {
    let hidden = wanted.iter().any(|pattern| pattern.starts_with('.'));
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).hidden(!hidden).sort_by_file_path(Ord::cmp);
    walk.filter_entry(|entry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        let is_hidden_folder = entry.depth() > 0 && name.starts_with('.') && entry.path().is_dir();
        !LEFT_OUT.contains(&name) && !is_hidden_folder
    });
    let patterns = patterns(wanted);
    let mut files = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| Failure::new(format!("cannot read {}: {error}", folder.display())))?;
        let name = entry.file_name().to_str().unwrap_or_default();
        let ending = entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let rank = if patterns.is_empty() {
            IMPORTED.contains(&ending).then_some(0)
        } else {
            patterns.matches(name).into_iter().min()
        };
        if let Some(rank) = rank.filter(|_| entry.file_type().is_some_and(|kind| kind.is_file())) {
            files.push((rank, entry.into_path()));
        }
    }
    if !patterns.is_empty() {
        files.sort_by(|(rank, path), (other_rank, other)| {
            (path.parent(), rank, path).cmp(&(other.parent(), other_rank, other))
        });
    }
    if files.is_empty() {
        let (what, wanted) = match wanted {
            [] => ("ends in", IMPORTED.map(|ending| format!(".{ending}")).join(", ")),
            wanted => ("is called", wanted.join(", ")),
        };
        let message = format!("there is no file to import in {}: none {what} {wanted}", folder.display());
        return Err(Failure::new(message).help("name the files, or another folder"));
    }
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The patterns of an importer, as far as they are any.
fn patterns(wanted: &[String]) -> GlobSet {
    let mut patterns = GlobSetBuilder::new();
    for glob in wanted.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        patterns.add(glob);
    }
    patterns.build().unwrap_or_else(|_| GlobSet::empty())
}

/// Whether a text may have been meant as a document: an object with `services`, or with a key that looks like a slip for
/// it, or anything that is no JSON, unless it has comments, as configuration files of editors and compilers do.
fn is_document(text: &str) -> bool {
    match Json::parse(text) {
        Ok(root) => {
            let is_services = |key: Json<'_>| {
                key.string().is_some_and(|key| strsim::damerau_levenshtein(&key.to_lowercase(), "services") <= 1)
            };
            root.kind() == Kind::Object && root.members().into_iter().any(|member| is_services(member.key))
        }
        Err(_) => {
            let is_comment = |line: &str| line.trim_start().starts_with("//") || line.trim_start().starts_with("/*");
            text.contains("\"services\"") || !text.lines().any(is_comment)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_document;

    #[test]
    fn a_document_has_services() {
        assert!(is_document(r#"{"name": "s", "services": {}}"#));
        assert!(!is_document(r#"{"name": "left-pad", "version": "1.0.0"}"#));
        assert!(!is_document(r#"["services"]"#));
        assert!(is_document(r#"{"services": {"a": {"image": {"name": "i"}}}"#), "a brace is missing");
        assert!(is_document("") && is_document("{\"name\": \"z\", \"serv"), "it is empty, it is cut off");
        assert!(is_document(r#"{"name": "y", "service": {}}"#) && is_document(r#"{"Services": {}}"#), "a slip");
        assert!(!is_document(r#"{"devices": {}}"#));
        assert!(!is_document("{\n  // a comment\n}"));
        assert!(is_document("// hi\n{\"services\": {}}"));
    }
}
