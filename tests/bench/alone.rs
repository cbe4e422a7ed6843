//! Parts of the benchmark that run in a process of their own, as a user's run is one: what one part leaves behind in the
//! allocator and in the caches does not tell on the next.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use spec_engine::diff::Diff;
use spec_engine::limits::ScriptLimits;
use spec_engine::load::load;
use spec_engine::policy::{Policy, RuleFindings, Scope};
use spec_engine::rules;
use spec_engine::script::Script;
use spec_engine::source::Source;

use super::{command, merging};

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

/// The ten policies of the guide, which look at the graph from every side.
const POLICIES: [(&str, &str); 10] = [
    ("allowed-registry.rhai", include_str!("../../examples/rules/allowed-registry.rhai")),
    ("helm-version.rhai", include_str!("../../examples/rules/helm-version.rhai")),
    ("near-database.rhai", include_str!("../../examples/rules/near-database.rhai")),
    ("no-cross-team-db.rhai", include_str!("../../examples/rules/no-cross-team-db.rhai")),
    ("one-protocol.rhai", include_str!("../../examples/rules/one-protocol.rhai")),
    ("own-bucket.rhai", include_str!("../../examples/rules/own-bucket.rhai")),
    ("plain-http.rhai", include_str!("../../examples/rules/plain-http.rhai")),
    ("popular-service.rhai", include_str!("../../examples/rules/popular-service.rhai")),
    ("public-zone.rhai", include_str!("../../examples/rules/public-zone.rhai")),
    ("terraform-version.rhai", include_str!("../../examples/rules/terraform-version.rhai")),
];

/// What they import.
const SHARED: (&str, &str) = ("_teams.rhai", include_str!("../../examples/rules/_teams.rhai"));

/// The policy about registries, and the images of the synthetic documents.
const REGISTRIES: (&str, &str) = ("acme/allowed-registry", "registry.example.com/**");

/// Runs the part that the arguments of this process name and returns what it measured: nanoseconds, or bytes.
pub fn run(mut arguments: impl Iterator<Item = String>) -> Option<i128> {
    let part = arguments.next()?;
    let arguments: Vec<String> = arguments.collect();
    let time: fn(&str) -> Duration = match part.as_str() {
        "--measure-memory" => return Some(memory(&arguments).into()),
        "--time-value" => time_value,
        "--time-load" => time_load,
        "--time-rules" => time_rules,
        "--time-diff" => time_diff,
        "--time-into" => merging::time_into,
        "--time-drift" => merging::time_drift,
        "--time-scripts" => time_scripts,
        "--time-policies" => time_policies,
        "--time-hops" => time_hops,
        "--time-check" => time_check,
        _ => return None,
    };
    Some(i128::try_from(time(arguments.first().expect("a path")).as_nanos()).expect("less than eons"))
}

/// Times a part in a process of its own.
pub fn time(part: &str, path: &str) -> Duration {
    Duration::from_nanos(measure(&[part, path]))
}

/// Measures the most memory that a run of the command has in use, in bytes. A process of its own does: the system counts
/// what the parent had in use when it started its child, too.
pub fn most_memory(arguments: &[&str]) -> u64 {
    measure(&[&["--measure-memory"], arguments].concat())
}

fn measure(arguments: &[&str]) -> u64 {
    let this = std::env::current_exe().expect("this binary");
    let output = Command::new(this).args(arguments).stderr(Stdio::inherit()).output().expect("this binary runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
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
    let (time, checked) = check_with(&SCRIPTS, &std::fs::read_to_string(path).expect("the document"));
    assert!(checked.failed.is_empty() && checked.findings.is_empty(), "{checked:?}");
    time
}

/// Times the ten policies of the guide on a document that is loaded, from their text.
fn time_policies(path: &str) -> Duration {
    let (time, checked) = check_with(&POLICIES, &with_a_gateway(path));
    assert!(checked.failed.is_empty() && !checked.findings.is_empty(), "{:?}", checked.failed);
    time
}

/// Times "at most three hops from the gateway to a database".
fn time_hops(path: &str) -> Duration {
    let (time, checked) = check_with(&POLICIES[2..3], &with_a_gateway(path));
    assert!(checked.failed.is_empty() && checked.findings.len() > 100, "{checked:?}");
    time
}

/// The document, in which the first service that connects to others is a gateway.
fn with_a_gateway(path: &str) -> String {
    let mut text = std::fs::read_to_string(path).expect("the document");
    let endpoint = |port: &str, protocol: &str| format!("\"port\": {port},\n          \"protocol\": \"{protocol}\"");
    let inside = endpoint("8080", "grpc");
    let connections = text.find("\"connections\"").expect("services have connections");
    let start = text[..connections].rfind(&inside).expect("services have endpoints, and then connections");
    text.replace_range(start..start + inside.len(), &endpoint("443", "https"));
    text
}

/// Checks a document with scripts alone. Its loading is not timed.
fn check_with(scripts: &[(&str, &str)], text: &str) -> (Duration, RuleFindings) {
    let loaded = load(&Source::new("bench.json", text.into()));
    let source = |&(name, text): &(&str, &str)| Arc::new(Source::new(name, text.into()));
    let (scripts, shared) = (scripts.iter().map(source), [source(&SHARED)]);
    let mut policy = Policy::built_in();
    for registered in rules::RULES {
        // What is part of reading is not asked here.
        let _ = policy.set_severity(registered.rule.id, spec_engine::policy::SeveritySetting::Off);
    }
    let start = Instant::now();
    for script in scripts {
        let script = Script::read(script, &shared[..], ScriptLimits::default()).expect("it is a rule");
        assert!(policy.add(Box::new(script)).is_ok(), "each has an id of its own");
    }
    if policy.find(REGISTRIES.0).is_some() {
        policy.set_param(REGISTRIES.0, "allow", &serde_json::json!([REGISTRIES.1])).expect("it has the parameter");
    }
    let checked = policy.check(loaded.system.as_ref(), loaded.findings, Scope::All);
    (start.elapsed(), checked)
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
