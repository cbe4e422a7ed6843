//! WASI 0.2 for guests: what a language's runtime needs to start is answered, the same at every run; the rest is
//! refused when it is asked for.
//!
//! The imports of a component are walked and defined by name, whatever patch version of WASI they are of, since
//! wasmtime takes only one definition for all versions that semver calls compatible.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{LinkerInstance, ResourceAny, ResourceDynamic, ResourceType, Val};
use wasmtime::{Engine, StoreContextMut};

use super::call::{Call, HostTrap, LogStream};

/// The most random bytes of one call, and what a stream takes at once.
const CHUNK: u64 = 64 << 10;

/// What stands behind every resource: nothing but a number. A guest that mixes them up gains nothing by it.
const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;
const POLLABLE: u32 = 3;

/// Defines every item of an instance of WASI, such as `wasi:cli/environment@0.2.3`.
///
/// The name of an item that cannot be defined, a module or a component, where there is one.
pub(super) fn define(
    engine: &Engine,
    linker: &mut LinkerInstance<'_, Call>,
    instance: &str,
    ty: &wasmtime::component::types::ComponentInstance,
) -> wasmtime::Result<Option<String>> {
    let interface = instance.split('@').next().unwrap_or(instance).to_owned();
    for (name, item) in ty.exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(_) => {
                let full = format!("{instance}#{name}");
                let (interface, function) = (interface.clone(), name.to_owned());
                linker.func_new(name, move |mut store, _, params, results| {
                    store.data_mut().spend(0)?;
                    let of = take_resources(&mut store, params)?.first().copied();
                    match (answer(&mut store, &interface, &function, of, params)?, results.first_mut()) {
                        (Answer::NotGranted, _) => return Err(HostTrap::NotGranted(full.clone()).into()),
                        (Answer::Value(value), Some(result)) => *result = value,
                        (Answer::Value(_) | Answer::Nothing, _) => {}
                    }
                    Ok(())
                })?;
            }
            ComponentItem::Resource(_) => linker.resource(name, ResourceType::host_dynamic(0), |_, _| Ok(()))?,
            ComponentItem::Type(_) => {}
            _ => return Ok(Some(format!("{instance}#{name}"))),
        }
    }
    Ok(None)
}

/// Takes every resource out of the parameters: a call that keeps what it borrowed cannot end. Returns their numbers.
fn take_resources(store: &mut StoreContextMut<'_, Call>, params: &[Val]) -> wasmtime::Result<Vec<u32>> {
    let (mut numbers, mut open) = (Vec::new(), params.iter().rev().collect::<Vec<_>>());
    while let Some(value) = open.pop() {
        match value {
            Val::Resource(resource) => numbers.push(resource.try_into_resource_dynamic(&mut *store)?.rep()),
            Val::List(values) | Val::Tuple(values) | Val::FixedLengthList(values) => open.extend(values.iter().rev()),
            Val::Record(fields) => open.extend(fields.iter().rev().map(|(_, value)| value)),
            Val::Map(entries) => open.extend(entries.iter().rev().flat_map(|(key, value)| [value, key])),
            Val::Variant(_, Some(value)) | Val::Option(Some(value)) => open.push(value),
            Val::Result(Ok(Some(value)) | Err(Some(value))) => open.push(value),
            _ => {}
        }
    }
    Ok(numbers)
}

/// What a function of WASI returns.
enum Answer {
    Value(Val),
    Nothing,
    /// The function is not granted.
    NotGranted,
}

