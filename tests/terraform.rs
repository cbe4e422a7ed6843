//! The importer of Terraform as a component that ships: folders, standard input, what is refused, what is shown.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::workspace::Workspace;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/terraform")
}

/// What stands in the place of every secret in the fixtures.
const CANARY: [&str; 2] = ["s3cr3t-canary", "czNjcjN0LWNhbmFyeQ"];

fn read(workspace: &Workspace, name: &str) -> Value {
    let text = std::fs::read_to_string(workspace.path().join(name)).expect("it was written");
    assert!(CANARY.iter().all(|canary| !text.contains(canary)), "a secret is in the document");
    serde_json::from_str(&text).expect("a document")
}

#[test]
fn states_and_plans_are_imported() {
    let workspace = Workspace::new();
    let shop = fixtures().join("shop");
    let plan = std::fs::read(shop.join("plan.json")).unwrap();
    let stdin = workspace.run_with_stdin(&["import", "terraform", "-", "-o", "plan.json"], &plan).ends(0);
    assert!(stdin.stderr.contains("wrote plan.json") && stdin.stderr.contains("unbound-resources"), "{stdin:?}");
    workspace.run(&["import", "terraform", shop.to_str().unwrap(), "--set", "name=system", "-o", "all.json"]).ends(0);
    let (mut plan, mut all) = (read(&workspace, "plan.json"), read(&workspace, "all.json"));
    for document in [&mut plan, &mut all] {
        let services: Vec<String> = document["services"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(services, ["api", "unbound-resources", "worker"]);
        assert_eq!(document["deployments"]["terraform"]["database"]["source"], "terraform-aws-modules/rds/aws");
    }
    assert_eq!(plan, all, "one form or three");
    workspace.run(&["render", "plan.json", "--plugin", "mermaid"]).ends(0).says("shop-uploads");
    let set = ["import", "terraform", "plan.json", "--set", "service=api"];
    workspace.run(&set).ends(1).says("no-terraform");
}

/// A state with some queues.
fn queues(lineage: &str, names: &[&str]) -> String {
    let one = |name: &&str| {
        format!(
            "{{\"mode\": \"managed\", \"type\": \"aws_sqs_queue\", \"name\": \"{name}\", \"instances\": [{{\"attributes\": \
             {{\"name\": \"{name}\"}}}}]}}"
        )
    };
    let resources = names.iter().map(one).collect::<Vec<_>>().join(", ");
    format!("{{\"version\": 4, \"serial\": 1, \"lineage\": \"{lineage}\", \"resources\": [{resources}]}}")
}

#[test]
fn a_state_covers_its_own_resources_unless_somebody_says_more() {
    let workspace = Workspace::new();
    let document = r#"{"name": "shop", "services": {"api": {"image": {"name": "acme/api", "tag": "1"},
  "aws": {"sqs": [{"name": "jobs"}, {"name": "mails"}, {"name": "gone"}]}}}}"#;
    workspace
        .write("system.json", document)
        .write("a.tfstate", queues("a", &["jobs"]))
        .write("b.tfstate", queues("b", &["mails", "new"]));
    let one = ["drift", "system.json", "--from", "terraform", "a.tfstate"];
    workspace.run(&one).ends(0).says("1 same, 0 only in the document").says("--covers aws.sqs");
    let both = [&one[..], &["--from", "terraform", "b.tfstate"]].concat();
    workspace.run(&both).ends(0).says("2 same, 0 only in the document").says("`new`").says("--under SERVICE");
    let claimed = [&both[..], &["--covers", "aws.*"]].concat();
    workspace.run(&claimed).ends(1).says("only in the document").says("2 same, 1 only in the document");
    workspace.write("spec-engine.toml", "[import.covers]\nterraform = [\"aws.sqs\"]\n");
    workspace.run(&both).ends(1).says("2 same, 1 only in the document");
    workspace.write("spec-engine.toml", "[import.covers]\nterraform = [\"aws.sqsq\", 1]\nkubernetes = \"services\"\n");
    workspace
        .run(&both)
        .ends(2)
        .says("no part `aws.sqsq`")
        .says("must be an array of strings")
        .says("must be a string");
}

