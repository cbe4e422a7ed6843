//! The command line as a person uses it: the built binary, real files, real exit statuses.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const PAYMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/payments.json");

/// A folder of its own, in which the command runs without the user's configuration.
pub struct Workspace(TempDir);

impl Workspace {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spec-engine"));
        command.current_dir(self.path()).args(arguments).stdin(Stdio::null());
        let folders = [("HOME", "home"), ("XDG_CONFIG_HOME", "home/config"), ("XDG_CACHE_HOME", "home/cache")];
        for (name, folder) in folders.into_iter().chain([("XDG_STATE_HOME", "home/state")]) {
            command.env(name, self.path().join(folder));
        }
        for name in ["SPEC_ENGINE_TRUST", "DOCKER_AUTH_CONFIG", "DOCKER_CONFIG"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> CommandRun {
        CommandRun::of(self.command(arguments).output().unwrap())
    }

    pub fn run_with_stdin(&self, arguments: &[&str], stdin: &[u8]) -> CommandRun {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        CommandRun::of(child.wait_with_output().unwrap())
    }
}

#[derive(Debug)]
pub struct CommandRun {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl CommandRun {
    pub fn of(output: Output) -> Self {
        Self {
            status: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn ends(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text) || self.stderr.contains(text), "`{text}` is not in {self:#?}");
        self
    }
}
