//! What people write who know JavaScript, Python or Jinja, and what a script has instead.

use rhai::Position;

/// Names with spaces between them, and what to write.
type Instead = (&'static str, &'static str);

/// Functions and fields that there are not.
const FUNCTIONS: &[Instead] = &[
    ("includes include has hasOwnProperty hasKey has_key", "write `list.contains(x)`, or `x in list`"),
    ("toLowerCase lower lowercase downcase", "write `to_lower()`"),
    ("toUpperCase upper uppercase upcase", "write `to_upper()`"),
    ("trimStart trimEnd strip lstrip rstrip", "write `trim()`"),
    ("length size count", "write `len()`"),
    ("every", "write `all(|x| …)`"),
    ("any", "write `some(|x| …)`"),
    ("each", "write `for_each(|x| …)`, or `for x in list { … }`"),
    ("findIndex find_index", "write `index_of(|x| …)`"),
    ("slice", "write `extract(start, count)`"),
    ("substr", "write `sub_string(start, count)`"),
    ("concat extend", "write `a + b`, or `lists.flatten()`"),
    ("entries items", "write `for key in map.keys() { … map[key] … }`"),
    ("flatMap flat_map", "write `list.map(|x| …).flatten()`"),
    ("flat", "write `flatten()`"),
    ("fold", "write `reduce(|sum, x| sum + x, 0)`"),
    ("sorted sortBy sort_by_key", "write `order_by(|a, b| …)`"),
    ("groupBy group_by_key", "write `group_by(|x| …)`"),
    ("distinct uniq", "write `unique()`"),
    ("match test regex search", "write `text.matches(\"^v[0-9]+\")`"),
    ("replaceAll replace_all sub gsub", "write `text.replace(\"old\", \"new\")`, which changes the variable `text`"),
    ("format", "write a text between backticks: `` `${value}` ``"),
    (
        "warn warning error info fail finding add emit",
        "write `ctx.report(svc, \"what is wrong\").severity(\"warning\")`",
    ),
    ("isEmpty empty", "write `is_empty()`"),
    ("str String", "write `x.to_string()`"),
    ("int Number parseFloat", "write `parse_int(text)`"),
    ("isinstance instanceof", "write `type_of(x) == \"string\"`"),
    ("log println console_log", "write `print(x)`"),
];

/// Words and marks that there are not.
const WORDS: &[Instead] = &[
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("<>", "write `!=`"),
    ("=> ->", "write a closure as `|x| x.port == 80`"),
    ("++ --", "write `x += 1`, or `x -= 1`"),
    ("?", "write `if condition { a } else { b }`, which is a value"),
    ("...", "write `a + b`, which is one list of two"),
    ("null undefined nil None NULL", "write `()`"),
    ("True", "write `true`"),
    ("False", "write `false`"),
    ("var", "write `let`"),
    ("console", "write `print(x)`"),
    ("typeof", "write `type_of(x)`"),
    ("Object", "write `map.keys()`, or `map.values()`"),
    ("JSON", "write `x.to_json()`"),
    ("Math", "numbers have the functions: `x.abs()`, `x.floor()`, `x.max(y)`"),
    ("and", "write `&&`"),
    ("or", "write `||`"),
    ("not", "write `!`"),
    ("is", "write `==`"),
    ("elif elseif elsif", "write `else if`"),
    ("function def func", "write `fn`"),
    ("new class", "write a map: `#{ key: value }`"),
    ("async await yield", "a script has nothing to wait for: leave it out"),
    ("lambda", "write a closure as `|x| x.port == 80`"),
    ("from require use package", "write `import \"_file\" as file;`"),
    ("self", "write `svc`, or what the parameter of the function is called"),
];

/// What to write instead of a function or field.
pub(super) fn of_function(name: &str) -> Option<&'static str> {
    find(FUNCTIONS, name).or_else(|| find(WORDS, name))
}

/// What to write instead of what stands at a place of a text that cannot be read.
pub(super) fn of_syntax(text: &str, position: Position) -> Option<&'static str> {
    let line = text.lines().nth(position.line()?.checked_sub(1)?)?;
    let start = line.char_indices().nth(position.position()?.checked_sub(1)?)?.0;
    let (before, here) = line.split_at(start);
    let end = |is_part: fn(char) -> bool| here.find(|character| !is_part(character)).unwrap_or(here.len());
    let is_of_name = |character: char| character.is_alphanumeric() || character == '_';
    let is_mark = |character: char| "=!<>+-?.".contains(character);
    let (name, mark) = (&here[..end(is_of_name)], &here[..end(is_mark)]);
    let next = here[name.len()..].trim_start();
    if before.trim_end().ends_with("\\`") || before.trim_end().ends_with('\\') || here.starts_with('\\') {
        return Some("inside of a text between backticks, write a backtick twice");
    }
    if next.trim_start_matches([')', ' ']).starts_with("=>") || next.trim_start_matches([')', ' ']).starts_with("->") {
        return find(WORDS, "=>");
    }
    if here.starts_with('\'') {
        return Some("write texts in double quotes: `\"text\"`");
    }
    if name == "f" && next.starts_with(['"', '\'']) {
        return find(FUNCTIONS, "format");
    }
    let in_brackets = before.trim_end().strip_suffix('(').filter(|_| !name.is_empty());
    if in_brackets.is_some_and(|before| before.trim_end().ends_with("for")) {
        return Some("write `for x in list { … }`, or `for i in 0..10 { … }`");
    }
    if before.trim_end().ends_with('{') && !name.is_empty() && next.starts_with(':') {
        return find(WORDS, "new");
    }
    [mark, name].into_iter().filter(|found| !found.is_empty()).find_map(|found| find(WORDS, found))
}

fn find(of: &[Instead], name: &str) -> Option<&'static str> {
    of.iter().find(|(names, _)| names.split(' ').any(|other| other == name)).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, of_syntax};
    use crate::script::functions::functions_for_scripts;

    #[test]
    fn no_function_that_there_is_has_a_substitute() {
        for name in FUNCTIONS.iter().flat_map(|(names, _)| names.split(' ')) {
            assert!(!functions_for_scripts().any(|known| known == name), "{name}");
        }
    }

    #[test]
    fn what_is_known_from_elsewhere_has_a_substitute() {
        let at = |line: &str, column: u16| of_syntax(line, rhai::Position::new(1, column)).unwrap_or("nothing");
        assert_eq!(at("a === b", 3), "write `==`");
        assert_eq!(at("list.map(e => e.port)", 10), "write a closure as `|x| x.port == 80`");
        assert_eq!(at("list.map((e) -> e.port)", 11), "write a closure as `|x| x.port == 80`");
        assert_eq!(at("let a = { key: 1 };", 11), "write a map: `#{ key: value }`");
        assert_eq!(at("a ? b : c", 3), "write `if condition { a } else { b }`, which is a value");
        assert_eq!(at("`a \\`${b}\\``", 6), "inside of a text between backticks, write a backtick twice");
        assert_eq!(at("a == 'text'", 6), "write texts in double quotes: `\"text\"`");
        assert_eq!(at("for (let i = 0;", 6), "write `for x in list { … }`, or `for i in 0..10 { … }`");
        assert_eq!(at("names ? x", 1), "nothing");
        assert_eq!(at("x", 9), "nothing");
    }
}
