//! An image has a tag and no digest.
//!
//! ## What it does
//! Reports an image with a tag and without a digest. A tag among `tags`, or none at all, is `mutable-tag`.
//!
//! ## Why is this bad
//! A tag can be pushed again, by a slip or by an attacker; a digest is the content itself.
//!
//! ## Example
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "tag": "v2.1.0" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "tag": "v2.1.0", "digest": "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9" } }
//! ```

use std::borrow::Cow;

use super::mutable_tag::TAGS;
use super::{BuiltIn, Check, Context, Param};
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// An image has a tag and no digest.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unpinned-image",
    severity: Severity::Info,
    summary: "An image has a tag and no digest.",
    params: &[Param {
        name: Cow::Borrowed("tags"),
        summary: Cow::Borrowed("The tags that are left to `mutable-tag`: the same as there."),
        default: TAGS,
        allowed: None,
    }],
    check: Check::System(check),
};

fn check(Context { system, params, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let tags = params.texts("tags");
    for (name, service) in &system.services {
        let image = &service.image;
        let Some(tag) = image.tag.as_ref().filter(|tag| !tag.is_empty() && image.digest.is_none()) else { continue };
        if !image.name.is_empty() && !tags.iter().any(|moving| moving == tag.as_str()) {
            let place = Place::Value(Pointer::of(["services", name, "image", "tag"]));
            let message = format!("the image of {} has the tag {} and no digest", quote(name), quote(tag));
            findings.push(RULE.at(place, message).help("add the \"digest\" that the tag stands for today"));
        }
    }
}
