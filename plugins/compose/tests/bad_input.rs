//! Input that is wrong: a clear message with its line, and no panic.

use spec_engine_compose::{Options, Severity, import};
use spec_engine_plugin::{Content, File, Importer as _};

use crate::support::{file, imported, of, refused, refused_files};

#[test]
fn broken_files_are_refused_with_their_place() {
    for (text, line, column, message) in [
        ("services:\n  a: [1\n", 3, 1, "a.yml is not valid YAML: did not find expected ',' or ']'"),
        ("services:\n  a: {}\n  a: {}\n", 3, 3, "the key `a` stands twice"),
        ("services: &a\n  b: *a\n", 2, 6, "alias"),
        ("services:\n\tweb:\n\t\timage: nginx\n", 2, 1, "a tab stands in the indentation"),
        ("services: {}\n", 1, 11, "`services` is empty"),
        ("volumes: {}\n", 1, 1, "the files have no `services`"),
        ("services:\n", 1, 1, "the files have no `services`"),
        ("", 1, 1, "the files have no `services`"),
        ("services:\n  - web:\n      image: nginx\n", 2, 3, "`services` is a list, and has to be a map"),
        ("services: web\n", 1, 11, "`services` is a text, and has to be a map"),
        ("just words", 1, 1, "a.yml is not a compose file: expected a map, found a text"),
        ("- a\n- b\n", 1, 1, "expected a map, found a list"),
        ("services: {a: b}\n", 1, 11, "no service is left that could be imported"),
        ("a: &x [*y]\n", 1, 8, "the alias `*y` has no anchor"),
        ("? [a]\n: b\n", 1, 3, "a key has to be a text"),
        ("services: {a: {<<: 1}}\n", 1, 20, "`<<` takes a map"),
    ] {
        let note = refused(text);
        assert!(note.message.contains(message), "{text}: {}", note.message);
        assert_eq!((note.place.line, note.place.column), (line, column), "{text}: {}", note.message);
    }
}

#[test]
fn all_broken_files_are_told_at_once() {
    let files = [file("a.yml", "a: ["), file("b.yml", "- 1"), file("c.yml", "services: {a: {image: a}}")];
    let notes = import(&files, &Options::default()).unwrap_err();
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["broken-yaml", "no-map"]);
    assert_eq!(refused_files(&files[..1]).code, "broken-yaml");
}

#[test]
fn files_of_other_tools_are_told_with_the_command_that_reads_them() {
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: [a.yaml]\n";
    for (name, text, line, command) in [
        ("main.tf", "# b\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n", 2, "terraform show -json plan |"),
        ("prod.tfvars", "region = \"x\"\n", 1, "terraform show -json plan |"),
        ("web.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", 1, "`spec-engine import kubernetes web.yaml`"),
        ("k/kustomization.yaml", kustomization, 1, "`kubectl kustomize k | spec-engine import kubernetes -`"),
        ("shop/Chart.yaml", "apiVersion: v2\nname: shop\n", 1, "`helm template shop ./shop |"),
    ] {
        let notes = import(&[file(name, text)], &Options::default()).unwrap_err();
        let [note] = notes.as_slice() else { panic!("{name}: {notes:?}") };
        assert_eq!((note.code, note.place.line), ("not-compose", line), "{name}");
        assert!(note.help.as_ref().is_some_and(|help| help.contains(command)), "{name}: {note:?}");
    }
}

#[test]
fn a_file_of_the_old_format_is_read_and_told() {
    let old = of("web:\n  build: .\n  ports: ['5000:5000']\n  links: [redis]\nredis:\n  image: redis\n");
    assert_eq!((old.edges(), old.exposes("web")), (vec!["web => redis redis:6379".to_owned()], "http:5000".into()));
    assert_eq!(old.warnings(), ["old-format"]);
    assert!(old.said("old-format")[0].starts_with("1:1 compose.yaml is in the old format without `services`"));
    let shared = of("web: {image: w, net: 'container:vpn', volumes_from: [vpn]}\nvpn: {image: v}\n");
    assert_eq!(shared.edges(), ["web -> vpn tcp:80"]);
}

