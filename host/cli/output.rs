//! Writes what a command made: to standard output, or to files that appear whole or not at all.

mod folder;
mod inputs;
mod place;

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use spec_engine::file::folder_of;
use spec_engine::render::Artifact;
use spec_engine::text::{plural, visible};

use crate::failure::{Failure, Result};
use crate::report;

pub(crate) use folder::Overwrite;
pub(crate) use inputs::{InputFiles, USUAL_NAMES, twice};
pub(crate) use place::{NewFile, exchange};

/// Prints a value as JSON to standard output.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Writes artifacts: one to standard output where no path or `-` is given, else to a file, or into a folder if the path
/// is one or ends in a slash. Returns the paths of what is now in that folder.
pub(super) fn artifacts(
    artifacts: &[Artifact],
    path: Option<&Path>,
    overwrite: Overwrite,
    inputs: &InputFiles,
) -> Result<Vec<PathBuf>> {
    match (artifacts, path.filter(|path| !is_stdout(path))) {
        ([artifact], None) => to_stdout(&artifact.content).map(|()| Vec::new()),
        (_, None) => {
            let message = format!("the renderer made {} files, and standard output takes one", artifacts.len());
            Err(Failure::new(message).help("name a folder: --out diagrams/"))
        }
        (_, Some(path)) if is_folder(path) => into_folder(artifacts, path, overwrite, inputs),
        ([artifact], Some(path)) => file(path, &artifact.content, inputs).map(|()| Vec::new()),
        (_, Some(path)) => {
            let message =
                format!("the renderer made {} files, and {} is not a folder", artifacts.len(), path.display());
            Err(Failure::new(message).help(format!("write --out {}/", path.display())))
        }
    }
}

/// Whether a path means a folder: it is one, or it ends in a slash.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Whether a path means standard output: `-`, or a name that the system has for it.
pub(super) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path.as_os_str() == *name)
}

fn to_stdout(content: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(content)?;
    out.flush()?;
    Ok(())
}

/// Writes a file whole; `-` is standard output.
pub(super) fn file(path: &Path, content: &[u8], inputs: &InputFiles) -> Result<()> {
    files([(path.to_owned(), content)], inputs)
}

/// Writes artifacts into a folder, all of them or none, and returns their paths.
pub(super) fn into_folder(
    artifacts: &[Artifact],
    folder: &Path,
    overwrite: Overwrite,
    inputs: &InputFiles,
) -> Result<Vec<PathBuf>> {
    folder::write(artifacts, folder, overwrite, inputs)
}

/// Tells which files were written into a folder.
pub(super) fn tell_written(paths: &[PathBuf]) -> Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = paths.iter().map(|path| format!("\n  {}", visible(&path.display().to_string()))).collect();
    Ok(report::note(&format!("wrote {}:{}", plural(paths.len(), "file"), names.concat()))?)
}

/// Writes every file beside its place first, and moves them all when all are written.
///
/// # Errors
/// One of them is an input of the command, or it cannot be written.
pub(super) fn files<'a>(files: impl IntoIterator<Item = (PathBuf, &'a [u8])>, inputs: &InputFiles) -> Result<()> {
    let files: Vec<(PathBuf, &[u8])> = files.into_iter().collect();
    files.iter().try_for_each(|(path, _)| inputs.check(path))?;
    let mut prepared = Vec::new();
    for (path, content) in files {
        let file = PendingFile::new(&path, content).map_err(|error| unwritable(&path, &error))?;
        prepared.push((path, file));
    }
    for (path, file) in prepared {
        match file {
            PendingFile::Stdout(content) => to_stdout(content)?,
            PendingFile::Special(content) => {
                let file = OpenOptions::new().append(true).open(&path);
                file.and_then(|mut file| file.write_all(content)).map_err(|error| unwritable(&path, &error))?;
            }
            PendingFile::Beside(file, place) => {
                file.persist(place).map_err(|error| unwritable(&path, &error.error))?;
            }
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

/// The new content of a file that is not at its place yet.
enum PendingFile<'a> {
    /// For standard output.
    Stdout(&'a [u8]),
    /// For what is not replaced but written into: a device, a pipe.
    Special(&'a [u8]),
    /// Beside the file that it replaces.
    Beside(NamedTempFile, PathBuf),
}

impl<'a> PendingFile<'a> {
    fn new(path: &Path, content: &'a [u8]) -> io::Result<Self> {
        if is_stdout(path) {
            return Ok(Self::Stdout(content));
        }
        if is_special(path) {
            return Ok(Self::Special(content));
        }
        let place = follow_links(path)?;
        let folder = folder_of(&place);
        fs::create_dir_all(folder).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot make the folder {}: {error}", folder.display()))
        })?;
        let mut file = new_file(folder)?;
        file.write_all(content)?;
        if place.exists() {
            // Who may not write into a file does not replace it either.
            let old = OpenOptions::new().append(true).open(&place)?;
            file.as_file().set_permissions(old.metadata()?.permissions())?;
        }
        Ok(Self::Beside(file, place))
    }
}

/// Whether a path leads to something that cannot be replaced by a file: a device, a pipe, an open stream of this process.
fn is_special(path: &Path) -> bool {
    let is_stream = ["/dev/stderr", "/dev/fd", "/proc"].iter().any(|place| path.starts_with(place));
    is_stream || fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// The most symbolic links that lead to a file, as on Linux.
const MAX_LINKS: usize = 40;

/// The file that a path leads to; it need not exist.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "too many symbolic links"))
}

/// Makes a temporary file with the permissions that a plain new file has.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".spec-engine-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The process's umask takes from these what it takes from every new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
