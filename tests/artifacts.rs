//! What a plugin makes stays in the output folder, replaces nothing that was not made before, and appears whole.

use std::path::{Path, PathBuf};

use crate::support::workspace::{CommandRun, PAYMENTS, Workspace};
use crate::wasm::guest::Guest;

/// A workspace with a document, and a component `p.wasm` that writes `hello` into some files.
fn writing(paths: &[&str]) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("system.json", std::fs::read(PAYMENTS).unwrap());
    rewriting(&workspace, paths);
    workspace
}

fn rewriting(workspace: &Workspace, paths: &[&str]) {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    workspace.write("p.wasm", Guest { paths, ..Guest::default() }.build());
}

fn render(workspace: &Workspace, folder: &str, more: &[&str]) -> CommandRun {
    workspace.run(&[&["render", "system.json", "--plugin", "./p.wasm", "-o", folder], more].concat())
}

/// Every file and link below the workspace, with its content or target, but what the user's own folders hold.
fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            let kind = path.symlink_metadata().unwrap().file_type();
            if path == folder.join("home") {
                continue;
            }
            let content = match () {
                () if kind.is_symlink() => std::fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
                () if kind.is_file() => std::fs::read(&path).unwrap(),
                () => Vec::new(),
            };
            if kind.is_dir() {
                folders.push(path.clone());
            }
            found.push((path, content));
        }
    }
    found.sort();
    found
}

/// Asserts that a rendering fails and changes nothing at all.
#[track_caller]
fn changes_nothing(workspace: &Workspace, folder: &str, more: &[&str], said: &str) {
    let before = tree(workspace.path());
    render(workspace, folder, more).ends(2).says(said);
    assert_eq!(tree(workspace.path()), before);
}

#[test]
fn a_path_that_is_not_what_it_looks_like_writes_nothing() {
    for path in [
        ".git/config",
        "a/.env",
        ".g\u{200b}it/config",
        "a\u{202e}gpj.exe",
        "a\u{2066}b",
        "GIT~1/config",
        "spec-engine.toml",
        "x/Spec-Engine.lock",
        "\u{301}a",
    ] {
        let workspace = writing(&["good.txt", path]);
        workspace.write(".git/config", "[core]\n");
        for folder in ["./", "out/"] {
            changes_nothing(&workspace, folder, &["--overwrite"], "is refused");
        }
    }
}

#[test]
fn two_paths_that_a_file_system_takes_for_one_write_nothing() {
    for pair in [
        ["A.md", "a.md"],
        ["stra\u{df}e", "STRASSE"],
        ["\u{e9}", "e\u{301}"],
        ["a", "a/b"],
        ["a/b", "a"],
        ["D/x", "d/y"],
    ] {
        changes_nothing(&writing(&["first.txt", pair[0], pair[1]]), "out/", &[], "another artifact has");
    }
}

#[test]
fn nothing_of_a_project_is_replaced_whatever_the_user_says() {
    let workspace = writing(&["new.txt", "system.json"]);
    workspace.write("sub/policy/own.rhai", "//! No.\n").write("t/page.md.tera", "x").write("t/page.toml", "");
    changes_nothing(&workspace, "./", &["--overwrite"], "cannot write ./system.json");
    rewriting(&workspace, &["new.txt", "own.rhai"]);
    workspace.write("spec-engine.toml", "scripts = [\"sub\"]\nplugins = [\"t\"]\ndocument = \"docs/main.json\"\n");
    changes_nothing(&workspace, "sub/policy/", &["--overwrite"], "this command reads");
    for template in ["page.md.tera", "page.toml"] {
        rewriting(&workspace, &["new.txt", template]);
        changes_nothing(&workspace, "t/", &["--overwrite"], "this command reads");
    }
    rewriting(&workspace, &["new.txt", "main.json"]);
    workspace.write("docs/main.json", "{}");
    changes_nothing(&workspace, "docs/", &["--overwrite"], "the document of the project");
    rewriting(&workspace, &["p.wasm"]);
    changes_nothing(&workspace, "./", &["--overwrite"], "this command reads");
}

#[test]
fn nothing_becomes_a_rule_or_a_plugin_of_a_project() {
    for (path, folder) in [
        ("rules/evil.rhai", ".spec-engine/"),
        ("evil.wasm", ".spec-engine/plugins/"),
        ("evil.md.tera", "x/../.spec-engine/templates/"),
        ("sub/evil.RHAI", "policy/"),
    ] {
        let workspace = writing(&["good.txt", path]);
        workspace.write("spec-engine.toml", "scripts = [\"policy\"]\n").write("policy/own.rhai", "").write("x/x", "");
        changes_nothing(&workspace, folder, &["--overwrite"], "would become a rule or a plugin");
        rewriting(&workspace, &["good.txt", "picture.svg"]);
        render(&workspace, folder, &[]).ends(0);
    }
}

