//! The short form: a few ratios inside of one run, on a document of 2,000 services. `.ci/speed` compares two of them.

use std::path::Path;

use super::guest::guest_graph;
use super::samples::Samples;
use super::table::{Base, Table};
use super::{Sample, alone, fresh_engine, in_component, megabytes, native, next_version, parsed, run};
use spec_engine::graph::{Graph, ViewOptions};

const ROUNDS: usize = 7;
const SERVICES: usize = 2_000;

/// Measures what has a ratio.
pub fn show(table: &mut Table, folder: &Path) {
    let (sample, larger) = (Sample::write(folder, SERVICES), Sample::write(folder, 5 * SERVICES));
    table.start(format!("{SERVICES} services, {:.1} MB", megabytes(sample.text.len())));
    show_parts(table, folder, &sample);
    show_components(table, &sample);
    table.start("five times as many services");
    let (mut less, mut more) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        less.0.push(alone::time("--time-check", &sample.path));
        more.0.push(alone::time("--time-check", &larger.path));
    }
    table.fastest("load and built-in rules", &more, Base { name: "those of a fifth", samples: &less });
}

/// Parts of the engine and whole commands, to reading the same bytes as JSON.
fn show_parts(table: &mut Table, folder: &Path, sample: &Sample) {
    let next = folder.join("next.json");
    std::fs::write(&next, next_version(&sample.text)).expect("room for a document");
    let (one, two) = (sample.path.as_str(), format!("{} {}", sample.path, next.display()));
    let parts = [
        ("load", "--time-load", one),
        ("load and built-in rules", "--time-check", one),
        ("ten scripted rules", "--time-scripts", one),
        ("the ten policies of the guide", "--time-policies", one),
        ("diff, 300 services changed", "--time-diff", &two),
        ("import --into, 300 services changed, without the importer", "--time-into", &two),
        ("drift, without the importer", "--time-drift", &two),
    ];
    let renderers = ["d2", "mermaid", "dot", "markdown", "svg"];
    let mut value = Samples::default();
    let mut parts_taken = parts.map(|_| Samples::default());
    let mut renders = renderers.map(|_| Samples::default());
    for _ in 0..ROUNDS {
        value.0.push(alone::time("--time-value", one));
        for ((_, part, paths), taken) in parts.iter().zip(&mut parts_taken) {
            taken.0.push(alone::time(part, paths));
        }
        for (renderer, taken) in renderers.iter().zip(&mut renders) {
            taken.add(|| run(&["render", one, "--plugin", renderer]));
        }
    }
    let base = Base { name: "reading the JSON", samples: &value };
    for ((what, ..), taken) in parts.iter().zip(&parts_taken) {
        table.fastest(what, taken, base);
    }
    for (renderer, taken) in renderers.iter().zip(&renders) {
        table.fastest(&format!("`render --plugin {renderer}`, the process"), taken, base);
    }
}

/// A component, to the same code without a sandbox.
fn show_components(table: &mut Table, sample: &Sample) {
    let document = parsed(&sample.text);
    let engine = fresh_engine();
    let graph = Graph::of(document.system().expect("it is a document")).view(&ViewOptions::default());
    let guest = guest_graph(&graph);
    let (mut component, mut outside) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        component.add(|| in_component(&engine, &graph));
        outside.add(|| native(&guest));
    }
    table.fastest("the D2 renderer, as a component", &component, Base { name: "native", samples: &outside });
}
