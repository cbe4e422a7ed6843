//! Parameters of rules: what a rule lets a project decide.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde_json::Value;

/// A parameter of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, in kebab-case for a rule of the engine.
    pub name: Cow<'static, str>,
    /// One sentence on what it controls; empty where a script has none.
    pub summary: Cow<'static, str>,
    /// The default. A set value has the same type.
    pub default: ParamValue,
    /// Which values of its type it takes, as the JSON Schema of a property; `None` for every one.
    pub allowed: Option<Value>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// `string`.
    Text(Cow<'static, str>),
    /// `integer`.
    Integer(i64),
    /// `boolean`.
    Boolean(bool),
    /// `string[]`.
    Texts(Cow<'static, [Cow<'static, str>]>),
    /// `integer[]`.
    Integers(Cow<'static, [i64]>),
}

impl ParamValue {
    /// The word for its type, as scripts and messages have it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Integer(_) => "integer",
            Self::Boolean(_) => "boolean",
            Self::Texts(_) => "string[]",
            Self::Integers(_) => "integer[]",
        }
    }

    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_ref().into(),
            Self::Integer(number) => (*number).into(),
            Self::Boolean(value) => (*value).into(),
            Self::Texts(texts) => texts.iter().map(AsRef::<str>::as_ref).collect(),
            Self::Integers(numbers) => numbers.iter().copied().collect(),
        }
    }

    /// Reads a value of the same type; `None` where the JSON is of another.
    pub fn like(&self, value: &Value) -> Option<Self> {
        Some(match self {
            Self::Text(_) => Self::Text(value.as_str()?.to_owned().into()),
            Self::Integer(_) => Self::Integer(value.as_i64()?),
            Self::Boolean(_) => Self::Boolean(value.as_bool()?),
            Self::Texts(_) => {
                let texts = value.as_array()?.iter().map(|text| Some(Cow::Owned(text.as_str()?.to_owned())));
                Self::Texts(texts.collect::<Option<Vec<_>>>()?.into())
            }
            Self::Integers(_) => {
                Self::Integers(value.as_array()?.iter().map(Value::as_i64).collect::<Option<Vec<_>>>()?.into())
            }
        })
    }
}

/// The values of the parameters of a rule, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(IndexMap<Cow<'static, str>, ParamValue>);

impl Params {
    /// Takes the defaults.
    pub fn of(params: &[Param]) -> Self {
        Self(params.iter().map(|param| (param.name.clone(), param.default.clone())).collect())
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// A parameter that is a list of texts.
    ///
    /// # Panics
    /// Panics where the rule has no such parameter.
    pub fn texts(&self, name: &str) -> &[Cow<'static, str>] {
        match self.0.get(name) {
            Some(ParamValue::Texts(texts)) => texts,
            other => panic!("a rule asks for its parameter `{name}` as string[], which is {other:?}"),
        }
    }

    /// Changes the value of a parameter that there is.
    pub(crate) fn set(&mut self, name: &str, value: ParamValue) {
        *self.0.get_mut(name).expect("a parameter is looked up before it is set") = value;
    }
}
