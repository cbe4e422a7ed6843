//! The title of a diagram: front matter, which is YAML and not Mermaid.

use std::fmt::Write;

use spec_engine_plugin::Diagnostic;
use spec_engine_plugin::quote::is_xml;

/// Appends front matter with a title, and returns what the user should know of it.
///
/// What YAML does not read as it stands between quotes is escaped. Mermaid then takes `<` in a title for HTML whatever is
/// done, so it becomes the angle quote `‹`.
pub(crate) fn push_title(out: &mut String, title: &str) -> Vec<Diagnostic> {
    out.push_str("---\ntitle: \"");
    let mut dropped = 0;
    let mut last = ' ';
    for c in title.chars() {
        // Mermaid takes these pairs for codes of its own.
        if matches!((last, c), ('ﬂ', '°') | ('¶', 'ß')) {
            push_escape(out, '\u{200b}');
        }
        last = c;
        match c {
            '<' => out.push('‹'),
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if !is_xml(c) => dropped += 1,
            ' ' => out.push(c),
            // Marks that turn the direction of writing would turn that of the source.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => push_escape(out, c),
            c if c.is_control() || c.is_whitespace() => push_escape(out, c),
            c => out.push(c),
        }
    }
    out.push_str("\"\n---\n");

    let mut diagnostics = Vec::new();
    if dropped > 0 {
        diagnostics.push(Diagnostic::characters_dropped(dropped, "the title"));
    }
    if title.contains('<') {
        let message = "`<` in the title is drawn as `‹`: Mermaid would take it for HTML";
        diagnostics.push(Diagnostic::warning("title-changed", message).with_help("Choose a title without `<`"));
    }
    diagnostics
}

fn push_escape(out: &mut String, c: char) {
    // Writing to a String does not fail.
    let _ = write!(out, "\\u{:04X}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_yaml_string() {
        let mut out = String::new();
        assert_eq!(push_title(&mut out, "R&D: \"a\" \\ #1\n---\u{202e}\u{7f}"), []);
        assert_eq!(out, "---\ntitle: \"R&D: \\\"a\\\" \\\\ #1\\n---\\u202E\\u007F\"\n---\n");
    }

    #[test]
    fn what_a_title_cannot_show_is_told() {
        let mut out = String::new();
        let codes: Vec<_> = push_title(&mut out, "a < b\0").into_iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["characters-dropped", "title-changed"]);
        assert_eq!(out, "---\ntitle: \"a ‹ b\"\n---\n");
    }
}
