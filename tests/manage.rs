//! The plugins of a project: added, pinned, verified, removed, tested, started anew.

mod cache;
mod downloads;
#[cfg(target_os = "linux")]
mod https;
mod indexes;
mod liars;
mod registries;
mod rules;

use crate::support::workspace::{PAYMENTS, Workspace};
use sha2::{Digest as _, Sha256};

const MERMAID: &[u8] = include_bytes!("../plugins/dist/mermaid.wasm");
const D2: &[u8] = include_bytes!("../plugins/dist/d2.wasm");
const TABLE: &str = include_str!("../examples/templates/my-table.md.tera");
const TABLE_TOML: &str = include_str!("../examples/templates/my-table.toml");

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lock(workspace: &Workspace) -> String {
    std::fs::read_to_string(workspace.path().join("spec-engine.lock")).unwrap()
}

/// Lists every file below the workspace, but what the user's own folders hold.
fn files(workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![workspace.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry == workspace.path().join("home") {
                continue;
            }
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.push(entry.strip_prefix(workspace.path()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_component_is_added_pinned_verified_and_removed() {
    let workspace = Workspace::new();
    workspace.write("built/my_diagram.wasm", MERMAID);
    workspace.run(&["plugins", "add", "built/my_diagram.wasm"]).ends(0).says("added my-diagram").says(&sum(MERMAID));
    assert!(lock(&workspace).contains(&format!("\".spec-engine/plugins/my-diagram.wasm\" = \"{}\"", sum(MERMAID))));
    assert_eq!(
        files(&workspace),
        [".spec-engine/plugins/my-diagram.wasm", "built/my_diagram.wasm", "spec-engine.lock"]
    );
    workspace
        .run(&["render", PAYMENTS, "--plugin", "./.spec-engine/plugins/my-diagram.wasm"])
        .ends(0)
        .says("flowchart LR");
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace.run(&["render", "s.json", "--plugin", "my-diagram"]).ends(0).says("flowchart LR");
    workspace.run(&["plugins", "verify"]).ends(0).says("as pinned");
    let info = workspace.run(&["plugins", "info", "my-diagram"]).ends(0);
    for fact in ["spec-engine:plugin@0.1.3", &sum(MERMAID), "yes, by spec-engine.lock", "spec-engine:plugin/host"] {
        assert!(info.stdout.contains(fact), "{fact} is not in {}", info.stdout);
    }
    assert!(!info.stdout.contains("wasi"), "{}", info.stdout);
    workspace.run(&["plugins", "add", "built/my_diagram.wasm"]).ends(0).says("was there already");

    // What is pinned runs as it was pinned, or not at all.
    workspace.write(".spec-engine/plugins/my-diagram.wasm", D2);
    for command in [&["render", "s.json", "--plugin", "my-diagram"][..], &["plugins", "info", "my-diagram"]] {
        let ran = workspace.run(command).ends(2).says("the plugin `my-diagram` differs from the one that was pinned");
        assert!(ran.stderr.contains(&sum(MERMAID)) && ran.stderr.contains(&sum(D2)), "{}", ran.stderr);
        assert!(ran.stderr.contains("spec-engine plugins add"), "{}", ran.stderr);
    }
    workspace.run(&["plugins", "list"]).ends(0).says("cannot be used");
    workspace.run(&["plugins", "verify"]).ends(1).says("CHANGED").says("1 file differs from");
    std::fs::remove_file(workspace.path().join(".spec-engine/plugins/my-diagram.wasm")).unwrap();
    workspace.run(&["render", "s.json", "--plugin", "my-diagram"]).ends(2).says("is pinned, and its file");
    workspace.run(&["plugins", "verify"]).ends(1).says("MISSING");

    workspace.run(&["plugins", "remove", "my-diagarm"]).ends(2).says("did you mean `my-diagram`?");
    workspace.run(&["plugins", "remove", "my-diagram"]).ends(0).says("not pinned any more");
    workspace.run(&["plugins", "verify"]).ends(0).says("nothing is pinned");
    workspace.run(&["render", "s.json", "--plugin", "my-diagram"]).ends(2).says("there is no plugin `my-diagram`");
}

#[test]
fn a_template_is_pinned_with_its_sidecar() {
    let workspace = Workspace::new();
    workspace
        .write("t/my-table.md.tera", TABLE)
        .write("t/my-table.toml", TABLE_TOML)
        .write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace
        .run(&["plugins", "add", "t/my-table.md.tera", "--name", "services"])
        .ends(0)
        .says("added services 1.0.0, template");
    workspace.run(&["render", "s.json", "--plugin", "services"]).ends(0).says("| api-gateway |");
    workspace.write(".spec-engine/templates/services.toml", format!("{TABLE_TOML}\n"));
    workspace
        .run(&["render", "s.json", "--plugin", "services"])
        .ends(2)
        .says("services.toml")
        .says("differs from the one that was pinned");
    workspace.run(&["plugins", "add", "t/my-table.md.tera", "--name", "services"]).ends(0);
    workspace.run(&["render", "s.json", "--plugin", "services"]).ends(0);
    workspace.run(&["plugins", "remove", "services"]).ends(0);
    assert_eq!(files(&workspace), ["s.json", "spec-engine.lock", "t/my-table.md.tera", "t/my-table.toml"]);
}

#[test]
fn what_a_template_includes_belongs_to_it() {
    let workspace = Workspace::new();
    workspace
        .write("t/a.txt.tera", "{% include \"_part.tera\" %} a\n")
        .write("t/_part.tera", "part")
        .write("t/_other.tera", "");
    workspace.write("u/b.txt.tera", "{% include \"_part.tera\" %} b\n").write("u/_part.tera", "part");
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace.run(&["plugins", "add", "t/a.txt.tera"]).ends(0).says("_part.tera");
    workspace.run(&["plugins", "add", "u/b.txt.tera"]).ends(0);
    assert!(!workspace.path().join(".spec-engine/templates/_other.tera").exists());
    workspace.run(&["render", "s.json", "--plugin", "a"]).ends(0).says("part a");
    workspace.write(".spec-engine/templates/_part.tera", "PART");
    workspace
        .run(&["render", "s.json", "--plugin", "a"])
        .ends(2)
        .says("_part.tera")
        .says("differs from the one that was pinned");
    workspace.write(".spec-engine/templates/_part.tera", "part");
    workspace.run(&["plugins", "remove", "a"]).ends(0);
    workspace.run(&["render", "s.json", "--plugin", "b"]).ends(0).says("part b");
    workspace.write("u/_part.tera", "another").write("u/c.txt.tera", "{% include \"_part.tera\" %} c\n");
    workspace.run(&["plugins", "add", "u/c.txt.tera"]).ends(2).says("belongs to the plugin `b`");
}

#[test]
fn what_cannot_run_is_not_added() {
    let workspace = Workspace::new();
    workspace.write("x.wasm", b"PK\x03\x04 a zip").write("y.wasm", b"").write("z.md.tera", "{{ oh").write("w.txt", "");
    let mut truncated = MERMAID.to_vec();
    truncated.truncate(truncated.len() / 2);
    workspace.write("half.wasm", &truncated).write("m.wasm", MERMAID);
    for (arguments, said) in [
        (&["x.wasm"][..], "is a zip archive"),
        (&["y.wasm"], "is an empty file"),
        (&["z.md.tera"], "z.md.tera:1"),
        (&["w.txt"], "w.txt"),
        (&["half.wasm"], "is truncated"),
        (&["gone.wasm"], "there is no plugin file gone.wasm"),
        (&["m.wasm", "--name", "../x"], "cannot be the name of a plugin"),
        (&["m.wasm", "--sha256", &"0".repeat(64)], "its SHA-256 differs"),
        (&["m.wasm", "--sha256", "12"], "a SHA-256 has 64 digits"),
        (&["m.wasm", "--limit", "component-size=1K"], "more than 1K in its file"),
    ] {
        let ran = workspace.run(&[&["plugins", "add"], arguments].concat()).ends(2).says(said);
        assert!(!workspace.path().join("spec-engine.lock").exists(), "{ran:?}");
        assert!(!workspace.path().join(".spec-engine").exists(), "{ran:?}");
    }
    workspace.run(&["plugins", "add", "m.wasm", "--name", "d2"]).ends(0).says("takes the place of the built-in d2");
}

#[test]
fn a_lock_that_cannot_be_read_stops_everything() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap()).write(".spec-engine/plugins/m.wasm", MERMAID);
    for (text, said) in [
        ("version = 2\n", "version 2"),
        ("oh", "cannot read spec-engine.lock"),
        ("version = 1\nx = 1\n", "unknown field"),
    ] {
        workspace.write("spec-engine.lock", text);
        workspace.run(&["render", "s.json", "--plugin", "m"]).ends(2).says(said).says("version control");
    }
}

#[test]
fn a_lock_reaches_nothing_outside_of_the_plugins() {
    let workspace = Workspace::new();
    let outside = tempfile::NamedTempFile::new().unwrap();
    workspace.write("victim.txt", "x").write("p/m.wasm", MERMAID).write("p/spec-engine.toml", "");
    for file in
        ["../victim.txt", outside.path().to_str().unwrap(), ".spec-engine/plugins/../../../victim.txt", "m.wasm"]
    {
        let lock = format!("version = 1\n[plugin.m]\nsource = \"x\"\n[plugin.m.sha256]\n{file:?} = \"{}\"\n", sum(b""));
        workspace.write("p/spec-engine.lock", lock);
        for arguments in [&["plugins", "remove", "m"][..], &["plugins", "add", "m.wasm"]] {
            let output = workspace.command(arguments).current_dir(workspace.path().join("p")).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(
                output.status.code() == Some(2) && said.contains("which is not in .spec-engine/plugins/"),
                "{said}"
            );
        }
    }
    assert!(
        workspace.path().join("victim.txt").exists()
            && outside.path().exists()
            && workspace.path().join("p/m.wasm").exists()
    );
}

#[test]
fn a_hidden_file_is_no_plugin() {
    let workspace = Workspace::new();
    workspace.write("keep.txt", "x").write("dist/...wasm", MERMAID).write("snapshots/old.txt", "x");
    workspace.run(&["plugins", "test", "./dist/...wasm", "--update"]).ends(2).says("there is no plugin file");
    assert_eq!(files(&workspace), ["dist/...wasm", "keep.txt", "snapshots/old.txt"]);
}

#[cfg(unix)]
#[test]
fn a_pin_holds_whatever_way_its_file_is_named() {
    let workspace = Workspace::new();
    workspace.write("m.wasm", MERMAID).write("s.json", std::fs::read(PAYMENTS).unwrap()).write("sub/x", "");
    workspace.run(&["plugins", "add", "m.wasm"]).ends(0);
    workspace.write(".spec-engine/plugins/m.wasm", D2);
    std::os::unix::fs::symlink(
        workspace.path().join(".spec-engine/plugins/m.wasm"),
        workspace.path().join("link.wasm"),
    )
    .unwrap();
    for path in ["./.spec-engine/plugins/m.wasm", "./sub/../.spec-engine/plugins/m.wasm", "./link.wasm"] {
        workspace.run(&["render", "s.json", "--plugin", path]).ends(2).says("differs from the one that was pinned");
    }
    // A pinned file that becomes a link is still pinned.
    std::fs::remove_file(workspace.path().join(".spec-engine/plugins/m.wasm")).unwrap();
    workspace.write("other.wasm", D2);
    std::os::unix::fs::symlink(
        workspace.path().join("other.wasm"),
        workspace.path().join(".spec-engine/plugins/m.wasm"),
    )
    .unwrap();
    workspace.run(&["render", "s.json", "--plugin", "m"]).ends(2).says("differs from the one that was pinned");
}

#[test]
fn limits_are_those_of_the_plugin() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    let render =
        |plugin: &str, more: &[&str]| workspace.run(&[&["render", "s.json", "--plugin", plugin], more].concat());
    render("d2", &["--limit", "mermaid.fuel=1"]).ends(0);
    render("mermaid", &["--limit", "mermaid.fuel=1"]).ends(2).says("the plugin `mermaid` was stopped");
    workspace
        .write("spec-engine.toml", "[limits]\nfuel = 1\n[limits.d2]\nfuel = \"20G\"\n[limits.dot]\ntime = \"1ms\"\n");
    render("d2", &[]).ends(0);
    render("mermaid", &[]).ends(2).says("more than 1 instructions");
    render("mermaid", &["--limit", "fuel=1G"]).ends(0);
    render("d2", &["--limit", "feul=1G"]).ends(2).says("did you mean `fuel`?");
    workspace.write("spec-engine.toml", "[limits]\nmemroy = 1\n");
    render("d2", &[]).ends(2).says("[limits] of the project file").says("did you mean `memory`?");
}

#[test]
fn a_template_has_limits_too() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace.write(
        "long.txt.tera",
        "{% for a in range(end=100000) %}{% for b in range(end=100000) %}{% endfor %}{% endfor %}",
    );
    let ran = workspace.run(&["render", "s.json", "--plugin", "./long.txt.tera", "--limit", "time=100ms"]).ends(2);
    ran.says("more than 100ms").says("--limit long.time=200ms");
    workspace.write("wide.txt.tera", "{% for a in range(end=5000) %}x{% endfor %}");
    workspace
        .run(&["render", "s.json", "--plugin", "./wide.txt.tera", "--limit", "wide.output-bytes=1K"])
        .ends(2)
        .says("--limit wide.output-bytes=2K");
    workspace.run(&["render", "s.json", "--plugin", "./wide.txt.tera"]).ends(0);
}

