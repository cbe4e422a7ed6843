//! Goes through a rule until the types of its variables, parameters and results no longer change, and then once more, for
//! its mistakes.

use std::collections::{BTreeMap, HashMap, HashSet};

use rhai::{Engine, ImmutableString, Position, Stmt};

use super::natives::Natives;
use super::program::{Function, Program, Text};
use super::types::{Kind, Type};
use crate::script::entry_points::EntryPoint;
use crate::script::meter;

/// The most times that a rule is gone through. What then still changes is unknown.
const MOST_PASSES: usize = 12;

/// A mistake in a text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The position of the text in the program.
    pub text: usize,
    pub position: Position,
    pub message: String,
    pub help: Option<String>,
}

/// A function of a program: the positions of its text and in it.
type Key = (usize, usize);

/// What is known of a rule.
pub(super) struct Analysis<'p> {
    pub program: &'p Program,
    pub natives: &'static Natives,
    pub engine: &'p Engine,
    /// The parameters of the rule, where its description is right.
    pub settings: Option<Vec<(String, Type)>>,
    params: HashMap<Key, Vec<Type>>,
    returns: HashMap<Key, Type>,
    assigned: HashMap<ImmutableString, Type>,
    constants: BTreeMap<(usize, String), Type>,
    escaped: HashSet<Key>,
    has_changed: bool,
    /// The mistakes, in the last pass.
    mistakes: Option<Vec<Mistake>>,
    /// How many `try` are around: what fails there is caught.
    tries: usize,
    /// The key of the limit that the analysis exceeds.
    exceeded: Option<&'static str>,
}

/// A function that is gone through.
pub(super) struct Frame {
    /// The position of its text.
    pub text: usize,
    pub variables: Vec<(ImmutableString, Type)>,
    pub this: Type,
    /// What it returns before its end.
    pub returns: Type,
}

