//! Public states and plans, as they are: each gives what stands in the `expected.txt` beside it, which was read against the
//! files and against what another reader finds in them. `SPEC_ENGINE_UPDATE=1` writes those files anew, for you to read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use spec_engine_evidence::encoding::decode;
use spec_engine_terraform::{Note, Options, import};

use crate::import::Import;
use crate::support::{CANARY, check_clean, file};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/terraform/public")
}

fn sorted(path: &Path) -> Vec<PathBuf> {
    let mut inner: Vec<PathBuf> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    inner.sort();
    inner
}

fn notes(notes: &[Note], out: &mut String) {
    for note in notes {
        let more = if note.more > 0 { format!(" (and {} more)", note.more) } else { String::new() };
        let _ = writeln!(out, "{:?} {}:{} {}{more}", note.severity, note.code, note.place.line, note.message);
    }
}

/// What came of a file, in short lines.
fn shown(name: &str, text: &str) -> String {
    let mut out = String::new();
    let imported = match import(&[file(name, text)], &Options::default()) {
        Ok(imported) => imported,
        Err(why) => {
            notes(&why, &mut out);
            return out;
        }
    };
    let import = Import::new(imported.document, imported.notes);
    check_clean(&import);
    for (name, service) in import.document["services"].as_object().unwrap() {
        let image = ["name", "tag", "digest"].into_iter().filter_map(|field| service["image"][field].as_str());
        let _ = writeln!(out, "{name}: {}", image.collect::<Vec<_>>().join(" "));
        for field in ["owner", "description"] {
            if let Some(text) = service[field].as_str() {
                let _ = writeln!(out, "    {field}: {text}");
            }
        }
        for field in ["vpc", "subnets", "securityGroups"] {
            if let Some(value) = service["aws"].get(field) {
                let _ = writeln!(out, "    {field}: {value}");
            }
        }
    }
    import.edges().iter().for_each(|edge| out.push_str(&format!("{edge}\n")));
    for (name, network) in import.document["networks"].as_object().into_iter().flatten() {
        let _ = writeln!(out, "network {name}: {}", network["cidr"].as_str().unwrap_or("-"));
    }
    for (name, module) in import.document["deployments"]["terraform"].as_object().into_iter().flatten() {
        let text = |field: &str| module[field].as_str().unwrap_or("-").to_owned();
        let _ = writeln!(out, "module {name}: {} {} {}", text("source"), text("version"), module["resources"]);
    }
    notes(&import.notes, &mut out);
    out
}

#[test]
fn public_files_give_what_they_say() {
    let mut files = 0;
    for set in sorted(&folder()).into_iter().filter(|path| path.is_dir()) {
        let mut all = String::new();
        for path in sorted(&set).into_iter().filter(|path| path.file_name().is_some_and(|name| name != "expected.txt"))
        {
            let bytes = std::fs::read(&path).unwrap();
            let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| decode(&bytes).expect("it is UTF-16"));
            let name = path.file_name().unwrap().to_str().unwrap();
            let shown = shown(name, &text);
            assert!(CANARY.iter().all(|canary| !shown.contains(canary)), "{}", path.display());
            let _ = writeln!(all, "== {name}\n{shown}");
            files += 1;
        }
        let expected = set.join("expected.txt");
        if std::env::var_os("SPEC_ENGINE_UPDATE").is_some() {
            std::fs::write(&expected, &all).unwrap();
        }
        let text = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(all == text, "{} gives\n{all}\ninstead of\n{text}", set.display());
    }
    assert_eq!(files, 54);
}
