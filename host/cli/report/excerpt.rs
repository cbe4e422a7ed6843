//! Findings with an excerpt of the document, as rustc shows them.
//!
//! The renderer of excerpts is handed windows of a few short lines, never the document: it works in time by the size of
//! what it is handed.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;

use super::contents::{located, printed};
use crate::failure::FailureExcerpt;
use spec_engine::diagnostic::{Diagnostic, Place, Severity};
use spec_engine::finding::{Finding, Location};
use spec_engine::source::Source;
use spec_engine::text::{redact, visible};

/// The characters of a line that are shown on either side of a place.
const AROUND: usize = 60;

/// Writes findings with excerpts.
pub(super) fn write<'a, I>(out: &mut impl Write, source: &'a Source, findings: I) -> std::io::Result<()>
where
    I: IntoIterator<Item = &'a Diagnostic>,
    I::IntoIter: Clone,
{
    let findings = findings.into_iter();
    let located = located(source, findings.clone());
    if located.is_empty() {
        return Ok(());
    }
    // The whole text at once: of a URL that the window cuts in two, neither half looks like one.
    let (name, text) = (printed(source.name()), redact(source.text()));
    let excerpt = Excerpt { source, name: &name, text: &text };
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    for (finding, Diagnostic { place, .. }) in located.iter().zip(findings) {
        writeln!(out, "{}\n", excerpt.of(finding, place, &renderer))?;
    }
    Ok(())
}

/// Writes a failure with an excerpt of the file that it is about.
pub(super) fn write_failure(out: &mut impl Write, failure: &FailureExcerpt, help: Option<&str>) -> std::io::Result<()> {
    let FailureExcerpt { title, source, range } = failure;
    let (name, text) = (printed(source.name()), redact(source.text()));
    let excerpt = Excerpt { source, name: &name, text: &text };
    let positions = source.positions(&[range.start, range.end]);
    let location =
        Location { file: source.name(), start: positions[0], end: positions[1], pointer: None, range: range.clone() };
    let window = Window::around(&excerpt, &location);
    let (title, help) = (visible(title), help.map(visible));
    let group =
        Level::ERROR.primary_title(title.as_ref()).elements(window.elements(&name, AnnotationKind::Primary, None));
    let help = help.as_deref().map(|help| Group::with_title(Level::HELP.secondary_title(help)));
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    writeln!(out, "{}", renderer.render(&std::iter::once(group).chain(help).collect::<Vec<_>>()))
}

/// A file of which parts are shown.
struct Excerpt<'a> {
    source: &'a Source,
    /// The name to show.
    name: &'a str,
    /// The text without its secrets, as long as it is with them.
    text: &'a str,
}

impl Excerpt<'_> {
    fn of(&self, finding: &Finding<'_>, place: &Place, renderer: &Renderer) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let (rule, message) = (visible(finding.rule), visible(&finding.message));
        let (label, help) = (finding.label.as_deref().map(visible), finding.help.as_deref().map(visible));
        let window = Window::around(self, &finding.location);
        let title = level.primary_title(message.as_ref()).id(rule.as_ref());
        let mut group = match place {
            Place::File => title.element(Origin::path(self.name)),
            Place::Value(_) | Place::Key(_) | Place::Bytes(_) => {
                title.elements(window.elements(self.name, AnnotationKind::Primary, label.as_deref()))
            }
        };
        let related: Vec<(Window, Cow<'_, str>)> = finding
            .related
            .iter()
            .map(|related| (Window::around(self, &related.location), visible(&related.message)))
            .collect();
        for (window, message) in &related {
            group = group.elements(window.elements(self.name, AnnotationKind::Context, Some(message)));
        }
        let help = help.as_deref().map(|help| Group::with_title(Level::HELP.secondary_title(help)));
        let shown = renderer.render(&std::iter::once(group).chain(help).collect::<Vec<_>>());
        // Between an origin and a snippet of its own, the renderer announces a file without a name.
        let is_blank = |line: &str| line.contains(":::") && strip_str(line).to_string().trim() == ":::";
        shown.split_inclusive('\n').filter(|line| !is_blank(line)).collect()
    }
}

/// The part of a line that shows a place.
struct Window {
    text: String,
    line: usize,
    column: usize,
    /// Whether the place is at its column in the excerpt, too: nothing before it was left out or written out.
    is_in_column: bool,
    marked: Range<usize>,
}

impl Window {
    /// Cuts out the line that a place starts on, or the part of it around the place where the line is long.
    fn around(excerpt: &Excerpt<'_>, location: &Location<'_>) -> Self {
        let (position, range) = (location.start, &location.range);
        let line = excerpt.source.line(position.line);
        let text = excerpt.text[line.clone()].trim_end_matches(['\n', '\r']);
        let start = text.floor_char_boundary(range.start - line.start);
        let end = text.floor_char_boundary(range.end - line.start).max(start);

        let from = text[..start].char_indices().rev().nth(AROUND - 1).map_or(0, |(offset, _)| offset);
        let marked_end = text[start..end].char_indices().nth(AROUND).map_or(end, |(offset, _)| start + offset);
        let to = text[marked_end..].char_indices().nth(AROUND).map_or(text.len(), |(offset, _)| marked_end + offset);
        let mut shown = String::new();
        if from > 0 {
            shown.push('…');
        }
        shown.push_str(&inert(&text[from..start]));
        let marked_start = shown.len();
        shown.push_str(&inert(&text[start..marked_end]));
        let marked = marked_start..shown.len();
        shown.push_str(&inert(&text[marked_end..to]));
        if to < text.len() {
            shown.push('…');
        }
        let is_in_column = shown[..marked_start].chars().count() + 1 == position.column;
        Self { text: shown, line: position.line, column: position.column, is_in_column, marked }
    }

    fn elements<'a>(
        &'a self,
        name: &'a str,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> impl Iterator<Item = annotate_snippets::Element<'a>> {
        let snippet = Snippet::source(&self.text).line_start(self.line);
        let snippet = snippet.annotation(kind.span(self.marked.clone()).label(label));
        // Where the place is in its column, the renderer works that out by itself.
        let origin = (!self.is_in_column).then(|| Origin::path(name).line(self.line).char_column(self.column));
        let snippet = if self.is_in_column { snippet.path(name) } else { snippet };
        origin.map(Into::into).into_iter().chain(std::iter::once(snippet.into()))
    }
}

/// A part of a line without what a terminal would act on. The renderer expands tabs.
fn inert(text: &str) -> String {
    text.split('\t').map(visible).collect::<Vec<_>>().join("\t")
}
