//! What a name of an index stands for: a plugin of a version, or a pack with the plugins that it brings.

use std::path::Path;
use std::time::Instant;

use spec_engine::project::{PinnedPack, Project};
use spec_engine::text::quote;
use spec_engine::wasm::sha256;

use super::index::{Index, IndexEntry, Release, VersionChoice, pick};
use super::package::{Kind, Package, SizeLimit, component_size, files_of, room, store};
use super::pin::Change;
use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};

/// Plugins and packs of indexes, each of one version.
#[derive(Default)]
pub(super) struct Selection<'i> {
    /// The plugins, each once.
    pub plugins: Vec<PluginRelease<'i>>,
    /// The packs that were asked for by name.
    pub packs: Vec<(String, PinnedPack)>,
}

/// A version of a plugin of an index.
pub(super) struct PluginRelease<'i> {
    /// What the index says of it.
    pub listed: &'i IndexEntry,
    /// The version.
    pub release: &'i Release,
    kind: Kind,
    index: &'i Index,
}

impl<'i> Selection<'i> {
    /// Adds what a name stands for in an index.
    ///
    /// # Errors
    /// There is no such version, or a pack contains itself or something that is not there.
    pub fn add(&mut self, index: &'i Index, name: &str, wanted: &VersionChoice) -> Result<()> {
        let mut plugins = Vec::new();
        let (listed, release) = self.add_below(index, name, wanted, &mut Way::new(), &mut plugins)?;
        if listed.entry.kind.plugin().is_none() {
            let (source, version) = (listed.place.shown(), Some(release.version.to_string()));
            let pack = PinnedPack { version, source, index: Some(index.name.clone()), plugins };
            self.packs.push((listed.name.clone(), pack));
        }
        Ok(())
    }

    /// Adds a plugin, or those of a pack, and the name of each to `names`.
    fn add_below(
        &mut self,
        index: &'i Index,
        name: &str,
        wanted: &VersionChoice,
        way: &mut Way,
        names: &mut Vec<String>,
    ) -> Result<(&'i IndexEntry, &'i Release)> {
        let shown = &index.name;
        let Some(listed) = index.find(name) else {
            let by = way.last().map(|pack| format!("the pack {} names {}: ", quote(pack), quote(name)));
            let by = by.unwrap_or_default();
            let failure = Failure::new(format!("{by}{shown} has no plugin of the name {}", quote(name)));
            return Err(failure.help("tell who keeps the index"));
        };
        if way.iter().any(|pack| pack == name) {
            let circle = [way.as_slice(), &[name.to_owned()]].concat().join(" -> ");
            let failure = Failure::new(format!("the pack {} of {shown} contains itself: {circle}", quote(name)));
            return Err(failure.help("add the plugins one by one, and tell who keeps the index"));
        }
        let release = pick(name, &listed.entry, wanted, shown)?;
        let Some(kind) = listed.entry.kind.plugin() else {
            way.push(name.to_owned());
            for (member, requirement) in &release.plugins {
                self.add_below(index, member, &VersionChoice::Fitting(requirement.clone()), way, names)?;
            }
            way.pop();
            return Ok((listed, release));
        };
        match self.plugins.iter().find(|other| other.listed.name == name) {
            None => self.plugins.push(PluginRelease { listed, release, kind, index }),
            Some(other) if wanted.fits(&other.release.version) => {}
            Some(other) => {
                let (first, second) = (&other.release.version, &release.version);
                let message = format!("two versions of {} are asked for: {first} and {second}", quote(name));
                return Err(Failure::new(message).help("add the plugins one by one, with the version that you want"));
            }
        }
        if !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
        Ok((listed, release))
    }
}

impl Selection<'_> {
    /// Fetches the files of the plugins into a folder each.
    ///
    /// # Errors
    /// A file is not there, is too large, or is another one than the index says.
    pub fn fetch(&self, plugins: &PluginArguments, project: &Project, waiting: &Path, end: Instant) -> Result<Change> {
        let mut packages = Vec::new();
        for selected in &self.plugins {
            let name = &selected.listed.name;
            packages.push(selected.fetch(&room(waiting, name)?, component_size(plugins, project, name)?, end)?);
        }
        Ok(Change { packages, packs: self.packs.clone() })
    }
}

/// The packs that lead to one.
type Way = Vec<String>;

impl PluginRelease<'_> {
    /// Fetches its files into a folder, and holds each against the sum that the index says.
    fn fetch(&self, into: &Path, component_size: u64, end: Instant) -> Result<Package> {
        let name = &self.listed.name;
        let most = match self.kind {
            Kind::Component => SizeLimit::of_component(component_size),
            Kind::Template | Kind::Rule => SizeLimit::TEXT,
        };
        let main = self.release.main(name).unwrap_or_default();
        let mut source = String::new();
        for (file, said) in &self.release.files {
            let (bytes, address) = self.listed.place.fetch(&said.source, file, most, end)?;
            let there = sha256(&bytes);
            if !said.sha256.eq_ignore_ascii_case(&there) {
                let by = self.listed.place.shown();
                let message = format!(
                    "{address} is not the file of {name} {} that the index {by} names: its SHA-256 differs",
                    self.release.version
                );
                let sums = format!("expected: {}\nfound:    {there}", said.sha256.to_ascii_lowercase());
                let help = "nothing was added; ask who keeps the index which of them is right";
                return Err(Failure::new(message).details(Some(sums)).help(help));
            }
            store(&into.join(file), &bytes)?;
            if file == main {
                source = address;
            }
        }
        let (kind, index) = (self.kind, Some(self.index.name.clone()));
        let files = files_of(&into.join(main), kind)?;
        Ok(Package { name: name.clone(), kind, version: Some(self.release.version.to_string()), source, index, files })
    }
}
