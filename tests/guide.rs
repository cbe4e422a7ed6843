//! The book has every limit of the engine, as the engine defines it.

use std::path::Path;

use spec_engine::limits::{ComponentLimits, LimitTable, ScriptLimits, TemplateLimits};

const START: &str = "<!-- made by tests/guide.rs -->\n";
const END: &str = "<!-- end -->\n";

/// The rows of a table of limits.
fn rows<T: LimitTable>(option: &str) -> String {
    let row = |limit: &spec_engine::limits::Limit| {
        let (value, raised) = (limit.unit.show(limit.default), limit.unit.show(2 * limit.default));
        let raised = if 2 * limit.default > limit.maximum { limit.unit.show(limit.maximum) } else { raised };
        format!("| {} | {value} | `{option} {}={raised}` |\n", limit.summary, limit.key)
    };
    T::ROWS.iter().map(row).collect()
}

#[test]
fn every_limit_is_in_the_book() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference/limits.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let head = "| limit | default | how to raise it |\n|---|---|---|\n";
    let tables = [
        ("Components", rows::<ComponentLimits>("--limit")),
        ("Templates", rows::<TemplateLimits>("--limit")),
        ("Scripted rules", rows::<ScriptLimits>("--rule-limit")),
    ];
    let tables: String = tables.iter().map(|(name, rows)| format!("\n## {name}\n\n{head}{rows}")).collect();
    let (before, rest) = page.split_once(START).expect("the page has the mark");
    let (found, after) = rest.split_once(END).expect("the page has the mark");
    if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, format!("{before}{START}{tables}\n{END}{after}")).unwrap();
        return;
    }
    assert_eq!(found.trim(), tables.trim(), "{} is out of date: run this with SPEC_ENGINE_UPDATE=1", path.display());
}
