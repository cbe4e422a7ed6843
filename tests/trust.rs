//! What a repository that was just cloned can do: nothing that its lock does not pin, nothing outside of its folder, and
//! nothing above the user's limits.

use crate::support::workspace::{CommandRun, PAYMENTS, Workspace};
use sha2::{Digest as _, Sha256};

const HOUSE_RULES: &[u8] = include_bytes!("fixtures/contract/0.1.1/house-rules.wasm");
const MERMAID: &[u8] = include_bytes!("../plugins/dist/mermaid.wasm");
const D2: &[u8] = include_bytes!("../plugins/dist/d2.wasm");

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("system.json", std::fs::read(PAYMENTS).unwrap());
    workspace
}

fn with_variable(workspace: &Workspace, arguments: &[&str], value: &str) -> i32 {
    let mut command = workspace.command(arguments);
    command.env("SPEC_ENGINE_TRUST", value).output().unwrap().status.code().unwrap()
}

/// The next step that every command names.
const NEXT: &str = "pin it with `spec-engine plugins add .spec-engine/plugins/house-rules.wasm`, or \
                    `spec-engine plugins trust` it as it is";

#[test]
fn a_cloned_component_runs_only_if_the_user_says_so_once() {
    let workspace = workspace();
    workspace.write(".spec-engine/plugins/house-rules.wasm", HOUSE_RULES);
    let validate = ["validate", "system.json"];
    for (command, status) in [(&validate[..], 2), (&["rules", "list"], 2), (&["plugins", "list"], 0)] {
        let ran = workspace.run(command).ends(status);
        let said = [ran.stdout.as_str(), &ran.stderr].concat();
        assert!(said.contains("house-rules` does not run") && said.contains("was never trusted here"), "{said}");
        assert!(said.contains("spec-engine plugins trust"), "{said}");
    }
    workspace.run(&validate).says(NEXT);
    workspace.run(&["plugins", "info", "house-rules"]).ends(2).says(NEXT);
    // Nothing was compiled, either.
    assert!(!workspace.path().join("home/cache").exists());

    // The user's word, for a run, for every run, and for this project.
    let rule = "house-rules/too-many-connections";
    workspace.run(&["rules", "list", "--trust"]).ends(0).says(rule);
    assert_eq!(with_variable(&workspace, &["rules", "list"], "1"), 0);
    assert_eq!(with_variable(&workspace, &["rules", "list"], "0"), 2);
    let named = ["rules", "list", "--rules", ".spec-engine/plugins/house-rules.wasm"];
    assert!(workspace.run(&named).stdout.contains(rule));
    workspace.run(&["plugins", "trust", "other"]).ends(2).says("no component `other`");
    workspace.run(&["plugins", "trust"]).ends(0).says("trusted house-rules").says(&sum(HOUSE_RULES));
    workspace.run(&["rules", "list"]).ends(0).says(rule);
    workspace.run(&["plugins", "trust"]).ends(0).says("house-rules");

    // Another file in its place, and another project with the same one.
    workspace.write(".spec-engine/plugins/house-rules.wasm", [HOUSE_RULES, b"\0\x02\x01x"].concat());
    workspace.run(&validate).ends(2).says("has changed since it was trusted");
    workspace.run(&["plugins", "trust", "--forget"]).ends(0);
    workspace.write(".spec-engine/plugins/house-rules.wasm", HOUSE_RULES);
    workspace.run(&validate).ends(2).says("was never trusted here");
    // What the lock pins needs no word.
    workspace.run(&["plugins", "add", ".spec-engine/plugins/house-rules.wasm"]).ends(0);
    workspace.run(&["rules", "list"]).ends(0).says(rule);
}