/// Answers a function of WASI. `of` is the number of the resource that a method is called on.
fn answer(
    store: &mut StoreContextMut<'_, Call>,
    interface: &str,
    function: &str,
    of: Option<u32>,
    params: &[Val],
) -> wasmtime::Result<Answer> {
    let value = match (interface, function) {
        ("wasi:cli/environment", "get-environment" | "get-arguments")
        | ("wasi:filesystem/preopens", "get-directories") => Val::List(Vec::new()),
        ("wasi:cli/environment", "initial-cwd")
        | ("wasi:cli/terminal-stdin", _)
        | ("wasi:cli/terminal-stdout", _)
        | ("wasi:cli/terminal-stderr", _) => Val::Option(None),
        ("wasi:cli/exit", _) => return Err(HostTrap::Exit.into()),
        ("wasi:cli/stdin", _) => own(store, STDIN)?,
        ("wasi:cli/stdout", _) => own(store, STDOUT)?,
        ("wasi:cli/stderr", _) => own(store, STDERR)?,
        ("wasi:clocks/monotonic-clock", "now") => Val::U64(0),
        ("wasi:clocks/monotonic-clock", "resolution") => Val::U64(1),
        ("wasi:clocks/monotonic-clock", "subscribe-duration" | "subscribe-instant") => own(store, POLLABLE)?,
        ("wasi:clocks/wall-clock", "now" | "resolution") => Val::Record(vec![
            ("seconds".into(), Val::U64(0)),
            ("nanoseconds".into(), Val::U32(u32::from(function == "resolution"))),
        ]),
        ("wasi:random/random" | "wasi:random/insecure", "get-random-bytes" | "get-insecure-random-bytes") => {
            random_bytes(store.data_mut(), params)?
        }
        ("wasi:random/random" | "wasi:random/insecure", _) => Val::U64(random(store.data_mut())),
        ("wasi:random/insecure-seed", _) => {
            Val::Tuple(vec![Val::U64(random(store.data_mut())), Val::U64(random(store.data_mut()))])
        }
        ("wasi:io/poll", "[method]pollable.ready") => Val::Bool(true),
        ("wasi:io/poll", "[method]pollable.block") => return Ok(Answer::Nothing),
        ("wasi:io/poll", "poll") => ready(params),
        ("wasi:io/streams", method) => return stream(store, method, of.unwrap_or(STDOUT), params),
        _ => return Ok(Answer::NotGranted),
    };
    Ok(Answer::Value(value))
}

/// Answers a method of a stream: what is written goes into the log, and there is nothing to read.
fn stream(
    store: &mut StoreContextMut<'_, Call>,
    method: &str,
    stream: u32,
    params: &[Val],
) -> wasmtime::Result<Answer> {
    let closed = || Val::Result(Err(Some(Box::new(Val::Variant("closed".into(), None)))));
    let value = match method {
        "[method]output-stream.check-write" => Val::Result(Ok(Some(Box::new(Val::U64(CHUNK))))),
        "[method]output-stream.write" | "[method]output-stream.blocking-write-and-flush" => {
            if let Some(Val::List(bytes)) = params.get(1) {
                let bytes: Vec<u8> =
                    bytes.iter().map(|byte| if let Val::U8(byte) = byte { *byte } else { b'?' }).collect();
                store.data_mut().log(LogStream::Stream(stream), &String::from_utf8_lossy(&bytes))?;
            }
            Val::Result(Ok(None))
        }
        "[method]output-stream.flush" | "[method]output-stream.blocking-flush" => Val::Result(Ok(None)),
        "[method]output-stream.subscribe" | "[method]input-stream.subscribe" => own(store, POLLABLE)?,
        "[method]input-stream.read"
        | "[method]input-stream.blocking-read"
        | "[method]input-stream.skip"
        | "[method]input-stream.blocking-skip" => closed(),
        _ => return Ok(Answer::NotGranted),
    };
    Ok(Answer::Value(value))
}

fn own(store: &mut StoreContextMut<'_, Call>, kind: u32) -> wasmtime::Result<Val> {
    let resource: ResourceAny = ResourceDynamic::new_own(kind, 0).try_into_resource_any(store)?;
    Ok(Val::Resource(resource))
}

/// Every pollable is ready.
fn ready(params: &[Val]) -> Val {
    let count = if let Some(Val::List(pollables)) = params.first() { pollables.len() } else { 0 };
    Val::List((0..count).map(|index| Val::U32(u32::try_from(index).unwrap_or(u32::MAX))).collect())
}

fn random_bytes(call: &mut Call, params: &[Val]) -> wasmtime::Result<Val> {
    let Some(Val::U64(count)) = params.first() else {
        return Ok(Val::List(Vec::new()));
    };
    if *count > CHUNK {
        return Err(HostTrap::NotGranted(format!("{count} random bytes at once")).into());
    }
    let count = usize::try_from(*count)?;
    call.spend(count)?;
    let bytes = std::iter::repeat_with(|| random(call)).flat_map(u64::to_le_bytes);
    Ok(Val::List(bytes.take(count).map(Val::U8).collect()))
}

/// The next number of a fixed sequence (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
fn random(call: &mut Call) -> u64 {
    call.seed = call.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = call.seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