#[test]
fn values_of_the_wrong_type_are_told_and_used_where_it_is_clear() {
    let stack = of("services:
  web:
    image: nginx:1
    ports: 80
    depends_on: db
    environment: DB_HOST=db
    networks: x
    env_file: {path: x}
    labels: team=a
  db: {image: postgres, depends_on: [{web: {condition: x}}], environment: [{A: b}]}
  text: nginx
networks: {x: }
");
    assert_eq!(stack.exposes("web"), "http:80");
    assert_eq!(stack.service("web")["owner"], "a");
    assert_eq!(stack.edges(), ["web => postgresql db:5432"]);
    let said = stack.said("wrong-type");
    for (line, what) in [
        (4, "`ports` of `web`: expected a list, found a single value"),
        (5, "`depends_on` of `web`: expected a list or a map, found a single value"),
        (6, "`environment` of `web`: expected a list or a map, found a single value"),
        (7, "`networks` of `web`: expected a list or a map, found a single value"),
        (8, "`env_file` of `web`: expected a text or a list, found a map"),
        (9, "`labels` of `web`: expected a list or a map, found a single value"),
        (10, "an entry of `environment` of `db` is a map, and has to be a text"),
        (10, "an entry of `depends_on` of `db` is a map, and has to be a text"),
        (11, "the service `text` is a text, and has to be a map; it is left out"),
    ] {
        assert!(
            said.iter().any(|said| said.starts_with(&format!("{line}:")) && said.ends_with(what)),
            "{what}: {said:#?}"
        );
    }
    let waits =
        of("services: {a: {image: a, depends_on: {b: true, c: {condition: healthy}}}, b: {image: b}, c: {image: c}}");
    assert_eq!(waits.said("wrong-type"), ["1:42 `b` in `depends_on` of `a` is a text, and has to be a map"]);
    assert_eq!(
        waits.said("unknown-condition"),
        ["1:63 the condition under which `a` waits for `c` is not one of compose's"]
    );
    let typo = of("servces: {}\nservices: {web: {image: a, prots: [80]}}\n");
    assert_eq!(typo.said("unknown-field").len(), 2);
    assert!(typo.notes.iter().any(|note| note.help.as_deref() == Some("did you mean `ports`?")), "{:?}", typo.notes);
}

#[test]
fn wrong_ports_are_told_one_by_one() {
    let stack = of(
        "services:\n  web:\n    image: nginx:1\n    ports: [\"abc:def\", \"70000:70000\", \"80:\", \"8080:0\", {target: x}]\n    \
                    expose: [\"-1\", 99999, '1-60000']\n",
    );
    assert_eq!(
        stack.said("bad-port"),
        [
            "4:13 an entry `abc:def` of `ports` of `web` is left out: `abc` is not a number from 1 to 65535",
            "4:24 an entry `70000:70000` of `ports` of `web` is left out: `70000` is not a number from 1 to 65535",
            "4:39 an entry `80:` of `ports` of `web` is left out: the port is missing",
            "4:46 an entry `8080:0` of `ports` of `web` is left out: `0` is not a number from 1 to 65535",
            "4:56 an entry of `ports` of `web` is left out: `x` is not a number from 1 to 65535",
            "5:14 an entry `-1` of `expose` of `web` is left out: `-1` is not a number from 1 to 65535",
            "5:20 an entry `99999` of `expose` of `web` is left out: `99999` is not a number from 1 to 65535",
        ]
    );
    assert_eq!((stack.exposes("web"), stack.said("long-range").len()), ("tcp:1".into(), 1));
}

#[test]
fn names_and_images_that_compose_refuses_are_told() {
    let stack = of(
        "services:\n  \"a b\":\n    image: \"nginx:1\"\n  \"\":\n    image: x:1\n  \"a/b\":\n    image: \"UPPER:1\"\n  \
                    url: {image: \"https://u:hunter2@h/x\"}\n  empty: {image: ''}\n",
    );
    assert_eq!(stack.services(), ["a b", "a/b", "url", "empty"]);
    assert_eq!(stack.said("bad-name").len(), 3);
    assert_eq!(
        stack.said("bad-image"),
        ["7:12 the image of `a/b` is not a valid reference; its name is written as `UPPER`"]
    );
    assert_eq!(
        stack.said("empty-image"),
        [
            "8:16 the image of `url` has no name; `system-url` stands in its place",
            "9:18 the image of `empty` is empty; `system-empty` stands in its place",
        ]
    );
    assert!(!format!("{}{:?}", stack.text, stack.notes).contains("hunter2"));
}

#[test]
fn aliases_of_aliases_do_not_fill_the_memory() {
    let mut text = String::from("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", ")));
    }
    assert!(refused(&text).message.contains("more than 1000000 values"));
    let deep = format!("a: {}", "[".repeat(150));
    assert!(refused(&deep).message.contains("128 levels"), "{}", refused(&deep).message);
    let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(100), "]".repeat(100));
    let text = format!("a: &a {}\nb: &b {}\n", nested("x"), nested("*a"));
    assert!(refused(&text).message.contains("more than 128 levels"), "{text}");
}

#[test]
fn long_values_take_time_by_their_length() {
    let start = std::time::Instant::now();
    for value in [
        "${",
        "http://",
        "a://b@",
        "/dev/tcp/",
        "db:1,",
        "host=db;",
        "$$(",
        "x=",
        "\\\"",
        "--host db ",
        "-h",
        "${A:-",
        "!a,",
        "!",
        "! ",
    ] {
        let listed = format!("services: [{}]\n", value.repeat(30_000));
        drop(import(&[file("c.yml", &listed)], &Options::default()));
        let value = value.repeat(30_000).replace('\'', "''");
        let text = format!(
            "services:\n  a:\n    image: a\n    command: '{value}'\n    environment: {{DB_HOST: '{value}'}}\n  db: {{image: d}}\n"
        );
        imported(&[file("c.yml", &text)]);
        imported(&[file("c.yml", "services: {a: {image: a}}"), file(".env", &format!("A={value}\nB=\"{value}\n"))]);
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn a_file_that_powershell_wrote_is_read() {
    let text = "services:\r\n  web:\r\n    image: nginx:${TAG}\r\n";
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let convert = |content| {
        let file = File { name: "compose.yaml".into(), content };
        spec_engine_compose::Compose::convert(&[file], &Default::default())
    };
    let read = convert(Content::Bytes(bytes)).expect("it is read");
    assert!(read.document.contains("\"nginx\""), "{}", read.document);
    let position = read.remarks[0].position.as_ref().unwrap();
    assert_eq!((position.line, position.column), (3, 12));
    let refused = convert(Content::Bytes(b"services:\n  web: \xff\n".to_vec())).expect_err("it is no text");
    assert_eq!(refused[0].message, "compose.yaml is not UTF-8 text: the byte 0xff stands in line 2");
    assert_eq!(
        (refused[0].position.as_ref().unwrap().line, refused[0].severity),
        (2, spec_engine_plugin::Severity::Error)
    );
}

#[test]
fn an_error_is_never_beside_a_document() {
    let stack = of("services: {a: {image: a, depends_on: [b, c]}, b: {image: b}}");
    assert!(stack.notes.iter().all(|note| note.severity != Severity::Error));
}
