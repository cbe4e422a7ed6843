//! What scripts can ask of versions, as [Semantic Versioning](https://semver.org/) has them. Asked of `()`, there is none.

use rhai::{Dynamic, Engine};
use semver::{Version, VersionReq};

use super::meter::Native;
use crate::text::quote;

/// The bytes of a text that may be a version.
const LONGEST: usize = 256;

/// Registers the functions.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("semver", |text: &str| version(text).map_or(Dynamic::UNIT, parts));
    engine.register_fn("semver", |(): ()| ());
    engine.register_fn("satisfies", |text: &str, wanted: &str| -> Native<bool> {
        let wanted = requirement(wanted)?;
        Ok(version(text).is_some_and(|version| wanted.matches(&version)))
    });
    engine.register_fn("satisfies", |(): (), wanted: &str| -> Native<bool> {
        requirement(wanted)?;
        Ok(false)
    });
}

/// Reads a version: with a `v` before it or without, and with zeros for what is left out: `v3` is 3.0.0.
fn version(text: &str) -> Option<Version> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let zeros = match text[..end].matches('.').count() {
        0 => ".0.0",
        1 => ".0",
        _ => "",
    };
    Version::parse(&format!("{}{zeros}{}", &text[..end], &text[end..])).ok()
}

fn parts(version: Version) -> Dynamic {
    let number = |number: u64| Dynamic::from_int(i64::try_from(number).unwrap_or(i64::MAX));
    let some = |text: &str| if text.is_empty() { Dynamic::UNIT } else { text.into() };
    let parts = [
        ("major", number(version.major)),
        ("minor", number(version.minor)),
        ("patch", number(version.patch)),
        ("pre", some(version.pre.as_str())),
        ("build", some(version.build.as_str())),
    ];
    Dynamic::from_map(parts.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn requirement(text: &str) -> Native<VersionReq> {
    let wrong = || format!("expected versions such as `>=3` or `^1.2`, found {}", quote(text));
    if text.len() > LONGEST {
        return Err(wrong().into());
    }
    VersionReq::parse(text).map_err(|_| wrong().into())
}
