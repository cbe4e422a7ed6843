//! Public systems, as they are: each gives what stands in its `expected.txt`, which was read against the files and against
//! what another reader finds in them. `SPEC_ENGINE_UPDATE=1` writes those files anew, for you to read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::import::Import;
use crate::support::{file, imported};

/// What stands in the place of every secret in the files.
const CANARY: [&str; 2] = ["s3cr3t-canary", "czNjcjN0LWNhbmFyeQ"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/kubernetes/public")
}

/// The files of a system, in the order of their names.
fn files(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inner.sort();
        inner.iter().for_each(|path| files(path, into));
    } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "json") {
        into.push(path.to_owned());
    }
}

fn system(path: &Path) -> Import {
    let mut paths = Vec::new();
    files(path, &mut paths);
    let name = |path: &Path| path.strip_prefix(folder()).unwrap().display().to_string();
    let files: Vec<_> = paths.iter().map(|path| file(&name(path), &std::fs::read_to_string(path).unwrap())).collect();
    imported(&files)
}

/// What came of a system, in short lines.
fn shown(import: &Import) -> String {
    let mut out = String::new();
    for name in import.services() {
        let _ = writeln!(out, "{name}: {} [{}]", import.image(name), import.exposes(name));
        for field in ["owner", "description"] {
            if let Some(text) = import.service(name)[field].as_str() {
                let _ = writeln!(out, "    {field}: {text}");
            }
        }
    }
    import.edges().iter().for_each(|edge| out.push_str(&format!("{edge}\n")));
    for (name, network) in import.document["networks"].as_object().into_iter().flatten() {
        let count = network["rules"].as_array().map_or(0, Vec::len);
        let _ = writeln!(out, "network {name}: {count} rules");
    }
    for (name, release) in import.document["deployments"]["helm"].as_object().into_iter().flatten() {
        let count = release["services"].as_array().map_or(0, Vec::len);
        let text = |field: &str| release[field].as_str().unwrap_or("-").to_owned();
        let _ = writeln!(out, "helm {name}: {} {} for {count} services", text("chart"), text("version"));
    }
    for note in &import.notes {
        let more = if note.more > 0 { format!(" (and {} more)", note.more) } else { String::new() };
        let _ = writeln!(out, "{:?} {}: {}{more}", note.severity, note.code, note.message);
    }
    out
}

#[test]
fn public_systems_give_what_they_say() {
    let mut systems: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    systems.retain(|path| path.is_dir());
    systems.sort();
    assert_eq!(systems.len(), 9);
    for path in systems {
        let import = system(&path);
        for canary in CANARY {
            assert!(!import.text.contains(canary), "{}: a secret is in the document", path.display());
            assert!(import.notes.iter().all(|note| !note.message.contains(canary)), "{}", path.display());
        }
        let shown = shown(&import);
        let expected = path.join("expected.txt");
        if std::env::var_os("SPEC_ENGINE_UPDATE").is_some() {
            std::fs::write(&expected, &shown).unwrap();
        }
        let expected_text = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(shown == expected_text, "{} gives\n{shown}\ninstead of\n{expected_text}", path.display());
    }
}

#[test]
fn a_list_of_a_cluster_gives_what_its_manifests_give() {
    let (list, manifests) = (system(&folder().join("derived-boutique-cluster-list")), {
        let path = folder().join("online-boutique/kubernetes-manifests.yaml");
        imported(&[file("manifests.yaml", &std::fs::read_to_string(path).unwrap())])
    });
    assert_eq!(list.edges(), manifests.edges());
    let mut names = [list.services(), manifests.services()];
    names.iter_mut().for_each(|names| names.sort_unstable());
    assert_eq!(names[0], names[1]);
    for name in &names[0] {
        assert_eq!((list.image(name), list.exposes(name)), (manifests.image(name), manifests.exposes(name)), "{name}");
        assert_eq!(list.service(name)["owner"], "shop-team", "{name}");
    }
    let release = &list.document["deployments"]["helm"]["boutique"];
    assert_eq!((release["chart"].as_str(), release["version"].as_str()), (Some("onlineboutique"), Some("0.10.3")));
    assert_eq!(release["services"].as_array().map(Vec::len), Some(names[0].len()));
}
