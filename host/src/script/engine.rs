//! The engine that runs scripts: one a thread, with everything that scripts can call, and nothing more.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package as _,
};
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, LexError, OptimizationLevel, Position, Token};

use super::imports::Siblings;
use super::meter::{self, Native};
use super::{captures, cells, document, graph, json, lists, memory, report, text, versions};
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
        None => token,
    });
    let within = limits.clone();
    #[expect(deprecated, reason = "rhai marks what it may still change so; its version is pinned")]
    engine.on_var(move |name, index, mut context| {
        let copy = cells::variable(name, index, context.scope()).and_then(|variable| captures::copy(name, variable));
        if copy.is_none() {
            cells::note(name, index, context.scope_mut());
        }
        memory::look(&context, &within)?;
        Ok(copy)
    });
    bound(&mut engine, limits);
    memory::register(&mut engine, limits);
    document::register(&mut engine);
    report::register(&mut engine);
    graph::register(&mut engine);
    lists::register(&mut engine);
    text::register(&mut engine);
    versions::register(&mut engine);
    json::register(&mut engine, limits);
    engine
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
    let most = number(limits.string_bytes);
    engine.register_fn("replace", move |text: &mut ImmutableString, find: &str, with: &str| -> Native<()> {
        replace(text, find, with, most)
    });
    engine.register_fn("replace", move |text: &mut ImmutableString, find: char, with: &str| -> Native<()> {
        replace(text, find.encode_utf8(&mut [0; 4]), with, most)
    });
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
