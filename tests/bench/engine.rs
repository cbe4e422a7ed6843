//! What the engine costs, as ratios: `cargo bench`. What is compared is measured in turn, round by round, so that a
//! machine whose speed drifts drifts for both sides; the median of the rounds is shown.
//!
//! `cargo bench -- --table FILE` writes the table, too, and `.ci/speed` compares two of them; `--short` measures a few
//! ratios alone. Where `SPEC_ENGINE_PEER` names the binary of the Go `system-spec`, it is measured beside ours.

mod alone;
mod cluster;
mod components;
#[path = "../support/guest.rs"]
mod guest;
mod merging;
mod peer;
mod pictures;
mod samples;
mod short;
mod state;
mod synthetic;
mod table;

use std::path::Path;
use std::process::{Command, Stdio};

use guest::guest_graph;
use samples::Samples;
use spec_engine::engine::{Document, Engine, RenderRequest};
use spec_engine::graph::select::Selection;
use spec_engine::graph::select::expression::{Expression, Value};
use spec_engine::graph::{Depth, Graph, ViewOptions};
use spec_engine::registry::Plugin;
use spec_engine::render::{Embeds, Output, RenderContext};
use spec_engine::rules::{self, Rule};
use table::{Base, Table};

/// How often everything is measured.
const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(measured) = alone::run(arguments.iter().cloned()) {
        return println!("{measured}");
    }
    let folder = tempfile::tempdir().expect("a folder for the documents");
    let mut table = Table::default();
    let (is_short, file) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => (false, None),
        ["--short"] => (true, None),
        ["--table", file] => (false, Some(file)),
        ["--short", "--table", file] => (true, Some(file)),
        _ => panic!("expected [--short] [--table FILE], found {arguments:?}"),
    };
    if is_short {
        short::show(&mut table, folder.path());
    } else {
        show_all(&mut table, folder.path());
    }
    if let Some(file) = file {
        table.write(Path::new(file));
    }
}

fn show_all(table: &mut Table, folder: &Path) {
    let payments = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/payments.json");
    let (large, huge) = (Sample::write(folder, 10_000), Sample::write(folder, 50_000));
    show_small(table, folder, payments);
    pictures::show(table);
    table.start(format!("10,000 services, {:.1} MB", megabytes(large.text.len())));
    show_large(table, &large);
    show_templates(table, &large);
    show_questions(table, folder, &large);
    table.start(format!("50,000 services, {:.1} MB", megabytes(huge.text.len())));
    show_growth(table, &large.path, &huge.path);
    components::show(table, folder, payments, &large.path);
    peer::show(table, payments, &large.path);
    table.start("the binary");
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_spec-engine")).expect("the binary").len();
    table.bytes("its size", binary as f64, 32.0);
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
fn show_small(table: &mut Table, folder: &Path, payments: &str) {
    table.start("payments.json, 4 services");
    let text = std::fs::read_to_string(payments).expect("the example");
    let document = parsed(&text);
    let mut in_process = Samples::default();
    let mut process = Samples::default();
    (0..ROUNDS).for_each(|_| in_process.add(|| render(&fresh_engine(), &document)));
    (0..ROUNDS).for_each(|_| process.add(|| run(&["render", payments, "--plugin", "d2"])));
    table.time("engine, load, instantiate, render through the D2 component", &in_process, Some(1.0));
    table.time("the whole process", &process, Some(5.0));
    show_memory(table, "the whole process", &["render", payments, "--plugin", "d2"], 20.0);
    let picture = folder.join("payments.svg");
    let picture = picture.to_str().expect("a path in UTF-8");
    let mut drawn = Samples::default();
    (0..ROUNDS).for_each(|_| drawn.add(|| run(&["render", payments, "-o", picture])));
    table.time("payments.svg, the whole process", &drawn, Some(10.0));
    show_rules_check(table, folder);
}

/// Checking fifty rules without running them.
fn show_rules_check(table: &mut Table, folder: &Path) {
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
    table.time("rules check of fifty rules, the whole process", &checked, Some(50.0));
}

/// Rendering a large document.
fn show_large(table: &mut Table, large: &Sample) {
    let mut value = Samples::default();
    let mut checking = Samples::default();
    let mut whole = Samples::default();
    let (mut component, mut outside) = (Samples::default(), Samples::default());
    let document = parsed(&large.text);
    let system = document.system().expect("it is a document");
    let engine = fresh_engine();
    render(&engine, &document);
    for _ in 0..ROUNDS {
        value.0.push(alone::time("--time-value", &large.path));
        checking.0.push(alone::time("--time-check", &large.path));
        whole.add(|| run(&["render", &large.path, "--plugin", "d2"]));
        let graph = Graph::of(system).view(&ViewOptions::default());
        component.add(|| in_component(&engine, &graph));
        let graph = guest_graph(&graph);
        outside.add(|| native(&graph));
    }
    table.time("serde_json::Value of the same bytes", &value, None);
    table.ratio("load and built-in rules", &checking, Base { name: "reading the JSON", samples: &value }, 1.0);
    table.ratio("the whole D2 render, as a process", &whole, Base { name: "reading the JSON", samples: &value }, 1.6);
    table.time("the D2 renderer, native", &outside, None);
    table.ratio("the D2 renderer, as a component", &component, Base { name: "native", samples: &outside }, 3.0);
    let most = 10.0 * megabytes(large.text.len());
    show_memory(table, "the whole D2 render", &["render", &large.path, "--plugin", "d2"], most);
}

/// Draws a graph by the D2 component.
fn in_component(engine: &Engine, graph: &Graph<'_>) -> Output {
    let d2 = engine.plugins().find("d2").and_then(Plugin::renderer).expect("D2 ships");
    let options = serde_json::json!({ "direction": "right", "title": "", "details": false });
    let context = RenderContext { graph, options: &options, embeds: &Embeds::new(), layouts: &[], findings: &[] };
    d2.render(&context).expect("it renders")
}

/// Draws a graph by the same code without a sandbox.
fn native(graph: &spec_engine_plugin::Graph) -> spec_engine_plugin::Response {
    spec_engine_d2::draw(graph, &spec_engine_d2::Options::default(), None, |_| String::new())
}

/// Templates over a large document, as processes.
fn show_templates(table: &mut Table, large: &Sample) {
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
        table.time(&format!("{what}, the whole process"), &drawn, Some(goal));
    }
    show_memory(table, "the template dot", &["render", &large.path, "--plugin", "dot"], 100.0);
}

