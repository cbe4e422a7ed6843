//! `plugins new`: starts a plugin, in a folder with everything that it takes.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use spec_engine::text::quote;

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};

/// Start a plugin of your own: a folder with everything that it takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The plugin's name: words of lower-case letters and digits with hyphens between them.
    name: String,
    /// The language that it is written in.
    #[arg(long = "lang", value_name = "LANGUAGE")]
    language: Language,
    /// What it does. A template is a renderer.
    #[arg(long, value_name = "KIND", default_value = "renderer")]
    kind: Kind,
    /// Where to make it. Without it: a folder of the plugin's name, here.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The folder of the Rust SDK, plugins/sdk of spec-engine's sources. Without it: a copy of the SDK in the new folder.
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
}

/// The language that a plugin is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// A component in Rust.
    Rust,
    /// A component in JavaScript.
    #[value(alias = "javascript")]
    Js,
    /// A component in Python.
    Python,
    /// A template.
    Tera,
}

/// What a plugin does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Draw a document.
    Renderer,
    /// Check a document.
    Rules,
    /// Make a document of other files.
    Importer,
}

/// The contract, for the languages whose tools read it.
const CONTRACT: (&str, &str) = ("wit/plugin.wit", include_str!("../../../wit/plugin.wit"));

macro_rules! files {
    ($folder:literal: $($name:literal),*) => {
        &[$(($name, include_str!(concat!("new/", $folder, "/", $name)))),*]
    };
}

/// What every plugin in Rust has.
const CRATE: &[(&str, &str)] = files!("rust": "manifest.toml", "gitignore");
/// The manifest of the SDK's copy.
const SDK_MANIFEST: &[(&str, &str)] = files!("rust": "sdk/manifest.toml");
/// The sources of the SDK: `new/sdk` is a link to plugins/sdk/src, since a package has no folder with a manifest in it.
const SDK: &[(&str, &str)] = files!(
    "sdk": "allocator.rs", "append.rs", "bindings.rs", "bump.rs", "changes.rs", "classes.rs",
    "contract.rs", "direction.rs",
    "grouping.rs", "host.rs", "importer.rs", "keys.rs", "lib.rs", "link.rs", "links.rs", "options.rs", "plugin.rs", "print.rs", "quote.rs",
    "quote/csv.rs", "quote/d2.rs", "quote/dot.rs", "quote/markdown.rs", "quote/mermaid.rs",
    "quote/mermaid/hazards.rs", "quote/mermaid/tests.rs", "quote/xml.rs", "rules.rs"
);
const RUST: &[(&str, &str)] = files!("rust": "README.md", "src/lib.rs");
const RUST_RULES: &[(&str, &str)] = files!("rust-rules": "README.md", "src/lib.rs");
const RUST_IMPORTER: &[(&str, &str)] = files!("rust-importer": "README.md", "src/lib.rs");
/// What every plugin in JavaScript has.
const PACKAGE: &[(&str, &str)] =
    files!("js": "build.mjs", "gitignore", "guest.js", "npmrc", "package-lock.json", "package.json");
const JS: &[(&str, &str)] = files!("js": "README.md", "plugin.js");
const JS_RULES: &[(&str, &str)] = files!("js-rules": "README.md", "plugin.js");
const JS_IMPORTER: &[(&str, &str)] = files!("js-importer": "README.md", "plugin.js");
/// What every plugin in Python has.
const BUILD: &[(&str, &str)] = files!("python": "build.sh", "gitignore", "requirements.txt");
const PYTHON: &[(&str, &str)] = files!("python": "README.md", "app.py");
const PYTHON_RULES: &[(&str, &str)] = files!("python-rules": "README.md", "app.py");
const PYTHON_IMPORTER: &[(&str, &str)] = files!("python-importer": "README.md", "app.py");
const TERA: &[(&str, &str)] = files!("tera": "NAME.md.tera", "NAME.toml", "README.md");

