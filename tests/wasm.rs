//! The component host against guests that behave, and guests that do not.

mod abilities;
mod bombs;
mod changes;
mod compiling;
pub mod guest;
mod mutations;
mod questions;
mod streams;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::renderers::draw;
use guest::Guest;
use serde_json::json;
use spec_engine::graph::Graph;
use spec_engine::limits::ComponentLimits;
use spec_engine::model::System;
use spec_engine::plugin::{ComponentFault, ModuleFault, PathFault, PluginError};
use spec_engine::render::{Output, Renderer as _};
use spec_engine::wasm::{Cache, Host};

fn limits() -> ComponentLimits {
    // Small, so that a debug build gets there soon.
    ComponentLimits { fuel: 100_000_000, import_fuel: 100_000_000, ..ComponentLimits::default() }
}

fn load(wasm: &[u8]) -> Result<spec_engine::wasm::Component, PluginError> {
    Host::new(limits(), Cache::none()).load("bad", wasm)
}

fn render(guest: &Guest) -> Result<Output, PluginError> {
    let component = load(&guest.build()).expect("it loads");
    let system = System::default();
    draw(&component, &Graph::of(&system), &json!({}))
}

/// Asserts that a guest is stopped with a message. Returns the fault.
#[track_caller]
fn stopped(guest: &Guest, message: &str) -> ComponentFault {
    let why = render(guest).expect_err("it is stopped");
    assert!(why.to_string().starts_with("the plugin `bad` "), "{why}");
    assert!(why.to_string().contains(message), "{why}");
    let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
    fault
}

/// Asserts that a call exceeds a limit, and which value it is to be raised to.
#[track_caller]
fn exceeds(fault: ComponentFault, key: &str, raised: &str) {
    let ComponentFault::Limit(exceeded) = fault else { panic!("{fault:?}") };
    assert_eq!((exceeded.limit.key, exceeded.raised().as_deref()), (key, Some(raised)));
}

/// Asserts that a file is refused with a message.
#[track_caller]
fn refused(wasm: &[u8], message: &str) {
    let why = load(wasm).expect_err("it is refused");
    assert!(why.to_string().starts_with("the plugin `bad` ") && why.to_string().contains(message), "{why}");
}

#[test]
fn a_good_guest_makes_an_artifact() {
    let output = render(&Guest::default()).expect("it renders");
    assert_eq!(output.artifacts.len(), 1);
    assert_eq!(
        (output.artifacts[0].path.as_str(), output.artifacts[0].content.as_slice()),
        ("good.txt", &b"hello"[..])
    );
}

#[test]
fn a_loop_without_end_runs_out_of_fuel() {
    let fault = stopped(&Guest::rendering("(loop (br 0)) (unreachable)"), "more than 100M instructions");
    exceeds(fault, "fuel", "200M");
}

#[test]
fn memory_without_end_is_named_although_the_guest_traps_by_itself() {
    let body = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1000)) (i32.const -1)))) (unreachable)";
    exceeds(stopped(&Guest::rendering(body), "more than 256M of memory"), "memory", "512M");
}

#[test]
fn memory_that_fills_slowly_is_stopped_too() {
    let body = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (unreachable)";
    exceeds(stopped(&Guest::rendering(body), "more than 256M of memory"), "memory", "512M");
}

#[test]
fn a_text_of_two_gigabytes_is_no_answer() {
    stopped(&Guest { length: (2 << 30) - 1, ..Guest::default() }, "was stopped");
}

#[test]
fn a_recursion_without_end_overflows_the_stack_of_the_guest_only() {
    let fault = stopped(&Guest::rendering("(i32.add (i32.const 1) (call $render (local.get 0)))"), "1024K of stack");
    assert_eq!(fault, ComponentFault::StackOverflow(1024));
}

const LOG: &str = r#"(import "spec-engine:plugin/host@0.1.3" "log" (func $log (param i32 i32 i32)))"#;

