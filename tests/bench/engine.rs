//! What the engine costs, as ratios: `cargo bench`. What is compared is measured in turn, round by round, so that a
//! machine whose speed drifts drifts for both sides; the median of the rounds is shown.

mod alone;
mod cluster;
#[path = "../support/guest.rs"]
mod guest;
mod merging;
mod pictures;
mod samples;
mod state;
mod synthetic;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use guest::guest_graph;
use samples::Samples;
use spec_engine::engine::{Document, Engine, RenderRequest};
use spec_engine::graph::select::Selection;
use spec_engine::graph::select::expression::{Expression, Value};
use spec_engine::graph::{Depth, Graph, ViewOptions};
use spec_engine::limits::ComponentLimits;
use spec_engine::registry::Plugin;
use spec_engine::render::{Embeds, RenderContext};
use spec_engine::rules::{self, Rule};
use spec_engine::wasm::{Cache, CodeOrigin, ComponentSource, Host, Stamp};

/// How often everything is measured.
const ROUNDS: usize = 15;

fn main() {
    if let Some(measured) = alone::run(std::env::args().skip(1)) {
        return println!("{measured}");
    }
    let folder = tempfile::tempdir().expect("a folder for the documents");
    let folder = folder.path();
    let payments = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/payments.json");
    let (large, huge) = (Sample::write(folder, 10_000), Sample::write(folder, 50_000));
    show_small(folder, payments);
    pictures::show();
    println!("\n10,000 services, {:.1} MB", megabytes(large.text.len()));
    show_large(&large);
    show_templates(&large);
    show_questions(folder, &large);
    println!("\n50,000 services, {:.1} MB, against 10,000", megabytes(huge.text.len()));
    show_growth(&large.path, &huge.path);
    show_components(folder, payments, &large.path);
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_spec-engine")).expect("the binary").len();
    println!("\nthe binary: {:.1} MB (goal: at most 32)", binary as f64 / 1e6);
}

/// A document that was made for the measurement.
struct Sample {
    path: String,
    text: String,
}

impl Sample {
    fn write(folder: &Path, services: usize) -> Self {
        let (path, text) = (folder.join(format!("{services}.json")), synthetic::document(services));
        std::fs::write(&path, &text).expect("room for a document");
        Self { path: path.to_str().expect("a path in UTF-8").to_owned(), text }
    }
}

/// The example, in process and as a process.
fn show_small(folder: &Path, payments: &str) {
    println!("payments.json, 4 services");
    let text = std::fs::read_to_string(payments).expect("the example");
    let document = parsed(&text);
    let mut in_process = Samples::default();
    let mut process = Samples::default();
    (0..ROUNDS).for_each(|_| in_process.add(|| render(&fresh_engine(), &document)));
    (0..ROUNDS).for_each(|_| process.add(|| run(&["render", payments, "--plugin", "d2"])));
    in_process.show("engine, load, instantiate, render through the D2 component", Some((1.0, "ms")));
    process.show("the whole process", Some((5.0, "ms")));
    show_memory("the whole process", &["render", payments, "--plugin", "d2"], 20.0);
    let picture = folder.join("payments.svg");
    let picture = picture.to_str().expect("a path in UTF-8");
    let mut drawn = Samples::default();
    (0..ROUNDS).for_each(|_| drawn.add(|| run(&["render", payments, "-o", picture])));
    drawn.show("payments.svg, the whole process", Some((10.0, "ms")));
    show_rules_check(folder);
}

/// Checking fifty rules without running them.
fn show_rules_check(folder: &Path) {
    let folder = folder.join("fifty-rules");
    std::fs::create_dir(&folder).expect("room for a folder");
    let rules = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/rules"));
    for entry in rules.read_dir().expect("the rules") {
        let path = entry.expect("a rule").path();
        let (name, text) = (path.file_stem().expect("a name"), std::fs::read_to_string(&path).expect("a rule"));
        for copy in 0..5 {
            let file = folder.join(format!("{}-{copy}.rhai", name.to_string_lossy()));
            std::fs::write(file, &text).expect("room for a rule");
        }
    }
    let folder = folder.to_str().expect("a path in UTF-8");
    let mut checked = Samples::default();
    (0..ROUNDS).for_each(|_| checked.add(|| run(&["rules", "check", folder])));
    checked.show("rules check of fifty rules, the whole process", Some((50.0, "ms")));
}

