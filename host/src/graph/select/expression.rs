//! Expressions on nodes: `kind=database or provider=aws and not owner="Payments Team"`.

use globset::GlobBuilder;
use regex::bytes::Regex;

use crate::text::{nearest, quote};

/// A condition on nodes.
#[derive(Clone, Debug)]
pub enum Expression {
    /// Nodes that match all of these.
    All(Vec<Expression>),
    /// Nodes that match any of these.
    Any(Vec<Expression>),
    /// Nodes that do not match this.
    Not(Box<Expression>),
    /// Nodes of a class.
    Is(Class),
    /// Nodes in which a field has one of some values.
    Has(Field, Vec<Value>),
}

/// A class of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Services.
    Services,
    /// Resources.
    Resources,
    /// Helm releases and Terraform modules.
    Deployments,
}

impl Class {
    const WORDS: [(&str, Self); 3] =
        [("services", Self::Services), ("resources", Self::Resources), ("deployments", Self::Deployments)];
}

/// A field of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What the document calls it.
    Name,
    /// Its id: `svc:api`, `rds:payments-db`.
    Id,
    /// `service`, `database`, `helm` …
    Kind,
    /// `aws.rds`, on resources.
    Resource,
    /// The provider of a resource: `aws`; of the rest, `services` and `deployments`.
    Provider,
    /// The owner, by id or name.
    Owner,
    /// The network.
    Network,
    /// The deployment, by name.
    Deployment,
    /// Any group, by its id: `owner:payments-team`.
    Group,
}

impl Field {
    /// Every field with its word.
    pub const WORDS: [(&str, Self); 9] = [
        ("name", Self::Name),
        ("id", Self::Id),
        ("kind", Self::Kind),
        ("resource", Self::Resource),
        ("provider", Self::Provider),
        ("owner", Self::Owner),
        ("network", Self::Network),
        ("deployment", Self::Deployment),
        ("group", Self::Group),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].0
    }
}

/// A value, or a pattern in which `*` and `?` stand for anything.
#[derive(Clone, Debug)]
pub struct Value {
    text: String,
    /// The pattern, where the text is one. The matcher of globset would look for the parts of a path in
    /// each text first, which takes longer than to match it.
    pattern: Option<Regex>,
}

impl Value {
    /// Reads a value or pattern.
    ///
    /// # Errors
    /// The text is not a pattern.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let invalid = |reason: String| PatternError { pattern: text.to_owned(), reason };
        let glob = GlobBuilder::new(text).backslash_escape(true).build();
        let glob = glob.map_err(|error| invalid(error.kind().to_string()))?;
        let is_pattern = text.contains(['*', '?', '[', '{', '\\']);
        let pattern = is_pattern.then(|| Regex::new(glob.regex())).transpose();
        let pattern = pattern.map_err(|error| invalid(error.to_string()))?;
        Ok(Self { text: text.to_owned(), pattern })
    }

    /// Whether a text is the value, or matches the pattern.
    pub fn matches(&self, text: &str) -> bool {
        self.text == text || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(text.as_bytes()))
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A text that is not a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid pattern {}: {reason}", quote(.pattern))]
pub struct PatternError {
    /// The text.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A syntax error in an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct SyntaxError {
    /// The byte of the text.
    pub offset: usize,
    /// What is wrong there.
    pub kind: SyntaxErrorKind,
}

/// The kind of a syntax error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxErrorKind {
    /// The text is not what was expected.
    #[error("expected {expected}, found {}", .found.as_ref().map_or_else(|| "the end".to_owned(), |found| quote(found)))]
    Unexpected {
        /// What was expected.
        expected: String,
        /// The word that is there; `None` at the end.
        found: Option<String>,
    },
    /// A quotation mark is not closed.
    #[error("this {0} is never closed")]
    OpenQuote(char),
    /// There is no such field.
    #[error("unknown field {}; {}", quote(.word), next_step(*.suggestion, &Field::WORDS.map(|(name, _)| name)))]
    UnknownField {
        /// The word.
        word: String,
        /// The field that may be meant.
        suggestion: Option<&'static str>,
    },
    /// There is no such class of nodes.
    #[error("unknown class of nodes {}; {}", quote(.word), next_step(*.suggestion, &Class::WORDS.map(|(name, _)| name)))]
    UnknownClass {
        /// The word.
        word: String,
        /// The class that may be meant.
        suggestion: Option<&'static str>,
    },
    /// A value is not a pattern.
    #[error(transparent)]
    Pattern(PatternError),
    /// Brackets and `not`s are nested too deeply.
    #[error("more than {} levels", Expression::DEEPEST)]
    TooDeep,
    /// There are too many terms.
    #[error("more than {} terms", Expression::MOST)]
    TooLong,
}

