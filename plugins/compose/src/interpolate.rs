//! Replaces variables: `${NAME:-default}`. A variable has the value of an `.env` file that was handed in, else its
//! default, else nothing: the environment is never read.

use std::collections::HashMap;

/// The values of variables by their names.
pub type Variables = HashMap<String, String>;

/// Reads a file of lines `NAME=value`. Later lines may use earlier ones.
pub fn variables(text: &str, into: &mut Variables) {
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let value = value.trim();
        let value = match value.chars().next() {
            Some('\'') => value[1..].split('\'').next().unwrap_or_default().to_owned(),
            Some('"') => interpolate(value[1..].split('"').next().unwrap_or_default(), into, &mut |_| {}),
            _ => interpolate(value.split(" #").next().unwrap_or_default().trim(), into, &mut |_| {}),
        };
        into.insert(name.trim().to_owned(), value);
    }
}

/// Replaces the variables of a text, and calls a function with each that has neither a value nor a default.
pub fn interpolate(text: &str, variables: &Variables, unset: &mut dyn FnMut(&str)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let Some(end) = closing(after) else {
                out.push('$');
                continue;
            };
            out.push_str(&braced(&after[..end], variables, unset));
            rest = &after[end + 1..];
        } else {
            let end = name_length(rest);
            if end == 0 {
                out.push('$');
            } else {
                match variables.get(&rest[..end]) {
                    Some(value) => out.push_str(value),
                    None => unset(&rest[..end]),
                }
            }
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Returns what stands for the inside of `${…}`. A default may contain variables itself.
fn braced(inside: &str, variables: &Variables, unset: &mut dyn FnMut(&str)) -> String {
    let (name, modifier) = inside.split_at(name_length(inside));
    let default = modifier.strip_prefix(":-").or_else(|| modifier.strip_prefix('-'));
    // `+` gives another text to a variable that is set. With `:` one that is empty counts as not set.
    let instead = modifier.strip_prefix(":+").or_else(|| modifier.strip_prefix('+'));
    if let Some(value) = variables.get(name).filter(|value| !(value.is_empty() && modifier.starts_with(':'))) {
        return instead.map_or_else(|| value.clone(), |text| interpolate(text, variables, unset));
    }
    match default {
        Some(default) => interpolate(default, variables, unset),
        None if instead.is_some() => String::new(),
        None => {
            unset(name);
            String::new()
        }
    }
}

/// Finds the brace that ends `${`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '{' if previous == '$' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        previous = character;
    }
    None
}

fn name_length(text: &str) -> usize {
    let is_name =
        |(at, byte): (usize, u8)| byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit());
    text.bytes().enumerate().take_while(|&one| is_name(one)).count()
}

#[cfg(test)]
mod tests {
    use super::{Variables, interpolate, variables};

    #[test]
    fn variables_have_their_defaults_or_nothing() {
        for (text, expected, missing) in [
            ("plain", "plain", ""),
            ("${TAG:-1.2}", "1.2", ""),
            ("${TAG-1.2}-slim", "1.2-slim", ""),
            ("a${B}c$D", "ac", "B D"),
            ("${A:-${B:-x}}y", "xy", ""),
            ("${A:-${B}}y", "y", "B"),
            ("${A:?has to be set}", "", "A"),
            ("${A:+only when set}", "", ""),
            ("cost: $$5 and $ 5", "cost: $5 and $ 5", ""),
            ("${open", "${open", ""),
        ] {
            let mut names = Vec::new();
            assert_eq!(
                interpolate(text, &Variables::new(), &mut |name| names.push(name.to_owned())),
                expected,
                "{text}"
            );
            assert_eq!(names.join(" "), missing, "{text}");
        }
    }

    #[test]
    fn files_of_variables_give_values() {
        let mut known = Variables::new();
        variables("# A=no\nA=1\nexport B=\"${A}2\" # two\nC='${A}'\nD=x # y\nE=\n", &mut known);
        for (text, expected) in [
            ("$A ${B} ${C} ${D}", "1 12 ${A} x"),
            ("${E:-default}${E-kept}", "default"),
            ("${A:+set}${E:+empty}${Z:+unset}", "set"),
        ] {
            assert_eq!(interpolate(text, &known, &mut |name| panic!("{name} is set")), expected, "{text}");
        }
    }
}
