//! Changes the files of a folder: all that were asked for, or none. No link is followed in it, and what is no file is not replaced.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use spec_engine::text::visible;

use crate::failure::{Failure, Result};

/// A file that is to be put into a folder.
pub(crate) struct NewFile<'a> {
    /// Its path from the folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub content: &'a [u8],
}

/// Puts files into a folder, which is made where it is missing. A file that has these bytes already stays; whether another
/// one is replaced is for `may_replace` to say, by its path.
///
/// # Errors
/// A file may not be replaced, a link or something else stands at its place or on the way to it, or the system refuses to
/// write. Then everything is as it was before.
pub(crate) fn place(folder: &Path, files: &[NewFile<'_>], may_replace: &dyn Fn(&str) -> bool) -> Result<()> {
    change(folder, files, &[], may_replace).map(drop)
}

/// Removes files of a folder and puts others there, in this order: who is ended in the middle lacks files, and has none too
/// many. Returns which of those that go were there.
///
/// # Errors
/// As [`place`].
pub(crate) fn exchange(folder: &Path, gone: &[String], files: &[NewFile<'_>]) -> Result<Vec<String>> {
    change(folder, files, gone, &|_| true)
}

fn change(
    folder: &Path,
    files: &[NewFile<'_>],
    gone: &[String],
    may_replace: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let made = make_folder(folder).map_err(|error| unwritable(folder, "", &error))?;
    let placed = change_in(folder, files, gone, may_replace);
    if placed.is_err() {
        for made in made.iter().rev() {
            // Where something else has come into it meanwhile, it stays.
            let _ = fs::remove_dir(made);
        }
    }
    placed
}

/// Makes a folder with those around it, and returns what was made, the outermost first.
fn make_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let mut made: Vec<PathBuf> = folder.ancestors().take_while(missing).map(Path::to_owned).collect();
    made.reverse();
    fs::create_dir_all(folder)?;
    Ok(made)
}

fn change_in(
    folder: &Path,
    files: &[NewFile<'_>],
    gone: &[String],
    may_replace: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = Dir::open_ambient_dir(folder, ambient_authority()).map_err(|error| unwritable(folder, "", &error))?;
    let (mut changed, mut foreign) = (Vec::new(), Vec::new());
    for file in files {
        match state(&root, file).map_err(|obstacle| obstacle.failure(folder, file))? {
            State::Same => {}
            State::Other if !may_replace(&file.path) => foreign.push(file),
            State::New | State::Other => changed.push(file),
        }
    }
    if let [first, rest @ ..] = foreign.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
        let shown = shown(folder, &first.path);
        let failure = Failure::new(format!(
            "cannot write {shown}{more}: it exists, and was not written there by spec-engine; nothing was written"
        ));
        return Err(failure.help("name another folder, or replace it: --overwrite"));
    }
    if changed.is_empty() && gone.is_empty() {
        return Ok(Vec::new());
    }
    let stage = tempfile::Builder::new().prefix(".spec-engine-").tempdir_in(folder);
    let stage = stage.map_err(|error| unwritable(folder, "", &error))?;
    let within = root.open_dir_nofollow(stage.path().file_name().unwrap_or_default());
    let mut journal = Journal {
        root: &root,
        stage: within.map_err(|error| unwritable(folder, "", &error))?,
        folders: Vec::new(),
        files: Vec::new(),
    };
    let number = |index: usize| format!("new-{index}");
    for (index, file) in changed.iter().enumerate() {
        journal.prepare(&number(index), file).map_err(|error| unwritable(folder, &file.path, &error))?;
    }
    let mut removed = Vec::new();
    for path in gone {
        match journal.take(path) {
            Ok(true) => removed.push(path.clone()),
            Ok(false) => {}
            Err(error) => {
                journal.undo();
                return Err(Failure::new(format!("cannot remove {}: {error}; nothing was", shown(folder, path))));
            }
        }
    }
    for (index, file) in changed.iter().enumerate() {
        if let Err(error) = journal.put(&number(index), &file.path) {
            journal.undo();
            return Err(unwritable(folder, &file.path, &error));
        }
    }
    Ok(removed)
}

/// What is at the place of a new file.
enum State {
    /// Nothing.
    New,
    /// A file with its bytes.
    Same,
    /// A file with others.
    Other,
}

/// Why nothing can be put at a place.
enum Obstacle {
    /// The path from the folder at which a link stands.
    Link(String),
    /// The path at which a folder is needed, and something else is.
    NotAFolder(String),
    /// Something that is no file is at its place.
    NotAFile,
    System(io::Error),
}

impl Obstacle {
    fn failure(self, folder: &Path, file: &NewFile<'_>) -> Failure {
        let failure = unwritable(folder, &file.path, &self.into());
        failure.help("remove it, or name another folder")
    }
}

impl From<io::Error> for Obstacle {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Obstacle> for io::Error {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Link(path) => {
                Self::new(io::ErrorKind::InvalidInput, format!("{} is a link, which is not followed", visible(&path)))
            }
            Obstacle::NotAFolder(path) => {
                Self::new(io::ErrorKind::InvalidInput, format!("{} is not a folder", visible(&path)))
            }
            Obstacle::NotAFile => Self::new(io::ErrorKind::InvalidInput, "it is there, and is not a file"),
            Obstacle::System(error) => error,
        }
    }
}

fn state(root: &Dir, file: &NewFile<'_>) -> std::result::Result<State, Obstacle> {
    let Some((parent, name)) = parent(root, &file.path)? else { return Ok(State::New) };
    let there = match parent.symlink_metadata(name) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::New),
        Err(error) => return Err(error.into()),
    };
    if there.is_symlink() {
        return Err(Obstacle::Link(file.path.clone()));
    }
    if !there.is_file() {
        return Err(Obstacle::NotAFile);
    }
    if there.len() != file.content.len() as u64 {
        return Ok(State::Other);
    }
    let mut old = Vec::new();
    let read = parent.open_with(name, OpenOptions::new().read(true).follow(FollowSymlinks::No));
    // What cannot be read is another one.
    let is_same = read.and_then(|file| file.take(there.len()).read_to_end(&mut old)).is_ok() && old == file.content;
    Ok(if is_same { State::Same } else { State::Other })
}

