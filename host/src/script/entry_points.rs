//! The functions of a script that the engine calls.

use rhai::{AST, Position};

use super::failure::ErrorReporter;
use crate::rules::RuleFailure;
use crate::text::{nearest, quote};

/// A function by which a rule is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryPoint {
    /// `fn check(system, ctx)`, once.
    Check,
    /// `fn service(svc, ctx)`, for each service.
    Service,
    /// `fn connection(conn, ctx)`, for each connection.
    Connection,
}

impl EntryPoint {
    pub const ALL: [Self; 3] = [Self::Check, Self::Service, Self::Connection];

    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Service => "service",
            Self::Connection => "connection",
        }
    }

    /// Its signature, as messages show it.
    fn head(self) -> &'static str {
        match self {
            Self::Check => "fn check(system, ctx)",
            Self::Service => "fn service(svc, ctx)",
            Self::Connection => "fn connection(conn, ctx)",
        }
    }
}

/// Finds the entry points of a script.
pub(super) fn entry_points(ast: &AST, reporter: ErrorReporter<'_>) -> Result<Vec<EntryPoint>, Box<RuleFailure>> {
    let mut entry_points = Vec::new();
    for entry_point in EntryPoint::ALL {
        let mut named = ast.iter_functions().filter(|found| found.name == entry_point.name()).peekable();
        if named.peek().is_none() {
            continue;
        }
        if named.all(|found| found.params.len() != 2) {
            let at = place_of(reporter.source.text(), entry_point.name());
            return Err(
                reporter.at(at, format!("`{}` takes two parameters: `{}`", entry_point.name(), entry_point.head()))
            );
        }
        entry_points.push(entry_point);
    }
    if entry_points.is_empty() {
        let near = ast.iter_functions().find_map(|found| {
            Some((found.name.to_owned(), nearest(found.name, EntryPoint::ALL.map(EntryPoint::name))?))
        });
        let at = near.as_ref().map_or(Position::new(1, 1), |(name, _)| place_of(reporter.source.text(), name));
        let mut failed = reporter.at(at, "the script has no entry point");
        failed.finding.help = Some(match near {
            Some((name, meant)) => format!("did you mean {} for {}?", quote(meant), quote(&name)).into(),
            None => {
                format!("add {}", EntryPoint::ALL.map(|entry_point| format!("`{}`", entry_point.head())).join(" or "))
                    .into()
            }
        });
        return Err(failed);
    }
    Ok(entry_points)
}

/// Finds the position of the name of a function, which rhai does not keep.
fn place_of(text: &str, function: &str) -> Position {
    for (line, content) in (1..=u16::MAX).zip(text.lines()) {
        for (at, _) in content.match_indices(function) {
            let before = content[..at].trim_end();
            let follows = content[at + function.len()..].trim_start().starts_with('(');
            if before.ends_with("fn") && before.len() < at && follows {
                let column = u16::try_from(content[..at].chars().count() + 1).unwrap_or(u16::MAX);
                return Position::new(line, column);
            }
        }
    }
    Position::NONE
}
