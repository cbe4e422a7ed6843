//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use serde_json::Value;
use spec_engine_kubernetes::{File, Options, import};

use crate::import::check;
use crate::numbers::{Numbers, holds, runs};
use crate::support::file;

/// Objects, which are put together.
const OBJECTS: &[&str] = &[
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: x, labels: {team: t}}, spec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'acme/a:1', env: [{name: B_URL, value: 'http://b:80'}, {name: DB_HOST, value: db.y}], args: ['--c', 'c:90']}]}}}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: b, namespace: x}, spec: {template: {metadata: {labels: {app: b, v: '1'}}, spec: {initContainers: [{name: i, image: i, command: [nc, -z, a, '80']}], containers: [{name: p, image: proxyv2}, {name: b, image: 'b@sha256:1', envFrom: [{configMapRef: {name: c}}]}], volumes: [{configMap: {name: c}}]}}}}",
    "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: y}, spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: 'postgres:16', ports: [{containerPort: 5432, name: sql}]}]}}}}",
    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a, namespace: x, annotations: {meta.helm.sh/release-name: r}}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: 'A:1', env: [{name: X, value: '$(X)$(X)'}]}]}}}}}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: x}, spec: {selector: {app: a}, ports: [{port: 80, targetPort: 8080}, {port: 90, name: grpc}]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: x}, spec: {selector: {app: b}, ports: [{port: 80, name: tcp, protocol: UDP}]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: y}, spec: {selector: {app: db}, clusterIP: None, ports: [{port: 5432, targetPort: sql}]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: c, namespace: x}, spec: {type: ExternalName, externalName: c.abc.eu-west-1.rds.amazonaws.com}}",
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: x}, data: {A_ADDR: 'a:80', E: '', F: 'postgres://db.y.svc/x http://a:90 a:99'}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: x}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: a}}}, {ipBlock: {cidr: 1.0.0.0/8}}], ports: [{port: 8080}]}, {}], egress: [{to: [{podSelector: {matchExpressions: [{key: v, operator: Exists}]}}]}]}}",
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: x}, spec: {rules: [{host: h, http: {paths: [{backend: {service: {name: a, port: {name: grpc}}}}, {backend: {serviceName: z}}]}}]}}",
    "{kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: pod}, spec: {containers: [{name: pod, image: pod}]}}, {kind: PodList, items: []}]}",
    "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: x}, data: {a: b}}",
    "{apiVersion: x/v1, kind: Thing, metadata: {name: t}, spec: {a: [b]}}",
];

/// What breaks files.
const PIECES: &[&str] = &[
    "---\n",
    "...\n",
    "- ",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    "\"",
    "'",
    "\t",
    "\n",
    "  ",
    "#",
    "$",
    "$(",
    ")",
    "{{",
    "{{ .Values.x }}",
    "\\",
    "\u{feff}",
    "\0",
    "ü",
    "🎉",
    "|\n",
    ">-\n",
    "~",
    "null",
    "99999",
    "-1",
    "0",
    "://",
    "@",
    ":65536",
    "\r",
    "\u{2028}",
    "kind: ",
    "name: ",
    "*y",
    "&y ",
    ".svc",
    ".",
    "db-0.",
    "a:80",
    "true",
];

fn text(numbers: &mut Numbers) -> String {
    let mut text = String::new();
    for _ in 0..1 + numbers.below(12) {
        text.push_str("---\n");
        text.push_str(numbers.of(OBJECTS));
        text.push('\n');
    }
    // A single object may be written as JSON is.
    if numbers.below(4) == 0 {
        let value = "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"j\"}, \"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"j\", \"image\": \"j\", \"args\": [\"http://a.x:80\"]}]}}}}";
        text = value.repeat(1 + numbers.below(3));
    }
    let changes = if numbers.below(2) == 0 { 1 + numbers.below(6) } else { 0 };
    for _ in 0..changes {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let from = places[numbers.below(places.len())];
        let to = places[(places.binary_search(&from).unwrap_or_default() + numbers.below(30)).min(places.len() - 1)];
        match numbers.below(6) {
            0 => text.replace_range(from..to, ""),
            1 => {
                let copy = text[from..to].to_owned();
                text.insert_str(to, &copy);
            }
            2 => text.truncate(from),
            _ => text.insert_str(from, numbers.of(PIECES)),
        }
    }
    text
}

/// What holds of documents of a cluster besides: the peer of a rule that lets in is where it comes from, and a release has
/// services.
fn check_cluster(document: &Value) {
    let networks = document["networks"].as_object().into_iter().flatten();
    for rule in networks.filter_map(|(_, network)| network["rules"].as_array()).flatten() {
        let other = if rule["direction"] == "inbound" { "toService" } else { "fromService" };
        assert!(rule.get(other).is_none(), "{rule}");
    }
    for (_, release) in document["deployments"]["helm"].as_object().into_iter().flatten() {
        assert!(release["services"].as_array().is_some_and(|services| !services.is_empty()), "{release}");
    }
}

#[test]
fn whatever_is_handed_in_the_importer_ends_and_what_it_makes_holds_together() {
    let mut numbers = Numbers::of_seed();
    runs(3_000, |run| {
        let names = ["a.yaml", "b.json", "<stdin>"];
        let files: Vec<File<'_>> = (0..1 + numbers.below(3)).map(|at| file(names[at], &text(&mut numbers))).collect();
        let options = Options {
            resources: numbers.below(2) == 0,
            configurations: numbers.below(3) > 0,
            namespaces: if numbers.below(5) == 0 { vec!["x".to_owned()] } else { Vec::new() },
            ..Options::default()
        };
        let texts: Vec<&str> = files.iter().map(|file| &*file.text).collect();
        holds(
            || format!("run {run}: {files:#?} {options:?}"),
            || {
                let imported = import(&files, &options).map(|imported| (imported.document, imported.notes));
                let document = check(&texts, imported);
                document.iter().for_each(check_cluster);
                document.is_some()
            },
        )
    })
    .check_share();
}
