//! The name of an environment variable is invalid.
//!
//! ## What it does
//! Reports a `url`, `host` or `port` of `envVars` that is not a valid name of an environment variable: letters, digits and `_`, not starting with a digit.
//!
//! ## Why is this bad
//! No shell can set such a variable. Most often, the value is given instead of the name.
//!
//! ## Example
//! ```json
//! { "envVars": { "url": "http://users:8080" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "envVars": { "url": "USERS_SERVICE_URL" } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// The name of an environment variable is invalid.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-env-var-name",
    severity: Severity::Error,
    summary: "The name of an environment variable is invalid.",
    tags: &["environment"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        let Some(variables) = &service.env_vars else { continue };
        for (field, value) in [("url", &variables.url), ("host", &variables.host), ("port", &variables.port)] {
            let Some(value) = value.as_ref().filter(|value| !is_name(value)) else { continue };
            let place = Place::Value(Pointer::of(["services", name, "envVars", field]));
            let found = if value.is_empty() { "an empty string".to_owned() } else { quote(value) };
            let message = format!("expected a variable name for envVars.{field} of {}, found {found}", quote(name));
            findings.push(RULE.at(place, message).help(next_step(name, field, value)));
        }
    }
}

fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Proposes the name in `$NAME`, `${NAME}` or `MY-NAME`, else the name that is usual for the service.
fn next_step(service: &str, field: &str, value: &str) -> String {
    let bare = value.trim().trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
    if is_name(bare) {
        return format!("use only the name: {}", quote(bare));
    }
    if value.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.contains([':', '/', '.']) {
        let name: String = value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        return format!("use only letters, digits and `_`: {}", quote(&name));
    }
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let start: String = service.chars().map(word).collect();
    let usual = format!("{start}_{}", field.to_ascii_uppercase());
    if is_name(&usual) && usual.trim_start_matches('_').len() > field.len() {
        format!("use the name of the variable, such as {}, not its value", quote(&usual))
    } else {
        "use the name of the variable: letters, digits and `_`".to_owned()
    }
}
