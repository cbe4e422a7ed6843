//! Whatever stands in the files, the importer ends, and does not panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spec_engine_compose::{File, Options, import};

/// The files of a run; what the fuzzer makes is cut at lines of three equals signs.
const NAMES: [&str; 4] = ["compose.yaml", ".env", "b.yaml", "web.env"];

fuzz_target!(|text: &str| {
    let texts = text.split("===\n").zip(NAMES);
    let files: Vec<File> =
        texts.map(|(text, name)| File { name: name.to_owned(), text: text.to_owned() }).collect();
    for resources in [true, false] {
        let options = Options { resources, assumed: resources, ..Options::default() };
        if let Ok(imported) = import(&files, &options) {
            assert!(imported.document.ends_with("}\n"));
        }
    }
});
