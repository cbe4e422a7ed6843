//! Runs a page: what it shows as a file is written, what it shows as a command is typed, in their order, in a folder of
//! its own that has the examples. What it shows below a command has to be what the command prints; a line `...` stands
//! for any lines. With SPEC_ENGINE_UPDATE=1 the page is written with what the commands print.

use std::path::Path;
use std::process::{Command, Stdio};

use super::page::{Block, Directive, Page};
use crate::support::workspace::Workspace;

/// Languages whose blocks are neither files nor commands.
const SHOWN: [&str; 2] = ["text", "rust"];

/// Runs a page, and returns what is wrong with it.
pub fn run(page: &mut Page, root: &Path) -> Vec<String> {
    let workspace = Workspace::new();
    copy(&root.join("examples"), &workspace.path().join("examples"));
    let mut wrong = Vec::new();
    let mut told = Vec::new();
    for block in page.blocks() {
        let at = |what: &str| format!("{}:{}: {what}", page.path.display(), block.fence + 1);
        match &block.directive {
            Some(Directive::RunBy(script)) if root.join(script).is_file() => {}
            Some(Directive::RunBy(script)) => wrong.push(at(&format!("there is no {script}"))),
            Some(Directive::File(name)) => {
                let text: String = block.content.iter().map(|line| format!("{line}\n")).collect();
                workspace.write(name, text);
            }
            None | Some(Directive::Exit(_)) if block.language == "console" => {
                let (printed, faults) = type_block(&block, &workspace);
                wrong.extend(faults.iter().map(|fault| at(fault)));
                told.push((block, printed));
            }
            None if SHOWN.contains(&block.language.as_str()) => {}
            // The content is another file, which is held by a test of its own.
            None if block.content.iter().any(|line| line.starts_with("{{#include ")) => {}
            None | Some(Directive::Exit(_)) => {
                wrong.push(at("nothing runs this block: say `<!-- file: NAME -->` above it, or make it console"));
            }
        }
    }
    if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
        update(page, told);
        return Vec::new();
    }
    wrong
}

/// Types the commands of a block. Returns its lines with what was printed, and what is not as it should be.
fn type_block(block: &Block, workspace: &Workspace) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let starts: Vec<usize> = (0..block.content.len()).filter(|&at| block.content[at].starts_with("$ ")).collect();
    if starts.first() != Some(&0) {
        faults.push("a block of console starts with `$ COMMAND`".to_owned());
    }
    for (position, &start) in starts.iter().enumerate() {
        let end = starts.get(position + 1).copied().unwrap_or(block.content.len());
        let command = &block.content[start][2..];
        let (status, printed) = shell(command, workspace);
        let expected = match block.directive {
            Some(Directive::Exit(status)) if position + 1 == starts.len() => status,
            _ => 0,
        };
        if status != Some(expected) {
            faults.push(format!("`{command}` ends with {status:?} and prints\n{}", printed.join("\n")));
        }
        let shown = &block.content[start + 1..end];
        if !shown.is_empty() && !matches(shown, &printed) {
            faults.push(format!("`{command}` prints\n{}", printed.join("\n")));
        }
        lines.push(block.content[start].clone());
        if !shown.is_empty() {
            lines.extend(if matches(shown, &printed) { shown.to_vec() } else { printed });
        }
    }
    (lines, faults)
}

/// Types a line into a shell. Returns its status, and the lines of both streams.
fn shell(line: &str, workspace: &Workspace) -> (Option<i32>, Vec<String>) {
    let binary = Path::new(env!("CARGO_BIN_EXE_spec-engine")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    // What goes to standard error is read in its order.
    command.args(["-c", &format!("exec 2>&1\n{line}")]).current_dir(workspace.path()).stdin(Stdio::null());
    command.env("PATH", path).env_remove("COLUMNS");
    for (name, folder) in [("HOME", "home"), ("XDG_CONFIG_HOME", "home/config"), ("XDG_CACHE_HOME", "home/cache")] {
        command.env(name, workspace.path().join(folder));
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).expect("a page shows text");
    (output.status.code(), text.lines().map(|line| line.trim_end().to_owned()).collect())
}

/// Whether lines are as they are shown.
fn matches(shown: &[String], lines: &[String]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..])),
        Some((first, rest)) => lines.split_first().is_some_and(|(line, lines)| line == first && matches(rest, lines)),
    }
}

/// Writes a page with what its commands printed.
fn update(page: &mut Page, told: Vec<(Block, Vec<String>)>) {
    for (block, printed) in told.into_iter().rev() {
        let first = block.fence + 1;
        page.lines.splice(first..first + block.content.len(), printed);
    }
    std::fs::write(&page.path, page.lines.join("\n") + "\n").unwrap();
}

/// Copies a folder, but not what is built in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_file() {
            std::fs::copy(source, target).unwrap();
        } else if entry.file_name() != "plugins" {
            copy(&source, &target);
        }
    }
}