#[test]
fn a_panic_comes_with_what_was_said_and_where() {
    let body = "(call $log (i32.const 0) (i32.const 0x5000) (i32.const 5)) (unreachable)";
    let why = render(&Guest { imports: LOG.into(), ..Guest::rendering(body) }).expect_err("it panics");
    let PluginError::Component { fault, details, .. } = &why else { panic!("{why:?}") };
    assert_eq!(*fault, ComponentFault::Panic);
    assert!(details.log == "error: hello\n" && details.trace.contains("wasm backtrace"), "{details:?}");
    let details = why.details().expect("there are details");
    assert!(details.contains("error: hello") && details.contains("wasm backtrace"), "{details}");
}

#[test]
fn a_log_without_end_is_stopped() {
    let body = "(loop (call $log (i32.const 0) (i32.const 0x5000) (i32.const 5)) (br 0)) (unreachable)";
    let guest = Guest { imports: LOG.into(), ..Guest::rendering(body) };
    let component = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &guest.build()).unwrap();
    let system = System::default();
    let why = draw(&component, &Graph::of(&system), &json!({})).expect_err("it is stopped");
    assert!(why.to_string().contains("more than 1M of log"), "{why}");
    let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
    exceeds(fault, "log", "2M");
}

#[test]
fn artifacts_are_bounded_in_number_and_in_bytes() {
    let many = Guest { artifacts: 100_000, ..Guest::default() };
    exceeds(stopped(&many, "more than 1K artifacts"), "artifacts", "2K");
    let large = Guest { artifacts: 40, length: 4 << 20, ..Guest::default() };
    exceeds(stopped(&large, "more than 128M of artifacts"), "artifact-bytes", "256M");
}

#[test]
fn a_path_stays_inside_the_output_folder() {
    for (path, fault) in [
        ("../x", PathFault::DotSegment),
        ("a/../../x", PathFault::DotSegment),
        ("./x", PathFault::DotSegment),
        ("/etc/passwd", PathFault::Absolute),
        ("c:/x", PathFault::Reserved),
        ("con", PathFault::Device),
        ("a/NUL.txt", PathFault::Device),
        ("com1.d2", PathFault::Device),
        ("a//b", PathFault::EmptySegment),
        ("", PathFault::Empty),
        ("a\\00b", PathFault::ControlCharacter),
        ("a\\5cb", PathFault::Backslash),
        ("a.", PathFault::TrailingDot),
    ] {
        let found = stopped(&Guest { path: path.into(), ..Guest::default() }, "is refused");
        assert!(matches!(found, ComponentFault::ArtifactPath { fault: found, .. } if found == fault), "{path}");
    }
}

#[test]
fn two_artifacts_of_one_name_are_refused() {
    let found = stopped(&Guest { artifacts: 2, ..Guest::default() }, "another artifact has this path");
    assert!(matches!(found, ComponentFault::ArtifactPath { fault: PathFault::Duplicate, .. }));
}

#[test]
fn a_description_is_checked() {
    refused(&Guest { schema: "{".into(), ..Guest::default() }.build(), "invalid options schema");
    refused(&Guest { schema: "[]".into(), ..Guest::default() }.build(), "its type is not `object`");
    let hidden = r#"{"type": "object", "properties": {"x": {"type": "string", "description": "\u001b[2J"}}}"#;
    refused(&Guest { schema: hidden.replace('\\', "\\5c"), ..Guest::default() }.build(), "control characters");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    refused(&Guest { schema: deep[..4_000].to_owned(), ..Guest::default() }.build(), "invalid options schema");
    refused(&Guest { name: "Bad Name".into(), ..Guest::default() }.build(), "kebab-case");
}

