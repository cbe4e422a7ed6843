//! `spec-engine diff`: what changed between two versions of a document, in words and as a diagram.

mod diagram;

use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Value, json};
use spec_engine::diff::Diff;
use spec_engine::model::System;

const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff/old.json");
const NEW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff/new.json");

fn read(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn system(value: &Value) -> System {
    serde_json::from_value(value.clone()).unwrap()
}

/// Each change in words, with its section, breaking ones marked: `service a: changed image tag`.
fn changes(old: &Value, new: &Value) -> Vec<String> {
    let (old, new) = (system(old), system(new));
    let diff = Diff::of(&old, &new);
    diff.changes
        .iter()
        .map(|change| {
            let at = change.at();
            let field = at.field().map(|field| format!(" {field}")).unwrap_or_default();
            let breaking = if change.breaking.is_some() { " !" } else { "" };
            format!("{} {}: {} {}{field}{breaking}", at.section.as_str(), at.name, change.kind.as_str(), at.what())
        })
        .collect()
}

/// What an edit of a document changes.
fn edited(old: &Value, edit: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut new = old.clone();
    edit(&mut new);
    changes(old, &new)
}

fn remove(value: &mut Value, pointer: &str, key: &str) -> Value {
    value.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key).unwrap()
}

/// A service with an image.
fn service(image: &str) -> Value {
    json!({ "image": { "name": image } })
}

/// `user` calls `used`, which offers http:80. `used` comes first: a map of serde_json sorts its keys.
fn pair() -> Value {
    let mut value = json!({ "name": "s", "services": { "user": service("u"), "used": service("d") } });
    value["services"]["user"]["connections"] = json!({ "used": { "port": 80, "protocol": "http" } });
    value["services"]["used"]["exposes"] = json!([{ "port": 80, "protocol": "http" }]);
    value
}

