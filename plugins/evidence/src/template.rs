//! Replaces variables in texts as compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?why}`, `${NAME:+instead}`.

/// What is wrong with a place where a variable stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The variable has neither a value nor a default; nothing stands in its place.
    Unset(String),
    /// The variable has no value, and has to have one.
    Required {
        /// Its name.
        name: String,
        /// What the file says of it: `${NAME:?why}`.
        why: String,
    },
    /// What stands there is no variable, as the rest of a sentence. Compose refuses it, and nothing stands in its place.
    Invalid(String),
}

/// The most levels of defaults inside of defaults.
const MAX_DEPTH: usize = 64;

/// The most characters of something invalid that are shown.
const SHOWN: usize = 24;

/// Replaces the variables of a text, and calls a function with each fault.
pub fn substitute<'v>(text: &str, value: &dyn Fn(&str) -> Option<&'v str>, fault: &mut dyn FnMut(Fault)) -> String {
    nested(text, value, fault, 0)
}

fn nested<'v>(
    text: &str,
    value: &dyn Fn(&str) -> Option<&'v str>,
    fault: &mut dyn FnMut(Fault),
    depth: usize,
) -> String {
    if depth > MAX_DEPTH {
        fault(Fault::Invalid(format!("variables are nested more than {MAX_DEPTH} levels deep")));
        return String::new();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Behind the last brace nothing is closed, and nothing has to be looked through for it.
    let last_brace = text.rfind('}').map_or(0, |at| at + 1);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let is_closed = last_brace > text.len() - after.len();
            let Some(end) = is_closed.then(|| closing(after)).flatten() else {
                let shown: String = after.chars().take(name_length(after).clamp(1, SHOWN)).collect();
                fault(Fault::Invalid(format!("`${{{shown}` has no closing brace")));
                rest = &after[name_length(after)..];
                continue;
            };
            out.push_str(&braced(&after[..end], value, fault, depth));
            rest = &after[end + 1..];
        } else {
            let end = name_length(rest);
            if end == 0 {
                out.push('$');
            } else {
                match value(&rest[..end]) {
                    Some(value) => out.push_str(value),
                    None => fault(Fault::Unset(rest[..end].to_owned())),
                }
            }
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// What stands for the inside of `${…}`. The text behind an operator may contain variables itself.
fn braced<'v>(
    inside: &str,
    value: &dyn Fn(&str) -> Option<&'v str>,
    fault: &mut dyn FnMut(Fault),
    depth: usize,
) -> String {
    let (name, operation) = inside.split_at(name_length(inside));
    let (is_empty_unset, operator) = match operation.strip_prefix(':') {
        Some(operator) => (true, operator),
        None => (false, operation),
    };
    let mut operators = operator.chars();
    let operator = operators.next();
    let text = operators.as_str();
    if name.is_empty() || !matches!((operator, is_empty_unset), (Some('-' | '+' | '?'), _) | (None, false)) {
        fault(Fault::Invalid(invalid(name, inside)));
        return String::new();
    }
    let given = value(name).filter(|value| !(is_empty_unset && value.is_empty()));
    match (given, operator) {
        (Some(_), Some('+')) | (None, Some('-')) => nested(text, value, fault, depth + 1),
        (Some(given), _) => given.to_owned(),
        (None, Some('+')) => String::new(),
        (None, Some(_)) => {
            let why = nested(text, value, &mut |_| {}, depth + 1);
            fault(Fault::Required { name: name.to_owned(), why });
            String::new()
        }
        (None, None) => {
            fault(Fault::Unset(name.to_owned()));
            String::new()
        }
    }
}

/// Why the inside of `${…}` is no variable. Of what follows the name little is shown: it may be a secret.
fn invalid(name: &str, inside: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if inside.is_empty() {
        return "`${}` names no variable".to_owned();
    }
    if !name.is_empty() {
        let operator: String = inside[name.len()..].chars().take_while(|&one| !is_word(one)).take(2).collect();
        return format!("`{operator}` behind `${{{name}` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`");
    }
    let shown: String = inside.chars().take_while(|&one| is_word(one)).take(SHOWN).collect();
    let rest = if shown.len() < inside.len() { "…" } else { "" };
    format!("`${{{shown}{rest}}}` names no variable: a name starts with a letter or `_`")
}

/// Finds the brace that ends `${`. Braces in a default count, as long as they are even.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.rfind('}')
}