/// Rendering a large document.
fn show_large(large: &Sample) {
    let mut value = Samples::default();
    let mut checking = Samples::default();
    let mut whole = Samples::default();
    let mut in_component = Samples::default();
    let mut native = Samples::default();
    let document = parsed(&large.text);
    let system = document.system().expect("it is a document");
    let engine = fresh_engine();
    render(&engine, &document);
    for _ in 0..ROUNDS {
        value.0.push(alone::time("--time-value", &large.path));
        checking.0.push(alone::time("--time-check", &large.path));
        whole.add(|| run(&["render", &large.path, "--plugin", "d2"]));
        let graph = Graph::of(system).view(&ViewOptions::default());
        let d2 = engine.plugins().find("d2").and_then(Plugin::renderer).expect("D2 ships");
        let options = serde_json::json!({ "direction": "right", "title": "", "details": false });
        let context =
            RenderContext { graph: &graph, options: &options, embeds: &Embeds::new(), layouts: &[], findings: &[] };
        in_component.add(|| d2.render(&context).expect("it renders"));
        let graph = guest_graph(&graph);
        native.add(|| spec_engine_d2::draw(&graph, &spec_engine_d2::Options::default(), None, |_| String::new()));
    }
    value.show("serde_json::Value of the same bytes", None);
    checking.show_ratio("load and built-in rules", &value, 1.0);
    whole.show_ratio("the whole D2 render, as a process", &value, 1.6);
    native.show("the D2 renderer, native", None);
    in_component.show_ratio("the D2 renderer, as a component", &native, 3.0);
    let most = 10.0 * megabytes(large.text.len());
    show_memory("the whole D2 render", &["render", &large.path, "--plugin", "d2"], most);
}

/// Templates over a large document, as processes.
fn show_templates(large: &Sample) {
    let owners = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/templates/owners.md.tera");
    for (what, template, goal) in [
        ("the template dot", "dot", 140.0),
        ("the template cytoscape", "cytoscape", 160.0),
        ("the template sigma", "sigma", 200.0),
        ("the template markdown", "markdown", 400.0),
        ("the page of owners, a template of the examples", owners, 1_000.0),
    ] {
        let mut drawn = Samples::default();
        (0..ROUNDS).for_each(|_| drawn.add(|| run(&["render", &large.path, "--plugin", template])));
        drawn.show(&format!("{what}, the whole process"), Some((goal, "ms")));
    }
    show_memory("the template dot", &["render", &large.path, "--plugin", "dot"], 100.0);
}

/// Loading a large document, and what is asked of it.
fn show_questions(folder: &Path, large: &Sample) {
    let (mut loading, mut rules, mut scripts) = (Samples::default(), Samples::default(), Samples::default());
    let (mut policies, mut hops) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        loading.0.push(alone::time("--time-load", &large.path));
        rules.0.push(alone::time("--time-rules", &large.path));
        scripts.0.push(alone::time("--time-scripts", &large.path));
        policies.0.push(alone::time("--time-policies", &large.path));
        hops.0.push(alone::time("--time-hops", &large.path));
    }
    loading.show("load", None);
    rules.show_ratio("every rule of the engine", &loading, 0.5);
    scripts.show("ten scripted rules", Some((600.0, "ms")));
    policies.show("the ten policies of the guide", Some((300.0, "ms")));
    hops.show("at most three hops from a gateway to a database", Some((1_000.0, "ms")));
    show_excerpts(folder, large);
    show_views(&parsed(&large.text));
    let other = Sample::write(folder, 9_999).path;
    let next = folder.join("next.json");
    std::fs::write(&next, next_version(&large.text)).expect("room for a document");
    let next = next.to_str().expect("a path in UTF-8");
    let (mut compared, mut unlike) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        compared.0.push(alone::time("--time-diff", &format!("{} {next}", large.path)));
        unlike.0.push(alone::time("--time-diff", &format!("{} {other}", large.path)));
    }
    compared.show_ratio("diff of two versions, 300 services changed, with both loads", &loading, 2.5);
    unlike.show("diff of two that have hardly anything in common", None);
    let (mut into, mut drift) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        into.0.push(alone::time("--time-into", &format!("{} {next}", large.path)));
        drift.0.push(alone::time("--time-drift", &format!("{} {next}", large.path)));
    }
    into.show_ratio("import --into, 300 services changed, without the importer", &loading, 3.0);
    drift.show_ratio("drift, without the importer, with the load of the document", &loading, 3.0);
}

