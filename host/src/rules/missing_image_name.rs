//! A service names no image.
//!
//! ## What it does
//! Reports a service whose `image` or `image.name` is absent or empty.
//!
//! ## Why is this bad
//! Nobody can tell what runs.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A service names no image.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-image-name",
    severity: Severity::Error,
    summary: "A service names no image.",
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        if service.image.name.is_empty() {
            let place = Place::Value(Pointer::of(["services", name, "image", "name"]));
            let message = format!("the service {} names no image", quote(name));
            findings.push(RULE.at(place, message).help("add \"image\": { \"name\": \"…\" }"));
        }
    }
}
