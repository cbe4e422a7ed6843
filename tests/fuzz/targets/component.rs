//! A component of any bytes, or a core module.

#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use guest::{Ability, Guest};
use libfuzzer_sys::fuzz_target;
use spec_engine::limits::{ComponentLimits, LimitTable as _};
use spec_engine::wasm::{Cache, Host};

#[path = "../../wasm/guest.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod guest;

static HOST: LazyLock<Host> = LazyLock::new(|| {
    let mut limits = ComponentLimits::default();
    limits.set("describe-fuel", "10M").expect("it is a limit");
    Host::new(limits, Cache::none())
});

/// Writes what this starts from, small enough to be compiled often: libFuzzer reads the folder after this.
fn seeds() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/component"));
    for (name, ability) in
        [("renders", Ability::Renders), ("has-rules", Ability::HasRules), ("imports", Ability::Imports)]
    {
        let guest = Guest { pages: 4, ..Guest::with(ability) };
        for (form, bytes) in [("component", guest.build()), ("module", guest.module())] {
            fs::write(folder.join(format!("{name}-{form}")), bytes).expect("the folder is there");
        }
    }
}

fuzz_target!(init: seeds(), |bytes: &[u8]| {
    if let Ok(component) = HOST.load("fuzz", bytes) {
        let _ = component.describe();
    }
});
