//! Which versions there are of what a project pins: in the index or registry that it came from, and in no other.

use std::cell::OnceCell;
use std::time::Instant;

use semver::Version;

use spec_engine::project::{Lock, PROJECT_FILE, Project};
use spec_engine::text::{quote, visible};

use super::index::{Index, IndexArguments, Indexes, VersionChoice, is_runnable};
#[cfg(feature = "downloads")]
use super::oci::{Artifact, Reference, has_moving_tag, versions};
use crate::failure::{Failure, Result};

/// A plugin or pack that a project pins.
#[derive(Clone, Debug)]
pub(super) struct LockEntry<'l> {
    /// Its name.
    pub name: &'l str,
    /// Its version, where it has one.
    pub version: Option<Version>,
    /// Where it came from.
    pub origin: Origin<'l>,
}

/// Where something that is pinned came from.
#[derive(Clone, Debug)]
pub(super) enum Origin<'l> {
    /// An index, by its name in the lock.
    Index(&'l str),
    /// A registry, by its name there.
    Registry(&'l str),
    /// A path or an address: nobody knows of other versions.
    File(&'l str),
}

/// The versions that there are.
#[derive(Debug, Default)]
pub(super) struct NewerVersions {
    /// The newest that fits in the place of the pinned one.
    pub compatible: Option<String>,
    /// The newest at all.
    pub newest: Option<String>,
}

/// Finds versions. Indexes are read when they are first asked for.
pub(super) struct Versions<'a> {
    /// The project.
    pub project: &'a Project,
    /// Where its indexes are.
    pub arguments: &'a IndexArguments,
    /// When nobody waits any more.
    pub end: Instant,
    /// The indexes.
    pub indexes: OnceCell<Indexes>,
}

/// What a lock pins: packs first, then plugins.
pub(super) fn pinned(lock: &Lock) -> Vec<LockEntry<'_>> {
    let packs = lock.packs.iter().map(|(name, pack)| (name, &pack.version, &pack.source, &pack.index));
    let plugins = lock.plugins.iter().map(|(name, plugin)| (name, &plugin.version, &plugin.source, &plugin.index));
    let all = packs.chain(plugins).map(|(name, version, source, index)| LockEntry {
        name,
        version: version.as_ref().and_then(|version| Version::parse(version).ok()),
        origin: match index {
            Some(index) => Origin::Index(index),
            None if source.starts_with("oci://") => Origin::Registry(source),
            None => Origin::File(source),
        },
    });
    all.collect()
}

impl Versions<'_> {
    /// The versions of something that is pinned; `None` where nobody knows of any.
    ///
    /// # Errors
    /// Its index is not one of the project's or does not have it any more, or the registry does not answer.
    pub fn of(&self, pinned: &LockEntry<'_>) -> Result<Option<NewerVersions>> {
        match pinned.origin {
            Origin::File(_) => Ok(None),
            Origin::Index(name) => {
                let index = self.index(name)?;
                let entry = index.find(pinned.name).ok_or_else(|| gone(pinned.name, name))?;
                let releases = entry.entry.versions.iter().filter(|release| is_runnable(release));
                let found: Vec<&Version> = releases.map(|release| &release.version).collect();
                Ok(Some(newer(pinned, &found)))
            }
            Origin::Registry(source) => self.of_registry(pinned, source).map(Some),
        }
    }

    /// The index of a name in the lock.
    ///
    /// # Errors
    /// Neither the project nor the user names it, or it cannot be read.
    pub fn index(&self, name: &str) -> Result<&Index> {
        if self.indexes.get().is_none() && self.arguments.names_any(self.project) {
            let _ = self.indexes.set(self.arguments.read(self.project, self.end)?);
        }
        let index = self.indexes.get().and_then(|indexes| indexes.named(name));
        index.ok_or_else(|| {
            let failure = Failure::new(format!("the project does not name the index {}", quote(name)));
            failure.help(format!("write indexes = [{name:?}] into {PROJECT_FILE}, or --index {}", visible(name)))
        })
    }

    #[cfg(feature = "downloads")]
    fn of_registry(&self, pinned: &LockEntry<'_>, source: &str) -> Result<NewerVersions> {
        let reference = Reference::parse(source)?;
        if !has_moving_tag(&reference) {
            let found = versions(&reference, self.end)?;
            return Ok(newer(pinned, &found.iter().map(|(version, _)| version).collect::<Vec<_>>()));
        }
        let moved = Artifact::find(&Reference { digest: None, ..reference.clone() }, self.end)?.reference;
        let newest = (moved.digest != reference.digest).then(|| moved.to_string());
        Ok(NewerVersions { compatible: newest.clone(), newest })
    }

    #[cfg(not(feature = "downloads"))]
    fn of_registry(&self, _pinned: &LockEntry<'_>, source: &str) -> Result<NewerVersions> {
        let failure = Failure::new(format!("{source} was not read: this build has no downloads"));
        Err(failure.help("name the plugins to look for"))
    }
}

/// The newest of some versions, where they are newer than a pinned one.
fn newer(pinned: &LockEntry<'_>, found: &[&Version]) -> NewerVersions {
    let Some(current) = &pinned.version else {
        let newest = VersionChoice::Newest.newest(found.iter().copied()).map(ToString::to_string);
        return NewerVersions { compatible: newest.clone(), newest };
    };
    let newest = |wanted: &VersionChoice| {
        let newest = wanted.newest(found.iter().copied()).filter(|version| *version > current);
        newest.map(ToString::to_string)
    };
    NewerVersions { compatible: newest(&VersionChoice::compatible_with(current)), newest: newest(&VersionChoice::Newest) }
}

fn gone(name: &str, index: &str) -> Failure {
    let failure = Failure::new(format!("{index} does not have {} any more", quote(name)));
    failure.help(format!("what is pinned still runs; ask who keeps the index, or `spec-engine plugins remove {name}`"))
}
