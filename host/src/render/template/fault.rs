//! Tera's errors as faults of a template, with their places.

use indexmap::IndexMap;
use tera::{ErrorKind, ReportError};

use super::folder;
use crate::plugin::{SourcePlace, TemplateError, TemplateFault};

/// The fault that Tera reports, and whether its place is Tera's, not one found in `sources`.
pub(super) fn of_tera(error: &tera::Error, main: &str, sources: &IndexMap<String, String>) -> (TemplateError, bool) {
    let named_in = |file: &str, named: &str, fault: TemplateFault| {
        let text = sources.get(file).map_or("", String::as_str);
        TemplateError::at(file, text, folder::position_of(text, named).unwrap_or(0), fault)
    };
    let error = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => return (of_report(report, main), true),
        ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            let first = chain.first().unwrap_or(tpl);
            let fault = TemplateFault::Circular(format!("includes itself: {}", chain.join(" > ")));
            named_in(first, chain.get(1).unwrap_or(tpl), fault)
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
            let next = chain.first().map_or(tpl.as_str(), String::as_str);
            let fault = TemplateFault::Circular(format!("extends itself: {tpl} > {}", chain.join(" > ")));
            named_in(tpl, next, fault)
        }
        ErrorKind::MissingParent { current, parent } => {
            named_in(current, parent, TemplateFault::UnknownTemplate(format!("Unknown template `{parent}`")))
        }
        _ if error.to_string().contains("recursion depth for components") => {
            recursion(main, sources).unwrap_or_else(|| TemplateError::in_file(main, kind(&error.to_string())))
        }
        _ => return (of_text(&error.to_string(), main), true),
    };
    (error, false)
}

fn of_report(report: &ReportError, main: &str) -> TemplateError {
    let file = if report.filename().is_empty() { main } else { report.filename() };
    let line_column = Some((report.span().start_line, report.span().start_col + 1));
    TemplateError { place: SourcePlace { file: file.to_owned(), line_column }, fault: kind(report.message()) }
}

/// Reads the first of the reports that Tera hands over as text, where it checks all names at once:
/// `error: FAULT`, and below `--> FILE:LINE:COLUMN`.
fn of_text(text: &str, main: &str) -> TemplateError {
    let mut lines = text.lines();
    let fault = lines.next().unwrap_or_default();
    let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> ")).and_then(|place| {
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(SourcePlace { file: parts.next()?.to_owned(), line_column: Some((line, column)) })
    });
    match (place, fault.strip_prefix("error: ")) {
        (Some(place), Some(fault)) => TemplateError { place, fault: kind(fault) },
        _ => TemplateError::in_file(main, kind(text)),
    }
}

/// A fault that names something.
type NamedFault = fn(String) -> TemplateFault;

/// The kind of a fault, which Tera has only in its text.
fn kind(text: &str) -> TemplateFault {
    let kinds: [(&str, NamedFault); 6] = [
        ("Unknown template", TemplateFault::UnknownTemplate),
        ("Unknown component", TemplateFault::UnknownComponent),
        ("Unknown filter", TemplateFault::UnknownFilter),
        ("Unknown function", TemplateFault::UnknownFunction),
        ("not defined", TemplateFault::Undefined),
        ("undefined", TemplateFault::Undefined),
    ];
    let kind = kinds.into_iter().find(|(sign, _)| text.contains(sign));
    kind.map_or(TemplateFault::Engine as fn(String) -> TemplateFault, |(_, kind)| kind)(shortened(text))
}

/// Finds a component that calls itself: Tera does not say where it was when it had enough.
fn recursion(main: &str, sources: &IndexMap<String, String>) -> Option<TemplateError> {
    const FAULT: &str = "a component calls itself more than 20 levels deep";
    /// The components of a file that are looked at: each look may go through all of the file.
    const MOST: usize = 100;
    let mut calls = sources.iter().flat_map(|(file, text)| {
        text.match_indices("{% component ").take(MOST).filter_map(move |(start, tag)| {
            let definition = &text[start + tag.len()..];
            let name = &definition[..definition.find('(')?];
            let end = definition.find("endcomponent").unwrap_or(definition.len());
            let call = definition[..end].find(&format!("<{}", name.trim()))?;
            Some((file, text, start + tag.len() + call))
        })
    });
    let (file, text, position) = calls.next()?;
    let file = if file.is_empty() { main } else { file };
    Some(TemplateError::at(file, text, position, TemplateFault::Circular(FAULT.to_owned())))
}

/// Shortens what Tera lists: a map of a document may have thousands of fields.
fn shortened(text: &str) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
