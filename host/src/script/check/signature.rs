//! The signatures of the functions that scripts can call, read from definition files (`.d.rhai`).
//!
//! Beside what editors read in them: in `[T]`, `T` is what a list or map is of, and `R` what the function returns that is
//! handed in; `FnPtr<T, int>` is a function with the types of its parameters. The first signature that fits counts.

use std::sync::OnceLock;

use smol_str::SmolStr;

use super::engine_types::ENGINE_TYPES;
use super::fields::ObjectType;
use super::types::{Kind, Type};

/// What the engine gives to scripts.
pub(in crate::script) const OF_THE_ENGINE: &str = include_str!("../definitions/engine.d.rhai");

/// What rhai's own packages give to scripts.
pub(in crate::script) const OF_RHAI: &str = include_str!("../definitions/rhai.d.rhai");

/// A function with the types of its parameters and of its result.
#[derive(Debug)]
pub(in crate::script) struct Signature {
    /// Its name; of a field, `get$` and the name of the field.
    pub name: SmolStr,
    pub(super) params: Vec<ArgumentType>,
    pub(super) returns: ArgumentType,
    /// How it stands in the file, after `fn` and up to the semicolon.
    pub shown: &'static str,
}

/// A type as a signature has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ArgumentType {
    Any,
    /// What the receiver is a list or map of: `T`.
    Item,
    /// What the function returns that is handed in: `R`.
    Result,
    /// Any value of the document.
    Value,
    /// A list or a map, of rhai or of the document, or an array where it is a result.
    List(Box<Self>),
    Function(Vec<Self>),
    Record(Vec<(SmolStr, Self)>),
    Kind(Kind),
    Union(Vec<Self>),
}

/// What a call binds: the items of its receiver, and the result of the function that it is handed.
pub(super) struct Bound {
    pub item: Type,
    pub result: Type,
}

/// The signatures of what the engine gives to scripts.
pub(in crate::script) fn of_the_engine() -> impl Iterator<Item = &'static Signature> {
    let number = read(OF_THE_ENGINE).count();
    Signature::all().iter().take(number)
}

impl Signature {
    /// Every signature, in the order in which they count.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Signature>> = OnceLock::new();
        ALL.get_or_init(|| [OF_THE_ENGINE, OF_RHAI].into_iter().flat_map(read).collect())
    }
}

impl Signature {
    /// Whether arguments fit, as far as they are known.
    pub(super) fn fits(&self, known: &[Option<Vec<&Kind>>]) -> bool {
        let fits = |(expected, kinds): (&ArgumentType, &Option<Vec<&Kind>>)| {
            kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| expected.fits(kind)))
        };
        self.params.len() == known.len() && self.params.iter().zip(known).all(fits)
    }
}

impl ArgumentType {
    /// Whether a kind of value fits.
    pub fn fits(&self, kind: &Kind) -> bool {
        match (self, kind) {
            (Self::Any | Self::Item | Self::Result, _)
            | (Self::Value | Self::List(_), Kind::Object(_) | Kind::List(_) | Kind::Entries(_))
            | (Self::List(_), Kind::Array(_))
            | (Self::Function(_), Kind::Function)
            | (Self::Record(_), Kind::Map | Kind::Record(_))
            | (Self::Kind(Kind::Map), Kind::Record(_)) => true,
            (Self::Union(any), kind) => any.iter().any(|expected| expected.fits(kind)),
            (Self::Kind(expected), kind) => expected == kind,
            _ => false,
        }
    }

    /// The type of a result.
    pub fn resolve(&self, bound: &Bound) -> Type {
        match self {
            Self::Any | Self::Value | Self::Function(_) => Type::Unknown,
            Self::Item => bound.item.clone(),
            Self::Result => bound.result.clone(),
            Self::List(item) => Type::of(Kind::Array(Box::new(item.resolve(bound)))),
            Self::Record(fields) => {
                let fields = fields.iter().map(|(name, field)| (name.clone(), field.resolve(bound)));
                Type::of(Kind::Record(fields.collect()))
            }
            Self::Kind(kind) => Type::of(kind.clone()),
            Self::Union(any) => any.iter().map(|expected| expected.resolve(bound)).fold(Type::NEVER, Type::or),
        }
    }
}