/// The folder that a path leads into, and the name of the file in it; `None` where a folder on the way is missing.
fn parent<'p>(root: &Dir, path: &'p str) -> std::result::Result<Option<(Dir, &'p str)>, Obstacle> {
    let mut folder = root.try_clone()?;
    let mut start = 0;
    for (end, _) in path.match_indices('/') {
        let name = &path[start..end];
        start = end + 1;
        match folder.symlink_metadata(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
            Ok(there) if there.is_symlink() => return Err(Obstacle::Link(path[..end].to_owned())),
            Ok(there) if !there.is_dir() => return Err(Obstacle::NotAFolder(path[..end].to_owned())),
            Ok(_) => folder = folder.open_dir_nofollow(name)?,
        }
    }
    Ok(Some((folder, &path[start..])))
}

/// What was done, so that it can be undone.
struct Journal<'a> {
    root: &'a Dir,
    /// A folder beside the files, on the same file system: new files before they are at their place, and replaced ones.
    stage: Dir,
    /// The folders that were made, by their path.
    folders: Vec<String>,
    /// Each place that was changed: its path, and the name of the file that was there.
    files: Vec<(String, Option<String>)>,
}

impl Journal<'_> {
    /// Writes a new file, with the permissions of the one that it is to replace.
    fn prepare(&self, name: &str, file: &NewFile<'_>) -> io::Result<()> {
        let mut new = self.stage.open_with(name, OpenOptions::new().write(true).create_new(true))?;
        new.write_all(file.content)?;
        let Some((parent, old)) = parent(self.root, &file.path)? else { return Ok(()) };
        // Who may not write into a file does not replace it either.
        match parent.open_with(old, OpenOptions::new().append(true).follow(FollowSymlinks::No)) {
            Ok(old) => new.set_permissions(old.metadata()?.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Moves a new file to its place.
    fn put(&mut self, new: &str, path: &str) -> io::Result<()> {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if let Some((parent, name)) = parent(self.root, folder)?
                && parent.symlink_metadata(name).is_err()
            {
                parent.create_dir(name)?;
                self.folders.push(folder.to_owned());
            }
        }
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let (folder, name) = parent(self.root, path)?.ok_or_else(missing)?;
        let mut old = None;
        if let Ok(there) = folder.symlink_metadata(name) {
            if !there.is_file() {
                return Err(Obstacle::NotAFile.into());
            }
            let kept = format!("old-{}", self.files.len());
            // With a second name for the old file there is one at its place all the time.
            let kept_beside = folder.hard_link(name, &self.stage, &kept);
            kept_beside.or_else(|_| folder.rename(name, &self.stage, &kept))?;
            old = Some(kept);
        }
        self.files.push((path.to_owned(), old));
        self.stage.rename(new, &folder, name)
    }

    /// Takes a file away. Returns whether it was there.
    fn take(&mut self, path: &str) -> io::Result<bool> {
        let Some((folder, name)) = parent(self.root, path)? else { return Ok(false) };
        match folder.symlink_metadata(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
            Ok(there) if there.is_dir() => return Err(Obstacle::NotAFile.into()),
            Ok(_) => {}
        }
        let kept = format!("old-{}", self.files.len());
        folder.rename(name, &self.stage, &kept)?;
        self.files.push((path.to_owned(), Some(kept)));
        Ok(true)
    }

    /// Puts everything back.
    fn undo(&self) {
        for (path, old) in self.files.iter().rev() {
            let Ok(Some((folder, name))) = parent(self.root, path) else { continue };
            // Nothing more can be done about what fails here, and what failed first is reported.
            let _ = match old {
                Some(old) => self.stage.rename(old, &folder, name),
                None => folder.remove_file(name),
            };
        }
        for folder in self.folders.iter().rev() {
            let _ = self.root.remove_dir(folder);
        }
    }
}

fn unwritable(folder: &Path, path: &str, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}; nothing was written", shown(folder, path)))
}

