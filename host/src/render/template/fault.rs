//! Tera's errors as faults of a template, with their places.

use indexmap::IndexMap;
use tera::{ErrorKind, ReportError};

use super::folder;
use crate::plugin::{SourcePlace, TemplateError, TemplateFault};

/// A fault that Tera reports.
pub(super) struct TeraFault {
    pub(super) error: TemplateError,
    /// How many characters of the text are meant, from the place on, where the place is Tera's; `None` where it was found
    /// in the text of the file.
    pub(super) length: Option<usize>,
}

/// Reads what Tera reports.
pub(super) fn of_tera(error: &tera::Error, main: &str, sources: &IndexMap<String, String>) -> TeraFault {
    let named_in = |file: &str, named: &str, fault: TemplateFault| {
        let text = sources.get(file).map_or("", String::as_str);
        let error = TemplateError::at(file, text, folder::position_of(text, named).unwrap_or(0), fault);
        TeraFault { error: error.with_excerpt(text, named.chars().count()), length: None }
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => of_report(report, main),
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
            let error = recursion(main, sources);
            let error = error.unwrap_or_else(|| TemplateError::in_file(main, kind("a component calls itself")));
            TeraFault { error, length: None }
        }
        _ => of_text(&error.to_string(), main),
    }
}

fn of_report(report: &ReportError, main: &str) -> TeraFault {
    let file = if report.filename().is_empty() { main } else { report.filename() };
    let span = report.span();
    let mut error = TemplateError::in_file(file, kind(report.message()));
    error.place.line_column = Some((span.start_line, span.start_col + 1));
    let length = if span.end_line == span.start_line { span.end_col.saturating_sub(span.start_col) } else { 1 };
    TeraFault { error, length: Some(length.max(1)) }
}

/// Reads the first of the reports that Tera hands over as text, where it checks all names at once:
/// `error: FAULT`, below it `--> FILE:LINE:COLUMN`, and further below `| ^^^^`.
fn of_text(text: &str, main: &str) -> TeraFault {
    let mut lines = text.lines();
    let fault = lines.next().unwrap_or_default();
    let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> ")).and_then(|place| {
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(SourcePlace { file: parts.next()?.to_owned(), line_column: Some((line, column)) })
    });
    let length = lines.nth(2).map_or(1, |underline| underline.matches('^').count());
    let error = match (place, fault.strip_prefix("error: ")) {
        (Some(place), Some(fault)) => TemplateError { place, ..TemplateError::in_file(main, kind(fault)) },
        _ => TemplateError::in_file(main, kind(text)),
    };
    TeraFault { error, length: Some(length.max(1)) }
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
