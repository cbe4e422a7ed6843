//! Rules as scripts, in [rhai](https://rhai.rs): one file per rule.
//!
//! A script gets values that are positions in the document, and natives that look at it through a scoped thread-local:
//! nothing is copied before it runs. What it may use up is bounded by [`ScriptLimits`](crate::limits::ScriptLimits), and what it may reach is what the
//! modules here register: no file, no network, no clock. Nothing here does I/O: the caller hands in the texts.

mod absent;
mod budget;
mod call;
mod cells;
pub mod check;
mod closures;
mod ctx;
pub mod definitions;
mod description;
mod document;
mod engine;
mod entry_points;
mod failure;
mod files;
mod functions;
mod graph;
mod handle;
mod imports;
mod instead;
mod json;
mod key;
mod lists;
mod memory;
mod meter;
mod optional;
mod parts;
mod print;
mod printed;
mod report;
mod rule;
mod running;
pub mod scaffold;
mod search;
pub mod testing;
mod text;
mod tree;
mod versions;

pub use budget::ScriptBudget;
pub use files::{file_name, is_rule_file};
pub use functions::functions_for_scripts;
pub use parts::imported_files;
pub use printed::{PrintHook, PrintedLine};
pub use rule::Script;

#[cfg(test)]
mod tests {
    //! What holds in a program without [`CountingAllocator`](crate::memory::CountingAllocator), as this one is.

    use std::sync::Arc;

    use super::Script;
    use crate::limits::ScriptLimits;
    use crate::load::load;
    use crate::memory;
    use crate::policy::{Policy, Scope};
    use crate::source::Source;

    /// Runs the body of `fn check(system, ctx)`, and returns why it failed.
    fn failure(body: &str) -> Option<String> {
        let text =
            format!("const RULE = #{{ id: \"a/b\", description: \"x\" }};\nfn check(system, ctx) {{\n{body}\n}}");
        let source = Arc::new(Source::new("rule.rhai", text.into()));
        let mut policy = Policy::built_in();
        // A busy machine takes its time: what is tried here is memory.
        let limits = ScriptLimits { time: 60_000, ..ScriptLimits::default() };
        assert!(policy.add(Box::new(Script::read(source, [], limits).unwrap())).is_ok());
        let document = load(&Source::new("x.json", r#"{"name": "x", "services": {}}"#.into()));
        let mut checked = policy.check(document.system.as_ref(), document.findings, Scope::All);
        checked.failed.pop().map(|failed| failed.finding.message)
    }

    #[test]
    fn memory_is_weighed_where_it_is_not_counted() {
        assert!(!memory::is_counted());
        let closures = "let f = || 1; for i in 0..45 { let g = f; let h = f; f = || { g; h; 1 }; }\n\
                        let i = 0; while i < 20_000 { let same = f; i += 1; }";
        assert_eq!(failure(closures), None);
        let copies: String = (0..200).map(|index| format!("let b{index} = a; ")).collect();
        let copies = failure(&format!("let a = []; a.pad(1_000_000, 1); {copies} loop {{ a.len(); }}"));
        assert!(copies.as_deref().is_some_and(|why| why.ends_with("(limit `memory`)")), "{copies:?}");
        let itself = failure("let l = []; let f = || l; l.push(f); loop { l.len(); }");
        let ends = |why: &str| why.ends_with("(limit `nesting`)") || why.contains("a closure uses a variable");
        assert!(itself.as_deref().is_some_and(ends), "{itself:?}");
    }
}
