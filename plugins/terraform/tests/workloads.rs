//! What runs, as each provider writes it: its image, ports, owner, sidecars.

use serde_json::json;
use spec_engine_terraform::NO_IMAGE;

use crate::support::{check_clean, of, stored};

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_provider_writes_containers_in_its_own_way() {
    for (kind, values, image, ports) in [
        (
            "aws_ecs_task_definition",
            json!({"family": "a", "container_definitions": "[{\"name\":\"m\",\"image\":\"a/b:1\",\"portMappings\":[{\"containerPort\":80}]}]"}),
            "a/b:1",
            vec![80],
        ),
        (
            "aws_lambda_function",
            json!({"function_name": "a", "image_uri": "a/b:1", "package_type": "Image"}),
            "a/b:1",
            vec![],
        ),
        (
            "aws_lambda_function",
            json!({"function_name": "a", "image_uri": "", "runtime": "nodejs20.x"}),
            NO_IMAGE,
            vec![],
        ),
        (
            "aws_apprunner_service",
            json!({"service_name": "a", "source_configuration": [{"image_repository": [{"image_identifier": "a/b:1", "image_configuration": [{"port": "8000"}]}]}]}),
            "a/b:1",
            vec![8000],
        ),
        (
            "aws_batch_job_definition",
            json!({"name": "a", "container_properties": "{\"image\":\"a/b:1\"}"}),
            "a/b:1",
            vec![],
        ),
        (
            "aws_codebuild_project",
            json!({"name": "a", "environment": [{"image": "a/b:1", "environment_variable": []}]}),
            "a/b:1",
            vec![],
        ),
        (
            "google_cloud_run_service",
            json!({"name": "a", "template": [{"spec": [{"containers": [{"image": "a/b:1", "ports": [{"container_port": 8080}]}]}]}]}),
            "a/b:1",
            vec![8080],
        ),
        (
            "google_cloud_run_v2_service",
            json!({"name": "a", "template": [{"containers": [{"image": "a/b@sha256:ab", "ports": [{"container_port": 8080}]}]}]}),
            "a/b@sha256:ab",
            vec![8080],
        ),
        (
            "google_cloud_run_v2_job",
            json!({"name": "a", "template": [{"template": [{"containers": [{"image": "a/b:1"}]}]}]}),
            "a/b:1",
            vec![],
        ),
        (
            "google_cloudfunctions2_function",
            json!({"name": "a", "build_config": [{"runtime": "python312"}]}),
            NO_IMAGE,
            vec![],
        ),
        (
            "azurerm_container_app",
            json!({"name": "a", "template": [{"container": [{"name": "a", "image": "a/b:1"}]}], "ingress": [{"target_port": 3000}]}),
            "a/b:1",
            vec![3000],
        ),
        (
            "azurerm_container_group",
            json!({"name": "a", "container": [{"name": "a", "image": "a/b:1", "ports": [{"port": 443, "protocol": "TCP"}]}]}),
            "a/b:1",
            vec![443],
        ),
        (
            "azurerm_linux_web_app",
            json!({"name": "a", "site_config": [{"application_stack": [{"docker_image_name": "a/b:1"}]}]}),
            "a/b:1",
            vec![],
        ),
        (
            "azurerm_app_service",
            json!({"name": "a", "site_config": [{"linux_fx_version": "DOCKER|a/b:1"}]}),
            "a/b:1",
            vec![],
        ),
        (
            "azurerm_linux_function_app",
            json!({"name": "a", "site_config": [{"linux_fx_version": "NODE|20"}]}),
            NO_IMAGE,
            vec![],
        ),
        ("cloudflare_workers_script", json!({"script_name": "a", "content": "x"}), NO_IMAGE, vec![]),
        (
            "docker_container",
            json!({"name": "a", "image": "a/b:1", "ports": [{"internal": 80, "external": 8080}]}),
            "a/b:1",
            vec![80],
        ),
        (
            "kubernetes_deployment_v1",
            json!({"metadata": [{"name": "a"}], "spec": [{"template": [{"spec": [{"container": [{"name": "a", "image": "a/b:1", "port": [{"container_port": 80}]}]}]}]}]}),
            "a/b:1",
            vec![80],
        ),
        (
            "kubernetes_cron_job_v1",
            json!({"metadata": [{"name": "a"}], "spec": [{"job_template": [{"spec": [{"template": [{"spec": [{"container": [{"name": "a", "image": "a/b:1"}]}]}]}]}]}]}),
            "a/b:1",
            vec![],
        ),
        (
            "aws_lightsail_container_service_deployment_version",
            json!({"service_name": "a", "container": [{"container_name": "a", "image": "a/b:1", "ports": {"80": "HTTP"}}]}),
            "a/b:1",
            vec![80],
        ),
        ("aws_sagemaker_model", json!({"name": "a", "primary_container": [{"image": "a/b:1"}]}), "a/b:1", vec![]),
    ] {
        let import = of(&[stored(&format!("{kind}.x"), values, &[])]);
        let service = import.service("a");
        let part = |field: &str, sign: &str| {
            service["image"][field].as_str().map(|text| format!("{sign}{text}")).unwrap_or_default()
        };
        assert_eq!(part("name", "") + &part("tag", ":") + &part("digest", "@"), image, "{kind}");
        let exposed = service["exposes"].as_array().into_iter().flatten().filter_map(|own| own["port"].as_u64());
        assert_eq!(exposed.collect::<Vec<_>>(), ports, "{kind}");
        assert_eq!(import.said("no-image").len(), usize::from(image == NO_IMAGE), "{kind}");
    }
}

