//! What the engine costs, as ratios: `cargo bench`. What is compared is measured in turn, round by round, so that a
//! machine whose speed drifts drifts for both sides; the median of the rounds is shown.

#[path = "../support/guest.rs"]
mod guest;
mod synthetic;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use guest::guest_graph;
use spec_engine::diff::Diff;
use spec_engine::graph::select::Selection;
use spec_engine::graph::select::expression::{Expression, Value};
use spec_engine::graph::{Depth, Graph};
use spec_engine::load::load;
use spec_engine::model::System;
use spec_engine::policy::{Policy, Scope};
use spec_engine::render::registry::Registry;
use spec_engine::render::template;
use spec_engine::rules::{self, Rule};
use spec_engine::script::{Limits, Script};
use spec_engine::source::Source;
use spec_engine::wasm::{self, Cache, Host};

/// Ten simple scripted rules that find nothing in the synthetic documents.
const SCRIPTS: [(&str, &str); 10] = [
    ("owned.rhai", include_str!("rules/owned.rhai")),
    ("described.rhai", include_str!("rules/described.rhai")),
    ("our-registry.rhai", include_str!("rules/our-registry.rhai")),
    ("release-tags.rhai", include_str!("rules/release-tags.rhai")),
    ("grpc-inside.rhai", include_str!("rules/grpc-inside.rhai")),
    ("high-ports.rhai", include_str!("rules/high-ports.rhai")),
    ("few-connections.rhai", include_str!("rules/few-connections.rhai")),
    ("own-database.rhai", include_str!("rules/own-database.rhai")),
    ("https-repos.rhai", include_str!("rules/https-repos.rhai")),
    ("main-branch.rhai", include_str!("rules/main-branch.rhai")),
];

/// How often everything is measured.
const ROUNDS: usize = 15;

