//! The description that a guest gives of itself, and its checks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostic::Severity;
use crate::options::{PropertyError, SchemaError, is_printable, read_schema};
use crate::plugin::{Abilities, ComponentFault, Description, DescriptionFault, PluginError, PluginKind};
use crate::rules::{Param, ParamValue};
use crate::text::visible;

/// The most bytes of the schema of the options, and of all other texts together.
const MOST: usize = 1 << 20;

/// The most rules that a component may bring: each is a call of its own, with its own fuel.
const MOST_RULES: usize = 100;

/// The description that a guest gives of itself, unchecked. The cache keeps it in this form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuestDescription {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub media_types: Vec<String>,
    pub file_extension: String,
    pub options_schema: String,
    pub abilities: Abilities,
    pub rules: Vec<GuestRule>,
}

/// The description that a guest gives of a rule, unchecked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuestRule {
    pub name: String,
    pub severity: Severity,
    pub summary: String,
    pub docs: String,
    pub options_schema: String,
}

/// The description of a rule, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RuleDescription {
    pub name: String,
    pub severity: Severity,
    pub summary: String,
    pub docs: String,
    pub params: Vec<Param>,
}

impl GuestDescription {
    /// Checks it, for the plugin of a name.
    ///
    /// # Errors
    /// The first fault that it has.
    pub fn check(self, plugin: &str) -> Result<(Description, Vec<RuleDescription>), PluginError> {
        self.checked().map_err(|fault| PluginError::component(plugin, ComponentFault::Description(Box::new(fault))))
    }

    fn checked(self) -> Result<(Description, Vec<RuleDescription>), DescriptionFault> {
        let media_types = self.media_types.iter().map(String::len).sum::<usize>();
        let rules = self.rules.iter().map(GuestRule::len).sum::<usize>();
        if self.name.len() + self.version.len() + self.summary.len() + media_types + rules > MOST
            || self.options_schema.len() > MOST
        {
            return Err(DescriptionFault::TooLong);
        }
        if !is_kebab_case(&self.name) {
            return Err(DescriptionFault::Name(self.name));
        }
        if (self.abilities.renders || !self.file_extension.is_empty()) && !is_extension(&self.file_extension) {
            return Err(DescriptionFault::Extension(self.file_extension));
        }
        let texts = [&self.version, &self.summary];
        if let Some(text) = texts.into_iter().chain(&self.media_types).find(|text| is_unprintable(text)) {
            let shown: String = text.chars().take(80).collect();
            return Err(DescriptionFault::Unprintable(visible(&shown).into_owned()));
        }
        let options = read_schema(&self.options_schema).map_err(DescriptionFault::Options)?;
        if !is_printable(&options) {
            return Err(DescriptionFault::Options(SchemaError::Unprintable));
        }
        if self.rules.len() > MOST_RULES {
            return Err(DescriptionFault::TooManyRules { count: self.rules.len(), most: MOST_RULES });
        }
        let mut rules: Vec<RuleDescription> = Vec::new();
        for rule in self.rules {
            if rules.iter().any(|other| other.name == rule.name) {
                return Err(DescriptionFault::DuplicateRule(rule.name));
            }
            rules.push(rule.checked()?);
        }
        let description = Description {
            name: self.name,
            kind: PluginKind::Component,
            version: (!self.version.is_empty()).then_some(self.version),
            summary: self.summary,
            media_types: self.media_types,
            file_extension: self.file_extension,
            options,
            embeds: Vec::new(),
        };
        Ok((description, rules))
    }
}

impl GuestRule {
    fn len(&self) -> usize {
        self.name.len() + self.summary.len() + self.docs.len() + self.options_schema.len()
    }

    fn checked(self) -> Result<RuleDescription, DescriptionFault> {
        let Self { name, severity, summary, docs, options_schema } = self;
        if !is_kebab_case(&name) {
            return Err(DescriptionFault::RuleName(name));
        }
        if summary.trim().is_empty() {
            return Err(DescriptionFault::RuleSummary(name));
        }
        // Documentation has lines; everything else that a terminal acts on it may not have.
        if is_unprintable(&summary) || docs.lines().any(is_unprintable) {
            return Err(DescriptionFault::RuleUnprintable(name));
        }
        let params =
            params(&options_schema).map_err(|fault| DescriptionFault::RuleOptions { rule: name.clone(), fault })?;
        Ok(RuleDescription { name, severity, summary, docs, params })
    }
}

/// Reads the parameters of a rule from the schema of its options.
fn params(schema: &str) -> Result<Vec<Param>, SchemaError> {
    let schema = read_schema(schema)?;
    if !is_printable(&schema) {
        return Err(SchemaError::Unprintable);
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let param = |(name, property): (&String, &Value)| {
        let wrong = |fault| SchemaError::Property { name: name.clone(), fault };
        let default = match (property["type"].as_str(), property.get("default")) {
            (_, None) => return Err(wrong(PropertyError::NoDefault)),
            (Some("string"), Some(Value::String(text))) => ParamValue::Text(text.clone().into()),
            (Some("boolean"), Some(Value::Bool(value))) => ParamValue::Boolean(*value),
            (Some("integer"), Some(number)) if number.is_i64() => {
                ParamValue::Integer(number.as_i64().unwrap_or_default())
            }
            _ => return Err(wrong(PropertyError::ParameterType)),
        };
        let summary = property["description"].as_str().unwrap_or_default().to_owned().into();
        Ok(Param { name: name.clone().into(), summary, default, allowed: Some(property.clone()) })
    };
    properties.map(param).collect()
}

/// Whether a text is words of lower-case ASCII letters and digits with single hyphens between them, 64 at most.
pub(super) fn is_kebab_case(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(word)
}

/// Whether a text has characters that move or hide text around them.
fn is_unprintable(text: &str) -> bool {
    matches!(visible(text), Cow::Owned(_))
}

fn is_extension(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= 32 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed))
}