/// Each question is asked of a fresh instance, which has neither a clock nor entropy: it cannot know how often it was asked.
#[test]
fn a_guest_that_counts_has_the_same_name_each_time() {
    let count = "(i32.store8 (i32.const 0x1000) (i32.add (i32.load8_u (i32.const 0x1000)) (i32.const 1)))";
    let guest = Guest { describe: format!("{count} (i32.const 0x100)"), ..Guest::default() };
    let component = load(&guest.build()).expect("it loads");
    assert_eq!(component.description().name, "hood");
    assert_eq!(component.describe().unwrap().name, "hood");
    refused(&Guest { describe: "(unreachable)".into(), ..Guest::default() }.build(), "it panicked");
    refused(&Guest { describe: "(loop (br 0)) (unreachable)".into(), ..Guest::default() }.build(), "describe-fuel");
}

#[test]
fn what_is_no_component_is_refused() {
    refused(b"", "empty file");
    refused(b"(component)", "not a WebAssembly component");
    refused(b"\0asm\x0d", "truncated");
    refused(b"\0asm\x01\0\0\0", "core WebAssembly module");
    refused(b"\0asm\x0d\0\x01\0", "exports nothing");
    let good = Guest::default().build();
    refused(&good[..good.len() / 2], "truncated");
    refused(
        &Guest { version: "0.9.0", ..Guest::default() }.build(),
        "needs spec-engine:plugin@0.9.0, this host has 0.1.3",
    );
    let foreign = Guest {
        wasi: ("package other:things@1.0.0; interface thing { f: func(); }", "import other:things/thing@1.0.0;"),
        imports: r#"(import "other:things/thing@1.0.0" "f" (func $f))"#.into(),
        ..Guest::default()
    };
    refused(&foreign.build(), "imports `other:things/thing@1.0.0`");
}

#[test]
fn a_core_module_of_wit_bindgen_is_a_component() {
    let component = load(&Guest::default().module()).expect("it is made one");
    let system = System::default();
    let output = draw(&component, &Graph::of(&system), &json!({})).unwrap();
    assert_eq!(output.artifacts[0].content, b"hello");
    refused(&wat::parse_str("(module)").unwrap(), "without a description of the component");
    let of_wasi = Guest {
        imports: r#"(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))"#.into(),
        ..Guest::default()
    };
    let why = load(&of_wasi.module()).expect_err("it asks for WASI 0.1");
    let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
    assert_eq!(fault, ComponentFault::Module(ModuleFault::OldWasi));
}

#[test]
fn archives_are_named() {
    refused(b"PK\x03\x04\x14\0\0\0\x08\0", "is a zip archive");
    refused(&[0x1f, 0x8b, 8, 0, 0], "is a gzip archive");
}

/// The guest of tests/fixtures/contract/0.1.0 is never built again: it shows that older guests run.
#[test]
fn a_guest_of_the_first_contract_runs() {
    let wasm = include_bytes!("fixtures/contract/0.1.0/mermaid.wasm");
    let component = load(wasm).expect("it loads");
    assert_eq!((component.description().name.as_str(), component.info().contract.as_str()), ("mermaid", "0.1.0"));
    let system: System = serde_json::from_value(json!({
        "name": "shop",
        "services": { "api": { "connections": { "web": { "port": 80, "protocol": "http" } } }, "web": {} }
    }))
    .unwrap();
    let options = defaults(&component.description().options);
    let output = draw(&component, &Graph::of(&system), &options).unwrap();
    let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    assert!(text.starts_with("flowchart LR\n") && text.contains("|\"http#58;80\"|"), "{text}");
}

#[test]
fn a_guest_of_the_first_contract_with_rules_runs() {
    let component = load(include_bytes!("fixtures/contract/0.1.1/house-rules.wasm")).expect("it loads");
    assert_eq!((component.info().contract.as_str(), component.abilities().words()), ("0.1.1", vec!["rules"]));
}

#[test]
fn a_guest_of_a_newer_contract_is_told_so() {
    let newer = |version| Guest { version, ..Guest::default() }.build();
    for version in ["0.1.4", "0.2.0", "1.0.0", "0.1.3-rc.1"] {
        refused(&newer(version), &format!("needs spec-engine:plugin@{version}, this host has 0.1.3"));
    }
    assert!(load(&newer("0.1.0")).is_ok());
}

