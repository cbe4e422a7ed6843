//! A new rule with its test, both passing.

use crate::text::quote;

/// Holds the texts of a new rule.
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

/// Writes a rule with an id: `acme/image-digest`.
///
/// # Errors
/// A sentence that says what an id is, where it is none.
pub fn scaffold(id: &str) -> Result<Scaffold, String> {
    if !super::description::is_id(id) {
        let what = "is not a name space, a slash and a name in kebab-case, such as `acme/image-digest`";
        return Err(format!("the id {} {what}", quote(id)));
    }
    let name = id.rsplit('/').next().unwrap_or(id);
    let script_file = format!("{name}.rhai");
    let test_file = super::testing::test_file(&script_file);
    let fill = |text: &str| text.replace("acme/new-rule", id);
    Ok(Scaffold {
        script_file,
        script: fill(include_str!("scaffold/rule.rhai")),
        test_file,
        test: fill(include_str!("scaffold/rule.test.json")),
    })
}
