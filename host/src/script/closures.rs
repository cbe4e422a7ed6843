//! The functions of arrays that call a closure for each item. rhai's own try an item as `this` first, whatever the closure
//! takes, and make an error of it, with its text, for each item: almost half of the time of a rule.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnNamespace, FnPtr, FuncRegistration, NativeCallContext, Position};

use super::meter::Native;

/// Registers the functions. None of them changes the array.
pub(super) fn register(engine: &mut Engine) {
    pure("filter").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let mut kept = Array::new();
        each("filter", &context, array, &of, |item, result| {
            if result.as_bool() == Ok(true) {
                kept.push(item.clone());
            }
            None::<()>
        })?;
        Native::Ok(kept)
    });
    pure("map").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let mut made = Array::with_capacity(array.len());
        each("map", &context, array, &of, |_, result| {
            made.push(result);
            None::<()>
        })?;
        Native::Ok(made)
    });
    pure("some").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let found = each("some", &context, array, &of, |_, result| (result.as_bool() == Ok(true)).then_some(()))?;
        Native::Ok(found.is_some())
    });
    pure("all").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let found = each("all", &context, array, &of, |_, result| (result.as_bool() != Ok(true)).then_some(()))?;
        Native::Ok(found.is_none())
    });
    pure("find").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let found =
            each("find", &context, array, &of, |item, result| (result.as_bool() == Ok(true)).then(|| item.clone()))?;
        Native::Ok(found.unwrap_or_default())
    });
    pure("find_map").register_into_engine(engine, |context: NativeCallContext, array: &mut Array, of: FnPtr| {
        let found = each("find_map", &context, array, &of, |_, result| (!result.is_unit()).then_some(result))?;
        Native::Ok(found.unwrap_or_default())
    });
}

fn pure(name: &str) -> FuncRegistration {
    FuncRegistration::new(name).with_namespace(FnNamespace::Global).with_purity(true)
}

/// What a closure is called with.
#[derive(Clone, Copy)]
enum Arguments {
    Item,
    /// The item is `this`.
    Nothing,
    ItemAndIndex,
}

/// Calls a closure for each item until `look`, which gets its result, returns something.
fn each<R>(
    caller: &str,
    context: &NativeCallContext<'_>,
    array: &mut Array,
    closure: &FnPtr,
    mut look: impl FnMut(&Dynamic, Dynamic) -> Option<R>,
) -> Native<Option<R>> {
    // A closure has one form; of functions with the same name, rhai prefers the one without arguments.
    let mut forms = if closure.is_anonymous() {
        [Arguments::Item, Arguments::Nothing, Arguments::ItemAndIndex]
    } else {
        [Arguments::Nothing, Arguments::Item, Arguments::ItemAndIndex]
    };
    for (index, item) in array.iter_mut().enumerate() {
        let result = call(context, closure, item, index, &mut forms).map_err(|error| {
            let source = context.call_source().unwrap_or_default().to_owned();
            EvalAltResult::ErrorInFunctionCall(caller.to_owned(), source, error, Position::NONE)
        })?;
        if let Some(found) = look(item, result) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Calls a closure for an item, in the first form that it takes, which is the first of the next call.
fn call(
    context: &NativeCallContext<'_>,
    closure: &FnPtr,
    item: &mut Dynamic,
    index: usize,
    forms: &mut [Arguments; 3],
) -> Native<Dynamic> {
    let position = || Dynamic::from_int(i64::try_from(index).unwrap_or(i64::MAX));
    let mut failure = None;
    for place in 0..forms.len() {
        let called = match forms[place] {
            Arguments::Item => closure.call_raw(context, None, [item.clone()]),
            Arguments::Nothing => closure.call_raw(context, Some(item), []),
            Arguments::ItemAndIndex => closure.call_raw(context, None, [item.clone(), position()]),
        };
        match called {
            Err(error) if is_unknown(&error, closure) => failure = Some(error),
            called => {
                forms.swap(0, place);
                return called;
            }
        }
    }
    Err(failure.expect("a closure that was not called has an error"))
}

/// Whether a closure was not called, since it takes something else.
fn is_unknown(error: &EvalAltResult, closure: &FnPtr) -> bool {
    matches!(error, EvalAltResult::ErrorFunctionNotFound(signature, _) if signature.starts_with(closure.fn_name()))
}
