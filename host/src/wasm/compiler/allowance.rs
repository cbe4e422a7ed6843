//! What compiling a component may take.

use std::io;
use std::process::Command;
use std::time::Duration;

use crate::limits::{ComponentLimits, LimitExceeded, TimeLimit};

/// Makes the command of a process that does nothing but to call [`crate::wasm::compile_for_parent`] with its standard
/// input and output. It is this program again: what it writes is run.
pub type CompilerCommand = Box<dyn Fn() -> io::Result<Command> + Send + Sync>;

/// What compiling may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    /// The time.
    pub time: TimeLimit,
    /// The memory.
    pub memory: LimitExceeded,
    /// What comes out.
    pub size: LimitExceeded,
}

impl Allowance {
    /// What limits allow a component, where all components together have compiled for a time.
    pub fn of(limits: &ComponentLimits, spent: Duration) -> Self {
        let all = TimeLimit::new(limits.exceeded("all-compile-time")).after(spent);
        Self {
            time: TimeLimit::new(limits.exceeded("compile-time")).shorter(all),
            memory: limits.exceeded("compile-memory"),
            size: limits.exceeded("compiled-size"),
        }
    }
}