fn main() {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("--measure-memory") => return println!("{}", memory(&arguments.collect::<Vec<_>>())),
        Some("--time-value") => return println!("{}", time_value(&arguments.next().expect("a path")).as_nanos()),
        Some("--time-load") => return println!("{}", time_load(&arguments.next().expect("a path")).as_nanos()),
        Some("--time-rules") => return println!("{}", time_rules(&arguments.next().expect("a path")).as_nanos()),
        Some("--time-diff") => return println!("{}", time_diff(&arguments.next().expect("two paths")).as_nanos()),
        Some("--time-scripts") => return println!("{}", time_scripts(&arguments.next().expect("a path")).as_nanos()),
        Some("--time-check") => return println!("{}", time_check(&arguments.next().expect("a path")).as_nanos()),
        _ => {}
    }
    let folder = tempfile::tempdir().expect("a folder for the documents");
    let write = |services: usize| {
        let (path, text) = (folder.path().join(format!("{services}.json")), synthetic::document(services));
        std::fs::write(&path, &text).expect("room for a document");
        (path.to_str().expect("a path in UTF-8").to_owned(), text)
    };
    let payments = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/payments.json");
    let (large, large_text) = write(10_000);
    let (huge, huge_text) = write(50_000);

    println!("payments.json, 4 services");
    let text = std::fs::read_to_string(payments).expect("the example");
    let system = checked(&text);
    let mut in_process = Samples::default();
    let mut process = Samples::default();
    (0..ROUNDS).for_each(|_| in_process.add(|| render(&fresh_registry(), &system)));
    (0..ROUNDS).for_each(|_| process.add(|| run(&["render", payments, "--plugin", "d2"])));
    in_process.show("engine, load, instantiate, render through the D2 component", Some((1.0, "ms")));
    process.show("the whole process", Some((5.0, "ms")));
    show_memory("the whole process", &["render", payments, "--plugin", "d2"], 20.0);
    let picture = folder.path().join("payments.svg");
    let picture = picture.to_str().expect("a path in UTF-8");
    let mut drawn = Samples::default();
    (0..ROUNDS).for_each(|_| drawn.add(|| run(&["render", payments, "-o", picture])));
    drawn.show("payments.svg, the whole process", Some((60.0, "ms")));

    println!("\n10,000 services, {:.1} MB", megabytes(large_text.len()));
    let mut value = Samples::default();
    let mut checking = Samples::default();
    let mut whole = Samples::default();
    let mut in_component = Samples::default();
    let mut native = Samples::default();
    let system = checked(&large_text);
    let registry = fresh_registry();
    render(&registry, &system);
    for _ in 0..ROUNDS {
        value.0.push(in_own_process("--time-value", &large));
        checking.0.push(in_own_process("--time-check", &large));
        whole.add(|| run(&["render", &large, "--plugin", "d2"]));
        let graph = Graph::of(&system).view(&spec_engine::graph::ViewOptions::default());
        let d2 = registry.find("d2").and_then(|entry| entry.renderer()).expect("D2 ships");
        let options = serde_json::json!({ "direction": "right", "title": "", "details": false });
        in_component.add(|| d2.render(&graph, &options).expect("it renders"));
        let graph = guest_graph(&graph);
        native.add(|| spec_engine_d2::draw(&graph, &spec_engine_d2::Options::default(), |_| String::new()));
    }
    value.show("serde_json::Value of the same bytes", None);
    checking.show_ratio("load and built-in rules", &value, 1.0);
    whole.show_ratio("the whole D2 render, as a process", &value, 1.6);
    native.show("the D2 renderer, native", None);
    in_component.show_ratio("the D2 renderer, as a component", &native, 3.0);
    show_memory("the whole D2 render", &["render", &large, "--plugin", "d2"], 10.0 * megabytes(large_text.len()));

    let (mut loading, mut rules, mut scripts) = (Samples::default(), Samples::default(), Samples::default());
    let (mut shown, mut not_shown) = (Samples::default(), Samples::default());
    let faulty = folder.path().join("faulty.json");
    let text = large_text.replacen("\"owner\": \"team-", "\"owner\": \"taem-", 1_000);
    std::fs::write(&faulty, text).expect("room for a document");
    let faulty = faulty.to_str().expect("a path in UTF-8");
    let (faults, pretty) = (only("unknown-owner"), ["--max-per-rule", "0"]);
    let none = only("no rule at all");
    for _ in 0..ROUNDS {
        loading.0.push(in_own_process("--time-load", &large));
        rules.0.push(in_own_process("--time-rules", &large));
        scripts.0.push(in_own_process("--time-scripts", &large));
        shown.add(|| run(&[&["validate", faulty][..], &pretty, &as_arguments(&faults)].concat()));
        not_shown.add(|| run(&[&["validate", faulty][..], &pretty, &as_arguments(&none)].concat()));
    }
    let (other, _) = write(9_999);
    let next = folder.path().join("next.json");
    std::fs::write(&next, next_version(&large_text)).expect("room for a document");
    let next = next.to_str().expect("a path in UTF-8");
    let (mut all, mut part) = (Samples::default(), Samples::default());
    let (mut compared, mut unlike) = (Samples::default(), Samples::default());
    let selection = selection();
    for _ in 0..ROUNDS {
        all.add(|| Graph::of(&system));
        part.add(|| Graph::of(&system).select(&selection).expect("the focus is there"));
        compared.0.push(in_own_process("--time-diff", &format!("{large} {next}")));
        unlike.0.push(in_own_process("--time-diff", &format!("{large} {other}")));
    }
    let more = part.median() - all.median();
    println!("  {:<62} {more:>8.2} ms (goal: at most 10 ms)", "a view: an expression and a focus");
    compared.show_ratio("diff of two versions, 300 services changed, with both loads", &loading, 2.5);
    unlike.show("diff of two that have hardly anything in common", None);
    loading.show("load", None);
    rules.show_ratio("every rule of the engine", &loading, 0.5);
    scripts.show("ten scripted rules", Some((600.0, "ms")));
    let more = shown.median() - not_shown.median();
    println!("  {:<62} {more:>8.2} ms (goal: at most 200 ms)", "1,000 findings, shown pretty");

    println!("\n50,000 services, {:.1} MB, against 10,000", megabytes(huge_text.len()));
    let (mut less_checking, mut less_whole) = (Samples::default(), Samples::default());
    let (mut more_checking, mut more_whole) = (Samples::default(), Samples::default());
    let (mut less_rules, mut more_rules) = (Samples::default(), Samples::default());
    let (mut less_scripts, mut more_scripts) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        less_rules.0.push(in_own_process("--time-rules", &large));
        more_rules.0.push(in_own_process("--time-rules", &huge));
        less_scripts.0.push(in_own_process("--time-scripts", &large));
        more_scripts.0.push(in_own_process("--time-scripts", &huge));
        less_checking.0.push(in_own_process("--time-check", &large));
        more_checking.0.push(in_own_process("--time-check", &huge));
        less_whole.add(|| run(&["render", &large, "--plugin", "d2", "--limit", "memory=1G"]));
        more_whole.add(|| run(&["render", &huge, "--plugin", "d2", "--limit", "memory=1G"]));
    }
    more_checking.show_ratio("load and built-in rules", &less_checking, 5.5);
    more_rules.show_ratio("every rule of the engine", &less_rules, 5.5);
    more_scripts.show_ratio("ten scripted rules", &less_scripts, 5.5);
    more_whole.show_ratio("the whole D2 render, as a process", &less_whole, 5.5);

    println!("\nthird-party components, compiled and in the cache");
    let rust = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/dist/mermaid.wasm");
    show_cached("load and instantiate, Rust, 0.2 MB", Path::new(rust), 1.0);
    let javascript = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/plugins/javascript/dist/graphml.wasm");
    if Path::new(javascript).is_file() {
        show_cached("load and instantiate, JavaScript, 12 MB", Path::new(javascript), 5.0);
    } else {
        println!("  JavaScript: not measured, since it is not built (examples/plugins/check.sh builds it)");
    }
    show_list(folder.path(), Path::new(rust));
    show_rules(folder.path(), payments, &large);
    let compose = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/compose/shop.yml");
    let mut imported = Samples::default();
    (0..ROUNDS).for_each(|_| imported.add(|| run(&["import", "compose", compose])));
    imported.show("a compose file of seven services to a document, as a process", None);

    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_spec-engine")).expect("the binary").len();
    println!("\nthe binary: {:.1} MB (goal: at most 25)", binary as f64 / 1e6);
}

