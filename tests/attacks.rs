//! Documents and project files that try to take the machine: the command has to end, soon and small.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, json};

use crate::support::measured::measured;
use crate::support::workspace::{PAYMENTS, Workspace};

/// Ten times what any of them takes on a machine that has nothing else to do.
const MOST: Duration = Duration::from_secs(120);

#[test]
fn exceptions_with_stars_take_no_memory() {
    let workspace = Workspace::new();
    workspace.write("payments.json", std::fs::read(PAYMENTS).unwrap());
    let mut project = String::new();
    for index in 0..20_000 {
        let at = format!("/services/*{index}*/image");
        write!(project, "[[exceptions]]\nrule = \"unpinned-image\"\nat = \"{at}\"\nreason = \"x\"\n").unwrap();
    }
    // The one that is needed is the last.
    project += "[[exceptions]]\nrule = \"unpinned-image\"\nat = \"/services/**\"\nreason = \"x\"\n";
    workspace.write("spec-engine.toml", project);
    let ran = measured(&workspace, &["validate", "payments.json"], MOST);
    assert!(ran.peak < 400, "{} MiB", ran.peak);
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("[unpinned-image]"), "{}", ran.stdout);
}

#[test]
fn long_names_get_no_suggestion_and_take_no_time() {
    for (length, services, wrong) in [(100_000, 2, 50), (2_000_000, 5, 2), (250, 4_000, 100)] {
        let name = |index: usize| format!("{}{index:05}", "ab".repeat(length / 2));
        let service = |index: usize| {
            let connections = if index == 0 {
                (0..wrong).map(|other| (name(90_000 + other), json!({ "port": 1, "protocol": "x" }))).collect()
            } else {
                Map::new()
            };
            (name(index), json!({ "image": { "name": "x", "tag": "1" }, "connections": connections }))
        };
        let document = json!({ "name": "x", "services": (0..services).map(service).collect::<Map<_, _>>() });
        let workspace = Workspace::new();
        workspace.write("x.json", document.to_string());
        let ran = measured(&workspace, &["validate", "x.json"], MOST);
        assert_eq!(ran.status, 1, "{}", ran.stderr);
        assert!(ran.stdout.contains("unknown-connection-target") || ran.stderr.contains("unknown-connection-target"));
    }
}
