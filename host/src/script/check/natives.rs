//! The functions that are registered in the engine: what there is comes from the engine itself, so that nothing that a
//! script can call is unknown here.

use std::any::TypeId;
use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::OnceLock;

use rhai::{Array, Blob, Dynamic, Engine, FnPtr, ImmutableString, Map};
use smol_str::SmolStr;

use super::engine_types::ENGINE_TYPES;
use super::signature::{ArgumentType, Bound, Signature};
use super::types::{Kind, Type};
use crate::model::field_names;
use crate::script::handle::{CONNECTION_ENDS, Handle};

/// Functions that are part of the language.
const KEYWORDS: [&str; 9] =
    ["print", "debug", "type_of", "is_shared", "is_def_var", "is_def_fn", "Fn", "call", "curry"];

/// Every function that is registered, by its name, with the types of its parameters; a getter as `get$name`.
pub(in crate::script) struct Natives {
    functions: HashMap<SmolStr, Vec<Vec<TypeId>>>,
    signatures: HashMap<&'static str, Vec<&'static Signature>>,
}

/// What there is of a name.
pub(super) enum Candidates {
    /// No function has this name.
    None,
    /// None of this name takes so many arguments, but so many.
    OtherNumbers(Vec<usize>),
    /// None takes arguments of these types.
    OtherTypes,
    Some,
}

impl Natives {
    /// The functions of the engine. They are the same for all limits.
    pub fn of(engine: &Engine) -> &'static Self {
        static NATIVES: OnceLock<Natives> = OnceLock::new();
        NATIVES.get_or_init(|| {
            let mut functions: HashMap<SmolStr, Vec<Vec<TypeId>>> = HashMap::new();
            let rows = engine.collect_fn_metadata(
                None,
                |info| Some((SmolStr::new(&info.metadata.name), info.metadata.param_types.to_vec())),
                true,
            );
            for (name, params) in rows {
                functions.entry(name).or_default().push(params);
            }
            let mut signatures: HashMap<&'static str, Vec<&'static Signature>> = HashMap::new();
            for signature in Signature::all() {
                signatures.entry(&signature.name).or_default().push(signature);
            }
            Self { functions, signatures }
        })
    }

    /// The names of functions, in order.
    pub fn names(&self) -> BTreeSet<&str> {
        let registered = self.functions.keys().map(SmolStr::as_str);
        registered
            .filter(|name| name.starts_with(|c: char| c.is_alphabetic()))
            .filter(|name| !name.contains('$'))
            .chain(KEYWORDS)
            .collect()
    }

    pub fn is_keyword(name: &str) -> bool {
        KEYWORDS.contains(&name)
    }

    /// Whether a value has a field of the engine: one that is none of the document.
    pub fn has_field(&self, kind: &Kind, name: &str) -> bool {
        let is_of_document = matches!(kind, Kind::Object(_) | Kind::List(_) | Kind::Entries(_));
        if is_of_document && is_document_field(name) {
            return false;
        }
        let getters = self.functions.get(format!("get${name}").as_str());
        getters.is_some_and(|all| all.iter().any(|params| accepts(params, &[Some(vec![kind])])))
    }

    /// The names of the fields of the engine that a value has, in order.
    pub fn fields(&self, kind: &Kind) -> BTreeSet<&str> {
        let names = self.functions.keys().filter_map(|name| name.strip_prefix("get$"));
        names.filter(|name| self.has_field(kind, name)).collect()
    }

    /// Whether a value can be asked for a field by any name.
    pub fn has_indexer(&self, kind: &Kind) -> bool {
        let text = Kind::Text;
        let indexers = self.functions.get("index$get$");
        indexers.is_some_and(|all| all.iter().any(|params| accepts(params, &[Some(vec![kind]), Some(vec![&text])])))
    }

    /// Looks for a function that takes arguments of some types.
    pub fn find(&self, name: &str, arguments: &[Type]) -> Candidates {
        let Some(all) = self.functions.get(name) else { return Candidates::None };
        if all.iter().all(|params| params.len() != arguments.len()) {
            let numbers: BTreeSet<usize> = all.iter().map(Vec::len).collect();
            return Candidates::OtherNumbers(numbers.into_iter().collect());
        }
        let known: Vec<Option<Vec<&Kind>>> = arguments.iter().map(Type::known).collect();
        if all.iter().any(|params| accepts(params, &known)) && self.fits(name, &known) {
            Candidates::Some
        } else {
            Candidates::OtherTypes
        }
    }

    /// Whether arguments fit a signature, which says more than types of Rust do.
    fn fits(&self, name: &str, known: &[Option<Vec<&Kind>>]) -> bool {
        let mut signatures = self.signatures(name, known.len()).peekable();
        signatures.peek().is_none() || signatures.any(|signature| signature.fits(known))
    }

    /// The signatures of a name with so many parameters.
    fn signatures(&self, name: &str, params: usize) -> impl Iterator<Item = &'static Signature> {
        let all = self.signatures.get(name).into_iter().flatten().copied();
        all.filter(move |signature| signature.params.len() == params)
    }

    /// How the functions of a name are called.
    pub fn shown(&self, name: &str) -> Vec<&'static str> {
        self.signatures.get(name).into_iter().flatten().map(|signature| signature.shown).collect()
    }

    /// The type that a function returns, called with arguments. `result` is what the function returns that it is handed.
    pub fn returns(&self, name: &str, arguments: &[Type], result: &Type) -> Type {
        let known: Vec<Option<Vec<&Kind>>> = arguments.iter().map(Type::known).collect();
        match known.first() {
            None => self.returns_of(name, None, &known, result),
            Some(None) if arguments[0] == Type::NEVER => Type::NEVER,
            Some(None) => Type::Unknown,
            Some(Some(kinds)) => {
                kinds.iter().map(|kind| self.returns_of(name, Some(kind), &known, result)).fold(Type::NEVER, Type::or)
            }
        }
    }

    fn returns_of(&self, name: &str, receiver: Option<&Kind>, known: &[Option<Vec<&Kind>>], result: &Type) -> Type {
        let mut known: Vec<Option<Vec<&Kind>>> = known.to_vec();
        if let Some(kind) = receiver {
            known[0] = Some(vec![kind]);
        }
        let item = receiver.map_or(Type::Unknown, |kind| Type::of(kind.clone()).items());
        let bound = Bound { item, result: result.clone() };
        let mut fitting = self.signatures(name, known.len()).filter(|signature| signature.fits(&known));
        let Some(first) = fitting.next() else { return Type::Unknown };
        let returns = first.returns.resolve(&bound);
        if known.iter().skip(1).all(Option::is_some) {
            return returns;
        }
        // Which of them is called is not known.
        fitting.map(|signature| signature.returns.resolve(&bound)).fold(returns, Type::or)
    }

    /// The types of the parameters of a function that is handed to another as its argument `at`.
    pub fn closure_params(&self, name: &str, receiver: &Type, arguments: usize, at: usize) -> Vec<Type> {
        let Some(kinds) = receiver.known() else { return Vec::new() };
        let of = |kind: &Kind| {
            let mut signatures = self.signatures(name, arguments).filter(|signature| signature.params[0].fits(kind));
            let bound = Bound { item: Type::of(kind.clone()).items(), result: Type::Unknown };
            signatures.find_map(|signature| match &signature.params[at] {
                ArgumentType::Function(of) => {
                    Some(of.iter().map(|expected| expected.resolve(&bound)).collect::<Vec<_>>())
                }
                _ => None,
            })
        };
        let all: Option<Vec<Vec<Type>>> = kinds.into_iter().map(of).collect();
        let join =
            |one: Vec<Type>, other: Vec<Type>| one.into_iter().zip(other).map(|(one, other)| one.or(other)).collect();
        all.unwrap_or_default().into_iter().reduce(join).unwrap_or_default()
    }
}

