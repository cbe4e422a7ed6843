//! The process that compiles: it bounds itself, compiles one component, and ends.

use std::io::{self, Read, Write};

use wasmtime::Engine;

use super::protocol::{COMPILED, REJECTED, Rejection, Request, is_about_memory};
use crate::plugin::{ComponentFault, PluginError};
use crate::wasm::componentize::componentize;
use crate::wasm::config;
use crate::wasm::contract::{self, Form};

/// Compiles one component for the process that started this one: reads it from `input`, and writes to `output` what
/// comes of it. From then on this process has no more memory and time than it was told.
///
/// # Errors
/// The other process is gone, or the system does not let this one bound itself.
pub fn compile_for_parent(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let request = Request::read(&mut input)?;
    request.bound_this_process()?;
    let mut wasm = Vec::new();
    input.read_to_end(&mut wasm)?;
    let (tag, answer) = match precompile(&wasm) {
        Ok(precompiled) => (COMPILED, precompiled),
        Err(rejection) => (REJECTED, serde_json::to_vec(&rejection)?),
    };
    output.write_all(&[tag])?;
    output.write_all(&(answer.len() as u64).to_le_bytes())?;
    output.write_all(&answer)?;
    output.flush()
}

fn precompile(wasm: &[u8]) -> Result<Vec<u8>, Rejection> {
    let engine = Engine::new(&config::config());
    let engine = engine.map_err(|why| Rejection::Failed { reason: why.root_cause().to_string() })?;
    let form = contract::form("", wasm).map_err(|why| Rejection::Invalid { trace: why.to_string() })?;
    let precompiled = match form {
        Form::Component => engine.precompile_component(wasm),
        Form::Module => engine.precompile_component(&componentize("", wasm).map_err(no_component)?),
    };
    precompiled.map_err(|why| {
        let trace = format!("{why:?}");
        if is_about_memory(&trace) { Rejection::Memory } else { Rejection::Invalid { trace } }
    })
}

/// The rejection of a core module of which no component can be made.
fn no_component(error: PluginError) -> Rejection {
    match error {
        PluginError::Component { fault: ComponentFault::Module(fault), details, .. } => {
            Rejection::Module { fault, trace: details.trace }
        }
        other => Rejection::Invalid { trace: other.to_string() },
    }
}
