//! What a rule has printed: each text with the line that wrote it, up to a limit.

use std::fmt;
use std::sync::Arc;

/// The bytes that a line counts for beside its text.
const LINE_BYTES: u64 = 32;

/// A text that a rule has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLine {
    /// The name of the file: that of the rule, or of one that it imports.
    pub file: String,
    /// The line of the call, from 1; 0 where it is not known.
    pub line: usize,
    /// The text.
    pub text: String,
}

/// What a rule has printed.
#[derive(Debug, Default)]
pub(super) struct PrintedText {
    pub lines: Vec<PrintedLine>,
    bytes: u64,
    is_cut: bool,
}

/// A function that is called with the id of a rule and what it has printed about a document.
#[derive(Clone)]
pub struct PrintHook(Arc<Print>);

type Print = dyn Fn(&str, &[PrintedLine]) + Send + Sync;

impl PrintHook {
    /// Makes a hook of a function.
    pub fn new(call: impl Fn(&str, &[PrintedLine]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    pub(super) fn call(&self, rule: &str, lines: &[PrintedLine]) {
        (self.0)(rule, lines);
    }
}

impl fmt::Debug for PrintHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrintHook")
    }
}

impl fmt::Display for PrintedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

impl PrintedText {
    /// Adds a text; the first that is one too many is replaced by a note, and what follows is left out.
    pub fn add(&mut self, line: PrintedLine, most: u64) {
        if self.is_cut {
            return;
        }
        self.bytes += LINE_BYTES + line.text.len() as u64;
        self.is_cut = self.bytes > most;
        let text = if self.is_cut { "… the rest is left out (limit `printed`)".to_owned() } else { line.text };
        self.lines.push(PrintedLine { text, ..line });
    }
}
