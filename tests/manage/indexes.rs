//! Plugins of indexes: found, added, updated, in packs, and never from elsewhere than they came from.

use serde_json::{Value, json};

use super::{MERMAID, files, lock, sum};
use crate::support::server::{Server, nothing, ok};
use crate::support::workspace::{PAYMENTS, Workspace};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/index");

/// A workspace whose project names the index of the examples, which is in it.
fn with_example() -> Workspace {
    let workspace = Workspace::new();
    copy(EXAMPLE.as_ref(), &workspace.path().join("index"));
    workspace.write("spec-engine.toml", "indexes = [\"index\"]\n");
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let to = to.join(entry.file_name().unwrap());
        if entry.is_dir() { copy(&entry, &to) } else { std::fs::copy(&entry, to).map(|_| ()).unwrap() }
    }
}

/// What the project has of plugins.
fn own(workspace: &Workspace) -> Vec<String> {
    files(workspace).into_iter().filter(|file| file.starts_with(".spec-engine")).collect()
}

/// An entry of an index: a template of some versions, each with its text.
pub fn template(name: &str, versions: &[(&str, &str)]) -> Value {
    let versions: Vec<Value> = versions
        .iter()
        .map(|(version, text)| {
            let file = json!({"source": format!("{name}-{version}.tera"), "sha256": sum(text.as_bytes())});
            json!({"version": version, "files": {format!("{name}.txt.tera"): file}})
        })
        .collect();
    json!({"kind": "template", "summary": format!("The text {name}"), "versions": versions})
}

#[test]
fn the_lock_says_name_version_source_and_sum() {
    let workspace = with_example();
    workspace.run(&["plugins", "add", "service-list@1.0.0"]).ends(0).says("added service-list 1.0.0, template");
    let text = std::fs::read(workspace.path().join("index/service-list/1.0.0.md.tera")).unwrap();
    let expected = format!(
        "[plugin.service-list]\nversion = \"1.0.0\"\nsource = \"index/service-list/1.0.0.md.tera\"\nindex = \
         \"index\"\n\n[plugin.service-list.sha256]\n\".spec-engine/templates/service-list.md.tera\" = \"{}\"\n",
        sum(&text)
    );
    assert!(lock(&workspace).ends_with(&expected), "{}", lock(&workspace));
    workspace.run(&["render", "s.json", "--plugin", "service-list"]).ends(0).says("- api-gateway");
    workspace.run(&["plugins", "verify"]).ends(0).says("as pinned");
    // A component says its version itself.
    workspace.write("m.wasm", MERMAID);
    workspace.run(&["plugins", "add", "m.wasm"]).ends(0).says("added m 0.1.0, component");
    assert!(
        lock(&workspace).contains("[plugin.m]\nversion = \"0.1.0\"\nsource = \"m.wasm\"\n"),
        "{}",
        lock(&workspace)
    );
}

#[test]
fn what_is_outdated_is_listed_and_updated() {
    let workspace = with_example();
    workspace.write("m.wasm", MERMAID);
    workspace.run(&["plugins", "outdated"]).ends(0).says("nothing is pinned");
    workspace.run(&["plugins", "add", "service-list@1.0.0"]).ends(0);
    workspace.run(&["plugins", "add", "m.wasm"]).ends(0);
    let outdated = workspace.run(&["plugins", "outdated"]).ends(1);
    let row = "service-list: 1.0.0 -> 1.1.0: spec-engine plugins update service-list; 2.0.0 may break what uses it";
    outdated.says(row).says("m: comes from m.wasm: nobody lists its versions").says("1 of 2 plugins may be updated");

    // By itself it goes as far as nothing breaks.
    workspace.run(&["plugins", "update"]).ends(0).says("replaced service-list 1.1.0, template");
    workspace.run(&["render", "s.json", "--plugin", "service-list"]).ends(0).says("# Services of payments-platform");
    workspace.run(&["plugins", "update"]).ends(0).says("is the newest");
    let row = "1.1.0 -> 2.0.0, which may break what uses it: spec-engine plugins update service-list@2.0.0";
    workspace.run(&["plugins", "outdated"]).ends(1).says(row);
    workspace.run(&["plugins", "update", "service-list@2"]).ends(0).says("replaced service-list 2.0.0");
    workspace.run(&["render", "s.json", "--plugin", "service-list"]).ends(0).says("| Services of payments-platform |");
    workspace.run(&["plugins", "outdated"]).ends(0).says("service-list: 2.0.0 is the newest");
    workspace.run(&["plugins", "update", "service-list@1.0.0"]).ends(0).says("replaced service-list 1.0.0");

    workspace.run(&["plugins", "update", "m"]).ends(2).says("nobody lists its versions").says("plugins add");
    workspace.run(&["plugins", "update", "servcie-list"]).ends(2).says("did you mean `service-list`?");
    workspace.run(&["plugins", "update", "service-list@9"]).ends(2).says("index has no service-list that fits ^9");
    workspace.run(&["plugins", "add", "service-list@1.5.0"]).ends(2).says("it has 2.0.0, 1.1.0, 1.0.0");
    workspace.run(&["plugins", "add", "service-list@one"]).ends(2).says("`one` is no version").says("1.2.0");
    workspace.run(&["plugins", "add", "servce-list"]).ends(2).says("did you mean `service-list`?");
    workspace.run(&["plugins", "add", "service-list", "--name", "x"]).ends(2).says("leave out --name");
}

