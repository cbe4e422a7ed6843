//! An image digest is malformed.
//!
//! ## What it does
//! Reports an `image.digest` that is neither `sha256:` with 64 lowercase hexadecimal digits nor `sha512:` with 128.
//!
//! ## Why is this bad
//! The image cannot be pulled: the digest is truncated or a placeholder.
//!
//! ## Example
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "digest": "sha256:a1b2c3d4e5f6" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "image": { "name": "ghcr.io/org/api", "digest": "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9" } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// An image digest is malformed.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "malformed-digest",
    severity: Severity::Warning,
    summary: "An image digest is malformed.",
    tags: &["images", "security"],
    params: &[],
    check: Check::System(check),
};

/// The algorithms, each with the hexadecimal digits of its digests.
const ALGORITHMS: [(&str, usize); 2] = [("sha256", 64), ("sha512", 128)];

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        let Some(fault) = service.image.digest.as_ref().and_then(|digest| fault(digest)) else { continue };
        let place = Place::Value(Pointer::of(["services", name, "image", "digest"]));
        let finding = RULE.at(place, format!("the digest of the image of {} {fault}", quote(name)));
        findings.push(finding.help("copy it from the registry: `sha256:` and 64 digits, 0 to 9 and a to f"));
    }
}

/// Describes what is wrong with a digest, as the rest of a sentence.
fn fault(digest: &str) -> Option<String> {
    let known = |name: &str| ALGORITHMS.into_iter().find(|&(algorithm, _)| algorithm == name);
    let Some((digits, (algorithm, length))) =
        digest.split_once(':').and_then(|(name, digits)| Some((digits, known(name)?)))
    else {
        return Some("starts with neither `sha256:` nor `sha512:`".to_owned());
    };
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if let Some(other) = digits.chars().find(|&c| !u8::try_from(c).is_ok_and(is_digit)) {
        return Some(format!("contains {}, which is not a lowercase hexadecimal digit", quote(&other.to_string())));
    }
    let found = digits.len();
    (found != length).then(|| format!("has {found} digits, but {algorithm} has {length}"))
}