#[test]
fn the_container_that_is_the_service_is_found() {
    let containers = |names: &[&str]| {
        let one = |name: &&str| json!({"name": name, "image": format!("acme/{name}:1")});
        json!(names.iter().map(one).collect::<Vec<_>>()).to_string()
    };
    for (names, served, expected, code) in [
        (vec!["log_router", "api"], None, "acme/api", "sidecar"),
        (vec!["other", "api"], None, "acme/api", "second-container"),
        (vec!["first", "second"], None, "acme/first", "second-container"),
        (vec!["first", "second"], Some("second"), "acme/second", "second-container"),
    ] {
        let mut service = json!({"name": "api", "task_definition": "arn:aws:ecs:e:1:task-definition/family:3", "tags": {"Owner": "shop"}});
        if let Some(served) = served {
            service["load_balancer"] = json!([{"container_name": served, "container_port": 80}]);
        }
        let import = of(&[
            stored(
                "aws_ecs_task_definition.t",
                json!({"family": "family", "revision": 3, "container_definitions": containers(&names)}),
                &[],
            ),
            stored("aws_ecs_service.s", service, &[]),
        ]);
        assert_eq!(import.document["services"].as_object().unwrap().len(), 1);
        assert_eq!(
            (&import.service("api")["image"]["name"], &import.service("api")["owner"]),
            (&json!(expected), &json!("shop"))
        );
        assert_eq!(import.said(code).len(), 1, "{names:?}");
    }
}

#[test]
fn a_task_that_two_services_run_is_two_services() {
    let task = stored(
        "aws_ecs_task_definition.t",
        json!({"family": "f", "container_definitions": "[{\"name\":\"a\",\"image\":\"a/b:1\"}]"}),
        &[],
    );
    let service =
        |name: &str| stored(&format!("aws_ecs_service.{name}"), json!({"name": name}), &["aws_ecs_task_definition.t"]);
    let import = of(&[service("web"), task, service("admin")]);
    let names: Vec<&String> = import.document["services"].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 2);
    assert_eq!(
        (&import.service("web")["image"]["tag"], &import.service("admin")["image"]["tag"]),
        (&json!("1"), &json!("1"))
    );
}

#[test]
fn bindings_of_workers_are_what_they_use() {
    let import = of(&[
        stored(
            "cloudflare_workers_script.w",
            json!({"script_name": "edge", "bindings": [
                {"type": "kv_namespace", "name": "KV", "namespace_id": "0123456789abcdef"}, {"type": "r2_bucket", "bucket_name": "pictures"}, {"type": "queue", "queue_name": "jobs"},
                {"type": "secret_text", "name": "TOKEN", "text": "s3cr3t-canary"}
            ]}),
            &[],
        ),
        stored("cloudflare_workers_kv_namespace.k", json!({"title": "sessions", "id": "0123456789abcdef"}), &[]),
        stored("cloudflare_r2_bucket.b", json!({"name": "pictures"}), &[]),
        stored("cloudflare_queue.q", json!({"name": "jobs"}), &[]),
        stored("cloudflare_workers_route.r", json!({"pattern": "example.com/*", "script": "edge"}), &[]),
    ]);
    check_clean(&import);
    assert_eq!(
        import.uses("edge"),
        [
            "cloudflare.kv sessions",
            "cloudflare.queues jobs",
            "cloudflare.r2Buckets pictures",
            "cloudflare.workers edge"
        ]
    );
    assert_eq!(import.service("edge")["cloudflare"]["workers"][0]["route"], "example.com/*");
}

#[test]
fn services_without_anything_are_told() {
    let import = of(&[stored("aws_lambda_function.f", json!({"function_name": "f", "image_uri": "a/f:1"}), &[])]);
    assert!(import.said("no-connections")[0].contains("`f`"));
}
