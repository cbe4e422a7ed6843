//! `plugins verify`: compares the files of the project's plugins with the lock.

use std::io::Write as _;
use std::path::Path;

use clap::Args;

use spec_engine::project::{LOCK_FILE, Lock, Project};
use spec_engine::text::{plural, visible};
use spec_engine::wasm::sha256;

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::report;

/// Compare the project's plugins with spec-engine.lock.
#[derive(Debug, Args)]
pub(super) struct Arguments {}

/// Prints of each pinned file whether it is as it was pinned, and names the plugins that are not pinned.
pub(super) fn run(Arguments {}: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let mut out = std::io::stdout().lock();
    let lock = Lock::read(project)?;
    let mut faults = 0;
    for (name, pinned) in &lock.plugins {
        for (file, sum) in &pinned.sha256 {
            let verdict = match std::fs::read(project.path(Path::new(file))) {
                Ok(bytes) if sha256(&bytes) == *sum => "as pinned".to_owned(),
                Ok(bytes) => format!("CHANGED: it has sha256:{}, and sha256:{sum} is pinned", sha256(&bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => "MISSING".to_owned(),
                Err(error) => format!("UNREADABLE: {error}"),
            };
            faults += usize::from(verdict != "as pinned");
            writeln!(out, "{}: {}: {verdict}", visible(name), visible(file))?;
        }
    }
    for folder in ["plugins", "templates"] {
        let folder = project.own_folder().join(folder);
        let mut files: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.is_file() && lock.pin(project, file).is_none()) {
            writeln!(out, "{}: not pinned", visible(&file.display().to_string()))?;
        }
    }
    if faults > 0 {
        let what = if faults == 1 { "1 file differs".to_owned() } else { format!("{faults} files differ") };
        report::note(&format!("{what} from {LOCK_FILE}: restore the files, or `plugins add` those that you trust"))?;
        return Ok(Outcome::Findings);
    }
    match lock.plugins.len() {
        0 => writeln!(out, "nothing is pinned: {LOCK_FILE} has no plugins")?,
        count => writeln!(out, "{}: every file is as pinned", plural(count, "plugin"))?,
    }
    Ok(Outcome::Clean)
}
