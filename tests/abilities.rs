//! Components with rules, and importers, as a person uses them.

use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::Value;

const HOUSE_RULES: &[u8] = include_bytes!("fixtures/contract/0.1.1/house-rules.wasm");
const SHOP: &str = include_str!("fixtures/compose/shop.yml");

/// One service that connects to two others, which is more than one.
const DOCUMENT: &str = r#"{
  "name": "shop",
  "owners": { "team": { "name": "Team" } },
  "services": {
    "web": {
      "image": { "name": "web" },
      "connections": { "api": { "port": 80, "protocol": "http" }, "db": { "port": 81, "protocol": "http" } }
    },
    "api": { "image": { "name": "api" }, "exposes": [{ "port": 80, "protocol": "http" }] },
    "db": { "image": { "name": "db" }, "exposes": [{ "port": 81, "protocol": "http" }] }
  }
}
"#;

const RULE: &str = "house-rules/too-many-connections";

/// A project that has the component among its plugins, and allows one connection.
fn house() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("built/house_rules.wasm", HOUSE_RULES).write("system.json", DOCUMENT);
    workspace.run(&["plugins", "add", "built/house_rules.wasm"]).ends(0).says("added house-rules");
    workspace.write("spec-engine.toml", format!("[rules]\n\"{RULE}\" = {{ severity = \"error\", most = 1 }}\n"));
    workspace
}

