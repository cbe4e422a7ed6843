//! Reads files of variables as compose does: `NAME=value`, `NAME: value`, quotes that may span lines, escapes, comments.

use indexmap::IndexMap;
use spec_engine_evidence::tree::Place;

use spec_engine_evidence::template::{Fault, substitute};

/// Variables by their names, in the order in which they were set first.
pub type Variables = IndexMap<String, Variable>;

/// The value of a variable, and where it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The value.
    pub value: String,
    /// Where the name stands.
    pub place: Place,
}

/// What is wrong with a file of variables, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DotenvError {
    /// A line that compose refuses, as a sentence.
    Line(Place, String),
    /// A variable inside of a value.
    Variable(Place, Fault),
}

/// Reads the text of a file into variables. Values may use those that `outer` knows, then those that are there already.
pub fn read<'o>(
    text: &str,
    file: usize,
    into: &mut Variables,
    outer: &dyn Fn(&str) -> Option<&'o str>,
    wrong: &mut dyn FnMut(DotenvError),
) {
    let mut reader = Reader { text, at: 0, file, line: 1, line_start: 0, counted: 0 };
    while reader.statement() {
        match reader.name() {
            Name::Wrong(place, why) => {
                wrong(DotenvError::Line(place, why));
                reader.skip_line();
            }
            // A name alone hands a variable of the environment on, which is not read here.
            Name::Alone(name, place) => {
                if let Some(value) = outer(name) {
                    into.insert(name.to_owned(), Variable { value: value.to_owned(), place });
                }
            }
            Name::Set(name, place) => {
                let Some((value, quote)) = reader.value() else {
                    let why = format!("the quote of `{name}` is never closed, so nothing is read from here on");
                    wrong(DotenvError::Line(place, why));
                    return;
                };
                let value = match quote {
                    Quote::Single => value,
                    Quote::Double => replaced(&unescaped(&value), into, outer, place, wrong),
                    Quote::None => replaced(&value, into, outer, place, wrong),
                };
                into.insert(name.to_owned(), Variable { value, place });
            }
        }
    }
}

/// Reads the text of a file in the format `raw`: what stands behind the first `=` of a line is the value as it is.
pub fn read_raw(text: &str, file: usize, into: &mut Variables) {
    for (line, number) in text.lines().zip(1..) {
        let name = line.trim_start();
        if let Some((name, value)) = name.split_once('=').filter(|_| !name.starts_with('#')) {
            let place = Place { file, line: number, column: 1 };
            into.insert(name.to_owned(), Variable { value: value.to_owned(), place });
        }
    }
}

/// Whether a text looks like a file of variables: its first line that says anything is `NAME=value`.
pub fn looks_like_variables(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let Some((name, _)) = lines.next().and_then(|line| line.split_once('=')) else { return false };
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-[]".contains(&byte))
}

fn replaced<'o>(
    value: &str,
    known: &Variables,
    outer: &dyn Fn(&str) -> Option<&'o str>,
    place: Place,
    wrong: &mut dyn FnMut(DotenvError),
) -> String {
    let lookup = |name: &str| -> Option<&str> {
        outer(name).or_else(|| known.get(name).map(|variable| variable.value.as_str()))
    };
    substitute(value, &lookup, &mut |fault| wrong(DotenvError::Variable(place, fault)))
}