/// Loading a large document, and what is asked of it.
fn show_questions(table: &mut Table, folder: &Path, large: &Sample) {
    let (mut loading, mut rules, mut scripts) = (Samples::default(), Samples::default(), Samples::default());
    let (mut policies, mut hops) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        loading.0.push(alone::time("--time-load", &large.path));
        rules.0.push(alone::time("--time-rules", &large.path));
        scripts.0.push(alone::time("--time-scripts", &large.path));
        policies.0.push(alone::time("--time-policies", &large.path));
        hops.0.push(alone::time("--time-hops", &large.path));
    }
    table.time("load", &loading, None);
    table.ratio("every rule of the engine", &rules, Base { name: "loading", samples: &loading }, 0.5);
    table.time("ten scripted rules", &scripts, Some(600.0));
    table.time("the ten policies of the guide", &policies, Some(300.0));
    table.time("at most three hops from a gateway to a database", &hops, Some(1_000.0));
    show_excerpts(table, folder, large);
    show_views(table, &parsed(&large.text));
    let other = Sample::write(folder, 9_999).path;
    let next = folder.join("next.json");
    std::fs::write(&next, next_version(&large.text)).expect("room for a document");
    let next = next.to_str().expect("a path in UTF-8");
    let (mut compared, mut unlike) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        compared.0.push(alone::time("--time-diff", &format!("{} {next}", large.path)));
        unlike.0.push(alone::time("--time-diff", &format!("{} {other}", large.path)));
    }
    table.ratio(
        "diff of two versions, 300 services changed, with both loads",
        &compared,
        Base { name: "loading", samples: &loading },
        2.5,
    );
    table.time("diff of two that have hardly anything in common", &unlike, None);
    let (mut into, mut drift) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        into.0.push(alone::time("--time-into", &format!("{} {next}", large.path)));
        drift.0.push(alone::time("--time-drift", &format!("{} {next}", large.path)));
    }
    table.ratio(
        "import --into, 300 services changed, without the importer",
        &into,
        Base { name: "loading", samples: &loading },
        3.0,
    );
    table.ratio(
        "drift, without the importer, with the load of the document",
        &drift,
        Base { name: "loading", samples: &loading },
        3.0,
    );
}

/// What it costs to show findings.
fn show_excerpts(table: &mut Table, folder: &Path, large: &Sample) {
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
    table.milliseconds("1,000 findings, shown pretty", more, Some(200.0));
}

/// What a view of a graph costs.
fn show_views(table: &mut Table, document: &Document) {
    let system = document.system().expect("it is a document");
    let (mut all, mut part) = (Samples::default(), Samples::default());
    let selection = selection();
    for _ in 0..ROUNDS {
        all.add(|| Graph::of(system));
        part.add(|| Graph::of(system).select(&selection).expect("the focus is there"));
    }
    let more = part.median() - all.median();
    table.milliseconds("a view: an expression and a focus", more, Some(10.0));
}

/// How the costs grow with the document.
fn show_growth(table: &mut Table, large: &str, huge: &str) {
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
    table.ratio(
        "load and built-in rules",
        &more_checking,
        Base { name: "those of 10,000", samples: &less_checking },
        5.5,
    );
    table.ratio("every rule of the engine", &more_rules, Base { name: "those of 10,000", samples: &less_rules }, 5.5);
    table.ratio("ten scripted rules", &more_scripts, Base { name: "those of 10,000", samples: &less_scripts }, 5.5);
    table.ratio(
        "the whole D2 render, as a process",
        &more_whole,
        Base { name: "those of 10,000", samples: &less_whole },
        5.5,
    );
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
    let ran = command(arguments).output().expect("the binary runs");
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Shows the most memory that a run had in use.
fn show_memory(table: &mut Table, what: &str, arguments: &[&str], goal: f64) {
    table.bytes(&format!("memory: {what}"), alone::most_memory(arguments) as f64, goal);
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