#[test]
fn a_pack_brings_its_plugins_and_takes_them_away() {
    let workspace = with_example();
    let added = workspace.run(&["plugins", "add", "house"]).ends(0).says("the pack house 1.0.0 has");
    added.says("added service-list 1.1.0, template").says("added plain-http 1.0.0, rule");
    let brought = [
        ".spec-engine/rules/_teams.rhai",
        ".spec-engine/rules/plain-http.rhai",
        ".spec-engine/rules/plain-http.test.json",
        ".spec-engine/templates/service-list.md.tera",
    ];
    assert_eq!(own(&workspace), brought);
    assert!(lock(&workspace).contains("[pack.house]\nversion = \"1.0.0\"\n"), "{}", lock(&workspace));
    workspace.run(&["rules", "list"]).ends(0).says("acme/plain-http");
    workspace.run(&["rules", "test"]).ends(0);
    workspace.run(&["plugins", "verify"]).ends(0).says("2 plugins: every file is as pinned");
    // The pack asks for 1.x: there is nothing newer for it.
    workspace.run(&["plugins", "update"]).ends(0).says("is the newest");

    // Its next version brings another plugin in the place of one.
    let path = workspace.path().join("index/index.json");
    let mut index: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let versions = index["plugins"]["house"]["versions"].as_array_mut().unwrap();
    versions.push(json!({"version": "1.1.0", "plugins": {"service-list": "^2"}}));
    workspace.write("index/index.json", index.to_string());
    workspace.run(&["plugins", "outdated"]).ends(1).says("house: 1.0.0 -> 1.1.0");
    workspace.run(&["plugins", "update"]).ends(0).says("replaced service-list 2.0.0");
    assert_eq!(own(&workspace), [".spec-engine/templates/service-list.md.tera"]);

    workspace.run(&["plugins", "remove", "house"]).ends(0).says("house is not pinned any more");
    assert_eq!(own(&workspace), Vec::<String>::new());
    workspace.run(&["plugins", "verify"]).ends(0).says("nothing is pinned");
    // What was added from elsewhere is not replaced unseen.
    workspace.write("service-list.md.tera", "mine");
    workspace.run(&["plugins", "add", "./service-list.md.tera"]).ends(0);
    let before = lock(&workspace);
    workspace.run(&["plugins", "add", "house"]).ends(2).says("is pinned from ./service-list.md.tera");
    assert_eq!(lock(&workspace), before);
}

#[test]
fn search_lists_what_the_indexes_have() {
    let workspace = with_example();
    let all = workspace.run(&["plugins", "search"]).ends(0);
    for row in ["service-list  template   2.0.0", "plain-http    rule       1.0.0", "house         pack       1.0.0"] {
        assert!(all.stdout.contains(row), "{row} is not in {}", all.stdout);
    }
    let found = workspace.run(&["plugins", "search", "ENCRYPTION"]).ends(0).says("plain-http");
    assert!(!found.stdout.contains("house"), "{found:?}");
    workspace.run(&["plugins", "search", "zebra"]).ends(0).says("no plugin in index matches `zebra`");
    workspace.run(&["plugins", "add", "service-list@1.0.0"]).ends(0);
    workspace.run(&["plugins", "search", "list"]).ends(0).says("(pinned: 1.0.0)");
    workspace.write("spec-engine.toml", "");
    for command in [&["plugins", "search"][..], &["plugins", "add", "house"]] {
        workspace.run(command).ends(2).says("the project names none").says("indexes = [");
    }
    let missing = workspace.run(&["plugins", "outdated"]).ends(2).says("does not name the index `index`");
    missing.says("indexes = [\"index\"]").says("--index index");
    workspace.run(&["plugins", "search", "--index", "index"]).ends(0).says("service-list");
}

