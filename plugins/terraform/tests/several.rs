//! Several files: of one system the later one counts; those of several systems stand beside each other.

use serde_json::json;

use crate::support::{file, imported, plan, planned, state, stored};

fn queue(name: &str, arn: &str) -> serde_json::Value {
    stored("aws_sqs_queue.jobs", json!({"name": name, "arn": arn}), &[])
}

#[test]
fn two_files_that_contradict_each_other_are_told_with_both_lines() {
    let task = |image: &str| {
        let containers = json!([{"name": "api", "image": image}]).to_string();
        stored(
            "aws_ecs_task_definition.t",
            json!({"family": "api", "arn": "arn:aws:ecs:e:1:task-definition/api:1", "container_definitions": containers}),
            &[],
        )
    };
    let files = [file("old.json", &state(&[task("acme/api:1")])), file("new.json", &state(&[task("acme/api:2")]))];
    let import = imported(&files);
    assert_eq!(import.service("api")["image"]["tag"], "2");
    let said = import.said("two-versions");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("5:") && said[0].contains("old.json says in line 5"), "{said:?}");
}

#[test]
fn an_older_state_does_not_replace_a_newer_one() {
    let (mut old, new) = (state(&[queue("old", "a:b:c")]), state(&[queue("new", "a:b:c")]));
    old = old.replace("\"serial\": 1", "\"serial\": 0");
    let import = imported(&[file("new.json", &new), file("old.json", &old)]);
    assert_eq!(
        (import.edges(), import.said("older-state").len()),
        (vec!["unbound-resources => aws.sqs new".to_owned()], 1)
    );
    let import = imported(&[file("old.json", &old), file("new.json", &new)]);
    assert_eq!(
        (import.edges(), import.said("older-state").len()),
        (vec!["unbound-resources => aws.sqs new".to_owned()], 0)
    );
}

#[test]
fn what_a_plan_destroys_is_gone() {
    let state = state(&[
        queue("jobs", "arn:aws:sqs:e:1:jobs"),
        stored("aws_sns_topic.t", json!({"name": "t", "arn": "arn:aws:sns:e:1:t"}), &[]),
    ]);
    let mut plan: serde_json::Value = serde_json::from_str(&plan(&[planned(
        "aws_sns_topic.t",
        json!({"name": "t", "arn": "arn:aws:sns:e:1:t"}),
        json!({}),
    )]))
    .unwrap();
    plan["resource_changes"] =
        json!([{"address": "aws_sqs_queue.jobs", "mode": "managed", "change": {"actions": ["delete"]}}]);
    let import = imported(&[file("s.json", &state), file("p.json", &plan.to_string())]);
    assert_eq!(import.edges(), ["unbound-resources => aws.sns t"]);
    assert!(import.said("plan")[0].contains("1 destroyed"));
}

#[test]
fn two_systems_with_the_same_addresses_stand_beside_each_other() {
    let other = state(&[queue("staging-jobs", "arn:aws:sqs:e:1:staging-jobs")])
        .replace("\"lineage\": \"l\"", "\"lineage\": \"m\"");
    let files =
        [file("prod.json", &state(&[queue("prod-jobs", "arn:aws:sqs:e:1:prod-jobs")])), file("staging.json", &other)];
    let import = imported(&files);
    assert_eq!(import.uses("unbound-resources"), ["aws.sqs prod-jobs", "aws.sqs staging-jobs"]);
    assert!(import.said("two-versions").is_empty());
}

#[test]
fn what_has_one_name_is_told_apart() {
    let import = imported(&[file(
        "a.json",
        &state(&[
            stored("aws_sqs_queue.a", json!({"name": "jobs", "arn": "arn:aws:sqs:eu-west-1:1:jobs"}), &[]),
            stored("aws_sqs_queue.b", json!({"name": "jobs", "arn": "arn:aws:sqs:us-east-1:1:jobs"}), &[]),
            stored("module.x.aws_db_instance.this", json!({"identifier": "db"}), &[]),
            stored("module.y.aws_db_instance.this", json!({"identifier": "db"}), &[]),
            stored("aws_lambda_function.f", json!({"function_name": "f", "image_uri": "a/f:1"}), &[]),
            stored("aws_lambda_function.g", json!({"function_name": "f", "image_uri": "a/g:1"}), &[]),
            stored("google_cloud_run_v2_service.f", json!({"name": "run"}), &[]),
            stored("aws_apprunner_service.f", json!({"service_name": "run"}), &[]),
        ]),
    )]);
    let mut services: Vec<&str> = import.document["services"].as_object().unwrap().keys().map(String::as_str).collect();
    services.sort_unstable();
    assert_eq!(services, ["f.f", "f.g", "run.apprunner", "run.run", "unbound-resources"]);
    assert_eq!(
        import.uses("unbound-resources"),
        ["aws.rds db.x", "aws.rds db.y", "aws.sqs jobs.eu-west-1", "aws.sqs jobs.us-east-1"]
    );
}

#[test]
fn instances_and_names_that_a_plan_does_not_know_have_those_of_their_blocks() {
    let import = imported(&[file(
        "a.json",
        &state(&[
            stored("aws_sqs_queue.q[\"eu\"]", json!({"name": null}), &[]),
            stored("aws_sqs_queue.q[\"us\"]", json!({"name": null}), &[]),
            stored("aws_sqs_queue.n[0]", json!({"name": "named"}), &[]),
            stored("aws_s3_bucket.b", json!({"bucket_prefix": "pictures-"}), &[]),
        ]),
    )]);
    assert_eq!(import.uses("unbound-resources"), ["aws.s3 pictures-", "aws.sqs q.eu", "aws.sqs q.us", "aws.sqs named"]);
}
