//! What an import does to the text of a document: it says what the merge says, whatever did not change stays byte by byte,
//! and twice the same changes nothing.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use spec_engine::engine::Document;
use spec_engine::import::{Coverage, Extent};
use spec_engine::merge::{
    Digests, Gone, MergeRemark, MergeResult, MergeSettings, Observation, Renames, merge, written,
};
use spec_engine::model::System;
use spec_engine::policy::IgnoreRules;
use spec_engine::source::Json;
use spec_engine::source::edit::{MemberChange, edited};

/// Any JSON value, not very deep.
fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<u16>().prop_map(Value::from),
        "[a-zü\"\\\\ ]{0,4}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]|name|port", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// A value written in one of three layouts.
fn laid_out(value: &Value, layout: u8) -> String {
    match layout {
        0 => value.to_string(),
        1 => serde_json::to_string_pretty(value).unwrap(),
        _ => {
            let pretty = serde_json::to_string_pretty(value).unwrap();
            let line = |line: &str| {
                let text = line.trim_start_matches(' ');
                format!("{}{text}", "\t".repeat((line.len() - text.len()) / 2))
            };
            pretty.lines().map(line).collect::<Vec<_>>().join("\r\n")
        }
    }
}

/// A value without members that are empty, which an edit leaves where the new value does not have them.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| (key.clone(), without_empty(value)));
            let is_empty = |value: &Value| *value == json!({}) || *value == json!([]);
            Value::Object(members.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(list) => list.iter().map(without_empty).collect(),
        plain => plain.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_text_says_what_it_was_told(own in value(), target in value(), beside in value(), layout in 0_u8..3) {
        let document = json!({ "before": beside, "own": own, "behind": { "x": beside } });
        let text = laid_out(&document, layout);
        let told = target.to_string();
        let change = MemberChange::Set(Json::parse(&told).unwrap());
        let new = edited(&text, &[("own".to_owned(), change)]).unwrap();
        let said: Value = serde_json::from_str(&new).unwrap();
        prop_assert_eq!(without_empty(&said["own"]), without_empty(&target), "{} -> {}", text, new);
        prop_assert_eq!(&said["before"], &beside);
        // What stands before and behind is not touched.
        let start = text.find("\"own\"").unwrap();
        prop_assert_eq!(&new[..start], &text[..start]);
        let again = edited(&new, &[("own".to_owned(), MemberChange::Set(Json::parse(&told).unwrap()))]).unwrap();
        prop_assert_eq!(&again, &new, "twice the same changes nothing");
        let same = laid_out(&json!({ "own": own }), 0);
        let kept = Json::parse(&same).unwrap().members()[0].value;
        prop_assert_eq!(edited(&text, &[("own".to_owned(), MemberChange::Set(kept))]).unwrap(), text);
    }

    #[test]
    fn a_document_that_was_brought_up_to_date_says_what_the_merge_says(
        document in system(),
        observed in system(),
        layout in 0_u8..3,
        prune in any::<bool>(),
    ) {
        let text = laid_out(&document, layout);
        let parsed = Document::parse("a.json", text.clone());
        let old = parsed.system().unwrap();
        prop_assert!(parsed.load_findings().is_empty(), "{:?}", parsed.load_findings());
        let gone = if prune { Gone::Removed } else { Gone::Kept };
        let merged = merged(old, &observed, gone);
        let new = written(&text, old, &merged.system).unwrap();
        let now = Document::parse("a.json", new.clone());
        prop_assert!(now.load_findings().is_empty(), "{:?} in {}", now.load_findings(), new);
        prop_assert_eq!(now.system().unwrap(), &merged.system, "{} -> {}", text, new);
        let again = self::merged(now.system().unwrap(), &observed, gone);
        prop_assert_eq!(&again.system, &merged.system);
        let written_again = written(&new, now.system().unwrap(), &again.system).unwrap();
        prop_assert_eq!(&written_again, &new, "twice the same import changes nothing");
        // What people wrote is there, word by word.
        for (name, service) in &old.services {
            let Some(now) = merged.system.services.get(name) else { continue };
            prop_assert!(service.description.is_none() || now.description == service.description);
            prop_assert!(service.owner.is_none() || now.owner == service.owner);
        }
        if !prune {
            prop_assert!(old.services.keys().all(|name| merged.system.services.contains_key(name)));
        }
    }
}

