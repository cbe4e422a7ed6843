//! Definition files (`.d.rhai`), by which editors know what a rule can call: made of the signatures that `check` goes by,
//! and of the schema of documents.

use std::fmt::Write as _;

use super::check::{OF_RHAI, OF_THE_ENGINE, ObjectType, shown_type, type_name};

/// A definition file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionFile {
    /// Its name: `engine.d.rhai`.
    pub file: &'static str,
    /// Its text.
    pub text: String,
}

/// Every definition file: what the engine gives to rules with the objects of documents, and the functions of rhai.
pub fn definitions() -> [DefinitionFile; 2] {
    let head = "module static;\n\n";
    [
        DefinitionFile { file: "engine.d.rhai", text: format!("{head}{}\n{OF_THE_ENGINE}", objects()) },
        DefinitionFile { file: "rhai.d.rhai", text: format!("{head}{OF_RHAI}") },
    ]
}

/// The objects of documents as types.
fn objects() -> String {
    let mut text = String::new();
    for (name, object) in ObjectType::all() {
        comment(&mut text, "", &object.summary);
        let _ = writeln!(text, "type {} = #{{", type_name(name));
        for field in &object.fields {
            comment(&mut text, "    ", &field.summary);
            let _ = writeln!(text, "    {}: {},", field.name, shown_type(field));
        }
        text.push_str("};\n\n");
    }
    let names: Vec<String> = ObjectType::all().keys().map(|name| type_name(name)).collect();
    comment(&mut text, "", "A value of the document: an object, or a list or a map of some.");
    let _ = writeln!(text, "type Value = {} | Array | Map;", names.join(" | "));
    text
}

fn comment(text: &mut String, indent: &str, comment: &str) {
    for line in comment.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(text, "{indent}/// {}", line.trim());
    }
}
