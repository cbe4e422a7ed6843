//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use std::time::{Duration, Instant};

use serde_json::Value;
use spec_engine_compose::{File, Options, Profiles, import};

use crate::import::{check, check_notes};
use crate::numbers::{Numbers, holds, runs};

/// Lines of services, the first word of which is a field.
const FIELDS: &[&str] = &[
    "image: a:1",
    "image: postgres:16",
    "image: ${IMAGE}",
    "image: rabbitmq",
    "image: ${A:?say A}/b:${}",
    "build: .",
    "build: {context: ., args: {X: 'http://b:1'}, dockerfile_inline: 'EXPOSE 1 x'}",
    "ports: ['80:80', 1-9, 'x']",
    "ports: 80",
    "ports: [{target: 53, protocol: udp, app_protocol: DNS}]",
    "expose: [53/udp, 90]",
    "depends_on: [a, b, db, x]",
    "depends_on: {b: {condition: service_healthy}, a: {condition: service_completed_successfully, required: false}}",
    "depends_on: b",
    "links: ['b:x', db]",
    "environment: [DB_HOST=db, DB_PORT=5432, X]",
    "environment: {URL: 'http://b:80/${A:-${B}}', B_URL: 'https://b:80', RABBIT: 'http://db:15672', ME: 'ws://b:80'}",
    "environment: {DSN: 'Server=db,1433;Password=x', K: 'a:1,b:2', SEEDS: 'a,b', N: , LISTEN: ':90', PORT: 70}",
    "env_file: [a.env, .env]",
    "env_file: {path: a.env, format: raw, required: false}",
    "extends: {file: c.yaml, service: a}",
    "extends: b",
    "extends: {file: compose.yaml, service: db}",
    "network_mode: service:a",
    "network_mode: host",
    "networks: {n: {aliases: [x], ipv4_address: 10.0.0.1}, m: }",
    "networks: [n, default]",
    "networks: []",
    "command: [sh, -c, 'nc -z db 5432; exec x --b-host b --port 9']",
    "command: --listen 0.0.0.0:80 -h db -p",
    "healthcheck: {test: 'curl https://localhost:$${PORT}'}",
    "healthcheck: {test: [CMD, nc, localhost, '4']}",
    "volumes_from: [a, 'container:x']",
    "profiles: [x]",
    "provider: {type: x}",
    "configs: [c]",
    "container_name: x",
    "labels: [team=x, 'traefik.http.services.a.loadbalancer.server.port=7']",
    "pid: service:b",
    "ipc: service:db",
    "gpus: all",
    "ports: !reset []",
    "environment: !override {A: b}",
    "<<: *x",
    "restart: ",
    "image: {a: b}",
    "ports: {a: b}",
    "x-z: {a: !reset, b: [!override, !!str, !x!y]}",
];

/// Lines of files beside their services.
const LINES: &[&str] = &[
    "x: &x {image: z}",
    "include: [b.yaml, a.yaml]",
    "include: [{path: [b.yaml, c.yaml], env_file: a.env}]",
    "name: ${N}",
    "name: s",
    "networks: {n: {internal: true, ipam: {config: [{subnet: 10.0.0.0/8}, {subnet: 'fd00::/8'}]}}, m: {external: true}}",
    "configs: {c: {content: 'http://b:1'}}",
    "volumes: {v: }",
    "services: {}",
    "version: '3'",
    "servces: ",
];

/// What breaks files.
const PIECES: &[&str] = &[
    "---\n",
    "...\n",
    "!reset ",
    "!override ",
    "&y ",
    "*y",
    "- ",
    "? ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "\t",
    "\n",
    "  ",
    "#",
    "$",
    "${",
    "}",
    "${A?",
    "\\",
    "\u{feff}",
    "\0",
    "ü",
    "🎉",
    "|\n",
    ">-\n",
    "~",
    "<<: ",
    "99999",
    "-1",
    "A=1\n",
    "B=\"x\ny\"\n",
    "export C='\n",
    "D: e\n",
    "=\n",
    "a.env",
    "://",
    "@",
    ":65536",
    "/dev/tcp/db/1",
    "\r",
    "\u{2028}",
];

/// Whole files that the pieces are put into.
const SEEDS: &[&str] = &[
    include_str!("../../../tests/fixtures/compose/shop.yml"),
    include_str!("../../../tests/fixtures/compose/shop.override.yml"),
    include_str!("../../../examples/docker-compose.yml"),
    "A=1\nB=\"${A}\n2\"\nC='3'\nexport D: 4 # five\nE\n",
    "web:\n  image: a\n  links: [db]\ndb:\n  image: postgres\n",
];

const NAMES: &[&str] =
    &["compose.yaml", "a.yaml", "b.yaml", "c.yaml", ".env", "a.env", "env.example", "x/compose.yaml", "<stdin>"];