#[test]
fn a_new_template_passes_its_tests_and_notices_a_change() {
    let workspace = Workspace::new();
    workspace.run(&["plugins", "new", "my-list", "--lang", "tera"]).ends(0).says("spec-engine plugins test");
    workspace.run(&["plugins", "new", "my-list", "--lang", "tera"]).ends(2).says("exists");
    workspace.run(&["plugins", "new", "My_List", "--lang", "tera"]).ends(2).says("cannot be the name");
    let inside = |arguments: &[&str]| {
        let mut command = workspace.command(arguments);
        let output = command.current_dir(workspace.path().join("my-list")).output().unwrap();
        (output.status.code(), [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat())
    };
    let (status, said) = inside(&["plugins", "test"]);
    assert!(
        status == Some(0) && said.contains("renders 5 systems, twice the same") && said.contains("no snapshots"),
        "{said}"
    );
    let (status, said) = inside(&["plugins", "test", "--update"]);
    assert!(status == Some(0) && said.contains("snapshots written into snapshots/my-list"), "{said}");
    let (status, said) = inside(&["plugins", "test"]);
    assert!(status == Some(0) && said.contains("are unchanged"), "{said}");
    let template = workspace.path().join("my-list/my-list.md.tera");
    let text = std::fs::read_to_string(&template).unwrap();
    std::fs::write(&template, text.replace("| Name |", "| What |")).unwrap();
    let (status, said) = inside(&["plugins", "test"]);
    assert!(
        status == Some(1) && said.contains("- \"| Name | Kind |") && said.contains("+ \"| What | Kind |"),
        "{said}"
    );
    std::fs::write(&template, "{{ graph.nodes[1].label }}").unwrap();
    let (status, said) = inside(&["plugins", "test"]);
    assert!(status == Some(1) && said.contains("FAILED  one-service: "), "{said}");
}

#[test]
fn every_language_can_be_started() {
    let workspace = Workspace::new();
    for (language, file, command) in [
        ("rust", "src/lib.rs", "cargo build --release --target wasm32-unknown-unknown"),
        ("js", "wit/plugin.wit", "npm ci && npm run build"),
        ("python", "wit/plugin.wit", "sh build.sh"),
    ] {
        let name = format!("my-{language}");
        workspace.run(&["plugins", "new", &name, "--lang", language]).ends(0).says(command);
        let readme = std::fs::read_to_string(workspace.path().join(&name).join("README.md")).unwrap();
        assert!(readme.contains(command) && readme.starts_with(&format!("# {name}\n")), "{readme}");
        assert!(workspace.path().join(&name).join(file).is_file());
        assert!(workspace.path().join(&name).join(".gitignore").is_file());
    }
    for (language, lock) in
        [("js", "package-lock.json"), ("python", "requirements.txt"), ("rust", "sdk/wit/plugin.wit")]
    {
        let text = std::fs::read_to_string(workspace.path().join(format!("my-{language}")).join(lock)).unwrap();
        assert!(!text.contains("NAME") || language == "rust", "{lock}");
        assert!(language == "rust" || text.contains("sha512-") || text.contains("--hash=sha256:"), "{lock}");
    }
    for (kind, command) in [("rules", "validate DOCUMENT --rules ./"), ("importer", "import ./")] {
        for (language, main, build) in
            [("rust", "src/lib.rs", "Cargo.toml"), ("js", "plugin.js", "build.mjs"), ("python", "app.py", "build.sh")]
        {
            let name = format!("{language}-{kind}");
            workspace.run(&["plugins", "new", &name, "--lang", language, "--kind", kind]).ends(0).says(command);
            let read = |file: &str| std::fs::read_to_string(workspace.path().join(&name).join(file)).unwrap();
            assert!(read(main).contains(&name) && read("README.md").contains("## When something goes wrong"), "{name}");
            assert!(language == "rust" || read(build).contains(&format!("{kind}-plugin")), "{name}");
        }
        workspace.run(&["plugins", "new", "x", "--lang", "tera", "--kind", kind]).ends(2).says("--lang rust");
    }
    workspace.run(&["plugins", "new", "x", "--lang", "rust", "--sdk", "."]).ends(2).says("not the folder of the SDK");
    workspace.run(&["plugins", "test"]).ends(2).says("there is no plugin to test");
}

#[test]
fn nothing_but_the_output_and_the_cache_is_written() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap()).write("m.wasm", MERMAID);
    let document = std::fs::read(PAYMENTS).unwrap();
    workspace.run_with_stdin(&["render", "-", "--plugin", "./m.wasm", "-o", "out.mmd"], &document).ends(0);
    assert_eq!(files(&workspace), ["m.wasm", "out.mmd", "s.json"]);
    let mut home = Vec::new();
    let mut folders = vec![workspace.path().join("home")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { home.push(entry) }
        }
    }
    assert!(home.iter().all(|path| path.starts_with(workspace.path().join("home/cache/spec-engine"))), "{home:?}");
}

#[test]
fn a_sidecar_may_not_hide_anything() {
    let workspace = Workspace::new();
    workspace.write(".spec-engine/templates/t.md.tera", "x");
    workspace.write(".spec-engine/templates/t.toml", "summary = \"a\\u001b[2Jb\"\n");
    let list = workspace.run(&["plugins", "list"]).ends(0);
    assert!(
        list.stdout.contains("the description contains control characters") && !list.stdout.contains('\u{1b}'),
        "{list:?}"
    );
}

#[test]
fn a_really_large_file_is_refused_without_being_read() {
    let workspace = Workspace::new();
    workspace.write("big.wasm", b"\0asm\x0d\0\x01\0");
    // A file with a hole: it takes no room, and to read it takes seconds and memory.
    let file = std::fs::OpenOptions::new().write(true).open(workspace.path().join("big.wasm")).unwrap();
    file.set_len(64 << 30).unwrap();
    for command in [&["render", PAYMENTS, "--plugin", "./big.wasm"][..], &["plugins", "add", "big.wasm"]] {
        workspace.run(command).ends(2).says("more than 64M in its file").says("--limit big.component-size=128M");
    }
    assert_eq!(files(&workspace), ["big.wasm"]);
}