#[test]
fn every_sort_of_change_in_words() {
    let ran = Workspace::new().run(&["diff", OLD, NEW]).ends(0);
    insta::assert_snapshot!("diff-text", ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn every_sort_of_change_as_markdown() {
    let ran = Workspace::new().run(&["diff", OLD, NEW, "--output", "markdown"]).ends(0);
    insta::assert_snapshot!("diff-markdown", ran.stdout);
}

#[test]
fn json_says_where_and_what() {
    let ran = Workspace::new().run(&["diff", OLD, NEW, "--output", "json"]).ends(0);
    let diff: Value = serde_json::from_str(&ran.stdout).unwrap();
    let (old, new) = (read(OLD), read(NEW));
    for change in diff["changes"].as_array().unwrap() {
        for (side, document) in [("old", &old), ("new", &new)] {
            let Some(pointer) = change.pointer(&format!("/{side}/pointer")) else { continue };
            assert!(document.pointer(pointer.as_str().unwrap()).is_some(), "{change:#}");
        }
        assert_eq!(change["breaking"] == true, change.get("reason").is_some(), "{change:#}");
    }
    let tag = json!({
        "kind": "changed", "what": "image", "section": "service", "name": "gateway", "field": "tag",
        "words": "image tag: `v1` -> `v2`", "breaking": false,
        "old": { "pointer": "/services/gateway/image/tag", "value": "v1" },
        "new": { "pointer": "/services/gateway/image/tag", "value": "v2" },
    });
    assert!(diff["changes"].as_array().unwrap().contains(&tag));
    assert_eq!(diff["summary"]["breaking"], ran.stdout.matches("\"breaking\": true").count());
}

#[test]
fn exit_status_says_whether_there_are_differences() {
    let workspace = Workspace::new();
    workspace.run(&["diff", OLD, OLD, "--exit-code"]).ends(0).says("no changes\n");
    workspace.run(&["diff", OLD, NEW]).ends(0);
    workspace.run(&["diff", OLD, NEW, "--exit-code"]).ends(1);
    workspace.run(&["diff", OLD, NEW, "--fail-on", "breaking"]).ends(1);
    let mut described = read(OLD);
    described["description"] = "Other".into();
    workspace.write("described.json", described.to_string());
    workspace.run(&["diff", OLD, "described.json", "--fail-on", "breaking"]).ends(0).says("1 changed; none breaking");
    workspace.run(&["diff", OLD, "described.json", "--fail-on", "any"]).ends(1);
}

#[test]
fn one_version_may_be_on_standard_input() {
    let workspace = Workspace::new();
    workspace.run_with_stdin(&["diff", "-", NEW, "--exit-code"], &std::fs::read(OLD).unwrap()).ends(1);
    workspace.run_with_stdin(&["diff", NEW, "-", "--exit-code"], &std::fs::read(NEW).unwrap()).ends(0);
    workspace.run(&["diff", "-", "-"]).ends(2).says("`-` stands for both");
}

#[test]
fn the_findings_of_both_documents_are_shown() {
    let workspace = Workspace::new();
    workspace.write("a.json", r#"{"name": "a", "services": {}}"#).write("b.json", "{");
    let ran = workspace.run(&["diff", "a.json", "b.json"]).ends(2);
    assert!(ran.stderr.contains("no-services") && ran.stderr.contains("invalid-json"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_renderer_of_changes_gets_what_the_rules_find_in_the_new_version() {
    let workspace = Workspace::new();
    let found = "{% for own in findings() %}{{ own.rule }} {% endfor %}";
    workspace
        .write("found.md.tera", found)
        .write("a.json", r#"{"name": "a", "services": {"web": {"image": {"name": "a", "tag": "1.2.3"}}}}"#);
    let diff = |documents: [&str; 2]| {
        let ran = workspace.run(&["diff", documents[0], documents[1], "--plugin", "./found.md.tera"]).ends(0);
        ran.stdout
    };
    workspace.write("b.json", r#"{"name": "a", "services": {"web": {"image": {"name": "a", "tag": "latest"}}}}"#);
    assert!(diff(["a.json", "b.json"]).contains("mutable-tag"), "{}", diff(["a.json", "b.json"]));
    assert!(!diff(["b.json", "a.json"]).contains("mutable-tag"));
}

#[test]
fn a_document_is_no_different_from_itself() {
    for path in [OLD, NEW, PAYMENTS] {
        assert_eq!(changes(&read(path), &read(path)), [""; 0]);
    }
}

#[test]
fn order_is_no_change() {
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(object) => object.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
            Value::Array(list) => list.iter().map(reversed).collect(),
            other => other.clone(),
        }
    }
    // Through text, since a map of serde_json sorts its keys.
    for path in [OLD, PAYMENTS] {
        let old = std::fs::read_to_string(path).unwrap();
        let old: System = serde_json::from_str(&old).unwrap();
        let mut new = old.clone();
        new.services.reverse();
        new.services.values_mut().for_each(|service| {
            service.connections.reverse();
            service.bindings.0.reverse();
            service.bindings.0.iter_mut().for_each(|bindings| bindings.lists.reverse());
        });
        new.owners.reverse();
        new.networks.reverse();
        assert_eq!(Diff::of(&old, &new).changes, []);
    }
    assert_eq!(changes(&read(OLD), &reversed(&read(OLD))), [""; 0]);
}

#[test]
fn a_service_with_another_name_is_renamed() {
    let rename = |new: &mut Value| {
        let used = remove(new, "/services", "used");
        new["services"]["called"] = used;
        let connection = remove(new, "/services/user/connections", "used");
        new["services"]["user"]["connections"]["called"] = connection;
    };
    assert_eq!(edited(&pair(), rename), ["service called: renamed service !"]);
    let and_more = edited(&pair(), |new| {
        rename(new);
        new["services"]["user"]["connections"]["called"]["port"] = 81.into();
        new["services"]["called"]["exposes"][0]["port"] = 80.into();
    });
    assert_eq!(and_more, ["service called: renamed service !", "service user: changed connection"]);
    let different = edited(&pair(), |new| {
        rename(new);
        new["services"]["called"]["image"]["name"] = "other".into();
    });
    let expected = [
        "service used: removed service !",
        "service called: added service",
        "service user: removed connection",
        "service user: added connection",
    ];
    assert_eq!(different, expected);
}

#[test]
fn two_services_that_say_the_same_are_not_guessed_at() {
    let old = json!({ "name": "s", "services": { "a": service("i"), "b": service("i") } });
    let new = json!({ "name": "s", "services": { "c": service("i"), "d": service("i") } });
    let kinds: Vec<String> = changes(&old, &new).iter().map(|change| change[..10].to_owned()).collect();
    assert_eq!(kinds, ["service a:", "service b:", "service c:", "service d:"]);
}

#[test]
fn renamed_services_that_call_each_other_are_both_renamed() {
    let mut old = pair();
    old["services"]["user"]["description"] = "x".into();
    let new = old.to_string().replace("\"used\"", "\"called\"").replace("\"user\"", "\"caller\"");
    let found = changes(&old, &serde_json::from_str(&new).unwrap());
    assert_eq!(found.iter().filter(|change| change.contains("renamed service")).count(), 2, "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_others_use_is_breaking_where_it_goes() {
    let port = |new: &mut Value| new["services"]["used"]["exposes"][0]["port"] = 81.into();
    assert_eq!(edited(&pair(), port), ["service used: changed endpoint !"]);
    let follows = edited(&pair(), |new| {
        port(new);
        new["services"]["user"]["connections"]["used"]["port"] = 81.into();
    });
    assert_eq!(follows, ["service used: changed endpoint !", "service user: changed connection !"]);
    let spelt = edited(&pair(), |new| new["services"]["used"]["exposes"][0]["protocol"] = "HTTP".into());
    assert_eq!(spelt, ["service used: changed endpoint"]);
    let another = edited(&pair(), |new| {
        new["services"]["used"]["exposes"] =
            json!([{ "port": 81, "protocol": "http" }, { "port": 80, "protocol": "http" }]);
        new["services"]["user"]["connections"]["used"]["port"] = 81.into();
    });
    assert_eq!(another, ["service used: added endpoint", "service user: changed connection"]);
    let gone = edited(&pair(), |new| {
        remove(new, "/services", "used");
        remove(new, "/services/user", "connections");
    });
    assert_eq!(gone, ["service used: removed service !", "service user: removed connection"]);
    let both_gone = edited(&pair(), |new| {
        remove(new, "/services", "used");
        remove(new, "/services", "user");
        new["services"]["other"] = service("o");
    });
    assert!(both_gone.iter().all(|change| !change.ends_with('!')), "{both_gone:?}");
}

#[test]
fn resources_come_go_move_and_change() {
    let mut old = pair();
    old["services"]["used"]["aws"] =
        json!({ "rds": [{ "name": "db", "engine": "postgres" }], "sqs": [{ "name": "q" }] });
    old["services"]["user"]["aws"] = json!({ "sqs": [{ "name": "q" }] });
    let of = |edit: fn(&mut Value)| edited(&old, edit);
    assert_eq!(
        of(|new| new["services"]["used"]["aws"]["rds"][0]["engine"] = "mysql".into()),
        ["service used: changed resource engine !"]
    );
    assert_eq!(
        of(|new| new["services"]["used"]["aws"]["rds"][0]["port"] = 1.into()),
        ["service used: added resource port !"]
    );
    assert_eq!(of(|new| drop(remove(new, "/services/user", "aws"))), ["service user: removed binding"]);
    let gone = of(|new| {
        remove(new, "/services/user", "aws");
        remove(new, "/services/used/aws", "sqs");
    });
    assert_eq!(gone, ["service used: removed resource !", "service user: removed binding !"]);
    let alone = of(|new| drop(remove(new, "/services/used/aws", "rds")));
    assert_eq!(alone, ["service used: removed resource"]);
    let moved = of(|new| {
        let rds = remove(new, "/services/used/aws", "rds");
        new["services"]["user"]["aws"]["rds"] = rds;
    });
    assert_eq!(moved, ["service user: moved resource"]);
    let renamed = of(|new| new["services"]["used"]["aws"]["rds"][0]["name"] = "database".into());
    assert_eq!(renamed, ["service used: renamed resource"]);
    let added = of(|new| new["services"]["user"]["gcp"] = json!({ "gcs": [{ "name": "files" }] }));
    assert_eq!(added, ["service user: added resource"]);
}

#[test]
fn endpoints_pair_by_port_and_protocol_then_port_then_order() {
    let mut old = pair();
    let offer = |ports: &[(u16, &str)]| {
        Value::from_iter(ports.iter().map(|(port, protocol)| json!({ "port": port, "protocol": protocol })))
    };
    old["services"]["used"]["exposes"] = offer(&[(80, "http"), (90, "grpc"), (91, "tcp")]);
    let of = |ports: &[(u16, &str)]| edited(&old, |new| new["services"]["used"]["exposes"] = offer(ports));
    assert_eq!(of(&[(91, "tcp"), (80, "http"), (90, "grpc")]), [""; 0]);
    assert_eq!(of(&[(91, "tcp"), (80, "http"), (90, "http")]), ["service used: changed endpoint"]);
    assert_eq!(of(&[(80, "http"), (92, "grpc")]), ["service used: removed endpoint", "service used: changed endpoint"]);
    let moved = edited(&old, |new| {
        new["services"]["used"]["exposes"] = offer(&[(90, "grpc"), (91, "tcp")]);
        new["services"]["user"]["exposes"] = offer(&[(80, "http")]);
    });
    assert_eq!(moved, ["service user: moved endpoint !"]);
}

#[test]
fn network_rules_are_a_set_unless_one_stops_what_another_lets_pass() {
    let rule = |from: Option<&str>, port: u16, action: &str| {
        let mut rule = json!({ "direction": "inbound", "port": port, "protocol": "tcp", "action": action });
        if let Some(from) = from {
            rule["fromService"] = from.into();
        }
        rule
    };
    let with = |rules: &[Value]| {
        let mut value = pair();
        value["networks"] = json!({ "net": { "rules": rules } });
        value
    };
    let (any, user, other) = (rule(None, 80, "deny"), rule(Some("user"), 80, "allow"), rule(Some("used"), 81, "allow"));
    let old = with(&[user.clone(), any.clone(), other.clone()]);
    assert_eq!(changes(&old, &with(&[other.clone(), user.clone(), any.clone()])), [""; 0]);
    assert_eq!(changes(&old, &with(&[any.clone(), user.clone(), other.clone()])), ["network net: moved network-rule"]);
    assert_eq!(changes(&old, &with(&[user.clone(), any])), ["network net: removed network-rule"]);
    assert_eq!(changes(&with(&[user.clone(), user.clone()]), &with(&[user])), ["network net: removed network-rule"]);
}

#[test]
fn owners_and_deployments() {
    let mut old = pair();
    old["owners"] = json!({ "a": { "name": "A", "email": "a@example.com" } });
    old["services"]["user"]["owner"] = "a".into();
    old["deployments"] = json!({ "helm": {
        "one": { "chart": "c", "version": "1", "services": ["user", "used"] }, "two": { "chart": "d" } } });
    let renamed = edited(&old, |new| {
        let owner = remove(new, "/owners", "a");
        new["owners"]["b"] = owner;
        new["services"]["user"]["owner"] = "b".into();
    });
    assert_eq!(renamed, ["owner b: renamed owner"]);
    let moved = edited(&old, |new| {
        new["owners"]["b"] = json!({ "name": "B" });
        new["services"]["user"]["owner"] = "b".into();
        new["owners"]["a"]["slack"] = "#a".into();
        remove(new, "/owners/a", "email");
    });
    let expected = ["owner a: removed owner-field email", "owner a: added owner-field slack", "owner b: added owner"];
    assert_eq!(moved[..3], expected);
    assert_eq!(moved[3..], ["service user: moved owner owner"]);
    let deployed = edited(&old, |new| {
        new["deployments"]["helm"]["one"]["services"] = json!(["user"]);
        new["deployments"]["helm"]["two"]["services"] = json!(["used"]);
        new["deployments"]["helm"]["one"]["version"] = "2".into();
    });
    assert_eq!(deployed, ["helm one: changed deployment-field version", "helm two: moved deployment-entry"]);
    let release = edited(&old, |new| {
        let one = remove(new, "/deployments/helm", "one");
        new["deployments"]["helm"]["uno"] = one;
    });
    assert_eq!(release, ["helm uno: renamed deployment"]);
}

#[test]
fn texts_of_strangers_are_harmless() {
    let workspace = Workspace::new();
    let mut new = pair();
    new["description"] = "\u{1b}[31mred | <b> @team https://user:s3cret@host".into();
    new["services"]["a|b\u{1b}[2J"] = service("https://bot:s3cret@registry/x");
    workspace.write("old.json", pair().to_string()).write("new.json", new.to_string());
    for output in ["text", "json", "markdown"] {
        let ran = workspace.run(&["diff", "old.json", "new.json", "--allow-errors", "--output", output]);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains("s3cret"), "{}", ran.stdout);
        assert!(ran.stdout.contains("added"), "{ran:#?}");
    }
    let ran = workspace.run(&["diff", "old.json", "new.json", "--allow-errors", "--output", "markdown"]);
    assert!(ran.stdout.contains(r"a\|b"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("<b>"), "{}", ran.stdout);
}

#[test]
fn colour_is_for_terminals() {
    let workspace = Workspace::new();
    assert!(!workspace.run(&["diff", OLD, NEW]).stdout.contains('\u{1b}'));
    assert!(workspace.run(&["diff", OLD, NEW, "--color", "always"]).stdout.contains('\u{1b}'));
}
