//! What scripts, templates and guests can ask of the graph is one list, and the book has it.

use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn names<'t>(found: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    found.map(|name| name.replace('-', "_")).collect()
}

/// What a guest finds in the graph that it is handed, or in the answer to another question.
const IN_THE_GRAPH: [&str; 3] = ["node", "group", "owner"];

/// What a guest asks for since the graph that it is handed has no values of the document: scripts and templates have them
/// in their nodes and edges.
const IN_NODES_AND_EDGES: [&str; 7] = [
    "log",
    "source_json",
    "changes",
    "node_attributes",
    "edge_attributes",
    "all_node_attributes",
    "all_edge_attributes",
];

/// The functions of `ctx.graph`, as editors know them; `tests/script/check.rs` holds them against the interpreter.
fn of_scripts() -> BTreeSet<String> {
    let definitions = read("host/src/script/definitions/engine.d.rhai");
    let of_graph = definitions.lines().filter_map(|line| line.strip_prefix("fn ")?.split_once("(graph: Graph"));
    names(of_graph.map(|(name, _)| name).filter(|name| !name.starts_with("get ")))
}

fn of_templates() -> BTreeSet<String> {
    let source = read("host/src/render/template/questions.rs");
    let registered = source.split("tera.register_function(\"").skip(1).chain(source.split("of_node(tera, \"").skip(1));
    let mut found = names(registered.filter_map(|rest| rest.split('"').next()));
    assert!(found.remove("findings"), "it asks the rules, and not the graph");
    found
}

fn of_guests() -> BTreeSet<String> {
    let contract = read("wit/plugin.wit");
    let host = contract.split_once("interface host {").unwrap().1.split_once("\n}").unwrap().0;
    names(host.lines().filter_map(|line| Some(line.trim().split_once(": func(")?.0)))
}

#[test]
fn scripts_templates_and_guests_ask_the_same() {
    let scripts = of_scripts();
    assert!(scripts.len() > 12, "{scripts:?}");
    assert_eq!(scripts, of_templates());
    let mut expected = scripts;
    IN_THE_GRAPH.iter().for_each(|name| assert!(expected.remove(*name), "{name}"));
    let mut guests = of_guests();
    IN_NODES_AND_EDGES.iter().for_each(|name| assert!(guests.remove(*name), "{name}"));
    assert!(guests.remove("node_groups"), "in a script and a template, `node.groups`");
    assert_eq!(guests, expected);
}

#[test]
fn the_book_has_every_question_for_all_three() {
    let page = read("docs/src/reference/graph.md");
    let rows: Vec<Vec<&str>> =
        page.lines().filter(|line| line.starts_with("| ")).map(|line| line.split(" | ").collect()).collect();
    for name in of_scripts() {
        let row = rows.iter().find(|row| row.len() == 4 && row[1].contains(&format!("`{name}("))).expect(&name);
        assert!(row[2].contains(&format!("`{name}(")), "a template: {name}: {row:?}");
        let of_guest = format!("`{}`", name.replace('_', "-"));
        assert!(IN_THE_GRAPH.contains(&name.as_str()) || row[3].contains(&of_guest), "a plugin: {name}: {row:?}");
    }
}