/// What a plugin is started with.
struct Start {
    files: [&'static [(&'static str, &'static str)]; 2],
    contract: Option<&'static (&'static str, &'static str)>,
    /// The command that builds it; empty for a template.
    build: &'static str,
    /// The path of what is built.
    plugin: String,
}

impl Start {
    fn of(arguments: &Arguments) -> Result<Self> {
        let Arguments { name, language, kind, .. } = arguments;
        let built = format!("dist/{name}.wasm");
        let component = |files, build| Self { files, contract: Some(&CONTRACT), build, plugin: built };
        Ok(match language {
            Language::Rust => Self {
                files: match kind {
                    Kind::Renderer => [CRATE, RUST],
                    Kind::Rules => [CRATE, RUST_RULES],
                    Kind::Importer => [CRATE, RUST_IMPORTER],
                },
                contract: None,
                build: "cargo build --release --target wasm32-unknown-unknown",
                plugin: format!("target/wasm32-unknown-unknown/release/{}.wasm", name.replace('-', "_")),
            },
            Language::Js => {
                let files = match kind {
                    Kind::Renderer => [PACKAGE, JS],
                    Kind::Rules => [PACKAGE, JS_RULES],
                    Kind::Importer => [PACKAGE, JS_IMPORTER],
                };
                component(files, "npm ci && npm run build")
            }
            Language::Python => {
                let files = match kind {
                    Kind::Renderer => [BUILD, PYTHON],
                    Kind::Rules => [BUILD, PYTHON_RULES],
                    Kind::Importer => [BUILD, PYTHON_IMPORTER],
                };
                component(files, "sh build.sh")
            }
            Language::Tera if *kind == Kind::Renderer => {
                Self { files: [TERA, &[]], contract: None, build: "", plugin: format!("{name}.md.tera") }
            }
            Language::Tera => {
                let failure = Failure::new("a template is a renderer: it has no rules, and imports nothing");
                return Err(failure.help("start it with --lang rust, js or python"));
            }
        })
    }
}

impl Kind {
    /// The world of the contract that it is built for.
    fn world(self) -> &'static str {
        match self {
            Self::Renderer => "renderer-plugin",
            Self::Rules => "rules-plugin",
            Self::Importer => "importer-plugin",
        }
    }

    /// What the Rust SDK needs beside its path, as it stands in Cargo.toml.
    fn sdk_features(self) -> &'static str {
        match self {
            Self::Renderer | Self::Rules => "",
            Self::Importer => ", features = [\"preserve_order\"]",
        }
    }
}

