//! An image can change under its name.
//!
//! ## What it does
//! Reports an image whose tag is one of `tags`, or that has neither tag nor digest, which means `latest`; a tag or a digest inside `name` is not read. A digest wins over the tag, so that such an image is not reported.
//!
//! ## Why is this bad
//! What is deployed today is not what was tested yesterday, and nobody can go back to it.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// An image can change under its name.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "mutable-tag",
    severity: Severity::Warning,
    summary: "An image can change under its name.",
    params: &[Param {
        name: Cow::Borrowed("tags"),
        summary: Cow::Borrowed("The tags that move."),
        default: TAGS,
        allowed: None,
    }],
    check: Check::System(check),
};

/// The tags that move, unless a project says otherwise.
pub(super) const TAGS: ParamValue = ParamValue::Texts(Cow::Borrowed(&[Cow::Borrowed("latest")]));

fn check(Context { system, params, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let tags = params.texts("tags");
    for (name, service) in &system.services {
        let image = &service.image;
        if image.name.is_empty() || image.digest.is_some() {
            continue;
        }
        let (field, message) = match image.tag.as_ref().filter(|tag| !tag.is_empty()) {
            Some(tag) if tags.iter().any(|moving| moving == tag.as_str()) => {
                ("tag", format!("the image of {} has the tag {}, which moves", quote(name), quote(tag)))
            }
            Some(_) => continue,
            None if holds_more_than_name(&image.name) => {
                ("name", format!("the image of {} has its tag or digest in the name", quote(name)))
            }
            None => ("name", format!("the image of {} has neither tag nor digest, which means latest", quote(name))),
        };
        let place = Place::Value(Pointer::of(["services", name, "image", field]));
        findings.push(RULE.at(place, message).help(if field == "name" && holds_more_than_name(&image.name) {
            "move it to \"tag\" or \"digest\""
        } else {
            "name a version in \"tag\", or better the \"digest\""
        }));
    }
}

/// Says whether a tag or a digest stands behind the name, as in `nginx:1.27`. The colon of a port has a slash behind it.
fn holds_more_than_name(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.contains([':', '@']))
}
