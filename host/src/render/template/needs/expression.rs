//! Reads the expressions of a template for the shape of their values, with the precedence that Tera has.

use super::knowledge::Knowledge;
use super::shape::{Kind, Shape};
use super::tokens::Token;

/// An expression that is read.
pub(super) struct Expression<'r, 't> {
    pub knowledge: &'r mut Knowledge,
    tokens: &'t [Token<'t>],
    depth: usize,
}

/// An argument of a filter or function: its name, its shape, and its text where it is one.
pub(super) type Argument<'t> = (&'t str, Shape, Option<&'t str>);

/// The most expressions inside of expressions; Tera has a limit of its own, which is lower.
const DEEPEST: usize = 64;

/// Where a filter and a ternary stand among the operators.
const PIPE: u8 = 17;
const AFTER_TERNARY: u8 = 1;

impl<'r, 't> Expression<'r, 't> {
    pub fn new(knowledge: &'r mut Knowledge, tokens: &'t [Token<'t>]) -> Self {
        Self { knowledge, tokens, depth: 0 }
    }

    /// Makes sure that nothing is left.
    pub fn end(&self) -> Option<()> {
        self.tokens.is_empty().then_some(())
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn is_next(&self, token: Token<'_>) -> bool {
        self.tokens.first() == Some(&token)
    }

    fn skip(&mut self, token: Token<'_>) -> bool {
        let is_next = self.is_next(token);
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn expect(&mut self, token: Token<'_>) -> Option<()> {
        self.skip(token).then_some(())
    }

    fn word(&mut self) -> Option<&'t str> {
        match self.next()? {
            Token::Word(word) => Some(word),
            Token::Text(_) | Token::Number | Token::Sign(_) => None,
        }
    }

    /// The shape of the expression that begins here, of operators that bind at least so tightly.
    pub fn shape(&mut self, least: u8) -> Option<Shape> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let first = self.first()?;
        let shape = self.operators(first, least)?;
        self.depth -= 1;
        Some(shape)
    }

    fn first(&mut self) -> Option<Shape> {
        match self.next()? {
            Token::Number
            | Token::Text(_)
            | Token::Word("none" | "None" | "null" | "true" | "True" | "false" | "False") => Some(Shape::Plain),
            Token::Sign("-") => {
                self.shape(20)?.plain()?;
                Some(Shape::Plain)
            }
            Token::Word("not") => self.shape(5).map(|_| Shape::Plain),
            Token::Word("__tera_context") => None,
            Token::Word(name) if self.is_next(Token::Sign("(")) => {
                let arguments = self.arguments()?;
                self.function(name, &arguments)
            }
            Token::Word(name) => {
                let shape = self.knowledge.variable(name);
                self.fields(shape)
            }
            Token::Sign("(") => {
                let shape = self.shape(0)?;
                self.expect(Token::Sign(")"))?;
                Some(shape)
            }
            Token::Sign("[") => self.list(),
            Token::Sign("{") => self.map(),
            Token::Sign("<") => {
                self.component("/")?;
                Some(Shape::Plain)
            }
            Token::Sign(_) => None,
        }
    }

    /// Follows `.field` and `[…]`.
    fn fields(&mut self, mut shape: Shape) -> Option<Shape> {
        loop {
            if self.skip(Token::Sign(".")) || self.skip(Token::Sign("?.")) {
                let name = self.word()?;
                shape = self.field(shape, name)?;
            } else if self.is_next(Token::Sign("[")) || self.is_next(Token::Sign("?[")) {
                shape = self.subscript(shape)?;
            } else {
                return Some(shape);
            }
        }
    }

    fn subscript(&mut self, shape: Shape) -> Option<Shape> {
        self.next()?;
        if let [Token::Text(name), Token::Sign("]"), ..] = *self.tokens {
            self.tokens = &self.tokens[2..];
            return self.field(shape, name);
        }
        let mut is_slice = false;
        while !self.skip(Token::Sign("]")) {
            if self.skip(Token::Sign(":")) {
                is_slice = true;
            } else {
                self.shape(0)?.plain()?;
            }
        }
        match shape {
            Shape::Plain => Some(Shape::Plain),
            Shape::List(kind) if is_slice => Some(Shape::List(kind)),
            Shape::List(kind) => Some(Shape::Record(kind)),
            Shape::Map(_) | Shape::MapOfLists(_) if !is_slice => shape.value(),
            _ => None,
        }
    }

    /// Reads a field of a value.
    pub fn field(&mut self, shape: Shape, name: &str) -> Option<Shape> {
        let needs = &mut self.knowledge.needs;
        match shape {
            Shape::Plain | Shape::List(_) => return Some(Shape::Plain),
            Shape::Map(_) | Shape::MapOfLists(_) => return shape.value(),
            Shape::System => needs.system.insert(name.to_owned()),
            Shape::Attributes => needs.attributes.insert(name.to_owned()),
            Shape::Graph => {
                let kind = match name {
                    "nodes" => Kind::Node,
                    "edges" => Kind::Edge,
                    "groups" => Kind::Group,
                    _ => {
                        needs.graph.insert(name.to_owned());
                        return Some(Shape::Plain);
                    }
                };
                needs.fields(kind);
                return Some(Shape::List(kind));
            }
            Shape::Record(kind) => {
                needs.fields(kind).insert(name.to_owned());
                if (kind, name) == (Kind::Node, "attributes") {
                    return Some(Shape::Attributes);
                }
                true
            }
        };
        Some(Shape::Plain)
    }

    /// Reads a path of fields, as an attribute of a filter has it, of the elements of a list.
    pub fn path(&mut self, kind: Kind, path: &str) -> Option<()> {
        let mut shape = Shape::Record(kind);
        for name in path.split('.') {
            shape = self.field(shape, name)?;
        }
        shape.plain()
    }

    fn list(&mut self) -> Option<Shape> {
        let mut elements = Shape::Plain;
        let mut is_first = true;
        while !self.skip(Token::Sign("]")) {
            let is_spread = self.skip(Token::Sign("..."));
            let shape = self.shape(0)?;
            if is_first && !is_spread && self.skip(Token::Word("for")) {
                return self.comprehension(shape);
            }
            elements = elements.or(if is_spread { spread_list(shape)? } else { shape })?;
            is_first = false;
            if !self.skip(Token::Sign(",")) {
                self.expect(Token::Sign("]"))?;
                break;
            }
        }
        elements.list()
    }

    fn comprehension(&mut self, of: Shape) -> Option<Shape> {
        let mut names = vec![self.word()?];
        if self.skip(Token::Sign(",")) {
            names.push(self.word()?);
        }
        self.expect(Token::Word("in"))?;
        let over = self.shape(AFTER_TERNARY)?;
        match *names.as_slice() {
            [value] => self.knowledge.bind(value, over.element()?)?,
            [key, value] => {
                self.knowledge.bind(key, Shape::Plain)?;
                self.knowledge.bind(value, over.value()?)?;
            }
            _ => return None,
        }
        if self.skip(Token::Word("if")) {
            self.shape(AFTER_TERNARY)?;
        }
        self.expect(Token::Sign("]"))?;
        of.list()
    }

    fn map(&mut self) -> Option<Shape> {
        let mut values = Shape::Plain;
        while !self.skip(Token::Sign("}")) {
            if self.skip(Token::Sign("...")) {
                values = values.or(self.shape(0)?.value()?)?;
            } else {
                // A key is written out: a text, a number or a boolean.
                self.next()?;
                self.expect(Token::Sign(":"))?;
                values = values.or(self.shape(0)?)?;
            }
            if !self.skip(Token::Sign(",")) {
                self.expect(Token::Sign("}"))?;
                break;
            }
        }
        values.map()
    }

    /// Reads the call of a component behind its `<`: what it is handed are the variables of its parameters.
    pub fn component(&mut self, end: &str) -> Option<()> {
        self.word()?;
        while self.skip(Token::Sign(".")) {
            self.word()?;
        }
        while let Some(&Token::Word(name)) = self.tokens.first() {
            self.next()?;
            if !self.skip(Token::Sign("=")) {
                continue;
            }
            let shape = match self.next()? {
                Token::Text(_) => Shape::Plain,
                Token::Sign("{") => {
                    let shape = self.shape(0)?;
                    self.expect(Token::Sign("}"))?;
                    shape
                }
                Token::Word(_) | Token::Number | Token::Sign(_) => return None,
            };
            self.knowledge.bind(name, shape)?;
        }
        self.expect(Token::Sign(end))?;
        if end == "/" { self.expect(Token::Sign(">")) } else { Some(()) }
    }

    /// Reads `(name=value, …)`.
    fn arguments(&mut self) -> Option<Vec<Argument<'t>>> {
        let mut arguments = Vec::new();
        self.expect(Token::Sign("("))?;
        while !self.skip(Token::Sign(")")) {
            let name = self.word()?;
            self.expect(Token::Sign("="))?;
            let text = match *self.tokens {
                [Token::Text(text), Token::Sign("," | ")"), ..] if !text.contains('\\') => Some(text),
                [Token::Word("true"), Token::Sign("," | ")"), ..] => Some("true"),
                _ => None,
            };
            arguments.push((name, self.shape(0)?, text));
            if !self.skip(Token::Sign(",")) {
                self.expect(Token::Sign(")"))?;
                break;
            }
        }
        Some(arguments)
    }

