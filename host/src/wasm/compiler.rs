//! Compiles components: in this process, or in one of its own, whose memory and time the system bounds.
//!
//! The structure of a file is bounded before it is compiled, and what a compiler makes of a permitted structure is not:
//! how much work a function is depends on how its loops, blocks and variables meet. A process can be ended, and takes
//! no other plugin with it.

mod allowance;
mod child;
mod process;
mod protocol;

use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use self::allowance::Allowance;
use self::process::CompileFailure;
use self::protocol::Rejection;
use super::compiled::{self, CompiledCode};
use super::componentize;
use super::contract::{self, Form};
use crate::clock;
use crate::limits::{ComponentLimits, SharedUsage};
use crate::plugin::{ComponentFault, Details, PluginError};

pub use allowance::CompilerCommand;
pub use child::compile_for_parent;

/// Where components are compiled.
#[derive(Default)]
pub(super) enum Compiler {
    /// In this process. Nothing bounds how long it takes, and how much memory, but the structure of the file.
    #[default]
    InProcess,
    /// In a process for each.
    Process(CompilerCommand),
}

/// A compiled component, with its compiled code where that is at hand.
pub(super) struct Code {
    pub compiled: Compiled,
    pub precompiled: Option<Vec<u8>>,
}

impl Compiler {
    /// Compiles a component, or a core module after it was made one. What it takes is added to `spent`.
    ///
    /// # Errors
    /// It is not valid, or takes more than is allowed.
    pub fn compile(
        &self,
        engine: &Engine,
        name: &str,
        form: Form,
        wasm: &[u8],
        limits: &ComponentLimits,
        spent: &SharedUsage,
    ) -> Result<Code, PluginError> {
        let allowance = Allowance::of(limits, spent.time());
        let fails = |fault| PluginError::component(name, fault);
        if allowance.time.left.is_zero() {
            return Err(fails(ComponentFault::Compiling(allowance.time.limit)));
        }
        let Self::Process(command) = self else {
            let start = clock::of_thread();
            let code = in_process(engine, name, form, wasm);
            spent.add_time(clock::of_thread().saturating_sub(start));
            return code;
        };
        let start = clock::of_children();
        let precompiled = process::compile(command, wasm, &allowance);
        spent.add_time(clock::of_children().saturating_sub(start));
        let precompiled = precompiled.map_err(|ended| match ended {
            CompileFailure::TooLate => fails(ComponentFault::Compiling(allowance.time.limit)),
            CompileFailure::TooLarge => fails(ComponentFault::Compiling(allowance.size)),
            CompileFailure::Rejected(rejection) => rejected(name, rejection, &allowance),
        })?;
        let failed = |why: wasmtime::Error| fails(ComponentFault::Compiler(why.root_cause().to_string()));
        let compiled = compiled::deserialize(engine, CompiledCode::Process(&precompiled)).map_err(failed)?;
        Ok(Code { compiled, precompiled: Some(precompiled) })
    }
}

/// The error of a file that another process did not compile.
fn rejected(name: &str, rejection: Rejection, allowance: &Allowance) -> PluginError {
    match rejection {
        Rejection::Invalid { trace } => contract::invalid(name, trace),
        Rejection::Module { fault, trace } => PluginError::Component {
            plugin: name.to_owned(),
            fault: ComponentFault::Module(fault),
            details: Box::new(Details { trace, ..Details::default() }),
        },
        Rejection::Memory => PluginError::component(name, ComponentFault::Compiling(allowance.memory)),
        Rejection::Failed { reason } => PluginError::component(name, ComponentFault::Compiler(reason)),
    }
}

fn in_process(engine: &Engine, name: &str, form: Form, wasm: &[u8]) -> Result<Code, PluginError> {
    let compiled = match form {
        Form::Component => Compiled::from_binary(engine, wasm),
        Form::Module => Compiled::from_binary(engine, &componentize::componentize(name, wasm)?),
    };
    let compiled = compiled.map_err(|why| contract::invalid(name, format!("{why:?}")))?;
    let precompiled = compiled.serialize().ok();
    Ok(Code { compiled, precompiled })
}
