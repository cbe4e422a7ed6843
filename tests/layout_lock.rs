//! `layout.lock`: where a layout is kept, nodes stay in their places; what is wrong with the file is told.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::pictures::middles;
use crate::support::workspace::Workspace;

const EXAMPLES: [&str; 3] = ["payments", "boutique", "otel"];

fn example(name: &str) -> Value {
    let path = format!("{}/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A workspace whose picture of a document is kept.
fn keeping(document: &Value, more: &[&str]) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("s.json", document.to_string());
    draw(&workspace, &[&["--keep-layout"], more].concat()).ends(0).says("layout.lock keeps");
    workspace
}

fn draw(workspace: &Workspace, more: &[&str]) -> crate::support::workspace::CommandRun {
    workspace.run(&[&["render", "s.json", "-o", "s.svg", "--allow-errors"], more].concat())
}

fn picture(workspace: &Workspace) -> String {
    fs::read_to_string(workspace.path().join("s.svg")).unwrap()
}

/// What the table of stability changes in a document.
fn changes(document: &Value) -> Vec<(&'static str, Value)> {
    let names: Vec<&String> = document["services"].as_object().unwrap().keys().collect();
    let (first, second) = (names[0], names[1]);
    let (mut service, mut leaf, mut connection) = (document.clone(), document.clone(), document.clone());
    let (mut reverse, mut gone) = (document.clone(), document.clone());
    service["services"]["a-new-one"] = json!({
        "image": { "name": "new" }, "connections": { first: { "port": 8080, "protocol": "http" } },
    });
    if let Some(owner) = document["services"][first].get("owner") {
        service["services"]["a-new-one"]["owner"] = owner.clone();
    }
    leaf["services"][first]["resources"] = json!({ "redis": [{ "name": "new-cache" }] });
    let is_new =
        |name: &&&String| document["services"][second]["connections"].get(**name).is_none() && **name != second;
    let target = names.iter().rev().find(is_new).unwrap();
    connection["services"][second]["connections"][target.as_str()] = json!({ "port": 9999, "protocol": "grpc" });
    let services = document["services"].as_object().unwrap().clone();
    reverse["services"] = services.into_iter().rev().collect::<serde_json::Map<_, _>>().into();
    gone["services"].as_object_mut().unwrap().remove(*names.last().unwrap());
    vec![("service", service), ("leaf", leaf), ("connection", connection), ("reverse", reverse), ("gone", gone)]
}

/// The nodes that stand elsewhere than before.
fn moved(before: &BTreeMap<String, (f64, f64)>, after: &BTreeMap<String, (f64, f64)>) -> Vec<String> {
    let is_moved =
        |id: &&String| after.get(*id).is_some_and(|now| (now.0 - before[*id].0).hypot(now.1 - before[*id].1) > 0.3);
    before.keys().filter(is_moved).cloned().collect()
}

#[test]
fn nothing_moves_that_was_there() {
    for name in EXAMPLES {
        let document = example(name);
        let workspace = keeping(&document, &[]);
        let kept = picture(&workspace);
        draw(&workspace, &[]).ends(0);
        assert_eq!(picture(&workspace), kept, "{name}: the same document is the same picture");
        let before = middles(&kept);
        for (change, changed) in changes(&document) {
            workspace.write("s.json", changed.to_string());
            draw(&workspace, &[]).ends(0);
            assert_eq!(moved(&before, &middles(&picture(&workspace))), [""; 0], "{name} {change}");
        }
    }
}

#[test]
fn each_drawing_has_places_of_its_own() {
    let document = example("payments");
    let workspace = keeping(&document, &["--group-by", "provider"]);
    let (by_provider, first) = (picture(&workspace), lock(&workspace));
    for more in [&["--group-by", "none"][..], &["--set", "direction=down"], &["--focus", "payments-service"]] {
        draw(&workspace, &[more, &["--keep-layout"]].concat()).ends(0);
        assert!(lock(&workspace).len() > first.len(), "{more:?}");
        draw(&workspace, &["--group-by", "provider"]).ends(0);
        assert_eq!(picture(&workspace), by_provider, "{more:?}");
    }
    assert_eq!(lock(&workspace).matches("[[drawing]]").count(), 4);
    let kept = lock(&workspace);
    draw(&workspace, &["--group-by", "provider", "--fresh-layout", "--keep-layout"]).ends(0);
    assert_eq!(lock(&workspace), kept, "the other drawings stay");
}

fn lock(workspace: &Workspace) -> String {
    fs::read_to_string(workspace.path().join("layout.lock")).unwrap()
}

#[test]
fn to_keep_it_again_adds_what_is_new_and_removes_what_is_gone() {
    let document = example("boutique");
    let workspace = keeping(&document, &[]);
    let before = lock(&workspace);
    draw(&workspace, &["--keep-layout"]).ends(0).says("0 new, 0 gone");
    assert_eq!(lock(&workspace), before, "what is kept stays as it was written");
    let service = changes(&document).swap_remove(0).1;
    workspace.write("s.json", service.to_string());
    draw(&workspace, &["--keep-layout"]).ends(0).says("1 new, 0 gone");
    let lines = |text: &str| text.lines().filter(|line| line.contains('[')).map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(&before), lines(&lock(&workspace)));
    let added: Vec<&String> = new.iter().filter(|line| line.starts_with("\"svc:") && !old.contains(line)).collect();
    assert!(added.len() == 1 && added[0].starts_with("\"svc:a-new-one\" = ["), "{added:?}");
    workspace.write("s.json", document.to_string());
    draw(&workspace, &["--keep-layout"]).ends(0).says("0 new, 1 gone");
}