#[test]
fn a_component_that_is_too_large_is_refused() {
    let host = Host::new(ComponentLimits { component_size: 1024, ..limits() }, Cache::none());
    let why = host.load("bad", &[0; 1025]).expect_err("it is refused");
    assert!(why.to_string().contains("more than 1K in its file"), "{why}");
    let PluginError::Component { fault: ComponentFault::TooLarge(exceeded), .. } = why else { panic!("{why:?}") };
    assert_eq!((exceeded.limit.key, exceeded.raised().as_deref()), ("component-size", Some("2K")));
}

#[test]
fn wasi_answers_what_a_runtime_needs_to_start() {
    let guest = Guest {
        wasi: (
            "package wasi:random@0.2.9; interface random { get-random-u64: func() -> u64; }",
            "import wasi:random/random@0.2.9;",
        ),
        imports: r#"(import "wasi:random/random@0.2.9" "get-random-u64" (func $random (result i64)))"#.into(),
        ..Guest::rendering("(i64.store (i32.const 0x5000) (call $random)) (i32.const 0x200)")
    };
    // The first number of SplitMix64 with seed 0 is e220a8397b1dcdaf: not UTF-8, so the guest's text is refused.
    let why = render(&guest).expect_err("the text is not UTF-8");
    assert!(why.to_string().contains("utf-8"), "{why}");
}

#[test]
fn the_clock_of_wasi_stands_still_and_exit_ends_the_call() {
    let clock = "package wasi:clocks@0.2.0; interface monotonic-clock { now: func() -> u64; }";
    let guest = Guest {
        wasi: (clock, "import wasi:clocks/monotonic-clock@0.2.0;"),
        imports: r#"(import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))"#.into(),
        ..Guest::rendering("(if (i64.ne (call $now) (i64.const 0)) (then unreachable)) (i32.const 0x200)")
    };
    render(&guest).expect("the clock says 0");
    let guest = Guest {
        wasi: ("package wasi:cli@0.2.3; interface exit { exit: func(status: result); }", "import wasi:cli/exit@0.2.3;"),
        imports: r#"(import "wasi:cli/exit@0.2.3" "exit" (func $exit (param i32)))"#.into(),
        ..Guest::rendering("(call $exit (i32.const 0)) (unreachable)")
    };
    assert_eq!(stopped(&guest, "it called exit"), ComponentFault::Exit);
}

#[test]
fn wasi_grants_no_files() {
    let guest = Guest {
        wasi: (
            "package wasi:filesystem@0.2.3; interface types { resource descriptor { sync: func(); } }",
            "import wasi:filesystem/types@0.2.3;",
        ),
        imports: r#"(import "wasi:filesystem/types@0.2.3" "[method]descriptor.sync" (func $sync (param i32)))
  (import "wasi:filesystem/types@0.2.3" "[resource-drop]descriptor" (func (param i32)))"#
            .into(),
        ..Guest::rendering("(call $sync (i32.const 1)) (unreachable)")
    };
    // It has no descriptor to ask with: there is no way to get one.
    assert!(matches!(stopped(&guest, "handle index"), ComponentFault::Trap(_)));
    let guest = Guest {
        wasi: (
            "package wasi:sockets@0.2.3; interface network { open: func() -> u32; }",
            "import wasi:sockets/network@0.2.3;",
        ),
        imports: r#"(import "wasi:sockets/network@0.2.3" "open" (func $open (result i32)))"#.into(),
        ..Guest::rendering("(call $open)")
    };
    let fault = stopped(&guest, "asked for wasi:sockets/network@0.2.3#open: not granted");
    assert!(matches!(fault, ComponentFault::NotGranted(_)));
}

