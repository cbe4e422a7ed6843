//! Snapshots of what a plugin makes: files in a folder, to be committed with the plugin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fixtures;
use super::abilities::snapshot_files;
use super::samples::slashed;
use super::trial::{Trial, Verdict};
use crate::output::{self, InputFiles};

/// The snapshots of one plugin.
pub(super) struct Snapshots {
    folder: PathBuf,
}

impl Snapshots {
    /// Keeps them in a folder of the plugin's name.
    pub fn of(folder: &Path, plugin: &str) -> Self {
        Self { folder: folder.join(plugin) }
    }

    /// Compares what the plugin makes with the snapshots.
    pub fn compare(&self, trial: &Trial<'_>) -> Verdict {
        let made = self.made(trial)?;
        if !self.folder.is_dir() {
            return Ok(format!("no snapshots in {} yet: --update writes them", slashed(&self.folder)));
        }
        let mut stored = BTreeMap::new();
        let unreadable = |error| format!("cannot read the snapshots in {}: {error}", slashed(&self.folder));
        read(&self.folder, Path::new(""), &mut stored).map_err(unreadable)?;
        let faults: Vec<String> = made
            .keys()
            .chain(stored.keys().filter(|path| !made.contains_key(*path)))
            .filter_map(|path| Some(format!("{path}: {}", difference(stored.get(path), made.get(path))?)))
            .collect();
        match faults.as_slice() {
            [] => Ok(format!("{} snapshots are unchanged", made.len())),
            _ => Err(format!(
                "its output differs from the snapshots in {} (--update accepts it):\n{}",
                slashed(&self.folder),
                faults.join("\n")
            )),
        }
    }

    /// Writes what the plugin makes as snapshots.
    pub fn update(&self, trial: &Trial<'_>) -> Verdict {
        let made = self.made(trial)?;
        let failed = |error: std::io::Error| format!("cannot replace {}: {error}", slashed(&self.folder));
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        let files = made.iter().map(|(path, content)| (self.folder.join(path), content.as_slice()));
        output::files(files, &InputFiles::default()).map_err(|failure| failure.message)?;
        Ok(format!("{} snapshots written into {}: look at them", made.len(), slashed(&self.folder)))
    }

    /// Renders every system but the large one, since a person has to look at them, and imports every sample.
    fn made(&self, trial: &Trial<'_>) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let mut made = BTreeMap::new();
        if trial.plugin.abilities().is_ok_and(|abilities| abilities.renders) {
            for fixture in trial.systems.iter().filter(|fixture| fixture.name != fixtures::LARGEST) {
                for artifact in trial.render(fixture)?.artifacts {
                    made.insert(format!("{}/{}", fixture.name, artifact.path), artifact.content);
                }
            }
        }
        if let Ok(Some(component)) = trial.plugin.component() {
            for sample in trial.imports {
                made.extend(snapshot_files(&trial.imported(component, sample)?, sample));
            }
        }
        Ok(made)
    }
}

/// How two files differ, if they do.
fn difference(stored: Option<&Vec<u8>>, made: Option<&Vec<u8>>) -> Option<String> {
    let (Some(stored), Some(made)) = (stored, made) else {
        return Some(if stored.is_none() { "new" } else { "not made any more" }.to_owned());
    };
    if stored == made {
        return None;
    }
    let (Ok(stored), Ok(made)) = (std::str::from_utf8(stored), std::str::from_utf8(made)) else {
        return Some(format!("other bytes, {} instead of {}", made.len(), stored.len()));
    };
    let (mut old, mut new) = (stored.lines(), made.lines());
    for number in 1.. {
        let (old, new) = (old.next(), new.next());
        if old != new || old.is_none() {
            let shown = |line: Option<&str>| line.map_or_else(|| "(ends)".to_owned(), |line| format!("{line:?}"));
            return Some(format!("line {number}:\n- {}\n+ {}", shown(old), shown(new)));
        }
    }
    None
}

fn read(root: &Path, below: &Path, into: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read(root, &path, into)?;
        } else {
            into.insert(slashed(&path), std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let of = |old: &str, new: &str| difference(Some(&bytes(old)), Some(&bytes(new)));
        assert_eq!(of("a\nb\n", "a\nb\n"), None);
        assert_eq!(of("a\nb\n", "a\nc\n").as_deref(), Some("line 2:\n- \"b\"\n+ \"c\""));
        assert_eq!(of("a\n", "a\nb\n").as_deref(), Some("line 2:\n- (ends)\n+ \"b\""));
        assert_eq!(of("a", "a\n").as_deref(), Some("line 2:\n- (ends)\n+ (ends)"));
        assert_eq!(difference(None, Some(&bytes("a"))).as_deref(), Some("new"));
        assert_eq!(difference(Some(&vec![255]), Some(&vec![254, 1])).as_deref(), Some("other bytes, 2 instead of 1"));
    }
}
