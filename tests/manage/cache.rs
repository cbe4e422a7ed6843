//! The cache of compiled components: what it keeps, what it notices, and eight processes at once.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use super::{D2, MERMAID, sum};
use crate::support::workspace::{PAYMENTS, Workspace};

#[test]
fn the_cache_is_shown_and_cleared() {
    let workspace = Workspace::new();
    workspace.write("m.wasm", MERMAID);
    workspace.run(&["plugins", "cache"]).ends(0).says("0 compiled components");
    let stats = workspace.run(&["render", PAYMENTS, "--plugin", "./m.wasm", "--stats"]).ends(0).stderr;
    assert!(stats.contains("fuel") && stats.contains("MiB of memory") && stats.contains("compiled now"), "{stats}");
    workspace.run(&["render", PAYMENTS, "--plugin", "./m.wasm", "--stats"]).ends(0).says("from the cache");
    workspace.run(&["render", PAYMENTS, "--plugin", "d2", "--stats"]).ends(0).says("compiled ahead of time");
    workspace.run(&["plugins", "cache"]).ends(0).says("1 compiled component,").says(&sum(MERMAID));
    let folder = workspace.path().join("home/cache/spec-engine");
    std::fs::write(folder.join("somebody-elses.txt"), "x").unwrap();
    workspace.run(&["plugins", "cache", "--clear"]).ends(0).says("removed");
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["somebody-elses.txt"]);
    workspace.run(&["render", PAYMENTS, "--plugin", "./m.wasm", "--stats"]).ends(0).says("compiled now");
}

/// A file that changes is another plugin at once, however it is remembered.
#[test]
fn a_file_that_changed_is_compiled_anew() {
    let workspace = Workspace::new();
    workspace.write("m.wasm", MERMAID);
    // Only what has not changed for a while is remembered by its looks.
    let old = std::time::SystemTime::now() - Duration::from_secs(60);
    let age = || {
        std::fs::File::options().write(true).open(workspace.path().join("m.wasm")).unwrap().set_modified(old).unwrap()
    };
    age();
    std::thread::sleep(Duration::from_secs(3));
    let render =
        |said: &str| workspace.run(&["render", PAYMENTS, "--plugin", "./m.wasm", "--stats"]).ends(0).says(said);
    render("compiled now");
    let seen = || {
        let names = std::fs::read_dir(workspace.path().join("home/cache/spec-engine")).unwrap();
        names.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|is| is == "seen")).count()
    };
    assert_eq!(seen(), 1);
    render("from the cache").says("flowchart");
    workspace.write("m.wasm", D2);
    age();
    render("compiled now").says("direction: right");
    workspace.write("m.wasm", MERMAID);
    age();
    render("from the cache").says("flowchart");
}

#[test]
fn first_runs_in_eight_processes_do_no_harm() {
    let workspace = Workspace::new();
    workspace.write("diagram.wasm", MERMAID);
    let render = ["render", PAYMENTS, "--plugin", "./diagram.wasm"];
    let start = |_| workspace.command(&render).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started: Vec<_> = (0..8).map(start).collect();
    let ran: Vec<_> = started.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    assert!(ran.iter().all(|one| one.status.success() && one.stdout == ran[0].stdout), "{ran:?}");
    assert!(ran[0].stdout.starts_with(b"flowchart"));
    workspace.run(&["plugins", "cache"]).ends(0).says("1 compiled component");
    workspace.run(&[&render[..], &["--stats"]].concat()).ends(0).says("from the cache");
}

#[test]
fn damage_to_what_is_remembered_by_its_looks_is_a_miss() {
    let workspace = Workspace::new();
    workspace.write("diagram.wasm", MERMAID);
    let render = ["render", PAYMENTS, "--plugin", "./diagram.wasm", "--stats"];
    // A file that has just been written is not remembered.
    std::thread::sleep(Duration::from_millis(2_600));
    workspace.run(&render).ends(0).says("compiled now");
    workspace.run(&render).ends(0).says("from the cache");
    let entries = || {
        std::fs::read_dir(workspace.path().join("home/cache/spec-engine")).unwrap().map(|entry| entry.unwrap().path())
    };
    let ending = |ending: &str| entries().find(|path| path.extension().is_some_and(|it| it == ending)).unwrap();
    assert!(ending("seen").is_file());
    let compiled = ending("cwasm");
    let (mut bytes, written) = (std::fs::read(&compiled).unwrap(), compiled.metadata().unwrap().modified().unwrap());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    // The same file, size and time of change: only that it was touched can be seen.
    let mut file = std::fs::OpenOptions::new().write(true).open(&compiled).unwrap();
    file.write_all(&bytes).unwrap();
    file.set_modified(written).unwrap();
    drop(file);
    workspace.run(&render).ends(0).says("flowchart LR").says("compiled now");
    workspace.run(&render).ends(0).says("from the cache");
}
