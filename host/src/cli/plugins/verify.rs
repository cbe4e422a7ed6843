//! `plugins verify`: holds the files of the project's plugins against the lock.

use std::path::Path;

use crate::cli::lock::{FILE, Lock};
use crate::cli::project::Project;
use crate::cli::{Outcome, report};
use crate::text::visible;
use crate::wasm::sha256;

/// Says of each pinned file whether it is as it was pinned, and names the plugins that are not pinned.
pub(super) fn run(project: &Project) -> anyhow::Result<Outcome> {
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
            println!("{}: {}: {verdict}", visible(name), visible(file));
        }
    }
    for folder in ["plugins", "templates"] {
        let folder = project.own_folder().join(folder);
        let mut files: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.is_file() && lock.pin(project, file).is_none()) {
            println!("{}: not pinned", visible(&file.display().to_string()));
        }
    }
    if faults > 0 {
        let what = if faults == 1 { "1 file differs".to_owned() } else { format!("{faults} files differ") };
        report::note(&format!("{what} from {FILE}: bring back what was, or `plugins add` what is to be trusted"))?;
        return Ok(Outcome::Findings);
    }
    println!(
        "{}",
        match lock.plugins.len() {
            0 => format!("nothing is pinned: {FILE} has no plugins"),
            count => format!("{}: every file is as pinned", report::plural(count, "plugin")),
        }
    );
    Ok(Outcome::Clean)
}
