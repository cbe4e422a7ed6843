//! What makes the generated types handy.

use crate::{Artifact, Content, Diagnostic, Edge, Graph, Node, Place, Response, Severity};

impl Response {
    /// Makes a response of one artifact and no diagnostics.
    pub fn of(artifact: Artifact) -> Self {
        Self { artifacts: vec![artifact], diagnostics: Vec::new() }
    }
}

impl Artifact {
    /// Makes a text file. `path` is relative to the output folder, segments separated by `/`.
    pub fn text(path: impl Into<String>, media_type: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), media_type: media_type.into(), content: Content::Text(text.into()) }
    }

    /// Makes a file of bytes. `path` is relative to the output folder, segments separated by `/`.
    pub fn bytes(path: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), media_type: media_type.into(), content: Content::Bytes(bytes.into()) }
    }

    /// The text of a text file.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        }
    }
}

impl Diagnostic {
    /// Makes an error: the result is wrong or missing, and the run fails.
    pub fn error(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.into(), message.into())
    }

    /// Makes a warning: the result stands, but should be looked at.
    pub fn warning(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.into(), message.into())
    }

    /// Makes a remark that is good to know.
    pub fn info(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code.into(), message.into())
    }

    /// Warns that characters were left out, since the target cannot hold them: what [`quote`](crate::quote) counts.
    ///
    /// `what` names the thing that the text belongs to.
    pub fn characters_dropped(count: usize, what: &str) -> Self {
        let message = match count {
            1 => format!("1 control character in the text of {what} cannot be drawn and was left out"),
            _ => format!("{count} control characters in the text of {what} cannot be drawn and were left out"),
        };
        Self::warning("characters-dropped", message).with_help("Remove them from the document")
    }

    /// What it is about: the host shows the line in the document.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The next step, as one sentence.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn new(severity: Severity, code: String, message: String) -> Self {
        Self { severity, code, message, place: None, help: None }
    }
}

impl Graph {
    /// What a node is: `service`, `database` …
    pub fn kind(&self, node: &Node) -> &str {
        self.word(node.kind)
    }

    /// The provider's own word for a node: `aws.rds`.
    pub fn resource(&self, node: &Node) -> Option<&str> {
        node.resource.map(|word| self.word(word))
    }

    /// What an edge is: `connection`, `deploys` …
    pub fn edge_kind(&self, edge: &Edge) -> &str {
        self.word(edge.kind)
    }

    /// The text that an edge shows.
    pub fn edge_label(&self, edge: &Edge) -> Option<&str> {
        edge.label.map(|word| self.word(word))
    }

    /// The position of a word in [`Graph::words`], where it is there: to compare many kinds with it.
    pub fn find_word(&self, text: &str) -> Option<u32> {
        self.words.iter().position(|word| word == text).and_then(|position| u32::try_from(position).ok())
    }

    fn word(&self, position: u32) -> &str {
        &self.words[position as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_names_place_and_next_step() {
        let diagnostic =
            Diagnostic::warning("too-wide", "the table is too wide").at(Place::Node(3)).with_help("Narrow it");
        assert_eq!(diagnostic.severity, Severity::Warning);
        assert_eq!(diagnostic.place, Some(Place::Node(3)));
        assert_eq!(diagnostic.help.as_deref(), Some("Narrow it"));
    }

    #[test]
    fn bytes_are_not_text() {
        assert_eq!(Artifact::bytes("a.png", "image/png", [1, 2]).as_text(), None);
    }
}
