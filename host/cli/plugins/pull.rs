//! Makes plugins of the files of an artifact in a registry: one, or a pack where there are several.

use std::path::{Path, PathBuf};

use spec_engine::project::PinnedPack;
use spec_engine::text::quote;

use super::oci::Artifact;
use super::package::{
    Kind, Package, SizeLimit, check_name, copy, file_name, files_of, is_file_name, room, stem, store,
};
use super::pin::Change;
use crate::failure::{Failure, Result};

/// An artifact that becomes plugins.
pub(super) struct Pull<'a> {
    /// The artifact.
    pub artifact: &'a Artifact,
    /// The name of its plugin, where the user says one.
    pub name: Option<&'a str>,
    /// The folder in which plugins wait.
    pub waiting: &'a Path,
    /// The most bytes of the component of a name.
    pub component_size: &'a dyn Fn(&str) -> Result<u64>,
}

/// Downloads the files of an artifact, and makes plugins of them.
///
/// # Errors
/// None of its files is a plugin, it has files that are of none, or a download fails.
pub(super) fn packages(pull: &Pull<'_>) -> Result<Change> {
    let (artifact, files) = (pull.artifact, room(pull.waiting, "files")?);
    if artifact.layers.iter().any(|layer| layer.title == "index.json") {
        let failure = Failure::new(format!("{} is an index of plugins", artifact.reference));
        return Err(failure.help("name it in `indexes` of spec-engine.toml, or with --index, and add a plugin of it by its name"));
    }
    let mut mains: Vec<(PathBuf, Kind)> = Vec::new();
    for layer in &artifact.layers {
        let title = layer.title.as_str();
        if !is_file_name(title) {
            let why = "no file of a plugin has such a name";
            let failure = Failure::new(format!("{} has a file {}: {why}", artifact.reference, quote(title)));
            return Err(failure.help("push its files from the folder that they are in, without folders and hidden files"));
        }
        let kind = Kind::of_file(title);
        let most = match kind {
            Some(Kind::Component) => SizeLimit::of_component((pull.component_size)(&stem(title))?),
            _ => SizeLimit::TEXT,
        };
        let path = files.join(title);
        store(&path, &artifact.fetch(layer, most)?)?;
        mains.extend(kind.map(|kind| (path, kind)));
    }
    let source = artifact.reference.to_string();
    let version = artifact.version.as_ref().map(ToString::to_string);
    if mains.is_empty() {
        let names: Vec<String> = artifact.layers.iter().map(|layer| quote(&layer.title)).collect();
        let failure = Failure::new(format!("{source} has no plugin: its files are {}", names.join(", ")));
        return Err(failure.help("a plugin is a file NAME.wasm, NAME.EXT.tera or NAME.rhai"));
    }
    if let (Some(_), [_, _, ..]) = (pull.name, mains.as_slice()) {
        let failure = Failure::new(format!("{source} has {} plugins, and --name is for one", mains.len()));
        return Err(failure.help("leave out --name"));
    }
    let mut packages = Vec::new();
    for (main, kind) in &mains {
        let name = pull.name.map_or_else(|| stem(file_name(main)), str::to_owned);
        check_name(&name)?;
        if packages.iter().any(|other: &Package| other.name == name) {
            let failure = Failure::new(format!("{source} has two plugins {}", quote(&name)));
            return Err(failure.help("nothing was added; tell its author"));
        }
        let room = room(pull.waiting, &format!("plugins/{name}"))?;
        let copies = copy(&files_of(main, *kind)?, &name, &room, u64::MAX)?;
        let (version, source) = (version.clone(), source.clone());
        packages.push(Package { name, kind: *kind, version, source, index: None, files: copies });
    }
    let mut packs = Vec::new();
    if packages.len() > 1 {
        let name = stem(artifact.reference.repository.rsplit('/').next().unwrap_or_default());
        check_name(&name)?;
        let plugins = packages.iter().map(|package| package.name.clone()).collect();
        packs.push((name, PinnedPack { version, source, index: None, plugins }));
    }
    Ok(Change { packages, packs })
}
