//! What it costs to bring a document up to date, and to compare it with what runs.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use spec_engine::drift::Drift;
use spec_engine::import::{Coverage, Extent};
use spec_engine::load::load;
use spec_engine::merge::{Digests, Gone, MergeResult, MergeSettings, Observation, Renames, merge, written};
use spec_engine::model::{ServiceBindings, System};
use spec_engine::policy::IgnoreRules;
use spec_engine::source::Source;

/// Times `--into` without the importer: loading the document, merging, editing its text, and reading that again.
pub fn time_into(paths: &str) -> Duration {
    let (source, observed) = read(paths);
    let start = Instant::now();
    let system = load(&source).system.expect("it is a document");
    let merged = merged(&system, observed, Gone::Kept);
    let text = written(source.text(), &system, &merged.system).expect("it is JSON");
    let new = Source::new("bench.json", text.into_bytes());
    let loaded = black_box(load(&new));
    let time = start.elapsed();
    assert_ne!(source.text(), new.text(), "there is something to edit");
    drop((loaded, merged));
    time
}

/// Times `drift` without the importers: loading the document, merging, comparing.
pub fn time_drift(paths: &str) -> Duration {
    let (source, observed) = read(paths);
    let start = Instant::now();
    let system = load(&source).system.expect("it is a document");
    let merged = merged(&system, observed, Gone::Removed);
    let drift = black_box(Drift::of(&system, &merged));
    let time = start.elapsed();
    assert!(drift.differences().next().is_some());
    time
}

/// The document, and what runs.
fn read(paths: &str) -> (Source, Observation) {
    let (document, reality) = paths.split_once(' ').expect("two paths without spaces");
    let read = |path: &str| Source::new("bench.json", std::fs::read(path).expect("the document"));
    let system = load(&read(reality)).system.expect("it is a document");
    let mut coverage = Coverage::default();
    for part in ["services", "endpoints", "connections", "aws.*"] {
        coverage.set(part, Extent::Complete);
    }
    (read(document), Observation { source: "bench".into(), system, unbound: ServiceBindings::default(), coverage })
}

fn merged(system: &System, observed: Observation, gone: Gone) -> MergeResult {
    let (names, ignored) = (BTreeMap::new(), IgnoreRules::default());
    let how = MergeSettings {
        names: &names,
        ignored: &ignored,
        gone,
        renames: Renames::HeldBack,
        digests: Digests::Compared,
        home: None,
    };
    merge(system, vec![observed], &how)
}
