//! What the tooltip and the link of a service say.

use spec_engine_plugin::quote::push_d2;
use spec_engine_plugin::serde_json::{self, Value};

/// Appends the tooltip and the link of a service as fields of its D2 object, and returns how many characters were left
/// out. `attributes` is what the document says of the service; what is not as the format has it is passed over.
pub(crate) fn push_details(out: &mut String, label: &str, attributes: &str) -> usize {
    let service: Value = serde_json::from_str(attributes).unwrap_or_default();
    let text = |pointer: &str| service.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut dropped = 0;
    let lines = [
        ("Image", image(&text)),
        ("Owner", text("/owner").map(str::to_owned)),
        ("Commit", text("/repo/commit").map(str::to_owned)),
        ("", text("/description").map(str::to_owned)),
    ];
    let tooltip = lines
        .into_iter()
        .filter_map(|(name, text)| Some(if name.is_empty() { text? } else { format!("{name}: {}", text?) }));
    let tooltip = without_markup(&tooltip.collect::<Vec<_>>().join("\n"));
    if !tooltip.is_empty() {
        out.push_str("; tooltip: ");
        dropped += push_d2(out, &tooltip);
    }
    if let Some(url) = text("/repo/url").filter(|url| is_link(url) && !is_url(label) && !is_url(&tooltip)) {
        out.push_str("; link: ");
        dropped += push_d2(out, url);
    }
    dropped
}

/// Puts a zero-width space behind what could open a tag. D2 shows a tooltip as it stands, and refuses one that, read as
/// Markdown, has a tag in it without its end.
fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        out.push(c);
        if c == '<' && characters.peek().is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(*next)) {
            out.push('\u{200b}');
        }
    }
    out
}

/// Writes the full reference of an image: `name@digest`, else `name:tag`, else `name`.
fn image<'a>(text: &impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let name = text("/image/name")?;
    Some(match (text("/image/digest"), text("/image/tag")) {
        (Some(digest), _) => format!("{name}@{digest}"),
        (None, Some(tag)) => format!("{name}:{tag}"),
        (None, None) => name.to_owned(),
    })
}

/// Whether D2 takes an address as a link: another scheme is dropped there or means a board of the diagram.
fn is_link(url: &str) -> bool {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Whether D2 may read a text as an address, which it refuses on an object that has a link.
pub(crate) fn is_url(text: &str) -> bool {
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(is_scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(label: &str, attributes: &str) -> String {
        let mut out = String::new();
        push_details(&mut out, label, attributes);
        out
    }

    #[test]
    fn a_tooltip_opens_no_tag() {
        let out = details("x", r#"{"description":"a < b, List<String>, <br/>"}"#);
        assert_eq!(out, "; tooltip: \"a < b, List<\u{200b}String>, <\u{200b}br/>\"");
    }

    #[test]
    fn a_service_tells_image_owner_commit_and_description() {
        let attributes = r#"{"description":"Takes money","owner":"payments","repo":{"url":"https://example.com/a","commit":"4f2a"},
            "image":{"name":"acme/pay","tag":"v1","digest":"sha256:00"}}"#;
        assert_eq!(
            details("pay", attributes),
            r#"; tooltip: "Image: acme/pay@sha256:00\nOwner: payments\nCommit: 4f2a\nTakes money"; link: "https://example.com/a""#
        );
    }

    #[test]
    fn an_image_without_digest_has_its_tag() {
        assert_eq!(details("a", r#"{"image":{"name":"a","tag":"v1"}}"#), r#"; tooltip: "Image: a:v1""#);
        assert_eq!(details("a", r#"{"image":{"name":"a"}}"#), r#"; tooltip: "Image: a""#);
    }

    #[test]
    fn only_web_and_mail_addresses_are_links() {
        for (url, is_link) in [
            ("HTTPS://example.com", true),
            ("mailto:a@example.com", true),
            ("javascript:alert(1)", false),
            ("git@example.com:a/b.git", false),
            ("layers.x", false),
            ("é", false),
        ] {
            assert_eq!(details("a", &format!(r#"{{"repo":{{"url":"{url}"}}}}"#)).contains("link"), is_link, "{url}");
        }
    }

    #[test]
    fn a_label_that_is_an_address_has_no_link() {
        assert_eq!(details("https://example.com", r#"{"repo":{"url":"https://example.com"}}"#), "");
    }

    #[test]
    fn a_document_that_is_wrong_gives_no_details() {
        for attributes in ["", "[]", r#"{"image":5,"owner":[],"repo":null}"#] {
            assert_eq!(details("a", attributes), "");
        }
    }
}
