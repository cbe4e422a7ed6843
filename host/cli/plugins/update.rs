//! `plugins update`: pins newer versions of plugins, from the index or registry that they came from.

use std::cell::OnceCell;
use std::io::Write as _;
use std::path::Path;

use clap::Args;

use spec_engine::project::{Lock, Project};
use spec_engine::text::{nearest, quote, visible};

use super::index::{IndexArguments, VersionChoice};
use super::newer::{Origin, LockEntry, Versions, pinned};
use super::package::waiting_room;
use super::pin::{Change, apply};
use super::selection::Selection;
use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;

/// Pin newer versions of plugins, from the index or registry that they came from.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins update
  spec-engine plugins update inventory
  spec-engine plugins update inventory@2.0.0

Without a version it is the newest that breaks nothing, by semantic versioning: of 1.2.0 the newest 1.x.")]
pub(super) struct Arguments {
    /// Plugins and packs of the lock. Without any: all that came from an index or a registry.
    #[arg(value_name = "NAME[@VERSION]")]
    names: Vec<String>,
    #[command(flatten)]
    indexes: IndexArguments,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// Something that is to be updated.
struct Update<'l> {
    pinned: LockEntry<'l>,
    wanted: VersionChoice,
}

/// Pins newer versions: all of them, or none.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let mut lock = Lock::read(project)?;
    let waiting = waiting_room()?;
    let end = arguments.indexes.end();
    let change = {
        let versions = Versions { project, arguments: &arguments.indexes, end, indexes: OnceCell::new() };
        let updates = updates(&arguments.names, &lock, &versions)?;
        let mut selection = Selection::default();
        for update in &updates {
            if let Origin::Index(index) = update.pinned.origin {
                selection.add(versions.index(index)?, update.pinned.name, &update.wanted)?;
            }
        }
        let mut change = selection.fetch(&arguments.plugins, project, waiting.path(), end)?;
        for update in &updates {
            if let Origin::Registry(source) = update.pinned.origin {
                pull(arguments, update, source, waiting.path(), &versions, &mut change)?;
            }
        }
        change
    };
    if change.packages.is_empty() {
        writeln!(std::io::stdout(), "every plugin that came from an index or a registry is the newest")?;
        return Ok(Outcome::Clean);
    }
    apply(change, &mut lock, project, &arguments.plugins)?;
    Ok(Outcome::Clean)
}

/// What is to be updated: what was named, else all of which there is a newer version that breaks nothing.
fn updates<'l>(names: &[String], lock: &'l Lock, versions: &Versions<'_>) -> Result<Vec<Update<'l>>> {
    let all = pinned(lock);
    let mut updates = Vec::new();
    if names.is_empty() {
        for pinned in all {
            // A plugin of a pack has the version that its pack asks for.
            let is_of_pack = lock.packs.values().any(|pack| pack.plugins.iter().any(|name| name == pinned.name));
            if !is_of_pack && versions.of(&pinned)?.is_some_and(|newer| newer.compatible.is_some()) {
                updates.push(Update { wanted: compatible(&pinned), pinned });
            }
        }
        return Ok(updates);
    }
    for text in names {
        let (name, wanted) = match text.split_once('@') {
            Some((name, wanted)) => (name, Some(VersionChoice::parse(wanted)?)),
            None => (text.as_str(), None),
        };
        let Some(pinned) = all.iter().find(|pinned| pinned.name == name) else {
            let failure = Failure::new(format!("the project has no plugin {}", quote(name)));
            let meant = nearest(name, all.iter().map(|pinned| pinned.name));
            return Err(match meant {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help(format!("add it first: `spec-engine plugins add {name}`")),
            });
        };
        if let Origin::File(source) = pinned.origin {
            let message = format!("{} came from {}: nobody lists its versions", quote(name), visible(source));
            return Err(Failure::new(message).help("`spec-engine plugins add` the new file"));
        }
        updates.push(Update { wanted: wanted.unwrap_or_else(|| compatible(pinned)), pinned: pinned.clone() });
    }
    Ok(updates)
}

fn compatible(pinned: &LockEntry<'_>) -> VersionChoice {
    pinned.version.as_ref().map_or(VersionChoice::Newest, VersionChoice::compatible_with)
}

/// Pulls another version of something in a registry.
#[cfg(feature = "downloads")]
fn pull(
    arguments: &Arguments,
    update: &Update<'_>,
    source: &str,
    waiting: &Path,
    versions: &Versions<'_>,
    change: &mut Change,
) -> Result<()> {
    use super::oci::{self, Artifact, Reference};
    use super::package::{component_size, room};
    use super::pull::{Pull, packages};

    let name = update.pinned.name;
    let mut reference = Reference { digest: None, ..Reference::parse(source)? };
    // A tag that moves is pulled again, unless a version is asked for.
    if !oci::has_moving_tag(&reference) || update.wanted != compatible(&update.pinned) {
        let found = oci::versions(&reference, versions.end)?;
        let newest = found.into_iter().filter(|(version, _)| update.wanted.fits(version)).max();
        let Some((_, tag)) = newest else {
            let failure = Failure::new(format!("{reference} has no such version of {}", quote(name)));
            return Err(failure.help("`spec-engine plugins outdated` shows what there is"));
        };
        reference.tag = Some(tag);
    }
    let artifact = Artifact::find(&reference, versions.end)?;
    let room = room(waiting, &format!("registry/{name}"))?;
    let most = |name: &str| component_size(&arguments.plugins, versions.project, name);
    // A pack names its plugins, and one plugin may have been given another name.
    let own = Some(name).filter(|_| artifact.layers.iter().filter(|layer| is_main(&layer.title)).count() == 1);
    let pulled = packages(&Pull { artifact: &artifact, name: own, waiting: &room, component_size: &most })?;
    change.packages.extend(pulled.packages);
    change.packs.extend(pulled.packs);
    Ok(())
}

#[cfg(feature = "downloads")]
fn is_main(file: &str) -> bool {
    super::package::Kind::of_file(file).is_some()
}

/// Refuses a registry: this build cannot download.
#[cfg(not(feature = "downloads"))]
fn pull(
    _arguments: &Arguments,
    update: &Update<'_>,
    source: &str,
    _waiting: &Path,
    _versions: &Versions<'_>,
    _change: &mut Change,
) -> Result<()> {
    let failure = Failure::new(format!("{} was not updated: this build has no downloads", quote(update.pinned.name)));
    Err(failure.help(format!("it came from {source}: download it yourself and add the file")))
}
