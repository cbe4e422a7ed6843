//! Kubernetes objects of any text: the document that comes out holds together.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spec_engine::engine::{Document, Engine};
use spec_engine_kubernetes::{File, Options, import};

const NAMES: [&str; 2] = ["k8s/app.yaml", "k8s/list.json"];

fuzz_target!(|text: &str| {
    let texts = text.split('\u{1}');
    let files: Vec<File> =
        NAMES.iter().zip(texts).map(|(name, text)| File { name: (*name).to_owned(), text: text.into() }).collect();
    if let Ok(imported) = import(&files, &Options::default()) {
        let document = Document::parse("fuzz.json", imported.document.clone());
        let engine = Engine::builder().build().expect("it needs nothing");
        let errors = engine.drawing_errors(&document);
        assert!(errors.is_empty(), "{errors:?}\n{}", imported.document);
    }
});
