//! Files that cannot be read: each an error with its line and the next step.

use serde_json::json;
use spec_engine_terraform::{Options, import};

use crate::support::{file, imported, plan, planned, refused, state, stored};

#[test]
fn files_that_cannot_be_read_are_refused_at_their_line() {
    let hcl = "# the shop\n\nresource \"aws_sqs_queue\" \"jobs\" {\n  name = \"jobs\"\n}\n";
    let printed = "Terraform used the selected providers\n\nTerraform will perform the following actions:\n\n  # aws_sqs_queue.jobs will be created\n";
    let shown = "# aws_sqs_queue.jobs:\nresource \"aws_sqs_queue\" \"jobs\" {\n    name = \"jobs\"\n}\n";
    let log = "{\"@level\":\"info\",\"@message\":\"Terraform 1.9.8\",\"type\":\"version\"}\n{\"@level\":\"info\"}\n";
    let whole = state(&[stored("aws_sqs_queue.a", json!({ "name": "a" }), &[])]);
    let cut = &whole[..whole.len() / 2];
    let cut_line = cut.lines().count();
    let iam = state(&[stored("aws_iam_role.a", json!({ "name": "a" }), &[])]);
    for (name, text, code, line, help) in [
        ("main.tf", hcl, "hcl", 3, "terraform show -json"),
        ("<stdin>", hcl, "hcl", 3, "terraform show -json"),
        ("a.tf.json", "{\"resource\": {}}", "hcl", 1, "terraform show -json"),
        ("a.json", "{\"terraform\": {}}", "hcl", 1, "terraform show -json"),
        ("plan.txt", printed, "printed-plan", 3, "terraform show -json"),
        ("state.txt", shown, "printed-state", 1, "terraform show -json"),
        ("plan.json", log, "plan-log", 1, "terraform plan -out"),
        ("plan.txt", "Error: no credentials\n", "failed-command", 1, "run it again"),
        ("a.json", "{\n\"version\": 3, \"serial\": 1, \"modules\": []}", "old-state", 1, "terraform show -json"),
        ("a.json", "{\"version\": 5, \"serial\": 1}", "new-state", 1, "terraform show -json"),
        ("a.json", "{\"format_version\": \"2.0\", \"values\": {}}", "new-format", 1, "update spec-engine"),
        ("a.json", "{\"format_version\": \"1.0\"}", "empty-state", 1, "terraform show -json"),
        (
            "a.json",
            "{\"format_version\": \"1.2\", \"resource_changes\": []}",
            "part-of-plan",
            1,
            "terraform show -json",
        ),
        (
            "a.json",
            "\n{\"errored\": true, \"format_version\": \"1.2\", \"planned_values\": {}}",
            "failed-plan",
            2,
            "plan again",
        ),
        (
            "a.json",
            "{\"serial\": 1, \"lineage\": \"x\", \"meta\": {}, \"encrypted_data\": \"AAAA\"}",
            "encrypted",
            1,
            "tofu show -json",
        ),
        ("a.json", "{\"version\": 4, \"serial\": 1,\n \"resources\": [{]}", "broken-json", 2, "terraform show -json"),
        ("a.json", "{\"version\": 4, \"serial\": 1,\n \"resources\": [1]}", "broken-json", 2, "terraform show -json"),
        ("a.json", cut, "cut-off", cut_line, "terraform show -json"),
        ("a.json", "{\"name\": \"left-pad\"}", "no-terraform", 1, "terraform show -json"),
        ("a.json", "", "no-terraform", 1, "terraform show -json"),
        ("a.json", "[]", "no-terraform", 1, "terraform show -json"),
        ("a.txt", "hello\n", "not-json", 1, "terraform show -json"),
        ("a.json", iam.as_str(), "no-resources", 5, "name the states"),
    ] {
        let note = refused(name, text);
        assert_eq!((note.code, note.place.line), (code, line), "{text}: {note:?}");
        assert!(note.help.as_ref().is_some_and(|own| own.contains(help)), "{text}: {note:?}");
        assert!(note.message.contains(name) || matches!(code, "no-terraform" | "no-resources"), "{note:?}");
    }
}

#[test]
fn text_around_the_json_and_several_values_are_read() {
    let (a, b) = (
        state(&[stored("aws_sqs_queue.a", json!({ "name": "a" }), &[])]),
        plan(&[planned("aws_sns_topic.b", json!({ "name": "b" }), json!({}))]),
    );
    let line = serde_json::to_string(&serde_json::from_str::<serde_json::Value>(&a).unwrap()).unwrap();
    for (text, remarks, resources) in [
        (format!("[command]/bin/terraform show -json\n{a}"), 1, 1),
        (format!("{a}\n::set-output name=exitcode::0\n"), 1, 1),
        (format!("Initializing…\n{line}%0A\n::set-output::\n"), 2, 1),
        (format!("stdout: {line}"), 1, 1),
        (format!("\u{feff}{a}"), 0, 1),
        (format!("{a}{b}"), 0, 2),
        (format!("[{a}, [{b}]]"), 0, 2),
    ] {
        let import = imported(&[file("a.txt", &text)]);
        assert_eq!((import.said("text-around").len(), import.edges().len()), (remarks, resources), "{text}");
    }
}

#[test]
fn one_file_that_cannot_be_read_refuses_all_and_others_are_left_out() {
    let good = state(&[stored("aws_sqs_queue.a", json!({ "name": "a" }), &[])]);
    let files = [file("good.tfstate", &good), file("bad.json", "{\"a\": "), file("worse.tf", "variable \"a\" {}\n")];
    let notes = import(&files, &Options::default()).expect_err("nothing comes out");
    let places: Vec<_> = notes.iter().map(|note| (note.code, note.place.file)).collect();
    assert_eq!(places, [("cut-off", 1), ("hcl", 2)], "every file is told");
    let others = [
        file("good.tfstate", &good),
        file("ingress.yaml", "kind: [\n"),
        file("package.json", "{\"name\": \"left-pad\"}"),
        file("pod.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}"),
    ];
    let import = imported(&others);
    assert_eq!((import.edges().len(), import.said("not-terraform").len()), (1, 3));
}
