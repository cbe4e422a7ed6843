//! Checks a document against the JSON Schema of the format, and finds every error of shape.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Pointer};
use crate::rules::{duplicate_key, invalid_json, invalid_value, port_out_of_range, unknown_field, wrong_type};
use crate::schema::schema;
use crate::source::{Json, Kind, Source};

/// Finds every error of shape, and returns the text of the document without them.
///
/// What a map or a list loses is replaced by an empty value, so that names and positions stay what they were.
pub(super) fn check(source: &Source, root: Json<'_>) -> (String, Vec<Diagnostic>) {
    let mut checker = Checker { source, rest: String::with_capacity(source.text().len()), findings: Vec::new() };
    let schema = resolve(schema());
    if !checker.value(root, schema, &Pointer::root()) {
        checker.empty(schema);
    }
    (checker.rest, checker.findings)
}

struct Checker<'s> {
    source: &'s Source,
    rest: String,
    findings: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Checks a value and writes what is right of it; writes nothing and returns `false` where it has the wrong type.
    fn value(&mut self, value: Json<'_>, schema: &'static Value, pointer: &Pointer) -> bool {
        match schema["type"].as_str() {
            Some("object") if value.kind() == Kind::Object => self.object(value, schema, pointer),
            Some("array") if value.kind() == Kind::Array => self.array(value, schema, pointer),
            Some("string") if value.kind() == Kind::String => return self.string(value, schema, pointer),
            Some("integer") if value.kind() == Kind::Number => return self.integer(value, schema, pointer),
            expected => {
                self.findings.push(wrong_type::finding(value, expected.unwrap_or("object"), pointer));
                return false;
            }
        }
        true
    }

    fn object(&mut self, value: Json<'_>, schema: &'static Value, pointer: &Pointer) {
        let mut seen: HashMap<Cow<'_, str>, Json<'_>> = HashMap::new();
        self.rest.push('{');
        let mut first = true;
        for member in value.members() {
            let Some(key) = member.key.string() else {
                self.findings
                    .push(invalid_json::half_a_surrogate_pair(Place::Bytes(member.key.range(self.source.text()))));
                continue;
            };
            if let Some(earlier) = seen.get(&key) {
                self.findings.push(duplicate_key::finding(self.source, &key, *earlier, member.key));
                continue;
            }
            let inside = pointer.join(&key);
            let property = schema["properties"].get(key.as_ref());
            let Some(inner) = property.or(schema.get("additionalProperties").filter(|value| value.is_object())) else {
                self.findings.push(unknown_field::finding(&key, schema, inside));
                seen.insert(key, member.key);
                continue;
            };
            let before = self.rest.len();
            if !std::mem::take(&mut first) {
                self.rest.push(',');
            }
            self.rest.push_str(member.key.raw());
            self.rest.push(':');
            let inner = resolve(inner);
            if !self.value(member.value, inner, &inside) {
                if property.is_some() {
                    self.rest.truncate(before);
                    first = self.rest.ends_with('{');
                } else {
                    self.empty(inner);
                }
            }
            seen.insert(key, member.key);
        }
        self.rest.push('}');
    }

    fn array(&mut self, value: Json<'_>, schema: &'static Value, pointer: &Pointer) {
        let inner = resolve(&schema["items"]);
        self.rest.push('[');
        for (index, element) in value.elements().into_iter().enumerate() {
            if index > 0 {
                self.rest.push(',');
            }
            if !self.value(element, inner, &pointer.index(index)) {
                self.empty(inner);
            }
        }
        self.rest.push(']');
    }

    fn string(&mut self, value: Json<'_>, schema: &Value, pointer: &Pointer) -> bool {
        let Some(text) = value.string() else {
            self.findings.push(invalid_json::half_a_surrogate_pair(Place::Value(pointer.clone())));
            return false;
        };
        if let Some(words) = schema["enum"].as_array()
            && !words.iter().any(|word| word == text.as_ref())
        {
            self.findings.push(invalid_value::finding(&text, words, pointer));
            return false;
        }
        self.rest.push_str(value.raw());
        true
    }

    fn integer(&mut self, value: Json<'_>, schema: &Value, pointer: &Pointer) -> bool {
        if value.raw().contains(['.', 'e', 'E']) {
            self.findings.push(wrong_type::finding(value, "integer", pointer));
            return false;
        }
        let (minimum, maximum) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        let number = value.raw().parse::<i64>().ok();
        let inside = number.is_some_and(|number| {
            minimum.is_none_or(|minimum| minimum <= number) && maximum.is_none_or(|maximum| number <= maximum)
        });
        if inside {
            self.rest.push_str(value.raw());
        } else {
            self.findings.push(port_out_of_range::finding(value, pointer));
        }
        inside
    }

    /// Writes the empty value of a schema.
    fn empty(&mut self, schema: &Value) {
        self.rest.push_str(match schema["type"].as_str() {
            Some("string") => "\"\"",
            Some("array") => "[]",
            _ => "{}",
        });
    }
}

/// Follows a reference into the definitions of the schema.
fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => crate::schema::schema().pointer(pointer).expect("a reference of the schema leads somewhere"),
        None => schema,
    }
}
