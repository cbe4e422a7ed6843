//! What a command writes never replaces what it reads, nor what is no file.

use crate::support::workspace::{PAYMENTS, Workspace};

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("a.json", std::fs::read(PAYMENTS).unwrap());
    workspace
}

#[test]
fn no_output_is_an_input() {
    let workspace = workspace();
    let template = "{{ system.name }}\n";
    workspace
        .write("b.json", std::fs::read(PAYMENTS).unwrap())
        .write("compose.yml", "services: {api: {image: 'x:1'}}\n");
    workspace.write("t.md.tera", template).write("t.toml", "summary = \"names\"\n").write("sub/x", "");
    workspace.write("spec-engine.toml", "scripts = [\"own\"]\n").write("own/_shared.rhai", "");
    workspace.write("spec-engine.lock", "version = 1\n").write(".spec-engine/templates/u.md.tera", template);
    for command in [
        "render a.json --plugin d2 -o a.json",
        "render a.json --plugin d2 -o sub/../a.json",
        "render a.json --plugin d2 -o not-there/../a.json",
        "render a.json --plugin d2 -o sub/not-there/and/../../../a.json",
        "validate a.json --report json=not-there/../a.json",
        "render a.json --plugin d2 -o spec-engine.toml",
        "render a.json --plugin d2 -o spec-engine.lock",
        "render a.json --plugin d2 -o own/_shared.rhai",
        "render a.json --plugin d2 -o .spec-engine/templates/u.md.tera",
        "render a.json --plugin ./t.md.tera -o t.md.tera",
        "render a.json --plugin ./t.md.tera -o t.toml",
        "diff a.json b.json --plugin d2 -o a.json",
        "diff a.json b.json --plugin d2 -o b.json",
        "import compose compose.yml -o compose.yml",
        "validate a.json --report sarif=a.json",
        "validate a.json b.json --report json=b.json",
        "validate a.json --report json=spec-engine.toml",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let output = words.last().unwrap().rsplit('=').next().unwrap();
        let there = if output.contains("not-there") { "a.json" } else { output };
        let read = || std::fs::read(workspace.path().join(there)).unwrap();
        let before = read();
        workspace.run(&words).ends(2).says("cannot write").says("the same file");
        assert_eq!(read(), before, "{command}");
    }
}

#[test]
fn what_takes_no_part_can_be_written() {
    let workspace = workspace();
    workspace.write("spec-engine.toml", "scripts = [\".\"]\ndocument = \"system.json\"\n");
    workspace.write("compose.yml", "services: {api: {image: 'x:1'}}\n").write("rules/r.test.json", "{}");
    for command in [
        "render a.json --plugin d2 -o out.d2",
        "render a.json --plugin d2 -o .spec-engine/diagrams/a.d2",
        "render a.json --plugin d2 -o rules/a.d2",
        "validate a.json --rules rules --report json=report.json",
        "validate a.json --rules . --report json=rules/report.json",
        "import compose compose.yml -o system.json",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let output = words.last().unwrap().rsplit('=').next().unwrap();
        workspace.write(output, "old");
        workspace.run(&words).ends(0);
        assert_ne!(std::fs::read(workspace.path().join(output)).unwrap(), b"old", "{command}");
    }
}

#[test]
fn two_reports_are_two_files() {
    let workspace = workspace();
    workspace.write("there.json", "old").write("sub/x", "");
    for command in [
        "--report sarif=x.json --report junit=x.json",
        "--report sarif=x.json --report junit=./x.json",
        "--report sarif=sub/../x.json --report json=x.json --report junit=y.xml",
        "--report sarif=there.json --report json=sub/../there.json",
        "--report sarif=x.json --report json=not-there/../x.json",
        "--report json=x.json --update-baseline --baseline=x.json",
        "--report json=spec-engine.baseline.json --update-baseline",
        "--report json=- --report sarif=-",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        workspace.run(&[&["validate", "a.json"], &words[..]].concat()).ends(2).says("are one file");
        for file in ["x.json", "y.xml", "spec-engine.baseline.json"] {
            assert!(!workspace.path().join(file).exists(), "{command}");
        }
    }
    assert_eq!(std::fs::read(workspace.path().join("there.json")).unwrap(), b"old");
    // A report that cannot be written stops the others, and the baseline.
    let all = ["validate", "a.json", "--update-baseline", "--report", "json=y.xml", "--report", "sarif=a.json"];
    workspace.run(&all).ends(2).says("this command reads");
    assert!(!workspace.path().join("y.xml").exists());
    assert!(!workspace.path().join("spec-engine.baseline.json").exists());
    workspace.run(&["validate", "a.json", "--report", "json=/dev/null", "--report", "sarif=/dev/null"]).ends(0);
}