#[test]
fn resources_that_nobody_uses_go_under_a_service_that_is_there() {
    let workspace = Workspace::new();
    let document = r#"{"name": "shop", "services": {"api": {"image": {"name": "acme/api", "tag": "1"}}}}"#;
    workspace.write("system.json", document).write("a.tfstate", queues("a", &["jobs"]));
    let into = ["import", "terraform", "a.tfstate", "--into", "system.json"];
    workspace.run(&into).ends(0).says("`jobs`").says("--under SERVICE");
    workspace
        .run(&[&into[..], &["--under", "apy"]].concat())
        .ends(2)
        .says("no service `apy`")
        .says("did you mean `api`");
    assert_eq!(std::fs::read_to_string(workspace.path().join("system.json")).unwrap(), document);
    let under = [&into[..], &["--under", "api"]].concat();
    workspace.run(&under).ends(0);
    assert_eq!(read(&workspace, "system.json")["services"]["api"]["aws"]["sqs"][0]["name"], "jobs");
    workspace.run(&under).ends(0).says("up to date");
    workspace.run(&into).ends(0).says("up to date");
}

#[test]
fn what_cannot_be_imported_is_told_with_its_line_and_nothing_is_written() {
    let workspace = Workspace::new();
    workspace
        .write("main.tf", "# shop\nresource \"aws_sqs_queue\" \"jobs\" {\n}\n")
        .write("old.tfstate", "{\n  \"version\": 3,\n  \"serial\": 1, \"modules\": []\n}\n")
        .write("failed.json", "\n{\"format_version\": \"1.2\", \"errored\": true, \"planned_values\": {}}\n")
        .write("cut.tfstate", "{\"version\": 4, \"serial\": 1, \"resources\": [{\n\"result\": \"s3cr3t-canary")
        .write("iam.tfstate", "{\"version\": 4, \"serial\": 1, \"resources\": [\n{\"mode\": \"managed\", \"type\": \"aws_iam_role\", \"name\": \"r\"}]}");
    for (file, code, place, help) in [
        ("main.tf", "error[terraform/hcl]", "main.tf:2:1", "terraform show -json"),
        ("old.tfstate", "error[terraform/old-state]", "old.tfstate:1:1", "terraform show -json"),
        ("failed.json", "error[terraform/failed-plan]", "failed.json:2:1", "plan again"),
        ("cut.tfstate", "error[terraform/cut-off]", "cut.tfstate:2:", "terraform show -json"),
        ("iam.tfstate", "error[terraform/no-resources]", "iam.tfstate:2:1", "states and plans"),
    ] {
        let ran = workspace.run(&["import", "terraform", file, "-o", "out.json"]).ends(1).says("nothing was written");
        assert!(ran.stderr.contains(code) && ran.stderr.contains(place) && ran.stderr.contains(help), "{ran:?}");
        assert!(!ran.stderr.contains(CANARY[0]), "{ran:?}");
        assert!(!workspace.path().join("out.json").exists());
    }
}

#[test]
fn public_files_become_documents_without_errors_or_secrets() {
    let (mut documents, mut refused) = (0, 0);
    for set in std::fs::read_dir(fixtures().join("public")).unwrap().map(|entry| entry.unwrap().path()) {
        for entry in std::fs::read_dir(&set).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.file_name().is_some_and(|name| name == "expected.txt") {
                continue;
            }
            let workspace = Workspace::new();
            let ran = workspace.run(&["import", "terraform", entry.to_str().unwrap(), "-o", "system.json"]);
            assert!(CANARY.iter().all(|canary| !ran.stderr.contains(canary)), "{}: {}", entry.display(), ran.stderr);
            if !workspace.path().join("system.json").exists() {
                refused += 1;
                continue;
            }
            read(&workspace, "system.json");
            let found = workspace.run(&["validate", "system.json", "--output", "compact"]);
            assert!(!found.stdout.contains(": error["), "{}: {}", entry.display(), found.stdout);
            documents += 1;
        }
    }
    assert_eq!((documents, refused), (37, 17));
}
