//! `oci://HOST/REPOSITORY:TAG@sha256:DIGEST`: the name of something in a registry.

use std::fmt;

use spec_engine::text::{quote, redact};

use crate::failure::{Failure, Result};

/// What such a name starts with.
pub(crate) const SCHEME: &str = "oci://";

/// The name of something in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The host, with its port where that is not the usual one.
    pub registry: String,
    /// The path there.
    pub repository: String,
    /// The tag, where one is named.
    pub tag: Option<String>,
    /// The SHA-256 of the manifest in hexadecimal, where one is named.
    pub digest: Option<String>,
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| {
            let failure = Failure::new(format!("{} is no name in a registry: {why}", quote(&redact(text))));
            failure.help("write oci://HOST/REPOSITORY:TAG, or oci://HOST/REPOSITORY@sha256:…")
        };
        let rest = text.strip_prefix(SCHEME).ok_or_else(|| wrong("it does not start with oci://"))?;
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let digest = match digest {
            None => None,
            Some(digest) => {
                // What stands before an @ is a password in other addresses.
                let sum = digest.strip_prefix("sha256:").and_then(sha256);
                Some(sum.ok_or_else(|| wrong("after the @ stands sha256: and 64 digits, 0 to 9 and a to f"))?)
            }
        };
        let (registry, path) = rest.split_once('/').ok_or_else(|| wrong("it has no repository"))?;
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        if registry.is_empty() || !registry.bytes().all(is_host) {
            return Err(wrong("its host is none"));
        }
        if repository.len() > 255 || !repository.split('/').all(is_segment) {
            return Err(wrong("its repository has lower-case letters, digits, and `.`, `_`, `-` and `/` between them"));
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(wrong("its tag has letters, digits, `.`, `_` and `-`"));
        }
        let (registry, repository) = (registry.to_owned(), repository.to_owned());
        Ok(Self { registry, repository, tag: tag.map(str::to_owned), digest })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@sha256:{digest}")?;
        }
        Ok(())
    }
}

/// A SHA-256 in lower-case hexadecimal, if a text is one.
pub(super) fn sha256(text: &str) -> Option<String> {
    let is_sum = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_sum.then(|| text.to_ascii_lowercase())
}

fn is_segment(segment: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    segment.bytes().all(|byte| is_plain(byte) || b"._-".contains(&byte))
        && segment.bytes().next().is_some_and(is_plain)
        && segment.bytes().next_back().is_some_and(is_plain)
}

fn is_tag(tag: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(is_plain)
        && tag.bytes().all(|byte| is_plain(byte) || b".-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn a_reference_is_read_and_written() {
        let digest = "a".repeat(64);
        for text in [
            "oci://ghcr.io/acme/inventory",
            "oci://ghcr.io/acme/inventory:1.2.0",
            &format!("oci://127.0.0.1:5000/a/b__c-d/e:x_y@sha256:{digest}"),
            &format!("oci://[::1]:5000/a@sha256:{digest}"),
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "https://ghcr.io/acme/inventory",
            "oci://ghcr.io",
            "oci:///x",
            "oci://ghcr.io/",
            "oci://ghcr.io/../x",
            "oci://ghcr.io/a//b",
            "oci://ghcr.io/Acme/x",
            "oci://ghcr.io/a:",
            "oci://ghcr.io/a:-x",
            "oci://ghcr.io/a@sha256:12",
            "oci://ann:pw@ghcr.io/a",
            "oci://ghcr.io/a?x=1",
            "oci://ghcr.io?x/a",
        ] {
            let failure = Reference::parse(text).unwrap_err();
            assert!(!failure.message.contains("pw"), "{}", failure.message);
        }
    }
}
