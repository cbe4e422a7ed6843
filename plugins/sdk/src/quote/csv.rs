use super::returned;

/// Appends `text` to CSV (RFC 4180) as one field, in quotes where they are needed.
///
/// Leaves nothing out, so it returns 0. Spreadsheets take a field that begins with `=`, `+`, `-` or `@` for a formula,
/// quoted or not; CSV has no way to say otherwise, and this function keeps such text as it is.
pub fn push_csv(out: &mut String, text: &str) -> usize {
    let plain = !text.contains([',', '"', '\r', '\n']) && text.trim_matches([' ', '\t']).len() == text.len();
    if plain {
        out.push_str(text);
        return 0;
    }
    out.push('"');
    for (i, part) in text.split('"').enumerate() {
        if i > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
    0
}

/// `text` as one field of CSV, as [`push_csv`] writes it.
pub fn csv(text: &str) -> String {
    returned(text, push_csv)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(csv("api"), "api");
        assert_eq!(csv(""), "");
        assert_eq!(csv("a,b"), "\"a,b\"");
        assert_eq!(csv("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(csv("line\nbreak"), "\"line\nbreak\"");
        assert_eq!(csv(" a"), "\" a\"");
        assert_eq!(csv("=1+1"), "=1+1");
    }
}
