//! The README holds for the limits of the engine.

use std::path::Path;

use spec_engine::limits::{ComponentLimits, LimitTable, TemplateLimits};

fn rows<T: LimitTable>() -> impl Iterator<Item = String> {
    T::ROWS.iter().map(|limit| {
        let (value, raised) = (limit.unit.show(limit.default), limit.unit.show(2 * limit.default));
        format!("| {} | {value} | `--limit {}={raised}` |", limit.summary, limit.key)
    })
}

#[test]
fn every_limit_is_in_the_readme() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for row in rows::<ComponentLimits>().chain(rows::<TemplateLimits>()) {
        assert!(readme.contains(&row), "README.md lacks the row\n{row}");
    }
}