fn shown(folder: &Path, path: &str) -> String {
    let path = if path.is_empty() { folder.to_owned() } else { folder.join(path) };
    visible(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use cap_fs_ext::DirExt as _;

    use super::{Dir, Journal, NewFile, ambient_authority, exchange};

    #[test]
    fn what_was_done_is_undone() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "old").unwrap();
        fs::create_dir(at("stage")).unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        let stage = root.open_dir_nofollow("stage").unwrap();
        let mut journal = Journal { root: &root, stage, folders: Vec::new(), files: Vec::new() };
        for (name, path) in [("new-0", "a"), ("new-1", "b/c/d"), ("new-2", "e")] {
            journal.prepare(name, &NewFile { path: path.to_owned(), content: b"new" }).unwrap();
        }
        journal.put("new-0", "a").unwrap();
        journal.put("new-1", "b/c/d").unwrap();
        assert_eq!((fs::read(at("a")).unwrap(), fs::read(at("b/c/d")).unwrap()), (b"new".to_vec(), b"new".to_vec()));
        // Somebody else was faster.
        fs::create_dir(at("e")).unwrap();
        journal.put("new-2", "e").unwrap_err();
        journal.undo();
        assert_eq!(fs::read(at("a")).unwrap(), b"old");
        assert!(!at("b").exists() && at("e").is_dir());
    }

    #[test]
    fn files_go_and_come_in_one_step() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let new = |path: &str| NewFile { path: path.to_owned(), content: b"new" };
        fs::write(at("a"), "old").unwrap();
        fs::create_dir(at("d")).unwrap();
        // What cannot go lets everything stay.
        exchange(folder.path(), &["a".to_owned(), "d".to_owned()], &[new("lock")]).unwrap_err();
        assert!(at("a").exists() && at("d").is_dir() && !at("lock").exists());
        let removed = exchange(folder.path(), &["a".to_owned(), "never".to_owned()], &[new("lock")]).unwrap();
        assert_eq!(removed, ["a"]);
        assert!(!at("a").exists() && at("lock").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside");
    }
}
