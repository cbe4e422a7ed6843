//! Views: what a user wants to see of a document, on every renderer.

use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::Value;

/// A system of two teams: web -> api -> users, api -> orders, both databases in AWS, a Helm release with api.
const SYSTEM: &str = r#"{
  "name": "shop",
  "owners": {"front": {"name": "Front Team"}, "core": {"name": "Core"}},
  "services": {
    "web": {"owner": "front", "image": {"name": "web"}, "connections": {"api": {"port": 80, "protocol": "http"}}},
    "api": {
      "owner": "core", "image": {"name": "api"},
      "connections": {"users": {"port": 1, "protocol": "grpc"}, "orders": {"port": 1, "protocol": "grpc"}}
    },
    "users": {"owner": "core", "image": {"name": "users"}, "aws": {"rds": [{"name": "people"}], "vpc": "inner"}},
    "orders": {"owner": "core", "image": {"name": "orders"}, "aws": {"rds": [{"name": "orders"}], "sqs": [{"name": "jobs"}]}}
  },
  "deployments": {"helm": {"core": {"chart": "core", "services": ["api"]}}}
}"#;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("s.json", SYSTEM);
    workspace
}

/// The ids of the nodes and the ends of the edges of a view.
fn graph(workspace: &Workspace, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let ran = workspace.run(&[&["graph", "s.json"], arguments].concat()).ends(0);
    let graph: Value = serde_json::from_str(&ran.stdout).unwrap();
    let texts =
        |list: &str, text: &dyn Fn(&Value) -> String| graph[list].as_array().unwrap().iter().map(text).collect();
    let node = |node: &Value| node["id"].as_str().unwrap().to_owned();
    let edge = |edge: &Value| format!("{}>{}", edge["source"].as_str().unwrap(), edge["target"].as_str().unwrap());
    (texts("nodes", &node), texts("edges", &edge))
}

fn nodes(workspace: &Workspace, arguments: &[&str]) -> String {
    let (nodes, edges) = graph(workspace, arguments);
    for edge in &edges {
        let (source, target) = edge.split_once('>').unwrap();
        assert!(nodes.iter().any(|node| node == source) && nodes.iter().any(|node| node == target), "{edge} dangles");
    }
    nodes.join(" ")
}

#[test]
fn a_focus_shows_what_is_near() {
    let workspace = workspace();
    for (arguments, expected) in [
        (&["--focus", "api"][..], "svc:web svc:api svc:users svc:orders helm:core"),
        (&["--focus", "api", "--direction", "out"], "svc:api svc:users svc:orders"),
        (&["--focus", "api", "--direction", "in"], "svc:web svc:api helm:core"),
        (&["--focus", "api", "--depth", "0"], "svc:api"),
        (&["--focus", "web", "--direction", "out", "--depth", "2"], "svc:web svc:api svc:users svc:orders"),
        (
            &["--focus", "svc:web", "--direction", "out", "--depth", "1000000"],
            "svc:web svc:api svc:users svc:orders rds:people rds:orders sqs:jobs",
        ),
        (&["--focus", "sqs:*", "--focus", "people"], "svc:users svc:orders rds:people sqs:jobs"),
        (&["--focus", "orders", "--direction", "in"], "svc:api svc:orders rds:orders"),
        (&["--focus", "api", "--without", "deployments"], "svc:web svc:api svc:users svc:orders"),
    ] {
        assert_eq!(nodes(&workspace, arguments), expected, "{arguments:?}");
    }
    workspace
        .run(&["graph", "s.json", "--focus", "usrs"])
        .ends(2)
        .says("no node matches the focus `usrs`")
        .says("did you mean `users`?");
    workspace.run(&["graph", "s.json", "--depth", "2"]).ends(2).says("--focus");
    let ambiguous = workspace.run(&["graph", "s.json", "--focus", "orders"]).ends(0);
    let remark = "2 nodes are named `orders`: `svc:orders`, `rds:orders`; an id takes one of them";
    assert!(ambiguous.stderr.contains(remark), "{ambiguous:#?}");
    workspace.write(
        "stars.json",
        r#"{"name": "s", "services": {"a*": {"image": {"name": "x"}}, "ab": {"image": {"name": "x"}}}}"#,
    );
    let stars = |focus| workspace.run(&["graph", "stars.json", "--focus", focus]).ends(0).stdout;
    assert!(!stars("a*").contains("svc:ab"), "a name is not a pattern");
    assert!(stars("a?").contains("svc:ab"));
    workspace.run(&["graph", "s.json", "--focus", "api", "--depth", "-1"]).ends(2);
}

