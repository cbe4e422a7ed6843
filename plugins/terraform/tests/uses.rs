//! Which resources services use: by their variables, references, dependencies, policies and sources of events.

use serde_json::{Value, json};
use spec_engine_terraform::Options;

use crate::import::Import;
use crate::support::{file, imported, imported_with, of, plan, planned, state, stored};

fn function(variables: Value) -> Value {
    stored(
        "aws_lambda_function.f",
        json!({"function_name": "f", "image_uri": "a/f:1", "environment": [{"variables": variables}]}),
        &[],
    )
}

/// What the function uses, itself left out.
fn uses(import: &Import) -> Vec<String> {
    import.uses("f").into_iter().filter(|own| own != "aws.lambda f").collect()
}

#[test]
fn variables_name_resources_for_good_or_by_the_kind_that_their_names_say() {
    let table =
        stored("aws_dynamodb_table.t", json!({"name": "orders", "arn": "arn:aws:dynamodb:e:1:table/orders"}), &[]);
    let topic = stored("aws_sns_topic.t", json!({"name": "orders", "arn": "arn:aws:sns:e:1:orders"}), &[]);
    let bucket = stored("aws_s3_bucket.b", json!({"bucket": "pictures", "arn": "arn:aws:s3:::pictures"}), &[]);
    for (name, value, expected) in [
        ("TABLE_NAME", "orders", vec!["aws.dynamodb orders"]),
        ("ORDERS_TABLE", "orders", vec!["aws.dynamodb orders"]),
        ("ordersTopic", "orders", vec!["aws.sns orders"]),
        ("POSTGRES_DB", "orders", vec![]),
        ("MYSQL_DATABASE", "orders", vec![]),
        ("SERVICE_NAME", "orders", vec![]),
        ("TOPIC", "arn:aws:sns:e:1:orders", vec!["aws.sns orders"]),
        ("TOPIC", "arn:aws:sns:e:1:orders2", vec!["aws.sns orders2"]),
        ("BUCKET", "pictures-logs", vec![]),
        ("ANYTHING", "x,arn:aws:s3:::pictures/raw,y", vec!["aws.s3 pictures"]),
        ("OTHER", "arn:aws:sqs:e:1:other", vec!["aws.sqs other"]),
        ("DB_HOST", "elsewhere.abc.eu-west-1.rds.amazonaws.com", vec!["aws.rds elsewhere"]),
        ("ALLOWED_ORIGINS", "arn:aws:s3:::pictures", vec![]),
    ] {
        let import = of(&[function(json!({ name: value })), table.clone(), topic.clone(), bucket.clone()]);
        assert_eq!(uses(&import), expected, "{name}={value}");
    }
}

#[test]
fn sources_of_events_are_used_and_what_calls_a_function_is_told() {
    let import = of(&[
        function(json!({})),
        stored("aws_sqs_queue.q", json!({"name": "jobs", "arn": "arn:aws:sqs:e:1:jobs"}), &[]),
        stored("aws_sns_topic.t", json!({"name": "t", "arn": "arn:aws:sns:e:1:t"}), &[]),
        stored(
            "aws_lambda_event_source_mapping.m",
            json!({"event_source_arn": "arn:aws:sqs:e:1:jobs", "function_name": "f"}),
            &[],
        ),
        stored(
            "aws_lambda_event_source_mapping.n",
            json!({"event_source_arn": "arn:aws:kinesis:e:1:stream/clicks", "function_name": "f"}),
            &[],
        ),
        stored(
            "aws_sns_topic_subscription.s",
            json!({"topic_arn": "arn:aws:sns:e:1:t", "protocol": "lambda", "endpoint": "arn:aws:lambda:e:1:function:f"}),
            &[],
        ),
        stored(
            "aws_cloudwatch_event_rule.r",
            json!({"name": "nightly", "arn": "arn:aws:events:e:1:rule/nightly"}),
            &[],
        ),
        stored("aws_cloudwatch_event_target.x", json!({"rule": "nightly", "arn": "arn:aws:sqs:e:1:jobs"}), &[]),
    ]);
    assert_eq!(uses(&import), ["aws.kinesis clicks", "aws.sqs jobs"]);
    assert!(import.said("resource-edge").concat().contains("eventbridge:nightly -> sqs:jobs"));
}