/// Times how a component that the cache has is loaded, and instantiated once.
fn show_cached(what: &str, wasm: &Path, goal: f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read = |_| Ok(std::fs::read(wasm).expect("the component"));
    let stamp = wasm::Stamp::of(wasm, &std::fs::metadata(wasm).expect("the component"));
    let load = || {
        let host = Host::new(wasm::Limits::default(), Cache::at(folder.path().join("cache")));
        let wanted = wasm::Wanted { name: "cached", stamp: Some(&stamp), pinned: None, read: &read };
        let start = Instant::now();
        let component = host.load_wanted(&wanted).expect("it loads");
        component.describe().expect("it describes itself");
        (start.elapsed(), component.facts().code)
    };
    load();
    let mut loading = Samples::default();
    for _ in 0..ROUNDS {
        let (time, code) = load();
        assert!(matches!(code, wasm::Code::Cached(_)), "{code:?}");
        loading.0.push(time);
    }
    loading.show(what, Some((goal, "ms")));
}

/// Times `plugins list`, as a process, with fifty components that the cache has, and with none.
fn show_list(folder: &Path, wasm: &Path) {
    let plugins = folder.join("plugins");
    std::fs::create_dir(&plugins).expect("room for a folder");
    let component = std::fs::read(wasm).expect("the component");
    let old = std::time::SystemTime::now() - Duration::from_secs(60);
    for index in 0..50_u8 {
        // A custom section makes each another component.
        let name = [0, 3, 1, b'n', index];
        let path = plugins.join(format!("plugin-{index}.wasm"));
        std::fs::write(&path, [&component[..], &name].concat()).expect("room for a component");
        let file = std::fs::File::options().write(true).open(&path).expect("it was written");
        file.set_modified(old).expect("its time can be set");
    }
    // Only what has not changed for a while is known by its looks.
    std::thread::sleep(Duration::from_secs(3));
    let plugins = plugins.to_str().expect("a path in UTF-8");
    let cache = folder.join("cache");
    let list = |arguments: &[&str]| {
        let listed = command(arguments).env("XDG_CACHE_HOME", &cache).output().expect("it runs");
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    };
    list(&["plugins", "list", "--plugins-dir", plugins]);
    let (mut fifty, mut none) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        fifty.add(|| list(&["plugins", "list", "--plugins-dir", plugins]));
        none.add(|| list(&["plugins", "list"]));
    }
    fifty.show("plugins list with fifty components, as a process", Some((30.0, "ms")));
    none.show("plugins list without them", None);
}