#[test]
fn an_expression_chooses() {
    let workspace = workspace();
    for (arguments, expected) in [
        (&["--only", "kind=database or kind=queue"][..], "rds:people rds:orders sqs:jobs"),
        (&["--only", "services and not name=u*"], "svc:web svc:api svc:orders"),
        (&["--only", "owner=core and services"], "svc:api svc:users svc:orders"),
        (&["--only", "owner='Front Team'"], "svc:web"),
        (&["--only", "provider=aws"], "rds:people rds:orders sqs:jobs"),
        (&["--only", "resource=aws.sqs,gcp.*"], "sqs:jobs"),
        (&["--only", "network=inner"], "svc:users rds:people"),
        (&["--only", "deployment=core"], "svc:api helm:core"),
        (&["--only", "group=owner:front"], "svc:web"),
        (&["--only", "id=svc:web"], "svc:web"),
        (&["--without", "resources or deployments"], "svc:web svc:api svc:users svc:orders"),
        (&["--owner", "core", "--kind", "service", "--name", "*e*"], "svc:users svc:orders"),
        (&["--owner", "core", "--owner", "front", "--kind", "service"], "svc:web svc:api svc:users svc:orders"),
        (&["--provider", "aws", "--group", "network:inner"], "rds:people"),
    ] {
        assert_eq!(nodes(&workspace, arguments), expected, "{arguments:?}");
    }
    let ran = workspace.run(&["graph", "s.json", "--only", "kind=database provider=aws"]).ends(2);
    assert!(ran.stderr.contains("--only: expected `and`, `or` or the end, found `provider=aws`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("  | kind=database provider=aws\n  |               ^\n"), "{}", ran.stderr);
}

#[test]
fn what_nothing_has_is_said_and_an_empty_view_is_a_diagram() {
    let workspace = workspace();
    let ran = workspace.run(&["render", "s.json", "--plugin", "mermaid", "--owner", "cor"]).ends(0);
    assert!(ran.stderr.contains("warning: no node has the owner `cor`; did you mean `core`?"), "{}", ran.stderr);
    assert!(ran.stderr.contains("warning: the view contains no nodes"), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("flowchart") || ran.stdout.contains("flowchart"), "{}", ran.stdout);
    let ran = workspace.run(&["render", "s.json", "--plugin", "d2", "--only", "name=*"]).ends(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_group_becomes_one_node() {
    let workspace = workspace();
    let (nodes, edges) = graph(&workspace, &["--collapse", "owner"]);
    assert_eq!(nodes, ["group:owner:front", "group:owner:core", "helm:core"]);
    assert_eq!(edges, ["group:owner:front>group:owner:core", "helm:core>group:owner:core"]);
    let (nodes, _) = graph(&workspace, &["--collapse", "owner=Core", "--without", "deployments"]);
    assert_eq!(nodes, ["svc:web", "group:owner:core"]);
    let ran = workspace.run(&["graph", "s.json", "--collapse", "provider=aws"]).ends(0);
    let graph: Value = serde_json::from_str(&ran.stdout).unwrap();
    let group = graph["nodes"].as_array().unwrap().iter().find(|node| node["kind"] == "group").unwrap();
    assert_eq!((&group["label"], &group["attributes"]["count"]), (&"AWS (3)".into(), &3.into()));
    let edges: Vec<&Value> =
        graph["edges"].as_array().unwrap().iter().filter(|edge| edge["target"] == "group:provider:aws").collect();
    assert_eq!(edges.len(), 2);
    assert_eq!((&edges[1]["label"], &edges[1]["count"]), (&"2 edges".into(), &2.into()));
    for plugin in ["d2", "mermaid", "dot", "markdown", "cytoscape", "sigma"] {
        workspace.run(&["render", "s.json", "--plugin", plugin, "--collapse", "owner"]).ends(0).says("Core");
    }
    workspace
        .run(&["graph", "s.json", "--collapse", "owner=coer"])
        .ends(0)
        .says("there is no owner `coer`; did you mean");
    workspace.run(&["graph", "s.json", "--collapse", "team"]).ends(2).says("owner, network, deployment");
}

#[test]
fn kinds_are_groups_inside_of_providers() {
    let workspace = workspace();
    let ran = workspace.run(&["graph", "s.json", "--group-by", "kind"]).ends(0);
    let graph: Value = serde_json::from_str(&ran.stdout).unwrap();
    let groups: Vec<String> = graph["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| format!("{} in {}: {}", group["id"], group["parent"], group["nodes"].as_array().unwrap().len()))
        .collect();
    assert_eq!(
        groups,
        [
            r#""provider:services" in null: 4"#,
            r#""provider:aws" in null: 0"#,
            r#""provider:deployments" in null: 1"#,
            r#""kind:aws:database" in "provider:aws": 2"#,
            r#""kind:aws:queue" in "provider:aws": 1"#,
        ]
    );
    for plugin in ["d2", "mermaid", "dot", "cytoscape"] {
        workspace.run(&["render", "s.json", "--plugin", plugin, "--group-by", "kind"]).ends(0).says("queue");
    }
}

#[test]
fn the_project_names_views_and_validate_checks_them() {
    let workspace = workspace();
    workspace.write(
        "spec-engine.toml",
        "[view.core]\nfocus = [\"api\"]\ndirection = \"out\"\nwithout = \"resources\"\ngroup-by = \"owner\"\n\n[view.none]\n",
    );
    assert_eq!(nodes(&workspace, &["--view", "core"]), "svc:api svc:users svc:orders");
    assert_eq!(nodes(&workspace, &["--view", "core", "--direction", "in"]), "svc:web svc:api helm:core");
    assert_eq!(nodes(&workspace, &["--view", "core", "--without", "name=users"]), "svc:api svc:orders");
    assert_eq!(nodes(&workspace, &["--view", "none"]), nodes(&workspace, &[]));
    workspace.run(&["render", "s.json", "--plugin", "mermaid", "--view", "core"]).ends(0).says("Core");
    workspace.run(&["graph", "s.json", "--view", "cor"]).ends(2).says("did you mean `core`?");
    workspace.run(&["validate", "s.json"]).ends(0);
    workspace.write(
        "spec-engine.toml",
        "[view.bad]\nonly = \"kind=\"\ndirection = \"up\"\ncollapse = [\"owner\", \"teams\"]\ngroup-by = \"x\"\nowner = [\"[\"]\n",
    );
    let ran = workspace.run(&["validate", "s.json", "--output", "compact"]).ends(2);
    for (place, says) in [
        ("spec-engine.toml:2:8", "expected a value"),
        ("spec-engine.toml:3:13", "there is no direction `up`; there are out, in, both"),
        ("spec-engine.toml:4:22", "there is no kind of groups `teams`"),
        ("spec-engine.toml:5:12", "there is no grouping `x`"),
        ("spec-engine.toml:6:10", "invalid pattern `[`"),
    ] {
        let found = ran.stdout.lines().find(|line| line.starts_with(&format!("{place}: error[invalid-setting]")));
        assert!(found.is_some_and(|line| line.contains(says)), "{place} {says}: {}", ran.stdout);
    }
    workspace.write("spec-engine.toml", "[view.bad]\nfocs = [\"api\"]\n");
    workspace.run(&["validate", "s.json"]).ends(2).says("focs");
}

#[test]
fn views_work_on_the_examples() {
    let payments = std::fs::read(PAYMENTS).unwrap();
    let arguments =
        ["render", "-", "--plugin", "d2", "--focus", "payments-service", "--depth", "2", "--direction", "out"];
    let ran = Workspace::new().run_with_stdin(&arguments, &payments).ends(0);
    assert!(ran.stdout.contains("payments-db") && !ran.stdout.contains("api-gateway"), "{}", ran.stdout);
}

#[test]
fn a_document_is_split_into_an_overview_and_a_diagram_a_group() {
    let workspace = workspace();
    workspace.run(&["render", "s.json", "--plugin", "mermaid", "--split", "owner"]).ends(2).says("--out");
    workspace.run(&["render", "s.json", "--plugin", "mermaid", "--split", "owner", "-o", "docs/"]).ends(0);
    let read = |name: &str| std::fs::read_to_string(workspace.path().join("docs").join(name)).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(workspace.path().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [".spec-engine-files", "index.md", "overview.mmd", "owner-core.mmd", "owner-front.mmd"]);
    assert_eq!(
        read("index.md"),
        "# shop\n\n- [Overview](overview.mmd)\n- [Front Team](owner-front.mmd)\n- [Core](owner-core.mmd)\n"
    );
    let front = read("owner-front.mmd");
    assert!(front.contains("web") && front.contains("Core") && !front.contains("people"), "{front}");
    let core = read("owner-core.mmd");
    assert!(core.contains("people") && core.contains("Front Team") && core.contains("orders"), "{core}");
    let overview = read("overview.mmd");
    assert!(overview.contains("Front Team") && !overview.contains("users"), "{overview}");
    workspace.run(&["render", "s.json", "--plugin", "graph", "--split", "owner", "-o", "json/"]).ends(0);
    let overview = std::fs::read(workspace.path().join("json/overview.json")).unwrap();
    let overview: Value = serde_json::from_slice(&overview).unwrap();
    assert_eq!(overview["nodes"][0]["attributes"]["link"], "owner-front.json");
    // Each diagram leads to the others.
    assert!(read("overview.mmd").contains("href \"owner-front.mmd\""), "{}", read("overview.mmd"));
    for (plugin, link) in [("d2", "link: \"./owner-core.d2\""), ("dot", "URL=\"owner-core.dot\"")] {
        workspace.run(&["render", "s.json", "--plugin", plugin, "--split", "owner", "-o", "docs/"]).ends(0);
        let front = read(&format!("owner-front.{plugin}"));
        assert!(front.contains(link), "{front}");
    }
    #[cfg(feature = "pictures")]
    {
        workspace.run(&["render", "s.json", "--plugin", "svg", "--split", "owner", "-o", "docs/"]).ends(0);
        assert!(read("owner-front.svg").contains("<a href=\"owner-core.svg\">"));
    }
}
