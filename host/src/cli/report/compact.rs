//! One line a finding, as compilers write them: editors jump to its place.

use std::io::{self, Write};

use super::{Report, finding, printed};
use crate::source::Position;

/// Writes `FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE` for each finding.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    for file in &report.files {
        let name = printed(file.source.name());
        for finding in finding::of(file.source, file.findings) {
            let Position { line, column } = finding.spot.start;
            let (severity, rule) = (finding.severity, printed(finding.rule));
            writeln!(out, "{name}:{line}:{column}: {severity}[{rule}]: {}", printed(&finding.message))?;
        }
    }
    Ok(())
}
