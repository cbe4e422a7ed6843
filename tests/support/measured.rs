//! The command, within a time, with the memory that it had at its peak.

use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use crate::support::workspace::Workspace;

/// What a run said and took.
#[derive(Debug)]
pub struct Measured {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// The memory that it had in use at its peak, in MiB.
    pub peak: i64,
}

/// Runs the command, and ends it where it takes longer than `most`.
#[allow(clippy::zombie_processes, reason = "wait4 waits for it, and std cannot say what it used")]
#[track_caller]
pub fn measured(workspace: &Workspace, arguments: &[&str], most: Duration) -> Measured {
    let outputs = ["out", "err"].map(|name| workspace.path().join("home").join(name));
    std::fs::create_dir_all(workspace.path().join("home")).unwrap();
    let [stdout, stderr] = outputs.each_ref().map(|path| File::create(path).unwrap());
    let start = Instant::now();
    let mut child = workspace.command(arguments).stdout(stdout).stderr(stderr).spawn().unwrap();
    let id = i32::try_from(child.id()).unwrap();
    let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
    // SAFETY: both pointers are to memory of this function, of the types that wait4 fills in; the child is this
    // function's own, and nobody else waits for it.
    while unsafe { libc::wait4(id, &raw mut status, libc::WNOHANG, usage.as_mut_ptr()) } != id {
        if start.elapsed() > most {
            child.kill().unwrap();
            panic!("{arguments:?} takes longer than {most:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // SAFETY: a rusage is numbers, for which every pattern of bits is right.
    let usage = unsafe { usage.assume_init() };
    let status = ExitStatus::from_raw(status);
    let [stdout, stderr] = outputs.map(|path| String::from_utf8(std::fs::read(path).unwrap()).unwrap());
    let status = status.code().unwrap_or_else(|| panic!("{arguments:?}: {status}\n{stderr}"));
    Measured { status, stdout, stderr, peak: usage.ru_maxrss / 1024 }
}
