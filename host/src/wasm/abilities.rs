//! What a component can do: one ability a world of the contract.

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// Says what a component can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abilities {
    /// It exports `renderer`.
    pub renders: bool,
    /// It exports `rules`.
    pub has_rules: bool,
    /// It exports `importer`.
    pub imports: bool,
}

impl Abilities {
    /// What everything that is no component can do.
    pub const RENDERS: Self = Self { renders: true, has_rules: false, imports: false };

    /// Asks for each ability whether a component has it; a question is the name of an interface of the contract.
    pub fn by_interface(exports: impl Fn(&str) -> bool) -> Self {
        Self { renders: exports("renderer"), has_rules: exports("rules"), imports: exports("importer") }
    }

    /// Says what a file may be able to do, before it is compiled: the name of what a component exports stands in it as it
    /// is. What is not there it cannot do.
    pub fn possible(wasm: &[u8]) -> Self {
        Self::by_interface(|interface| {
            memmem::find(wasm, format!("spec-engine:plugin/{interface}@").as_bytes()).is_some()
        })
    }

    /// Says whether it can do nothing.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Returns a word for each.
    pub fn words(self) -> Vec<&'static str> {
        let all = [(self.renders, "renders"), (self.has_rules, "rules"), (self.imports, "imports")];
        all.into_iter().filter(|(has, _)| *has).map(|(_, word)| word).collect()
    }
}
