//! Components are compiled in processes of their own, so that the system bounds what compiling one takes: each is this
//! program again.

use std::io;
use std::process::{Command, ExitCode};

use spec_engine::wasm::compile_for_parent;

/// The only argument of a process that compiles. It is no option: nobody types it.
const ARGUMENT: &str = "compile-component\u{1}";

/// The program that runs here, even where its file was replaced.
#[cfg(target_os = "linux")]
fn program() -> io::Result<std::path::PathBuf> {
    let running = std::path::Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() }
}

#[cfg(not(target_os = "linux"))]
fn program() -> io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

/// The command of a process that compiles.
pub(crate) fn command() -> io::Result<Command> {
    let mut command = Command::new(program()?);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "spec-engine");
    command.arg(ARGUMENT);
    Ok(command)
}

/// Compiles, where this process was started for it.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    let is_asked = std::env::args_os().nth(1).is_some_and(|argument| argument == ARGUMENT);
    is_asked.then(|| match compile_for_parent(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    })
}
