//! What files show, to be held against a document: without markers, with what no service uses apart.

use serde_json::{Value, json};
use spec_engine_terraform::{Options, observe};

use crate::support::{file, state, stored};

#[test]
fn what_the_files_do_not_say_is_left_out_and_what_nobody_uses_stands_apart() {
    let text = state(&[
        stored("module.m.aws_lambda_function.f", json!({"function_name": "f"}), &["module.m.aws_sqs_queue.q"]),
        stored("module.m.aws_sqs_queue.q", json!({"name": "jobs"}), &[]),
        stored("aws_db_instance.d", json!({"identifier": "db", "engine": "postgres"}), &[]),
        stored("azurerm_role_assignment.r", json!({}), &[]),
    ]);
    let files = [file("a.tfstate", &text)];
    let observed = observe(&files, &Options::default()).expect("it is read");
    let document: Value = serde_json::from_str(&observed.document).unwrap();
    let f = json!({"aws": {"lambda": [{"name": "f"}], "sqs": [{"name": "jobs"}]}});
    assert_eq!(document["services"], json!({ "f": f }));
    assert_eq!(document["deployments"]["terraform"], json!({"m": {"resources": ["svc:f", "lambda:f", "sqs:jobs"]}}));
    let unbound: Value = serde_json::from_str(&observed.unbound).unwrap();
    assert_eq!(unbound, json!({"aws": {"rds": [{"name": "db", "engine": "postgres"}]}}));
    assert_eq!(observed.shown, ["aws.*", "azure.*"]);

    let options = Options { service: Some("shop".to_owned()), ..Options::default() };
    let observed = observe(&files, &options).expect("it is read");
    let document: Value = serde_json::from_str(&observed.document).unwrap();
    assert_eq!((observed.unbound.as_str(), &document["services"]["shop"]["aws"]["rds"][0]["name"]), ("", &json!("db")));
}

#[test]
fn files_without_anything_of_the_format_show_that_it_is_not_there() {
    let text = state(&[stored("aws_iam_role.r", json!({"name": "r"}), &[])]);
    let observed = observe(&[file("a.tfstate", &text)], &Options::default()).expect("it is read");
    let document: Value = serde_json::from_str(&observed.document).unwrap();
    assert_eq!((&document["services"], observed.unbound.as_str()), (&json!({}), ""));
    assert_eq!(observed.shown, ["aws.*"]);
}
