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
    pub fn read(ast: &AST, reporter: ErrorReporter<'_>) -> Result<Self, Box<RuleFailure>> {
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
            return Err(failed);
        };
        let reader = Reader { reporter };
        let (mut id, mut severity, mut summary) = (None, Severity::Error, None);
        let (mut docs, mut tags, mut params) = (None, Vec::new(), Vec::new());
        for (key, position, value) in reader.entries(rule, "RULE")? {
            match key {
                "id" => id = Some(reader.id(value)?),
                "severity" => {
                    let word = reader.text(value, key)?;
                    severity = Severity::parse(&word)
                        .ok_or_else(|| reader.unknown(value.position(), "severity", &word, &Severity::WORDS))?;
                }
                "description" => summary = Some(reader.filled(value, key)?),
                "docs" => docs = Some(reader.text(value, key)?),
                "tags" => {
                    let ParamValue::Texts(texts) = reader.value(value, "string[]", key)? else { unreachable!("asked") };
                    tags = texts.iter().map(|tag| tag.clone().into_owned()).collect();
                }
                "params" => params = reader.params(value)?,
                other => return Err(reader.unknown(position, "key of RULE", other, &KEYS)),
            }
        }
        let missing = |key: &str| reporter.at(rule.position(), format!("RULE has no `{key}`"));
        Ok(Self {
            id: id.ok_or_else(|| missing("id"))?,
            severity,
            summary: summary.ok_or_else(|| missing("description"))?,
            docs,
            tags,
            params,
        })
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    reporter: ErrorReporter<'a>,
}

impl Reader<'_> {
    /// The entries of a map that is written out.
    fn entries<'e>(self, map: &'e Expr, name: &str) -> Result<Vec<(&'e str, Position, &'e Expr)>, Box<RuleFailure>> {
        match map {
            Expr::Map(entries, _) => {
                Ok(entries.0.iter().map(|(key, value)| (key.name.as_str(), key.pos, value)).collect())
            }
            other => {
                let message =
                    format!("expected a literal map `#{{ … }}` for {name}: RULE is read without running the script");
                Err(self.reporter.at(other.position(), message))
            }
        }
    }

    fn id(self, value: &Expr) -> Result<String, Box<RuleFailure>> {
        let id = self.text(value, "id")?;
        if is_id(&id) {
            return Ok(id);
        }
        let message = format!("invalid rule id {}: expected a namespace, a slash and a name in kebab-case", quote(&id));
        let mut failed = self.reporter.at(value.position(), message);
        failed.finding.help = Some("for example `acme/image-digest`".into());
        Err(failed)
    }

    fn text(self, value: &Expr, name: &str) -> Result<String, Box<RuleFailure>> {
        match self.value(value, "string", name)? {
            ParamValue::Text(text) => Ok(text.into_owned()),
            _ => unreachable!("a string was asked for"),
        }
    }

    fn filled(self, value: &Expr, name: &str) -> Result<String, Box<RuleFailure>> {
        let text = self.text(value, name)?;
        if text.trim().is_empty() {
            return Err(self.reporter.at(value.position(), format!("`{name}` is empty")));
        }
        Ok(text)
    }

    fn params(self, map: &Expr) -> Result<Vec<Param>, Box<RuleFailure>> {
        let mut params = Vec::new();
        for (name, position, entry) in self.entries(map, "`params`")? {
            if name == "severity" {
                let message =
                    "the parameter name `severity` is reserved: a project sets the severity of the rule by it";
                return Err(self.reporter.at(position, message));
            }
            let (mut type_name, mut default, mut summary) = (None, None, String::new());
            for (key, position, value) in self.entries(entry, &format!("the parameter {}", quote(name)))? {
                match key {
                    "type" => {
                        let word = self.text(value, key)?;
                        let known = TYPES.into_iter().find(|&known| known == word);
                        type_name = Some(known.ok_or_else(|| self.unknown(value.position(), "type", &word, &TYPES))?);
                    }
                    "value" => default = Some(value),
                    "description" => summary = self.text(value, key)?,
                    other => return Err(self.unknown(position, "key of a parameter", other, &PARAM_KEYS)),
                }
            }
            let missing =
                |key: &str| self.reporter.at(position, format!("the parameter {} has no `{key}`", quote(name)));
            let type_name = type_name.ok_or_else(|| missing("type"))?;
            let default = self.value(default.ok_or_else(|| missing("value"))?, type_name, "value")?;
            params.push(Param {
                name: Cow::Owned(name.to_owned()),
                summary: Cow::Owned(summary),
                default,
                allowed: None,
            });
        }
        Ok(params)
    }

    /// Reads a value that is written out, of a type.
    fn value(self, expression: &Expr, type_name: &str, name: &str) -> Result<ParamValue, Box<RuleFailure>> {
        let wrong = || {
            let message =
                format!("expected a literal {type_name} for `{name}`: RULE is read without running the script");
            self.reporter.at(expression.position(), message)
        };
        let value = expression.get_literal_value(None).ok_or_else(wrong)?;
        of_type(value, type_name).ok_or_else(wrong)
    }

    fn unknown(self, position: Position, what: &str, word: &str, known: &[&str]) -> Box<RuleFailure> {
        let mut failed = self.reporter.at(position, format!("unknown {what} {}", quote(word)));
        failed.finding.help = Some(match nearest(word, known.iter().copied()) {
            Some(meant) => format!("did you mean {}?", quote(meant)).into(),
            None => format!("expected one of {}", known.iter().map(|word| quote(word)).collect::<Vec<_>>().join(", "))
                .into(),
        });
        failed
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
