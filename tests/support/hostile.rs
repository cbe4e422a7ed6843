//! Valid documents with names that say something else to one reader or another, and the documents of the project.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use spec_engine::graph::GroupBy;
use spec_engine::model::System;

/// Asks something of documents with such names: the same ones each time, or, with PROPTEST_CASES, so many others.
pub fn each(cases: u32, ask: impl Fn(&System, GroupBy) -> Vec<String>) {
    let asked: Option<u32> = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    // No file remembers failures.
    let config =
        Config { cases: asked.unwrap_or(cases), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let result = runner.run(&(system(), group_by()), |(document, group_by)| {
        let system: System = serde_json::from_str(&document.to_string()).expect("the document is valid");
        let faults = ask(&system, group_by);
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// The path of every valid document of the project, from its root.
pub fn fixtures() -> Vec<String> {
    let folder = |folder: &str| {
        let entries = std::fs::read_dir(path(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<_> =
            names.filter(|name| name.ends_with(".json")).map(|name| format!("{folder}/{name}")).collect();
        files.sort();
        files
    };
    let single = ["tests/fixtures/all-kinds.json", "tests/fixtures/hostile.json"].map(str::to_owned);
    [folder("examples"), folder("tests/fixtures/valid"), single.to_vec()].concat()
}

/// Reads a document of the project.
pub fn document(file: &str) -> System {
    let text = std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The path of a file of the project.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// What names are put together from.
const PIECES: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "end",
    "style",
    "class",
    "click",
    "graph",
    "subgraph",
    "direction",
    "LR",
    "default",
    "_self",
    "label",
    "shape",
    "near",
    "null",
    "_",
    "__proto__",
    "constructor",
    ".",
    "-",
    "--",
    "->",
    ":",
    "::",
    ";",
    ",",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "'",
    "`",
    "\\",
    "\\n",
    "|",
    "||",
    "#",
    "#35;",
    "&",
    "&amp;",
    "<",
    ">",
    "<br/>",
    "<b>",
    "<script>",
    "$",
    "${",
    "}",
    "{",
    "%",
    "%%",
    "%%{init: {}}%%",
    "[",
    "]",
    "(",
    ")",
    "*",
    "_it_",
    "__init__",
    "*it*",
    "~~it~~",
    "1. ",
    "1) ",
    "- ",
    "+ ",
    "# ",
    "> ",
    "---",
    "`it`",
    "[it](x)",
    "![]()",
    "[it]: x",
    "www.",
    "a@b.c",
    "&lt",
    "~",
    "/",
    "//",
    "@",
    "=",
    "+",
    "?",
    "!",
    "svc:",
    "https://",
    "javascript:",
    "fa:fa-user",
    "$$",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "e\u{301}",
    "İ",
    "ı",
    "\u{212a}",
    "ß",
    "日本",
    "שלום",
    "🦀",
    "ﬂ°°35¶ß",
];

/// Any name, the empty one too.
fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A name where the format asks for one that is not empty.
fn some_name() -> impl Strategy<Value = String> {
    name().prop_map(|name| if name.is_empty() { "x".to_owned() } else { name })
}

/// What a view is grouped by.
pub fn group_by() -> impl Strategy<Value = GroupBy> {
    proptest::sample::select(
        &[GroupBy::Provider, GroupBy::Kind, GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None][..],
    )
}

prop_compose! {
    /// A valid document of a few services, with names from hostile pieces.
    pub fn system()(
        services in proptest::collection::vec((name(), some_name(), some_name(), 0_usize..8, 0_usize..8), 1..8),
        owners in proptest::collection::vec((name(), name()), 1..4),
        networks in proptest::collection::vec(name(), 1..4),
        deployments in proptest::collection::vec(name(), 1..4),
    ) -> Value {
        let names: Vec<&String> = services.iter().map(|(name, ..)| name).collect();
        let of = |list: &[String], index: usize| list[index % list.len()].clone();
        let service = |index: usize| {
            let (_, protocol, resource, target, kind) = &services[index];
            let target = names[target % names.len()];
            let (provider, key) = [("aws", "rds"), ("aws", "sqs"), ("gcp", "gcs"), ("resources", "redis")][kind % 4];
            let mut service = json!({
                "image": { "name": protocol },
                "owner": owners[index % owners.len()].0,
                "connections": { target: { "port": 1 + index, "protocol": protocol } },
            });
            service[provider] = json!({ key: [{ "name": resource }] });
            service["azure"] = json!({ "vnet": of(&networks, index) });
            service
        };
        let map = |list: &[String], value: &dyn Fn(usize) -> Value| {
            list.iter().enumerate().map(|(index, name)| (name.clone(), value(index))).collect::<Map<_, _>>()
        };
        let owned: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        json!({
            "name": services[0].1,
            "services": map(&owned, &service),
            "owners": owners.iter().map(|(id, name)| (id.clone(), json!({ "name": name }))).collect::<Map<_, _>>(),
            "networks": map(&networks, &|_| json!({})),
            "deployments": {
                "helm": map(&deployments, &|index| json!({ "chart": "c", "services": [of(&owned, index)] })),
                "terraform": map(&deployments, &|index| {
                    json!({ "source": "s", "resources": [format!("svc:{}", of(&owned, index + 1))] })
                }),
            },
        })
    }
}