#[test]
fn rules_of_a_component_are_set_and_reported_like_every_rule() {
    let workspace = house();
    let found = workspace.run(&["validate", "system.json"]).ends(1);
    assert!(found.stdout.contains(&format!("error[{RULE}]: `web` connects to 2 nodes, 1 are allowed")), "{found:?}");
    assert!(found.stdout.contains("--> system.json:5:5") && found.stdout.contains("help: Split it"), "{found:?}");
    let off = format!("{RULE}=off");
    assert!(!workspace.run(&["validate", "system.json", "--rule", &off]).ends(0).stdout.contains("house-rules"));
    workspace.run(&["rules", "list"]).ends(0).says(RULE).says(".spec-engine/plugins/house-rules.wasm");
    workspace.run(&["rules", "explain", RULE]).ends(0).says("`most` (integer, 10)").says("here: 1");
    workspace.run(&["plugins", "list"]).ends(0).says("rules    Rules of a house");
    workspace
        .run(&["plugins", "info", "house-rules"])
        .ends(0)
        .says("can         rules")
        .says("house-rules/shared-database");

    let sarif = workspace.run(&["validate", "system.json", "--output", "sarif"]).ends(1).stdout;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let result = sarif["runs"][0]["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == RULE);
    let region = &result.unwrap()["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&5.into(), &5.into()));

    workspace.run(&["validate", "system.json", "--update-baseline"]).ends(0);
    workspace.run(&["validate", "system.json", "--baseline"]).ends(0);
    let exception =
        format!("[[exceptions]]\nrule = \"{RULE}\"\nat = \"/services/web\"\nreason = \"it is the front\"\n");
    workspace.write("spec-engine.toml", format!("[rules]\n\"{RULE}\" = {{ most = 1 }}\n{exception}"));
    assert!(!workspace.run(&["validate", "system.json"]).ends(0).stdout.contains(RULE));
}

#[test]
fn a_setting_of_such_a_rule_is_checked_against_its_schema() {
    let workspace = house();
    for (setting, said) in [
        ("most = -1", "`most` of `house-rules/too-many-connections`: expected at least 0, found -1"),
        ("most = \"few\"", "expected type integer"),
        ("mots = 1", "did you mean `most`?"),
    ] {
        workspace.write("spec-engine.toml", format!("[rules]\n\"{RULE}\" = {{ {setting} }}\n"));
        workspace.run(&["validate", "system.json"]).ends(2).says(said).says("spec-engine.toml:2:");
    }
    workspace.write("spec-engine.toml", "[rules]\n\"house-rules/too-many\" = \"off\"\n");
    workspace.run(&["validate", "system.json"]).ends(2).says("there is no rule `house-rules/too-many`");
}

#[test]
fn rules_that_cannot_be_asked_do_not_go_unseen() {
    let workspace = house();
    let path = ".spec-engine/plugins/house-rules.wasm";
    let few = workspace.run(&["validate", "system.json", "--limit", "fuel=100"]).ends(2);
    assert!(few.stdout.contains("failed-rule") && few.stdout.contains("more than 100 instructions"), "{few:?}");
    assert!(few.stdout.contains(path) && few.stdout.contains("--limit house-rules.fuel=200"), "{few:?}");
    // The document's own findings are there all the same.
    assert!(few.stdout.contains("no-resources"), "{few:?}");
    // Something else in its place, be it without any rule.
    for other in [[HOUSE_RULES, b"\0"].concat(), include_bytes!("../plugins/dist/mermaid.wasm").to_vec()] {
        workspace.write(path, other);
        workspace.run(&["validate", "system.json"]).ends(2).says("differs from the one that was pinned");
    }
    std::fs::remove_file(workspace.path().join(path)).unwrap();
    workspace.run(&["validate", "system.json"]).ends(2).says("is pinned, and its file").says("is missing");
    workspace.run(&["plugins", "remove", "house-rules"]).ends(0);
    workspace.write(path, &HOUSE_RULES[..HOUSE_RULES.len() / 2]).write("spec-engine.toml", "");
    workspace.run(&["validate", "system.json", "--trust"]).ends(2).says("is truncated").says("copy it again");
}

#[test]
fn nothing_takes_the_place_of_rules_unseen() {
    let workspace = house();
    workspace.write(".spec-engine/plugins/house-rules.csv.tera", "x");
    workspace.run(&["validate", "system.json"]).ends(2).says("the rules of the plugin `house-rules` do not run");
    std::fs::remove_file(workspace.path().join(".spec-engine/plugins/house-rules.csv.tera")).unwrap();
    workspace.write("other/house-rules.wasm", include_bytes!("../plugins/dist/d2.wasm"));
    workspace
        .run(&["validate", "system.json", "--plugins-dir", "other"])
        .ends(2)
        .says("another plugin of this name comes first");
    // What a checkout without its large files leaves behind.
    workspace.write(".spec-engine/plugins/more.wasm", "version https://git-lfs.github.com/spec/v1\n");
    workspace.run(&["validate", "system.json"]).ends(2).says("the plugin `more` is not a WebAssembly component");
    let given = ["validate", "system.json", "--rules", "other/house-rules.wasm"];
    workspace.run(&given).ends(2).says("the plugin `house-rules` has no rules");
}

#[test]
fn what_sounds_like_a_secret_is_not_shown() {
    let workspace = Workspace::new();
    let compose = "services:\n  db:\n    image: b\n    environment: {DB_PASSWORD: hunter9, PGPASSWORD: 'h$unter2'}\n";
    workspace.write("a.yml", compose).write(".env.local", "TOKEN=hunter4\n");
    let ran = workspace.run(&["import", "compose", ".env.local", "a.yml"]).ends(0);
    assert!(ran.stderr.contains("a.yml:4:53") && ran.stderr.contains("DB_PASSWORD: *******"), "{ran:?}");
    assert!(
        !ran.stderr.contains("hunter") && !ran.stdout.contains("hunter") && !ran.stderr.contains("h$unter"),
        "{ran:?}"
    );
    let only = workspace.run(&["import", "compose", ".env.local"]).ends(1).says("only files of variables were named");
    assert!(!only.stderr.contains("hunter"), "{only:?}");
}

#[test]
fn a_component_with_rules_is_named_on_the_command_line() {
    let workspace = Workspace::new();
    workspace.write("house-rules.wasm", HOUSE_RULES).write("system.json", DOCUMENT);
    let rules = ["validate", "system.json", "--rules", "house-rules.wasm", "--output", "compact"];
    assert!(!workspace.run(&rules).ends(0).stdout.contains(RULE), "10 connections are allowed");
    workspace.write("spec-engine.toml", format!("[rules]\n\"{RULE}\" = {{ most = 1 }}\n"));
    workspace.run(&rules).ends(0).says("system.json:5:5: warning[house-rules/too-many-connections]");
    let used = workspace.run(&[&rules[..], &["--stats"]].concat()).ends(0).stderr;
    assert_eq!(
        used.lines().filter(|line| line.contains("house-rules: ") && line.contains("fuel")).count(),
        2,
        "{used}"
    );
    // To draw a document, rules of components do not run.
    workspace.run(&["render", "system.json", "--plugin", "house-rules.wasm"]).ends(2).says("does not render");
    assert_eq!(
        workspace.run(&["render", "system.json", "--plugin", "d2", "--stats"]).ends(0).stderr.matches("house").count(),
        0
    );
    workspace
        .run(&["validate", "system.json", "--rules", "nowhere.wasm"])
        .ends(2)
        .says("there is no plugin file nowhere.wasm");
}

#[test]
fn a_compose_file_becomes_a_document() {
    let workspace = Workspace::new();
    workspace.write("shop.yml", SHOP).write("over.yml", include_str!("fixtures/compose/shop.override.yml"));
    let ran = workspace.run(&["import", "compose", "shop.yml"]).ends(0);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&document["name"], &document["services"]["web"]["image"]["tag"]), (&"shop".into(), &"1.4".into()));
    assert!(ran.stderr.contains("warning[compose/unset-variable]") && ran.stderr.contains("shop.yml:19:21"), "{ran:?}");
    let out = workspace.run(&["import", "compose", "shop.yml", "over.yml", "-o", "made/system.json"]).ends(0);
    assert!(out.stdout.is_empty() && out.stderr.contains("wrote made/system.json: shop, "), "{out:?}");
    workspace.run(&["validate", "made/system.json"]).ends(0);
    workspace.run(&["render", "made/system.json", "--plugin", "mermaid"]).ends(0).says("flowchart LR");
    let stdin = workspace.run_with_stdin(&["import", "compose", "-"], SHOP.as_bytes()).ends(0);
    assert!(stdin.stdout == ran.stdout && stdin.stderr.contains("<stdin>:19:21"), "{stdin:?}");
    let marked = [b"\xef\xbb\xbf", SHOP.as_bytes()].concat();
    assert_eq!(workspace.run_with_stdin(&["import", "compose", "-"], &marked).ends(0).stdout, ran.stdout);
}

