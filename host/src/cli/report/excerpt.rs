//! Findings with an excerpt of the document, as rustc shows them.
//!
//! The renderer of excerpts is handed windows of a few short lines, never the document: it works in time by the size of
//! what it is handed.

use std::io::Write;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;

/// The characters of a line that are shown on either side of a place.
const AROUND: usize = 60;

/// Prints findings with excerpts.
pub(super) fn print(out: &mut impl Write, source: &Source, findings: &[Diagnostic]) -> std::io::Result<()> {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    let places = findings.iter().flat_map(|finding| {
        std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place))
    });
    let mut ranges = source.locate(places).into_iter();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let range = ranges.next().expect("there is a range for every place");
        let window = Window::around(source, &range);
        let title = level.primary_title(&finding.message).id(finding.rule.as_str());
        let mut group = title.elements(window.elements(source, AnnotationKind::Primary, finding.label.as_deref()));
        let related: Vec<(Window, &str)> = finding
            .related
            .iter()
            .map(|related| {
                let range = ranges.next().expect("there is a range for every place");
                (Window::around(source, &range), related.message.as_str())
            })
            .collect();
        for (window, message) in &related {
            group = group.elements(window.elements(source, AnnotationKind::Context, Some(message)));
        }
        let help = finding.help.as_deref().map(|help| Group::with_title(Level::HELP.secondary_title(help)));
        let report: Vec<Group<'_>> = std::iter::once(group).chain(help).collect();
        writeln!(out, "{}\n", renderer.render(&report))?;
    }
    Ok(())
}

/// Holds the part of a line that shows a place.
struct Window {
    text: String,
    line: usize,
    column: usize,
    /// Whether something of the line was left out before the place.
    cut: bool,
    marked: Range<usize>,
}

impl Window {
    /// Cuts out the line that a place starts on, or the part of it around the place where the line is long.
    fn around(source: &Source, range: &Range<usize>) -> Self {
        let position = source.position(range.start);
        let line = source.line(position.line);
        let text = source.text()[line.clone()].trim_end_matches(['\n', '\r']);
        let start = (range.start - line.start).min(text.len());
        let end = (range.end - line.start).clamp(start, text.len());

        let from = text[..start].char_indices().rev().nth(AROUND - 1).map_or(0, |(offset, _)| offset);
        let marked_end = text[start..end].char_indices().nth(AROUND).map_or(end, |(offset, _)| start + offset);
        let to = text[marked_end..].char_indices().nth(AROUND).map_or(text.len(), |(offset, _)| marked_end + offset);
        let mut shown = String::new();
        if from > 0 {
            shown.push('…');
        }
        let shift = shown.len();
        shown.push_str(&text[from..to]);
        if to < text.len() {
            shown.push('…');
        }
        let marked = start - from + shift..marked_end - from + shift;
        Self { text: shown, line: position.line, column: position.column, cut: from > 0, marked }
    }

    fn elements<'a>(
        &'a self,
        source: &'a Source,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> impl Iterator<Item = annotate_snippets::Element<'a>> {
        let snippet = Snippet::source(&self.text).line_start(self.line);
        let snippet = snippet.annotation(kind.span(self.marked.clone()).label(label));
        // Of a whole line, the excerpt tells the column by itself.
        let origin = self.cut.then(|| Origin::path(source.name()).line(self.line).char_column(self.column));
        let snippet = if self.cut { snippet } else { snippet.path(source.name()) };
        origin.map(Into::into).into_iter().chain(std::iter::once(snippet.into()))
    }
}
