//! What a guest says of itself, and whether it may.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::options::read_schema;
use crate::render::{Description, RendererKind};
use crate::rules::visible;

/// The most bytes of the schema of the options, and of all other texts together.
const MOST: usize = 1 << 20;

/// What `describe` returned, unchecked. The cache keeps it in this form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub media_types: Vec<String>,
    pub file_extension: String,
    pub options_schema: String,
}

impl Said {
    /// Checks it.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence on the plugin.
    pub fn check(self) -> Result<Description, String> {
        let media_types = self.media_types.iter().map(String::len).sum::<usize>();
        if self.name.len() + self.version.len() + self.summary.len() + media_types > MOST
            || self.options_schema.len() > MOST
        {
            return Err("describes itself in more than 1M of text".to_owned());
        }
        if !is_kebab_case(&self.name) {
            return Err(format!("calls itself {:?}, and a name is kebab-case, such as `my-table`", self.name));
        }
        if !is_extension(&self.file_extension) {
            return Err(format!(
                "gives the file extension {:?}, and one is letters, digits, `-` and `.`, without the first dot",
                self.file_extension
            ));
        }
        let texts = [&self.version, &self.summary, &self.options_schema];
        if let Some(text) = texts.into_iter().chain(&self.media_types).find(|text| is_unprintable(text)) {
            let shown: String = text.chars().take(80).collect();
            return Err(format!("describes itself with characters that a terminal acts on: {:?}", visible(&shown)));
        }
        let options = read_schema(&self.options_schema)
            .map_err(|why| format!("gives a schema of its options that cannot be used: {why}"))?;
        Ok(Description {
            name: self.name,
            kind: RendererKind::Component,
            version: (!self.version.is_empty()).then_some(self.version),
            summary: self.summary,
            media_types: self.media_types,
            file_extension: self.file_extension,
            options,
        })
    }
}

/// Says whether a text is words of lower-case ASCII letters and digits with single hyphens between them, 64 at most.
pub(super) fn is_kebab_case(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(word)
}

/// Says whether a text has characters that move or hide text around them. JSON may have lines and tabs between its
/// values; in its strings such characters are escaped, and a description of options is shown as it is read.
fn is_unprintable(text: &str) -> bool {
    let unescaped = serde_json::from_str::<serde_json::Value>(text).map_or_else(
        |_| vec![text.to_owned()],
        |value| {
            let mut texts = Vec::new();
            collect(&value, &mut texts);
            texts
        },
    );
    unescaped.iter().any(|text| matches!(visible(text), Cow::Owned(_)))
}

/// Returns every text of a JSON value, keys and values. A schema is not deep: serde_json refuses more than 128 levels.
fn collect(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => into.push(text.clone()),
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                into.push(key.clone());
                collect(value, into);
            }
        }
        _ => {}
    }
}

fn is_extension(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= 32 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed))
}