#[test]
fn an_index_is_read_over_http_and_names_others() {
    let workspace = Workspace::new();
    let server = Server::start(|_, asked| match asked.path.as_str() {
        "/all/index.json" => ok(json!({"version": 1, "indexes": ["team/more.json"]}).to_string().as_bytes()),
        "/all/team/more.json" => {
            ok(json!({"version": 1, "plugins": {"page": template("page", &[("1.0.0", "a page")])}})
                .to_string()
                .as_bytes())
        }
        "/all/team/page-1.0.0.tera" => ok(b"a page"),
        _ => nothing(),
    });
    let index = format!("http://ann:secret@{}/all/?key=secret", server.host);
    workspace.run(&["plugins", "search", "--index", &index]).ends(0).says("page  template   1.0.0");
    workspace.run(&["plugins", "add", "page", "--index", &index]).ends(0).says("added page 1.0.0");
    let lock = lock(&workspace);
    assert!(lock.contains(&format!("index = \"http://{}/all/index.json\"", server.host)), "{lock}");
    assert!(lock.contains(&format!("source = \"http://{}/all/team/page-1.0.0.tera\"", server.host)), "{lock}");
    assert!(!lock.contains("secret") && !lock.contains("ann"), "{lock}");

    // What is drawn and checked asks nobody.
    let asked = server.asked().len();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace.write("spec-engine.toml", format!("indexes = [\"https://{0}/\", \"oci://{0}/x\"]\n", server.host));
    workspace.run(&["render", "s.json", "--plugin", "page"]).ends(0).says("a page");
    workspace.run(&["validate", "s.json"]).ends(0);
    for command in [&["rules", "list"][..], &["graph", "s.json"], &["plugins", "list"], &["plugins", "verify"]] {
        workspace.run(command).ends(0);
    }
    workspace.run(&["plugins", "remove", "page"]).ends(0);
    assert_eq!(server.asked().len(), asked, "{:?}", server.asked());
}

#[test]
fn a_name_is_taken_from_the_first_index_and_stays_there() {
    let workspace = Workspace::new();
    for (folder, text, versions) in [("ours", "ours", &["1.0.0"][..]), ("theirs", "theirs", &["1.0.0", "1.9.0"])] {
        let versions: Vec<(&str, &str)> = versions.iter().map(|version| (*version, text)).collect();
        for (version, text) in &versions {
            workspace.write(&format!("{folder}/page-{version}.tera"), text);
        }
        let index = json!({"version": 1, "plugins": {"page": template("page", &versions)}});
        workspace.write(&format!("{folder}/index.json"), index.to_string());
    }
    workspace.write("spec-engine.toml", "indexes = [\"ours\", \"theirs\"]\n");
    workspace.run(&["plugins", "add", "page"]).ends(0).says("added page 1.0.0");
    workspace.run(&["plugins", "outdated"]).ends(0).says("page: 1.0.0 is the newest");
    workspace.run(&["plugins", "update", "page"]).ends(0).says("was there already: page 1.0.0");
    // The index that it came from is gone: another one does not take its place.
    workspace.write("spec-engine.toml", "indexes = [\"theirs\"]\n");
    for command in [&["plugins", "outdated"][..], &["plugins", "update"], &["plugins", "update", "page"]] {
        workspace.run(command).ends(2).says("does not name the index `ours`");
    }
    assert!(lock(&workspace).contains("index = \"ours\""));
}

#[test]
fn a_component_needs_a_contract_that_this_host_has() {
    let workspace = Workspace::new();
    let release = |version: &str, contract: &str| json!({"version": version, "contract": contract, "files": {"m.wasm": {"source": "m.wasm", "sha256": sum(MERMAID)}}});
    let versions = [release("1.0.0", "0.1.0"), release("2.0.0", "0.99.0")];
    let index = json!({"version": 1, "plugins": {"m": {"kind": "component", "versions": versions}}});
    workspace.write("i/index.json", index.to_string()).write("i/m.wasm", MERMAID);
    workspace.run(&["plugins", "add", "m", "--index", "i"]).ends(0).says("added m 1.0.0, component");
    workspace.run(&["plugins", "outdated", "--index", "i"]).ends(0).says("m: 1.0.0 is the newest");
    let refused = workspace.run(&["plugins", "add", "m@2", "--index", "i"]).ends(2);
    refused.says("m 2.0.0 needs version 0.99.0 of the contract").says("use a newer spec-engine, or add m@1.0.0");
}