/// The start of a statement.
enum Name<'a> {
    /// `NAME=`, up to the sign.
    Set(&'a str, Place),
    /// A name alone on its line.
    Alone(&'a str, Place),
    /// What compose refuses, as a sentence.
    Wrong(Place, String),
}

/// How a value is quoted.
enum Quote {
    None,
    Single,
    Double,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    file: usize,
    line: usize,
    line_start: usize,
    counted: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Steps to the next statement; `false` at the end.
    fn statement(&mut self) -> bool {
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            self.skip_line();
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
    }

    /// Reads a name, and steps behind the sign that follows it.
    fn name(&mut self) -> Name<'a> {
        if let Some(rest) = self.rest().strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace)) {
            self.at = self.text.len() - rest.trim_start_matches(is_space).len();
        }
        let (rest, place) = (self.rest(), self.place(self.at));
        let is_part = |one: char| is_space(one) || one.is_alphanumeric() || "_.-[]".contains(one);
        let end = rest.find(|one| !is_part(one)).unwrap_or(rest.len());
        let (name, sign) = (rest[..end].trim_end(), rest[end..].chars().next());
        match sign {
            None | Some('\n' | '=' | ':') if name.contains(' ') => {
                Name::Wrong(place, "a name cannot contain a space".into())
            }
            None | Some('\n') => {
                self.at += end;
                Name::Alone(name, place)
            }
            Some('=' | ':') => {
                let rest = &rest[end + 1..];
                self.at = self.text.len() - rest.trim_start_matches(is_space).len();
                Name::Set(name, place)
            }
            Some(sign) => {
                let sign = sign.escape_debug();
                Name::Wrong(place, format!("`{sign}` cannot stand in the name of a variable"))
            }
        }
    }

    /// Reads a value, and steps behind it; `None` where its quote is never closed.
    fn value(&mut self) -> Option<(String, Quote)> {
        let rest = self.rest();
        let (mark, quote) = match rest.chars().next() {
            Some('\'') => ('\'', Quote::Single),
            Some('"') => ('"', Quote::Double),
            _ => {
                let line = rest.split('\n').next().unwrap_or_default();
                let value = line.split(" #").next().unwrap_or_default().trim_end();
                self.skip_line();
                return Some((value.to_owned(), Quote::None));
            }
        };
        let (mut value, mut is_escaped) = (String::new(), false);
        for (at, one) in rest.char_indices().skip(1) {
            match one {
                one if one == mark && !is_escaped => {
                    self.at += at + 1;
                    return Some((value, quote));
                }
                '\\' if !is_escaped => {
                    is_escaped = true;
                    continue;
                }
                one if is_escaped && one != mark => value.extend(['\\', one]),
                one => value.push(one),
            }
            is_escaped = false;
        }
        None
    }

    /// The place of a position, which is not before an earlier one that was asked for.
    fn place(&mut self, at: usize) -> Place {
        let passed = &self.text[self.counted..at];
        self.line += passed.matches('\n').count();
        if let Some(end) = passed.rfind('\n') {
            self.line_start = self.counted + end + 1;
        }
        self.counted = at;
        let column = self.text[self.line_start..at].chars().count() + 1;
        Place { file: self.file, line: self.line, column }
    }
}