/// Whether a name is one of a field of the document: every value of the document has a getter of it.
pub(super) fn is_document_field(name: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| field_names().into_iter().chain(CONNECTION_ENDS).collect()).contains(name)
}

fn accepts(params: &[TypeId], arguments: &[Option<Vec<&Kind>>]) -> bool {
    let fits = |(param, kinds): (&TypeId, &Option<Vec<&Kind>>)| {
        *param == TypeId::of::<Dynamic>()
            || kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| ids(kind).contains(param)))
    };
    params.len() == arguments.len() && params.iter().zip(arguments).all(fits)
}

/// The types of Rust that a kind of value has.
pub(super) fn ids(kind: &Kind) -> Vec<TypeId> {
    vec![match kind {
        Kind::Unit => TypeId::of::<()>(),
        Kind::Bool => TypeId::of::<bool>(),
        Kind::Int => TypeId::of::<i64>(),
        Kind::Float => TypeId::of::<f64>(),
        Kind::Char => TypeId::of::<char>(),
        Kind::Text => return vec![TypeId::of::<ImmutableString>(), TypeId::of::<String>(), TypeId::of::<&str>()],
        Kind::Range => return vec![TypeId::of::<Range<i64>>(), TypeId::of::<RangeInclusive<i64>>()],
        Kind::Blob => TypeId::of::<Blob>(),
        Kind::Function => TypeId::of::<FnPtr>(),
        Kind::Map | Kind::Record(_) => TypeId::of::<Map>(),
        Kind::Array(_) => TypeId::of::<Array>(),
        Kind::Object(_) | Kind::List(_) | Kind::Entries(_) => TypeId::of::<Handle>(),
        Kind::Engine(name) => {
            let row = ENGINE_TYPES.iter().find(|row| row.name == *name);
            return row.map(|row| (row.id)()).into_iter().collect();
        }
    }]
}