#[test]
fn an_importer_has_options_like_every_plugin() {
    let workspace = Workspace::new();
    workspace.write("a.yml", "services: {web: {image: nginx}, db: {image: postgres, profiles: [tools]}}\n");
    let name = |ran: crate::support::workspace::CommandRun| {
        serde_json::from_str::<Value>(&ran.ends(0).stdout).unwrap()["name"].clone()
    };
    assert_eq!(name(workspace.run(&["import", "compose", "a.yml"])), "system");
    workspace.write("spec-engine.toml", "[options.compose]\nname = \"of the project\"\nprofiles = \"none\"\n");
    let ran = workspace.run(&["import", "compose", "a.yml"]).ends(0);
    assert!(ran.stdout.contains("of the project") && !ran.stdout.contains("postgres"), "{ran:?}");
    assert_eq!(name(workspace.run(&["import", "compose", "a.yml", "--set", "name=given"])), "given");
    workspace.run(&["import", "compose", "a.yml", "--set", "nmae=x"]).ends(2).says("did you mean `name`?");
    workspace.run(&["import", "compose", "a.yml", "--set", "resources=maybe"]).ends(2).says("expected true or false");
    workspace.run(&["import", "compose", "a.yml", "--stats"]).ends(0).says("compose: ").says("compiled ahead of time");
}

