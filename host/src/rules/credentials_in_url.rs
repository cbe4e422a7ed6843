//! A URL contains credentials.
//!
//! ## What it does
//! Reports a string with a URL that has a user and a password (`postgres://user:password@host`) or, for HTTP, anything before the `@`, since a token may stand there alone (`https://token@host`). A user alone, as in `ssh://git@host`, is allowed, and so is a reference such as `${TOKEN}`. Reports never show the credentials.
//!
//! ## Why is this bad
//! Everyone who can read the document, its history or a diagram of it can use them.
//!
//! ## Example
//! ```json
//! { "repo": { "url": "https://ci:hunter2@git.example.com/org/api" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "repo": { "url": "https://git.example.com/org/api" } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::model::Object;
use crate::text::{has_credentials, quote};

/// A URL contains credentials.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "credentials-in-url",
    severity: Severity::Error,
    summary: "A URL contains credentials.",
    tags: &["security"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    Object::from(system).each_text(&mut |path, text| {
        if text.as_bytes().contains(&b'@') && has_credentials(text) {
            let pointer = path.pointer();
            let message = format!("a URL in {} contains credentials", quote(pointer.as_str()));
            let finding = RULE.at(Place::Value(pointer), message).label("visible to every reader of the document");
            findings.push(finding.help("remove and revoke them, and pass new ones in the environment"));
        }
    });
}
