//! The next step after a fault: the name that was meant, or what Tera 2 has instead of what people know from elsewhere.

mod instead;
mod names;

use crate::plugin::{TemplateError, TemplateFault};
use crate::text::{nearest, quote};

use self::instead::{FIELDS, FILTERS, FUNCTIONS, Instead, METHODS, TAGS, TESTS};

pub(super) use names::{OWN_FILTERS, OWN_FUNCTIONS};

/// The next step after a fault of a template, from its message and the text at its place.
pub(super) fn of(error: &TemplateError) -> Option<Box<str>> {
    let excerpt = error.excerpt.as_deref()?;
    let (before, after) = (&excerpt.text[..excerpt.range.start], &excerpt.text[excerpt.range.end..]);
    let marked = &excerpt.text[excerpt.range.clone()];
    let hint = match &error.fault {
        TemplateFault::UnknownFilter(message) => {
            named(quoted(message)?, FILTERS, &[names::FILTERS, OWN_FILTERS].concat())
        }
        TemplateFault::UnknownFunction(message) => {
            let name = quoted(message)?;
            component(&excerpt.text, name)
                .or_else(|| named(name, FUNCTIONS, &[names::FUNCTIONS, OWN_FUNCTIONS].concat()))
        }
        TemplateFault::UnknownComponent(message) => {
            meant(quoted(message)?, &components(&excerpt.text).collect::<Vec<_>>())
        }
        TemplateFault::Undefined(message) => undefined(message, before),
        TemplateFault::Engine(message) => of_syntax(message, before, marked, after),
        _ => None,
    };
    hint.map(String::into_boxed_str)
}

/// What to write instead of a name, or which name it was meant to be.
fn named(name: &str, instead: &[Instead], known: &[&str]) -> Option<String> {
    let row = instead.iter().find(|(words, _)| words.split(' ').any(|word| word == name));
    row.map(|(_, instead)| (*instead).to_owned()).or_else(|| meant(name, known))
}

fn meant(name: &str, known: &[&str]) -> Option<String> {
    nearest(name, known.iter().copied()).map(|meant| format!("did you mean {}?", quote(meant)))
}

/// The first name in backticks of a message.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}

/// The names of the components that a text defines.
fn components(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("component ").filter_map(|(at, tag)| {
        let is_tag = text[..at].trim_end_matches([' ', '-']).ends_with("{%");
        let name = text[at + tag.len()..].split('(').next()?.trim();
        is_tag.then_some(name)
    })
}

/// How to call a component that was called as a function.
fn component(text: &str, name: &str) -> Option<String> {
    let found = components(text).find(|component| *component == name)?;
    Some(format!("a component is called with brackets: `{{{{ <{found} name={{value}}/> }}}}`"))
}

/// The variable or field that was meant, of those that Tera lists.
fn undefined(message: &str, before: &str) -> Option<String> {
    let name = quoted(message)?;
    let is_attribute =
        before.trim_end_matches(|end: char| end.is_alphanumeric() || end == '_').ends_with("attributes.");
    let (_, known) = message.split_once("Available ")?.1.split_once(": ")?;
    let known: Vec<&str> = known.split(", ").collect();
    if name == "loop" {
        return Some("`loop` is there inside of a `for`, and not in a component or a comprehension".to_owned());
    }
    // What stands in the attributes of one node need not in those of another.
    meant(name, &known).or_else(|| named(name, FIELDS, &[]).filter(|_| !is_attribute))
}

