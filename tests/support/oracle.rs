//! The real readers of what the renderers write, where they are installed.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::graphviz;
use super::reading::Reading;
use super::renderers::Target;

/// Set to `1`, it makes a missing reader a failure.
const REQUIRED: &str = "SPEC_ENGINE_REQUIRE_ORACLES";

/// The longest time that a reader may take over one text. It is there to end a test that hangs, and no limit to reach.
const PATIENCE: Duration = Duration::from_secs(600);

/// Whether a renderer's reader is installed. Where it is not, the test says so and passes, unless readers are
/// required.
pub fn is_installed(target: Target) -> bool {
    static NODE: OnceLock<Result<(), String>> = OnceLock::new();
    static GRAPHVIZ: OnceLock<Result<(), String>> = OnceLock::new();
    let found = match target {
        Target::Dot => GRAPHVIZ.get_or_init(|| look("Graphviz is not installed", graphviz::is_installed())),
        _ => NODE.get_or_init(|| look("the readers are not installed", is_node_installed())),
    };
    match found {
        Ok(()) => true,
        Err(reason) => {
            assert!(std::env::var(REQUIRED).as_deref() != Ok("1"), "{REQUIRED}=1, and {reason}");
            false
        }
    }
}

/// Reads a renderer's text with the real reader.
///
/// # Errors
/// What the reader says is wrong with the text.
pub fn read(target: Target, text: &str) -> Result<Reading, String> {
    if target == Target::Dot {
        return graphviz::read(text);
    }
    ask(&json!({ "oracle": target.name(), "text": text }))
}

/// The versions of Mermaid that draw, the oldest first.
pub const MERMAIDS: [&str; 6] = ["10.9", "11.4", "11.9", "11.12", "11.17", "12.3"];

/// How a site draws labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// As HTML, as Mermaid does of its own accord.
    Html,
    /// As SVG, unless the diagram asks for HTML.
    Svg,
}

/// Reads what a version of Mermaid draws of a text, in a browser.
///
/// # Errors
/// What Mermaid says is wrong with the text, or what else than text stands in a label.
pub fn draw(browser: &Path, version: &str, labels: Labels, text: &str) -> Result<Reading, String> {
    let is_html = labels == Labels::Html;
    ask(&json!({ "oracle": "drawing", "browser": browser, "version": version, "htmlLabels": is_html, "text": text }))
}

fn ask(request: &Value) -> Result<Reading, String> {
    static PROCESS: OnceLock<Mutex<Process>> = OnceLock::new();
    let process = PROCESS.get_or_init(|| Mutex::new(Process::start()));
    process.lock().unwrap_or_else(PoisonError::into_inner).ask(request)
}

/// The program `oracle.mjs`: one for all tests of a binary. It ends with the binary, when its standard input does.
struct Process {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<io::Result<String>>,
}

impl Process {
    fn start() -> Self {
        let mut child = Command::new("node")
            .arg("oracle.mjs")
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let requests = child.stdin.take().expect("standard input is a pipe");
        let output = BufReader::new(child.stdout.take().expect("standard output is a pipe"));
        let (sender, answers) = mpsc::channel();
        std::thread::spawn(move || output.lines().try_for_each(|line| sender.send(line)));
        Self { child, requests, answers }
    }

    fn ask(&mut self, request: &Value) -> Result<Reading, String> {
        writeln!(self.requests, "{request}").expect("the reader takes requests");
        let answer = self.answers.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            // What it would answer later would be taken for the answer to another request.
            let _ = self.child.kill();
            panic!("the reader {} gives no answer: {error}", request["oracle"])
        });
        let answer: Value = serde_json::from_str(&answer.expect("an answer is text")).expect("an answer is JSON");
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(serde_json::from_value(answer).expect("an answer is a reading")),
        }
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles"))
}

fn is_node_installed() -> bool {
    let version = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    folder().join("node_modules").is_dir() && version.is_ok_and(|status| status.success())
}

/// Says plainly what is skipped. The harness hides what a test that passes prints, but not what is written like this.
fn look(reason: &str, is_there: bool) -> Result<(), String> {
    if is_there {
        return Ok(());
    }
    let how = match reason.starts_with("Graphviz") {
        true => "install the package graphviz",
        false => "install with (cd tests/oracles && npm ci)",
    };
    let _ = writeln!(io::stderr(), "skipped: {reason}; {how}");
    Err(format!("{reason}; {how}"))
}
