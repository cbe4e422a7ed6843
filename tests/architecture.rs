//! The files of the engine import each other in one direction: there is no circle of files, and a module imports modules
//! of the floors below it only, as ARCHITECTURE.md has them.

mod imports;

use std::collections::{BTreeMap, BTreeSet};

use imports::{Arrow, Files};

/// The folder of the crate.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/host/src");

const ARCHITECTURE: &str = include_str!("../ARCHITECTURE.md");

/// The files that still stand in a circle. A file that does no longer has to go from here.
const KNOWN: &[&str] = &[
    "cli.rs",
    "cli/args.rs",
    "cli/checker.rs",
    "cli/diff.rs",
    "cli/diff/drawing.rs",
    "cli/diff/json.rs",
    "cli/diff/markdown.rs",
    "cli/diff/text.rs",
    "cli/diff/words.rs",
    "cli/discover.rs",
    "cli/document.rs",
    "cli/folder.rs",
    "cli/graph.rs",
    "cli/import.rs",
    "cli/limits.rs",
    "cli/lock.rs",
    "cli/man.rs",
    "cli/output.rs",
    "cli/path.rs",
    "cli/plugins.rs",
    "cli/plugins/add.rs",
    "cli/plugins/cache.rs",
    "cli/plugins/download.rs",
    "cli/plugins/info.rs",
    "cli/plugins/list.rs",
    "cli/plugins/new.rs",
    "cli/plugins/remove.rs",
    "cli/plugins/test.rs",
    "cli/plugins/test/snapshots.rs",
    "cli/plugins/verify.rs",
    "cli/project.rs",
    "cli/project/rules.rs",
    "cli/render.rs",
    "cli/report.rs",
    "cli/report/compact.rs",
    "cli/report/excerpt.rs",
    "cli/report/github.rs",
    "cli/report/gitlab.rs",
    "cli/report/json.rs",
    "cli/report/junit.rs",
    "cli/report/pretty.rs",
    "cli/report/sarif.rs",
    "cli/rules.rs",
    "cli/rules/new.rs",
    "cli/rules/test.rs",
    "cli/schema.rs",
    "cli/scripts.rs",
    "cli/serve.rs",
    "cli/validate.rs",
    "cli/view.rs",
    "cli/watch.rs",
    "cli/watch/inputs.rs",
    "cli/watch/turn.rs",
    "cli/watch/watcher.rs",
    "render.rs",
    "render/picture/labels.rs",
    "render/picture/layout.rs",
    "render/template.rs",
    "render/template/embed.rs",
    "render/template/error.rs",
    "render/template/filters.rs",
    "render/template/filters/markdown.rs",
    "render/template/filters/targets.rs",
    "render/template/folder.rs",
    "wasm.rs",
    "wasm/artifacts.rs",
    "wasm/cache.rs",
    "wasm/call.rs",
    "wasm/componentize.rs",
    "wasm/contract.rs",
    "wasm/description.rs",
    "wasm/rule.rs",
    "wasm/v0_1.rs",
    "wasm/wasi.rs",
];

/// The imports of modules of a higher floor that still are. One that is no longer has to go from here.
const KNOWN_UPWARD: &[(&str, &str)] = &[("render", "wasm")];

fn arrows() -> Vec<Arrow> {
    let arrows = Files::read(ROOT.as_ref()).arrows();
    assert!(arrows.len() > 300, "{} arrows are too few: the files are not read as they should be", arrows.len());
    arrows
}

/// The files that each file reaches by one arrow or more.
fn reached(arrows: &[Arrow]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arrow in arrows {
        next.entry(&arrow.from).or_default().insert(&arrow.to);
    }
    next.keys().map(|from| (*from, reach(from, &next))).collect()
}

fn reach<'a>(from: &'a str, next: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        open.extend(next.get(file).into_iter().flatten().filter(|to| found.insert(**to)));
    }
    found
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let arrows = arrows();
    let reached = reached(&arrows);
    let is_in_circle = |file: &str| reached.get(file).is_some_and(|files| files.contains(file));
    let circles: Vec<String> = arrows
        .iter()
        .filter(|arrow| {
            is_in_circle(&arrow.from) && reached.get(&*arrow.to).is_some_and(|to| to.contains(&*arrow.from))
        })
        .filter(|arrow| !(KNOWN.contains(&&*arrow.from) && KNOWN.contains(&&*arrow.to)))
        .map(|arrow| format!("{} -> {}: {}", arrow.from, arrow.to, arrow.name))
        .collect();
    assert!(circles.is_empty(), "arrows of circles:\n{}", circles.join("\n"));
    let done: Vec<&&str> = KNOWN.iter().filter(|file| !is_in_circle(file)).collect();
    assert!(done.is_empty(), "these files stand in no circle any more: take them out of KNOWN: {done:?}");
}

/// The floor of each module, from the table in ARCHITECTURE.md. The lowest is 1.
fn floors() -> BTreeMap<&'static str, usize> {
    let (_, rest) = ARCHITECTURE.split_once("## Who imports whom").expect("ARCHITECTURE.md has the section");
    let section = rest.split("\n## ").next().unwrap_or_default();
    let mut floors = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [floor, modules, ..] = cells[..] else { panic!("a row has a floor and modules: {line}") };
        let Ok(floor) = floor.parse() else { continue };
        for module in modules.split('`').skip(1).step_by(2) {
            assert_eq!(floors.insert(module, floor), None, "{module} stands on two floors");
        }
    }
    floors
}

#[test]
fn a_module_imports_modules_of_lower_floors_only() {
    let (floors, arrows) = (floors(), arrows());
    let module = |file: &str| file.split(['/', '.']).next().unwrap_or_default().to_owned();
    let all: BTreeSet<String> = arrows.iter().flat_map(|arrow| [module(&arrow.from), module(&arrow.to)]).collect();
    let listed: BTreeSet<String> = floors.keys().map(|&module| module.to_owned()).collect();
    let ends: BTreeSet<String> = ["lib", "main"].map(str::to_owned).into();
    let all: BTreeSet<String> = all.difference(&ends).cloned().collect();
    assert_eq!(all, listed, "every module stands on a floor");
    let upward: Vec<(String, String, &Arrow)> = arrows
        .iter()
        .filter(|arrow| !ends.contains(&module(&arrow.from)))
        .map(|arrow| (module(&arrow.from), module(&arrow.to), arrow))
        .filter(|(from, to, _)| from != to && floors[&**from] <= floors[&**to])
        .collect();
    let is_known = |from: &str, to: &str| KNOWN_UPWARD.contains(&(from, to));
    let new = upward.iter().filter(|(from, to, _)| !is_known(from, to));
    let new: Vec<String> = new.map(|(.., arrow)| format!("{} -> {}: {}", arrow.from, arrow.to, arrow.name)).collect();
    assert!(new.is_empty(), "imports of modules that are not on a lower floor:\n{}", new.join("\n"));
    for &(from, to) in KNOWN_UPWARD {
        assert!(upward.iter().any(|(a, b, _)| (&**a, &**b) == (from, to)), "`{from}` does not import `{to}` any more");
    }
}
