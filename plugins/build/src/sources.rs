//! What a component is made of.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::sha256;

/// The SHA-256 of all that a guest's component is made of, as hexadecimal text.
///
/// That is: `Cargo.toml` and `src/` of the guest, of the SDK and of the other crates in `plugins/` that it is built on,
/// `wit/`, and the version of the workspace. The files are taken in the order of their paths below `root`, with `/` between segments and without carriage returns, so that the
/// answer is the same on every machine.
///
/// # Errors
/// A file or folder that cannot be read.
pub fn sources_sha256(root: &Path, guest: &str) -> Result<String> {
    let mut paths = Vec::new();
    for folder in crates(root, guest)? {
        let folder = format!("plugins/{folder}");
        paths.push(format!("{folder}/Cargo.toml"));
        list(root, &format!("{folder}/src"), &mut paths)?;
    }
    list(root, "wit", &mut paths)?;
    paths.sort_unstable();

    let mut all = format!("version {}\n", env!("CARGO_PKG_VERSION")).into_bytes();
    for path in paths {
        let mut content = fs::read(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        content.retain(|&byte| byte != b'\r');
        all.extend(format!("{path} {}\n", content.len()).into_bytes());
        all.extend(content);
    }
    Ok(sha256(&all))
}

/// The folders in `plugins/` of a guest, of the SDK, and of what their manifests name as `path = "../NAME"`.
fn crates(root: &Path, guest: &str) -> Result<Vec<String>> {
    let mut crates = vec![guest.to_owned(), "sdk".to_owned()];
    let mut read = 0;
    while let Some(folder) = crates.get(read) {
        let path = format!("plugins/{folder}/Cargo.toml");
        let manifest = fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        let named = manifest.split("path = \"../").skip(1).filter_map(|rest| rest.split('"').next());
        for name in named.filter(|name| !name.contains('/')) {
            if !crates.iter().any(|known| known == name) {
                crates.push(name.to_owned());
            }
        }
        read += 1;
    }
    Ok(crates)
}

/// Lists the files in a folder and in those inside it, as paths below `root`.
fn list(root: &Path, folder: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("cannot list {folder}"))? {
        let entry = entry.with_context(|| format!("cannot list {folder}"))?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    const FILES: [(&str, &str); 6] = [
        ("plugins/d2/Cargo.toml", "[package]\n"),
        ("plugins/d2/src/lib.rs", "//! D2\n"),
        ("plugins/d2/src/shapes/mod.rs", "//! Shapes\n"),
        ("plugins/sdk/Cargo.toml", "[package]\n"),
        ("plugins/sdk/src/lib.rs", "//! SDK\n"),
        ("wit/plugin.wit", "package a:b;\n"),
    ];

    #[test]
    fn every_source_counts() {
        let first = sources_sha256(tree(&FILES).path(), "d2").unwrap();
        assert_eq!(first.len(), 64);
        for i in 0..FILES.len() {
            let mut files = FILES;
            files[i].1 = "changed";
            assert_ne!(sources_sha256(tree(&files).path(), "d2").unwrap(), first, "{}", FILES[i].0);
        }
    }

    #[test]
    fn crates_that_a_guest_is_built_on_count() {
        let with = |text: &'static str| {
            let mut files = FILES.to_vec();
            files[0].1 = "[dependencies]\na = { path = \"../a\" }\n";
            files.extend([
                ("plugins/a/Cargo.toml", "[dependencies]\nb = { version = \"1\", path = \"../b\" }\n"),
                ("plugins/a/src/lib.rs", "//! A\n"),
                ("plugins/b/Cargo.toml", "[package]\n"),
                ("plugins/b/src/lib.rs", text),
            ]);
            sources_sha256(tree(&files).path(), "d2").unwrap()
        };
        assert_ne!(with("//! B\n"), with("//! C\n"));
    }

    #[test]
    fn neither_folder_nor_line_ends_count() {
        let windows = FILES.map(|(path, content)| (path, content.replace('\n', "\r\n")));
        let windows = windows.each_ref().map(|(path, content)| (*path, content.as_str()));
        assert_eq!(
            sources_sha256(tree(&FILES).path(), "d2").unwrap(),
            sources_sha256(tree(&windows).path(), "d2").unwrap()
        );
    }

    #[test]
    fn a_guest_that_is_not_there_is_an_error() {
        assert!(sources_sha256(tree(&FILES).path(), "dot").is_err());
    }
}
