//! The sections `[view.NAME]` of a project file.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use crate::view::{OPTIONS, PlacedErrors, Values, View, ViewKey};

/// A section as it is written: keys with their values.
#[derive(Clone, Debug, Default)]
pub(super) struct ViewSection(Vec<(ViewKey, Vec<PlacedValue>)>);

/// A value of the project file, with its bytes there.
type PlacedValue = (Range<usize>, String);

impl ViewSection {
    /// Reads the view.
    ///
    /// # Errors
    /// Every value that cannot be, with its place.
    pub fn read(&self) -> Result<View, PlacedErrors> {
        let (mut view, mut errors) = (View::default(), PlacedErrors::new());
        for (key, values) in &self.0 {
            let texts: Vec<&str> = values.iter().map(|(_, text)| text.as_str()).collect();
            let wrong = view.set(*key, &texts).err().unwrap_or_default();
            errors.extend(wrong.into_iter().map(|(position, error)| (values[position].0.clone(), error)));
        }
        if errors.is_empty() { Ok(view) } else { Err(errors) }
    }
}

impl<'de> Deserialize<'de> for ViewSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SectionVisitor)
    }
}

struct SectionVisitor;

impl<'de> Visitor<'de> for SectionVisitor {
    type Value = ViewSection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a view")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ViewSection, A::Error> {
        let mut section = ViewSection::default();
        while let Some(name) = map.next_key::<String>()? {
            let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
                let known = OPTIONS.each_ref().map(|option| format!("`{}`", option.name)).join(", ");
                return Err(A::Error::custom(format!("unknown field `{name}`, expected one of {known}")));
            };
            let given = map.next_value::<Spanned<Texts>>()?;
            let span = given.span();
            let texts = match (given.into_inner(), option.values) {
                (Texts::One(text), _) => vec![(span, text)],
                (Texts::Many(texts), Values::Many) => {
                    texts.into_iter().map(|text| (text.span(), text.into_inner())).collect()
                }
                (Texts::Many(_), Values::One | Values::OneOf(_)) => {
                    return Err(A::Error::custom(format!("`{name}` takes one value")));
                }
            };
            section.0.push((option.key, texts));
        }
        Ok(section)
    }
}

/// A text or a number, or a list of texts.
enum Texts {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, an integer or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts::One(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Texts, E> {
        Ok(Texts::One(number.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Texts::Many(texts))
    }
}
