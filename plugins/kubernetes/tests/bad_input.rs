//! Files that cannot be read: each an error with its line and the next step.

use spec_engine_kubernetes::{Options, import};

use crate::support::{app, file, refused};

#[test]
fn files_that_cannot_be_read_are_refused_at_their_line() {
    let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n  labels: {{- include \"x\" . | nindent 4 }}\n";
    let quoted = app("web", "{{ .Values.image }}:1", "", "");
    let bomb: String = (1..12).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "))
    });
    let pod = r#"{"metadata": {"name": "p", "ownerReferences": [{"kind": "ReplicaSet"}]}}"#;
    let made = format!(r#"{{"kind": "PodList", "apiVersion": "v1", "items": [{pod}]}}"#);
    for (name, text, code, line) in [
        ("a.yaml", template, "not-rendered", 4),
        ("a.yaml", quoted.as_str(), "not-rendered", 8),
        ("a.yaml", "{{- if .Values.x }}\nkind: Pod\n{{- end }}\n", "not-rendered", 1),
        ("a.yaml", "kind: [\n", "broken-yaml", 2),
        ("a.yaml", "kind: Pod\n\tname: x\n", "broken-yaml", 2),
        ("a.yaml", bomb.as_str(), "broken-yaml", 7),
        ("a.json", "{\"kind\": \n\"Pod\",}", "broken-json", 2),
        ("main.tf", "resource \"x\" \"y\" {}\n", "not-kubernetes", 1),
        ("a.json", made.as_str(), "no-workloads", 1),
        ("a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n", "no-workloads", 3),
        ("a.yaml", "", "no-workloads", 1),
    ] {
        let note = refused(name, text);
        assert_eq!((note.code, note.place.line), (code, line), "{text}: {note:?}");
        assert!(note.help.is_some_and(|help| !help.is_empty()), "{text}");
    }
}

#[test]
fn one_file_that_cannot_be_read_refuses_all() {
    let good = app("web", "acme/web:1", "", "");
    let files = [file("good.yaml", &good), file("bad.yaml", "kind: [\n"), file("worse.json", "{")];
    let notes = import(&files, &Options::default()).expect_err("nothing comes out");
    let places: Vec<_> = notes.iter().map(|note| (note.code, note.place.file)).collect();
    assert_eq!(places, [("broken-yaml", 1), ("broken-json", 2)], "every file is told");
}