/// What to write instead of something that Tera does not understand.
fn of_syntax(message: &str, before: &str, marked: &str, after: &str) -> Option<String> {
    let is_loop = || {
        let tag = before.rsplit("{%").next().unwrap_or_default();
        tag.trim_start_matches('-').trim_start().starts_with("for ")
    };
    let text = match message {
        message if message.starts_with("Unknown test `") => return named(quoted(message)?, TESTS, names::TESTS),
        "Unknown tag" => return named(marked, TAGS, names::TAGS),
        message if message.starts_with("Function calls are only allowed at the first") => {
            return named(marked, METHODS, &[]).or_else(|| Some(METHOD.to_owned()));
        }
        message if message.starts_with("Found `%}` but expected else") && is_loop() => {
            "a `for` has no condition; loop over a comprehension: `{% for x in [x for x in list if x.kind == \"service\"] %}`"
        }
        message if message.starts_with("Found `}}` but expected else") => {
            "write both: `{{ a if condition else \"\" }}`"
        }
        message if message.starts_with("Key/value iteration is not possible") => {
            "loop over the list, `for x in list`, and take `loop.index0` for the position; two names are for maps"
        }
        message if message.starts_with("`+` requires both operands") => {
            "`~` joins texts: `a ~ b`; `[...a, ...b]` joins lists"
        }
        message if message.starts_with("Invalid syntax for `set`") => {
            "`set` takes a name; in a loop, `set_global` changes one from outside; a map is made anew: `{...map, \"key\": value}`"
        }
        message if message.starts_with("Found `.` but expected }}") => {
            "take the result first: `{% set x = list | first %}{{ x.id }}`, or write `[\"id\"]` behind the filter"
        }
        message
            if message.contains("but expected identifier")
                && (marked.starts_with('.') || before.ends_with('.') || message.starts_with("Found float")) =>
        {
            "an element of a list is `list[0]`"
        }
        message if message.contains("but expected identifier") || message.contains("but expected =") => {
            return argument_of(called(before)?);
        }
        "Unexpected character" if (marked.to_owned() + after).starts_with("&&") => "write `and`",
        "Unexpected character" if marked == "?" || after.starts_with('?') => "write `a if condition else b`",
        message if message.starts_with("Found `!`") => "write `not`",
        "Unexpected character" => "texts stand in quotes; `and`, `or`, `not` and `~` are words and signs of Tera",
        message if message.starts_with("Missing keyword argument") => {
            let (name, argument) = (marked.split(['(', ' ']).next().unwrap_or_default(), quoted(message)?);
            return Some(format!("arguments are given by name: `{name}({argument}=…)`"));
        }
        message if message.starts_with("Map does not have a key") => "give a default: `map | get(key=k, default=\"\")`",
        "Unexpected end of input" => {
            "a tag, a quote or a block is not closed: `}}`, `%}`, `{% endif %}`, `{% endfor %}`"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// What there is instead of methods.
const METHOD: &str = "values have no methods; filters take their place: `x | upper`, `map | keys`";

/// The name of the filter, test or function in whose brackets a place is.
fn called(before: &str) -> Option<&str> {
    let tag = before.rsplit(['{', '%']).next().unwrap_or_default();
    if tag.matches('(').count() <= tag.matches(')').count() {
        return None;
    }
    let name = tag.rsplit_once('(')?.0.trim_end();
    Some(&name[name.rfind(|mark: char| !mark.is_alphanumeric() && mark != '_').map_or(0, |at| at + 1)..])
}

/// How to write the arguments of a filter or function, or what there is instead of it.
fn argument_of(name: &str) -> Option<String> {
    let is_known = [names::FILTERS, OWN_FILTERS, names::FUNCTIONS, OWN_FUNCTIONS].concat().contains(&name);
    let instead = if is_known { None } else { named(name, &[FILTERS, FUNCTIONS].concat(), &[]) };
    instead.or_else(|| Some("an argument has a name: `x | default(value=\"\")`, `dependencies(of=node)`".to_owned()))
}

#[cfg(test)]
mod tests {
    use tera::{Context, Tera};

    use super::*;
    use crate::render::template::{filters, nesting, questions};

    fn engine() -> Tera {
        let mut tera = Tera::new();
        filters::register(&mut tera);
        questions::register(&mut tera);
        nesting::register(&mut tera);
        tera
    }

    /// Whether Tera knows all the names of a template.
    fn is_known(source: &str) -> bool {
        let message = engine().add_raw_templates([("t", source)]).err().map(|error| error.to_string());
        message.is_none_or(|message| !message.contains("Unknown"))
    }

    #[test]
    fn every_name_that_is_suggested_exists() {
        for name in [names::FILTERS, OWN_FILTERS].concat() {
            assert!(is_known(&format!("{{{{ x | {name} }}}}")), "{name}");
        }
        for name in [names::FUNCTIONS, OWN_FUNCTIONS].concat() {
            assert!(is_known(&format!("{{{{ {name}() }}}}")), "{name}");
        }
        for name in names::TESTS {
            assert!(is_known(&format!("{{{{ x is {name} }}}}")), "{name}");
        }
        for name in names::TAGS {
            assert!(
                !engine_says(&format!("{{% {name} %}}")).contains("Unknown tag") || name.starts_with("e"),
                "{name}"
            );
        }
    }

    fn engine_says(source: &str) -> String {
        let mut tera = engine();
        let read = tera.add_raw_templates([("t", source)]).and_then(|()| tera.render("t", &Context::new()));
        read.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn nothing_has_a_substitute_that_tera_has_itself() {
        for (words, _) in FILTERS {
            for word in words.split(' ') {
                assert!(!is_known(&format!("{{{{ x | {word} }}}}")), "there is a filter {word}");
            }
        }
        for (words, _) in FUNCTIONS {
            for word in words.split(' ') {
                assert!(!is_known(&format!("{{{{ {word}() }}}}")), "there is a function {word}");
            }
        }
        for (words, _) in TESTS {
            for word in words.split(' ') {
                assert!(!is_known(&format!("{{{{ x is {word} }}}}")), "there is a test {word}");
            }
        }
        for (words, _) in TAGS {
            for word in words.split(' ') {
                assert!(engine_says(&format!("{{% {word} %}}")).contains("Unknown tag"), "there is a tag {word}");
            }
        }
    }
}
