//! Fields, methods and indexes, one after the other: `svc.image.at("tag")`.

use rhai::{ASTFlags, Expr, Position};

use super::analysis::{Analysis, Frame};
use super::fields::ObjectType;
use super::types::{Kind, Type};
use crate::script::instead;
use crate::text::{nearest, quote};

/// What follows a value.
struct Link<'p> {
    what: &'p Expr,
    is_index: bool,
    /// Whether it is only followed where there is a value: `?.`.
    is_optional: bool,
}

impl<'p> Analysis<'p> {
    /// Goes through a chain, and returns the type at its end.
    pub fn chain(&mut self, frame: &mut Frame, chain: &'p Expr) -> Type {
        let (root, links) = links(chain);
        let mut value = self.expression(frame, root);
        for link in &links {
            value = self.follow(frame, value, link);
        }
        value
    }

    /// Goes through a chain that is assigned to.
    pub fn target(&mut self, frame: &mut Frame, chain: &'p Expr) {
        let (root, links) = links(chain);
        let mut value = self.expression(frame, root);
        let Some((last, links)) = links.split_last() else { return };
        for link in links {
            value = self.follow(frame, value, link);
        }
        match last.what {
            Expr::Property(property, position) if !last.is_index => {
                let cannot =
                    |kind: &&Kind| matches!(kind, Kind::Object(_) | Kind::List(_) | Kind::Entries(_) | Kind::Engine(_));
                if value.known().is_some_and(|kinds| kinds.iter().all(cannot)) {
                    let message = format!("cannot set {}: rules only read the document", quote(&property.2));
                    self.report(frame, *position, message, None);
                }
            }
            other => drop(self.expression(frame, other)),
        }
    }

    fn follow(&mut self, frame: &mut Frame, value: Type, link: &Link<'p>) -> Type {
        let next = match link.what {
            Expr::Property(_, _) if value == Type::NEVER => Type::NEVER,
            Expr::Property(property, position) if !link.is_index => {
                self.property(frame, &value, &property.2, *position)
            }
            Expr::MethodCall(call, position) if !link.is_index => self.method(frame, &value, call, *position),
            index if link.is_index => {
                let by = self.expression(frame, index);
                item(&value, index, &by)
            }
            _ => Type::Unknown,
        };
        if link.is_optional && value.may_be_unit() { next.or_unit() } else { next }
    }

    fn property(&mut self, frame: &Frame, value: &Type, name: &str, position: Position) -> Type {
        let Some(kinds) = value.known() else { return Type::Unknown };
        let found: Vec<Option<Type>> = kinds.iter().map(|kind| self.field(kind, name)).collect();
        if found.iter().any(Option::is_some) {
            return found.into_iter().flatten().fold(Type::NEVER, Type::or);
        }
        let (message, help) = self.no_field(value, &kinds, name);
        self.report(frame, position, message, help);
        Type::Unknown
    }

    /// The type of a field of a value; `None` where there is no such field.
    fn field(&self, kind: &Kind, name: &str) -> Option<Type> {
        let own = || {
            let getter = format!("get${name}");
            let has = self.natives.has_field(kind, name);
            has.then(|| self.natives.returns(&getter, &[Type::of(kind.clone())], &Type::Unknown))
        };
        match kind {
            Kind::Unit | Kind::Map => Some(Type::Unknown),
            Kind::Record(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()),
            Kind::Object(object) => {
                let of = ObjectType::find(object)?;
                of.field(name).cloned().or_else(own)
            }
            Kind::Entries(value) => Some(own().unwrap_or_else(|| value.as_ref().clone().or_unit())),
            Kind::Engine("Params") => match &self.settings {
                Some(settings) => settings.iter().find(|(param, _)| param == name).map(|(_, value)| value.clone()),
                None => Some(Type::Unknown),
            },
            Kind::Engine(engine) if *engine != "Binding" && self.natives.has_indexer(kind) => {
                Some(own().unwrap_or(Type::Unknown))
            }
            _ => own(),
        }
    }

    /// Words that a field is not there, with the next step.
    fn no_field(&self, value: &Type, kinds: &[&Kind], name: &str) -> (String, Option<String>) {
        let mut known: Vec<&str> = Vec::new();
        for kind in kinds {
            match kind {
                Kind::Object(object) => {
                    let fields = ObjectType::find(object).into_iter().flat_map(|of| of.fields.iter());
                    known.extend(fields.map(|field| field.name.as_str()));
                }
                Kind::Record(fields) => known.extend(fields.iter().map(|(field, _)| field.as_str())),
                Kind::Engine("Params") => {
                    known.extend(self.settings.iter().flatten().map(|(param, _)| param.as_str()));
                }
                kind => known.extend(self.natives.fields(kind)),
            }
        }
        let what = match kinds {
            [Kind::Engine("Params")] => format!("unknown parameter {}", quote(name)),
            _ => format!("no field {} on {value}", quote(name)),
        };
        let help = match (nearest(name, known.iter().copied()), instead::of_function(name)) {
            (Some(meant), _) => format!("did you mean {}?", quote(meant)),
            (None, Some(instead)) => instead.to_owned(),
            _ if self.natives.names().contains(name) => format!("{} is a function: write `{name}()`", quote(name)),
            _ if kinds.iter().any(|kind| matches!(kind, Kind::List(_) | Kind::Array(_))) => {
                "go through the list with `for`, or use an index such as `[0]`".to_owned()
            }
            _ if known.is_empty() => return (what, None),
            _ => {
                let known: Vec<String> = known.into_iter().map(quote).collect();
                format!("there are {}", known.join(", "))
            }
        };
        (what, Some(help))
    }
}

/// The type of an item.
fn item(value: &Type, index: &Expr, by: &Type) -> Type {
    let is_position = by.known().is_some_and(|kinds| kinds.iter().all(|kind| **kind == Kind::Int));
    let is_name = by.known().is_some_and(|kinds| kinds.iter().all(|kind| **kind == Kind::Text));
    value.map(|kind| match (kind, index) {
        (Kind::Object(object), Expr::StringConstant(name, _)) => {
            let field = ObjectType::find(object).and_then(|of| of.field(name));
            field.cloned().unwrap_or(Type::Unknown)
        }
        (Kind::List(item), _) if is_position => item.as_ref().clone().or_unit(),
        (Kind::Entries(item), _) if is_name => item.as_ref().clone().or_unit(),
        (Kind::Array(item), _) if is_position => item.as_ref().clone(),
        (Kind::Text, _) if is_position => Type::of(Kind::Char),
        _ => Type::Unknown,
    })
}

/// Takes a chain apart: where it starts, and what follows.
fn links(chain: &Expr) -> (&Expr, Vec<Link<'_>>) {
    let (Expr::Dot(start, flags, _) | Expr::Index(start, flags, _)) = chain else { return (chain, Vec::new()) };
    let (mut rest, mut flags) = (&start.rhs, *flags);
    let mut is_index = matches!(chain, Expr::Index(..));
    let mut links = Vec::new();
    loop {
        let is_optional = flags.contains(ASTFlags::NEGATED);
        match rest {
            Expr::Dot(next, of_next, _) | Expr::Index(next, of_next, _) if !flags.contains(ASTFlags::BREAK) => {
                links.push(Link { what: &next.lhs, is_index, is_optional });
                is_index = matches!(rest, Expr::Index(..));
                (rest, flags) = (&next.rhs, *of_next);
            }
            last => {
                links.push(Link { what: last, is_index, is_optional });
                return (&start.lhs, links);
            }
        }
    }
}