/// A system with few names, so that two of them have much in common.
fn system() -> impl Strategy<Value = Value> {
    let service = (
        prop::option::of("[a-c]{1,3}"),
        (0_u8..3, prop::option::of(0_u8..3)),
        prop::collection::vec((0_u16..3, 0_u8..3), 0..3),
        prop::collection::btree_map("web|api|db|job", (1_u16..3, 0_u8..3), 0..3),
        prop::collection::btree_map("orders|users", 1_u16..3, 0..2),
    );
    let services = prop::collection::btree_map("web|api|db|job", service, 1..4);
    (services, prop::option::of(0_u8..2)).prop_map(|(services, owner)| {
        let protocols = ["http", "tcp", "grpc"];
        let names: Vec<String> = services.keys().cloned().collect();
        let services = services.into_iter().map(|(name, (description, (image, tag), exposes, connections, bound))| {
            let mut service = Map::new();
            if let Some(description) = description {
                service.insert("description".into(), description.into());
            }
            let image = format!("acme/{image}");
            service.insert(
                "image".into(),
                match tag {
                    Some(tag) => json!({ "name": image, "tag": format!("v{tag}") }),
                    None => json!({ "name": image }),
                },
            );
            let mut ports: Vec<u16> = Vec::new();
            let exposes = exposes.into_iter().filter(|(port, _)| {
                let is_new = !ports.contains(port);
                ports.push(*port);
                is_new
            });
            let exposes =
                exposes.map(|(port, protocol)| json!({ "port": port + 80, "protocol": protocols[protocol as usize] }));
            service.insert("exposes".into(), exposes.collect());
            let connections = connections.into_iter().filter(|(target, _)| names.contains(target));
            let connections = connections.map(|(target, (port, protocol))| {
                (target, json!({ "port": port, "protocol": protocols[protocol as usize] }))
            });
            service.insert("connections".into(), Value::Object(connections.collect()));
            let bound: Vec<Value> =
                bound.into_iter().map(|(name, port)| json!({ "name": name, "port": port })).collect();
            if !bound.is_empty() {
                service.insert("aws".into(), json!({ "rds": bound }));
            }
            (name, Value::Object(service))
        });
        let services: Map<String, Value> = services.collect();
        let mut system = json!({ "name": "s", "services": services });
        if let Some(owner) = owner {
            system["owners"] = json!({ format!("team-{owner}"): { "name": "Team" } });
        }
        system
    })
}

fn observation(system: &Value) -> Observation {
    let document = Document::parse("b.json", system.to_string());
    let mut coverage = Coverage::default();
    for part in ["services", "endpoints", "connections", "aws.*"] {
        coverage.set(part, Extent::Complete);
    }
    let system = document.system().unwrap().clone();
    Observation { source: "test".into(), system, unbound: Default::default(), coverage }
}

fn settings<'s>(
    names: &'s std::collections::BTreeMap<String, String>,
    ignored: &'s IgnoreRules,
    gone: Gone,
) -> MergeSettings<'s> {
    MergeSettings { names, ignored, gone, renames: Renames::HeldBack, digests: Digests::Compared, home: None }
}

fn merged(document: &System, observed: &Value, gone: Gone) -> MergeResult {
    let (names, ignored) = Default::default();
    merge(document, vec![observation(observed)], &settings(&names, &ignored, gone))
}

/// Brings a text up to date.
fn brought(text: &str, observed: &Value, gone: Gone) -> String {
    let document = Document::parse("a.json", text);
    let system = document.system().unwrap();
    written(text, system, &merged(system, observed, gone).system).unwrap()
}

/// A document that somebody wrote by hand, in a layout of their own.
const BY_HAND: &str = r#"{ "services": {
    "web":   {"exposes": [ {"protocol":"http","port":80} ],   "image": {"tag": "1.0", "name": "acme\/web"},
              "description": "the shop window",
              "connections": { "api": {"port": 8080, "protocol": "grpc", "description": "orders"} } },

    "api":   {"image": {"name": "acme/api", "tag": "2.0"}, "exposes": [ {"port": 8080, "protocol": "grpc"} ]}
  },
  "name": "shop",
  "owners": {}
}
"#;