#[test]
fn a_fresh_layout_is_as_without_the_file() {
    let document = example("payments");
    let workspace = keeping(&document, &[]);
    let leaf = changes(&document).swap_remove(1).1;
    workspace.write("s.json", leaf.to_string());
    draw(&workspace, &["--fresh-layout"]).ends(0);
    let fresh = picture(&workspace);
    fs::remove_file(workspace.path().join("layout.lock")).unwrap();
    draw(&workspace, &[]).ends(0);
    assert_eq!(picture(&workspace), fresh);
}

#[test]
fn the_page_and_pixels_stand_as_the_picture_does() {
    let document = example("payments");
    let workspace = keeping(&document, &[]);
    workspace.write("s.json", changes(&document).swap_remove(0).1.to_string());
    draw(&workspace, &[]).ends(0);
    let inner = |text: &str| {
        let start = text.find("<svg").unwrap();
        middles(&text[start..start + text[start..].find("</svg>").unwrap() + 6])
    };
    workspace.run(&["render", "s.json", "-o", "s.html"]).ends(0);
    let page = fs::read_to_string(workspace.path().join("s.html")).unwrap();
    assert_eq!(inner(&page), middles(&picture(&workspace)));
    for format in ["png", "pdf"] {
        let file = format!("s.{format}");
        let fresh = format!("fresh.{format}");
        workspace.run(&["render", "s.json", "-o", &file]).ends(0);
        workspace.run(&["render", "s.json", "-o", &fresh, "--fresh-layout"]).ends(0);
        let read = |name: &str| fs::read(workspace.path().join(name)).unwrap();
        assert_ne!(read(&file), read(&fresh), "{format}");
    }
}

