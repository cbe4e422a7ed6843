//! Calls of functions and methods.

use rhai::{Expr, FnCallExpr, Position};

use super::analysis::{Analysis, Frame};
use super::fields::ObjectType;
use super::natives::{Candidates, Natives};
use super::types::{Kind, Type};
use crate::script::instead;
use crate::text::{nearest, quote};

impl<'p> Analysis<'p> {
    /// Goes through a call, and returns the type of its result.
    pub fn call(&mut self, frame: &mut Frame, call: &'p FnCallExpr, position: Position) -> Type {
        let is_contains = call.name == "contains";
        if call.op_token.is_some() && !is_contains {
            return self.operation(frame, call, position);
        }
        if !call.namespace.is_empty() {
            return self.imported(frame, call, position);
        }
        let (types, result) = self.arguments(frame, call, None);
        if Natives::is_keyword(&call.name) {
            return keyword(&call.name);
        }
        let name = if is_contains && self.is_in(frame, position) { "in" } else { call.name.as_str() };
        match self.of_script(frame, &call.name, &types) {
            Some(returns) => returns,
            None => self.native(frame, &FunctionCall { call, name, position, is_method: false }, &types, &result),
        }
    }

    /// Goes through the call of a method, and returns the type of its result.
    pub fn method(&mut self, frame: &mut Frame, receiver: &Type, call: &'p FnCallExpr, position: Position) -> Type {
        let (types, result) = self.arguments(frame, call, Some(receiver));
        if Natives::is_keyword(&call.name) {
            return keyword(&call.name);
        }
        if call.name == "at" {
            self.place(frame, receiver, call);
        }
        match self.of_script(frame, &call.name, &types[1..]) {
            Some(returns) => returns,
            None => {
                let called = FunctionCall { call, name: &call.name, position, is_method: true };
                self.native(frame, &called, &types, &result)
            }
        }
    }

    /// Whether a call of `contains` is written as `in`.
    fn is_in(&self, frame: &Frame, position: Position) -> bool {
        let (Some(line), Some(column)) = (position.line(), position.position()) else { return false };
        let text = self.program.texts[frame.text].source.text();
        let rest = text.lines().nth(line - 1).unwrap_or_default().chars().skip(column - 1);
        rest.filter(|&mark| mark != '!').take(3).eq("in ".chars())
    }

    /// The result of a function of the script, where it has one with so many parameters.
    fn of_script(&mut self, frame: &Frame, name: &str, arguments: &[Type]) -> Option<Type> {
        let function = self.program.texts[frame.text].function(name, arguments.len())?;
        Some(self.call_function((frame.text, function), arguments))
    }

    /// Goes through the call of a function of a file that is imported.
    fn imported(&mut self, frame: &mut Frame, call: &'p FnCallExpr, position: Position) -> Type {
        let (types, _) = self.arguments(frame, call, None);
        let text = &self.program.texts[frame.text];
        let alias = call.namespace.root();
        let imported = match (call.namespace.path.len(), text.imports.get(alias)) {
            (1, Some(&imported)) => imported,
            _ => return Type::Unknown,
        };
        let of = &self.program.texts[imported];
        let found = of.function(&call.name, types.len());
        if let Some(function) = found.filter(|&function| !of.functions[function].is_private) {
            return self.call_function((imported, function), &types);
        }
        let public = of.functions.iter().filter(|function| !function.is_private && !function.is_closure());
        let numbers: Vec<usize> = of.functions_named(&call.name).map(|function| function.params.len()).collect();
        let file = crate::script::file_name(of.source.name());
        let (message, help) = match (found, numbers.as_slice()) {
            (Some(_), _) => (
                format!("the function {} of {file} is private", quote(&call.name)),
                Some("leave out `private`".to_owned()),
            ),
            (None, []) => {
                let meant = nearest(&call.name, public.map(|function| function.name.as_str()));
                let help = meant.map(|meant| format!("did you mean `{alias}::{meant}`?"));
                (format!("{file} has no function {}", quote(&call.name)), help)
            }
            (None, numbers) => (takes(&call.name, numbers, types.len()), None),
        };
        self.report(frame, position, message, help);
        Type::Unknown
    }