/// A file that compose may take: services with some fields each.
fn written(numbers: &mut Numbers) -> String {
    let mut text = String::from("x-x: &x {environment: {L: m}}\n");
    for line in LINES {
        if numbers.below(6) == 0 && !line.starts_with("services") {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str("services:\n");
    for name in ["a", "b", "db", "c d"] {
        if numbers.below(4) == 0 {
            continue;
        }
        text.push_str(&format!("  {name}:\n    x-y: z\n"));
        let mut fields: Vec<&str> = Vec::new();
        for _ in 0..numbers.below(8) {
            let field = numbers.of(FIELDS);
            let key = field.split(':').next().unwrap_or_default();
            if !fields.contains(&key) {
                fields.push(key);
                text.push_str(&format!("    {field}\n"));
            }
        }
    }
    text
}

fn text(numbers: &mut Numbers) -> String {
    let mut text = if numbers.below(4) == 0 { numbers.of(SEEDS).to_owned() } else { written(numbers) };
    // Most are left as they are, so that more than the reader of YAML is tried.
    let changes = if numbers.below(5) == 0 { 1 + numbers.below(10) } else { 0 };
    for _ in 0..changes {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (from, to) = (places[numbers.below(places.len())], places[numbers.below(places.len())]);
        let (from, to) = (from.min(to), from.max(to));
        match numbers.below(7) {
            0 => text.truncate(from),
            1 => text.replace_range(from..to, ""),
            2 => {
                let copy = text[from..to].to_owned();
                text.insert_str(to, &copy);
            }
            3 => {
                let line = text[..from].rfind('\n').map_or(0, |at| at + 1);
                let added = if numbers.below(2) == 0 { numbers.of(LINES) } else { numbers.of(FIELDS) };
                text.insert_str(line, &format!("{added}\n"));
            }
            _ => text.insert_str(from, numbers.of(PIECES)),
        }
        text.truncate(text.floor_char_boundary(20_000));
    }
    text
}

fn files(numbers: &mut Numbers) -> Vec<File> {
    let one = |numbers: &mut Numbers| {
        let name = numbers.of(NAMES);
        let is_env = name.contains("env") && numbers.below(4) > 0;
        File { name: name.to_owned(), text: if is_env { SEEDS[3].to_owned() } else { text(numbers) } }
    };
    (0..1 + numbers.below(4)).map(|_| one(numbers)).collect()
}

fn options(numbers: &mut Numbers) -> Options {
    Options {
        resources: numbers.below(2) == 0,
        assumed: numbers.below(2) == 0,
        profiles: if numbers.below(3) == 0 { Profiles::Named(vec!["x".into()]) } else { Profiles::All },
        variables: if numbers.below(4) == 0 { vec!["a.env".into()] } else { vec![] },
        ..Options::default()
    }
}

fn texts(files: &[File]) -> Vec<&str> {
    files.iter().map(|file| file.text.as_str()).collect()
}

/// What holds of documents of compose files besides: an endpoint and who connects to it agree on the protocol, and a service
/// that became a resource is no service.
fn check_services(document: &Value) {
    let services = document["services"].as_object().expect("there are services");
    for (name, service) in services {
        for (target, connection) in service["connections"].as_object().into_iter().flatten() {
            let endpoints = services[target]["exposes"].as_array().into_iter().flatten();
            let at_port: Vec<&Value> = endpoints.filter(|endpoint| endpoint["port"] == connection["port"]).collect();
            let fits = |endpoint: &&Value| {
                endpoint["protocol"] == connection["protocol"]
                    || [&endpoint["protocol"], &connection["protocol"]].contains(&&Value::from("tcp"))
            };
            assert!(at_port.is_empty() || at_port.iter().any(fits), "{name} -> {target}: {document}");
        }
        for (_, resources) in service["resources"].as_object().into_iter().flatten() {
            for resource in resources.as_array().into_iter().flatten() {
                assert!(!services.contains_key(resource["name"].as_str().unwrap_or_default()));
            }
        }
    }
}

/// The signs of YAML and of files of variables, close together: the readers are held against everything.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn any_row_of_signs_is_read_or_refused() {
    const SIGNS: &[&str] = &[
        "[",
        "]",
        "{",
        "}",
        "!",
        "&",
        "*",
        "'",
        "\"",
        "\n",
        " ",
        "  ",
        "- ",
        "-",
        "? ",
        "?",
        ": ",
        ":",
        ", ",
        ",",
        "#",
        " #",
        "|",
        ">",
        "%",
        "@",
        "`",
        "x",
        "a",
        "0",
        "\\",
        "\t",
        "\r",
        "~",
        "<<",
        "---",
        "...",
        "=",
        "$",
        "${",
        "}",
        "ü",
        "\u{85}",
        "\u{2028}",
        "!x",
        "&a ",
        "*a ",
        "%YAML 1.1",
        "%TAG ! x:",
        "\\x4",
        "\\u00e9",
        "|2-",
        ">+",
        "services: ",
        "A=",
    ];
    let mut numbers = Numbers::of_seed();
    runs(100_000, |run| {
        let text: String = (0..1 + numbers.below(24)).map(|_| numbers.of(SIGNS)).collect();
        let name = if numbers.below(4) == 0 { ".env" } else { "compose.yaml" };
        let files = [
            File { name: name.to_owned(), text },
            File { name: "b.yaml".to_owned(), text: "services: {a: {image: a, env_file: .env}}".to_owned() },
        ];
        let result = std::panic::catch_unwind(|| import(&files, &Options::default()));
        let Ok(result) = result else { panic!("run {run}: {:?}", files[0].text) };
        let is_document = result.is_ok();
        check_notes(&texts(&files), &result.map_or_else(|notes| notes, |imported| imported.notes));
        is_document
    });
}

#[test]
fn whatever_is_handed_in_the_importer_ends_and_what_it_makes_holds_together() {
    let mut numbers = Numbers::of_seed();
    runs(4_000, |run| {
        let (files, options) = (files(&mut numbers), options(&mut numbers));
        let once = Instant::now();
        let tried = || format!("run {run}: {files:#?} {options:?}");
        let is_document = holds(tried, || {
            let imported = import(&files, &options).map(|imported| (imported.document, imported.notes));
            let document = check(&texts(&files), imported);
            document.iter().for_each(check_services);
            document.is_some()
        });
        assert!(once.elapsed() < Duration::from_secs(10), "{} took {:?}", tried(), once.elapsed());
        is_document
    })
    .check_share();
}
