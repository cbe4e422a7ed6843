//! What should be the name of an environment variable is none.
//!
//! ## What it does
//! Reports a `url`, `host` or `port` of `envVars` that is not the name of an environment variable: letters, digits and `_`, not starting with a digit.
//!
//! ## Why is this bad
//! No shell can set such a variable. Most often the value stands where the name belongs.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// What should be the name of an environment variable is none.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-env-var-name",
    severity: Severity::Error,
    summary: "What should be the name of an environment variable is none.",
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        let Some(variables) = &service.env_vars else { continue };
        for (field, value) in [("url", &variables.url), ("host", &variables.host), ("port", &variables.port)] {
            let Some(value) = value.as_ref().filter(|value| !is_name(value)) else { continue };
            let place = Place::Value(Pointer::of(["services", name, "envVars", field]));
            let found = if value.is_empty() { "empty".to_owned() } else { quote(value) };
            let message = format!("envVars.{field} of {} is {found}, and has to be the name of a variable", quote(name));
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
        return format!("write the name alone: {}", quote(bare));
    }
    if value.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.contains([':', '/', '.']) {
        let name: String = value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        return format!("use letters, digits and _ only: {}", quote(&name));
    }
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let start: String = service.chars().map(word).collect();
    let usual = format!("{start}_{}", field.to_ascii_uppercase());
    if is_name(&usual) && usual.trim_start_matches('_').len() > field.len() {
        format!("write the name of the variable, such as {}, not its value", quote(&usual))
    } else {
        "write the name of the variable: letters, digits and _".to_owned()
    }
}