impl Expression {
    /// The most terms, brackets and `not`s of an expression.
    pub const MOST: usize = 1_000;

    /// The most brackets and `not`s inside each other.
    pub const DEEPEST: usize = 100;

    /// Reads an expression. `and` binds stronger than `or`, `not` stronger than both; `,` lists values.
    ///
    /// # Errors
    /// The place where the text stops to be an expression.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut parser = Parser { text, at: 0, depth: 0, terms: 0 };
        let expression = parser.any()?;
        parser.skip();
        if parser.at < text.len() {
            return Err(parser.expected("`and`, `or` or the end"));
        }
        Ok(expression)
    }

    /// Calls a function with every field and value.
    pub fn each_value<'e>(&'e self, visit: &mut impl FnMut(Field, &'e Value)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_value(visit)),
            Self::Not(part) => part.each_value(visit),
            Self::Is(_) => {}
            Self::Has(field, values) => values.iter().for_each(|value| visit(*field, value)),
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    terms: usize,
}

impl<'t> Parser<'t> {
    fn any(&mut self) -> Result<Expression, SyntaxError> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, SyntaxError> {
        let mut parts = vec![self.one()?];
        while self.keyword("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, SyntaxError> {
        (self.depth, self.terms) = (self.depth + 1, self.terms + 1);
        if self.depth > Expression::DEEPEST {
            return Err(self.error(SyntaxErrorKind::TooDeep));
        }
        if self.terms > Expression::MOST {
            return Err(self.error(SyntaxErrorKind::TooLong));
        }
        let result = if self.keyword("not") {
            Ok(Expression::Not(Box::new(self.one()?)))
        } else if self.mark('(') {
            let inner = self.any()?;
            if self.mark(')') { Ok(inner) } else { Err(self.expected("`and`, `or` or `)`")) }
        } else {
            self.term()
        };
        self.depth -= 1;
        result
    }

    fn term(&mut self) -> Result<Expression, SyntaxError> {
        self.skip();
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            return Err(self.expected("a field such as kind, or `not`, `(`"));
        }
        let negated = self.text[self.at..].trim_start().starts_with("!=");
        if negated || self.text[self.at..].trim_start().starts_with('=') {
            let Some(&(_, field)) = Field::WORDS.iter().find(|(name, _)| *name == word) else {
                let suggestion = nearest(word, Field::WORDS.map(|(name, _)| name));
                let kind = SyntaxErrorKind::UnknownField { word: word.to_owned(), suggestion };
                return Err(SyntaxError { offset: start, kind });
            };
            self.skip();
            self.at += if negated { 2 } else { 1 };
            let mut values = vec![self.value()?];
            while self.mark(',') {
                values.push(self.value()?);
            }
            let has = Expression::Has(field, values);
            return Ok(if negated { Expression::Not(Box::new(has)) } else { has });
        }
        let Some(&(_, class)) = Class::WORDS.iter().find(|(name, _)| *name == word) else {
            if Field::WORDS.iter().any(|(name, _)| *name == word) {
                return Err(self.expected(&format!("`=` and a value after {}", quote(word))));
            }
            let suggestion = nearest(word, Class::WORDS.map(|(name, _)| name));
            let kind = SyntaxErrorKind::UnknownClass { word: word.to_owned(), suggestion };
            return Err(SyntaxError { offset: start, kind });
        };
        Ok(Expression::Is(class))
    }