#[test]
fn only_what_was_written_before_is_replaced() {
    let workspace = writing(&["a.txt", "sub/b.txt"]);
    workspace.write("docs/a.txt", "by hand").write("docs/sub/other.txt", "by hand");
    changes_nothing(&workspace, "docs/", &[], "was not written there by spec-engine");
    let ran = render(&workspace, "docs/", &["--overwrite"]).ends(0);
    assert!(ran.stderr.contains("wrote 2 files:\n  docs/a.txt\n  docs/sub/b.txt\n"), "{}", ran.stderr);
    let read = |name: &str| std::fs::read_to_string(workspace.path().join("docs").join(name)).unwrap();
    assert_eq!((read("a.txt").as_str(), read("sub/other.txt").as_str()), ("hello", "by hand"));
    let list = read(".spec-engine-files");
    assert_eq!(list.lines().skip(1).collect::<Vec<_>>(), ["a.txt", "sub/b.txt"]);

    // After a fresh checkout, with other content and other times.
    let checkout = Workspace::new();
    for (path, content) in tree(workspace.path()).into_iter().filter(|(path, _)| path.is_file()) {
        checkout.write(path.strip_prefix(workspace.path()).unwrap().to_str().unwrap(), content);
    }
    checkout.write("docs/a.txt", "drawn by an older version");
    render(&checkout, "docs/", &[]).ends(0);
    render(&checkout, "docs/", &[]).ends(0);
    // Another plugin does not replace what is not in the list, and the list keeps what is there.
    rewriting(&checkout, &["c.txt"]);
    render(&checkout, "docs/", &[]).ends(0);
    let list = std::fs::read_to_string(checkout.path().join("docs/.spec-engine-files")).unwrap();
    assert_eq!(list.lines().skip(1).collect::<Vec<_>>(), ["a.txt", "c.txt", "sub/b.txt"]);
    rewriting(&checkout, &["a.txt", "sub/other.txt"]);
    changes_nothing(&checkout, "docs/", &[], "sub/other.txt");
}

#[test]
fn a_file_that_is_the_same_needs_no_leave() {
    let workspace = writing(&["a.txt"]);
    workspace.write("docs/a.txt", "hello");
    render(&workspace, "docs/", &[]).ends(0);
    workspace.run(&["render", "system.json", "--plugin", "mermaid", "--split", "owner", "-o", "parts"]).ends(0);
    let twice = workspace.run(&["render", "system.json", "--plugin", "mermaid", "--split", "owner", "-o", "parts/"]);
    twice.ends(0).says("parts/index.md");
}

#[test]
fn a_folder_at_the_place_of_a_file_is_seen_before_anything_is_written() {
    let workspace = writing(&["x", "a/b"]);
    workspace.write("out/a", "a file");
    changes_nothing(&workspace, "out/", &["--overwrite"], "a is not a folder");
    let workspace = writing(&["x", "a"]);
    workspace.write("out/a/b", "");
    changes_nothing(&workspace, "out/", &["--overwrite"], "is not a file");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn no_link_is_followed_in_the_folder() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("victim"), "kept").unwrap();
        let workspace = writing(&["first.txt", "sub/victim"]);
        workspace.write("out/x", "");
        symlink(outside.path(), workspace.path().join("out/sub")).unwrap();
        changes_nothing(&workspace, "out/", &["--overwrite"], "is a link");
        rewriting(&workspace, &["first.txt", "file"]);
        symlink(outside.path().join("victim"), workspace.path().join("out/file")).unwrap();
        changes_nothing(&workspace, "out/", &["--overwrite"], "is a link");
        rewriting(&workspace, &["first.txt", "dangling"]);
        symlink(outside.path().join("made"), workspace.path().join("out/dangling")).unwrap();
        changes_nothing(&workspace, "out/", &["--overwrite"], "is a link");
        assert_eq!(tree(outside.path()), [(outside.path().join("victim"), b"kept".to_vec())]);
        // The folder itself is the user's word.
        rewriting(&workspace, &["first.txt"]);
        symlink("out", workspace.path().join("link")).unwrap();
        render(&workspace, "link/", &[]).ends(0);
        assert_eq!(std::fs::read(workspace.path().join("out/first.txt")).unwrap(), b"hello");
    }

    #[test]
    fn a_list_that_is_a_link_or_a_pipe_is_refused() {
        let workspace = writing(&["a.txt"]);
        workspace.write("out/x", "").write("elsewhere", "a.txt\n");
        symlink("../elsewhere", workspace.path().join("out/.spec-engine-files")).unwrap();
        changes_nothing(&workspace, "out/", &[], "is a link");
        std::fs::remove_file(workspace.path().join("out/.spec-engine-files")).unwrap();
        let pipe = workspace.path().join("out/.spec-engine-files");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        render(&workspace, "out/", &[]).ends(2).says("not a regular file");
        assert!(!workspace.path().join("out/a.txt").exists());
    }

    #[test]
    fn a_file_keeps_its_mode_and_one_that_may_not_be_written_stays() {
        let workspace = writing(&["a.txt", "b.txt"]);
        workspace.write("out/a.txt", "old").write("out/b.txt", "old");
        let path = |name: &str| workspace.path().join("out").join(name);
        std::fs::set_permissions(path("a.txt"), std::fs::Permissions::from_mode(0o640)).unwrap();
        render(&workspace, "out/", &["--overwrite"]).ends(0);
        assert_eq!(std::fs::metadata(path("a.txt")).unwrap().permissions().mode() & 0o777, 0o640);
        // SAFETY: it asks for a number.
        if unsafe { libc::geteuid() } == 0 {
            return;
        }
        rewriting(&workspace, &["a.txt", "b.txt", "c.txt"]);
        std::fs::write(path("a.txt"), "mine").unwrap();
        std::fs::set_permissions(path("b.txt"), std::fs::Permissions::from_mode(0o444)).unwrap();
        std::fs::write(path("b.txt.old"), "").unwrap();
        changes_nothing(&workspace, "out/", &["--overwrite"], "cannot write");
    }
}
