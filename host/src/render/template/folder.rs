//! The files of a templates folder: which are renderers, and which take part in one.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::plugin::{TemplateError, TemplateFault};

/// A file of a templates folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its name, without a folder.
    pub file_name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The most files that take part in one template: how deep includes can nest.
pub const MOST_FILES: usize = 64;

/// Whether a file is a renderer: `NAME.EXT.tera`. Where the name starts with `_`, it is only there to be included.
pub fn is_renderer(file_name: &str) -> bool {
    !file_name.starts_with('_') && name_and_extension(file_name).is_ok()
}

/// The NAME and the EXT of `NAME.EXT.tera`.
pub(super) fn name_and_extension(file_name: &str) -> Result<(&str, &str), TemplateError> {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    file_name
        .strip_suffix(".tera")
        .and_then(|stem| stem.rsplit_once('.'))
        .filter(|(name, extension)| is_word(name) && is_word(extension) && !name.starts_with('.'))
        .ok_or_else(|| TemplateError::in_file(file_name, TemplateFault::FileName))
}

/// The template, and every file of its folder that it names in quotes, or that such a file names.
///
/// The other files stay out, so that a mistake in one does not break its neighbours.
pub(super) fn taking_part(
    main: Source<'_>,
    siblings: &[Source<'_>],
) -> Result<IndexMap<String, String>, TemplateError> {
    let by_name: BTreeMap<&str, &str> = siblings.iter().map(|file| (file.file_name, file.text)).collect();
    let mut sources = IndexMap::from([(main.file_name.to_owned(), main.text.to_owned())]);
    let mut next = 0;
    while let Some((_, text)) = sources.get_index(next) {
        let named: Vec<_> = named_in(text).filter_map(|name| by_name.get_key_value(name)).collect();
        for (name, text) in named {
            sources.entry((*name).to_owned()).or_insert_with(|| (*text).to_owned());
        }
        if sources.len() > MOST_FILES {
            return Err(TemplateError::in_file(main.file_name, TemplateFault::TooManyFiles(MOST_FILES)));
        }
        next += 1;
    }
    Ok(sources)
}

/// The names of the files of a folder that take part in a template, without its own.
pub fn parts(main: Source<'_>, siblings: &[Source<'_>]) -> Vec<String> {
    let taking_part = taking_part(main, siblings).unwrap_or_default();
    taking_part.into_keys().filter(|name| name != main.file_name).collect()
}

/// The names of templates that a text has in quotes, as often as they are there.
pub(crate) fn named_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(".tera").filter_map(|(at, ending)| {
        let end = at + ending.len();
        let quote = text[end..].chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
        let start = text[..at].rfind(quote)? + quote.len_utf8();
        Some(&text[start..end])
    })
}

/// Where a text names a file in quotes.
pub(super) fn position_of(text: &str, file_name: &str) -> Option<usize> {
    text.match_indices(file_name).map(|(at, _)| at).find(|&at| {
        let (before, after) = (&text[..at], &text[at + file_name.len()..]);
        ['"', '\'', '`'].iter().any(|&quote| before.ends_with(quote) && after.starts_with(quote))
    })
}
