//! The types of values, as far as they can be known without running a script.

use std::fmt;

use smol_str::SmolStr;

/// The most kinds that a type tells apart; of more, nothing is known.
const MOST_KINDS: usize = 8;

/// The most types inside each other; what is deeper is unknown.
const DEEPEST: usize = 4;

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Anything.
    Unknown,
    /// One of these; none where no value gets here.
    OneOf(Vec<Kind>),
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unit,
    Bool,
    Int,
    Float,
    Char,
    Text,
    Range,
    Blob,
    Function,
    /// A map of rhai, with any keys.
    Map,
    /// A map of rhai with these keys.
    Record(Vec<(SmolStr, Type)>),
    /// An array of rhai.
    Array(Box<Type>),
    /// An object of the document, by the name of its type.
    Object(SmolStr),
    /// A list of the document.
    List(Box<Type>),
    /// A map of the document, from names to values.
    Entries(Box<Type>),
    /// A value of the engine that is not of the document: `Context`.
    Engine(&'static str),
}

impl Type {
    /// The type of what never is.
    pub const NEVER: Self = Self::OneOf(Vec::new());

    pub fn of(kind: Kind) -> Self {
        Self::OneOf(vec![kind])
    }

    /// A value of this type, or `()`.
    pub fn or_unit(self) -> Self {
        self.or(Self::of(Kind::Unit))
    }

    /// A value of this type, or of another.
    pub fn or(self, other: Self) -> Self {
        let (Self::OneOf(mut kinds), Self::OneOf(others)) = (self, other) else { return Self::Unknown };
        for other in others {
            if !kinds.contains(&other) {
                kinds.push(other);
            }
        }
        if kinds.len() > MOST_KINDS { Self::Unknown } else { Self::OneOf(kinds) }
    }

    /// The kinds beside `()`, which says nothing: what is absent may be asked like what is there. `None` where nothing is
    /// known.
    pub fn known(&self) -> Option<Vec<&Kind>> {
        let Self::OneOf(kinds) = self else { return None };
        let kinds: Vec<&Kind> = kinds.iter().filter(|kind| **kind != Kind::Unit).collect();
        if kinds.is_empty() { None } else { Some(kinds) }
    }

    pub fn may_be_unit(&self) -> bool {
        matches!(self, Self::OneOf(kinds) if kinds.contains(&Kind::Unit))
    }

    /// What is left where the value is not `()`.
    pub fn without_unit(self) -> Self {
        match self {
            Self::OneOf(kinds) => Self::OneOf(kinds.into_iter().filter(|kind| *kind != Kind::Unit).collect()),
            Self::Unknown => Self::Unknown,
        }
    }

    /// The type that each kind is turned into.
    pub fn map(&self, turn: impl Fn(&Kind) -> Self) -> Self {
        match self {
            Self::OneOf(kinds) => kinds.iter().map(turn).fold(Self::NEVER, Self::or),
            Self::Unknown => Self::Unknown,
        }
    }

    /// The type of the items that a value has.
    pub fn items(&self) -> Self {
        self.map(|kind| match kind {
            Kind::Array(item) | Kind::List(item) | Kind::Entries(item) => item.as_ref().clone(),
            Kind::Text => Self::of(Kind::Char),
            Kind::Range => Self::of(Kind::Int),
            Kind::Unit => Self::NEVER,
            _ => Self::Unknown,
        })
    }

    /// The type of a variable that is changed in place: whatever it holds may be replaced.
    pub fn changeable(self) -> Self {
        self.map(|kind| match kind {
            Kind::Array(_) => Self::of(Kind::Array(Box::new(Self::Unknown))),
            Kind::Map | Kind::Record(_) => Self::of(Kind::Map),
            other => Self::of(other.clone()),
        })
    }

    /// The type without what stands too deep in it, so that types do not grow for ever.
    pub fn bounded(self) -> Self {
        self.bounded_at(DEEPEST)
    }

    fn bounded_at(self, depth: usize) -> Self {
        let Self::OneOf(kinds) = self else { return Self::Unknown };
        if depth == 0 {
            return Self::Unknown;
        }
        let within = |inner: Box<Self>| Box::new(inner.bounded_at(depth - 1));
        let bounded = kinds.into_iter().map(|kind| match kind {
            Kind::Array(item) => Kind::Array(within(item)),
            Kind::List(item) => Kind::List(within(item)),
            Kind::Entries(item) => Kind::Entries(within(item)),
            Kind::Record(fields) => {
                Kind::Record(fields.into_iter().map(|(name, field)| (name, field.bounded_at(depth - 1))).collect())
            }
            other => other,
        });
        Self::OneOf(bounded.collect())
    }
}

impl From<Kind> for Type {
    fn from(kind: Kind) -> Self {
        Self::of(kind)
    }
}

impl fmt::Display for Type {
    /// In words: `a string or an integer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(kinds) = self.known() else { return f.write_str("a value") };
        for (index, kind) in kinds.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            write!(f, "{kind}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unit => "`()`",
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Float => "a float",
            Self::Char => "a character",
            Self::Text => "a string",
            Self::Range => "a range",
            Self::Blob => "a blob",
            Self::Function => "a function",
            Self::Map | Self::Record(_) | Self::Entries(_) => "a map",
            Self::Array(_) | Self::List(_) => "a list",
            Self::Object(name) => return write!(f, "{name}"),
            Self::Engine(name) => name,
        })
    }
}