    fn value(&mut self) -> Result<Value, SyntaxError> {
        self.skip();
        let start = self.at;
        let rest = &self.text[start..];
        let quotation = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = if let Some(mark) = quotation {
            let Some(end) = rest[1..].find(mark) else {
                return Err(self.error(SyntaxErrorKind::OpenQuote(mark)));
            };
            self.at += end + 2;
            &rest[1..=end]
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',')).unwrap_or(rest.len());
            self.at += end;
            &rest[..end]
        };
        if value.is_empty() && quotation.is_none() {
            return Err(self.expected("a value"));
        }
        Value::new(value).map_err(|error| SyntaxError { offset: start, kind: SyntaxErrorKind::Pattern(error) })
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.skip();
        let before = self.at;
        if self.word() == keyword {
            return true;
        }
        self.at = before;
        false
    }

    fn mark(&mut self, mark: char) -> bool {
        self.skip();
        let found = self.text[self.at..].starts_with(mark);
        if found {
            self.at += mark.len_utf8();
        }
        found
    }

    fn word(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip(&mut self) {
        self.at = self.text.len() - self.text[self.at..].trim_start().len();
    }

    fn expected(&mut self, expected: &str) -> SyntaxError {
        self.skip();
        let found = self.text[self.at..].split_whitespace().next().map(str::to_owned);
        self.error(SyntaxErrorKind::Unexpected { expected: expected.to_owned(), found })
    }

    fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError { offset: self.at, kind }
    }
}

/// Words what to do about an unknown word.
fn next_step(suggestion: Option<&str>, known: &[&str]) -> String {
    match suggestion {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("expected one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        fn show(expression: &Expression) -> String {
            let list = |parts: &[Expression], word: &str| {
                format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(&format!(" {word} ")))
            };
            match expression {
                Expression::All(parts) => list(parts, "and"),
                Expression::Any(parts) => list(parts, "or"),
                Expression::Not(part) => format!("not {}", show(part)),
                Expression::Is(class) => format!("{class:?}"),
                Expression::Has(field, values) => {
                    let values: Vec<&str> = values.iter().map(Value::as_str).collect();
                    format!("{}={}", field.as_str(), values.join(","))
                }
            }
        }
        match Expression::parse(text) {
            Ok(expression) => show(&expression),
            Err(error) => format!("{}: {error}", error.offset),
        }
    }

    #[test]
    fn and_binds_stronger_than_or_and_not_stronger_than_both() {
        for (text, expected) in [
            ("kind=database or provider=aws", "(kind=database or provider=aws)"),
            ("kind=a or kind=b and not owner=c", "(kind=a or (kind=b and not owner=c))"),
            ("(kind=a or kind=b) and deployments", "((kind=a or kind=b) and Deployments)"),
            ("not not services", "not not Services"),
            ("kind!=a , b", "not kind=a,b"),
            ("owner=\"Payments Team\",'x (y)'", "owner=Payments Team,x (y)"),
            (" name = pay* ", "name=pay*"),
            ("group=owner:payments-team", "group=owner:payments-team"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (text, expected) in [
            ("", "0: expected a field such as kind, or `not`, `(`, found the end"),
            ("kind=a kind=b", "7: expected `and`, `or` or the end, found `kind=b`"),
            ("kind=a and", "10: expected a field such as kind, or `not`, `(`, found the end"),
            ("(kind=a", "7: expected `and`, `or` or `)`, found the end"),
            ("kind=a)", "6: expected `and`, `or` or the end, found `)`"),
            ("knd=a", "0: unknown field `knd`; did you mean `kind`?"),
            ("deployment", "10: expected `=` and a value after `deployment`, found the end"),
            ("deploymens", "0: unknown class of nodes `deploymens`; did you mean `deployments`?"),
            ("owner=", "6: expected a value, found the end"),
            ("owner=\"a", "6: this \" is never closed"),
            ("name=[", "5: invalid pattern `[`: unclosed character class; missing ']'"),
            (
                "é=1",
                "0: unknown field `é`; expected one of name, id, kind, resource, provider, owner, network, deployment, group",
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert!(shown(&"(".repeat(5_000)).contains("more than 100 levels"));
        assert!(shown(&"services or ".repeat(5_000)).contains("more than 1000 terms"));
    }
}
