//! `examples/rules/README.md` is true: its scripts run, its calls are there, its limits are the defaults.

use std::collections::BTreeSet;
use std::path::Path;

use spec_engine::limits::{LimitTable as _, ScriptLimits};
use spec_engine::script::testing::Tests;
use spec_engine::script::{Script, functions_for_scripts};

use crate::script::asking::{ask_with, check, read, shop, source};

pub fn guide() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules/README.md")).unwrap()
}

/// The blocks of a language.
pub fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&format!("```{language}\n")) {
        let (block, after) = after.split_once("\n```").expect("a block ends");
        blocks.push(block.to_owned());
        rest = after;
    }
    blocks
}

/// The first column of the tables with a heading.
pub fn first_column(text: &str, heading: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let unescaped = line.replace("\\|", "\u{1}");
        let cells: Vec<String> =
            unescaped.split('|').map(|cell| cell.trim().trim_matches('`').replace('\u{1}', "|")).collect();
        match cells.get(1) {
            None => inside = false,
            Some(first) if first == heading => inside = true,
            Some(first) if inside && !first.starts_with("---") => {
                rows.push((first.clone(), cells.last().map_or_else(String::new, |_| cells[cells.len() - 2].clone())));
            }
            Some(_) => {}
        }
    }
    rows
}

/// Gives the names that the guide uses.
pub fn with_names(body: &str) -> String {
    format!("let svc = system.services.api; let conn = svc.connections.users;\n{body}")
}

#[test]
fn every_script_of_the_guide_runs() {
    let teams = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules/_teams.rhai");
    let siblings = [source("_teams.rhai", &std::fs::read_to_string(teams).unwrap())];
    let blocks = blocks(&guide(), "rhai");
    assert!(blocks.len() >= 3);
    for block in blocks {
        let script = if block.contains("const RULE") {
            Script::read(source("rule.rhai", &block), &siblings[..], ScriptLimits::default())
                .unwrap_or_else(|failed| panic!("{}", failed[0].finding.message))
        } else {
            check(&with_names(&block), ScriptLimits::default())
        };
        let asked = ask_with(script, &[], &shop());
        assert!(asked.failed.is_none(), "{block}: {:?}", asked.failed);
    }
}

#[test]
fn every_call_of_the_guide_is_there_and_every_function_is_in_the_guide() {
    let calls = first_column(&guide(), "call");
    assert!(calls.len() > 35, "{calls:?}");
    let mut named = BTreeSet::new();
    for (call, _) in &calls {
        let asked =
            ask_with(check(&with_names(&format!("let result = {call};")), ScriptLimits::default()), &[], &shop());
        assert!(asked.failed.is_none(), "{call}: {:?}", asked.failed.map(|failed| failed.finding));
        named.extend(call.match_indices('(').map(|(end, _)| {
            let start = call[..end].rfind(|c: char| !c.is_ascii_lowercase() && c != '_').map_or(0, |at| at + 1);
            call[start..end].to_owned()
        }));
    }
    let missing: Vec<_> = functions_for_scripts().filter(|&name| !named.contains(name)).collect();
    assert_eq!(missing, [""; 0], "functions that the guide does not have");
    let known: BTreeSet<&str> = functions_for_scripts().collect();
    let unknown: Vec<_> = named
        .iter()
        .filter(|name| !known.contains(name.as_str()) && !matches!(name.as_str(), "" | "debug" | "print"))
        .collect();
    assert!(unknown.is_empty(), "functions that are not listed: {unknown:?}");
}

#[test]
fn the_tests_of_the_guide_can_be_run() {
    let guide = guide();
    let rule = read(&blocks(&guide, "rhai")[0], ScriptLimits::default());
    for block in blocks(&guide, "json") {
        let tested = Tests::read(&block).unwrap().run(&rule, |_| Err(std::io::ErrorKind::NotFound.into()));
        assert!(tested.is_passed(), "{:?}", tested.cases);
    }
}

#[test]
fn the_limits_of_the_guide_are_the_defaults() {
    let limits = first_column(&guide(), "limit");
    assert_eq!(
        limits.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
        ScriptLimits::ROWS.iter().map(|limit| limit.key).collect::<Vec<_>>()
    );
    let mut set = ScriptLimits { operations: 1, ..ScriptLimits::default() };
    for (key, value) in &limits {
        set.set(key, value).unwrap();
    }
    assert_eq!(set, ScriptLimits::default());
}
