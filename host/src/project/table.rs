//! Values of a project file with their places, kept for what is checked against rules.

use std::ops::Range;

use chrono::NaiveDate;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::DeValue;

/// A value with its range of bytes in the project file.
#[derive(Clone, Debug)]
pub(super) struct LocatedValue {
    pub span: Range<usize>,
    pub value: Value,
}

/// A value of the project file.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Table(Vec<Entry>),
    List(Vec<LocatedValue>),
    Date(NaiveDate),
    /// Anything else, with TOML's word for its type.
    Other(Json, &'static str),
}

/// An entry of a table.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: String,
    /// The range of bytes of the key.
    pub key_span: Range<usize>,
    pub value: LocatedValue,
}

impl LocatedValue {
    /// Keeps a value.
    pub fn of(value: &Spanned<DeValue<'_>>) -> Self {
        Self { span: value.span(), value: Value::of(value.get_ref()) }
    }

    /// The entries of a table.
    pub fn table(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON; what no parameter can be is `null`.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Text(text) => text.as_str().into(),
            Value::List(values) => values.iter().map(Self::to_json).collect(),
            Value::Other(json, _) => json.clone(),
            Value::Date(_) | Value::Table(_) => Json::Null,
        }
    }

    /// TOML's word for the type of the value.
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "string",
            Value::Table(_) => "table",
            Value::List(_) => "array",
            Value::Date(_) => "datetime",
            Value::Other(_, name) => name,
        }
    }
}

impl Value {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.as_ref().to_owned()),
            DeValue::Array(values) => Self::List(values.iter().map(LocatedValue::of).collect()),
            DeValue::Table(table) => Self::Table(
                table
                    .iter()
                    .map(|(key, value)| Entry {
                        key: key.get_ref().as_ref().to_owned(),
                        key_span: key.span(),
                        value: LocatedValue::of(value),
                    })
                    .collect(),
            ),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                Self::Other(number.into(), value.type_str())
            }
            DeValue::Boolean(flag) => Self::Other((*flag).into(), value.type_str()),
            DeValue::Datetime(time) if time.time.is_none() && time.offset.is_none() => {
                let date = time
                    .date
                    .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
                date.map_or(Self::Other(Json::Null, value.type_str()), Self::Date)
            }
            DeValue::Datetime(_) | DeValue::Float(_) => Self::Other(Json::Null, value.type_str()),
        }
    }
}
