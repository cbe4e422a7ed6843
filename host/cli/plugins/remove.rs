//! `plugins remove`: takes a plugin out of the project and out of the lock.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::template_files;
use spec_engine::project::{LOCK_FILE, Lock, Project};
use spec_engine::text::{nearest, quote, visible};

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::output::{self, NewFile};

/// Remove a plugin from the project.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Its name.
    name: String,
}

/// Removes a plugin's files and its pin.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (project, name) = (&Project::find(Path::new("."))?, arguments.name.as_str());
    let mut lock = Lock::read(project)?;
    let pinned = lock.plugins.remove(name);
    let files: Vec<String> = match &pinned {
        Some(pinned) => {
            // What another plugin includes, too, stays.
            let is_shared = |file: &&String| lock.plugins.values().any(|other| other.sha256.contains_key(*file));
            let own = pinned.sha256.keys().filter(|file| !is_shared(file));
            own.cloned().collect()
        }
        None => unpinned(project, name),
    };
    if pinned.is_none() && files.is_empty() {
        let failure = Failure::new(format!("the project has no plugin {}", quote(name)));
        let names = lock.plugins.keys().map(String::as_str);
        return Err(match nearest(name, names) {
            Some(meant) => failure.help(format!("did you mean `{meant}`?")),
            None => failure.help("`spec-engine plugins verify` shows what it has"),
        });
    }
    let mut out = std::io::stdout().lock();
    let root = project.path(Path::new(""));
    for file in &files {
        if output::remove(&root, file)? {
            writeln!(out, "removed {}", visible(&project.path(Path::new(file)).display().to_string()))?;
        }
    }
    if pinned.is_some() {
        let text = lock.to_text();
        let lock = NewFile { path: LOCK_FILE.to_owned(), content: text.as_bytes() };
        output::place(&root, &[lock], &|_| true)?;
        writeln!(out, "{} is not pinned any more", visible(name))?;
    }
    Ok(Outcome::Clean)
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