/// Writes a plugin that works, for its author to change.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let name = arguments.name.as_str();
    if !is_name(name) {
        let failure = Failure::new(format!("{} cannot be the name of a plugin", quote(name)));
        return Err(failure.help("words of lower-case letters and digits with hyphens between them: my-inventory"));
    }
    let folder = arguments.folder.as_deref().unwrap_or(Path::new(name));
    if folder.exists() {
        let failure = Failure::new(format!("{} exists", folder.display()));
        return Err(failure.help("name another folder with --folder, or another name"));
    }
    let start = Start::of(arguments)?;
    let sdk = arguments.sdk.as_deref().map(sdk_path).transpose()?;
    let requirement = sdk.as_deref().unwrap_or("sdk");
    let filled = |text: &str| {
        let text = text.replace("NAME_SNAKE", &name.replace('-', "_")).replace("NAME", name);
        let sdk = format!("{requirement:?}{}", arguments.kind.sdk_features());
        text.replace("SDK_PATH", &sdk).replace("PLUGIN_WORLD", arguments.kind.world())
    };
    let copies_sdk = arguments.language == Language::Rust && sdk.is_none();
    let files: Vec<(PathBuf, String)> = start
        .files
        .into_iter()
        .flatten()
        .map(|(path, text)| (filled(&written_as(path)), filled(text)))
        .chain(start.contract.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
        .chain(copies_sdk.then(sdk_files).into_iter().flatten())
        .map(|(path, text)| (folder.join(path), text))
        .collect();
    output::files(files.iter().map(|(path, text)| (path.clone(), text.as_bytes())), &InputFiles::default())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} has a plugin that works. Next:\n", folder.display())?;
    writeln!(out, "    cd {}", folder.display())?;
    if !start.build.is_empty() {
        writeln!(out, "    {}", start.build)?;
    }
    writeln!(out, "    spec-engine plugins test")?;
    let plugin = &start.plugin;
    match arguments.kind {
        Kind::Renderer => writeln!(out, "    spec-engine render DOCUMENT --plugin ./{plugin}")?,
        Kind::Rules => writeln!(out, "    spec-engine validate DOCUMENT --rules ./{plugin}")?,
        Kind::Importer => writeln!(out, "    spec-engine import ./{plugin} FILE")?,
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

/// The name of a file of a plugin, which here would hide files of this project, or make cargo and npm take it for one.
fn written_as(path: &str) -> String {
    path.replace("gitignore", ".gitignore").replace("npmrc", ".npmrc").replace("manifest.toml", "Cargo.toml")
}

/// The copy of the SDK, with the contract that it is generated from.
fn sdk_files() -> impl Iterator<Item = (String, String)> {
    let manifest = SDK_MANIFEST
        .iter()
        .map(|(path, text)| (written_as(path), text.replace("SDK_VERSION", env!("CARGO_PKG_VERSION"))));
    let sources = SDK.iter().map(|(path, text)| (format!("sdk/src/{path}"), (*text).to_owned()));
    manifest.chain(sources).chain([(format!("sdk/{}", CONTRACT.0), CONTRACT.1.to_owned())])
}

/// The path of the SDK that the user names, as it stands in Cargo.toml.
fn sdk_path(sdk: &Path) -> Result<String> {
    if !sdk.join("Cargo.toml").is_file() {
        let failure = Failure::new(format!("{} is not the folder of the SDK: it has no Cargo.toml", sdk.display()));
        return Err(failure.help("it is plugins/sdk in the sources of spec-engine"));
    }
    Ok(std::path::absolute(sdk)?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{
        BUILD, CRATE, JS, JS_IMPORTER, JS_RULES, PACKAGE, PYTHON, PYTHON_IMPORTER, PYTHON_RULES, RUST, RUST_IMPORTER,
        RUST_RULES, SDK, SDK_MANIFEST, TERA, is_name,
    };

    #[test]
    fn what_is_on_disk_is_written() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("host/cli/plugins/new");
        let rust = [CRATE, SDK_MANIFEST, RUST].concat();
        let (js, python) = ([PACKAGE, JS].concat(), [BUILD, PYTHON].concat());
        let all = [
            ("rust", rust.as_slice()),
            ("rust-rules", RUST_RULES),
            ("rust-importer", RUST_IMPORTER),
            ("sdk", SDK),
            ("js", js.as_slice()),
            ("js-rules", JS_RULES),
            ("js-importer", JS_IMPORTER),
            ("python", python.as_slice()),
            ("python-rules", PYTHON_RULES),
            ("python-importer", PYTHON_IMPORTER),
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

    /// The copy of the SDK builds as the SDK does: only what it inherits from the workspace is written out.
    #[test]
    fn the_manifest_of_the_copy_is_that_of_the_sdk() {
        let manifest = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        let sdk = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/sdk/Cargo.toml"));
        let (sdk, copy) = (manifest(&sdk.unwrap()), manifest(SDK_MANIFEST[0].1));
        assert_eq!((&copy["dependencies"], &copy["features"]), (&sdk["dependencies"], &sdk["features"]));
        assert_eq!(copy["package"]["name"], sdk["package"]["name"]);
        let workspace = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
        let workspace = &manifest(&workspace)["workspace"]["package"];
        assert_eq!(
            [&copy["package"]["edition"], &copy["package"]["license"]],
            [&workspace["edition"], &workspace["license"]]
        );
    }

    #[test]
    fn a_name_is_words_and_hyphens() {
        assert!(["a", "my-inventory", "x2-y"].iter().all(|name| is_name(name)));
        assert!(["", "-a", "a-", "a--b", "A", "a_b", "2x", "a-1", "../x", "é"].iter().all(|name| !is_name(name)));
    }
}
