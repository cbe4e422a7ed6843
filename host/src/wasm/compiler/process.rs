//! The other side of the process that compiles: starts it, waits for it no longer than is allowed, and tells why it
//! ended.

use std::io::{self, Read, Write};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::allowance::{Allowance, CompilerCommand};
use super::protocol::{COMPILED, HEAD, REJECTED, Rejection, Request, is_about_memory};
use crate::clock;

/// The most bytes of standard error that are read.
const MOST_SAID: u64 = 64 << 10;

/// Why there is no compiled code.
#[derive(Debug)]
pub(super) enum CompileFailure {
    /// It took too long.
    TooLate,
    /// It made too much.
    TooLarge,
    /// It says why, or its end does.
    Rejected(Rejection),
}

/// Compiles a file in a process of its own, and returns the compiled code: what comes out of the pipe of a process that
/// was started here, from this program, is no one else's.
pub(super) fn compile(
    command: &CompilerCommand,
    wasm: &[u8],
    allowance: &Allowance,
) -> Result<Vec<u8>, CompileFailure> {
    let time = allowance.time.left.saturating_mul(clock::PATIENCE);
    let seconds = allowance.time.left.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX);
    let request = Request { memory: allowance.memory.value, seconds };
    let failed = |error: io::Error| CompileFailure::Rejected(Rejection::Failed { reason: error.to_string() });
    let mut command = command().map_err(failed)?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).env("RUST_BACKTRACE", "0");
    let child = command.spawn().map_err(failed)?;
    let most = (HEAD as u64).saturating_add(allowance.size.value);
    let said = exchange(child, &request, wasm, most, time).map_err(failed)?;
    said.result(most)
}

/// What a process answered, and how it ended.
struct Reply {
    in_time: bool,
    answer: Vec<u8>,
    errors: String,
    status: ExitStatus,
}

/// Hands a process its work, and takes its answer. It is gone when this returns.
fn exchange(mut child: Child, request: &Request, wasm: &[u8], most: u64, time: Duration) -> io::Result<Reply> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (done, finished) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut stdin = stdin?;
            // A process that ends early does not read the rest; how it ended says why.
            request.write(&mut stdin).and_then(|()| stdin.write_all(wasm)).ok()
        });
        let answer = scope.spawn(move || {
            let mut answer = Vec::new();
            let _ = stdout.map(|stdout| stdout.take(most.saturating_add(1)).read_to_end(&mut answer));
            // Nobody listens where the time was over.
            let _ = done.send(());
            answer
        });
        let errors = scope.spawn(move || {
            let mut errors = Vec::new();
            let _ = stderr.map(|stderr| stderr.take(MOST_SAID).read_to_end(&mut errors));
            String::from_utf8_lossy(&errors).into_owned()
        });
        let in_time = finished.recv_timeout(time).is_ok();
        if !in_time {
            child.kill()?;
        }
        let answer = answer.join().unwrap_or_default();
        // An answer that is whole or too long needs no process any more; without one it is about to end.
        if !answer.is_empty() {
            let _ = child.kill();
        }
        let status = child.wait()?;
        Ok(Reply { in_time, answer, errors: errors.join().unwrap_or_default(), status })
    })
}

impl Reply {
    fn result(self, most: u64) -> Result<Vec<u8>, CompileFailure> {
        if !self.in_time || self.ended_by_time() {
            return Err(CompileFailure::TooLate);
        }
        let length = self.answer.get(1..HEAD).and_then(|length| length.try_into().ok()).map(u64::from_le_bytes);
        let tag = self.answer.first().copied();
        if tag == Some(COMPILED) && (HEAD as u64).saturating_add(length.unwrap_or_default()) > most {
            return Err(CompileFailure::TooLarge);
        }
        let is_whole = length == Some((self.answer.len().saturating_sub(HEAD)) as u64);
        match tag.filter(|_| is_whole) {
            Some(COMPILED) => {
                let mut answer = self.answer;
                Ok(answer.split_off(HEAD))
            }
            Some(REJECTED) => {
                let rejection = serde_json::from_slice(&self.answer[HEAD..]);
                let failed = |error: serde_json::Error| Rejection::Failed { reason: error.to_string() };
                Err(CompileFailure::Rejected(rejection.unwrap_or_else(failed)))
            }
            _ => Err(CompileFailure::Rejected(self.failure())),
        }
    }

    /// Why it ended without an answer.
    fn failure(&self) -> Rejection {
        if is_about_memory(&self.errors) || self.ended_by_system() {
            return Rejection::Memory;
        }
        let last = self.errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Rejection::Failed { reason: format!("{} {last}", self.status).trim_end().to_owned() }
    }

    /// Whether the system ended it for the time of a processor that it used.
    #[cfg(unix)]
    fn ended_by_time(&self) -> bool {
        use std::os::unix::process::ExitStatusExt as _;
        self.status.signal() == Some(nix::libc::SIGXCPU)
    }

    #[cfg(not(unix))]
    fn ended_by_time(&self) -> bool {
        false
    }

    /// Whether the system ended it without a reason that it could have told: it does so where memory is short.
    #[cfg(unix)]
    fn ended_by_system(&self) -> bool {
        use std::os::unix::process::ExitStatusExt as _;
        self.status.signal() == Some(nix::libc::SIGKILL)
    }

    #[cfg(not(unix))]
    fn ended_by_system(&self) -> bool {
        false
    }
}