#[cfg(test)]
mod tests {
    //! Signatures agree with what is registered: nothing of the engine is without one, and none is of nothing.

    use super::*;
    use crate::limits::ScriptLimits;
    use crate::script::check::fields::ObjectType;
    use crate::script::engine::engine;

    /// The kinds of values that a parameter takes; `None` for any.
    fn kinds(param: TypeId) -> Option<Vec<Kind>> {
        if param == TypeId::of::<Dynamic>() {
            return None;
        }
        let list = || Box::new(Type::Unknown);
        let plain = [Kind::Unit, Kind::Bool, Kind::Int, Kind::Float, Kind::Char, Kind::Text, Kind::Range, Kind::Blob];
        let more = [Kind::Function, Kind::Map, Kind::Array(list()), Kind::List(list()), Kind::Entries(list())];
        let objects = ObjectType::all().keys().map(|name| Kind::Object(name.clone()));
        let of_engine = ENGINE_TYPES.iter().map(|row| Kind::Engine(row.name));
        let all = plain.into_iter().chain(more).chain(objects).chain(of_engine);
        Some(all.filter(|kind| ids(kind).contains(&param)).collect())
    }

    /// The line of a function in the file of signatures, but for what it returns.
    fn line(name: &str, params: &[TypeId]) -> String {
        let word = |&param: &TypeId| match kinds(param).as_deref() {
            None | Some([]) => "?",
            Some(_) if param == TypeId::of::<Handle>() => "Value",
            Some([kind, ..]) => match kind {
                Kind::Bool => "bool",
                Kind::Int => "int",
                Kind::Float => "float",
                Kind::Char => "char",
                Kind::Text => "String",
                Kind::Range => "Range",
                Kind::Blob => "Blob",
                Kind::Function => "FnPtr",
                Kind::Map => "Map",
                Kind::Array(_) => "Array",
                Kind::Engine(name) => *name,
                _ => "?",
            },
        };
        let params: Vec<String> = params.iter().map(|param| format!("value: {}", word(param))).collect();
        format!("fn {}({}) -> ?;", name.replace('$', " "), params.join(", "))
    }

    #[test]
    fn every_function_has_a_signature_and_every_signature_a_function() {
        let natives = Natives::of(&engine(&ScriptLimits::default()));
        let mut missing = Vec::new();
        for (name, all) in &natives.functions {
            let is_of_document = name.strip_prefix("get$").is_some_and(is_document_field);
            let handle = TypeId::of::<Handle>();
            for params in all.iter().filter(|params| !(is_of_document && params.contains(&handle))) {
                let known: Vec<Option<Vec<Kind>>> = params.iter().map(|&param| kinds(param)).collect();
                // Of another type of Rust, which no script has; of what is absent; an index.
                let is_other = |kinds: &Option<Vec<Kind>>| {
                    kinds.as_ref().is_some_and(|kinds| kinds.is_empty() || kinds.contains(&Kind::Unit))
                };
                if known.iter().any(is_other) || name.starts_with("index$") {
                    continue;
                }
                let known: Vec<Option<Vec<&Kind>>> =
                    known.iter().map(|kinds| kinds.as_ref().map(|kinds| kinds.iter().collect())).collect();
                if !natives.fits(name, &known) || natives.signatures(name, known.len()).next().is_none() {
                    missing.push(line(name, params));
                }
            }
        }
        missing.sort();
        assert!(missing.is_empty(), "add to host/src/script/definitions/engine.d.rhai:\n{}", missing.join("\n"));
        for signature in Signature::all() {
            let takes = |params: &&Vec<TypeId>| {
                let fits = |(param, expected): (&TypeId, &ArgumentType)| {
                    // Of a type that no script has: anything.
                    kinds(*param).is_none_or(|kinds| kinds.is_empty() || kinds.iter().any(|kind| expected.fits(kind)))
                };
                params.len() == signature.params.len() && params.iter().zip(&signature.params).all(fits)
            };
            let all = natives.functions.get(&signature.name);
            assert!(all.is_some_and(|all| all.iter().find(takes).is_some()), "no function is {}", signature.shown);
        }
    }

    #[test]
    fn signatures_name_types_that_exist() {
        for signature in Signature::all() {
            let words = signature.shown.split(|c: char| !c.is_alphanumeric() && c != '_');
            for word in words.filter(|word| word.starts_with(char::is_uppercase) && word.len() > 1) {
                let known = ["String", "Array", "Map", "Blob", "FnPtr", "Range", "Value", "PI"];
                let is_engine = ENGINE_TYPES.iter().any(|row| row.name == word);
                let is_object = ObjectType::find(word).is_some();
                assert!(known.contains(&word) || is_engine || is_object, "{word} in {}", signature.shown);
            }
        }
    }
}