#[test]
fn what_did_not_change_stays_as_it_was_written() {
    let observed = json!({ "name": "x", "services": {
        "web": { "image": { "name": "acme/web", "tag": "1.1" }, "exposes": [{ "port": 80, "protocol": "http" }],
                 "connections": { "api": { "port": 8080, "protocol": "http" } } },
        "api": { "image": { "name": "acme/api", "tag": "2.0" }, "exposes": [{ "port": 8080, "protocol": "http" }],
                 "aws": { "rds": [{ "name": "orders" }] } },
        "job": { "image": { "name": "acme/job", "tag": "3" } }
    } });
    let new = brought(BY_HAND, &observed, Gone::Kept);
    let expected = BY_HAND
        .replace("\"1.0\"", "\"1.1\"")
        .replace(
            "[ {\"port\": 8080, \"protocol\": \"grpc\"} ]}\n",
            "[ {\"port\": 8080, \"protocol\": \"grpc\"} ], \"aws\": {\"rds\": [{\"name\": \"orders\"}]}},\n\n    \"job\": {\n      \
             \"image\": {\n        \"name\": \"acme/job\",\n        \"tag\": \"3\"\n      }\n    }\n",
        );
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeezed(&new), squeezed(&expected), "{new}");
    for line in BY_HAND.lines().filter(|line| !line.contains("1.0") && !line.contains("acme/api")) {
        assert!(new.lines().any(|own| own == line), "{line}\n{new}");
    }
    assert_eq!(brought(&new, &observed, Gone::Kept), new);
}

#[test]
fn what_is_gone_goes_only_where_somebody_asks_for_it() {
    let observed = json!({ "name": "x", "services": {
        "web": { "image": { "name": "acme/web", "tag": "1.0" }, "exposes": [{ "port": 80, "protocol": "http" }] },
        "other": { "image": { "name": "acme/other" } }
    } });
    let document = Document::parse("a.json", BY_HAND);
    let told = merged(document.system().unwrap(), &observed, Gone::Kept);
    assert_eq!(told.states.missing.len(), 1, "with a service goes what leads to it: {:?}", told.states.missing);
    let kept: Value = serde_json::from_str(&brought(BY_HAND, &observed, Gone::Kept)).unwrap();
    assert!(kept["services"]["api"].is_object() && kept["services"]["other"].is_object());
    let pruned: Value = serde_json::from_str(&brought(BY_HAND, &observed, Gone::Removed)).unwrap();
    assert!(pruned["services"]["api"].is_null() && pruned["services"]["web"]["connections"].is_null(), "{pruned}");
    assert_eq!(pruned["services"]["web"]["description"], "the shop window");
}

#[test]
fn what_may_have_been_renamed_is_asked_for() {
    let observed = json!({ "name": "x", "services": {
        "web-v2": { "image": { "name": "acme/web", "tag": "1.1" }, "exposes": [{ "port": 80, "protocol": "http" }] },
        "api": { "image": { "name": "acme/api", "tag": "2.0" } }
    } });
    let document = Document::parse("a.json", BY_HAND);
    let system = document.system().unwrap();
    for gone in [Gone::Kept, Gone::Removed] {
        let merged = merged(system, &observed, gone);
        assert!(matches!(&merged.remarks[..], [MergeRemark::RenamedService { observed, .. }] if observed == "web-v2"));
        assert_eq!(merged.system, *system);
    }
    let names = [("web-v2".to_owned(), "web".to_owned())].into();
    let ignored = IgnoreRules::default();
    let merged = merge(system, vec![observation(&observed)], &settings(&names, &ignored, Gone::Kept));
    assert!(merged.remarks.is_empty());
    let new = written(BY_HAND, system, &merged.system).unwrap();
    assert_eq!(new, BY_HAND.replace("\"1.0\"", "\"1.1\""));
}

#[test]
fn resources_that_nobody_binds_are_bound_where_the_document_names_them() {
    let text = BY_HAND.replace(
        "\"exposes\": [ {\"port\": 8080",
        "\"aws\": {\"rds\": [{\"name\": \"orders\", \"port\": 5432}]}, \"exposes\": [ {\"port\": 8080",
    );
    let document = Document::parse("a.json", text.clone());
    let system = document.system().unwrap();
    let bound = json!({ "name": "x", "services": { "x": { "image": { "name": "y" }, "aws": {
        "rds": [{ "name": "orders", "port": 5433 }], "sqs": [{ "name": "jobs" }, { "name": "mails" }]
    } } } });
    let mut observation = observation(&json!({ "name": "x", "services": {} }));
    observation.unbound = self::observation(&bound).system.services["x"].bindings.clone();
    observation.coverage = Coverage::default();
    let (names, ignored) = Default::default();
    let how = settings(&names, &ignored, Gone::Removed);
    let merged = merge(system, vec![observation.clone()], &how);
    assert_eq!(written(&text, system, &merged.system).unwrap(), text.replace("5432", "5433"));
    assert!(
        matches!(&merged.remarks[..], [MergeRemark::Unbound { kind, names }] if kind.resource == "aws.sqs" && names.len() == 2)
    );
    assert_eq!(merged.states.missing, []);
    let merged = merge(system, vec![observation], &MergeSettings { home: Some("web"), ..how });
    assert!(merged.remarks.is_empty() && merged.system.services["web"].bindings.resources().count() == 2);
}
