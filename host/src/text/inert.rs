//! JSON that a terminal does not act on.

use std::borrow::Cow;

use super::visible;

/// Writes what a terminal would act on as JSON's escapes: in a document it can only stand inside of a text.
pub fn inert_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for character in text.chars() {
        if character >= '\u{7f}' && matches!(visible(character.encode_utf8(&mut [0; 4])), Cow::Owned(_)) {
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::inert_json;

    #[test]
    fn nothing_in_a_document_acts_on_a_terminal() {
        assert_eq!(inert_json("{\"a\u{9b}31m\u{202e}ü\": 1}\n"), "{\"a\\u009b31m\\u202eü\": 1}\n");
    }
}