/// Reads the signatures of a definition file.
fn read(text: &'static str) -> impl Iterator<Item = Signature> {
    text.lines().filter_map(|line| {
        let (is_operator, line) = match (line.strip_prefix("fn "), line.strip_prefix("op ")) {
            (Some(line), _) => (false, line),
            (None, Some(line)) => (true, line),
            (None, None) => return None,
        };
        let shown = line.strip_suffix(';')?;
        let mut reader = Reader { rest: shown };
        let name = match shown.strip_prefix("get ") {
            Some(rest) => {
                reader.rest = rest;
                SmolStr::new(format!("get${}", reader.until("(").trim()))
            }
            None => SmolStr::new(reader.until("(").trim()),
        };
        let mut params = Vec::new();
        while !reader.takes(")") {
            if !is_operator {
                reader.until(":");
            }
            params.push(reader.expected());
            reader.takes(",");
        }
        let returns = if reader.takes("->") { reader.expected() } else { ArgumentType::Kind(Kind::Unit) };
        Some(Signature { name, params, returns, shown })
    })
}

/// The rest of a line.
struct Reader {
    rest: &'static str,
}

impl Reader {
    /// Takes everything up to a mark, and the mark.
    fn until(&mut self, mark: &str) -> &'static str {
        let (before, rest) = self.rest.split_once(mark).unwrap_or((self.rest, ""));
        self.rest = rest;
        before
    }

    /// Takes a mark if it comes next; also at the end of a line that is not complete.
    fn takes(&mut self, mark: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => self.rest.is_empty(),
        }
    }

    fn expected(&mut self) -> ArgumentType {
        let mut any = vec![self.one()];
        while !self.rest.is_empty() && self.takes("|") {
            any.push(self.one());
        }
        if any.len() == 1 { any.remove(0) } else { ArgumentType::Union(any) }
    }

    fn one(&mut self) -> ArgumentType {
        if self.takes("?") {
            return ArgumentType::Any;
        }
        if self.takes("()") {
            return ArgumentType::Kind(Kind::Unit);
        }
        if self.takes("[") {
            let item = self.expected();
            self.takes("]");
            return ArgumentType::List(Box::new(item));
        }
        if self.takes("#{") {
            let mut fields = Vec::new();
            while !self.takes("}") {
                let name = SmolStr::new(self.until(":").trim());
                fields.push((name, self.expected()));
                self.takes(",");
            }
            return ArgumentType::Record(fields);
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        if name == "FnPtr" {
            let mut params = Vec::new();
            if self.rest.starts_with('<') {
                self.takes("<");
                while !self.takes(">") {
                    params.push(self.expected());
                    self.takes(",");
                }
            }
            return ArgumentType::Function(params);
        }
        named(name)
    }
}

fn named(name: &'static str) -> ArgumentType {
    ArgumentType::Kind(match name {
        "T" => return ArgumentType::Item,
        "R" => return ArgumentType::Result,
        "Value" => return ArgumentType::Value,
        "Array" => return ArgumentType::List(Box::new(ArgumentType::Any)),
        "bool" => Kind::Bool,
        "int" => Kind::Int,
        "float" => Kind::Float,
        "char" => Kind::Char,
        "String" => Kind::Text,
        "Range" => Kind::Range,
        "Blob" => Kind::Blob,
        "Map" => Kind::Map,
        _ => match ENGINE_TYPES.iter().find(|row| row.name == name) {
            Some(row) => Kind::Engine(row.name),
            None if ObjectType::find(name).is_some() => Kind::Object(name.into()),
            None => return ArgumentType::Any,
        },
    })
}
