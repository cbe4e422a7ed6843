//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use spec_engine_terraform::{File, Note, Options, Severity, import};

use crate::support::file;

/// What breaks files.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "[]",
    "{}",
    "\"x\"",
    "0",
    "-1",
    "99999",
    "1e9",
    "\u{feff}",
    "\0",
    "ü",
    "🎉",
    "\n",
    "aws_sqs_queue",
    "arn:aws:s3:::b",
    "module.",
    "module.a[\"x\"].",
    "\"deposed\": \"x\",",
    "\"name\": null,",
    "\"version\": 3,",
    "\"errored\": true,",
    "[{\"image\": \"a\"}]",
    "\\\"",
    "resource \"a\" \"b\" {\n",
    "\"index_key\": 0,",
    "\"sensitive_values\": {\"name\": true},",
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
}

fn text(numbers: &mut Numbers, seeds: &[String]) -> String {
    let mut text = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..numbers.below(5) {
        let any = |numbers: &mut Numbers, text: &str| text.floor_char_boundary(numbers.below(text.len() + 1));
        let from = any(numbers, &text);
        let to = text.floor_char_boundary((from + numbers.below(40)).min(text.len())).max(from);
        match numbers.below(7) {
            0 => text.replace_range(from..to, ""),
            1 => {
                let copy = text[from..to].to_owned();
                text.insert_str(to, &copy);
            }
            2 if numbers.below(4) == 0 => text.truncate(from),
            // A value in the place of another one leaves JSON that is whole.
            3 | 4 => {
                if let Some(at) = text[from..].find("\": \"").map(|at| from + at + 4)
                    && let Some(end) = text[at..].find('"')
                {
                    let values = [
                        "",
                        "x",
                        "arn:aws:sqs:e:1:jobs",
                        "module.a.module.b[0].aws_lb.x",
                        "shop-uploads",
                        "[{}]",
                        "4.0",
                        "managed",
                        "data",
                    ];
                    text.replace_range(at..at + end, values[numbers.below(values.len())]);
                }
            }
            _ => text.insert_str(from, PIECES[numbers.below(PIECES.len())]),
        }
    }
    text
}

fn check_notes(files: &[File<'_>], notes: &[Note]) {
    for note in notes {
        let lines = files[note.place.file].text.split('\n').count();
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
        for provider in ["aws", "gcp", "azure", "cloudflare", "resources"] {
            for (kind, list) in service[provider].as_object().into_iter().flatten() {
                for resource in list.as_array().into_iter().flatten().filter(|own| own.is_object()) {
                    let named = ["name", "id", "modelId"].into_iter().find_map(|field| resource[field].as_str());
                    let own = bindings
                        .entry((provider, kind.clone(), named.expect("it has a name").to_owned()))
                        .or_insert(resource);
                    assert_eq!(*own, resource, "bindings of one resource agree");
                }
            }
        }
    }
    for (_, module) in document["deployments"]["terraform"].as_object().into_iter().flatten() {
        assert!(module["source"].as_str().is_some_and(|source| !source.is_empty()));
        for id in module["resources"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(id.strip_prefix("svc:").is_none_or(|service| services.contains_key(service)), "{id}");
        }
    }
}

/// The number in a variable of the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

#[test]
fn whatever_is_handed_in_the_importer_ends_and_what_it_makes_holds_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/terraform");
    let names = [
        "shop/plan.json",
        "shop/show-state.json",
        "shop/terraform.tfstate",
        "public/checkov-images/ecs_tfplan.json",
        "public/hard/plan_with_deleted_resources.json",
    ];
    let seeds: Vec<String> = names.iter().map(|name| std::fs::read_to_string(folder.join(name)).unwrap()).collect();
    let seed = setting("SPEC_ENGINE_RANDOM_SEED").unwrap_or(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let (mut numbers, start, mut runs, mut documents) = (Numbers(seed), Instant::now(), 0_u64, 0_u64);
    let goes_on = |runs| match setting("SPEC_ENGINE_RANDOM_SECONDS") {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => runs < 400,
    };
    while goes_on(runs) {
        runs += 1;
        let names = ["a.tfstate", "b.json", "<stdin>"];
        let files: Vec<File<'_>> =
            (0..1 + numbers.below(2)).map(|at| file(names[at], &text(&mut numbers, &seeds))).collect();
        let options = Options {
            service: (numbers.below(3) == 0).then(|| "api".to_owned()),
            policies: numbers.below(3) > 0,
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