/// Times `validate`, as a process: what two rules of a component take, and what fifty renderers that have none take.
fn show_rules(folder: &Path, small: &str, large: &str) {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/contract/0.1.1/house-rules.wasm");
    let (renderers, cache) = (folder.join("plugins"), folder.join("cache"));
    let renderers = renderers.to_str().expect("a path in UTF-8");
    // That there are findings is no failure.
    let validate = |document: &str, more: [&str; 2]| {
        let arguments = ["validate", document, "--output", "compact", more[0], more[1]];
        let ran = command(&arguments).env("XDG_CACHE_HOME", &cache).output().expect("it runs");
        assert!(ran.status.code() < Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    let nothing = ["--max-per-rule", "100"];
    let (mut with, mut without) = (Samples::default(), Samples::default());
    let (mut fifty, mut none) = (Samples::default(), Samples::default());
    validate(small, ["--rules", rules]);
    for _ in 0..ROUNDS {
        with.add(|| validate(large, ["--rules", rules]));
        without.add(|| validate(large, nothing));
        fifty.add(|| validate(small, ["--plugins-dir", renderers]));
        none.add(|| validate(small, nothing));
    }
    let more = with.median() - without.median();
    println!("  {:<62} {more:>8.2} ms", "two rules of a component on 10,000 services");
    let more = fifty.median() - none.median();
    println!("  {:<62} {more:>8.2} ms", "validate beside fifty renderers that have no rules");
}

/// Returns a document that differs in 300 of its services: other images, other ports.
fn next_version(text: &str) -> String {
    text.replacen("\"tag\": \"", "\"tag\": \"next-", 200).replacen("\"port\": 80", "\"port\": 90", 100)
}

/// Loads and checks a document that is right.
fn checked(text: &str) -> System {
    let source = Source::new("bench.json", text.as_bytes().to_vec());
    let loaded = load(&source);
    let system = loaded.system.expect("it is a document");
    let checked = Policy::built_in().check(Some(&system), loaded.findings, Scope::Format);
    assert!(checked.findings.is_empty(), "it has no errors");
    system
}

/// Makes everything anew that a process makes once.
fn fresh_registry() -> Registry {
    let host = Arc::new(Host::new(wasm::Limits::default(), Cache::none()));
    let mut registry = Registry::default();
    registry.add_shipped(&host, Arc::new(|_| template::Limits::default()));
    registry
}

fn render(registry: &Registry, system: &System) -> Vec<u8> {
    let entry = registry.find("d2").expect("D2 ships");
    let output = registry.render(entry, Graph::of(system), &[]).expect("it renders");
    output.artifacts.into_iter().next().expect("one file").content
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-engine"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn run(arguments: &[&str]) {
    assert!(command(arguments).status().expect("the binary runs").success(), "{arguments:?}");
}

/// Shows the most memory that a run had in use. A process of its own measures it: the system counts what the parent had
/// in use when it started its child, too.
fn show_memory(what: &str, arguments: &[&str], goal: f64) {
    let output = this_binary().arg("--measure-memory").args(arguments).output().expect("this binary runs");
    let used: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number of bytes");
    println!("  {what:<62} {:>8.1} MB (goal: at most {goal:.1})", used / 1e6);
}

/// Runs the command and returns the most memory that it had in use, in bytes, as the system accounts for it.
#[allow(clippy::zombie_processes, reason = "wait4 waits for it, and std cannot say what it used")]
fn memory(arguments: &[String]) -> i64 {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let child = command(&arguments).spawn().expect("the binary runs");
    let id = i32::try_from(child.id()).expect("a process id");
    let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
    // SAFETY: both pointers are to memory of this function, of the types that wait4 fills in; the child is this
    // function's own, and nobody else waits for it.
    let usage = unsafe {
        assert_eq!(libc::wait4(id, &raw mut status, 0, usage.as_mut_ptr()), id);
        usage.assume_init()
    };
    assert_eq!(status, 0, "{arguments:?}");
    usage.ru_maxrss * 1024
}

/// Times what everything is compared with: reading bytes into a `serde_json::Value`.
fn time_value(path: &str) -> Duration {
    let bytes = std::fs::read(path).expect("the document");
    let start = Instant::now();
    let value = black_box(serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON"));
    let time = start.elapsed();
    drop(value);
    time
}

/// Times loading and checking.
fn time_check(path: &str) -> Duration {
    let bytes = std::fs::read(path).expect("the document");
    let start = Instant::now();
    let source = Source::new("bench.json", bytes);
    let loaded = black_box(load(&source));
    let system = loaded.system.as_ref().expect("it is a document");
    black_box(Policy::built_in().check(Some(system), loaded.findings, Scope::All));
    start.elapsed()
}

/// Times loading alone.
fn time_load(path: &str) -> Duration {
    let source = Source::new("bench.json", std::fs::read(path).expect("the document"));
    let start = Instant::now();
    let loaded = black_box(load(&source));
    let time = start.elapsed();
    drop(loaded);
    time
}

/// Times every rule of the engine on a document that is loaded.
fn time_rules(path: &str) -> Duration {
    let loaded = load(&Source::new("bench.json", std::fs::read(path).expect("the document")));
    let policy = Policy::built_in();
    let start = Instant::now();
    let checked = black_box(policy.check(loaded.system.as_ref(), loaded.findings, Scope::All));
    let time = start.elapsed();
    drop(checked);
    time
}

/// Times the scripted rules of `rules/` on a document that is loaded, from their text.
fn time_scripts(path: &str) -> Duration {
    let loaded = load(&Source::new("bench.json", std::fs::read(path).expect("the document")));
    let scripts = SCRIPTS.map(|(name, text)| Arc::new(Source::new(name, text.into())));
    let mut policy = Policy::built_in();
    for registered in rules::RULES {
        // What is part of reading is not asked here.
        let _ = policy.set_severity(registered.rule.id, None);
    }
    let start = Instant::now();
    for script in scripts {
        let script = Script::read(script, &[], Limits::default()).expect("it is a rule");
        assert!(policy.add(Box::new(script)).is_ok(), "each has an id of its own");
    }
    let checked = policy.check(loaded.system.as_ref(), loaded.findings, Scope::All);
    let time = start.elapsed();
    assert!(checked.failed.is_empty() && checked.findings.is_empty(), "{checked:?}");
    time
}

/// Times reading and comparing two documents.
fn time_diff(paths: &str) -> Duration {
    let (old, new) = paths.split_once(' ').expect("two paths without spaces");
    let read = |path: &str| Source::new("bench.json", std::fs::read(path).expect("the document"));
    let sources = [read(old), read(new)];
    let start = Instant::now();
    let [old, new] = std::thread::scope(|scope| {
        let loading = sources.each_ref().map(|source| scope.spawn(|| load(source).system.expect("it is a document")));
        loading.map(|loading| loading.join().expect("it loads"))
    });
    let diff = black_box(Diff::of(&old, &new));
    let time = start.elapsed();
    drop(diff);
    time
}

/// Returns a view that looks at every node and follows edges.
fn selection() -> Selection {
    Selection {
        without: vec![Expression::parse("kind=secret or name=*-7").expect("it is an expression")],
        focus: vec![Value::new("svc-1*").expect("it is a pattern")],
        depth: Depth(3),
        ..Selection::default()
    }
}

/// Returns arguments that turn off every rule that can be, but one.
fn only(id: &str) -> Vec<String> {
    let rules = rules::RULES.iter().filter(|registered| !Rule::is_fixed(registered) && registered.rule.id != id);
    rules.map(|registered| format!("--rule={}=off", registered.rule.id)).collect()
}

fn as_arguments(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Runs a part of this benchmark in a process of its own, as a user's run is one: what one part leaves behind in the
/// allocator and in the caches does not tell on the next.
fn in_own_process(part: &str, path: &str) -> Duration {
    let output = this_binary().args([part, path]).output().expect("this binary runs");
    Duration::from_nanos(String::from_utf8_lossy(&output.stdout).trim().parse().expect("nanoseconds"))
}

fn this_binary() -> Command {
    Command::new(std::env::current_exe().expect("this binary"))
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Times of one thing.
#[derive(Default)]
struct Samples(Vec<Duration>);

impl Samples {
    /// Measures once; what comes out is dropped after the clock has stopped.
    fn add<T>(&mut self, work: impl FnOnce() -> T) {
        let start = Instant::now();
        let result = black_box(work());
        self.0.push(start.elapsed());
        drop(result);
    }

    fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64() * 1e3
    }

    fn show(&self, what: &str, goal: Option<(f64, &str)>) {
        let goal = goal.map(|(goal, unit)| format!(" (goal: at most {goal} {unit})")).unwrap_or_default();
        println!("  {what:<62} {:>8.2} ms{goal}", self.median());
    }

    fn show_ratio(&self, what: &str, base: &Self, goal: f64) {
        let ratio = self.median() / base.median();
        println!("  {what:<62} {:>8.2} ms {ratio:>6.2} x (goal: at most {goal} x)", self.median());
    }
}
