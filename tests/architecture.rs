//! The files of the engine import each other in one direction: there is no circle of files, and a module imports modules
//! of the floors below it only, as ARCHITECTURE.md has them.

mod imports;

use std::collections::{BTreeMap, BTreeSet};

use imports::{Arrow, Files};

/// The folder of the library.
const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/host/src");

/// The folder of the command.
const COMMAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/host/cli");

const ARCHITECTURE: &str = include_str!("../ARCHITECTURE.md");

fn arrows(folder: &str, fewest: usize) -> Vec<Arrow> {
    let arrows = Files::read(folder.as_ref()).arrows();
    assert!(arrows.len() > fewest, "{} arrows are too few: the files are not read as they should be", arrows.len());
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
fn no_files_of_the_library_import_each_other_in_a_circle() {
    assert_no_circle(&arrows(LIBRARY, 300));
}

#[test]
fn no_files_of_the_command_import_each_other_in_a_circle() {
    assert_no_circle(&arrows(COMMAND, 100));
}

fn assert_no_circle(arrows: &[Arrow]) {
    let reached = reached(arrows);
    let is_in_circle = |file: &str| reached.get(file).is_some_and(|files| files.contains(file));
    let circles: Vec<String> = arrows
        .iter()
        .filter(|arrow| {
            is_in_circle(&arrow.from) && reached.get(&*arrow.to).is_some_and(|to| to.contains(&*arrow.from))
        })
        .map(|arrow| format!("{} -> {}: {}", arrow.from, arrow.to, arrow.name))
        .collect();
    assert!(circles.is_empty(), "arrows of circles:\n{}", circles.join("\n"));
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
    let (floors, arrows) = (floors(), arrows(LIBRARY, 300));
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
    let upward: Vec<String> =
        upward.iter().map(|(.., arrow)| format!("{} -> {}: {}", arrow.from, arrow.to, arrow.name)).collect();
    assert!(upward.is_empty(), "imports of modules that are not on a lower floor:\n{}", upward.join("\n"));
}

/// The library says what is wrong; what to type is for the command to say.
#[test]
fn the_library_names_no_option_of_a_command_line() {
    let mut named = Vec::new();
    for file in rust_files(LIBRARY.as_ref()) {
        let text = std::fs::read_to_string(&file).expect("it was listed");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        named.extend(lines.filter(|line| has_option(line)).map(|line| format!("{}: {}", file.display(), line.trim())));
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
    assert!(has_option("help(\"use --allow-errors\")") && !has_option("a - b -- c --> d"));
}

/// `render` and `validate` never touch the network, since one file can, and only `plugins` leads there.
#[test]
fn one_file_can_ask_other_machines() {
    let files = [LIBRARY, COMMAND].into_iter().flat_map(|folder| rust_files(folder.as_ref()));
    let asks = |file: &std::path::PathBuf| {
        let text = std::fs::read_to_string(file).expect("it was listed");
        ["ureq", "TcpStream::connect", "UdpSocket", "reqwest"].iter().any(|word| text.contains(word))
    };
    let found: Vec<_> = files.filter(asks).collect();
    assert_eq!(found, [std::path::Path::new(COMMAND).join("plugins/download.rs")]);
    let arrows = arrows(COMMAND, 100);
    let from: BTreeSet<&str> =
        arrows.iter().filter(|arrow| arrow.to == "plugins/download.rs").map(|arrow| &*arrow.from).collect();
    assert!(
        from.len() > 2 && from.iter().all(|file| file.starts_with("plugins/") || *file == "plugins.rs"),
        "{from:?}"
    );
}

/// Whether two hyphens start a word.
fn has_option(line: &str) -> bool {
    line.match_indices("--").any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + 2..].chars().next();
        before.is_none_or(|before| " `\"'(".contains(before)) && after.is_some_and(|after| after.is_ascii_lowercase())
    })
}

/// The files of a folder and of those in it, without those of tests.
fn rust_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    files
}