    fn operators(&mut self, mut left: Shape, least: u8) -> Option<Shape> {
        loop {
            let Some(&token) = self.tokens.first() else { return Some(left) };
            if token == Token::Sign("[") {
                left = self.subscript(left)?;
                continue;
            }
            if token == Token::Word("if") && least == 0 {
                self.next()?;
                self.shape(0)?;
                self.expect(Token::Word("else"))?;
                return left.or(self.shape(0)?);
            }
            let (left_power, right_power) = match token {
                Token::Word("or") => (1, 2),
                Token::Word("and") => (3, 4),
                Token::Word("in" | "not" | "is") => (5, 6),
                Token::Sign("==" | "!=" | "<" | "<=" | ">" | ">=") => (7, 8),
                Token::Sign("+" | "-") => (11, 12),
                Token::Sign("*" | "/" | "%" | "//" | "~") => (13, 14),
                Token::Sign("**") => (16, 15),
                Token::Sign("|") => (PIPE, PIPE + 1),
                _ => return Some(left),
            };
            if left_power < least {
                return Some(left);
            }
            self.next()?;
            left = match token {
                Token::Sign("|") => {
                    let name = self.word()?;
                    let arguments = if self.is_next(Token::Sign("(")) { self.arguments()? } else { Vec::new() };
                    self.filter(left, name, &arguments)?
                }
                Token::Word("is") => {
                    self.skip(Token::Word("not"));
                    self.test(left)?
                }
                Token::Word("and" | "or") => left.or(self.shape(right_power)?)?,
                Token::Word("in" | "not") => {
                    if token == Token::Word("not") {
                        self.expect(Token::Word("in"))?;
                    }
                    left.plain()?;
                    // Of a map, only keys are compared.
                    match self.shape(right_power)? {
                        Shape::Plain | Shape::Map(_) | Shape::MapOfLists(_) => Shape::Plain,
                        _ => return None,
                    }
                }
                _ => {
                    left.plain()?;
                    self.shape(right_power)?.plain()?;
                    Shape::Plain
                }
            };
        }
    }

    fn test(&mut self, value: Shape) -> Option<Shape> {
        let name = self.word()?;
        if self.is_next(Token::Sign("(")) {
            value.plain()?;
            self.arguments()?.iter().try_for_each(|(_, shape, _)| shape.plain())?;
        } else if name == "containing" {
            return None;
        }
        Some(Shape::Plain)
    }
}

/// The shape of the elements of a list that is spread in another.
fn spread_list(shape: Shape) -> Option<Shape> {
    match shape {
        Shape::Plain => Some(Shape::Plain),
        Shape::List(kind) => Some(Shape::Record(kind)),
        _ => None,
    }
}
