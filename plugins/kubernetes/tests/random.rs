//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use spec_engine_kubernetes::{File, Note, Options, Severity, import};

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

/// A small generator of numbers that are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % most.max(1)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

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

fn check_notes(files: &[File<'_>], notes: &[Note]) {
    for note in notes {
        let file = &files[note.place.file];
        let lines = file.text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 1;
        assert!(note.place.line >= 1 && note.place.column >= 1 && note.place.line <= lines, "{note:?}");
        assert!(!note.message.is_empty() && note.help.as_ref().is_some_and(|help| !help.is_empty()), "{note:?}");
    }
}

fn check_document(document: &Value) {
    let services = document["services"].as_object().expect("there are services");
    assert!(!services.is_empty());
    let mut bindings = HashMap::new();
    for (name, service) in services {
        assert!(service["image"]["name"].as_str().is_some_and(|image| !image.is_empty()), "{name}");
        for (target, connection) in service["connections"].as_object().into_iter().flatten() {
            assert!(services.contains_key(target) && target != name, "{name} -> {target}");
            assert!((1..=65535).contains(&connection["port"].as_u64().unwrap_or_default()), "{connection}");
        }
        if let Some(owner) = service["owner"].as_str() {
            assert!(document["owners"].get(owner).is_some(), "{owner}");
        }
        for provider in ["aws", "gcp", "azure", "resources"] {
            for (kind, resources) in service[provider].as_object().into_iter().flatten() {
                for resource in resources.as_array().into_iter().flatten() {
                    let key = (provider, kind.clone(), resource["name"].clone());
                    let own = bindings.entry(key).or_insert_with(|| resource.clone());
                    assert_eq!(own, resource, "bindings of one resource agree");
                }
            }
        }
    }
    let networks = document["networks"].as_object().into_iter().flatten();
    for rule in networks.filter_map(|(_, network)| network["rules"].as_array()).flatten() {
        let (from, to) = (rule["fromService"].as_str(), rule["toService"].as_str());
        assert!(
            from.or(to).is_none_or(|service| services.contains_key(service)) && rule["port"].as_u64() > Some(0),
            "{rule}"
        );
        assert!(if rule["direction"] == "inbound" { to.is_none() } else { from.is_none() }, "{rule}");
    }
    for (_, release) in document["deployments"]["helm"].as_object().into_iter().flatten() {
        let deployed = release["services"].as_array().expect("it has services");
        assert!(
            !deployed.is_empty()
                && deployed.iter().all(|name| services.contains_key(name.as_str().unwrap_or_default()))
        );
        assert!(release["chart"].as_str().is_some_and(|chart| !chart.is_empty()));
    }
}

/// The number in a variable of the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

#[test]
fn whatever_is_handed_in_the_importer_ends_and_what_it_makes_holds_together() {
    let seed = setting("SPEC_ENGINE_RANDOM_SEED").unwrap_or(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let (mut numbers, start, mut runs, mut documents) = (Numbers(seed), Instant::now(), 0_u64, 0_u64);
    let goes_on = |runs| match setting("SPEC_ENGINE_RANDOM_SECONDS") {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => runs < 3_000,
    };
    while goes_on(runs) {
        runs += 1;
        let names = ["a.yaml", "b.json", "<stdin>"];
        let files: Vec<File<'_>> = (0..1 + numbers.below(3)).map(|at| file(names[at], &text(&mut numbers))).collect();
        let options = Options {
            resources: numbers.below(2) == 0,
            configurations: numbers.below(3) > 0,
            namespaces: if numbers.below(5) == 0 { vec!["x".to_owned()] } else { Vec::new() },
            ..Options::default()
        };
        let result = std::panic::catch_unwind(|| match import(&files, &options) {
            Ok(imported) => {
                check_notes(&files, &imported.notes);
                check_document(&serde_json::from_str(&imported.document).expect("it is JSON"));
                true
            }
            Err(notes) => {
                check_notes(&files, &notes);
                assert!(notes.iter().any(|note| note.severity == Severity::Error));
                false
            }
        });
        match result {
            Ok(made) => documents += u64::from(made),
            Err(panic) => {
                eprintln!("run {runs}: {files:#?} {options:?}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    eprintln!("{runs} runs, {documents} documents, {:?}", start.elapsed());
    assert!(documents > runs / 5, "{documents} documents of {runs} runs");
}
