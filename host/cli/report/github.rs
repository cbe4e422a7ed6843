//! Workflow commands of GitHub Actions: the runner turns each into an annotation of a pull request. It shows ten errors,
//! ten warnings and ten notices of a step; all of them stand in its log.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>, and for the escapes
//! `packages/core/src/command.ts` of <https://github.com/actions/toolkit>.

use std::io::{self, Write};

use super::contents::{Report, located, printed};
use super::path;
use spec_engine::diagnostic::Severity;

/// Writes a command for each finding.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    for file in &report.files {
        let path = property(&path::relative(file.source.name()));
        for finding in located(file.source, file.findings) {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let (start, end) = (finding.location.start, finding.location.end);
            write!(out, "::{command} file={path},line={},endLine={}", start.line, end.line)?;
            // An annotation of several lines has no columns.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
            write!(out, ",title={}::{}", property(finding.rule), data(&finding.message))?;
            match &finding.help {
                Some(help) => writeln!(out, "%0A{}", data(help))?,
                None => writeln!(out)?,
            }
        }
    }
    Ok(())
}

/// Escapes a message.
fn data(text: &str) -> String {
    printed(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn a_command_stays_on_its_line() {
        assert_eq!(data("100%: a,b\r\n::error::x"), r"100%25: a,b\r\n::error::x");
        assert_eq!(property("a:b,c%3A"), "a%3Ab%2Cc%253A");
    }
}
