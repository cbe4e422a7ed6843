//! Indexes that are wrong or lie: a message that names the thing and the next step, and nothing is written.

use serde_json::{Value, json};

use super::indexes::template;
use super::{files, sum};
use crate::support::server::{Server, answer, nothing, ok};
use crate::support::workspace::{CommandRun, Workspace};

/// Runs a command that has to fail, and checks that nothing was written.
fn fails(workspace: &Workspace, arguments: &[&str]) -> CommandRun {
    let before = files(workspace);
    let ran = workspace.run(arguments).ends(2);
    assert!(ran.stderr.contains("help: "), "{ran:?}");
    assert_eq!(files(workspace), before);
    ran
}

fn index(plugins: Value) -> String {
    json!({"version": 1, "plugins": plugins}).to_string()
}

#[test]
fn indexes_that_name_each_other_are_refused() {
    let workspace = Workspace::new();
    let names = |other: &str| json!({"version": 1, "indexes": [other]}).to_string();
    workspace.write("i/index.json", names("b/index.json")).write("i/b/index.json", names("c.json"));
    workspace.write("i/b/c.json", json!({"version": 1, "plugins": {"x": template("x", &[])}}).to_string());
    workspace.write("spec-engine.toml", "indexes = [\"i\"]\n");
    workspace.run(&["plugins", "search"]).ends(0).says("x");
    for (names_itself, circle) in [
        ("b/c.json", "i/b/c.json -> i/b/b/c.json"),
        ("c.json", "the index i/b/c.json names itself: i/b/c.json -> i/b/c.json"),
    ] {
        workspace.write("i/b/c.json", names(names_itself));
        workspace.write("i/b/b/c.json", names("../c.json"));
        let ran = workspace.run(&["plugins", "search"]).ends(2);
        let is_outside = ran.stderr.contains("`../c.json`, which is no path below it");
        assert!(is_outside || ran.stderr.contains(circle), "{ran:?}");
    }
    // By addresses, a circle may be long.
    let server = Server::start(|host, asked| match asked.path.as_str() {
        "/a.json" => ok(json!({"version": 1, "indexes": ["b.json"]}).to_string().as_bytes()),
        "/b.json" => ok(json!({"version": 1, "indexes": [format!("http://{host}/a.json")]}).to_string().as_bytes()),
        _ => nothing(),
    });
    let (host, first) = (&server.host, format!("http://{}/a.json", server.host));
    let ran = fails(&workspace, &["plugins", "add", "x", "--index", &first]);
    ran.says(&format!("the index http://{host}/a.json names itself: http://{host}/a.json -> http://{host}/b.json -> "))
        .says(&format!("take it out of `indexes` in http://{host}/b.json"));
    assert_eq!(server.asked().len(), 2);
    // Without an end, too.
    let server = Server::start(|_, asked| {
        let next = asked.path.trim_start_matches("/x").trim_end_matches(".json").parse::<u32>().unwrap_or(0) + 1;
        ok(json!({"version": 1, "indexes": [format!("x{next}.json")]}).to_string().as_bytes())
    });
    let first = format!("http://{}/x0.json", server.host);
    fails(&workspace, &["plugins", "search", "--index", &first]).says("there are more than 64 indexes");
}

#[test]
fn packs_that_contain_each_other_are_refused() {
    let workspace = Workspace::new();
    let pack = |of: &[&str]| {
        let of: Value =
            of.iter().map(|name| ((*name).to_owned(), json!("*"))).collect::<serde_json::Map<_, _>>().into();
        json!({"kind": "pack", "versions": [{"version": "1.0.0", "plugins": of}]})
    };
    let plugins = json!({"a": pack(&["b"]), "b": pack(&["a"]), "c": pack(&["gone"])});
    workspace.write("i/index.json", index(plugins)).write("spec-engine.toml", "indexes = [\"i\"]\n");
    fails(&workspace, &["plugins", "add", "a"]).says("the pack `a` of i contains itself: a -> b -> a");
    fails(&workspace, &["plugins", "add", "c"]).says("the pack `c` names `gone`: i has no plugin of the name `gone`");
}

#[test]
fn an_index_that_lies_about_a_sum_is_not_believed() {
    let workspace = Workspace::new();
    let plugins = json!({"page": template("page", &[("1.0.0", "what is said")])});
    workspace.write("i/index.json", index(plugins.clone())).write("i/page-1.0.0.tera", "what is there");
    let ran = fails(&workspace, &["plugins", "add", "page", "--index", "i"]);
    let ran = ran.says("i/page-1.0.0.tera is not the file of page 1.0.0 that the index i/index.json names");
    ran.says(&sum(b"what is said")).says(&sum(b"what is there")).says("nothing was added; ask who keeps the index");
    // One of several plugins that lies is enough.
    let second = json!({"source": "page-1.0.0.tera", "sha256": sum(b"what is there")});
    let second = json!({"kind": "template", "versions": [{"version": "1.0.0", "files": {"other.txt.tera": second}}]});
    let pack = json!({"kind": "pack", "versions": [{"version": "1.0.0", "plugins": {"other": "1", "page": "1"}}]});
    let plugins = json!({"page": plugins["page"], "other": second, "all": pack});
    workspace.write("i/index.json", index(plugins));
    fails(&workspace, &["plugins", "add", "all", "--index", "i"]).says("its SHA-256 differs");
    workspace.run(&["plugins", "add", "other", "--index", "i"]).ends(0);
    fails(&workspace, &["plugins", "add", "all", "--index", "i"]);
}

