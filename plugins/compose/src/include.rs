//! What `include` of a compose file names: files that become a part of it.

use spec_engine_evidence::tree::{Node, Place};

use crate::paths::{folder, joined, segments};
use crate::sources::Sources;

/// An entry of `include`.
#[derive(Debug)]
pub struct Include {
    /// The files, each laid over those before it.
    pub paths: Vec<(String, Place)>,
    /// The files of variables for them.
    pub env_files: Vec<(String, Place)>,
    /// The folder that their paths start at.
    pub folder: Option<String>,
}

/// The entries of `include`: a path, or a map with `path`, `env_file` and `project_directory`.
pub fn includes(document: &Node) -> Vec<Include> {
    let paths = |node: Option<&Node>| {
        let texts = node.into_iter().flat_map(Node::texts);
        texts.filter_map(|node| Some((node.text()?.to_owned(), node.place))).collect::<Vec<_>>()
    };
    let entry = |entry: &Node| Include {
        paths: paths(if entry.text().is_some() { Some(entry) } else { entry.get("path") }),
        env_files: paths(entry.get("env_file")),
        folder: entry.get("project_directory").and_then(Node::text).map(str::to_owned),
    };
    let Some(include) = document.get("include") else { return Vec::new() };
    // A list of one is written without its `-` now and then.
    let entries = if include.pairs().is_empty() { include.texts() } else { std::slice::from_ref(include) };
    entries.iter().map(entry).collect()
}

impl Include {
    /// The files of variables that hold for what is included: those that it names, else the `.env` in its folder. That
    /// of the folder of the first compose file holds for all, and is not among them.
    pub fn variable_files(&self, from: usize, sources: &Sources<'_>) -> Vec<usize> {
        if !self.env_files.is_empty() {
            return self.env_files.iter().filter_map(|(path, _)| sources.find(from, path)).collect();
        }
        let Some((path, _)) = self.paths.first() else { return Vec::new() };
        let folder = match &self.folder {
            Some(folder) => format!("{folder}/"),
            None => folder(path).to_owned(),
        };
        let path = format!("{folder}.env");
        let first = sources.compose_files().next().unwrap_or(from);
        let is_of_all = segments(&joined(sources.name(from), &path)) == segments(&joined(sources.name(first), ".env"));
        if is_of_all { Vec::new() } else { sources.find(from, &path).into_iter().collect() }
    }
}
