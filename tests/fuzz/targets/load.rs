//! A document of any bytes: it is read, checked and drawn as far as it goes.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spec_engine::engine::{Document, Engine};
use spec_engine::graph::Graph;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().expect("it needs nothing"));

fuzz_target!(|bytes: &[u8]| {
    let document = Document::parse("fuzz.json", bytes);
    let checked = ENGINE.check(&document).expect("the rules of the engine are there");
    for finding in checked.located(&document) {
        let printed = finding.to_string();
        assert!(printed.starts_with("fuzz.json:"), "{printed}");
        assert!(!printed.contains(|c: char| c.is_control() && c != '\n'), "{printed:?}");
    }
    if let Some(system) = document.system() {
        let graph = Graph::of(system);
        serde_json::to_string(&graph).expect("a graph is JSON");
    } else {
        assert!(!checked.findings.is_empty(), "a document that cannot be read has an error");
    }
});