/// What it costs to show findings.
fn show_excerpts(folder: &Path, large: &Sample) {
    let (mut shown, mut not_shown) = (Samples::default(), Samples::default());
    let faulty = folder.join("faulty.json");
    let text = large.text.replacen("\"owner\": \"team-", "\"owner\": \"taem-", 1_000);
    std::fs::write(&faulty, text).expect("room for a document");
    let faulty = faulty.to_str().expect("a path in UTF-8");
    let (faults, pretty) = (only("unknown-owner"), ["--max-per-rule", "0"]);
    let none = only("no rule at all");
    for _ in 0..ROUNDS {
        shown.add(|| run(&[&["validate", faulty][..], &pretty, &as_arguments(&faults)].concat()));
        not_shown.add(|| run(&[&["validate", faulty][..], &pretty, &as_arguments(&none)].concat()));
    }
    let more = shown.median() - not_shown.median();
    println!("  {:<62} {more:>8.2} ms (goal: at most 200 ms)", "1,000 findings, shown pretty");
}

/// What a view of a graph costs.
fn show_views(document: &Document) {
    let system = document.system().expect("it is a document");
    let (mut all, mut part) = (Samples::default(), Samples::default());
    let selection = selection();
    for _ in 0..ROUNDS {
        all.add(|| Graph::of(system));
        part.add(|| Graph::of(system).select(&selection).expect("the focus is there"));
    }
    let more = part.median() - all.median();
    println!("  {:<62} {more:>8.2} ms (goal: at most 10 ms)", "a view: an expression and a focus");
}

/// How the costs grow with the document.
fn show_growth(large: &str, huge: &str) {
    let (mut less_checking, mut less_whole) = (Samples::default(), Samples::default());
    let (mut more_checking, mut more_whole) = (Samples::default(), Samples::default());
    let (mut less_rules, mut more_rules) = (Samples::default(), Samples::default());
    let (mut less_scripts, mut more_scripts) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        less_rules.0.push(alone::time("--time-rules", large));
        more_rules.0.push(alone::time("--time-rules", huge));
        less_scripts.0.push(alone::time("--time-scripts", large));
        more_scripts.0.push(alone::time("--time-scripts", huge));
        less_checking.0.push(alone::time("--time-check", large));
        more_checking.0.push(alone::time("--time-check", huge));
        less_whole.add(|| run(&["render", large, "--plugin", "d2", "--limit", "memory=1G"]));
        more_whole.add(|| run(&["render", huge, "--plugin", "d2", "--limit", "memory=1G"]));
    }
    more_checking.show_ratio("load and built-in rules", &less_checking, 5.5);
    more_rules.show_ratio("every rule of the engine", &less_rules, 5.5);
    more_scripts.show_ratio("ten scripted rules", &less_scripts, 5.5);
    more_whole.show_ratio("the whole D2 render, as a process", &less_whole, 5.5);
}

/// Components of others, rules of components, and the importer.
fn show_components(folder: &Path, payments: &str, large: &str) {
    println!("\nthird-party components, compiled and in the cache");
    let rust = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/dist/mermaid.wasm");
    show_cached("load and instantiate, Rust, 0.2 MB", Path::new(rust), 1.0);
    let javascript = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/plugins/javascript/dist/graphml.wasm");
    if Path::new(javascript).is_file() {
        show_cached("load and instantiate, JavaScript, 12 MB", Path::new(javascript), 5.0);
    } else {
        println!("  JavaScript: not measured, since it is not built (examples/plugins/check.sh builds it)");
    }
    show_list(folder, Path::new(rust));
    show_rules(folder, payments, large);
    let compose = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/compose/shop.yml");
    let mut imported = Samples::default();
    (0..ROUNDS).for_each(|_| imported.add(|| run(&["import", "compose", compose])));
    imported.show("a compose file of seven services to a document, as a process", None);
    show_cluster(folder);
}

