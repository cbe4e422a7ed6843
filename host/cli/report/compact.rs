//! One line a finding, as compilers write them: editors jump to its place.

use std::io::{self, Write};

use super::contents::{Report, located};

/// Writes `FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE` for each finding.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    for file in &report.files {
        for finding in located(file.source, file.findings) {
            writeln!(out, "{finding}")?;
        }
    }
    Ok(())
}
