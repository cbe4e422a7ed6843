//! No value that is marked as sensitive gets out, and no other one that is not needed.

use serde_json::json;
use spec_engine_terraform::NO_IMAGE;

use crate::support::{check_clean, file, imported, of, plan, planned, stored};

const SECRET: &str = "s3cr3t-canary";

#[test]
fn values_of_variables_stay_where_they_are() {
    let containers = json!([{
        "name": "api", "image": "acme/api:1", "command": ["run", "--token", SECRET],
        "environment": [
            {"name": "PASSWORD", "value": SECRET},
            {"name": "DATABASE_URL", "value": format!("postgres://app:{SECRET}@db.abc.eu-west-1.rds.amazonaws.com:5432/app")},
            {"name": "BROKER", "value": format!("amqps://u:{SECRET}@other.example.com")}
        ]
    }]);
    let import = of(&[
        stored(
            "aws_ecs_task_definition.t",
            json!({"family": "api", "container_definitions": containers.to_string()}),
            &[],
        ),
        stored(
            "aws_db_instance.d",
            json!({"identifier": "db", "address": "db.abc.eu-west-1.rds.amazonaws.com", "password": SECRET}),
            &[],
        ),
        stored("random_password.p", json!({"result": SECRET}), &[]),
        stored(
            "helm_release.h",
            json!({"name": "h", "chart": "c", "repository": format!("https://u:{SECRET}@charts.example.com/x"), "repository_password": SECRET, "values": [SECRET]}),
            &[],
        ),
    ]);
    check_clean(&import);
    assert_eq!(import.uses("api"), ["aws.rds db"]);
    assert_eq!(import.document["deployments"]["helm"]["h"]["repo"], "https://charts.example.com/x");
}

#[test]
fn sensitive_values_are_not_read() {
    let mut task = stored(
        "aws_ecs_task_definition.t",
        json!({"family": "api", "container_definitions": json!([{"name": "a", "image": SECRET}]).to_string()}),
        &[],
    );
    task["instances"][0]["sensitive_attributes"] = json!([[{"type": "get_attr", "value": "container_definitions"}]]);
    let mut bucket = stored("aws_s3_bucket.pictures", json!({"bucket": SECRET, "id": SECRET}), &[]);
    bucket["instances"][0]["sensitive_attributes"] =
        json!([[{"type": "get_attr", "value": "bucket"}], [{"type": "get_attr", "value": "id"}]]);
    let import = of(&[task, bucket]);
    check_clean(&import);
    assert_eq!(import.service("api")["image"]["name"], NO_IMAGE);
    assert_eq!(import.uses("unbound-resources"), ["aws.s3 pictures"]);
    assert_eq!(import.said("sensitive").len(), 1);

    let (mut value, configured) = planned("aws_s3_bucket.pictures", json!({"bucket": SECRET}), json!({}));
    value["sensitive_values"] = json!({"bucket": true});
    let import = imported(&[file("plan.json", &plan(&[(value, configured)]))]);
    check_clean(&import);
    assert_eq!(import.uses("unbound-resources"), ["aws.s3 pictures"]);
}
