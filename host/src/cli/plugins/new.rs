//! `plugins new`: starts a plugin, in a folder with everything that it takes.

use std::path::{Path, PathBuf};

use crate::cli::args::{Kind, Language};
use crate::cli::{Failure, Outcome, output};
use crate::text::quote;

/// The contract, for the languages whose tools read it.
const CONTRACT: (&str, &str) = ("wit/plugin.wit", include_str!("../../../../wit/plugin.wit"));

macro_rules! files {
    ($folder:literal: $($name:literal),*) => {
        &[$(($name, include_str!(concat!("new/", $folder, "/", $name)))),*]
    };
}

/// What every plugin in Rust has.
const CRATE: &[(&str, &str)] = files!("rust": "Cargo.toml", "gitignore");
const RUST: &[(&str, &str)] = files!("rust": "README.md", "src/lib.rs");
const RUST_RULES: &[(&str, &str)] = files!("rust-rules": "README.md", "src/lib.rs");
const RUST_IMPORTER: &[(&str, &str)] = files!("rust-importer": "README.md", "src/lib.rs");
const JS: &[(&str, &str)] = files!("js": "README.md", "build.mjs", "gitignore", "package.json", "plugin.js");
const PYTHON: &[(&str, &str)] = files!("python": "README.md", "app.py", "build.sh", "gitignore", "requirements.txt");
const TERA: &[(&str, &str)] = files!("tera": "NAME.md.tera", "NAME.toml", "README.md");

/// Writes a plugin that works, for its author to change.
pub(super) fn run(
    name: &str,
    language: Language,
    kind: Kind,
    folder: Option<&Path>,
    sdk: Option<&Path>,
) -> anyhow::Result<Outcome> {
    if !is_name(name) {
        let failure = Failure::new(format!("{} cannot be the name of a plugin", quote(name)));
        return Err(failure
            .help("words of lower-case letters and digits with hyphens between them: my-inventory")
            .into());
    }
    let folder = folder.unwrap_or(Path::new(name));
    if folder.exists() {
        let failure = Failure::new(format!("{} is there already", folder.display()));
        return Err(failure.help("name another folder with --folder, or another name").into());
    }
    let built = format!("dist/{name}.wasm");
    let (files, contract, build, plugin) = match (language, kind) {
        (Language::Rust, kind) => (
            match kind {
                Kind::Renderer => [CRATE, RUST],
                Kind::Rules => [CRATE, RUST_RULES],
                Kind::Importer => [CRATE, RUST_IMPORTER],
            },
            false,
            "cargo build --release --target wasm32-unknown-unknown",
            format!("target/wasm32-unknown-unknown/release/{}.wasm", name.replace('-', "_")),
        ),
        (Language::Js, Kind::Renderer) => ([JS, &[]], true, "npm install && npm run build", built),
        (Language::Python, Kind::Renderer) => ([PYTHON, &[]], true, "sh build.sh", built),
        (Language::Tera, Kind::Renderer) => ([TERA, &[]], false, "", format!("{name}.md.tera")),
        (Language::Js | Language::Python | Language::Tera, Kind::Rules | Kind::Importer) => {
            let failure = Failure::new("only a renderer can be started in this language");
            return Err(failure
                .help("start it with --lang rust; in another one, build it for a world of wit/plugin.wit")
                .into());
        }
    };
    let sdk = sdk_requirement(sdk)?;
    let filled = |text: &str| {
        let text = text.replace("NAME_SNAKE", &name.replace('-', "_")).replace("NAME", name);
        text.replace("SDK_REQUIREMENT", &sdk)
    };
    let contract = contract.then_some(&CONTRACT).into_iter();
    let files: Vec<(PathBuf, String)> = files
        .into_iter()
        .flatten()
        // A file `.gitignore` here would hide files of this project.
        .map(|(path, text)| (filled(&path.replace("gitignore", ".gitignore")), filled(text)))
        .chain(contract.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
        .map(|(path, text)| (folder.join(path), text))
        .collect();
    output::files(files.iter().map(|(path, text)| (path.clone(), text.as_bytes())))?;
    println!("{} has a plugin that works. What next:\n", folder.display());
    println!("    cd {}", folder.display());
    if !build.is_empty() {
        println!("    {build}");
    }
    println!("    spec-engine plugins test");
    match kind {
        Kind::Renderer => println!("    spec-engine render DOCUMENT --plugin ./{plugin}"),
        Kind::Rules => println!("    spec-engine validate DOCUMENT --rules ./{plugin}"),
        Kind::Importer => println!("    spec-engine import ./{plugin} FILE"),
    }
    Ok(Outcome::Clean)
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= 64 && name.split('-').all(is_word)
}

/// Returns what Cargo.toml says of the SDK: the folder that the user names, else the version of this program.
fn sdk_requirement(sdk: Option<&Path>) -> anyhow::Result<String> {
    let Some(sdk) = sdk else { return Ok(format!("{:?}", env!("CARGO_PKG_VERSION"))) };
    if !sdk.join("Cargo.toml").is_file() {
        let failure = Failure::new(format!("{} is not the folder of the SDK: it has no Cargo.toml", sdk.display()));
        return Err(failure.help("it is plugins/sdk in the sources of spec-engine").into());
    }
    let path = std::path::absolute(sdk)?;
    Ok(format!("{{ path = {:?} }}", path.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{CRATE, JS, PYTHON, RUST, RUST_IMPORTER, RUST_RULES, TERA, is_name};

    #[test]
    fn what_is_on_disk_is_written() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("host/src/cli/plugins/new");
        let rust = [CRATE, RUST].concat();
        let all = [
            ("rust", rust.as_slice()),
            ("rust-rules", RUST_RULES),
            ("rust-importer", RUST_IMPORTER),
            ("js", JS),
            ("python", PYTHON),
            ("tera", TERA),
        ];
        assert_eq!(std::fs::read_dir(&root).unwrap().count(), all.len());
        for (folder, files) in all {
            let mut on_disk = BTreeSet::new();
            let mut folders = vec![root.join(folder)];
            while let Some(next) = folders.pop() {
                for entry in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
                    if entry.is_dir() {
                        folders.push(entry);
                    } else {
                        on_disk.insert(entry.strip_prefix(root.join(folder)).unwrap().to_str().unwrap().to_owned());
                    }
                }
            }
            assert_eq!(on_disk, files.iter().map(|(name, _)| (*name).to_owned()).collect());
        }
    }

    #[test]
    fn a_name_is_words_and_hyphens() {
        assert!(["a", "my-inventory", "x2-y"].iter().all(|name| is_name(name)));
        assert!(["", "-a", "a-", "a--b", "A", "a_b", "2x", "a-1", "../x", "é"].iter().all(|name| !is_name(name)));
    }
}
