//! Files that are small and ask for a lot: each is refused before it is compiled, by a limit that the error names; and
//! work that fuel does not count is bounded by time.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use spec_engine::graph::Graph;
use spec_engine::limits::{ComponentLimits, LimitTable as _};
use spec_engine::model::System;
use spec_engine::plugin::{ComponentFault, PluginError};
use spec_engine::policy::{Policy, Scope, SeveritySetting};
use spec_engine::source::Source;
use spec_engine::wasm::{Cache, ComponentRule, Host};

use super::guest::{Ability, Guest};
use crate::support::renderers::draw;

/// Exports of a component that its names make a plugin.
pub const NAMES: &str = r#"(instance $empty)
  (export "spec-engine:plugin/meta@0.1.1" (instance $empty))
  (export "spec-engine:plugin/renderer@0.1.1" (instance $empty))"#;

/// A component with some content, which looks like a plugin.
pub fn plugin(content: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {content} {NAMES})")).expect("it is WebAssembly text")
}

/// Levels of components, each of which instantiates the one before it twice.
pub fn doubling(levels: usize) -> Vec<u8> {
    let mut content = "(component $c0)".to_owned();
    for level in 1..=levels {
        let before = level - 1;
        write!(
            content,
            "(component $c{level} (instance (instantiate $c{before})) (instance (instantiate $c{before})))"
        )
        .unwrap();
    }
    plugin(&format!("{content} (instance (instantiate $c{levels}))"))
}

/// A module whose one function has so many loops, one behind the other, that set each of so many variables.
pub fn loops(loops: usize, locals: usize) -> String {
    let variables = "i32 ".repeat(locals);
    let mut body = String::new();
    for index in 0..loops {
        let (one, other) = (index % locals, (index * 7 + 1) % locals);
        write!(
            body,
            "(loop (local.set {one} (i32.add (local.get {other}) (i32.const 1))) (br_if 0 (local.get {one})))"
        )
        .unwrap();
    }
    format!("(core module (func (export \"f\") (local {variables}) {body}))")
}

/// Asserts that a file is refused for its structure, and by which limit.
#[track_caller]
fn too_large(wasm: &[u8], key: &str) {
    let start = Instant::now();
    let why = Host::new(ComponentLimits::default(), Cache::none()).load("bad", wasm).expect_err("it is refused");
    let PluginError::Component { fault: ComponentFault::TooLarge(exceeded), .. } = &why else { panic!("{why:?}") };
    assert_eq!(exceeded.limit.key, key, "{why}");
    // Nothing was compiled: it took as long as to read the file.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn components_that_double_are_refused_before_they_are_expanded() {
    let wasm = doubling(28);
    assert!(wasm.len() < 5_500, "{}", wasm.len());
    too_large(&wasm, "instances");
    too_large(&doubling(1_000), "instances");
}

#[test]
fn instances_of_components_with_modules_are_counted_in_full() {
    // 500 components of two instances each, and themselves.
    let inner = "(core module $m) (core instance (instantiate $m)) (core instance (instantiate $m))";
    let many = "(instance (instantiate $c))".repeat(500);
    too_large(&plugin(&format!("(component $c {inner}) {many}")), "instances");
}

#[test]
fn what_an_exported_component_is_instantiated_as_is_counted_too() {
    let mut content = "(component $c0)".to_owned();
    for level in 1..=28 {
        let before = level - 1;
        write!(
            content,
            "(export $e{before} \"e{before}\" (component $c{before}))
            (component $c{level} (instance (instantiate $e{before})) (instance (instantiate $e{before})))"
        )
        .unwrap();
    }
    too_large(&plugin(&format!("{content} (instance (instantiate $c28))")), "instances");
}

