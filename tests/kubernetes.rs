//! The importer of Kubernetes objects as a component that ships: folders, standard input, what is refused.

use std::path::Path;

use serde_json::Value;

use crate::support::workspace::Workspace;

#[path = "bench/cluster.rs"]
mod cluster;

const SHOP: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {team: shop}}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'acme/web:1', env: [{name: API_URL, value: 'http://api:80'}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
";

fn read(workspace: &Workspace, name: &str) -> String {
    std::fs::read_to_string(workspace.path().join(name)).expect("it was written")
}

fn edges(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).expect("a document");
    let services = document["services"].as_object().expect("services").iter();
    let of = |(name, service): (&String, &Value)| {
        let connections = service["connections"].as_object().cloned().unwrap_or_default();
        connections.keys().map(|other| format!("{name} -> {other}")).collect::<Vec<_>>()
    };
    services.flat_map(of).collect()
}

#[test]
fn folders_and_standard_input_are_imported() {
    let workspace = Workspace::new();
    let api = SHOP.replace("web", "api").replace("http://api:80", "");
    workspace.write("k8s/web.yaml", SHOP).write("k8s/deep/api.yml", &api).write("k8s/README.md", "# no object\n");
    workspace.write("k8s/.hidden/x.yaml", "kind: [\n");
    let ran = workspace.run(&["import", "kubernetes", "k8s", "-o", "k8s/system.json"]).ends(0);
    assert!(ran.stderr.contains("wrote k8s/system.json"), "{ran:?}");
    let document = read(&workspace, "k8s/system.json");
    assert_eq!(edges(&document), ["web -> api"]);
    // What was written lies in the folder, and is not read when it is written anew.
    workspace.run(&["import", "kubernetes", "k8s", "-o", "k8s/system.json"]).ends(0);
    assert_eq!(read(&workspace, "k8s/system.json"), document);
    let both = format!("{SHOP}---\n{api}");
    let stdin = workspace.run_with_stdin(&["import", "kubernetes", "-"], both.as_bytes()).ends(0);
    assert_eq!(edges(&stdin.stdout), ["web -> api"]);
    workspace.run(&["render", "k8s/system.json", "--plugin", "mermaid"]).ends(0).says("api");
}

/// What an importer holds is at most six times its files, of which it has the text.
#[test]
fn a_list_of_a_cluster_takes_memory_by_its_size() {
    let workspace = Workspace::new();
    let list = cluster::list(500);
    assert!(list.len() > 3 << 20);
    workspace.write("list.json", &list);
    let import = ["import", "kubernetes", "list.json", "-o", "out.json", "--limit"];
    workspace
        .run(&[&import[..], &["kubernetes.import-memory=20M"]].concat())
        .ends(0)
        .says("500 services, 500 connections");
    workspace
        .run(&[&import[..], &["kubernetes.import-memory=5M"]].concat())
        .ends(2)
        .says("more than 5M of memory (limit `import-memory`)")
        .says("--limit kubernetes.import-memory=10M");
    workspace.run(&[&import[..], &["input-bytes=1M"]].concat()).ends(2).says("--limit kubernetes.input-bytes=2M");
}

#[test]
fn what_cannot_be_imported_is_told_with_its_line_and_nothing_is_written() {
    let workspace = Workspace::new();
    workspace
        .write("chart/web.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n")
        .write("broken.json", "{\"kind\":\n  x}")
        .write("main.tf", "resource \"a\" \"b\" {}\n");
    for (file, code, place, help) in [
        ("chart", "error[kubernetes/not-rendered]", "chart/web.yaml:4:1", "helm template"),
        ("broken.json", "error[kubernetes/broken-json]", "broken.json:2:3", "correct the file"),
        ("main.tf", "error[kubernetes/not-kubernetes]", "main.tf:1:1", "terraform show -json"),
    ] {
        let ran = workspace.run(&["import", "kubernetes", file, "-o", "out.json"]).ends(1).says("nothing was written");
        assert!(ran.stderr.contains(code) && ran.stderr.contains(place) && ran.stderr.contains(help), "{ran:?}");
        assert!(!workspace.path().join("out.json").exists());
    }
}

#[test]
fn public_systems_become_documents_without_errors_or_secrets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kubernetes/public");
    let mut systems = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let workspace = Workspace::new();
        let ran = workspace.run(&["import", "kubernetes", path.to_str().unwrap(), "-o", "system.json"]).ends(0);
        let document = read(&workspace, "system.json");
        for secret in ["s3cr3t-canary", "czNjcjN0LWNhbmFyeQ"] {
            assert!(!document.contains(secret) && !ran.stderr.contains(secret), "{}", path.display());
        }
        let found = workspace.run(&["validate", "system.json", "--output", "compact"]);
        assert!(!found.stdout.contains(": error["), "{}: {}", path.display(), found.stdout);
        systems += 1;
    }
    assert_eq!(systems, 9);
}
