//! A JSON value as a slice of the text that it stands in. Reading one level at a time keeps positions for nothing:
//! a slice knows where it is.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Stands for a value in a text that is known to be JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(&'a str);

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

impl Kind {
    /// The type of the value that starts at a byte of a text.
    pub(super) fn at(text: &str, start: usize) -> Self {
        match text.as_bytes().get(start) {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') => Self::Null,
            _ => Self::Number,
        }
    }

    /// The words for it, with an article.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Null => "null",
        }
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The key, a string.
    pub key: Json<'a>,
    /// The value.
    pub value: Json<'a>,
}

impl<'a> Json<'a> {
    /// Reads a text as one JSON value.
    ///
    /// # Errors
    /// Where the text is not JSON: a syntax error with line and column.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<&RawValue>(text).map(Self::of)
    }

    /// Takes a value that was read.
    pub(super) fn of(value: &'a RawValue) -> Self {
        Self(value.get())
    }

    /// The type of the value.
    pub fn kind(self) -> Kind {
        Kind::at(self.0, 0)
    }

    /// Its text.
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// Its range of bytes in the text that it is a slice of.
    pub fn range(self, text: &str) -> Range<usize> {
        let start = self.0.as_ptr() as usize - text.as_ptr() as usize;
        start..start + self.0.len()
    }

    /// The string; `None` where it is of another type, or has an escape that stands for no
    /// character (half of a surrogate pair).
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            serde_json::from_str(self.0).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    /// Its members in their order, duplicates included; none where it is not an object.
    pub fn members(self) -> Vec<Member<'a>> {
        serde_json::from_str(self.0).map(|Members(members)| members).unwrap_or_default()
    }

    /// Its elements in their order; none where it is not an array.
    pub fn elements(self) -> Vec<Json<'a>> {
        serde_json::from_str(self.0).map(|Elements(elements)| elements).unwrap_or_default()
    }
}

struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
                    members.push(Member { key: Json(key.get()), value: Json(value.get()) });
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

struct Elements<'a>(Vec<Json<'a>>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementsVisitor;

        impl<'de> Visitor<'de> for ElementsVisitor {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element::<&'de RawValue>()? {
                    elements.push(Json(element.get()));
                }
                Ok(Elements(elements))
            }
        }

        deserializer.deserialize_seq(ElementsVisitor)
    }
}
