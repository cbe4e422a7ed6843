//! Values of a script as JSON: what rhai's own panics at where a closure is among them.

use rhai::{Dynamic, Engine, EvalAltResult, Map, Position};

use super::meter::{self, Native};
use crate::limits::ScriptLimits;
use crate::text::quote;

/// Registers `to_json`.
pub(super) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let (most, deepest) = (limits.string_bytes, limits.nesting);
    engine.register_fn("to_json", move |map: &mut Map| -> Native<String> {
        let mut json = Json { text: String::new(), most, deepest };
        json.map(map, 0)?;
        Ok(json.text)
    });
}

struct Json {
    text: String,
    most: u64,
    deepest: u64,
}

impl Json {
    fn map(&mut self, map: &Map, depth: u64) -> Native<()> {
        self.text.push('{');
        for (index, (key, value)) in map.iter().enumerate() {
            self.comma(index);
            self.text(key);
            self.text.push(':');
            self.value(value, depth + 1)?;
        }
        self.text.push('}');
        Ok(())
    }

    fn value(&mut self, value: &Dynamic, depth: u64) -> Native<()> {
        meter::charge(1)?;
        if depth > self.deepest {
            return Err(meter::exceeds("nesting"));
        }
        if self.text.len() as u64 > self.most {
            return Err(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE).into());
        }
        if value.is_unit() {
            self.text.push_str("null");
        } else if value.is_bool() || value.is_int() {
            self.text.push_str(&value.to_string());
        } else if value.is_string() || value.is_char() {
            self.text(&value.to_string());
        } else if value.is_array() {
            self.text.push('[');
            for (index, item) in value.as_array_ref().iter().flat_map(|items| items.iter()).enumerate() {
                self.comma(index);
                self.value(item, depth + 1)?;
            }
            self.text.push(']');
        } else if value.is_map() {
            let map = value.as_map_ref().map_err(unwritable)?;
            self.map(&map, depth)?;
        } else {
            return Err(unwritable(value.type_name()));
        }
        Ok(())
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(&serde_json::Value::from(text).to_string());
    }
}

fn unwritable(type_name: &str) -> Box<EvalAltResult> {
    let type_name =
        if type_name == "Fn" { "a closure" } else { &quote(type_name.rsplit("::").next().unwrap_or_default()) };
    format!("`to_json` writes texts, numbers, booleans, arrays and maps, and not {type_name}").into()
}
