//! `drift` and `import --into` as people use them: with files of docker-compose and Kubernetes, of real systems, too.

use serde_json::{Value, json};

use crate::support::workspace::{CommandRun, Workspace};

const PUBLIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/kubernetes/public");

const COMPOSE: &str = "services:
  web:
    image: acme/web:1.4
    ports: ['8080:80']
    environment: {API_URL: 'http://api:9000'}
  api:
    image: acme/api:2.0
    expose: ['9000']
";

/// A document of COMPOSE that people edited.
const DOCUMENT: &str = r#"{
  "name": "shop",
  "owners": { "team": { "name": "Team" } },
  "services": {
    "web": {
      "description": "the shop window", "owner": "team",
      "image": { "name": "acme/web", "tag": "1.3" },
      "exposes": [ { "port": 80, "protocol": "http" } ],
      "connections": { "api": { "port": 9000, "protocol": "grpc" } }
    },
    "api": {
      "image": { "name": "acme/api", "tag": "2.0" }, "envVars": { "url": "API_URL" },
      "exposes": [ { "port": 9000, "protocol": "grpc" } ]
    },
    "old": { "image": { "name": "acme/old", "tag": "1" }, "exposes": [ { "port": 1, "protocol": "tcp" } ] }
  }
}
"#;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("compose.yaml", COMPOSE).write("system.json", DOCUMENT);
    workspace
}

fn read(workspace: &Workspace) -> String {
    std::fs::read_to_string(workspace.path().join("system.json")).expect("it is there")
}

fn drift(workspace: &Workspace, more: &[&str]) -> CommandRun {
    let drift = ["drift", "system.json", "--covers", "services", "--from", "compose", "compose.yaml"];
    workspace.run(&[&drift[..], more].concat())
}

fn json_of(ran: &CommandRun) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn an_import_brings_a_document_up_to_date_in_place() {
    let workspace = workspace();
    let into = ["import", "compose", "compose.yaml", "--into", "system.json", "--covers", "services"];
    let shown = workspace.run(&[&into[..], &["--diff"]].concat()).ends(0).says("image tag: `1.3` -> `1.4`");
    assert!(shown.stderr.contains("warning[import/gone]") && shown.stderr.contains("system.json:15:5"), "{shown:?}");
    assert_eq!(read(&workspace), DOCUMENT, "nothing was written");
    workspace.run(&into).ends(0).says("the files do not show the service `old`").says("brought system.json up to date");
    assert_eq!(read(&workspace), DOCUMENT.replace("1.3", "1.4"));
    workspace.run(&into).ends(0).says("system.json is up to date");
    workspace.run(&[&into[..], &["--prune"]].concat()).ends(0);
    let document = read(&workspace);
    assert!(!document.contains("acme/old") && document.contains("the shop window"), "{document}");
    workspace.run(&["validate", "system.json"]).ends(0);
    drift(&workspace, &[]).ends(0).says("0 only in the document, 0 only in reality, 0 different");
}

#[test]
fn what_cannot_be_brought_up_to_date_stays_as_it_is() {
    let workspace = workspace();
    let into = ["import", "compose", "compose.yaml", "--into", "bad.json"];
    for (text, place) in [
        ("{\n  // a comment\n  \"name\": \"s\"}", "bad.json:2:3"),
        ("{\"name\": \"s\",\n \"services\": {\"a\": {\"imge\": {}}}}", "bad.json:2"),
        ("{\"name\": \"s\"", "bad.json:1"),
    ] {
        workspace.write("bad.json", text);
        workspace.run(&into).ends(2).says(place).says("is left as it is");
        assert_eq!(std::fs::read_to_string(workspace.path().join("bad.json")).unwrap(), text);
    }
    workspace.write("broken.yaml", "services: [\n");
    workspace.run(&["import", "compose", "broken.yaml", "--into", "system.json"]).ends(1).says("is left as it is");
    workspace
        .run(&["import", "compose", "compose.yaml", "--into", "nowhere.json"])
        .ends(2)
        .says("there is no document");
    workspace.run(&["import", "compose", "compose.yaml", "--into", "-"]).ends(2).says("name a file");
    workspace.run(&["import", "compose", "compose.yaml", "--prune"]).ends(2).says("--into");
    assert_eq!(read(&workspace), DOCUMENT);
}

