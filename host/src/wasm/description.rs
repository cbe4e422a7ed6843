//! What a guest says of itself, and whether it may.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::abilities::Abilities;
use crate::diagnostic::Severity;
use crate::options::{is_printable, read_schema};
use crate::render::{Description, RendererKind};
use crate::rules::{Param, ParamValue};
use crate::text::{quote, visible};

/// The most bytes of the schema of the options, and of all other texts together.
const MOST: usize = 1 << 20;

/// The most rules that a component may bring: each is a call of its own, with its own fuel.
const MOST_RULES: usize = 100;

/// What a guest said of itself, unchecked. The cache keeps it in this form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub media_types: Vec<String>,
    pub file_extension: String,
    pub options_schema: String,
    pub abilities: Abilities,
    pub rules: Vec<SaidRule>,
}

/// What a guest said of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SaidRule {
    pub name: String,
    pub severity: Severity,
    pub summary: String,
    pub docs: String,
    pub options_schema: String,
}

/// What a guest said of a rule, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RuleDescription {
    pub name: String,
    pub severity: Severity,
    pub summary: String,
    pub docs: String,
    pub params: Vec<Param>,
}

impl Said {
    /// Checks it.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence on the plugin.
    pub fn check(self) -> Result<(Description, Vec<RuleDescription>), String> {
        let media_types = self.media_types.iter().map(String::len).sum::<usize>();
        let rules = self.rules.iter().map(SaidRule::len).sum::<usize>();
        if self.name.len() + self.version.len() + self.summary.len() + media_types + rules > MOST
            || self.options_schema.len() > MOST
        {
            return Err("describes itself in more than 1M of text".to_owned());
        }
        if !is_kebab_case(&self.name) {
            return Err(format!("calls itself {:?}, and a name is kebab-case, such as `my-table`", self.name));
        }
        if (self.abilities.renders || !self.file_extension.is_empty()) && !is_extension(&self.file_extension) {
            return Err(format!(
                "gives the file extension {:?}, and one is letters, digits, `-` and `.`, without the first dot",
                self.file_extension
            ));
        }
        let texts = [&self.version, &self.summary];
        if let Some(text) = texts.into_iter().chain(&self.media_types).find(|text| is_unprintable(text)) {
            let shown: String = text.chars().take(80).collect();
            return Err(format!("describes itself with characters that a terminal acts on: {:?}", visible(&shown)));
        }
        let options = read_schema(&self.options_schema)
            .map_err(|why| format!("gives a schema of its options that cannot be used: {why}"))?;
        if !is_printable(&options) {
            return Err("describes its options with characters that a terminal acts on".to_owned());
        }
        if self.rules.len() > MOST_RULES {
            return Err(format!("brings {} rules, and the most is {MOST_RULES}", self.rules.len()));
        }
        let mut rules: Vec<RuleDescription> = Vec::new();
        for rule in self.rules {
            if rules.iter().any(|other| other.name == rule.name) {
                return Err(format!("has two rules `{}`", rule.name));
            }
            rules.push(rule.check()?);
        }
        let description = Description {
            name: self.name,
            kind: RendererKind::Component,
            version: (!self.version.is_empty()).then_some(self.version),
            summary: self.summary,
            media_types: self.media_types,
            file_extension: self.file_extension,
            options,
        };
        Ok((description, rules))
    }
}

impl SaidRule {
    fn len(&self) -> usize {
        self.name.len() + self.summary.len() + self.docs.len() + self.options_schema.len()
    }

    fn check(self) -> Result<RuleDescription, String> {
        let Self { name, severity, summary, docs, options_schema } = self;
        if !is_kebab_case(&name) {
            return Err(format!("calls a rule {name:?}, and a name is kebab-case, such as `too-many-connections`"));
        }
        if summary.trim().is_empty() {
            return Err(format!("says nothing of its rule `{name}`: it has no summary"));
        }
        // Documentation has lines; everything else that a terminal acts on it may not have.
        if is_unprintable(&summary) || docs.lines().any(is_unprintable) {
            return Err(format!("describes its rule `{name}` with characters that a terminal acts on"));
        }
        let params = params(&options_schema)
            .map_err(|why| format!("gives a schema of what its rule `{name}` takes that cannot be used: {why}"))?;
        Ok(RuleDescription { name, severity, summary, docs, params })
    }
}

/// Reads the parameters of a rule from the schema of its options.
fn params(schema: &str) -> Result<Vec<Param>, String> {
    let schema = read_schema(schema)?;
    if !is_printable(&schema) {
        return Err("it has characters that a terminal acts on".to_owned());
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let param = |(name, property): (&String, &Value)| {
        let default = match (property["type"].as_str(), property.get("default")) {
            (_, None) => return Err(format!("{} has no default", quote(name))),
            (Some("string"), Some(Value::String(text))) => ParamValue::Text(text.clone().into()),
            (Some("boolean"), Some(Value::Bool(value))) => ParamValue::Boolean(*value),
            (Some("integer"), Some(number)) if number.is_i64() => {
                ParamValue::Integer(number.as_i64().unwrap_or_default())
            }
            _ => return Err(format!("{} has to be a string, a boolean or an integer of 64 bits", quote(name))),
        };
        let summary = property["description"].as_str().unwrap_or_default().to_owned().into();
        Ok(Param { name: name.clone().into(), summary, default, allowed: Some(property.clone()) })
    };
    properties.map(param).collect()
}

/// Says whether a text is words of lower-case ASCII letters and digits with single hyphens between them, 64 at most.
pub(super) fn is_kebab_case(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(word)
}

/// Says whether a text has characters that move or hide text around them.
fn is_unprintable(text: &str) -> bool {
    matches!(visible(text), Cow::Owned(_))
}

fn is_extension(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= 32 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed))
}
