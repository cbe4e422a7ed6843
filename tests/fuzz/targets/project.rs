//! A project file and a baseline of any text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spec_engine::engine::{Document, Engine};
use spec_engine::policy::Baseline;
use spec_engine::project::Project;

const DOCUMENT: &str =
    r#"{"name": "s", "services": {"a": {"owner": "x", "connections": {"b": {"port": 1, "protocol": "x"}}}, "b": {}}}"#;

fuzz_target!(|text: &str| {
    if let Ok(baseline) = Baseline::parse(text) {
        Baseline::parse(&baseline.to_text()).expect("what was written is read");
    }
    let folder = std::env::temp_dir().join("spec-engine-fuzz");
    let Ok(project) = Project::parse(folder, text.to_owned()) else { return };
    // Files that it names are not there.
    let Ok(engine) = Engine::builder().project(project).build() else { return };
    let Ok(mut run) = engine.check_run() else { return };
    run.check(&Document::parse("s.json", DOCUMENT), spec_engine::policy::Scope::All);
    for (source, findings) in run.project_findings().files {
        for range in source.locate(findings.iter().map(|finding| &finding.place)) {
            assert!(range.end <= source.text().len(), "{range:?}");
        }
    }
});
