//! A new rule with its test, both passing.

use super::description::is_id;
use super::testing::test_file;
use crate::text::quote;

/// The files of a new rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaffold {
    /// The name of the script: `image-digest.rhai`.
    pub script_file: String,
    /// The script.
    pub script: String,
    /// The name of its tests: `image-digest.test.json`.
    pub test_file: String,
    /// Its tests.
    pub test: String,
}

/// A text that is not the id of a rule: a namespace, a slash and a name in kebab-case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid rule id {}", quote(.0))]
pub struct InvalidRuleId(pub String);

/// Makes a rule with an id: `acme/image-digest`.
///
/// # Errors
/// The text is not an id.
pub fn scaffold(id: &str) -> Result<Scaffold, InvalidRuleId> {
    if !is_id(id) {
        return Err(InvalidRuleId(id.to_owned()));
    }
    let name = id.rsplit('/').next().unwrap_or(id);
    let script_file = format!("{name}.rhai");
    let test_file = test_file(&script_file);
    let fill = |text: &str| text.replace("acme/new-rule", id);
    Ok(Scaffold {
        script_file,
        script: fill(include_str!("scaffold/rule.rhai")),
        test_file,
        test: fill(include_str!("scaffold/rule.test.json")),
    })
}