#[test]
fn an_index_that_is_none_is_refused() {
    let workspace = Workspace::new();
    let file = |source: &str| json!({"source": source, "sha256": sum(b"x")});
    let one = |name: &str, kind: &str, file_name: &str, source: &str| {
        index(json!({name: {"kind": kind, "versions": [{"version": "1.0.0", "files": {file_name: file(source)}}]}}))
    };
    workspace.write("secret.tera", "x");
    for (text, said) in [
        ("{".to_owned(), "EOF while parsing"),
        ("[]".to_owned(), "is not an index of plugins"),
        (r#"{"version": 2}"#.to_owned(), "it has version 2, and this spec-engine knows version 1"),
        (
            r#"{"version": 1, "plugins": {"x": {"kind": "virus", "versions": []}}}"#.to_owned(),
            "unknown variant `virus`",
        ),
        (one("../x", "template", "x.md.tera", "x"), "`../x` cannot be the name of a plugin"),
        (one("x", "template", "y.md.tera", "x"), "has to have one file x.EXT.tera"),
        (one("x", "component", "x.md.tera", "x"), "has to have one file x.wasm"),
        (one("x", "template", "x.md/../../x.tera", "x"), "which is no name of a file"),
        (one("x", "template", "x.md.tera", "../secret.tera"), "`../secret.tera`, which is no path below it"),
        (one("x", "template", "x.md.tera", "/etc/passwd"), "`/etc/passwd`, which is no path below it"),
        (one("x", "template", "x.md.tera", "http://127.0.0.1:1/x"), "only https:// addresses are"),
        (one("x", "template", "x.md.tera", "file:///etc/passwd"), "only https:// addresses are"),
        (one("x", "template", "x.md.tera", "gone.tera"), "cannot read i/gone.tera"),
        (one("x", "pack", "x.md.tera", "x"), "is a pack, which has `plugins` and no `files`"),
        (one("x", "template", "x.md.tera", "x").replace(&sum(b"x"), "12"), "without 64 digits"),
        (one("x", "template", "x.md.tera", "x").replace("1.0.0", "one"), "is not an index of plugins"),
    ] {
        workspace.write("i/index.json", text);
        fails(&workspace, &["plugins", "add", "x", "--index", "i"]).says(said);
    }
    fails(&workspace, &["plugins", "add", "x", "--index", "gone"]).says("cannot read ./gone");
    // What a project names is in the project, or at an address that is not this machine's.
    for (indexes, said) in [
        ("../i", "leads out of the project's folder"),
        ("/etc", "leads out of the project's folder"),
        ("http://127.0.0.1:1/index.json", "one of this machine is named with --index only"),
        ("ftp://plugins.example/index.json", "only https:// addresses are"),
    ] {
        workspace.write("p/spec-engine.toml", format!("indexes = [{indexes:?}]\n"));
        let mut command = workspace.command(&["plugins", "search"]);
        let output = command.current_dir(workspace.path().join("p")).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && stderr.contains(said), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_is_not_left_by_a_link() {
    let workspace = Workspace::new();
    workspace.write("secret.tera", "what is said");
    workspace.write("i/index.json", index(json!({"page": template("page", &[("1.0.0", "what is said")])})));
    std::os::unix::fs::symlink("../secret.tera", workspace.path().join("i/page-1.0.0.tera")).unwrap();
    fails(&workspace, &["plugins", "add", "page", "--index", "i"]).says("leads out of the folder of the index");
}

#[test]
fn a_server_of_an_index_that_misbehaves_leaves_nothing_behind() {
    let elsewhere = Server::start(|_, asked| match asked.path.as_str() {
        "/page" => ok(b"what is said"),
        _ => ok(index(json!({"page": template("page", &[("1.0.0", "what is said")])})).as_bytes()),
    });
    let other = elsewhere.host.clone();
    let text = index(json!({"page": template("page", &[("1.0.0", "what is said")])}));
    let server = Server::start(move |host, asked| match asked.path.as_str() {
        "/moved/index.json" => answer("302 Found", &format!("Location: http://{other}/index.json\r\n"), b""),
        "/same/index.json" => answer("302 Found", &format!("Location: http://{host}/whole/index.json\r\n"), b""),
        "/whole/index.json" | "/half-file/index.json" | "/far/index.json" => ok(text.as_bytes()),
        "/half/index.json" => [&ok(text.as_bytes())[..120], b""].concat(),
        "/large/index.json" => b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n".to_vec(),
        "/whole/page-1.0.0.tera" => ok(b"what is said"),
        "/half-file/page-1.0.0.tera" => b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nwhat".to_vec(),
        "/far/page-1.0.0.tera" => answer("302 Found", "Location: http://example.invalid/x\r\n", b""),
        _ => nothing(),
    });
    let workspace = Workspace::new();
    for (folder, said) in [
        ("moved", &*format!("it is redirected to another host, http://{}/index.json", elsewhere.host)),
        ("half", "was not downloaded"),
        ("large", "the most that an index may have"),
        ("gone", "the server answers 404"),
        ("half-file", "was not downloaded"),
        ("far", "is redirected to http://example.invalid/x, which is not https"),
    ] {
        let address = format!("http://{}/{folder}/", server.host);
        fails(&workspace, &["plugins", "add", "page", "--index", &address]).says(&format!("{folder}/")).says(said);
    }
    assert!(elsewhere.asked().is_empty());
    let address = format!("http://{}/same/", server.host);
    // A redirection on the same host is followed, and paths start from the address that was named.
    fails(&workspace, &["plugins", "add", "page", "--index", &address]).says("same/page-1.0.0.tera");
    let address = format!("http://{}/whole/index.json", server.host);
    workspace.run(&["plugins", "add", "page", "--index", &address]).ends(0);
}