#[test]
fn a_damaged_file_is_told_and_a_picture_is_drawn() {
    let document = example("payments");
    let workspace = keeping(&document, &[]);
    let whole = lock(&workspace);
    let line = whole.lines().find(|line| line.starts_with("\"svc:")).unwrap();
    let place = line.split(" = ").nth(1).unwrap();
    for (damage, says) in [
        (String::new(), "version"),
        ("\u{0}\u{1}".to_owned(), "layout.lock"),
        (whole.replace("version = 1", "version = 9"), "version 9"),
        (whole.replace(line, &format!("<<<<<<< HEAD\n{line}")), "layout.lock"),
        (whole.replace(line, &format!("{line}\n{line}")), "duplicate key"),
        (whole.replace(line, &line.replace(place, "[nan, inf]")), "float"),
        (whole.replace(line, &line.replace(place, "[99999999, 4]")), "is on no sheet"),
        (whole.replace(line, &line.replace(place, "[1, 99999999999999999999]")), "layout.lock"),
        (whole.replace("[[drawing]]", "[[drawing]]\nunknown = 3"), "unknown"),
        ("[".repeat(100_000), "layout.lock"),
        (format!("{whole}#{}", "x".repeat(9 << 20)), "more than"),
    ] {
        workspace.write("layout.lock", &damage);
        fs::remove_file(workspace.path().join("s.svg")).unwrap();
        draw(&workspace, &[]).ends(2).says(says).says("--fresh-layout --keep-layout");
        assert!(picture(&workspace).contains("</svg>"), "{says}");
        draw(&workspace, &["--keep-layout"]).ends(2).says("layout.lock");
        assert_eq!(lock(&workspace), damage, "what is damaged is not replaced");
    }
    draw(&workspace, &["--fresh-layout", "--keep-layout"]).ends(0);
    assert_eq!(lock(&workspace), whole);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_the_project_is_not_read() {
    let workspace = keeping(&example("payments"), &[]);
    let path = workspace.path().join("layout.lock");
    let outside = Workspace::new();
    outside.write("layout.lock", lock(&workspace));
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(outside.path().join("layout.lock"), &path).unwrap();
    draw(&workspace, &[]).ends(2).says("leads out of the project's folder");
    draw(&workspace, &["--keep-layout", "--fresh-layout"]);
    let kept = fs::read_to_string(outside.path().join("layout.lock")).unwrap();
    assert!(kept.contains("[[drawing]]"), "nothing is written through a link");
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    draw(&workspace, &[]).ends(2).says("it is not a regular file");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    draw(&workspace, &[]).ends(2).says("layout.lock");
}

#[test]
fn places_of_another_system_are_told_and_stay() {
    let workspace = keeping(&example("payments"), &[]);
    let boutique = example("boutique");
    workspace.write("s.json", boutique.to_string());
    let name = boutique["name"].as_str().unwrap();
    draw(&workspace, &[]).ends(0).says(&format!("not of `{name}`")).says("--keep-layout");
    draw(&workspace, &["--keep-layout"]).ends(0);
    assert_eq!(lock(&workspace).matches("[[drawing]]").count(), 2);
}

#[test]
fn what_has_no_layout_keeps_none() {
    let workspace = Workspace::new();
    workspace.write("s.json", example("payments").to_string());
    workspace.run(&["render", "s.json", "--plugin", "d2", "--keep-layout"]).ends(2).says("pictures have a layout");
    assert!(!workspace.path().join("layout.lock").exists());
}

/// The nodes that stand elsewhere, seen from the first that stays: what is new above or left of all begins the sheet.
fn moved_apart(before: &BTreeMap<String, (f64, f64)>, after: &BTreeMap<String, (f64, f64)>) -> Vec<String> {
    let shift = before.iter().find_map(|(id, then)| Some((after.get(id)?.0 - then.0, after[id].1 - then.1)));
    let (x, y) = shift.unwrap_or_default();
    let shifted = before.iter().map(|(id, then)| (id.clone(), (then.0 + x, then.1 + y))).collect();
    moved(&shifted, after)
}

#[test]
fn a_diagram_of_changes_stands_where_the_picture_is_kept() {
    let mut standing = 0;
    for name in EXAMPLES {
        let document = example(name);
        let workspace = keeping(&document, &[]);
        let before = middles(&picture(&workspace));
        workspace.write("old.json", document.to_string());
        for (change, changed) in changes(&document) {
            workspace.write("s.json", changed.to_string());
            let diff = ["diff", "old.json", "s.json", "--plugin", "svg", "--all", "--allow-errors", "-o", "d.svg"];
            let ran = workspace.run(&diff).ends(0);
            let drawn = fs::read_to_string(workspace.path().join("d.svg")).unwrap();
            let moved = moved_apart(&before, &middles(&drawn));
            // What changed is worth more than a place: where its label has no room, nodes give way, and that is told.
            assert!(moved.is_empty() || ran.stderr.contains("moved to make room"), "{name} {change}: {moved:?}");
            standing += usize::from(moved.is_empty());
        }
    }
    assert!(standing >= 12, "{standing} of 15");
}

#[test]
fn a_damaged_file_is_told_where_changes_are_drawn() {
    let workspace = keeping(&example("payments"), &[]);
    workspace.write("layout.lock", "<<<<<<< ours");
    let diff = ["diff", "s.json", "s.json", "--plugin", "svg", "-o", "d.svg"];
    workspace.run(&diff).ends(2).says("cannot read layout.lock");
    assert!(workspace.path().join("d.svg").exists());
    workspace.run(&[&diff[..], &["--fresh-layout"]].concat()).ends(0);
    let drift = ["drift", "s.json", "--from", "compose", "compose.yaml", "--fresh-layout"];
    for command in [&["diff", "s.json", "s.json", "--fresh-layout"][..], &drift] {
        workspace.run(command).ends(2).says("--fresh-layout needs a renderer");
    }
}
