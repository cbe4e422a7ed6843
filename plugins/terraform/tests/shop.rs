//! One system as a raw state, as what `show -json` writes of it, and as a plan: all three give the same.

use std::path::Path;

use serde_json::Value;
use spec_engine_terraform::{File, NO_IMAGE, NO_SOURCE, Options, UNBOUND};

use crate::import::Import;
use crate::support::{check_clean, file, imported, imported_with};

const FORMS: [&str; 3] = ["plan.json", "show-state.json", "terraform.tfstate"];

fn form(name: &str) -> File<'static> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/terraform/shop");
    file(&format!("shop/{name}"), &std::fs::read_to_string(folder.join(name)).unwrap())
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort_unstable();
    all
}

/// What each form has to give.
fn check(shop: &Import) {
    check_clean(shop);
    let api = shop.service("api");
    assert_eq!(api["image"]["name"], "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api");
    assert_eq!((api["image"]["tag"].as_str(), api["owner"].as_str()), (Some("1.4.0"), Some("shop-team")));
    assert_eq!(api["exposes"][0]["port"], 8080);
    assert_eq!(sorted(shop.uses("api")), ["aws.rds shop-eu:5432", "aws.secretsmanager shop/db", "aws.sqs jobs"]);
    let worker = sorted(shop.uses("worker"));
    assert_eq!(worker, ["aws.dynamodb sessions", "aws.lambda worker", "aws.s3 shop-uploads", "aws.sqs jobs"]);
    assert_eq!(shop.service("worker")["aws"]["lambda"][0]["runtime"], "python3.12");
    assert_eq!(shop.service("worker")["image"]["name"], NO_IMAGE);
    let unbound = sorted(shop.uses(UNBOUND));
    assert_eq!(
        unbound,
        [
            "aws.elasticache shop-cache:6379",
            "aws.eventbridge nightly",
            "aws.rds shop-us:5432",
            "aws.s3 shop-uploads-logs",
            "aws.sns orders",
            "aws.sqs jobs-dlq",
            "azure.servicebus shop-bus",
            "cloudflare.kv shop-kv",
            "gcp.pubsub events",
        ]
    );
    let bus = &shop.service(UNBOUND)["azure"]["servicebus"][0];
    assert_eq!(bus["queues"], serde_json::json!(["invoices"]));
    let cache = &shop.service(UNBOUND)["aws"]["elasticache"];
    assert_eq!((cache.as_array().map(Vec::len), &cache[0]["port"]), (Some(1), &Value::from(6379)));
    assert_eq!(shop.service("api")["aws"]["rds"][0]["engine"], "postgres");
    let helm = &shop.document["deployments"]["helm"]["ingress-nginx"];
    assert_eq!((helm["chart"].as_str(), helm["version"].as_str()), (Some("ingress-nginx"), Some("4.11.3")));
    assert_eq!(helm["repo"], "https://kubernetes.github.io/ingress-nginx");
    let module = &shop.document["deployments"]["terraform"]["database"];
    assert_eq!(module["resources"], serde_json::json!(["rds:shop-eu", "rds:shop-us"]));
    let services = shop.document["services"].as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(sorted(services.into_iter().map(str::to_owned).collect()), ["api", UNBOUND, "worker"]);
    let edges = shop.said("resource-edge").concat();
    assert!(edges.contains("sns:orders -> sqs:jobs") && edges.contains("eventbridge:nightly -> svc:worker"), "{edges}");
    assert_eq!(shop.service("worker")["description"], "called by eventbridge:nightly");
    assert!(shop.said("sidecar").concat().contains("datadog-agent"));
    for absent in ["legacy", "orders-old", "random_password", "aws_caller_identity", "iam"] {
        assert!(!shop.text.contains(absent), "{absent} is in the document");
    }
}

#[test]
fn every_form_gives_the_same_system() {
    for name in FORMS {
        let shop = imported(&[form(name)]);
        check(&shop);
        let module = &shop.document["deployments"]["terraform"]["database"];
        let expected = if name == "plan.json" { "terraform-aws-modules/rds/aws" } else { NO_SOURCE };
        assert_eq!(module["source"], expected, "{name}");
        assert_eq!(module["version"].as_str(), (name == "plan.json").then_some("~> 6.9"));
        assert_eq!(shop.said("module-source").is_empty(), name == "plan.json");
    }
}

#[test]
fn all_forms_together_are_one_system() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let shop = imported(&order.map(|at| form(FORMS[at])));
        check(&shop);
        assert_eq!(shop.document["deployments"]["terraform"]["database"]["source"], "terraform-aws-modules/rds/aws");
        assert!(shop.said("two-versions").is_empty(), "{:?}", shop.said("two-versions"));
    }
}

#[test]
fn a_user_may_name_the_service_of_what_nobody_uses() {
    for (name, is_new) in [("shared", true), ("api", false)] {
        let options = Options { service: Some(name.to_owned()), ..Options::default() };
        let shop = imported_with(&[form("terraform.tfstate")], &options);
        assert!(shop.uses(name).contains(&"aws.sns orders".to_owned()), "{:?}", shop.uses(name));
        assert_eq!(shop.document["services"].as_object().unwrap().len(), 2 + usize::from(is_new));
        assert!(shop.said("unbound").concat().contains(&format!("under `{name}`")));
    }
}
