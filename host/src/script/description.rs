//! `const RULE = #{ … }`: the description of a rule, read without running the script.

use std::borrow::Cow;

use rhai::{AST, Dynamic, Expr, Position, Stmt};

use super::failure::ErrorReporter;
use crate::diagnostic::Severity;
use crate::rules::{Param, ParamValue, RuleFailure};
use crate::text::{nearest, quote};

const KEYS: [&str; 6] = ["id", "severity", "description", "docs", "tags", "params"];
const PARAM_KEYS: [&str; 3] = ["type", "value", "description"];
const TYPES: [&str; 5] = ["string", "integer", "boolean", "string[]", "integer[]"];

/// The description of a rule.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub id: String,
    pub severity: Severity,
    pub summary: String,
    pub docs: Option<String>,
    pub tags: Vec<String>,
    pub params: Vec<Param>,
}

impl Description {
    /// Reads the description of a script.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(ast: &AST, reporter: ErrorReporter<'_>) -> Result<Self, Vec<RuleFailure>> {
        let rule = ast.statements().iter().find_map(|statement| match statement {
            Stmt::Var(variable, ..) if variable.0.name == "RULE" => Some(&variable.1),
            _ => None,
        });
        let Some(rule) = rule else {
            let first = Position::new(1, 1);
            let mut failed =
                reporter.at(first, "the script has no `const RULE = #{ … };`, the description of the rule");
            failed.finding.help = Some(
                "start it with `const RULE = #{ id: \"team/name\", severity: \"error\", description: \"…\" };`".into(),
            );
            return Err(vec![*failed]);
        };
        let mut reader = Reader { reporter, errors: Vec::new() };
        match reader.description(rule) {
            Some(description) if reader.errors.is_empty() => Ok(description),
            _ => Err(reader.errors),
        }
    }
}

/// Reads values that are written out, and collects what is wrong with them.
struct Reader<'a> {
    reporter: ErrorReporter<'a>,
    errors: Vec<RuleFailure>,
}

/// A key of a map with its position, and its value.
type Entry<'e> = (&'e str, Position, &'e Expr);

