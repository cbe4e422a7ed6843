//! A scripted rule of any text.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use spec_engine::engine::Document;
use spec_engine::limits::{LimitTable as _, ScriptLimits};
use spec_engine::policy::{Policy, Scope};
use spec_engine::script::Script;
use spec_engine::source::Source;

#[global_allocator]
static ALLOCATOR: spec_engine::memory::CountingAllocator = spec_engine::memory::CountingAllocator;

static DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| Document::parse("payments.json", include_str!("../../../examples/payments.json")));

fuzz_target!(|text: &str| {
    let mut limits = ScriptLimits::default();
    for (key, value) in [("operations", "200K"), ("time", "5s")] {
        limits.set(key, value).expect("it is a limit");
    }
    let source = Arc::new(Source::new("acme/fuzz.rhai", text.as_bytes().to_vec()));
    let Ok(script) = Script::read(source, [], limits) else { return };
    let mut policy = Policy::built_in();
    if policy.add(Box::new(script)).is_ok() {
        policy.check(DOCUMENT.system(), Vec::new(), Scope::All);
    }
});