#[test]
fn wasi_grants_no_http() {
    let guest = Guest {
        wasi: (
            "package wasi:http@0.2.3; interface outgoing-handler { handle: func(url: string) -> u32; }",
            "import wasi:http/outgoing-handler@0.2.3;",
        ),
        imports: r#"(import "wasi:http/outgoing-handler@0.2.3" "handle" (func $handle (param i32 i32) (result i32)))"#
            .into(),
        ..Guest::rendering("(call $handle (i32.const 0x5000) (i32.const 5))")
    };
    let fault = stopped(&guest, "asked for wasi:http/outgoing-handler@0.2.3#handle: not granted");
    assert!(matches!(fault, ComponentFault::NotGranted(_)));
}

/// Loads a good guest with a cache, and says how often it was compiled.
fn compiled(cache: &Cache, count: usize) -> usize {
    let wasm = Guest::default().build();
    let compilations = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                let compilations = compilations.clone();
                let host = Host::new(limits(), cache.clone()).on_compile(Box::new(move |_| {
                    compilations.fetch_add(1, Ordering::Relaxed);
                    Box::new(())
                }));
                let component = host.load("good", &wasm).expect("it loads");
                let system = System::default();
                assert_eq!(draw(&component, &Graph::of(&system), &json!({})).unwrap().artifacts.len(), 1);
            });
        }
    });
    compilations.load(Ordering::Relaxed)
}

fn files(folder: &std::path::Path, ending: &str) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == ending)).collect()
}

#[test]
fn the_cache_compiles_once_and_damage_is_a_miss() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("components"));
    assert_eq!(compiled(&cache, 1), 1);
    assert_eq!(compiled(&cache, 1), 0);
    for ending in ["cwasm", "json"] {
        let [entry] = &files(&folder.path().join("components"), ending)[..] else { panic!("there is one entry") };
        let mut bytes = std::fs::read(entry).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::remove_file(entry).unwrap();
        std::fs::write(entry, &bytes).unwrap();
        assert_eq!(compiled(&cache, 1), 1, "a damaged {ending} is a miss");
        std::fs::write(entry, b"").unwrap();
        assert_eq!(compiled(&cache, 1), 1, "an empty {ending} is a miss");
        assert_eq!(compiled(&cache, 1), 0, "and is replaced");
    }
}

#[test]
fn first_runs_at_the_same_time_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("components"));
    assert!(compiled(&cache, 8) >= 1);
    assert_eq!(compiled(&cache, 1), 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_used_only_costs_time() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let mut places = vec![open, file.join("below"), "/proc/nowhere".into()];
    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::set_permissions(&foreign, std::fs::Permissions::from_mode(0o700)).unwrap();
    // Only the administrator can give a folder away; nobody else could use it then, whoever looked at its owner.
    if std::os::unix::fs::chown(&foreign, Some(12_345), None).is_ok() {
        places.push(foreign);
    }
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    places.push(link);
    for place in places {
        let cache = Cache::at(place);
        assert_eq!((compiled(&cache, 1), compiled(&cache, 1)), (1, 1));
    }
}

#[test]
fn what_ships_renders_the_same_as_its_wasm() {
    let host = Host::new(ComponentLimits::default(), Cache::none());
    let system: System =
        serde_json::from_value(json!({ "name": "shop", "services": { "api": {}, "web": {} } })).unwrap();
    let graph = Graph::of(&system);
    for shipped in spec_engine::wasm::SHIPPED {
        let ahead = host.load_shipped(shipped).expect("it loads");
        assert_eq!(ahead.description().name, shipped.name);
        if !ahead.abilities().renders {
            continue;
        }
        let options = defaults(&ahead.description().options);
        let output = draw(&ahead, &graph, &options).expect("it renders");
        let wasm = std::fs::read(format!("plugins/dist/{}.wasm", shipped.name)).expect("it is in the repository");
        assert_eq!(output, draw(&host.load(shipped.name, &wasm).unwrap(), &graph, &options).unwrap());
        assert_eq!(output.artifacts.len(), 1);
    }
}

fn defaults(schema: &serde_json::Value) -> serde_json::Value {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.filter_map(|(key, option)| Some((key.clone(), option.get("default")?.clone()))).collect()
}