impl Reader<'_> {
    fn description(&mut self, rule: &Expr) -> Option<Description> {
        let (mut id, mut severity, mut summary) = (None, Severity::Error, None);
        let (mut docs, mut tags, mut params) = (None, Vec::new(), Vec::new());
        let entries = self.entries(rule, "RULE")?;
        for &(key, position, value) in &entries {
            match key {
                "id" => id = self.id(value),
                "severity" => severity = self.severity(value).unwrap_or(severity),
                "description" => summary = self.filled(value, key),
                "docs" => docs = self.text(value, key),
                "tags" => {
                    if let Some(ParamValue::Texts(texts)) = self.value(value, "string[]", key) {
                        tags = texts.iter().map(|tag| tag.clone().into_owned()).collect();
                    }
                }
                "params" => params = self.params(value),
                other => self.unknown(position, "key of RULE", other, &KEYS),
            }
        }
        for key in ["id", "description"] {
            if entries.iter().all(|(other, ..)| *other != key) {
                self.wrong(rule.position(), format!("RULE has no `{key}`"));
            }
        }
        Some(Description { id: id?, severity, summary: summary?, docs, tags, params })
    }

    fn severity(&mut self, value: &Expr) -> Option<Severity> {
        let word = self.text(value, "severity")?;
        let severity = Severity::parse(&word);
        if severity.is_none() {
            self.unknown(value.position(), "severity", &word, &Severity::WORDS);
        }
        severity
    }

    /// The entries of a map that is written out.
    fn entries<'e>(&mut self, map: &'e Expr, name: &str) -> Option<Vec<Entry<'e>>> {
        match map {
            Expr::Map(entries, _) => {
                Some(entries.0.iter().map(|(key, value)| (key.name.as_str(), key.pos, value)).collect())
            }
            other => {
                let message =
                    format!("expected a literal map `#{{ … }}` for {name}: RULE is read without running the script");
                self.wrong(other.position(), message);
                None
            }
        }
    }

    fn id(&mut self, value: &Expr) -> Option<String> {
        let id = self.text(value, "id")?;
        if is_id(&id) {
            return Some(id);
        }
        let message = format!("invalid rule id {}: expected a namespace, a slash and a name in kebab-case", quote(&id));
        let mut failed = self.reporter.at(value.position(), message);
        failed.finding.help = Some("for example `acme/image-digest`".into());
        self.errors.push(*failed);
        None
    }

    fn text(&mut self, value: &Expr, name: &str) -> Option<String> {
        match self.value(value, "string", name)? {
            ParamValue::Text(text) => Some(text.into_owned()),
            _ => unreachable!("a string was asked for"),
        }
    }

    fn filled(&mut self, value: &Expr, name: &str) -> Option<String> {
        let text = self.text(value, name)?;
        if text.trim().is_empty() {
            self.wrong(value.position(), format!("`{name}` is empty"));
            return None;
        }
        Some(text)
    }

    fn params(&mut self, map: &Expr) -> Vec<Param> {
        let entries = self.entries(map, "`params`").unwrap_or_default();
        entries.into_iter().filter_map(|entry| self.param(entry)).collect()
    }

    fn param(&mut self, (name, position, entry): Entry<'_>) -> Option<Param> {
        if name == "severity" {
            let message = "the parameter name `severity` is reserved: a project sets the severity of the rule by it";
            self.wrong(position, message);
            return None;
        }
        let entries = self.entries(entry, &format!("the parameter {}", quote(name)))?;
        let (mut type_name, mut default, mut summary) = (None, None, String::new());
        for &(key, position, value) in &entries {
            match key {
                "type" => {
                    let word = self.text(value, key);
                    type_name = word.as_ref().and_then(|word| TYPES.into_iter().find(|known| known == word));
                    if let (None, Some(word)) = (type_name, word) {
                        self.unknown(value.position(), "type", &word, &TYPES);
                    }
                }
                "value" => default = Some(value),
                "description" => summary = self.text(value, key).unwrap_or_default(),
                other => self.unknown(position, "key of a parameter", other, &PARAM_KEYS),
            }
        }
        for key in ["type", "value"] {
            if entries.iter().all(|(other, ..)| *other != key) {
                self.wrong(position, format!("the parameter {} has no `{key}`", quote(name)));
            }
        }
        let default = self.value(default?, type_name?, "value")?;
        Some(Param { name: Cow::Owned(name.to_owned()), summary: Cow::Owned(summary), default, allowed: None })
    }

    /// Reads a value that is written out, of a type.
    fn value(&mut self, expression: &Expr, type_name: &str, name: &str) -> Option<ParamValue> {
        let value = expression.get_literal_value(None).and_then(|value| of_type(value, type_name));
        if value.is_none() {
            let message =
                format!("expected a literal {type_name} for `{name}`: RULE is read without running the script");
            self.wrong(expression.position(), message);
        }
        value
    }

    fn unknown(&mut self, position: Position, what: &str, word: &str, known: &[&str]) {
        let mut failed = self.reporter.at(position, format!("unknown {what} {}", quote(word)));
        failed.finding.help = Some(match nearest(word, known.iter().copied()) {
            Some(meant) => format!("did you mean {}?", quote(meant)).into(),
            None => format!("expected one of {}", known.iter().map(|word| quote(word)).collect::<Vec<_>>().join(", "))
                .into(),
        });
        self.errors.push(*failed);
    }

    fn wrong(&mut self, position: Position, message: impl Into<String>) {
        self.errors.push(*self.reporter.at(position, message));
    }
}

/// Whether a text is the id of a rule: a namespace, a slash and a name, each in kebab-case.
pub(super) fn is_id(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.contains('/') && text.split('/').all(|part| part.split('-').all(is_word))
}

fn of_type(value: Dynamic, type_name: &str) -> Option<ParamValue> {
    let text = |value: Dynamic| value.into_immutable_string().ok().map(|text| Cow::Owned(text.to_string()));
    Some(match type_name {
        "string" => ParamValue::Text(text(value)?),
        "integer" => ParamValue::Integer(value.as_int().ok()?),
        "boolean" => ParamValue::Boolean(value.as_bool().ok()?),
        "string[]" => {
            ParamValue::Texts(value.into_array().ok()?.into_iter().map(text).collect::<Option<Vec<_>>>()?.into())
        }
        _ => {
            let numbers = value.into_array().ok()?.into_iter().map(|number| number.as_int().ok());
            ParamValue::Integers(numbers.collect::<Option<Vec<_>>>()?.into())
        }
    })
}
