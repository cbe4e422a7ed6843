//! What is wrong with a template, and where.

use indexmap::IndexMap;
use tera::{ErrorKind, ReportError};

use super::folder;
use crate::render::PluginError;

/// Says what is wrong with a template or its sidecar.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct TemplateError {
    /// Where it is.
    pub place: SourcePlace,
    /// What is wrong.
    pub fault: String,
    /// The next step.
    pub help: Option<String>,
}

/// A place in a template or its sidecar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// The name of the file.
    pub file: String,
    /// The line and the column, in characters, both from 1. `None` where the whole file is meant.
    pub line_column: Option<(usize, usize)>,
}

impl std::fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        self.line_column.map_or(Ok(()), |(line, column)| write!(f, ":{line}:{column}"))
    }
}

impl From<TemplateError> for PluginError {
    fn from(error: TemplateError) -> Self {
        Self { message: error.to_string(), details: None, help: error.help }
    }
}

impl TemplateError {
    /// Speaks of a whole file.
    pub(super) fn in_file(file: &str, fault: String) -> Self {
        Self { place: SourcePlace { file: file.to_owned(), line_column: None }, fault, help: None }
    }

    /// Speaks of a position in the text of a file, in bytes.
    pub(super) fn at(file: &str, text: &str, position: usize, fault: String) -> Self {
        let before = text.get(..position).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
        let place = SourcePlace { file: file.to_owned(), line_column: Some((line, column)) };
        Self { place, fault, help: None }
    }

    /// Adds the next step.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says in the engine's terms what Tera has to say, and whether the place is Tera's, not one found in `sources`.
    pub(super) fn of_tera(error: &tera::Error, main: &str, sources: &IndexMap<String, String>) -> (Self, bool) {
        let named_in = |file: &str, named: &str, fault: String| {
            let text = sources.get(file).map_or("", String::as_str);
            Self::at(file, text, folder::names(text, named).unwrap_or(0), fault)
        };
        let error = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                return (Self::of_report(report, main).with_usual_help(), true);
            }
            ErrorKind::CircularInclude { tpl, include_chain: chain } => {
                let first = chain.first().unwrap_or(tpl);
                named_in(first, chain.get(1).unwrap_or(tpl), format!("includes itself: {}", chain.join(" > ")))
            }
            ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
                let next = chain.first().map_or(tpl.as_str(), String::as_str);
                named_in(tpl, next, format!("extends itself: {tpl} > {}", chain.join(" > ")))
            }
            ErrorKind::MissingParent { current, parent } => {
                named_in(current, parent, format!("Unknown template `{parent}`"))
            }
            _ if error.to_string().contains("recursion depth for components") => {
                recursion(main, sources).unwrap_or_else(|| Self::in_file(main, error.to_string()))
            }
            _ => return (Self::of_text(&error.to_string(), main).with_usual_help(), true),
        };
        (error.with_usual_help(), false)
    }

    fn of_report(report: &ReportError, main: &str) -> Self {
        let file = if report.filename().is_empty() { main } else { report.filename() };
        let line_column = Some((report.span().start_line, report.span().start_col + 1));
        Self {
            place: SourcePlace { file: file.to_owned(), line_column },
            fault: sentence(report.message()),
            help: None,
        }
    }

    /// Reads the first of the reports that Tera hands over as text, where it checks all names at once:
    /// `error: FAULT`, and below `--> FILE:LINE:COLUMN`.
    fn of_text(text: &str, main: &str) -> Self {
        let mut lines = text.lines();
        let fault = lines.next().unwrap_or_default();
        let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> ")).and_then(|place| {
            let mut parts = place.rsplitn(3, ':');
            let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some(SourcePlace { file: parts.next()?.to_owned(), line_column: Some((line, column)) })
        });
        match (place, fault.strip_prefix("error: ")) {
            (Some(place), Some(fault)) => Self { place, fault: sentence(fault), help: None },
            _ => Self::in_file(main, sentence(text)),
        }
    }

    fn with_usual_help(self) -> Self {
        let help = [
            ("Unknown template", "a template includes and extends the *.tera files of its own folder, by their names"),
            ("Unknown component", "a component is defined in the file itself or in one that it includes or extends"),
            ("Unknown filter", "templates/README.md lists the filters"),
            ("Unknown function", "templates/README.md lists the functions; no function reads a file or the clock"),
            ("not defined", "where it may be absent, ask first: `{% if x %}`, or `{{ x | default(value=\"\") }}`"),
            ("undefined", "where it may be absent, ask first: `{% if x %}`, or `{{ x | default(value=\"\") }}`"),
        ];
        let usual = help.iter().find(|(sign, _)| self.fault.contains(sign));
        match usual {
            Some((_, help)) if self.help.is_none() => self.help(*help),
            _ => self,
        }
    }
}

/// Finds a component that calls itself: Tera does not say where it was when it had enough.
fn recursion(main: &str, sources: &IndexMap<String, String>) -> Option<TemplateError> {
    const FAULT: &str = "a component calls itself more than 20 levels deep";
    let mut calls = sources.iter().flat_map(|(file, text)| {
        text.match_indices("{% component ").filter_map(move |(start, tag)| {
            let definition = &text[start + tag.len()..];
            let name = &definition[..definition.find('(')?];
            let end = definition.find("endcomponent").unwrap_or(definition.len());
            let call = definition[..end].find(&format!("<{}", name.trim()))?;
            Some((file, text, start + tag.len() + call))
        })
    });
    let (file, text, position) = calls.next()?;
    let file = if file.is_empty() { main } else { file };
    Some(TemplateError::at(file, text, position, FAULT.to_owned()))
}

/// Shortens what Tera lists: a map of a document may have thousands of fields.
fn sentence(text: &str) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
