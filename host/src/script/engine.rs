//! The engine that runs scripts: one a thread, with everything that scripts can call, and nothing more.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package as _,
};
use rhai::{
    Array, Dynamic, Engine, EvalAltResult, EvalContext, FnPtr, ImmutableString, LexError, NativeCallContext,
    OptimizationLevel, Position, Token,
};

use super::imports::Siblings;
use super::meter::{self, Native};
use super::tree::{self, Use};
use super::{
    absent, cells, closures, document, graph, json, key, lists, memory, optional, print, report, search, text, versions,
};
use crate::limits::ScriptLimits;

/// Finds or builds the engine of this thread for some limits.
pub(super) fn engine(limits: &ScriptLimits) -> Rc<Engine> {
    thread_local! {
        static ENGINE: RefCell<Option<(ScriptLimits, Rc<Engine>)>> = const { RefCell::new(None) };
    }
    ENGINE.with_borrow_mut(|kept| match kept {
        Some((of, engine)) if of == limits => Rc::clone(engine),
        _ => {
            let engine = Rc::new(build(limits));
            *kept = Some((limits.clone(), Rc::clone(&engine)));
            engine
        }
    })
}

fn build(limits: &ScriptLimits) -> Engine {
    // Not `Engine::new`, which reads files and prints; and without rhai's core package, which sleeps, reads JSON of any
    // depth and has a field `tag`.
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);
    engine.disable_symbol("eval");
    engine.set_strict_variables(true);
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_module_resolver(Siblings);
    engine.on_progress(|_| meter::step().map(Dynamic::from));
    #[expect(deprecated, reason = "rhai marks what it may still change so; its version is pinned")]
    engine.on_parse_token(|token, _, _| match meter::token() {
        // The parser ends at it: `failure` knows the key of the limit.
        Some(key) => Token::LexError(Box::new(LexError::Runtime(key.to_owned()))),
        None => optional::token(token),
    });
    let within = limits.clone();
    #[expect(deprecated, reason = "rhai marks what it may still change so; its version is pinned")]
    engine.on_var(move |name, index, mut context| {
        let value = read(name, index, &mut context)?;
        memory::look(&context, &within)?;
        Ok(value)
    });
    // Each name is a string of its own: see `tree`.
    engine.set_max_strings_interned(0);
    bound(&mut engine, limits);
    memory::register(&mut engine, limits);
    document::register(&mut engine);
    absent::register(&mut engine);
    search::register(&mut engine);
    print::register(&mut engine);
    report::register(&mut engine);
    graph::register(&mut engine);
    closures::register(&mut engine);
    lists::register(&mut engine);
    text::register(&mut engine);
    versions::register(&mut engine);
    json::register(&mut engine, limits);
    engine
}

/// Reads a variable in a way of our own, or leaves it to rhai. Its place is that from the end, from 1, or 0.
fn read(name: &str, place: usize, context: &mut EvalContext<'_, '_, '_, '_, '_, '_>) -> Native<Option<Dynamic>> {
    let used = tree::use_of(name);
    if used == Some(Use::Searched)
        && let Some(view) = search::view(name, place, context.scope_mut())
    {
        return Ok(Some(view));
    }
    cells::take_back(name, place, context.scope_mut());
    let value = match (used, cells::variable(name, place, context.scope())) {
        (Some(Use::Called), Some(variable)) if variable.is_shared() => {
            let copy = variable.flatten_clone();
            meter::charge(copy.as_array_ref().map_or(0, |items| items.len()))?;
            meter::charge(copy.as_map_ref().map_or(0, |entries| entries.len()))?;
            Some(copy)
        }
        (Some(Use::Key), Some(variable)) if variable.is_unit() => Some(key::absent()),
        _ => None,
    };
    if value.is_none() {
        cells::note(name, place, context.scope_mut());
    }
    Ok(value)
}

fn bound(engine: &mut Engine, limits: &ScriptLimits) {
    let number = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    // Operations are counted in `meter`: rhai counts those of a closure that `map` calls apart.
    engine.set_max_operations(0);
    engine.set_max_call_levels(number(limits.call_depth));
    engine.set_max_expr_depths(number(limits.expression_depth), number(limits.expression_depth));
    engine.set_max_string_size(number(limits.string_bytes));
    engine.set_max_array_size(number(limits.array_items));
    engine.set_max_map_size(number(limits.map_entries));
    engine.set_max_variables(number(limits.variables));
    engine.set_max_functions(number(limits.functions));
    engine.set_max_modules(number(limits.modules));
    for name in ["order", "order_by"] {
        engine.register_fn(name, order);
    }
    let most = number(limits.string_bytes);
    engine.register_fn("replace", move |text: &mut ImmutableString, find: &str, with: &str| -> Native<()> {
        replace(text, find, with, most)
    });
    engine.register_fn("replace", move |text: &mut ImmutableString, find: char, with: &str| -> Native<()> {
        replace(text, find.encode_utf8(&mut [0; 4]), with, most)
    });
}

/// Puts a copy of an array in order: rhai's own is not for constants, which the copies of `tree` are.
fn order(context: NativeCallContext<'_>, array: Array, by: FnPtr) -> Native<Array> {
    let (mut array, mut by) = (Dynamic::from_array(array), Dynamic::from(by));
    let _nothing = context.call_native_fn_raw("sort_by", true, &mut [&mut array, &mut by])?;
    Ok(array.into_array().unwrap_or_default())
}

/// Replaces a text in a text: what rhai's own checks only once the result is made, which can be the square of both.
fn replace(text: &mut ImmutableString, find: &str, with: &str, most: usize) -> Native<()> {
    let grows = with.len().saturating_sub(find.len());
    let result = text.len().saturating_add(text.matches(find).count().saturating_mul(grows));
    if result > most {
        return Err(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE).into());
    }
    *text = text.replace(find, with).into();
    Ok(())
}