#[test]
fn an_import_that_is_killed_leaves_the_document_whole() {
    let workspace = workspace();
    let document = |tag: u8| {
        let one = |number: u32| {
            format!("    \"s{number}\": {{ \"image\": {{ \"name\": \"acme/s{number}\", \"tag\": \"{tag}\" }} }}")
        };
        let services = (0..2_000).map(one).collect::<Vec<_>>().join(",\n");
        format!("{{\n  \"name\": \"big\",\n  \"services\": {{\n{services}\n  }}\n}}\n")
    };
    let (old, new) = (document(1), document(2));
    let files: String = (0..2_000).map(|number| format!("  s{number}: {{image: 'acme/s{number}:2'}}\n")).collect();
    workspace.write("big.yaml", format!("services:\n{files}"));
    let read = || std::fs::read_to_string(workspace.path().join("big.json")).expect("the document is there");
    let mut killed = 0;
    let mut delay = std::time::Duration::from_millis(10);
    loop {
        workspace.write("big.json", &old);
        let mut command = workspace.command(&["import", "compose", "big.yaml", "--into", "big.json"]);
        let mut child = command.stderr(std::process::Stdio::null()).spawn().expect("the command starts");
        std::thread::sleep(delay);
        child.kill().expect("it can be killed");
        if child.wait().expect("it ends").success() {
            break;
        }
        let now = read();
        assert!(now == old || now == new, "after {delay:?} the document has {} bytes", now.len());
        (killed, delay) = (killed + 1, delay * 3 / 2);
    }
    assert_eq!((read() == new, killed > 2), (true, true), "{killed}");
}

#[test]
fn names_and_what_stays_are_written_in_the_project_file() {
    let workspace = workspace();
    workspace.write(
        "compose.yaml",
        COMPOSE.replace("api:2.0", "api:2.1").replace("  api:", "  backend:").replace("//api", "//backend"),
    );
    let into = ["import", "compose", "compose.yaml", "--into", "system.json", "--covers", "services"];
    workspace.run(&into).ends(0).says("[import.names] \"backend\" = \"api\"");
    assert!(!read(&workspace).contains("backend"), "it is asked for first");
    let project = "[import.names]\nbackend = \"api\"\n\n[[import.ignore]]\nat = \"/services/old\"\nis = \"missing\"\n\
                   reason = \"it runs on the old machine\"\nuntil = 2999-12-31\n";
    workspace.write("spec-engine.toml", project);
    let ran = workspace.run(&into).ends(0);
    assert!(!ran.stderr.contains("old") && !ran.stderr.contains("import.names"), "{ran:?}");
    assert_eq!(read(&workspace), DOCUMENT.replace("1.3", "1.4").replace("2.0", "2.1"));
    drift(&workspace, &[]).ends(0).says("1 ignored");
    // A rule whose day is over ignores nothing, and says so.
    workspace.write("spec-engine.toml", project.replace("2999", "1999"));
    drift(&workspace, &["--fail-on", "none"]).ends(1).says("ended with 1999-12-31").says("only in the document");
    workspace.write("spec-engine.toml", project.replace("services/old", "services/gone"));
    drift(&workspace, &[]).ends(1).says("matches no difference");
    for (wrong, said) in [
        ("[import]\nnmaes = 1\n", "did you mean `names`?"),
        ("[import.names]\na = 1\n", "must be a string"),
        ("[[import.ignore]]\nat = \"/a\"\n", "needs a string `reason`"),
        ("[[import.ignore]]\nat = \"services.a\"\nreason = \"r\"\n", "write at = \"/services/a\""),
        ("[[import.ignore]]\nat = \"/a\"\nreason = \"r\"\nis = \"gone\"\n", "missing, unmanaged, different"),
    ] {
        workspace.write("spec-engine.toml", wrong);
        drift(&workspace, &[]).ends(2).says(said);
        workspace.run(&["validate", "system.json"]).says(said);
    }
}

#[test]
fn drift_has_five_words() {
    let workspace = workspace();
    let ran = drift(&workspace, &[]).ends(1);
    for said in [
        "~ different: image tag: `1.3` -> `1.4`  system.json:7:45",
        "- only in the document  system.json:15:5",
        "4 same, 1 only in the document, 0 only in reality, 1 different, 0 not observable",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    drift(&workspace, &["--fail-on", "unmanaged"]).ends(0);
    drift(&workspace, &["--fail-on", "unmanaged,missing"]).ends(1);
    let json = json_of(&drift(&workspace, &["--output", "json"]).ends(1));
    assert_eq!(json["summary"]["missing"], 1);
    assert_eq!(json["differences"][0]["pointer"], "/services/web/image/tag");
    assert_eq!(
        (&json["differences"][0]["document"], &json["differences"][0]["reality"]),
        (&json!("1.3"), &json!("1.4"))
    );
    let sarif = json_of(&drift(&workspace, &["--output", "sarif"]).ends(1));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["ruleId"], "drift/different");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 7);
    assert_eq!(results[1]["ruleId"], "drift/missing");
    drift(&workspace, &["--output", "markdown"]).ends(1).says("| different | service <code>web</code> |");
    drift(&workspace, &["--plugin", "mermaid"]).ends(1).says("old").says("(removed)");
    workspace.write("compose.yaml", format!("{COMPOSE}  new: {{image: 'acme/new:1'}}\n"));
    drift(&workspace, &["--fail-on", "unmanaged"]).ends(1).says("only in reality: image `acme/new:1`");
}