#[test]
fn policies_let_a_service_use_what_they_name() {
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::pictures/*"]},
        {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:sqs:e:1:jobs"},
        {"Effect": "Allow", "Action": "*", "Resource": "*"}
    ]});
    let all = [
        stored(
            "aws_lambda_function.f",
            json!({"function_name": "f", "image_uri": "a/f:1", "role": "arn:aws:iam::1:role/r"}),
            &[],
        ),
        stored("aws_iam_role.r", json!({"name": "r", "arn": "arn:aws:iam::1:role/r"}), &[]),
        stored(
            "aws_iam_policy.p",
            json!({"name": "p", "arn": "arn:aws:iam::1:policy/p", "policy": policy.to_string()}),
            &[],
        ),
        stored("aws_iam_role_policy_attachment.a", json!({"role": "r", "policy_arn": "arn:aws:iam::1:policy/p"}), &[]),
        stored("aws_s3_bucket.b", json!({"bucket": "pictures", "arn": "arn:aws:s3:::pictures"}), &[]),
        stored("aws_sqs_queue.q", json!({"name": "jobs", "arn": "arn:aws:sqs:e:1:jobs"}), &[]),
    ];
    assert_eq!(uses(&of(&all)), ["aws.s3 pictures"]);
    let files = [file("a.json", &state(&all))];
    let import = imported_with(&files, &Options { policies: false, ..Options::default() });
    assert!(uses(&import).is_empty(), "{:?}", uses(&import));
}

#[test]
fn dependencies_of_a_state_are_used_unless_they_are_those_of_another_resource() {
    let import = of(&[
        stored(
            "aws_lambda_function.f",
            json!({"function_name": "f", "image_uri": "a/f:1", "s3_bucket": "code"}),
            &["aws_db_instance.d", "aws_secretsmanager_secret.s", "aws_s3_bucket.code", "aws_sqs_queue.q"],
        ),
        stored("aws_db_instance.d", json!({"identifier": "db"}), &["aws_secretsmanager_secret.s"]),
        stored("aws_secretsmanager_secret.s", json!({"name": "master"}), &[]),
        stored("aws_s3_bucket.code", json!({"bucket": "code"}), &[]),
        stored("aws_sqs_queue.q[0]", json!({"name": "q0"}), &[]),
        stored("aws_sqs_queue.q[1]", json!({"name": "q1"}), &[]),
    ]);
    assert_eq!(uses(&import), ["aws.rds db"]);
    assert!(import.said("ambiguous-reference").concat().contains("`q0`, `q1`"));
}

#[test]
fn expressions_of_a_plan_say_what_it_does_not_know_yet() {
    let refers = |texts: &[&str]| json!({"references": texts});
    let text = plan(&[
        planned(
            "aws_lambda_function.f",
            json!({"function_name": "f", "image_uri": "a/f:1", "environment": [{}]}),
            json!({
                "environment": [{"variables": refers(&["aws_sqs_queue.q.url", "aws_sqs_queue.q", "local.x"])}],
                "s3_bucket": refers(&["aws_s3_bucket.code.id", "aws_s3_bucket.code"]),
                "role": refers(&["aws_iam_role.r.arn", "aws_iam_role.r"]),
            }),
        ),
        planned("aws_sqs_queue.q", json!({}), json!({})),
        planned("aws_s3_bucket.code", json!({}), json!({})),
        planned("aws_s3_bucket.data", json!({}), json!({})),
        planned("aws_iam_role.r", json!({"name": "r"}), json!({})),
        planned(
            "aws_iam_role_policy.p",
            json!({}),
            json!({
                "role": refers(&["aws_iam_role.r.id", "aws_iam_role.r"]), "policy": refers(&["aws_s3_bucket.data.arn", "aws_s3_bucket.data"]),
            }),
        ),
        planned(
            "aws_lambda_event_source_mapping.m",
            json!({}),
            json!({
                "event_source_arn": refers(&["aws_kinesis_stream.k.arn", "aws_kinesis_stream.k"]), "function_name": refers(&["aws_lambda_function.f.arn", "aws_lambda_function.f"]),
            }),
        ),
        planned("aws_kinesis_stream.k", json!({"name": "clicks"}), json!({})),
    ]);
    let import = imported(&[file("plan.json", &text)]);
    assert_eq!(uses(&import), ["aws.kinesis clicks", "aws.s3 data", "aws.sqs q"]);
    assert_eq!(import.uses("unbound-resources"), ["aws.s3 code"]);
}

#[test]
fn instances_use_those_with_their_keys() {
    let queue =
        |key: &str| stored(&format!("module.app[\"{key}\"].aws_sqs_queue.q"), json!({"name": format!("q-{key}")}), &[]);
    let function = |key: &str| {
        let address = format!("module.app[\"{key}\"].aws_lambda_function.f");
        stored(
            &address,
            json!({"function_name": format!("f-{key}"), "image_uri": "a/f:1"}),
            &["module.app.aws_sqs_queue.q"],
        )
    };
    let import = of(&[queue("eu"), queue("us"), function("eu"), function("us")]);
    assert_eq!(import.uses("f-eu"), ["aws.lambda f-eu", "aws.sqs q-eu"]);
    assert_eq!(import.uses("f-us"), ["aws.lambda f-us", "aws.sqs q-us"]);
}

#[test]
fn services_call_each_other_by_hosts_and_references() {
    let import = of(&[
        stored(
            "aws_lambda_function.f",
            json!({"function_name": "f", "image_uri": "a/f:1", "environment": [{"variables": {
                "API_URL": "http://internal-api-1.eu-west-1.elb.amazonaws.com/x", "SITE": "https://site-abc.a.run.app", "NEXT": "arn:aws:lambda:e:1:function:g:live"
            }}]}),
            &[],
        ),
        stored(
            "aws_lambda_function.g",
            json!({"function_name": "g", "image_uri": "a/g:1", "arn": "arn:aws:lambda:e:1:function:g"}),
            &[],
        ),
        stored(
            "google_cloud_run_v2_service.s",
            json!({"name": "site", "uri": "https://site-abc.a.run.app", "template": [{"containers": [{"image": "a/s:1", "ports": [{"container_port": 8080}]}]}]}),
            &[],
        ),
        stored(
            "aws_lb.l",
            json!({"arn": "arn:aws:elasticloadbalancing:e:1:loadbalancer/l", "dns_name": "internal-api-1.eu-west-1.elb.amazonaws.com"}),
            &[],
        ),
        stored("aws_lb_target_group.t", json!({"arn": "arn:aws:elasticloadbalancing:e:1:targetgroup/t"}), &[]),
        stored(
            "aws_lb_listener.h",
            json!({"arn": "arn:aws:elasticloadbalancing:e:1:listener/h", "load_balancer_arn": "arn:aws:elasticloadbalancing:e:1:loadbalancer/l",
            "default_action": [{"target_group_arn": "arn:aws:elasticloadbalancing:e:1:targetgroup/t"}]}),
            &[],
        ),
        stored(
            "aws_ecs_task_definition.t",
            json!({"family": "api", "container_definitions": "[{\"name\":\"api\",\"image\":\"a/api:1\",\"portMappings\":[{\"containerPort\":8080}]}]"}),
            &[],
        ),
        stored(
            "aws_ecs_service.a",
            json!({"name": "api", "task_definition": "api", "load_balancer": [{"container_name": "api", "container_port": 8080, "target_group_arn": "arn:aws:elasticloadbalancing:e:1:targetgroup/t"}]}),
            &[],
        ),
    ]);
    let edges: Vec<String> = import.edges().into_iter().filter(|edge| edge.contains("->")).collect();
    assert_eq!(edges, ["f -> api http:80", "f -> g https:443", "f -> site https:443"]);
}

#[test]
fn rights_of_an_account_of_google_let_its_services_use_what_they_are_on() {
    let member = |email: &str| json!(format!("serviceAccount:{email}"));
    let (own, other) = ("run@p.iam.gserviceaccount.com", "other@p.iam.gserviceaccount.com");
    let resources = [
        stored("google_service_account.run", json!({"account_id": "run", "email": own}), &[]),
        stored("google_service_account.other", json!({"account_id": "other", "email": other}), &[]),
        stored("google_storage_bucket.b", json!({"name": "pictures"}), &[]),
        stored("google_pubsub_topic.t", json!({"name": "jobs", "id": "projects/p/topics/jobs"}), &[]),
        stored("google_secret_manager_secret.s", json!({"secret_id": "key", "id": "projects/p/secrets/key"}), &[]),
        stored(
            "google_storage_bucket_iam_member.m",
            json!({"bucket": "pictures", "role": "r", "member": member(own)}),
            &[],
        ),
        stored(
            "google_pubsub_topic_iam_binding.m",
            json!({"topic": "projects/p/topics/jobs", "role": "r", "members": [member(other), member(own)]}),
            &[],
        ),
        stored(
            "google_secret_manager_secret_iam_member.m",
            json!({"secret_id": "projects/p/secrets/key", "member": member(other)}),
            &[],
        ),
        stored(
            "google_cloud_run_v2_service.f",
            json!({"name": "f", "template": [{"service_account": own, "containers": [{"image": "a/f:1"}]}]}),
            &[],
        ),
    ];
    let import = of(&resources);
    assert_eq!(import.uses("f"), ["gcp.cloudrun f", "gcp.gcs pictures", "gcp.pubsub jobs"]);
    let options = Options { policies: false, ..Options::default() };
    let without = imported_with(&[file("a.json", &state(&resources))], &options);
    assert_eq!(without.uses("f"), ["gcp.cloudrun f"]);
}

/// A container app with variables.
fn app(name: &str, env: Value) -> Value {
    stored(
        &format!("azurerm_container_app.{name}"),
        json!({
            "name": name, "ingress": [{"fqdn": format!("{name}.blue.azurecontainerapps.io"), "target_port": 8080}],
            "template": [{"container": [{"name": name, "image": "a/b:1", "env": env}]}]
        }),
        &[],
    )
}

/// The name of a variable may say that its value is a host: a URL with that host says its port.
#[test]
fn a_url_of_a_service_is_one_connection() {
    let import = of(&[
        app("web", json!([{"name": "API_URL", "value": "https://api.blue.azurecontainerapps.io"}])),
        app("api", json!([])),
    ]);
    let connection = &import.service("web")["connections"]["api"];
    assert_eq!(*connection, json!({"port": 443, "protocol": "https", "description": "set by API_URL"}));
    assert!(import.said("second-port").is_empty(), "{:?}", import.notes);
}

#[test]
fn databases_of_azure_are_found_at_their_server() {
    let database = |name: &str| {
        let server = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Sql/servers/shop";
        stored(&format!("azurerm_mssql_database.{name}"), json!({"name": name, "server_id": server}), &[])
    };
    let text = |name: &str| format!("Server=tcp:shop.database.windows.net,1433;Initial Catalog={name};User ID=u");
    let web = |name: &str| app("web", json!([{"name": "SQL", "value": text(name)}]));
    let alone = of(&[database("orders"), web("orders")]);
    assert_eq!(alone.uses("web"), ["azure.sqldatabase orders"]);
    let both = of(&[database("orders"), database("users"), web("users")]);
    assert_eq!((both.uses("web"), both.said("other-stack")), (vec!["azure.sqldatabase users".to_owned()], vec![]));
}
