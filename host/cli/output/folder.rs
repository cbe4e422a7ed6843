//! Writes artifacts into a folder that the user names. A list in that folder has the files that were written into it, so
//! that they, and no others, are replaced by the next run; it is to be committed with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spec_engine::file;
use spec_engine::render::{Artifact, check_paths};

use super::inputs::InputFiles;
use super::place::{NewFile, place};
use crate::failure::{Failure, Result};

/// The name of the list. No artifact has it: it starts with a dot.
const LIST: &str = ".spec-engine-files";

/// The most bytes of the list.
const LIST_BYTES: u64 = 1 << 20;

const HEAD: &str = "# Written by spec-engine: the files here that it may replace. Commit it with them.\n";

/// Whether files are replaced that are not known to be written by this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// All but those of the project and of this run.
    Yes,
    /// None.
    No,
}

impl From<bool> for Overwrite {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// Writes artifacts into a folder: all of them, or none. Returns their paths.
///
/// # Errors
/// The path of one is refused, one is a file of the project or an input of the command, one would replace a file that was
/// not written by this program, or the system refuses to write.
pub(super) fn write(
    artifacts: &[Artifact],
    folder: &Path,
    overwrite: Overwrite,
    inputs: &InputFiles,
) -> Result<Vec<PathBuf>> {
    let checked = check_paths(artifacts.iter().map(|artifact| artifact.path.as_str()));
    checked.map_err(|error| Failure::new(error.to_string()).help("report it to the author of the plugin"))?;
    let paths: Vec<PathBuf> = artifacts.iter().map(|artifact| folder.join(&artifact.path)).collect();
    paths.iter().try_for_each(|path| inputs.check_artifact(path))?;
    let before = read_list(folder)?;
    let is_there = |path: &&String| folder.join(path).symlink_metadata().is_ok_and(|there| there.is_file());
    let mut listed: BTreeSet<&str> = before.iter().filter(is_there).map(String::as_str).collect();
    listed.extend(artifacts.iter().map(|artifact| artifact.path.as_str()));
    let list = format!("{HEAD}{}\n", listed.into_iter().collect::<Vec<_>>().join("\n"));
    let new = artifacts.iter().map(|artifact| NewFile { path: artifact.path.clone(), content: &artifact.content });
    let mut files: Vec<NewFile<'_>> = new.collect();
    files.push(NewFile { path: LIST.to_owned(), content: list.as_bytes() });
    let may_replace = |path: &str| overwrite == Overwrite::Yes || path == LIST || before.contains(path);
    place(folder, &files, &may_replace)?;
    Ok(paths)
}

/// The paths in the list of a folder; none where there is no list. What no artifact could be called does not count.
fn read_list(folder: &Path) -> Result<BTreeSet<String>> {
    let path = folder.join(LIST);
    let text = match file::read(&path, LIST_BYTES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let failure = Failure::new(format!("cannot read {}: {error}", path.display()));
            return Err(failure.help("remove it, and replace what is in the folder once: --overwrite"));
        }
    };
    let is_path = |line: &&str| check_paths([*line]).is_ok();
    Ok(text.lines().filter(is_path).map(str::to_owned).collect())
}