/// White space, but no end of a line.
fn is_space(one: char) -> bool {
    matches!(one, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// Replaces the escapes of a text in double quotes. `\$` becomes `$$`, which stands for a dollar.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let length = match after.chars().next() {
            Some('$') => {
                out.push_str("$$");
                1
            }
            Some(one @ ('a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '"' | '\\')) => {
                out.push(match one {
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    one => one,
                });
                1
            }
            Some('0') => {
                let digits = after[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
                let digits = &after[1..=digits];
                match u8::from_str_radix(digits, 8) {
                    Ok(code) if digits.len() == 3 => out.push(char::from(code)),
                    _ => out.extend(["\\", digits]),
                }
                1 + digits.len()
            }
            _ => {
                out.push('\\');
                0
            }
        };
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{DotenvError, Variables, looks_like_variables, read, read_raw};
    use spec_engine_evidence::template::Fault;

    fn given(text: &str) -> (String, String) {
        let (mut known, mut wrong) = (Variables::new(), Vec::new());
        let outer = |name: &str| (name == "OUTER").then_some("out");
        read(text, 0, &mut known, &outer, &mut |one| {
            wrong.push(match one {
                DotenvError::Line(place, why) => format!("{}:{} {why}", place.line, place.column),
                DotenvError::Variable(place, Fault::Unset(name)) => format!("{}:{} {name}", place.line, place.column),
                DotenvError::Variable(place, fault) => format!("{}:{} {fault:?}", place.line, place.column),
            });
        });
        let one = |(name, variable): (&String, &super::Variable)| {
            format!("{}:{name}={:?}", variable.place.line, variable.value)
        };
        (known.iter().map(one).collect::<Vec<_>>().join(" "), wrong.join(" | "))
    }

    /// What compose-go 2 makes of each of them, by its own tests and its source.
    #[test]
    fn values_are_read_as_compose_reads_them() {
        for (text, expected) in [
            ("A=1\n# B=2\n\n  C = 3 \n", r#"1:A="1" 4:C="3""#),
            ("A: 1\nB:2\nC:\n", r#"1:A="1" 2:B="2" 3:C="""#),
            ("export A=1\nexport\tB=2\nexported=3", r#"1:A="1" 2:B="2" 3:exported="3""#),
            ("A=b # c\nB=b#c\nC=b #\nD=", r#"1:A="b" 2:B="b#c" 3:C="b" 4:D="""#),
            ("A= # c\n", r##"1:A="# c""##),
            ("A=\"b # c\" # d\nB='b # c'# d\n", r#"1:A="b # c" 2:B="b # c""#),
            ("A=\"1\n2\n3\"\nB='4\n5'\nC=6", r#"1:A="1\n2\n3" 4:B="4\n5" 6:C="6""#),
            (r#"A="a\nb\t\"q\" \\ \$X \x \0101 \08""#, r#"1:A="a\nb\t\"q\" \\ $X \\x A \\8""#),
            (r"A='a\nb \'q\' $X'", r#"1:A="a\\nb 'q' $X""#),
            ("A=1\nB=${A}2\nC=\"$B$$3\"\nD='$A'\nE=${Z:-x}", r#"1:A="1" 2:B="12" 3:C="12$3" 4:D="$A" 5:E="x""#),
            ("OUTER=in\nA=$OUTER\n", r#"1:OUTER="in" 2:A="out""#),
            ("OUTER\nNOT\nA=1", r#"1:OUTER="out" 3:A="1""#),
            ("A=1\r\nB=\"2\"\r\nC=3\r\n", r#"1:A="1" 2:B="2" 3:C="3""#),
            ("A=x=y:z\na.b-c[0]=1\nÄ=2", r#"1:A="x=y:z" 2:a.b-c[0]="1" 3:Ä="2""#),
            ("A=\"1\"B=2", r#"1:A="1" 1:B="2""#),
            ("A=1\nA=2", r#"2:A="2""#),
            ("A=\nB=1", r#"1:A="" 2:B="1""#),
        ] {
            assert_eq!(given(text), (expected.to_owned(), String::new()), "{text}");
        }
    }

    #[test]
    fn what_compose_refuses_is_told_with_its_line() {
        for (text, expected, wrong) in [
            ("A=1\nB C=2\nD=3", r#"1:A="1" 3:D="3""#, "2:1 a name cannot contain a space"),
            ("A=1\n  !B=2\nD=3", r#"1:A="1" 3:D="3""#, "2:3 `!` cannot stand in the name of a variable"),
            (
                "A=1\nB=\"2\nC=3\n",
                r#"1:A="1""#,
                "2:1 the quote of `B` is never closed, so nothing is read from here on",
            ),
            ("A=$B-${C:-d}", r#"1:A="-d""#, "1:1 B"),
        ] {
            assert_eq!(given(text), (expected.to_owned(), wrong.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_raw_format_takes_values_as_they_are() {
        let mut known = Variables::new();
        read_raw("# A=0\n  A='$B # c' \nNAME\nB=\n", 3, &mut known);
        assert_eq!((known["A"].value.as_str(), known["A"].place.line, known["B"].value.as_str()), ("'$B # c' ", 2, ""));
    }

    #[test]
    fn files_of_variables_are_known_by_their_first_line() {
        for (text, expected) in [
            ("# x\n\nTAG=9\n", true),
            ("export A=1", true),
            ("TAG = 9", true),
            ("services:\n  a: {environment: [A=1]}\n", false),
            ("a: b=c", false),
            ("- A=1", false),
            ("web", false),
            ("", false),
            ("=1", false),
        ] {
            assert_eq!(looks_like_variables(text), expected, "{text}");
        }
    }
}
