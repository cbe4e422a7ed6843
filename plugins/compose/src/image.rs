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
    /// Reads `registry:5000/name:tag@sha256:…`. `None` where it is none.
    pub fn parse(reference: &str) -> Option<Self> {
        // A URL is none, and may hold a password.
        if reference.contains("://") {
            return None;
        }
        let (name, digest) = match reference.trim().split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (reference.trim(), None),
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
        ] {
            let image = Image::parse(reference).expect(reference);
            assert_eq!((image.name.as_str(), image.tag.as_deref(), image.digest.as_deref()), (name, tag, digest));
        }
        for nothing in ["", " ", ":1", "team/", "@sha256:ab"] {
            assert_eq!(Image::parse(nothing), None, "{nothing:?}");
        }
    }
}