#[test]
fn trust_is_for_one_project_and_rows_of_a_project_file_need_it_too() {
    let workspace = workspace();
    workspace.write("a/spec-engine.toml", "plugins = [\"tools/m.wasm\"]\n").write("a/tools/m.wasm", MERMAID);
    workspace.write("b/spec-engine.toml", "plugins = [\"tools/m.wasm\"]\n").write("b/tools/m.wasm", MERMAID);
    workspace.write("a/s.json", std::fs::read(PAYMENTS).unwrap()).write("b/s.json", std::fs::read(PAYMENTS).unwrap());
    let trusted = workspace.command(&["plugins", "trust", "m"]).current_dir(workspace.path().join("a")).status();
    assert!(trusted.unwrap().success());
    workspace.run(&["render", "a/s.json", "--plugin", "m"]).ends(0).says("flowchart");
    workspace.run(&["render", "b/s.json", "--plugin", "m"]).ends(2).says("was never trusted here");
    // A renderer that is not asked for is no matter of `validate`.
    workspace.run(&["validate", "b/s.json"]).ends(0);
    // What the user has is the user's.
    workspace.write("home/config/spec-engine/plugins/own.wasm", MERMAID);
    workspace.run(&["render", "b/s.json", "--plugin", "own"]).ends(0).says("flowchart");
    workspace.run(&["render", "b/s.json", "--plugin", "./b/tools/m.wasm"]).ends(0).says("flowchart");
}

/// A workspace in which `page` is pinned: a template with a sidecar and an included file.
fn pinned() -> Workspace {
    let workspace = workspace();
    workspace.write("t/page.txt.tera", "pinned {% include \"_part.tera\" %}\n").write("t/_part.tera", "part");
    workspace.run(&["plugins", "add", "t/page.txt.tera"]).ends(0);
    page(&workspace).ends(0).says("pinned part");
    workspace
}

fn page(workspace: &Workspace) -> CommandRun {
    workspace.run(&["render", "system.json", "--plugin", "page"])
}

#[test]
fn nothing_runs_in_the_place_of_a_pinned_name() {
    for (file, content) in [
        (".spec-engine/plugins/page.wasm", MERMAID),
        (".spec-engine/plugins/page.csv.tera", b"other".as_slice()),
        (".spec-engine/templates/page.csv.tera", b"other"),
        (".spec-engine/templates/page.toml", b"embed = [\"svg\"]\n"),
        ("tools/page.wasm", MERMAID),
        ("tools/page.md.tera", b"other"),
    ] {
        let workspace = pinned();
        workspace.write(file, content);
        if file.starts_with("tools/") {
            workspace.write("spec-engine.toml", format!("plugins = [{file:?}]\n"));
        }
        page(&workspace).ends(2).says("the plugin `page` is pinned").says(file);
        workspace.run(&["render", "system.json", "--plugin", "page", "--trust"]).ends(2);
        workspace.run(&["plugins", "verify"]).ends(1).says(file).says("NOT PINNED");
        std::fs::remove_file(workspace.path().join(file)).unwrap();
        workspace.write("spec-engine.toml", "");
        page(&workspace).ends(0);
        workspace.run(&["plugins", "verify"]).ends(0);
    }
}

#[test]
fn what_a_pinned_template_could_include_is_pinned_or_not_there() {
    let workspace = workspace();
    workspace.write("t/page.txt.tera", "{% include \"_later.tera\" ignore missing %}end\n");
    let added = workspace.run(&["plugins", "add", "t/page.txt.tera"]);
    if added.status == 0 {
        workspace.write(".spec-engine/templates/_later.tera", "later");
        assert_eq!(page(&workspace).ends(0).stdout, "end\n");
    }
    let workspace = pinned();
    workspace.write(".spec-engine/templates/_part.tera", "PART");
    page(&workspace).ends(2).says("differs from the one that was pinned");
}