    /// The result of a function of the engine.
    fn native(&mut self, frame: &Frame, called: &FunctionCall<'_>, types: &[Type], result: &Type) -> Type {
        let name = called.call.name.as_str();
        let candidates = self.natives.find(name, types);
        if matches!(candidates, Candidates::Some) {
            return self.natives.returns(name, types, result);
        }
        if called.is_method && self.may_be_map(&types[0]) {
            return Type::Unknown;
        }
        let text = &self.program.texts[frame.text];
        let of_script: Vec<usize> = text.functions_named(name).map(|function| function.params.len()).collect();
        let given = types.len() - usize::from(called.is_method);
        let (message, help) = match candidates {
            _ if !of_script.is_empty() => (takes(name, &of_script, given), None),
            Candidates::None => (format!("unknown function {}", quote(name)), self.meant(frame, name)),
            Candidates::OtherNumbers(numbers) => {
                let without_receiver = |number: usize| number.saturating_sub(usize::from(called.is_method));
                let numbers: Vec<usize> = numbers.into_iter().map(without_receiver).collect();
                (takes(name, &numbers, given), self.signatures(name))
            }
            Candidates::OtherTypes | Candidates::Some => (called.refused(types), self.signatures(name)),
        };
        self.report(frame, called.position, message, help);
        Type::Unknown
    }

    /// Whether a value may be a map that holds functions, which are called as its methods.
    fn may_be_map(&self, value: &Type) -> bool {
        let is_map = |kind: &Kind| matches!(kind, Kind::Map | Kind::Record(_));
        self.program.usage.maps_hold_functions && value.known().is_none_or(|kinds| kinds.into_iter().any(is_map))
    }

    /// The function that may be meant.
    fn meant(&self, frame: &Frame, name: &str) -> Option<String> {
        if self.variable(frame, name).is_some() {
            return Some(format!("call the closure in the variable with `{name}.call(…)`"));
        }
        if let Some(instead) = instead::of_function(name) {
            return Some(instead.to_owned());
        }
        let names = self.natives.names();
        let functions = self.program.texts[frame.text].functions.iter().filter(|function| !function.is_closure());
        let all = names.into_iter().chain(functions.map(|function| function.name.as_str()));
        nearest(name, all).map(|meant| format!("did you mean {}?", quote(meant)))
    }

    /// How functions of a name are called, as a next step.
    fn signatures(&self, name: &str) -> Option<String> {
        let shown: Vec<String> = self.natives.shown(name).into_iter().take(4).map(quote).collect();
        (!shown.is_empty()).then(|| format!("there is {}", shown.join(", ")))
    }

    /// Checks the name of a field of which the place is asked.
    fn place(&mut self, frame: &Frame, receiver: &Type, call: &FnCallExpr) {
        let [Expr::StringConstant(name, position)] = &call.args[..] else { return };
        let Some(kinds) = receiver.known() else { return };
        let object = |kind: &&Kind| match kind {
            Kind::Object(object) => ObjectType::find(object),
            _ => None,
        };
        let objects: Vec<&ObjectType> = kinds.iter().filter_map(object).collect();
        if objects.len() < kinds.len() || objects.iter().any(|of| of.field(name).is_some()) {
            return;
        }
        let fields = objects.iter().flat_map(|of| &of.fields).map(|field| field.name.as_str());
        let help = nearest(name, fields).map(|meant| format!("did you mean {}?", quote(meant)));
        self.report(frame, *position, format!("no field {} on {receiver}", quote(name)), help);
    }
}

/// A call of a function of the engine.
struct FunctionCall<'c> {
    call: &'c FnCallExpr,
    /// How it is written.
    name: &'c str,
    position: Position,
    is_method: bool,
}

impl FunctionCall<'_> {
    /// Words that the arguments have types that no function takes.
    fn refused(&self, types: &[Type]) -> String {
        let shown = |types: &[Type]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match (self.name, types) {
            ("in", [of, value]) => format!("`in` does not look for {value} in {of}"),
            (name, [receiver]) => format!("{} is not for {receiver}", quote(name)),
            (name, [receiver, rest @ ..]) if self.is_method => {
                format!("{} of {receiver} does not take ({})", quote(name), shown(rest))
            }
            (name, types) => format!("{} does not take ({})", quote(name), shown(types)),
        }
    }
}

/// Words that a function takes other numbers of arguments.
fn takes(name: &str, numbers: &[usize], given: usize) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    let noun = if numbers == ["1"] { "argument" } else { "arguments" };
    format!("{} takes {} {noun}, and {given} are given", quote(name), numbers.join(" or "))
}

/// The type of what a function of the language returns.
fn keyword(name: &str) -> Type {
    match name {
        "type_of" => Kind::Text.into(),
        "is_shared" | "is_def_var" | "is_def_fn" => Kind::Bool.into(),
        "Fn" => Kind::Function.into(),
        _ => Type::Unknown,
    }
}
