//! `plugins remove`: takes a plugin out of the project and out of the lock.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::template_files;
use spec_engine::project::{LOCK_FILE, Lock, PinnedPlugin, Project};
use spec_engine::text::{nearest, quote, visible};

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::output::{self, NewFile};

/// Remove a plugin from the project.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Its name, or that of a pack: then the plugins that it brought go with it.
    name: String,
}

/// Removes the files of a plugin, or of the plugins of a pack, and their pins.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (project, name) = (&Project::find(Path::new("."))?, arguments.name.as_str());
    let mut lock = Lock::read(project)?;
    let (gone, pinned) = unpin(&mut lock, name);
    let files: Vec<String> = match pinned.as_slice() {
        [] => unpinned(project, name),
        pinned => {
            // What another plugin includes, too, stays.
            let is_shared = |file: &&String| lock.plugins.values().any(|other| other.sha256.contains_key(*file));
            let own = pinned.iter().flat_map(|pinned| pinned.sha256.keys()).filter(|file| !is_shared(file));
            own.cloned().collect()
        }
    };
    if gone.is_empty() && files.is_empty() {
        let failure = Failure::new(format!("the project has no plugin {}", quote(name)));
        let names = lock.plugins.keys().chain(lock.packs.keys()).map(String::as_str);
        return Err(match nearest(name, names) {
            Some(meant) => failure.help(format!("did you mean `{meant}`?")),
            None => failure.help("`spec-engine plugins verify` shows what it has"),
        });
    }
    let mut out = std::io::stdout().lock();
    let root = project.path(Path::new(""));
    let text = lock.to_text();
    let lock = NewFile { path: LOCK_FILE.to_owned(), content: text.as_bytes() };
    let new = if gone.is_empty() { &[][..] } else { &[lock] };
    for file in output::exchange(&root, &files, new)? {
        writeln!(out, "removed {}", visible(&project.path(Path::new(&file)).display().to_string()))?;
    }
    for name in gone {
        writeln!(out, "{} is not pinned any more", visible(&name))?;
    }
    Ok(Outcome::Clean)
}

/// Takes a plugin out of the lock, or a pack with the plugins that no other pack has. Returns the names that are gone,
/// and what was pinned.
fn unpin(lock: &mut Lock, name: &str) -> (Vec<String>, Vec<PinnedPlugin>) {
    let Some(pack) = lock.packs.remove(name) else {
        let pinned: Vec<PinnedPlugin> = lock.plugins.remove(name).into_iter().collect();
        for pack in lock.packs.values_mut().filter(|_| !pinned.is_empty()) {
            pack.plugins.retain(|plugin| plugin != name);
        }
        lock.packs.retain(|_, pack| !pack.plugins.is_empty());
        return (pinned.iter().map(|_| name.to_owned()).collect(), pinned);
    };
    let (mut gone, mut pinned) = (vec![name.to_owned()], Vec::new());
    for plugin in pack.plugins {
        if lock.packs.values().any(|other| other.plugins.contains(&plugin)) {
            continue;
        }
        if let Some(plugin_pinned) = lock.plugins.remove(&plugin) {
            pinned.push(plugin_pinned);
            gone.push(plugin);
        }
    }
    (gone, pinned)
}

/// The files of a plugin that lies in the project's folders and is not pinned, by their paths from the project's folder.
fn unpinned(project: &Project, name: &str) -> Vec<String> {
    let own = project.own_folder();
    let component = own.join("plugins").join(format!("{name}.wasm"));
    let mut files: Vec<PathBuf> = component.is_file().then_some(component).into_iter().collect();
    for entry in std::fs::read_dir(own.join("templates")).into_iter().flatten().flatten() {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.ends_with(".tera") && file_name.split('.').next() == Some(name) {
            files.extend(template_files(&entry.path()));
        }
    }
    files.iter().filter_map(|file| Lock::key(project, file)).collect()
}
