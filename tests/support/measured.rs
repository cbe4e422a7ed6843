//! The command, within a time, with the memory that it had at its peak.

use std::fs::File;
use std::time::{Duration, Instant};

use crate::support::workspace::Workspace;

/// What a run said and took.
#[derive(Debug)]
pub struct Measured {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// The memory that it had in use at its peak, in MiB.
    pub peak: u64,
}

/// Runs the command, and ends it where it takes longer than `most`.
#[track_caller]
pub fn measured(workspace: &Workspace, arguments: &[&str], most: Duration) -> Measured {
    let outputs = ["out", "err"].map(|name| workspace.path().join("home").join(name));
    std::fs::create_dir_all(workspace.path().join("home")).unwrap();
    let [stdout, stderr] = outputs.each_ref().map(|path| File::create(path).unwrap());
    let start = Instant::now();
    let mut child = workspace.command(arguments).stdout(stdout).stderr(stderr).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        // What wait4 says counts the memory of the process that started it, too.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let high = high.and_then(|high| high.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(high.unwrap_or_default() / 1024);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > most {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{arguments:?} takes longer than {most:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let [stdout, stderr] = outputs.map(|path| String::from_utf8(std::fs::read(path).unwrap()).unwrap());
    let status = status.code().unwrap_or_else(|| panic!("{arguments:?}: {status}\n{stderr}"));
    Measured { status, stdout, stderr, peak }
}
