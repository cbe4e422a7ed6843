//! Files, documents, lists; and the same object twice.

use spec_engine_kubernetes::Severity;

use crate::support::{app, file, imported, of};

const POD: &str = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "acme/a:1"}]}}"#;

#[test]
fn lists_of_every_form_are_read() {
    let bare = POD.replace(r#""apiVersion": "v1", "kind": "Pod", "#, "");
    for text in [
        POD.to_owned(),
        format!("\u{feff}{POD}"),
        format!("[{POD}]"),
        format!(r#"{{"kind": "List", "apiVersion": "v1", "items": [{POD}]}}"#),
        format!(r#"{{"kind": "List", "items": [{{"kind": "List", "items": [{POD}]}}]}}"#),
        format!(r#"{{"kind": "PodList", "apiVersion": "v1", "items": [{bare}]}}"#),
        format!(r#"{{"items": [{POD}]}}"#),
        format!("{POD}\n{POD}"),
        format!("---\n---\n# nothing\n---\n{POD}\n...\n"),
        format!("kind: List\napiVersion: v1\nitems:\n- {POD}\n"),
    ] {
        let import = of(&text);
        assert_eq!((import.services(), import.image("a").as_str()), (vec!["a"], "acme/a 1"), "{text}");
        assert!(import.warnings().is_empty(), "{text}: {:?}", import.notes);
    }
    let deep = format!("{}{POD}{}", r#"{"kind": "List", "items": ["#.repeat(12), "]}".repeat(12));
    let import = imported(&[file("a.json", POD), file("b.json", &deep)]);
    assert_eq!(import.warnings(), ["deep-list"]);
}

#[test]
fn places_are_those_of_the_files() {
    let json = POD.replace("\"metadata\"", "\n\n  \"metadata\"").replace("acme/a:1", "ACME/a:1");
    let import = imported(&[file("x.yaml", &app("web", "acme/web:1", "", "")), file("b.json", &json)]);
    let note = import.notes.iter().find(|note| note.code == "bad-image").expect("it is told");
    assert_eq!((note.place.file, note.place.line), (1, 3));
}

#[test]
fn the_same_object_twice_is_one_and_others_are_told() {
    let one = app("web", "acme/web:1", "80:8080", "");
    let import = imported(&[file("a.yaml", &one), file("b.yaml", &one)]);
    assert!(import.warnings().is_empty(), "{:?}", import.notes);
    let other = one.replace("acme/web:1", "acme/web:2");
    let import = imported(&[file("a.yaml", &one), file("b.yaml", &other)]);
    assert_eq!((import.image("web").as_str(), import.warnings()), ("acme/web 2", vec!["two-versions"]));
    let said = &import.said("two-versions")[0];
    assert!(said.contains("the one in a.yaml, line 4, is replaced"), "{said}");
}

#[test]
fn what_is_no_object_is_told_and_the_rest_is_read() {
    let pod = POD.to_owned();
    for (name, text, code, severity) in [
        ("values.yaml", "image: {tag: 1}\n", "helm-values", Severity::Warning),
        (
            "kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: [a.yaml]\n",
            "kustomization",
            Severity::Warning,
        ),
        ("compose.yaml", "services: {web: {image: nginx}}\n", "compose", Severity::Warning),
        ("x.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {}\n", "no-name", Severity::Warning),
        (
            "crd.yaml",
            "apiVersion: acme.example/v1\nkind: Widget\nmetadata: {name: w}\nspec: {a: 1}\n",
            "unknown-kind",
            Severity::Info,
        ),
        ("text.yaml", "just a text\n", "no-object", Severity::Warning),
        ("empty.yaml", "# nothing\n", "empty-file", Severity::Info),
    ] {
        let import = imported(&[file("a.json", &pod), file(name, text)]);
        let note =
            import.notes.iter().find(|note| note.code == code).unwrap_or_else(|| panic!("{name}: {:?}", import.notes));
        assert_eq!((note.severity, note.place.file, note.place.line >= 1), (severity, 1, true), "{name}");
        assert!(note.help.as_ref().is_some_and(|help| !help.is_empty()), "{name}");
        assert_eq!(import.services(), ["a"], "{name}");
    }
}

#[test]
fn kinds_that_nobody_knows_are_counted_in_one_remark() {
    let crd = |group: &str, kind: &str, name: &str| {
        format!("---\napiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n")
    };
    let text = [
        crd("kafka.strimzi.io", "Kafka", "events"),
        crd("kafka.strimzi.io", "KafkaTopic", "a"),
        crd("cert-manager.io", "Certificate", "tls"),
        crd("kafka.strimzi.io", "KafkaTopic", "b"),
    ];
    let import = imported(&[file("a.json", POD), file("crds.yaml", &text.concat())]);
    let notes: Vec<_> = import.notes.iter().filter(|note| note.code == "unknown-kind").collect();
    assert_eq!(
        notes.iter().map(|note| (note.message.as_str(), note.place.file, note.place.line)).collect::<Vec<_>>(),
        [(
            "4 objects are of kinds that are not read: `Kafka.kafka.strimzi.io`, `KafkaTopic.kafka.strimzi.io (2)`, \
             `Certificate.cert-manager.io`",
            1,
            4
        )]
    );
}

#[test]
fn nothing_secret_gets_out() {
    let text = format!(
        "{}---
apiVersion: v1
kind: Secret
metadata: {{name: s, annotations: {{kubectl.kubernetes.io/last-applied-configuration: 'hunter2'}}}}
stringData: {{password: hunter2}}
data: {{URL: aHVudGVyMg==}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c}}
data: {{x: 'http://u:hunter2@nowhere:80'}}
",
        app(
            "web",
            "acme/web:1",
            "80:80",
            "env: [{name: PASSWORD, value: hunter2}, {name: URL, value: 'http://u:hunter2@api:80'}], args: ['--token', hunter2]"
        )
    );
    let import = of(&format!("{text}{}", app("api", "acme/api:1", "80:80", "")));
    assert_eq!(import.edges(), ["web -> api http:80"]);
    assert!(!import.text.contains("hunter2") && !import.text.contains("aHVudGVyMg"));
    assert!(import.notes.iter().all(|note| !note.message.contains("hunter2")), "{:?}", import.notes);
}