#[test]
fn what_a_document_does_not_say_is_no_difference() {
    let workspace = workspace();
    let digest = |digit: char| format!("sha256:{}", digit.to_string().repeat(64));
    workspace.write(
        "system.json",
        DOCUMENT
            .replace(", \"tag\": \"1.3\"", "")
            .replace("\"tag\": \"2.0\"", &format!("\"tag\": \"2.0\", \"digest\": \"{}\"", digest('a'))),
    );
    workspace.write(
        "compose.yaml",
        COMPOSE.replace("api:2.0", &format!("api:2.0@{}", digest('b'))).replace("acme/web", "docker.io/acme/web"),
    );
    let ran = drift(&workspace, &["--fail-on", "different"]).ends(0);
    assert!(ran.stdout.contains("0 different"), "a digest under a tag is quiet: {ran:?}");
    drift(&workspace, &["--fail-on", "different", "--digests"]).ends(1).says("image digest");
    // What a source cannot show is not missing.
    let with_profiles =
        ["drift", "system.json", "--from", "compose", "compose.yaml", "--set", "compose.profiles=x", "--output"];
    let ran = workspace.run(&[&with_profiles[..], &["pretty"]].concat()).ends(0);
    assert!(ran.stdout.contains("these files cannot show 1 service, 1 endpoint"), "{ran:?}");
    let json = json_of(&workspace.run(&[&with_profiles[..], &["json"]].concat()).ends(0));
    assert_eq!(json["not_observable"], json!(["/services/old", "/services/old/exposes/0"]));
    drift(&workspace, &["--covers", "srevices"]).ends(2).says("expected one of services");
}

#[test]
fn a_document_that_nobody_observes_is_told() {
    let workspace = workspace();
    workspace.write("compose.yaml", "services: {other: {image: 'acme/other:1'}}\n");
    drift(&workspace, &[]).ends(2).says("show no service and no resource of system.json").says("[import.names]");
    workspace.write("compose.yaml", "services: {}\n");
    drift(&workspace, &[]).ends(2);
    workspace.run(&["drift", "system.json"]).ends(2).says("--from");
    workspace.run(&["drift", "system.json", "--from", "compose"]).ends(2).says("--from");
    workspace.run(&["drift", "system.json", "--from", "d2", "compose.yaml"]).ends(2).says("does not import");
}

#[test]
fn several_sources_are_one_reality() {
    let workspace = workspace();
    let worker = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old}\nspec:\n  template:\n    \
                  spec: {containers: [{name: old, image: 'acme/old:1'}]}\n";
    workspace.write("k8s/old.yaml", worker);
    let ran = drift(&workspace, &["--from", "kubernetes", "k8s", "--output", "json"]).ends(1);
    let json = json_of(&ran);
    assert_eq!(json["summary"]["missing"], 0, "{json}");
    assert_eq!(json["sources"].as_array().unwrap().len(), 2);
}

#[test]
fn a_document_of_a_real_system_agrees_with_it() {
    for (system, folder) in [
        ("online-boutique", ""),
        ("derived-boutique-cluster-list", ""),
        ("sock-shop", ""),
        ("voting-app", ""),
        ("eks-workshop-retail", ""),
        ("otel-demo-helm-template", ""),
        ("bookinfo", ""),
    ] {
        let workspace = Workspace::new();
        let files = format!("{PUBLIC}/{system}{folder}");
        workspace.run(&["import", "kubernetes", &files, "-o", "system.json"]).ends(0);
        let made = read(&workspace);
        let into = ["import", "kubernetes", &files, "--into", "system.json", "--prune"];
        workspace.run(&into).ends(0).says("system.json is up to date");
        assert_eq!(read(&workspace), made, "{system}");
        let json = json_of(
            &workspace.run(&["drift", "system.json", "--from", "kubernetes", &files, "--output", "json"]).ends(0),
        );
        assert_eq!(json["differences"], json!([]), "{system}");
        assert_eq!(json["not_observable"], json!([]), "{system}");
    }
}
