//! Writes what a command made: to standard output, or to files that appear whole or not at all.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use spec_engine::render::Artifact;

use crate::failure::{Failure, Result};

/// Prints a value as JSON to standard output.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Writes artifacts: one to standard output where no path is given, else to a file, or into a folder if the path is
/// one or ends in a slash.
pub(super) fn artifacts(artifacts: &[Artifact], path: Option<&Path>) -> Result<()> {
    match (artifacts, path) {
        ([artifact], None) => {
            let mut out = std::io::stdout().lock();
            out.write_all(&artifact.content)?;
            out.flush()?;
            Ok(())
        }
        (_, None) => {
            let message = format!("the renderer made {} files, and standard output takes one", artifacts.len());
            Err(Failure::new(message).help("name a folder: --out diagrams/"))
        }
        (_, Some(path)) if is_folder(path) => into_folder(artifacts, path),
        ([artifact], Some(path)) => files([(path.to_owned(), artifact.content.as_slice())]),
        (_, Some(path)) => {
            let message =
                format!("the renderer made {} files, and {} is not a folder", artifacts.len(), path.display());
            Err(Failure::new(message).help(format!("write --out {}/", path.display())))
        }
    }
}

/// Says whether a path means a folder: it is one, or it ends in a slash.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Writes a file whole.
pub(super) fn file(path: &Path, content: &[u8]) -> Result<()> {
    files([(path.to_owned(), content)])
}

/// Writes artifacts into a folder.
pub(super) fn into_folder(artifacts: &[Artifact], folder: &Path) -> Result<()> {
    files(artifacts.iter().map(|artifact| {
        let path = artifact.path.split('/').fold(folder.to_owned(), |path, segment| path.join(segment));
        (path, artifact.content.as_slice())
    }))
}

/// Writes every file beside its place first, and moves them all when all are written.
pub(super) fn files<'a>(files: impl IntoIterator<Item = (PathBuf, &'a [u8])>) -> Result<()> {
    let mut written = Vec::new();
    for (path, content) in files {
        let failed = |error: std::io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot make the folder {}: {error}", folder.display())))?;
        let mut file = new_file(folder).map_err(failed)?;
        file.write_all(content).map_err(failed)?;
        written.push((file, path));
    }
    for (file, path) in written {
        let failed = |error: std::io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
        file.persist(&path).map_err(|error| failed(error.error))?;
    }
    Ok(())
}

/// Makes a temporary file with the permissions that a plain new file has.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".spec-engine-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The process's umask takes from these what it takes from every new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
