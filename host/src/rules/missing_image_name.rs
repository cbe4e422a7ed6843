//! A service has no image name.
//!
//! ## What it does
//! Reports a service whose `image` or `image.name` is missing or empty.
//!
//! ## Why is this bad
//! Nobody can tell what the service runs.
//!
//! ## Example
//! ```json
//! { "image": { "tag": "v1" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "tag": "v1" } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service has no image name.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-image-name",
    severity: Severity::Error,
    summary: "A service has no image name.",
    tags: &["completeness", "images"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        if service.image.name.is_empty() {
            let place = Place::Value(Pointer::of(["services", name, "image", "name"]));
            let message = format!("{} has no image name", quote(name));
            findings.push(RULE.at(place, message).help("add \"image\": { \"name\": \"…\" }"));
        }
    }
}