#[test]
fn a_dash_is_standard_output() {
    let workspace = workspace();
    let plain = workspace.run(&["render", "a.json", "--plugin", "d2"]).ends(0).stdout;
    assert_eq!(workspace.run(&["render", "a.json", "--plugin", "d2", "-o", "-"]).ends(0).stdout, plain);
    workspace.run(&["validate", "a.json", "--output", "compact", "--report", "json=-"]).ends(0).says("\"documents\"");
    workspace.write("compose.yml", "services: {api: {image: 'x:1'}}\n");
    workspace.run(&["import", "compose", "compose.yml", "-o", "-"]).ends(0).says("\"services\"");
    assert!(!workspace.path().join("-").exists());
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    use std::process::Command;

    use super::workspace;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_write_that_fails_is_an_error() {
        let workspace = workspace();
        for (command, message) in [
            ("graph a.json >&-", "standard output is closed"),
            ("validate a.json >&-", "standard output is closed"),
            ("--version >&-", "standard output is closed"),
            ("rules list >&-", "standard output is closed"),
            ("graph a.json >/dev/full", "No space left"),
            ("render --help >/dev/full", "No space left"),
        ] {
            let line = format!("{} {command}", env!("CARGO_BIN_EXE_spec-engine"));
            let output = Command::new("sh").current_dir(workspace.path()).args(["-c", &line]).output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command}: {stderr}");
            assert!(stderr.contains(message), "{command}: {stderr}");
        }
        let line = format!("{} render a.json --plugin d2 -o x.d2 >&-", env!("CARGO_BIN_EXE_spec-engine"));
        let written = Command::new("sh").current_dir(workspace.path()).args(["-c", &line]).status().unwrap();
        assert!(written.success() && workspace.path().join("x.d2").is_file());
    }

    const RENDER: [&str; 5] = ["render", "a.json", "--plugin", "d2", "-o"];

    #[test]
    fn links_are_followed_and_modes_kept() {
        let workspace = workspace();
        workspace.write("target.d2", "old").write("keep.d2", "secret");
        let path = |name: &str| workspace.path().join(name);
        symlink("target.d2", path("link.d2")).unwrap();
        symlink("made.d2", path("dangling.d2")).unwrap();
        symlink("a.json", path("alias.d2")).unwrap();
        fs::hard_link(path("a.json"), path("hard.d2")).unwrap();
        fs::set_permissions(path("keep.d2"), Permissions::from_mode(0o600)).unwrap();
        for (output, target) in [("link.d2", "target.d2"), ("dangling.d2", "made.d2"), ("keep.d2", "keep.d2")] {
            workspace.run(&[&RENDER[..], &[output]].concat()).ends(0);
            assert!(fs::read_to_string(path(target)).unwrap().contains("direction"), "{output}");
        }
        assert!(path("link.d2").is_symlink() && path("dangling.d2").is_symlink());
        assert_eq!(fs::metadata(path("keep.d2")).unwrap().permissions().mode() & 0o777, 0o600);
        for output in ["alias.d2", "hard.d2"] {
            workspace.run(&[&RENDER[..], &[output]].concat()).ends(2).says("this command reads");
        }
    }

    #[test]
    fn what_is_no_file_is_written_into() {
        let workspace = workspace();
        let plain = workspace.run(&RENDER[..4]).ends(0).stdout;
        for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            assert_eq!(workspace.run(&[&RENDER[..], &[name]].concat()).ends(0).stdout, plain, "{name}");
        }
        workspace.run(&[&RENDER[..], &["/dev/null"]].concat()).ends(0);
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());

        let pipe = workspace.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        workspace.run(&[&RENDER[..], &["pipe"]].concat()).ends(0);
        assert_eq!(reader.join().unwrap(), plain);
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}
