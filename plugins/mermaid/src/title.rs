//! The title of a diagram: front matter, which is YAML and not Mermaid.

use std::fmt::Write;

use spec_engine_plugin::Diagnostic;
use spec_engine_plugin::quote::is_xml;

/// Appends front matter with a title, and returns what the user should know of it.
///
/// Every character that means something to YAML, or to Mermaid before it reads the YAML, is escaped. Mermaid then takes
/// `<` in a title for HTML whatever is done, so it becomes the angle quote `‹`.
pub(crate) fn push_title(out: &mut String, title: &str) -> Vec<Diagnostic> {
    out.push_str("---\ntitle: \"");
    let mut dropped = 0;
    for c in title.chars() {
        match c {
            '<' => out.push('‹'),
            c if !is_xml(c) => dropped += 1,
            ' ' | '_' | '-' | '.' | ',' | '/' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            // Writing to a String does not fail.
            c => drop(write!(out, "\\U{:08X}", u32::from(c))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_one_yaml_string() {
        let mut out = String::new();
        assert_eq!(push_title(&mut out, "R&D: \"a\"\n---"), []);
        assert_eq!(out, "---\ntitle: \"R\\U00000026D\\U0000003A \\U00000022a\\U00000022\\U0000000A---\"\n---\n");
    }

    #[test]
    fn what_a_title_cannot_show_is_told() {
        let mut out = String::new();
        let codes: Vec<_> = push_title(&mut out, "a < b\0").into_iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["characters-dropped", "title-changed"]);
        assert_eq!(out, "---\ntitle: \"a ‹ b\"\n---\n");
    }
}
