//! An image has a mutable tag.
//!
//! ## What it does
//! Reports an image whose tag is one of `tags`, or that has neither a tag nor a digest, which means `latest`. A tag or a digest inside of `name` is not read. An image with a digest is not reported, since the digest takes precedence over the tag.
//!
//! ## Why is this bad
//! The tag can refer to another image tomorrow, so that deployments are not reproducible and cannot be rolled back.
//!
//! ## Example
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "tag": "latest" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "tag": "v2.1.0" } }
//! ```

use std::borrow::Cow;

use super::{BuiltIn, Check, Context, Param, ParamValue};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// An image has a mutable tag.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "mutable-tag",
    severity: Severity::Warning,
    summary: "An image has a mutable tag.",
    tags: &["images", "security"],
    params: &[Param {
        name: Cow::Borrowed("tags"),
        summary: Cow::Borrowed("Tags that can be moved to another image."),
        default: TAGS,
        allowed: None,
    }],
    check: Check::System(check),
};

/// The mutable tags, unless a project sets others.
pub(super) const TAGS: ParamValue = ParamValue::Texts(Cow::Borrowed(&[Cow::Borrowed("latest")]));

fn check(Context { system, params, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let tags = params.texts("tags");
    for (name, service) in &system.services {
        let image = &service.image;
        if image.name.is_empty() || image.digest.is_some() {
            continue;
        }
        let (field, message) = match image.tag.as_ref().filter(|tag| !tag.is_empty()) {
            Some(tag) if tags.iter().any(|mutable| mutable == tag.as_str()) => {
                ("tag", format!("the image of {} has the mutable tag {}", quote(name), quote(tag)))
            }
            Some(_) => continue,
            None if has_tag_or_digest(&image.name) => {
                ("name", format!("the image of {} has its tag or digest in `name`", quote(name)))
            }
            None => {
                ("name", format!("the image of {} has neither a tag nor a digest, which means `latest`", quote(name)))
            }
        };
        let place = Place::Value(Pointer::of(["services", name, "image", field]));
        findings.push(RULE.at(place, message).help(if field == "name" && has_tag_or_digest(&image.name) {
            "move it to `tag` or `digest`"
        } else {
            "set `tag` to a version, or set `digest`"
        }));
    }
}

/// Whether a tag or a digest follows the name, as in `nginx:1.27`. The colon of a port is followed by a slash.
fn has_tag_or_digest(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.contains([':', '@']))
}
