//! Plugins of registries: Debian's on this machine, and some that misbehave.

use serde_json::{Value, json};

use super::indexes::template;
use super::{D2, MERMAID, files, lock, sum};
use crate::support::registry::Registry;
use crate::support::server::{Request, Server, answer, nothing, ok};
use crate::support::workspace::{CommandRun, PAYMENTS, Workspace};

const RULE: &[u8] = include_bytes!("../../examples/rules/image-digest.rhai");

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace
}

#[test]
fn a_component_is_pulled_pinned_and_updated() {
    let Some(registry) = Registry::start() else { return };
    let (workspace, host) = (workspace(), &registry.host);
    let digest = registry.push("acme/inventory", "1.0.0", &[("inventory.wasm", D2)]);
    let reference = format!("oci://{host}/acme/inventory");
    workspace.run(&["plugins", "add", &format!("{reference}:1.0.0")]).ends(0).says("added inventory 1.0.0, component");
    let pinned = format!("version = \"1.0.0\"\nsource = \"{reference}:1.0.0@sha256:{digest}\"\n");
    assert!(lock(&workspace).contains(&pinned) && lock(&workspace).contains(&sum(D2)), "{}", lock(&workspace));
    workspace.run(&["render", "s.json", "--plugin", "inventory"]).ends(0).says("direction: right");
    workspace.run(&["plugins", "outdated"]).ends(0).says("inventory: 1.0.0 is the newest");

    registry.push("acme/inventory", "latest", &[("inventory.wasm", D2)]);
    registry.push("acme/inventory", "v1.1.0", &[("inventory.wasm", MERMAID)]);
    let second = registry.push("acme/inventory", "2.0.0", &[("inventory.wasm", D2)]);
    registry.push("acme/inventory", "3.0.0-rc.1", &[("inventory.wasm", D2)]);
    workspace.run(&["plugins", "outdated"]).ends(1).says("1.0.0 -> 1.1.0").says("2.0.0 may break what uses it");
    workspace.run(&["plugins", "update"]).ends(0).says("replaced inventory 1.1.0");
    workspace.run(&["render", "s.json", "--plugin", "inventory"]).ends(0).says("flowchart LR");
    workspace.run(&["plugins", "update", "inventory@2.0.0"]).ends(0).says("replaced inventory 2.0.0");
    workspace.run(&["plugins", "update", "inventory@9"]).ends(2).says("has no such version");
    // Without a tag it is the newest version; by its digest it is that one.
    workspace.run(&["plugins", "add", &reference, "--name", "newest"]).ends(0).says("added newest 2.0.0");
    workspace
        .run(&["plugins", "add", &format!("{reference}@sha256:{digest}"), "--name", "old"])
        .ends(0)
        .says("added old");
    let (tagged, other) = (format!("{reference}:2.0.0"), "0".repeat(64));
    workspace.run(&["plugins", "add", &tagged, "--sha256", &second, "--name", "x"]).ends(0).says("added x");
    workspace.run(&["plugins", "add", &tagged, "--sha256", &other, "--name", "y"]).ends(2).says("its SHA-256 differs");

    // A tag that is no version moves.
    workspace.run(&["plugins", "add", &format!("{reference}:latest"), "--name", "moving"]).ends(0);
    let before = lock(&workspace);
    registry.push("acme/inventory", "latest", &[("inventory.wasm", MERMAID)]);
    workspace.run(&["plugins", "update", "moving"]).ends(0).says("replaced moving");
    assert!(lock(&workspace) != before);
    for name in ["inventory", "moving", "newest", "old", "x"] {
        workspace.run(&["plugins", "remove", name]).ends(0);
    }
    assert_eq!(files(&workspace), ["s.json", "spec-engine.lock"]);
}