#[test]
fn components_as_values_are_refused() {
    let passed = "(component $outer (import \"c\" (component $c)) (instance (instantiate $c)))
        (component $inner) (instance (instantiate $outer (with \"c\" (component $inner))))";
    let taken = "(component $outer (component $c) (export \"c\" (component $c)))
        (instance $outer (instantiate $outer)) (alias export $outer \"c\" (component $c)) (instance (instantiate $c))";
    for content in [passed, taken] {
        let why = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &plugin(content)).unwrap_err();
        let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
        assert_eq!(fault, ComponentFault::PassedComponent);
    }
}

#[test]
fn components_inside_each_other_have_a_depth() {
    let deep = |levels: usize| plugin(&format!("{}{}", "(component ".repeat(levels), ")".repeat(levels)));
    too_large(&deep(17), "component-nesting");
    // Nothing is wrong with one less but that the exports are not those of a plugin's.
    let why = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &deep(16)).unwrap_err();
    assert!(!matches!(why, PluginError::Component { fault: ComponentFault::TooLarge(_), .. }), "{why}");
}

#[test]
fn a_million_empty_functions_are_refused() {
    let module = format!("(core module {})", "(func)".repeat(1_000_000));
    too_large(&plugin(&module), "functions");
    // A core module is scanned, too.
    too_large(&wat::parse_str(module.replace("core module", "module")).unwrap(), "functions");
}

#[test]
fn functions_of_instances_are_counted_for_each() {
    let module = format!("(core module $m {})", "(func)".repeat(1_000));
    let instances = "(core instance (instantiate $m))".repeat(300);
    too_large(&plugin(&format!("{module} {instances}")), "functions");
}

#[test]
fn loops_over_many_variables_are_refused() {
    too_large(&plugin(&loops(3_000, 50_000)), "locals");
}

#[test]
fn a_function_of_many_nested_loops_is_refused() {
    let body = format!("{}{}", "loop ".repeat(800_000), "end ".repeat(800_000));
    too_large(&plugin(&format!("(core module (func {body}))")), "function-size");
}

#[test]
fn memories_tables_types_items_and_data_are_counted() {
    too_large(
        &plugin(&format!("(core module $m (memory 0)) {}", "(core instance (instantiate $m))".repeat(101))),
        "memories",
    );
    let tables = "(table 0 funcref)".repeat(90);
    let module = format!("(core module $m {tables}) {}", "(core instance (instantiate $m))".repeat(12));
    too_large(&plugin(&module), "tables");
    too_large(&plugin(&"(type u8)".repeat(100_001)), "types");
    let globals = "(global i32 (i32.const 0))".repeat(500_001);
    too_large(&plugin(&format!("(core module {globals})")), "items");
    let data = format!("(data (memory 0) (i32.const 0) \"{}\")", "x".repeat(1 << 20));
    let copies = "(core instance (instantiate $m (with \"\" (instance $i))))".repeat(257);
    let module = format!(
        "(core module $own (memory (export \"m\") 16)) (core instance $i (instantiate $own))
        (core module $m (import \"\" \"m\" (memory 16)) {data}) {copies}"
    );
    too_large(&plugin(&module), "initial-data");
}

/// wasmparser reads types by recursion: this file would end the process.
#[test]
fn types_inside_each_other_without_end_are_no_component() {
    let mut section = vec![1];
    for _ in 0..200_000 {
        // The type of an instance, with one declaration, which is a type.
        section.extend([0x42, 1, 1]);
    }
    section.extend([0x42, 0]);
    let mut wasm = b"\0asm\x0d\0\x01\0\x07".to_vec();
    let mut length = section.len();
    while length >= 0x80 {
        wasm.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    wasm.push(length as u8);
    wasm.extend(section);
    let why = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &wasm).expect_err("it is refused");
    let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
    assert_eq!(fault, ComponentFault::Invalid);
}

/// Strings between components inside of a component are copied by the engine, which costs no fuel: a call of `describe`
/// that hands 100 MB on, again and again.
fn copies() -> Vec<u8> {
    wat::parse_str(
        r#"(component
  (component $callee
    (core module $m
      (memory (export "memory") 1700)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
      (func (export "take") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (export "take") (param "text" string)
      (canon lift (core func $i "take") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $caller
    (import "take" (func $take (param "text" string)))
    (core module $memory (memory (export "memory") 1700))
    (core instance $memory (instantiate $memory))
    (core func $lowered (canon lower (func $take) (memory (core memory $memory "memory"))))
    (core module $m
      (import "" "take" (func $take (param i32 i32)))
      (func (export "describe") (result i32)
        (loop (call $take (i32.const 0) (i32.const 100000000)) (br 0)) (unreachable)))
    (core instance $i (instantiate $m (with "" (instance (export "take" (func $lowered))))))
    (type $description' (record
      (field "name" string) (field "version" string) (field "summary" string) (field "media-types" (list string))
      (field "file-extension" string) (field "options-schema" string)))
    (export $description "description" (type $description'))
    (func (export "describe") (result $description)
      (canon lift (core func $i "describe") (memory (core memory $memory "memory")))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "take" (func $callee "take"))))
  (instance $meta (export "description" (type $caller "description")) (export "describe" (func $caller "describe")))
  (export "spec-engine:plugin/meta@0.1.1" (instance $meta))
  (instance $renderer (export "render" (func $caller "describe")))
  (export "spec-engine:plugin/renderer@0.1.1" (instance $renderer)))"#,
    )
    .expect("it is WebAssembly text")
}

/// Asserts that a call was ended by a limit, and by which.
#[track_caller]
fn ended_by(why: PluginError, key: &str) {
    let PluginError::Component { fault: ComponentFault::Limit(exceeded), .. } = &why else { panic!("{why:?}") };
    assert_eq!(exceeded.limit.key, key, "{why}");
}

#[test]
fn copies_that_cost_no_fuel_are_bounded_by_time() {
    let start = Instant::now();
    let limits = ComponentLimits { describe_time: 300, ..ComponentLimits::default() };
    let why = Host::new(limits, Cache::none()).load("bad", &copies()).expect_err("it is stopped");
    ended_by(why, "describe-time");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn many_components_have_a_time_to_describe_themselves_together() {
    let limits = ComponentLimits {
        describe_fuel: u64::MAX >> 1,
        describe_time: 500,
        all_compile_time: 400,
        ..ComponentLimits::default()
    };
    let host = Host::new(limits, Cache::none());
    let wasm = Guest { describe: "(loop (br 0)) (unreachable)".into(), ..Guest::default() }.build();
    ended_by(host.load("first", &wasm).expect_err("it is stopped"), "describe-time");
    let why = host.load("second", &wasm).expect_err("nothing is left for it");
    let PluginError::Component { fault: ComponentFault::Compiling(exceeded), .. } = &why else { panic!("{why:?}") };
    assert_eq!(exceeded.limit.key, "all-compile-time", "{why}");
}

/// What a component hands out by number is in a table of the engine's.
#[test]
fn resources_are_bounded() {
    let wasm = wat::parse_str(
        r#"(component
  (component $guest
    (type $resource (resource (rep i32)))
    (core func $new (canon resource.new $resource))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "describe") (result i32) (loop (drop (call $new (i32.const 1))) (br 0)) (unreachable)))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (type $description' (record
      (field "name" string) (field "version" string) (field "summary" string) (field "media-types" (list string))
      (field "file-extension" string) (field "options-schema" string)))
    (export $description "description" (type $description'))
    (func (export "describe") (result $description)
      (canon lift (core func $i "describe") (memory (core memory $i "memory")))))
  (instance $guest (instantiate $guest))
  (instance $meta (export "description" (type $guest "description")) (export "describe" (func $guest "describe")))
  (export "spec-engine:plugin/meta@0.1.1" (instance $meta))
  (instance $renderer (export "render" (func $guest "describe")))
  (export "spec-engine:plugin/renderer@0.1.1" (instance $renderer)))"#,
    )
    .expect("it is WebAssembly text");
    let why = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &wasm).expect_err("it is stopped");
    let PluginError::Component { fault: ComponentFault::Trap(words), .. } = &why else { panic!("{why:?}") };
    assert!(words.contains("handle limit"), "{words}");
}

#[test]
fn a_call_has_a_time_beside_its_fuel() {
    let mut limits = ComponentLimits { time: 200, ..ComponentLimits::default() };
    limits.set("fuel", "1000000G").unwrap();
    let component =
        Host::new(limits, Cache::none()).load("bad", &Guest::rendering("(loop (br 0)) (unreachable)").build());
    let system = System::default();
    let why = draw(&component.unwrap(), &Graph::of(&system), &json!({})).expect_err("it is stopped");
    assert_eq!(why.to_string(), "the plugin `bad` was stopped: it used more than 200ms (limit `time`)");
    ended_by(why, "time");
}

#[test]
fn fuel_answers_before_time() {
    let limits = ComponentLimits { fuel: 10_000_000, ..ComponentLimits::default() };
    let component =
        Host::new(limits, Cache::none()).load("bad", &Guest::rendering("(loop (br 0)) (unreachable)").build());
    let system = System::default();
    ended_by(draw(&component.unwrap(), &Graph::of(&system), &json!({})).expect_err("it is stopped"), "fuel");
}

/// Checks a document with the rule of a component, several times in one run, and returns the message of each failure.
fn failures(guest: &Guest, limits: ComponentLimits, times: usize) -> Vec<String> {
    let component = Host::new(limits, Cache::none()).load("bad", &guest.build()).expect("it loads");
    let mut policy = Policy::built_in();
    let engine: Vec<String> = policy.rules().map(|configured| configured.rule.id().to_owned()).collect();
    for id in engine {
        let _ = policy.set_severity(&id, SeveritySetting::Off);
    }
    for rule in ComponentRule::all(&component, &Arc::new(Source::new("bad.wasm", Vec::new()))) {
        assert!(policy.add(Box::new(rule)).is_ok());
    }
    let system = System::default();
    let check = || policy.check(Some(&system), Vec::new(), Scope::All).failed;
    let messages = (0..times).flat_map(|_| check()).map(|failed| failed.finding.message).collect();
    policy.rules().for_each(|configured| configured.rule.begin_run());
    messages
}

#[test]
fn all_rules_of_a_component_share_a_time() {
    let endless = Guest { render: "(loop (br 0)) (unreachable)".into(), ..Guest::with(Ability::HasRules) };
    for (limits, words) in [
        (
            ComponentLimits { rules_time: 200, ..ComponentLimits::default() },
            "for all of its rules together (limit `rules-time`)",
        ),
        (
            ComponentLimits { all_rules_time: 200, ..ComponentLimits::default() },
            "for the rules of all components together (limit `all-rules-time`)",
        ),
    ] {
        let start = Instant::now();
        let limits = ComponentLimits { fuel: u64::MAX >> 1, ..limits };
        let messages = failures(&endless, limits, 3);
        assert_eq!(messages.len(), 3);
        assert!(messages.iter().all(|message| message.contains(words)), "{messages:?}");
        // The first took all of the time: the others did not begin.
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}

#[test]
fn all_findings_of_a_component_share_a_size() {
    let many = Guest { artifacts: 100, ..Guest::with(Ability::HasRules) };
    assert_eq!(failures(&many, ComponentLimits::default(), 3), Vec::<String>::new());
    let tight = ComponentLimits { findings_bytes: 50_000, ..ComponentLimits::default() };
    let messages = failures(&many, tight, 3);
    assert!(!messages.is_empty() && messages.len() < 3, "the first findings are within it: {messages:?}");
    assert!(messages[0].contains("(limit `findings-bytes`)"), "{messages:?}");
    let tight = ComponentLimits { all_findings_bytes: 1_000, ..ComponentLimits::default() };
    assert!(failures(&many, tight, 1)[0].contains("(limit `all-findings-bytes`)"));
}

#[test]
fn instances_of_a_call_are_bounded_where_a_limit_was_lowered_since() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("components"));
    // What it imports needs its memory, so that it has instances beside its own.
    let wasm = Guest { imports: super::LOG.into(), ..Guest::default() }.build();
    assert!(Host::new(ComponentLimits::default(), cache.clone()).load("bad", &wasm).is_ok());
    for (limits, key) in [
        (ComponentLimits { instances: 1, ..ComponentLimits::default() }, "instances"),
        (ComponentLimits { memory: 1, ..ComponentLimits::default() }, "memory"),
    ] {
        let component = Host::new(limits, cache.clone()).load("bad", &wasm).expect("it is in the cache");
        let system = System::default();
        ended_by(draw(&component, &Graph::of(&system), &json!({})).expect_err("it is stopped"), key);
    }
}

/// A name of C++ in which each template names the one before it twice: demangled, it is longer than memory.
#[test]
fn a_name_that_explodes_is_shown_as_it_is() {
    let mut name = "_Z1fISt4pairIiiE".to_owned();
    for index in 1..31 {
        // `S0_` stands for `std::pair`, `S1_` for the first pair, each digit in base 36 for the pair before.
        let before = std::char::from_digit(index, 36).expect("a digit").to_ascii_uppercase();
        write!(name, "S0_IS{before}_S{before}_E").unwrap();
    }
    name.push_str("EvT_");
    let guest = Guest {
        imports: format!("(func ${name} (unreachable))"),
        ..Guest::rendering(&format!("(call ${name}) (unreachable)"))
    };
    let start = Instant::now();
    let component = Host::new(ComponentLimits::default(), Cache::none()).load("bad", &guest.build()).unwrap();
    let system = System::default();
    let why = draw(&component, &Graph::of(&system), &json!({})).expect_err("it panics");
    let PluginError::Component { fault: ComponentFault::Panic, details, .. } = why else { panic!("{why:?}") };
    assert!(details.trace.contains("!_Z1fISt4pairIiiE") && details.trace.len() < 5_000, "{}", details.trace);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
