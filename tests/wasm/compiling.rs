//! What the structure of a file does not bound is bounded by the process that compiles it: the command as a person uses
//! it, with plugins in a project that are hostile, and one that is not.

use std::time::{Duration, Instant};

use spec_engine::wasm::sha256;

use super::bombs::{doubling, loops, plugin};
use super::guest::{Ability, Guest};
use crate::support::workspace::{CommandRun, Workspace};

const DOCUMENT: &str = r#"{"name": "shop", "services": {"api": {"image": {"name": "api"}}}}"#;

/// A project with a good plugin that has a rule, and another plugin.
fn project(bad: &[u8]) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("system.json", DOCUMENT).write(".spec-engine/plugins/bad.wasm", bad);
    workspace.write(".spec-engine/plugins/good.wasm", Guest::with(Ability::HasRules).build());
    workspace
}

/// What a file may have rules by, as far as its bytes tell.
fn with_rules(wasm: Vec<u8>) -> Vec<u8> {
    // A custom section without a name.
    let name = b"spec-engine:plugin/rules@0.1.1";
    let mut wasm = wasm;
    wasm.extend([0, name.len() as u8 + 1, 0]);
    wasm.extend(name);
    wasm
}

/// Asserts that a command ends within a time with a limit of `bad`, and that the other plugin was asked.
#[track_caller]
fn bounded(workspace: &Workspace, limits: &[&str], key: &str) -> CommandRun {
    let start = Instant::now();
    let mut arguments = vec!["validate", "system.json", "--trust"];
    limits.iter().for_each(|limit| arguments.extend(["--limit", limit]));
    let ran = workspace.run(&arguments).ends(2);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    ran.says(&format!("(limit `{key}`)")).says(&format!("bad.{key}=")).says("bad.wasm").says("good/bad-thing")
}

#[test]
fn a_file_that_takes_too_long_to_compile_is_ended() {
    let workspace = project(&with_rules(plugin(&loops(3_000, 9_000))));
    bounded(&workspace, &["bad.compile-time=1s"], "compile-time");
    // Nothing of it was kept, and nothing written.
    let ran = workspace.run(&["plugins", "cache"]).ends(0);
    assert!(!ran.stdout.contains("bad"), "{ran:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_takes_too_much_memory_to_compile_is_ended() {
    let workspace = project(&with_rules(plugin(&loops(3_000, 9_000))));
    bounded(&workspace, &["bad.compile-memory=64M", "bad.compile-time=60s"], "compile-memory");
    let functions = format!("(core module {})", "(func)".repeat(1_000_000));
    let workspace = project(&with_rules(plugin(&functions)));
    bounded(&workspace, &["bad.functions=2M", "bad.compile-memory=256M", "bad.compile-time=60s"], "compile-memory");
}

#[test]
fn code_that_is_too_large_is_not_kept() {
    let workspace = project(&with_rules(Guest::default().build()));
    bounded(&workspace, &["bad.compiled-size=1K"], "compiled-size");
}

#[test]
fn all_components_share_a_time_to_compile() {
    let workspace = project(&with_rules(plugin(&loops(3_000, 9_000))));
    bounded(&workspace, &["bad.all-compile-time=1s"], "all-compile-time");
}

#[test]
fn a_structure_that_explodes_is_refused_by_every_command() {
    let workspace = project(&with_rules(doubling(28)));
    bounded(&workspace, &[], "instances");
    let start = Instant::now();
    workspace
        .run(&["plugins", "list", "--trust"])
        .ends(0)
        .says("more than 1K instances (limit `instances`)")
        .says("good");
    workspace.run(&["rules", "list", "--trust"]).says("good/bad-thing");
    workspace
        .run(&["render", "system.json", "--plugin", "bad", "-o", "out.txt", "--trust"])
        .ends(2)
        .says("--limit bad.instances=2K");
    assert!(!workspace.path().join("out.txt").exists());
    let new = Workspace::new();
    new.write("spec-engine.toml", "").write("bomb.wasm", doubling(28));
    new.run(&["plugins", "add", "bomb.wasm"]).ends(2).says("--limit bomb.instances=2K");
    assert!(
        !new.path().join("spec-engine.lock").exists() && !new.path().join(".spec-engine/plugins/bomb.wasm").exists()
    );
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// What another process compiled is what this one would have compiled: it runs, from the cache, too.
#[test]
fn what_another_process_compiled_runs() {
    let workspace = Workspace::new();
    let guest = Guest { name: "good".into(), ..Guest::default() };
    workspace.write("system.json", DOCUMENT).write("good.wasm", guest.build()).write("core.wasm", guest.module());
    for plugin in ["good.wasm", "core.wasm"] {
        for stats in ["compiled now", "from the cache"] {
            let path = workspace.path().join(plugin).display().to_string();
            let ran = workspace.run(&["render", "system.json", "--plugin", &path, "--stats"]).ends(0).says(stats);
            assert_eq!(ran.stdout, "hello");
        }
    }
    assert_eq!(sha256(&guest.build()).len(), 64);
}

/// What is wrong with a file is said the same way, whichever process found it.
#[test]
fn what_is_wrong_with_a_file_comes_over_from_the_other_process() {
    let workspace = Workspace::new();
    workspace.write("system.json", DOCUMENT);
    // The structure is right, and the types are not.
    let wrong = plugin("(core module (func (result i32)))");
    let old_wasi = Guest {
        imports: r#"(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))"#.into(),
        ..Guest::default()
    };
    for (name, wasm, words) in [
        ("wrong", wrong, "is not a valid component"),
        ("old", old_wasi.module(), "and it imports WASI 0.1"),
        ("plain", wat::parse_str("(module)").unwrap(), "without a description of the component"),
    ] {
        workspace.write(&format!("{name}.wasm"), wasm);
        let path = workspace.path().join(format!("{name}.wasm")).display().to_string();
        workspace.run(&["render", "system.json", "--plugin", &path]).ends(2).says(words);
    }
}