#[test]
fn an_artifact_with_several_plugins_is_a_pack() {
    let Some(registry) = Registry::start() else { return };
    let (workspace, host) = (workspace(), &registry.host);
    let page = b"{% include \"_part.tera\" %} page".as_slice();
    let files_of_pack: [(&str, &[u8]); 5] = [
        ("page.txt.tera", page),
        ("page.toml", b"summary = \"A page\"\n"),
        ("./_part.tera", b"part"),
        ("image-digest.rhai", RULE),
        ("m.wasm", MERMAID),
    ];
    registry.push("acme/house", "1.0.0", &files_of_pack);
    let reference = format!("oci://{host}/acme/house:1.0.0");
    let added = workspace.run(&["plugins", "add", &reference]).ends(0);
    let added = added.says("added page 1.0.0, template: A page").says("added image-digest 1.0.0, rule");
    added.says("the pack house 1.0.0 has page, image-digest, m");
    workspace.run(&["render", "s.json", "--plugin", "page"]).ends(0).says("part page");
    workspace.run(&["rules", "list"]).ends(0).says("acme/image-digest");
    workspace.run(&["plugins", "add", &reference, "--name", "x"]).ends(2).says("--name is for one");
    registry.push("acme/house", "1.1.0", &files_of_pack[..3]);
    workspace.run(&["plugins", "outdated"]).ends(1).says("house: 1.0.0 -> 1.1.0");
    registry.push("acme/house", "1.2.0", &files_of_pack[..4]);
    workspace.run(&["plugins", "update", "house"]).ends(0).says("the pack house 1.2.0 has page, image-digest");
    assert!(!workspace.path().join(".spec-engine/plugins/m.wasm").exists());
    workspace.run(&["plugins", "remove", "house"]).ends(0);
    assert_eq!(files(&workspace), ["s.json", "spec-engine.lock"]);
    // A component alone needs no title.
    let layer = registry.blob("acme/diagram", MERMAID, "application/wasm");
    registry.push_layers("acme/diagram", "1.0.0", vec![layer]);
    workspace.run(&["plugins", "add", &format!("oci://{host}/acme/diagram")]).ends(0).says("added diagram 1.0.0");
}

#[test]
fn an_index_may_be_in_a_registry() {
    let Some(registry) = Registry::start() else { return };
    let (workspace, host) = (workspace(), &registry.host);
    registry.push("acme/inventory", "1.0.0", &[("inventory.wasm", MERMAID)]);
    let source = format!("oci://{host}/acme/inventory:1.0.0");
    let file = json!({"inventory.wasm": {"source": source, "sha256": sum(MERMAID)}});
    let component =
        json!({"kind": "component", "versions": [{"version": "1.0.0", "contract": "0.1.2", "files": file}]});
    let index =
        json!({"version": 1, "plugins": {"page": template("page", &[("1.0.0", "a page")]), "inventory": component}});
    let text = index.to_string();
    let files: [(&str, &[u8]); 2] = [("index.json", text.as_bytes()), ("page-1.0.0.tera", b"a page")];
    registry.push("acme/plugins", "latest", &files);
    workspace.write("spec-engine.toml", format!("indexes = [\"oci://{host}/acme/plugins:latest\"]\n"));
    workspace.run(&["plugins", "search"]).ends(0).says("inventory  component").says("page       template");
    workspace.run(&["plugins", "add", "page"]).ends(0);
    workspace.run(&["plugins", "add", "inventory"]).ends(0);
    assert!(lock(&workspace).contains(&format!("index = \"oci://{host}/acme/plugins:latest\"")));
    workspace.run(&["plugins", "outdated"]).ends(0).says("page: 1.0.0 is the newest");
    workspace.run(&["render", "s.json", "--plugin", "page"]).ends(0).says("a page");
    let added = workspace.run(&["plugins", "add", &format!("oci://{host}/acme/plugins:latest"), "--name", "x"]);
    added.ends(2).says("is an index of plugins").says("--index");
}

#[test]
fn what_is_no_plugin_is_not_pulled() {
    let Some(registry) = Registry::start() else { return };
    let (workspace, host) = (workspace(), &registry.host);
    let layer = |content: &[u8]| registry.blob("acme/x", content, "application/vnd.oci.image.layer.v1.tar+gzip");
    registry.push_layers("acme/x", "image", vec![layer(b"a layer")]);
    registry.push("acme/x", "path", &[("../x.wasm", MERMAID)]);
    registry.push("acme/x", "hidden", &[(".x.wasm", MERMAID)]);
    registry.push("acme/x", "broken", &[("x.wasm", &MERMAID[..1000])]);
    registry.push("acme/x", "two", &[("x.wasm", MERMAID), ("x.wasm", D2)]);
    registry.push("acme/x", "text", &[("README.md", b"hello")]);
    for (tag, said) in [
        ("image", "none of its layers is a file with a name"),
        ("path", "`../x.wasm`: no file of a plugin has such a name"),
        ("hidden", "`.x.wasm`: no file of a plugin"),
        ("broken", "is truncated"),
        ("two", "it has two files `x.wasm`"),
        ("text", "has no plugin: its files are `README.md`"),
        ("gone", &format!("oci://{host}/acme/x:gone was not read: the registry does not have it")),
        ("-", "is no name in a registry"),
    ] {
        refused(&workspace, &format!("oci://{host}/acme/x:{tag}")).says(said);
    }
    refused(&workspace, &format!("oci://{host}/acme/x")).says("has no tag that is a version").says("name its tag");
    refused(&workspace, &format!("oci://{host}/acme/y")).says("does not have it");
    refused(&workspace, "oci://ann:pw@registry.example/x").says("is no name in a registry");
    let limit = ["plugins", "add", &format!("oci://{host}/acme/x:two"), "--limit", "component-size=1K"];
    workspace.run(&limit).ends(2);
}

