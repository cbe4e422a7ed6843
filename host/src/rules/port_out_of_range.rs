//! A port is not between 1 and 65535.
//!
//! ## What it does
//! Reports a port of a connection, an endpoint, a network rule or a resource that is out of range.
//!
//! ## Why is this bad
//! No service can listen on it.
//!
//! ## Example
//! ```json
//! { "port": 80800, "protocol": "http" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "port": 8080, "protocol": "http" }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::source::Json;
use crate::text::quote;

/// A port is not between 1 and 65535.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "port-out-of-range",
    severity: Severity::Error,
    summary: "A port is not between 1 and 65535.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(value: Json<'_>, pointer: &Pointer) -> Diagnostic {
    let number = quote(value.raw());
    RULE.at(Place::Value(pointer.clone()), format!("port {number} is out of range")).label("expected 1 to 65535")
}
