//! What a plugin can do: one ability a world of the contract.

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// One thing that a plugin can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It renders a graph.
    Render,
    /// It has rules.
    Rules,
    /// It makes documents of other files.
    Import,
}

impl Ability {
    /// The rest of a sentence on a plugin that has it not: `does not render`.
    pub(super) fn missing(self) -> &'static str {
        match self {
            Self::Render => "does not render",
            Self::Rules => "has no rules",
            Self::Import => "does not import",
        }
    }
}

/// Everything that a plugin can do.
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
    /// What every plugin can do that is not a component.
    pub const RENDERS: Self = Self { renders: true, has_rules: false, imports: false };

    /// The abilities of a component that exports some interfaces of the contract, each asked for by its name.
    pub fn by_interface(exports: impl Fn(&str) -> bool) -> Self {
        Self { renders: exports("renderer"), has_rules: exports("rules"), imports: exports("importer") }
    }

    /// The abilities that a file may have, before it is compiled: the names of exports are in it as they are, so that a
    /// component has no ability that is not among these.
    pub fn possible(wasm: &[u8]) -> Self {
        Self::by_interface(|interface| {
            memmem::find(wasm, format!("spec-engine:plugin/{interface}@").as_bytes()).is_some()
        })
    }

    /// Whether an ability is among them.
    pub fn has(self, ability: Ability) -> bool {
        match ability {
            Ability::Render => self.renders,
            Ability::Rules => self.has_rules,
            Ability::Import => self.imports,
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// A word for each.
    pub fn words(self) -> Vec<&'static str> {
        let all = [(self.renders, "renders"), (self.has_rules, "rules"), (self.imports, "imports")];
        all.into_iter().filter(|(has, _)| *has).map(|(_, word)| word).collect()
    }
}