fn refused(workspace: &Workspace, reference: &str) -> CommandRun {
    let ran = workspace.run(&["plugins", "add", reference, "--timeout", "30"]).ends(2);
    assert!(ran.stderr.contains("help: ") && !ran.stderr.contains("pw"), "{ran:?}");
    assert_eq!(files(workspace), ["s.json"]);
    ran
}

/// The manifest of a component, and what the registry of a test answers besides.
fn manifest(size: usize) -> Value {
    let title = json!({"org.opencontainers.image.title": "x.wasm"});
    let layer =
        json!({"mediaType": "x/y", "digest": format!("sha256:{}", sum(MERMAID)), "size": size, "annotations": title});
    json!({"schemaVersion": 2, "layers": [layer]})
}

#[test]
fn a_registry_that_misbehaves_leaves_nothing_behind() {
    let elsewhere = Server::start(|_, _| ok(MERMAID));
    let other = elsewhere.host.clone();
    let redirect = |to: &str| answer("307 Temporary Redirect", &format!("Location: {to}\r\n"), b"");
    let server = Server::start(move |_, Request { path, .. }| {
        let name = path.split('/').nth(2).unwrap_or_default().to_owned();
        let is_manifest = path.contains("/manifests/");
        let whole = manifest(MERMAID.len()).to_string();
        match (name.as_str(), is_manifest) {
            ("another-manifest", true) => {
                answer("200 OK", &format!("Docker-Content-Digest: sha256:{}\r\n", "0".repeat(64)), whole.as_bytes())
            }
            ("moved-manifest", true) => redirect(&format!("http://{other}/x")),
            ("no-manifest", true) => ok(b"<html>"),
            ("platforms", true) => ok(json!({"schemaVersion": 2, "manifests": [{}]}).to_string().as_bytes()),
            ("large-manifest", true) => b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\n".to_vec(),
            ("large", true) => ok(manifest(99_000_000_000).to_string().as_bytes()),
            ("closed", _) => answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", b""),
            ("far-token", _) => {
                answer("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"http://example.invalid/t\"\r\n", b"")
            }
            ("busy", _) => answer("429 Too Many Requests", "", b""),
            (_, true) => ok(whole.as_bytes()),
            ("another", _) => ok(D2),
            ("half", _) => ok(MERMAID)[..5000].to_vec(),
            ("short", _) => ok(&MERMAID[..5000]),
            ("far", _) => redirect("http://example.invalid/x"),
            ("anywhere", _) => redirect(&format!("http://{other}/x")),
            _ => nothing(),
        }
    });
    let workspace = workspace();
    for (name, said) in [
        ("another-manifest", "the registry sends another manifest than the one of"),
        ("moved-manifest", &format!("is redirected to another host, http://{}/x", elsewhere.host)),
        ("no-manifest", "its manifest cannot be read"),
        ("platforms", "it is an image index, for several platforms"),
        ("large-manifest", "the most that a manifest may have"),
        ("large", "the limit `component-size`"),
        ("closed", "the registry asks for a login"),
        ("far-token", "asks for a token of http://example.invalid/t, which is not https"),
        ("busy", "the registry is asked too often"),
        ("another", "the registry sends another file x.wasm than the one of"),
        ("half", "was not downloaded"),
        ("short", "was not downloaded whole: 5000 bytes of"),
        ("far", "is redirected to http://example.invalid/x, which is not https"),
        ("gone", "the registry does not have it"),
    ] {
        refused(&workspace, &format!("oci://{}/{name}:1.0.0", server.host)).says(name).says(said);
    }
    assert!(elsewhere.asked().is_empty());
    // What is known by its sum may come from anywhere.
    workspace.run(&["plugins", "add", &format!("oci://{}/anywhere:1.0.0", server.host)]).ends(0).says("added x");
    assert_eq!(elsewhere.asked().len(), 1);
}

/// The token that everybody gets is sent to the registry, and to nobody else.
#[test]
fn a_token_is_for_its_registry() {
    let elsewhere = Server::start(|_, _| ok(MERMAID));
    let other = elsewhere.host.clone();
    let server = Server::start(move |host, Request { path, headers }| {
        if path.starts_with("/token?") {
            return ok(b"{\"access_token\": \"for-everybody\"}");
        }
        if !headers.iter().any(|header| header == "authorization: bearer for-everybody") {
            let challenge = format!(
                "WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"s\",scope=\"repository:x:pull\"\r\n"
            );
            return answer("401 Unauthorized", &challenge, b"");
        }
        match path.contains("/manifests/") {
            true => ok(manifest(MERMAID.len()).to_string().as_bytes()),
            false => answer("307 Temporary Redirect", &format!("Location: http://{other}/x\r\n"), b""),
        }
    });
    let workspace = workspace();
    workspace.run(&["plugins", "add", &format!("oci://{}/x:1.0.0", server.host)]).ends(0).says("added x 1.0.0");
    let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert!(asked[1].contains("service=s") && asked[1].contains("scope=repository%3Ax%3Apull"), "{asked:?}");
    assert!(elsewhere.asked()[0].headers.iter().all(|header| !header.starts_with("authorization")));
    assert!(!lock(&workspace).contains("for-everybody"));
}

/// What `docker login` writes.
fn logins(host: &str, basic: &str) -> String {
    json!({"auths": {host: {"auth": basic}}}).to_string()
}

#[test]
fn a_registry_with_a_login_is_read_with_the_login_of_docker() {
    let Some((registry, basic)) = Registry::start_with_login() else { return };
    let (workspace, host) = (workspace(), &registry.host);
    registry.push("acme/inventory", "1.0.0", &[("inventory.wasm", D2)]);
    let reference = format!("oci://{host}/acme/inventory");
    let asks = refused(&workspace, &reference).says("the registry asks for a login");
    asks.says(&format!("what `docker login {host}` writes is used"));

    let file = workspace.path().join("home/.docker/config.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    for (config, said) in [
        (logins(host, "YW5uOndyb25n"), "the registry refuses the login for"),
        (json!({"auths": {host: {}}, "credsStore": "desktop"}).to_string(), "in the credential helper `desktop`"),
        ("{".to_owned(), "cannot be used: line 1, column 1"),
        (logins("registry.example", basic), "the registry asks for a login"),
    ] {
        std::fs::write(&file, config).unwrap();
        let ran = workspace.run(&["plugins", "add", &reference]).ends(2).says(said);
        assert!(ran.stderr.contains("help: ") && !ran.stderr.contains("YW5u"), "{ran:?}");
    }
    std::fs::write(&file, logins(host, basic)).unwrap();
    workspace.run(&["plugins", "add", &reference]).ends(0).says("added inventory 1.0.0");
    workspace.run(&["plugins", "outdated"]).ends(0).says("inventory: 1.0.0 is the newest");
    assert!(!lock(&workspace).contains(basic));

    // In the environment, which is stronger.
    let add = |config: &str| {
        let mut command = workspace.command(&["plugins", "add", &reference, "--name", "other"]);
        CommandRun::of(command.env("DOCKER_AUTH_CONFIG", config).output().unwrap())
    };
    add(&logins(host, "YW5uOndyb25n")).ends(2).says("in DOCKER_AUTH_CONFIG");
    std::fs::remove_file(&file).unwrap();
    add(&logins(host, basic)).ends(0).says("added other 1.0.0");
    let config = workspace.path().join("elsewhere");
    std::fs::create_dir(&config).unwrap();
    std::fs::write(config.join("config.json"), logins(host, basic)).unwrap();
    let mut command = workspace.command(&["plugins", "add", &reference, "--name", "third"]);
    CommandRun::of(command.env("DOCKER_CONFIG", &config).output().unwrap()).ends(0).says("added third 1.0.0");
}

/// A login is sent to its registry and to who gives its tokens, and to nobody else.
#[test]
fn a_login_is_for_its_registry() {
    let elsewhere = Server::start(|_, _| ok(MERMAID));
    let other = elsewhere.host.clone();
    let server = Server::start(move |host, Request { path, headers }| {
        let has = |value: &str| headers.iter().any(|header| header == &format!("authorization: {value}"));
        match path.as_str() {
            path if path.starts_with("/token?") && has("basic yw5uolujvq==") => ok(b"{\"token\": \"for-ann\"}"),
            path if path.starts_with("/token?") => answer("401 Unauthorized", "", b""),
            _ if !has("bearer for-ann") => {
                let challenge = format!("WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"s\"\r\n");
                answer("401 Unauthorized", &challenge, b"")
            }
            path if path.contains("/manifests/") => ok(manifest(MERMAID.len()).to_string().as_bytes()),
            _ => answer("307 Temporary Redirect", &format!("Location: http://{other}/x\r\n"), b""),
        }
    });
    let workspace = workspace();
    let add = |config: String| {
        let mut command = workspace.command(&["plugins", "add", &format!("oci://{}/x:1.0.0", server.host)]);
        CommandRun::of(command.env("DOCKER_AUTH_CONFIG", config).output().unwrap())
    };
    add(logins("registry.example", "YW5uOlUjVQ==")).ends(2).says("the registry asks for a login");
    assert!(server.asked().iter().all(|asked| asked.headers.iter().all(|header| !header.starts_with("authorization"))));
    add(logins(&server.host, "YW5uOlUjVQ==")).ends(0).says("added x 1.0.0");
    assert!(elsewhere.asked()[0].headers.iter().all(|header| !header.starts_with("authorization")));
    assert!(!lock(&workspace).contains("YW5uO"));
}