impl<'p> Analysis<'p> {
    /// Finds the mistakes of a rule.
    ///
    /// # Errors
    /// It takes too much. The key of the limit is returned.
    pub fn mistakes(
        program: &'p Program,
        engine: &'p Engine,
        settings: Option<Vec<(String, Type)>>,
    ) -> Result<Vec<Mistake>, &'static str> {
        let mut analysis = Self {
            program,
            natives: Natives::of(engine),
            engine,
            settings,
            params: HashMap::new(),
            returns: HashMap::new(),
            assigned: HashMap::new(),
            constants: BTreeMap::new(),
            escaped: HashSet::new(),
            has_changed: false,
            mistakes: None,
            tries: 0,
            exceeded: None,
        };
        analysis.call_entry_points();
        analysis.settle();
        analysis.forget_uncalled();
        analysis.settle();
        analysis.mistakes = Some(Vec::new());
        analysis.pass();
        let mut mistakes = analysis.mistakes.unwrap_or_default();
        mistakes.sort_by_key(|mistake| (mistake.text, mistake.position.line(), mistake.position.position()));
        mistakes.dedup();
        analysis.exceeded.map_or(Ok(mistakes), Err)
    }

    /// Counts a step; whether the analysis has taken too many of them, too much time or too much memory.
    pub fn is_over(&mut self) -> bool {
        self.exceeded = self.exceeded.or_else(meter::step);
        self.exceeded.is_some()
    }

    fn call_entry_points(&mut self) {
        let Some(text) = self.program.texts.first() else { return };
        for entry_point in EntryPoint::ALL {
            if let Some(function) = text.function(entry_point.name(), 2) {
                let first = match entry_point {
                    EntryPoint::Check => "System",
                    EntryPoint::Service => "Service",
                    EntryPoint::Connection => "Connection",
                };
                let arguments = [Kind::Object(first.into()), Kind::Engine("Context")].map(Type::of);
                self.call_function((0, function), &arguments);
            }
        }
    }

    /// Goes through the rule until nothing changes.
    fn settle(&mut self) {
        for _ in 0..MOST_PASSES {
            self.has_changed = false;
            self.pass();
            if !self.has_changed {
                return;
            }
        }
        let params = self.params.values_mut().flatten();
        let all = params.chain(self.returns.values_mut()).chain(self.assigned.values_mut());
        all.for_each(|known| *known = Type::Unknown);
    }

    /// Takes what no call is seen of for anything.
    fn forget_uncalled(&mut self) {
        for (text, of) in self.program.texts.iter().enumerate() {
            for (index, function) in of.functions.iter().enumerate() {
                let key = (text, index);
                let params = self.params.entry(key).or_insert_with(|| vec![Type::NEVER; function.params.len()]);
                // `list.map("helper")` calls a function by its name.
                let is_escaped = self.escaped.contains(&key) || self.program.usage.has_string(&function.name);
                for param in params.iter_mut().filter(|param| is_escaped || **param == Type::NEVER) {
                    *param = Type::Unknown;
                }
            }
        }
    }

    fn pass(&mut self) {
        let program = self.program;
        for (text, of) in program.texts.iter().enumerate() {
            self.outside(text, of);
            for (index, function) in of.functions.iter().enumerate().filter(|(_, function)| !function.is_closure()) {
                // Nothing is known of what was not called yet.
                let Some(params) = self.params.get(&(text, index)).cloned() else { continue };
                let returns = self.function(text, function, params, Type::Unknown);
                let known = self.returns.entry((text, index)).or_insert(Type::NEVER);
                let joined = known.clone().or(returns).bounded();
                self.has_changed |= joined != *known;
                *known = joined;
            }
        }
    }

    /// Goes through what stands outside of functions.
    fn outside(&mut self, text: usize, of: &'p Text) {
        let mut frame = Frame { text, variables: Vec::new(), this: Type::Unknown, returns: Type::NEVER };
        for statement in &of.statements {
            // The description of the rule is read without this.
            if !matches!(statement, Stmt::Var(variable, ..) if variable.0.name == "RULE") {
                self.statement(&mut frame, statement);
            }
        }
        let constants = frame.variables.into_iter().map(|(name, value)| ((text, name.to_string()), value));
        self.constants.extend(constants);
    }

    /// Goes through a function, and returns the type of its result.
    pub fn function(&mut self, text: usize, function: &'p Function, arguments: Vec<Type>, this: Type) -> Type {
        let types = arguments.into_iter().chain(std::iter::repeat(Type::NEVER));
        let variables = function.params.iter().cloned().zip(types).collect();
        let mut frame = Frame { text, variables, this, returns: Type::NEVER };
        let last = self.block(&mut frame, &function.body);
        frame.returns.or(last)
    }

    /// Takes note of a call of a function, and returns the type of its result.
    pub fn call_function(&mut self, key: Key, arguments: &[Type]) -> Type {
        let params = self.params.entry(key).or_insert_with(|| vec![Type::NEVER; arguments.len()]);
        for (param, argument) in params.iter_mut().zip(arguments) {
            // What is absent is handed on as that.
            let joined = param.clone().or(argument.clone()).bounded();
            self.has_changed |= joined != *param;
            *param = joined;
        }
        self.returns.get(&key).cloned().unwrap_or(Type::NEVER)
    }

    /// Takes note that functions are used as values: by whom they are called is not known.
    pub fn escape(&mut self, text: usize, name: &str) {
        for (index, function) in self.program.texts[text].functions.iter().enumerate() {
            if function.name.as_str() == name && self.escaped.insert((text, index)) {
                self.params.insert((text, index), vec![Type::Unknown; function.params.len()]);
                self.has_changed = true;
            }
        }
    }

    /// Takes note of what is assigned to a variable.
    pub fn assign(&mut self, name: &ImmutableString, value: Type) {
        let known = self.assigned.entry(name.clone()).or_insert(Type::NEVER);
        let joined = known.clone().or(value).bounded();
        self.has_changed |= joined != *known;
        *known = joined;
    }

    /// The type of a variable; `None` where there is none.
    pub fn variable(&self, frame: &Frame, name: &str) -> Option<Type> {
        let (_, value) = frame.variables.iter().rev().find(|(other, _)| other.as_str() == name)?;
        let usage = &self.program.usage;
        if usage.is_asked(name) {
            return Some(Type::Unknown);
        }
        let mut value = value.clone();
        if usage.is_assigned(name) {
            value = value.or(self.assigned.get(name).cloned().unwrap_or(Type::NEVER));
        }
        Some(if usage.is_changed(name) { value.changeable() } else { value })
    }

    /// The type of a constant of a text.
    pub fn constant(&self, text: usize, name: &str) -> Option<Type> {
        let value = self.constants.get(&(text, name.to_owned()))?;
        Some(if self.program.usage.is_changed(name) { value.clone().changeable() } else { value.clone() })
    }

    /// The names of the constants of a text.
    pub fn constants(&self, text: usize) -> impl Iterator<Item = &str> {
        self.constants.keys().filter(move |(of, _)| *of == text).map(|(_, name)| name.as_str())
    }

    /// Reports a mistake, if this is the pass for it and nobody catches what fails.
    pub fn report(&mut self, frame: &Frame, position: Position, message: impl Into<String>, help: Option<String>) {
        if self.tries == 0
            && let Some(mistakes) = &mut self.mistakes
        {
            mistakes.push(Mistake { text: frame.text, position, message: message.into(), help });
        }
    }

    /// Goes through statements whose failures are caught.
    pub fn tried(&mut self, frame: &mut Frame, statements: &'p [Stmt]) {
        self.tries += 1;
        self.block(frame, statements);
        self.tries -= 1;
    }
}