#[test]
fn a_sum_counts_whatever_its_case() {
    let workspace = workspace();
    workspace.write("m.wasm", MERMAID);
    workspace.run(&["plugins", "add", "m.wasm"]).ends(0);
    let lock = std::fs::read_to_string(workspace.path().join("spec-engine.lock")).unwrap();
    workspace.write("spec-engine.lock", lock.replace(&sum(MERMAID), &sum(MERMAID).to_uppercase()));
    workspace.run(&["render", "system.json", "--plugin", "m"]).ends(0).says("flowchart");
    workspace.run(&["plugins", "verify"]).ends(0).says("as pinned");
    workspace.write("spec-engine.lock", lock.replace(&sum(MERMAID), "12"));
    workspace.run(&["render", "system.json", "--plugin", "m"]).ends(2).says("is not 64 digits");
}

#[test]
fn a_project_lowers_limits_and_cannot_raise_them() {
    let workspace = workspace();
    workspace.write("long.txt.tera", "{% for a in range(end=5000) %}x{% endfor %}");
    workspace.write("home/config/spec-engine/limits.toml", "[limits.long]\noutput-bytes = \"1K\"\n");
    workspace.write("spec-engine.toml", "[limits.long]\noutput-bytes = \"1G\"\n[rule-limits]\ntime = \"1000s\"\n");
    let render = ["render", "system.json", "--plugin", "./long.txt.tera"];
    let ran = workspace.run(&render).ends(2).says("more than 1K").says("--limit long.output-bytes=2K");
    assert!(
        ran.stderr.contains("[limits.long] of the project file asks for output-bytes = 1G, and gets 1K"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("[rule-limits] of the project file asks for time = 1000s, and gets 5s"), "{ran:?}");
    workspace.run(&[&render[..], &["--limit", "long.output-bytes=1M"]].concat()).ends(0);
    workspace.write("home/config/spec-engine/limits.toml", "");
    workspace.write("spec-engine.toml", "[limits.long]\noutput-bytes = \"1K\"\n");
    workspace.run(&render).ends(2).says("more than 1K");
    workspace.write("home/config/spec-engine/limits.toml", "[limits]\nfeul = 1\n");
    workspace.run(&render).ends(2).says("[limits] of your limits.toml").says("did you mean `fuel`?");
}

#[cfg(feature = "pictures")]
#[test]
fn a_project_does_not_raise_what_bounds_a_picture() {
    let workspace = workspace();
    let services = (0..400).map(|index| format!(r#""s{index}": {{"image": {{"name": "i"}}}}"#)).collect::<Vec<_>>();
    workspace.write("big.json", format!(r#"{{"name": "s", "services": {{{}}}}}"#, services.join(", ")));
    workspace.write("spec-engine.toml", "[options.svg]\nmax-nodes = 100000\nseconds = 3000\n");
    let render = ["render", "big.json", "-o", "big.svg"];
    let ran = workspace.run(&render).ends(0).says("[options.svg] of the project file asks for max-nodes = 100000");
    assert!(ran.stderr.contains("more than the 300 that one picture takes"), "{ran:?}");
    let raised = workspace.run(&[&render[..], &["--set", "max-nodes=500"]].concat()).ends(0);
    assert!(!raised.stderr.contains("one picture takes") && !raised.stderr.contains("asks for max-nodes"));
}

#[cfg(all(feature = "pictures", unix))]
#[test]
fn a_project_names_no_font_and_no_icon_outside_of_its_folder() {
    let workspace = workspace();
    let icon = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>"#;
    workspace.write("elsewhere/service.svg", icon).write("elsewhere/font.ttf", "");
    workspace.write("project/icons/service.svg", icon);
    workspace.write("project/s.json", r#"{"name": "s", "services": {"a": {"image": {"name": "i"}}}}"#);
    std::os::unix::fs::symlink("../elsewhere", workspace.path().join("project/linked")).unwrap();
    let render = ["render", "project/s.json", "-o", "s.svg"];
    let drawn = || std::fs::read_to_string(workspace.path().join("s.svg")).unwrap().contains("data:image/svg+xml");
    let project = |text: &str| workspace.write("project/spec-engine.toml", text).run(&render);

    project("[options.svg]\nicons = \"icons\"\n").ends(0);
    assert!(drawn(), "a path of the project file starts in its folder");
    for (key, path) in [("icons", "../elsewhere"), ("icons", "linked"), ("font", "../elsewhere/font.ttf")] {
        let ran = project(&format!("[options.svg]\n{key} = \"{path}\"\n")).ends(2);
        ran.says(&format!("[options.svg] {key}: ")).says(&format!("--set {key}=project/{path}"));
    }
    let set = [&render[..], &["--set", "icons=elsewhere"]].concat();
    workspace.write("project/spec-engine.toml", "").run(&set).ends(0);
    assert!(drawn(), "whoever runs it may name any");

    std::fs::remove_file(workspace.path().join("project/icons/service.svg")).unwrap();
    std::os::unix::fs::symlink("../../elsewhere/service.svg", workspace.path().join("project/icons/service.svg"))
        .unwrap();
    project("[options.svg]\nicons = \"icons\"\n").ends(2).says("it is a link that leads out of the folder");

    // A template of the project gives its picture neither files nor higher limits by its own defaults.
    workspace.write("project/.spec-engine/templates/page.html.tera", "{{ embed.svg | safe }}");
    let sidecar = "embed = [\"svg\"]\n[options.icons]\ntype = \"string\"\ndescription = \"i\"\n\
                   default = \"elsewhere\"\n[options.seconds]\ntype = \"integer\"\ndescription = \"n\"\n\
                   default = 4000\n";
    workspace.write("project/.spec-engine/templates/page.toml", sidecar).write("project/spec-engine.toml", "");
    workspace.run(&["render", "project/s.json", "--plugin", "page", "-o", "s.svg"]).ends(0);
    assert!(std::fs::read_to_string(workspace.path().join("s.svg")).unwrap().contains("svc:a") && !drawn());
    let set = ["render", "project/s.json", "--plugin", "page", "-o", "s.svg", "--set", "icons=elsewhere"];
    workspace.run(&set).ends(0);
    assert!(drawn());
}

#[test]
fn credentials_of_an_address_are_kept_nowhere() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", MERMAID.len());
        stream.write_all(&[head.as_bytes(), MERMAID].concat()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let workspace = workspace();
    let asked = format!("http://ann:hunter2@{address}/m.wasm?sig=opensesame");
    let ran = workspace.run(&["plugins", "add", &asked, "--sha256", &sum(MERMAID)]).ends(0);
    assert!(serving.join().unwrap().contains("sig=opensesame"));
    let lock = std::fs::read_to_string(workspace.path().join("spec-engine.lock")).unwrap();
    assert!(lock.contains(&format!("source = \"http://{address}/m.wasm\"")), "{lock}");
    let failed = workspace.run(&["plugins", "add", &asked, "--sha256", &sum(D2)]).ends(2);
    for text in [&lock, &ran.stdout, &ran.stderr, &failed.stderr] {
        assert!(!text.contains("hunter2") && !text.contains("opensesame"), "{text}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::*;

    /// A folder outside of the project with a file in it.
    fn outside(name: &str, content: impl AsRef<[u8]>) -> tempfile::TempDir {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join(name), content).unwrap();
        outside
    }

    #[test]
    fn a_folder_of_plugins_that_is_a_link_is_left_alone() {
        for place in [".spec-engine", ".spec-engine/plugins"] {
            let workspace = workspace();
            let victim = outside("m.wasm", "the user's own");
            std::fs::create_dir_all(victim.path().join("plugins")).unwrap();
            std::fs::write(victim.path().join("plugins/m.wasm"), "the user's own").unwrap();
            workspace.write("m.wasm", MERMAID);
            let sums = format!("\".spec-engine/plugins/m.wasm\" = \"{}\"", sum(D2));
            workspace.write(
                "spec-engine.lock",
                format!("version = 1\n[plugin.m]\nsource = \"x\"\n[plugin.m.sha256]\n{sums}\n"),
            );
            let link = workspace.path().join(place);
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(victim.path(), &link).unwrap();
            workspace.run(&["plugins", "add", "m.wasm"]).ends(2);
            workspace.run(&["plugins", "remove", "m"]).ends(2).says("is a link");
            workspace.run(&["plugins", "verify"]).ends(1).says("leads out of the project's folder");
            workspace
                .run(&["render", "system.json", "--plugin", "m"])
                .ends(2)
                .says("leads out of the project's folder");
            for file in ["m.wasm", "plugins/m.wasm"] {
                assert_eq!(std::fs::read(victim.path().join(file)).unwrap(), b"the user's own", "{place}");
            }
        }
    }

    #[test]
    fn nothing_is_added_through_a_link() {
        let workspace = workspace();
        let victim = outside("victim", "the user's own");
        workspace.write("m.wasm", MERMAID).write(".spec-engine/plugins/x", "").write("src/main.rs", "fn main() {}");
        for target in [victim.path().join("victim"), workspace.path().join("src/main.rs"), victim.path().join("new")] {
            let link = workspace.path().join(".spec-engine/plugins/m.wasm");
            symlink(&target, &link).unwrap();
            workspace.run(&["plugins", "add", "m.wasm"]).ends(2).says("is a link");
            assert!(!workspace.path().join("spec-engine.lock").exists());
            std::fs::remove_file(link).unwrap();
        }
        symlink(victim.path().join("victim"), workspace.path().join("spec-engine.lock")).unwrap();
        workspace.run(&["plugins", "add", "m.wasm"]).ends(2).says("leads out of the project's folder");
        assert_eq!(std::fs::read(victim.path().join("victim")).unwrap(), b"the user's own");
        assert!(!victim.path().join("new").exists() && !workspace.path().join(".spec-engine/plugins/m.wasm").exists());
        assert_eq!(std::fs::read(workspace.path().join("src/main.rs")).unwrap(), b"fn main() {}");
    }

    #[test]
    fn a_plugin_or_template_that_is_a_link_outside_is_not_read() {
        let workspace = workspace();
        let secret = outside("secret", "hunter2");
        for (link, plugin) in [("plugins/c.wasm", "c"), ("templates/t.txt.tera", "t")] {
            let link = workspace.path().join(".spec-engine").join(link);
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(secret.path().join("secret"), &link).unwrap();
            let ran = workspace.run(&["render", "system.json", "--plugin", plugin, "--trust"]).ends(2);
            assert!(ran.stderr.contains("leads out of the project's folder") && !ran.stderr.contains("hunter2"));
        }
        workspace.write(".spec-engine/templates/u.txt.tera", "u");
        symlink(secret.path().join("secret"), workspace.path().join(".spec-engine/templates/u.toml")).unwrap();
        let ran = workspace.run(&["render", "system.json", "--plugin", "u"]).ends(2);
        assert!(ran.stderr.contains("leads out of the project's folder") && !ran.stderr.contains("hunter2"));
    }

    #[test]
    fn a_project_names_nothing_outside_of_its_folder() {
        let elsewhere = outside("x.json", std::fs::read(PAYMENTS).unwrap());
        std::fs::write(elsewhere.path().join("r.rhai"), "//! No.\nhunter2").unwrap();
        std::fs::write(elsewhere.path().join("t.txt.tera"), "hunter2").unwrap();
        let at = |name: &str| elsewhere.path().join(name).display().to_string();
        for (settings, command) in [
            ("document = \"/proc/self/environ\"\n".to_owned(), &["validate"][..]),
            ("document = \"link/../../x.json\"\n".to_owned(), &["validate"]),
            (format!("document = {:?}\n", at("x.json")), &["render", "--plugin", "d2"]),
            ("document = \"link/x.json\"\n".to_owned(), &["graph"]),
            (format!("scripts = [{:?}]\n", at("r.rhai")), &["validate", "system.json"]),
            ("scripts = [\"link\"]\n".to_owned(), &["validate", "system.json"]),
            ("scripts = [\"..\"]\n".to_owned(), &["rules", "list"]),
            (format!("plugins = [{:?}]\n", at("t.txt.tera")), &["plugins", "list"]),
            ("plugins = [\"link\"]\n".to_owned(), &["render", "system.json", "--plugin", "t"]),
        ] {
            let workspace = workspace();
            symlink(elsewhere.path(), workspace.path().join("link")).unwrap();
            workspace.write("spec-engine.toml", &settings);
            let ran = workspace.run(command).ends(2).says("leads out of the project's folder");
            assert!(ran.stderr.contains("help") && !ran.stderr.contains("hunter2"), "{settings}: {ran:?}");
        }
        // The user's own word is another thing.
        let workspace = workspace();
        workspace.write("spec-engine.toml", "");
        workspace.run(&["render", &at("x.json"), "--plugin", &at("t.txt.tera")]).ends(0).says("hunter2");
    }

    #[test]
    fn settings_that_are_links_outside_are_neither_read_nor_written() {
        for name in ["spec-engine.toml", "spec-engine.lock", "spec-engine.baseline.json", "system.json"] {
            let secret = outside("secret", "hunter2");
            let workspace = workspace();
            let link = workspace.path().join(name);
            let _ = std::fs::remove_file(&link);
            symlink(secret.path().join("secret"), &link).unwrap();
            workspace.write("other.json", std::fs::read(PAYMENTS).unwrap());
            let command = match name {
                "system.json" => &["validate"][..],
                _ => &["validate", "other.json", "--update-baseline"],
            };
            let ran = workspace.run(command).ends(2);
            assert!(
                ran.stderr.contains("leads out of the project's folder") && !ran.stderr.contains("hunter2"),
                "{ran:?}"
            );
            assert_eq!(std::fs::read(secret.path().join("secret")).unwrap(), b"hunter2", "{name}");
        }
    }

    #[test]
    fn only_regular_files_are_documents_and_settings() {
        for name in ["system.json", "spec-engine.toml", "spec-engine.lock", "spec-engine.baseline.json"] {
            for device in [None, Some("/dev/zero")] {
                let workspace = workspace();
                workspace.write("other.json", std::fs::read(PAYMENTS).unwrap()).write(".spec-engine/x", "");
                let path = workspace.path().join(name);
                let _ = std::fs::remove_file(&path);
                match device {
                    Some(device) => symlink(device, &path).unwrap(),
                    None => assert!(Command::new("mkfifo").arg(&path).status().unwrap().success()),
                }
                let start = Instant::now();
                let command = match name {
                    "system.json" => &["validate", "system.json"][..],
                    _ => &["validate", "other.json", "--baseline"],
                };
                let ran = workspace.run(command).ends(2);
                let is_refused = ["not a regular file", "leads out of the project's folder"];
                assert!(is_refused.iter().any(|why| ran.stderr.contains(why)), "{name}: {ran:?}");
                assert!(start.elapsed() < Duration::from_secs(20));
            }
        }
        // What a shell hands in is as good as standard input.
        let workspace = workspace();
        let program = env!("CARGO_BIN_EXE_spec-engine");
        let line = format!("{program} validate <(cat system.json) --output json");
        let output = Command::new("bash").args(["-c", &line]).current_dir(workspace.path()).output();
        if let Ok(output) = output {
            assert_eq!(output.status.code(), Some(0), "{output:?}");
        }
    }

    #[test]
    fn tests_of_rules_name_no_document_outside() {
        let workspace = workspace();
        workspace.run(&["rules", "new", "acme/r"]).ends(0);
        workspace.write(
            ".spec-engine/rules/r.test.json",
            r#"{"cases": [{"name": "reads", "document": "/proc/self/environ", "expect": []}]}"#,
        );
        let ran = workspace.run(&["rules", "test"]).ends(1).says("leads out of the folder of the project");
        assert!(!ran.stdout.contains("HOME="), "{ran:?}");
    }
}
