//! Some fields of an object as a value: the others are not made.

use std::fmt::Display;
use std::sync::LazyLock;

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeStruct, Serializer};
use tera::value::Key;
use tera::{Error, Map, TeraResult, Value};

use crate::render::template::needs::Fields;

/// Makes a value of an object that has only the fields that are wanted, and another one where it would be empty.
pub(super) fn selected(object: &(impl Serialize + ?Sized), wanted: &Fields) -> TeraResult<Value> {
    let selection = Selection { wanted, fields: Map::new(), key: None, is_empty: true };
    object.serialize(selection).map_err(|Fault(message)| Error::message(message))
}

/// An object of which nothing is wanted: it is not empty, and therefore true.
static NOT_EMPTY: LazyLock<Value> = LazyLock::new(|| Map::from_iter([("".into(), Value::none())]).into());

struct Selection<'n> {
    wanted: &'n Fields,
    fields: Map,
    /// The key whose value comes next, if it is wanted.
    key: Option<String>,
    is_empty: bool,
}

impl Selection<'_> {
    fn add<T: Serialize + ?Sized>(
        &mut self,
        name: impl Into<Key<'static>> + AsRef<str>,
        value: &T,
    ) -> Result<(), Fault> {
        self.is_empty = false;
        if self.wanted.contains(name.as_ref()) {
            let value = Value::try_from_serializable(value).map_err(Fault::custom)?;
            self.fields.insert(name.into(), value);
        }
        Ok(())
    }

    fn finish(self) -> Value {
        if self.fields.is_empty() && !self.is_empty {
            return NOT_EMPTY.clone();
        }
        self.fields.into()
    }
}

#[derive(Debug)]
struct Fault(String);

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl serde::ser::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl SerializeStruct for Selection<'_> {
    type Ok = Value;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Fault> {
        self.add(name, value)
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(self.finish())
    }
}

impl SerializeMap for Selection<'_> {
    type Ok = Value;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let key = Value::try_from_serializable(key).map_err(Fault::custom)?;
        self.key = key.as_str().map(str::to_owned);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        match self.key.take() {
            Some(key) => self.add(key, value),
            None => Ok(()),
        }
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(self.finish())
    }
}

macro_rules! unexpected {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Result<Value, Fault> {
            Err(Fault(concat!("expected an object, found ", stringify!($method)).to_owned()))
        })*
    };
}

impl Serializer for Selection<'_> {
    type Ok = Value;
    type Error = Fault;
    type SerializeSeq = Impossible<Value, Fault>;
    type SerializeTuple = Impossible<Value, Fault>;
    type SerializeTupleStruct = Impossible<Value, Fault>;
    type SerializeTupleVariant = Impossible<Value, Fault>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<Value, Fault>;

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Fault> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Fault> {
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, Fault> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<Value, Fault> {
        Ok(Value::none())
    }

    unexpected! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]), serialize_unit(),
        serialize_unit_struct(&'static str), serialize_unit_variant(&'static str, u32, &'static str),
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value, Fault> {
        Err(Fault(format!("expected an object, found {name}")))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Fault> {
        Err(Fault("expected an object, found a list".to_owned()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Fault> {
        Err(Fault("expected an object, found a list".to_owned()))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Fault> {
        Err(Fault(format!("expected an object, found {name}")))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Fault> {
        Err(Fault(format!("expected an object, found {name}")))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Fault> {
        Err(Fault(format!("expected an object, found {name}")))
    }
}
