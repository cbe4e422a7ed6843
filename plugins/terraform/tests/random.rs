//! Files that nobody would write: whatever is handed in, the importer ends, and what it makes holds together.
//!
//! `cargo test` runs a short form. `SPEC_ENGINE_RANDOM_SECONDS=3600` runs it for an hour, `SPEC_ENGINE_RANDOM_SEED=7` from
//! another start.

use std::path::Path;

use spec_engine_terraform::{File, Options, import};

use crate::import::check;
use crate::numbers::{Numbers, holds, runs};
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
    let mut numbers = Numbers::of_seed();
    runs(400, |run| {
        let names = ["a.tfstate", "b.json", "<stdin>"];
        let files: Vec<File<'_>> =
            (0..1 + numbers.below(2)).map(|at| file(names[at], &text(&mut numbers, &seeds))).collect();
        let options = Options {
            service: (numbers.below(3) == 0).then(|| "api".to_owned()),
            policies: numbers.below(3) > 0,
            ..Options::default()
        };
        let texts: Vec<&str> = files.iter().map(|file| &*file.text).collect();
        holds(
            || format!("run {run}: {files:#?} {options:?}"),
            || {
                let imported = import(&files, &options).map(|imported| (imported.document, imported.notes));
                check(&texts, imported).is_some()
            },
        )
    })
    .check_share();
}
