//! An image has a tag but no digest.
//!
//! ## What it does
//! Reports an image with a tag but without a digest. `mutable-tag` covers the tags in `tags`, and an image without a tag.
//!
//! ## Why is this bad
//! A tag can be pushed again, by mistake or by an attacker; a digest identifies the content.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// An image has a tag but no digest.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unpinned-image",
    severity: Severity::Info,
    summary: "An image has a tag but no digest.",
    tags: &["images", "security"],
    params: &[Param {
        name: Cow::Borrowed("tags"),
        summary: Cow::Borrowed("Tags that `mutable-tag` reports instead."),
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
        if !image.name.is_empty() && !tags.iter().any(|mutable| mutable == tag.as_str()) {
            let place = Place::Value(Pointer::of(["services", name, "image", "tag"]));
            let message = format!("the image of {} has the tag {} but no digest", quote(name), quote(tag));
            findings.push(RULE.at(place, message).help("add `digest`, the current digest of the tag"));
        }
    }
}