#[test]
fn files_that_cannot_be_imported_are_told_with_their_line_and_nothing_is_written() {
    let workspace = Workspace::new();
    workspace
        .write("broken.yml", "services:\n  web: [\n")
        .write("none.yml", "volumes: {}\n")
        .write("bytes.yml", b"\xff\xff\0");
    for (file, code, place) in [
        ("broken.yml", "error[compose/broken-yaml]", "broken.yml:3:1"),
        ("none.yml", "error[compose/no-services]", "none.yml:1:1"),
        ("bytes.yml", "error[compose/not-text]", "bytes.yml:1:1"),
    ] {
        let ran = workspace.run(&["import", "compose", file, "-o", "out.json"]).ends(1).says("nothing was written");
        assert!(ran.stderr.contains(code) && ran.stderr.contains(place), "{ran:?}");
        assert!(!workspace.path().join("out.json").exists());
    }
    workspace.run(&["import", "compose", "nowhere.yml"]).ends(2).says("cannot read nowhere.yml");
    workspace.write("empty/notes.txt", "x").write("shop/compose.yaml", "services: {web: {image: 'w:1'}}\n");
    workspace.run(&["import", "compose", "shop"]).ends(0).says("\"web\"");
    workspace.run(&["import", "compose", "empty"]).ends(2).says("there is no file to import in empty");
    workspace.run(&["import", "compsoe", "none.yml"]).ends(2).says("did you mean `compose`?");
    workspace
        .run(&["import", "d2", "none.yml"])
        .ends(2)
        .says("the plugin `d2` does not import")
        .says("render --plugin d2");
    workspace.run(&["import", "svg", "none.yml"]).ends(2).says("the plugin `svg` does not import");
    workspace.run(&["render", PAYMENTS, "--plugin", "compose"]).ends(2).says("spec-engine import compose FILE");
    workspace
        .run(&["import", "compose", "none.yml", "--limit", "input-bytes=4"])
        .ends(2)
        .says("--limit compose.input-bytes=8");
    // A few lines of aliases that stand for billions of values.
    let bomb: String = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "))
    });
    workspace.write("bomb.yml", bomb);
    workspace.run(&["import", "compose", "bomb.yml"]).ends(1).says("more than 1000000 values");
}

/// What these files say was read by a person.
#[test]
fn compose_files_of_public_systems_become_what_they_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/compose/public");
    let expected = [
        (
            "elasticsearch-logstash-kibana",
            "logstash -> elasticsearch http:9200, kibana -> elasticsearch http:9200, 2 services, 1 resource",
        ),
        ("gitea-postgres", "gitea -> db sql:5432, 1 service, 1 resource"),
        ("nextcloud-redis-mariadb", "nc -> redis redis:6379, nc -> db sql:3306, 1 service, 2 resources"),
        ("nginx-flask-mysql", "proxy -> backend http:8000, backend -> db sql:3306, 2 services, 1 resource"),
        (
            "react-express-mongodb",
            "frontend -> backend http:3000, backend -> mongo mongodb:27017, 2 services, 1 resource",
        ),
    ];
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), expected.len());
    for (name, said) in expected {
        let workspace = Workspace::new();
        let file = folder.join(format!("{name}.yaml"));
        let out = workspace.run(&["import", "compose", file.to_str().unwrap(), "-o", "system.json"]).ends(0);
        let document = std::fs::read_to_string(workspace.path().join("system.json")).unwrap();
        assert!(!document.contains("PASSW"), "{document}");
        workspace.run(&["validate", "system.json"]).ends(0);
        let graph: Value = serde_json::from_str(&workspace.run(&["graph", "system.json"]).ends(0).stdout).unwrap();
        let label = |id: &Value| {
            let node = graph["nodes"].as_array().unwrap().iter().find(|node| node["id"] == *id).unwrap();
            node["label"].as_str().unwrap().to_owned()
        };
        for edge in graph["edges"].as_array().unwrap() {
            let [source, target] = [&edge["source"], &edge["target"]].map(label);
            let edge = format!("{source} -> {target} {}:{}", edge["protocol"].as_str().unwrap(), edge["port"]);
            assert!(said.contains(&edge), "{name}: {edge}");
        }
        let edges = graph["edges"].as_array().unwrap().len();
        assert_eq!(edges, said.matches("->").count(), "{name}");
        let [services, resources] = [said.rsplit(", ").nth(1), said.rsplit(", ").next()].map(Option::unwrap);
        assert!(out.stderr.contains(services) && out.stderr.contains(resources), "{out:?}");
    }
}
