//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use std::time::{Duration, Instant};

use serde_json::Value;
use spec_engine_compose::{File, Note, Options, Profiles, import};

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

fn check_notes(files: &[File], notes: &[Note]) {
    for note in notes {
        let file = &files[note.place.file];
        // A file that ends in the middle of something ends behind its last line.
        let lines = file.text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 1;
        assert!(note.place.line >= 1 && note.place.column >= 1 && note.place.line <= lines, "{note:?}");
        assert!(!note.message.is_empty());
    }
}

fn check_document(document: &Value) {
    let services = document["services"].as_object().expect("there are services");
    assert!(!services.is_empty() && document["name"].as_str().is_some_and(|name| !name.is_empty()));
    let mut bindings = std::collections::HashMap::new();
    for (name, service) in services {
        assert!(service["image"]["name"].as_str().is_some_and(|image| !image.is_empty()), "{name}");
        for (target, connection) in service["connections"].as_object().into_iter().flatten() {
            assert!(services.contains_key(target) && target != name, "{name} -> {target}");
            let port = connection["port"].as_u64().unwrap_or_default();
            assert!((1..=65535).contains(&port), "{connection}");
            let endpoints = services[target]["exposes"].as_array().into_iter().flatten();
            let at_port: Vec<&Value> = endpoints.filter(|endpoint| endpoint["port"] == port).collect();
            let fits = |endpoint: &&Value| {
                endpoint["protocol"] == connection["protocol"]
                    || [&endpoint["protocol"], &connection["protocol"]].contains(&&Value::from("tcp"))
            };
            assert!(at_port.is_empty() || at_port.iter().any(fits), "{name} -> {target}: {document}");
        }
        for (kind, resources) in service["resources"].as_object().into_iter().flatten() {
            for resource in resources.as_array().into_iter().flatten() {
                let own = bindings.entry((kind.clone(), resource["name"].clone())).or_insert_with(|| resource.clone());
                assert_eq!(own, resource, "bindings of one resource agree");
                assert!(!services.contains_key(resource["name"].as_str().unwrap_or_default()));
            }
        }
    }
    for rule in document["networks"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(_, network)| network["rules"].as_array())
        .flatten()
    {
        let service = rule.get("toService").or(rule.get("fromService")).and_then(Value::as_str).unwrap_or_default();
        assert!(services.contains_key(service) && rule["port"].as_u64() > Some(0), "{rule}");
    }
}

/// The number in a variable of the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Goes on for as many runs, or for the seconds that somebody set.
fn goes_on(start: Instant, runs: u64, most: u64) -> bool {
    match setting("SPEC_ENGINE_RANDOM_SECONDS") {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => runs < most,
    }
}

fn numbers() -> Numbers {
    Numbers(setting("SPEC_ENGINE_RANDOM_SEED").unwrap_or(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
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
    let (mut numbers, start, mut runs) = (numbers(), Instant::now(), 0);
    while goes_on(start, runs, 100_000) {
        runs += 1;
        let text: String = (0..1 + numbers.below(24)).map(|_| numbers.of(SIGNS)).collect();
        let name = if numbers.below(4) == 0 { ".env" } else { "compose.yaml" };
        let files = [
            File { name: name.to_owned(), text },
            File { name: "b.yaml".to_owned(), text: "services: {a: {image: a, env_file: .env}}".to_owned() },
        ];
        let result = std::panic::catch_unwind(|| import(&files, &Options::default()));
        let Ok(result) = result else { panic!("run {runs}: {:?}", files[0].text) };
        check_notes(&files, &result.map_or_else(|notes| notes, |imported| imported.notes));
    }
    eprintln!("{runs} runs, {:?}", start.elapsed());
}

#[test]
fn whatever_is_handed_in_the_importer_ends_and_what_it_makes_holds_together() {
    let (mut numbers, start, mut runs, mut documents) = (numbers(), Instant::now(), 0_u64, 0_u64);
    while goes_on(start, runs, 4_000) {
        runs += 1;
        let (files, options) = (files(&mut numbers), options(&mut numbers));
        let once = Instant::now();
        let result = std::panic::catch_unwind(|| match import(&files, &options) {
            Ok(imported) => {
                check_notes(&files, &imported.notes);
                check_document(&serde_json::from_str(&imported.document).expect("it is JSON"));
                true
            }
            Err(notes) => {
                check_notes(&files, &notes);
                assert!(notes.iter().any(|note| note.severity == spec_engine_compose::Severity::Error));
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
        assert!(once.elapsed() < Duration::from_secs(10), "run {runs} took {:?}: {files:#?}", once.elapsed());
    }
    eprintln!("{runs} runs, {documents} documents, {:?}", start.elapsed());
    assert!(documents > runs / 5, "{documents} documents of {runs} runs");
}
