//! What is wrong with a template or its sidecar, and where.

use std::fmt;
use std::ops::Range;

use crate::confined::HELD_BY_STOPPED;
use crate::limits::LimitExceeded;
use crate::text::quote;

/// A fault of a template or its sidecar, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct TemplateError {
    /// Where it is.
    pub place: SourcePlace,
    /// What is wrong.
    pub fault: TemplateFault,
    /// The next step, where the text of the template suggests one.
    pub hint: Option<Box<str>>,
    /// The text at the place.
    pub excerpt: Option<Box<TemplateExcerpt>>,
}

/// The file of a template that a fault is in, and the part of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateExcerpt {
    /// The text of the file.
    pub text: String,
    /// The bytes of the text that are meant.
    pub range: Range<usize>,
}

/// A place in a template or its sidecar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// The name or path of the file.
    pub file: String,
    /// The line and the column, in characters, both from 1. `None` where the whole file is meant.
    pub line_column: Option<(usize, usize)>,
}

impl fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line_column.map_or(Ok(()), |(line, column)| write!(f, ":{line}:{column}"))
    }
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// The name of its file does not have the form NAME.EXT.tera.
    #[error("is not named NAME.EXT.tera")]
    FileName,
    /// It names a template that is not in its folder.
    #[error("{0}")]
    UnknownTemplate(String),
    /// It calls a component that is not defined.
    #[error("{0}")]
    UnknownComponent(String),
    /// It uses a filter that does not exist.
    #[error("{0}")]
    UnknownFilter(String),
    /// It calls a function that does not exist.
    #[error("{0}")]
    UnknownFunction(String),
    /// It uses a value that is not there.
    #[error("{0}")]
    Undefined(String),
    /// It includes or extends itself.
    #[error("{0}")]
    Circular(String),
    /// Anything else that the template engine reports.
    #[error("{0}")]
    Engine(String),
    /// It includes too many files.
    #[error("includes more than {0} files")]
    TooManyFiles(usize),
    /// The sidecar is not one.
    #[error("{0}")]
    Sidecar(String),
    /// An option in the sidecar is wrong.
    #[error("option {}: {reason}", quote(.key))]
    SidecarOption {
        /// The key of the option.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The sidecar has characters that a terminal acts on.
    #[error("the description contains control characters")]
    Unprintable,
    /// The output of an embedded renderer was not handed in.
    #[error("embeds {}, whose output was not passed in", quote(.0))]
    MissingEmbed(String),
    /// The rendering exceeded a limit.
    #[error("the template used {0}")]
    Limit(LimitExceeded),
    /// The template was read or drawn by nobody: templates that were stopped before hold too much memory.
    #[error(
        "the template was not run: those that were stopped before it hold more than {} GiB of memory",
        HELD_BY_STOPPED >> 30
    )]
    TooManyStopped,
    /// The thread of the rendering could not be started, or ended early.
    #[error("the template engine failed: {0}")]
    Thread(String),
}

impl TemplateError {
    /// A fault of a whole file.
    pub(crate) fn in_file(file: &str, fault: TemplateFault) -> Self {
        let place = SourcePlace { file: file.to_owned(), line_column: None };
        Self { place, fault, hint: None, excerpt: None }
    }

    /// A fault at a position in the text of a file, in bytes.
    pub(crate) fn at(file: &str, text: &str, position: usize, fault: TemplateFault) -> Self {
        let before = text.get(..position).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
        let place = SourcePlace { file: file.to_owned(), line_column: Some((line, column)) };
        Self { place, fault, hint: None, excerpt: None }.with_excerpt(text, 1)
    }

    /// Adds an excerpt of the text of its file: so many characters at its place.
    #[must_use]
    pub(crate) fn with_excerpt(mut self, text: &str, length: usize) -> Self {
        let Some((line, column)) = self.place.line_column else { return self };
        let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = &text[before..];
        let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
        let offset = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(offset, _)| offset);
        let (start, end) = (offset(column.saturating_sub(1)), offset(column.saturating_sub(1).saturating_add(length)));
        let range = before + start..before + end;
        self.excerpt = Some(Box::new(TemplateExcerpt { text: text.to_owned(), range }));
        self
    }
}
