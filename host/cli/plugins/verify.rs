//! `plugins verify`: compares the files of the project's plugins with the lock.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::file;
use spec_engine::project::{LOCK_FILE, Lock, Project};
use spec_engine::text::{plural, quote, visible};
use spec_engine::wasm::sha256;

use crate::failure::Result;
use crate::outcome::Outcome;
use crate::report;

/// The most bytes of a file that is compared.
const MAX_BYTES: u64 = 256 << 20;

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
            let path = project.path(Path::new(file));
            let read = match project.check_inside(&path) {
                Ok(()) => file::read(&path, MAX_BYTES),
                Err(error) => Err(std::io::Error::other(error.to_string())),
            };
            let verdict = match read {
                Ok(bytes) if sha256(&bytes) == *sum => "as pinned".to_owned(),
                Ok(bytes) => format!("CHANGED: it has sha256:{}, and sha256:{sum} is pinned", sha256(&bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => "MISSING".to_owned(),
                Err(error) => format!("UNREADABLE: {error}"),
            };
            faults += usize::from(verdict != "as pinned");
            writeln!(out, "{}: {}: {verdict}", visible(name), visible(file))?;
        }
    }
    for file in files(project) {
        // The project's own scripts need no pin: only one that has the name of a pinned rule is of interest.
        let is_script = file.extension().is_some_and(|extension| extension == "rhai" || extension == "json");
        let is_own_rule = is_script && !taken_name(&file).is_some_and(|name| lock.has(name));
        if is_own_rule || lock.pin(project, &file).is_some() {
            continue;
        }
        let verdict = match taken_name(&file).filter(|name| lock.has(name)) {
            Some(name) => {
                faults += 1;
                format!("NOT PINNED, and {} is: it would run in its place, or with it", quote(name))
            }
            None => "not pinned".to_owned(),
        };
        writeln!(out, "{}: {verdict}", visible(&file.display().to_string()))?;
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

/// The files that a project's plugins may be made of: in its own folders, and those that its project file names.
fn files(project: &Project) -> Vec<PathBuf> {
    let own = ["plugins", "templates", "rules"].map(|folder| project.own_folder().join(folder));
    let rows = project.settings.plugins.iter().chain(&project.settings.scripts).map(|path| project.path(path));
    let mut files: Vec<PathBuf> = Vec::new();
    // What leads out of the project is not used, and not looked at either.
    for path in own.into_iter().chain(rows).filter(|path| project.check_inside(path).is_ok()) {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else {
            files.push(path);
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    files.dedup();
    files
}

/// The name of the plugin that a file is, or belongs to.
fn taken_name(file: &Path) -> Option<&str> {
    let is_part = file.extension().is_some_and(|extension| ["wasm", "tera", "toml", "rhai"].iter().any(|it| extension == *it));
    file.file_name()?.to_str()?.split('.').next().filter(|_| is_part)
}