/// Times the import of lists of a cluster, and of a state, each in a process of its own, with the limits that nobody set.
fn show_cluster(folder: &Path) {
    const FEW: usize = 5_000;
    let mut times: Vec<Samples> = Vec::new();
    for workloads in [FEW, 5 * FEW] {
        let path = folder.join(format!("cluster-{workloads}.json"));
        std::fs::write(&path, cluster::list(workloads)).expect("a file");
        let path = path.to_str().expect("a path in UTF-8");
        let arguments = ["import", "kubernetes", path];
        let mut imported = Samples::default();
        (0..3).for_each(|_| imported.add(|| run(&arguments)));
        if workloads == FEW {
            imported.show("5,000 workloads of Kubernetes to a document, as a process", Some((1_500.0, "ms")));
            show_memory("the same", &arguments, 400.0);
        }
        times.push(imported);
    }
    times[1].show_ratio("five times as many", &times[0], 5.5);
    let path = folder.join("state.json");
    std::fs::write(&path, state::state(30_000)).expect("a file");
    let arguments = ["import", "terraform", path.to_str().expect("a path in UTF-8")];
    let mut imported = Samples::default();
    (0..3).for_each(|_| imported.add(|| run(&arguments)));
    imported.show("a state of Terraform with 30,000 resources, as a process", None);
    show_memory("the same", &arguments, 400.0);
}

/// Times how a component that the cache has is loaded, and instantiated once.
fn show_cached(what: &str, wasm: &Path, goal: f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read = |_| Ok(std::fs::read(wasm).expect("the component"));
    let stamp = Stamp::of(wasm, &std::fs::metadata(wasm).expect("the component"));
    let load = || {
        let host = Host::new(ComponentLimits::default(), Cache::at(folder.path().join("cache")));
        let source = ComponentSource { name: "cached", stamp: Some(&stamp), pinned: None, read: &read };
        let start = Instant::now();
        let component = host.load_source(&source).expect("it loads");
        component.describe().expect("it describes itself");
        (start.elapsed(), component.info().origin)
    };
    load();
    let mut loading = Samples::default();
    for _ in 0..ROUNDS {
        let (time, code) = load();
        assert!(matches!(code, CodeOrigin::Cached(_)), "{code:?}");
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

/// A document that differs in 300 of its services: other images, other ports.
fn next_version(text: &str) -> String {
    text.replacen("\"tag\": \"", "\"tag\": \"next-", 200).replacen("\"port\": 80", "\"port\": 90", 100)
}

/// Parses a document that is right.
fn parsed(text: &str) -> Document {
    let document = Document::parse("bench.json", text);
    assert!(fresh_engine().drawing_errors(&document).is_empty(), "it has no errors");
    document
}

/// Makes everything anew that a process makes once.
fn fresh_engine() -> Engine {
    Engine::builder().build().expect("the plugins that ship")
}

fn render(engine: &Engine, document: &Document) -> Vec<u8> {
    let output = engine.render(document, "d2", &RenderRequest::default()).expect("it renders");
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

/// Shows the most memory that a run had in use.
fn show_memory(what: &str, arguments: &[&str], goal: f64) {
    let used = alone::most_memory(arguments) as f64;
    println!("  {what:<62} {:>8.1} MB (goal: at most {goal:.1})", used / 1e6);
}

/// A view that looks at every node and follows edges.
fn selection() -> Selection {
    Selection {
        without: vec![Expression::parse("kind=secret or name=*-7").expect("it is an expression")],
        focus: vec![Value::new("svc-1*").expect("it is a pattern")],
        depth: Depth(3),
        ..Selection::default()
    }
}

/// Arguments that turn off every rule that can be, but one.
fn only(id: &str) -> Vec<String> {
    let rules = rules::RULES.iter().filter(|registered| !Rule::is_fixed(registered) && registered.rule.id != id);
    rules.map(|registered| format!("--rule={}=off", registered.rule.id)).collect()
}

fn as_arguments(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
