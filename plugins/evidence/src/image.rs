//! Takes references to images apart.

/// A reference to an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The name with its registry, without tag and digest.
    pub name: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest: `sha256:…`.
    pub digest: Option<String>,
}

impl Image {
    /// Makes a reference of a name alone.
    pub fn named(name: String) -> Self {
        Self { name, tag: None, digest: None }
    }

    /// Reads `registry:5000/name:tag@sha256:…`. `None` where it is none.
    pub fn parse(reference: &str) -> Option<Self> {
        // A URL is none, and may hold a password.
        if reference.contains("://") {
            return None;
        }
        // A variable without a value leaves slashes and colons that stand around nothing.
        let reference = reference.trim().trim_start_matches('/');
        let (name, digest) = match reference.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (reference, None),
        };
        let last = name.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match name[last..].split_once(':') {
            Some((short, tag)) => (&name[..last + short.len()], Some(tag)),
            None => (name, None),
        };
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let is_named = !name.is_empty() && !name.ends_with('/');
        is_named.then(|| Self { name: name.to_owned(), tag: given(tag), digest: given(digest) })
    }

    /// Whether it is one that Docker takes: the name in small letters, nothing empty.
    pub fn is_valid(reference: &str) -> bool {
        let Some(Self { name, tag, digest }) = Self::parse(reference) else { return false };
        let (registry, path) = match name.split_once('/') {
            Some((registry, path)) if registry.contains(['.', ':']) || registry == "localhost" => (registry, path),
            _ => ("", name.as_str()),
        };
        let is_part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || b"._-".contains(&one))
        };
        let is_registry = registry.bytes().all(|one| one.is_ascii_alphanumeric() || b".:-".contains(&one));
        let is_tag = |tag: &String| {
            tag.len() <= 128 && tag.bytes().all(|one| one.is_ascii_alphanumeric() || b"._-".contains(&one))
        };
        let is_digest = |digest: &String| digest.contains(':') && !digest.contains(char::is_whitespace);
        let is_whole = !reference.starts_with('/') && !reference.ends_with([':', '@']);
        is_whole
            && is_registry
            && path.split('/').all(is_part)
            && tag.as_ref().is_none_or(is_tag)
            && digest.as_ref().is_none_or(is_digest)
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn references_have_a_name_a_tag_and_a_digest() {
        for (reference, name, tag, digest) in [
            ("nginx", "nginx", None, None),
            ("nginx:1.27", "nginx", Some("1.27"), None),
            ("registry:5000/team/app", "registry:5000/team/app", None, None),
            ("registry:5000/team/app:2", "registry:5000/team/app", Some("2"), None),
            ("ghcr.io/a/b:1@sha256:ab", "ghcr.io/a/b", Some("1"), Some("sha256:ab")),
            ("app:", "app", None, None),
            ("/app:2", "app", Some("2"), None),
        ] {
            let image = Image::parse(reference).expect(reference);
            assert_eq!((image.name.as_str(), image.tag.as_deref(), image.digest.as_deref()), (name, tag, digest));
        }
        for nothing in ["", " ", ":1", "team/", "@sha256:ab", "/", "//:"] {
            assert_eq!(Image::parse(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_docker_refuses_is_not_valid() {
        for valid in ["nginx", "a/b:1", "Registry.example:5000/a/b", "localhost/a@sha256:ab", "a__b:V1.2_x-y"] {
            assert!(Image::is_valid(valid), "{valid}");
        }
        for invalid in ["UPPER:1", "/f", "app:", "a b", "a//b", "app:${TAG", "http://a/b", "a@b", ""] {
            assert!(!Image::is_valid(invalid), "{invalid}");
        }
    }
}