/// The length of the name of a variable at the start of a text.
fn name_length(text: &str) -> usize {
    let is_name =
        |(at, byte): (usize, u8)| byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit());
    text.bytes().enumerate().take_while(|&one| is_name(one)).count()
}

#[cfg(test)]
mod tests {
    use super::{Fault, substitute};

    fn value(name: &str) -> Option<&'static str> {
        match name {
            "SET" => Some("1"),
            "EMPTY" => Some(""),
            _ => None,
        }
    }

    fn replaced(text: &str) -> (String, String) {
        let mut faults = Vec::new();
        let out = substitute(text, &value, &mut |fault| {
            faults.push(match fault {
                Fault::Unset(name) => name,
                Fault::Required { name, why } => format!("{name}: {why}"),
                Fault::Invalid(why) => why,
            });
        });
        (out, faults.join(" | "))
    }

    #[test]
    fn variables_have_their_values_or_defaults_or_nothing() {
        for (text, expected, missing) in [
            ("plain", "plain", ""),
            ("${TAG:-1.2}", "1.2", ""),
            ("${TAG-1.2}-slim", "1.2-slim", ""),
            ("a${B}c$D", "ac", "B | D"),
            ("${A:-${B:-x}}y", "xy", ""),
            ("${A:-${B}}y", "y", "B"),
            ("${X:-${Y:-${Z:-9}}}", "9", ""),
            ("${A:?has to be set}", "", "A: has to be set"),
            ("${A?see ${B:-docs}}", "", "A: see docs"),
            ("${SET?no}${EMPTY?no}", "1", ""),
            ("${EMPTY:?no}", "", "EMPTY: no"),
            ("${A:+only when set}${SET:+yes}${EMPTY+set}${EMPTY:+no}", "yesset", ""),
            ("${EMPTY:-default}${EMPTY-kept}", "default", ""),
            ("cost: $$5 and $ 5 and $5", "cost: $5 and $ 5 and $5", ""),
            ("${A:-{\"a\": {}}}!", "{\"a\": {}}!", ""),
            ("${A:-{}", "{", ""),
            ("${A:-a?b:-c}", "a?b:-c", ""),
        ] {
            assert_eq!(replaced(text), (expected.to_owned(), missing.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_compose_refuses_is_called_wrong() {
        for (text, expected, why) in [
            ("${}", "", "`${}` names no variable"),
            ("${1BAD}", "", "`${1BAD}` names no variable: a name starts with a letter or `_`"),
            ("${a.b}", "", "`.` behind `${a` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`"),
            ("${X:=s3cret}", "", "`:=` behind `${X` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`"),
            ("${X:}", "", "`:` behind `${X` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`"),
            ("${=s3cret}", "", "`${…}` names no variable: a name starts with a letter or `_`"),
            ("a:${TAG", "a:", "`${TAG` has no closing brace"),
            ("${ü", "ü", "`${ü` has no closing brace"),
            ("${a ${b}", "", "` $` behind `${a` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`"),
        ] {
            assert_eq!(replaced(text), (expected.to_owned(), why.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_long_text_takes_time_by_its_length() {
        let start = std::time::Instant::now();
        for part in ["${", "${A:-", "${A}", "$", "}", "${}", "{", "${A:-{}"] {
            replaced(&part.repeat(200_000));
            replaced(&format!("{}}}", part.repeat(200_000)));
        }
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
        let deep = format!("{}{}", "${A:-".repeat(1000), "}".repeat(1000));
        assert_eq!(replaced(&deep).1, "variables are nested more than 64 levels deep");
    }
}
