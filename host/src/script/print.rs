//! `print` and `debug`, which tell the author of a rule what it sees.

use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, Map, NativeCallContext, Variant};

use super::meter::{self, Native};
use super::printed::PrintedLine;
use super::running;

/// Registers `print` and `debug`, for every type that rhai has them for.
pub(super) fn register(engine: &mut Engine) {
    for (name, writer) in [("print", "to_string"), ("debug", "to_debug")] {
        engine.register_fn(name, move |context: NativeCallContext<'_>| print(&context, String::new()));
        register_type::<ImmutableString>(engine, name, writer);
        register_type::<char>(engine, name, writer);
        register_type::<bool>(engine, name, writer);
        register_type::<i64>(engine, name, writer);
        register_type::<()>(engine, name, writer);
        register_type::<Array>(engine, name, writer);
        register_type::<Map>(engine, name, writer);
        register_type::<FnPtr>(engine, name, writer);
        engine.register_fn(name, move |context: NativeCallContext<'_>, value: Dynamic| write(&context, writer, value));
    }
}

fn register_type<T: Variant + Clone>(engine: &mut Engine, name: &'static str, writer: &'static str) {
    engine.register_fn(name, move |context: NativeCallContext<'_>, value: T| {
        write(&context, writer, Dynamic::from(value))
    });
}

fn write(context: &NativeCallContext<'_>, writer: &str, mut value: Dynamic) -> Native<()> {
    let text = context.call_native_fn_raw(writer, false, &mut [&mut value])?;
    print(context, text.to_string())
}

fn print(context: &NativeCallContext<'_>, text: String) -> Native<()> {
    meter::charge(1 + text.len() / 64)?;
    running::with(|running| {
        let file = context.call_source().unwrap_or(running.file).to_owned();
        let line = context.call_position().line().unwrap_or_default();
        running.printed.borrow_mut().add(PrintedLine { file, line, text }, running.limits.printed);
    });
    Ok(())
}
