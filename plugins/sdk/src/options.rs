//! Typed options that describe themselves.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Reads and describes the options of a plugin. Declared with [`options!`](crate::options!).
pub trait Options: Default + Serialize + DeserializeOwned {
    /// Lists the options in the order of their declaration.
    fn properties() -> Vec<Property>;

    /// Reads options from the text of a JSON object. What it leaves out has its default; empty text is no option.
    ///
    /// # Errors
    /// Text that is not such an object, an option that does not exist, a value of another type.
    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        // By way of a map, since serde would read an array as the fields in their order.
        let object: Map<String, Value> = serde_json::from_str(text)?;
        serde_json::from_value(object.into())
    }

    /// The JSON Schema (2020-12) as text: empty when there are no options.
    fn schema() -> String {
        let properties = Self::properties();
        if properties.is_empty() {
            return String::new();
        }
        // Written by hand, since a map of serde_json would sort the options.
        let mut text = String::from(r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","#);
        text.push_str(r#""additionalProperties":false,"properties":{"#);
        for (i, property) in properties.into_iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            text.push_str(&Value::from(property.name).to_string());
            text.push(':');
            let mut schema = property.schema;
            schema.insert("description".into(), property.description.into());
            schema.insert("default".into(), property.default);
            text.push_str(&Value::from(schema).to_string());
        }
        text.push_str("}}");
        text
    }
}

/// Describes one option.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The name that the user writes, kebab-case.
    pub name: String,
    /// The doc comment of the field, as one line.
    pub description: String,
    /// The value when the user says nothing.
    pub default: Value,
    /// Which values it takes: `type`, and where it applies `enum`, `minimum`, `maximum`.
    pub schema: Map<String, Value>,
}

impl Property {
    /// Describes a field by its name, the lines of its doc comment and its default.
    pub fn of<T: OptionValue>(field: &str, doc: &[&str], default: &T) -> Self {
        let mut words = doc.iter().flat_map(|line| line.split_whitespace());
        let first = words.next().unwrap_or_default().to_owned();
        Self {
            name: field.replace('_', "-"),
            description: words.fold(first, |text, word| text + " " + word),
            default: serde_json::to_value(default).unwrap_or_default(),
            schema: T::schema(),
        }
    }
}

/// A type that an option can have.
pub trait OptionValue: Serialize + DeserializeOwned {
    /// Which values it takes, as the keywords of a JSON Schema.
    fn schema() -> Map<String, Value>;
}

/// Declares options: one declaration gives the type, its defaults, its reading and its JSON Schema.
///
/// The doc comment of a field is the description that `spec-engine plugins info` shows. A field `max_nodes` is the
/// option `max-nodes`. Values are `bool`, `String`, `f64`, `i32`, `i64`, `u16`, `u32`, or an enum declared with the
/// same macro, whose variants state their text.
///
/// ```
/// use spec_engine_plugin::{Options as _, options};
///
/// options! {
///     /// How much to show.
///     pub enum Detail {
///         /// Names.
///         Low = "low",
///         /// Names and ports.
///         High = "high",
///     }
/// }
///
/// options! {
///     /// What the user can set.
///     pub struct Options {
///         /// How much to show of each service.
///         pub detail: Detail = Detail::Low,
///         /// The most rows of a page.
///         pub max_rows: u32 = 100,
///     }
/// }
///
/// let options = Options::parse(r#"{"detail":"high"}"#).unwrap();
/// assert_eq!(options, Options { detail: Detail::High, max_rows: 100 });
/// assert!(Options::parse(r#"{"detail":"most"}"#).is_err());
/// assert!(Options::schema().contains(r#""enum":["low","high"]"#));
/// ```
#[macro_export]
macro_rules! options {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[doc = $doc:literal])* $field_visibility:vis $field:ident: $type:ty = $default:expr ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "spec_engine_plugin::serde", default, deny_unknown_fields, rename_all = "kebab-case")]
        $visibility struct $name {
            $( $(#[doc = $doc])* $field_visibility $field: $type, )*
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $crate::Options for $name {
            fn properties() -> ::std::vec::Vec<$crate::Property> {
                let _default = Self::default();
                ::std::vec![ $( $crate::Property::of(stringify!($field), &[$($doc),*], &_default.$field), )* ]
            }
        }
    };
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $( $(#[doc = $doc:literal])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "spec_engine_plugin::serde")]
        $visibility enum $name {
            $( $(#[doc = $doc])* #[serde(rename = $text)] $variant, )+
        }

        impl $crate::OptionValue for $name {
            fn schema() -> $crate::serde_json::Map<::std::string::String, $crate::serde_json::Value> {
                let mut schema = $crate::serde_json::Map::new();
                schema.insert("type".into(), "string".into());
                schema.insert("enum".into(), ::std::vec![$($text),+].into());
                schema
            }
        }
    };
}

options! {
    /// No options at all.
    pub struct NoOptions {}
}

/// Implements [`OptionValue`] for types that a JSON Schema has a word for.
macro_rules! option_value {
    ($($type:ty: $word:literal $(, $keyword:literal = $limit:expr)*;)*) => {
        $(impl OptionValue for $type {
            fn schema() -> Map<String, Value> {
                [("type", Value::from($word)) $(, ($keyword, Value::from($limit)))*]
                    .into_iter()
                    .map(|(keyword, value)| (keyword.to_owned(), value))
                    .collect()
            }
        })*
    };
}

option_value! {
    bool: "boolean";
    String: "string";
    f64: "number";
    i32: "integer", "minimum" = i32::MIN, "maximum" = i32::MAX;
    i64: "integer";
    u16: "integer", "minimum" = 0, "maximum" = u16::MAX;
    u32: "integer", "minimum" = 0, "maximum" = u32::MAX;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Direction;

    options! {
        /// One of each.
        struct Each {
            /// Which way the
            /// arrows run.
            direction: Direction = Direction::Right,
            /// What stands "above".
            title: String = "none".to_owned(),
            /// The most.
            max_nodes: u32 = 7,
        }
    }

    #[test]
    fn schema_is_valid_json_in_the_order_of_the_declaration() {
        let text = Each::schema();
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            schema["properties"]["direction"],
            json!({
                "type": "string",
                "enum": ["right", "left", "down", "up"],
                "description": "Which way the arrows run.",
                "default": "right",
            })
        );
        assert_eq!(schema["properties"]["title"]["description"], "What stands \"above\".");
        assert_eq!(schema["properties"]["max-nodes"]["maximum"], u32::MAX);
        let at = |name: &str| text.find(name).unwrap();
        assert!(at("\"direction\"") < at("\"title\"") && at("\"title\"") < at("\"max-nodes\""));
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let each = Each::parse(r#"{"max-nodes":9}"#).unwrap();
        assert_eq!(each, Each { direction: Direction::Right, title: "none".into(), max_nodes: 9 });
    }

    #[test]
    fn unknown_options_and_values_are_errors() {
        for text in [r#"{"max_nodes":9}"#, r#"{"direction":"LR"}"#, r#"{"title":null}"#, "[]", "{"] {
            assert!(Each::parse(text).is_err(), "{text}");
        }
    }
}
