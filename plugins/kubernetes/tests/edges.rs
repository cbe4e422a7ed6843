//! Who connects to whom, and why.

use spec_engine_kubernetes::Options;

use crate::support::{app, file, imported_with, of, service};

/// The edges of `web`, a Deployment with a container that has some fields, beside a Service `api` at 9000.
#[track_caller]
fn edges(container: &str) -> Vec<String> {
    of(&format!("{}{}", app("web", "acme/web:1", "", container), app("api", "acme/api:1", "9000:8080", ""))).edges()
}

#[test]
fn variables_and_commands_name_others() {
    for (container, expected) in [
        ("env: [{name: API_URL, value: 'http://api:9000'}]", "http:9000"),
        ("env: [{name: API_URL, value: 'http://api.default:9000'}]", "http:9000"),
        ("env: [{name: API_URL, value: 'http://api.default.svc:9000/x'}]", "http:9000"),
        ("env: [{name: API_ADDR, value: 'api.default.svc.cluster.local:9000'}]", "tcp:9000"),
        ("env: [{name: API_HOST, value: api}]", "tcp:9000"),
        ("env: [{name: N, value: api}, {name: API_ADDR, value: '$(N):9000'}]", "tcp:9000"),
        ("env: [{name: USER_SERVICE_ADDR, value: 'api:9000'}]", "tcp:9000"),
        ("env: [{name: API_HOST, value: api}, {name: API_PORT, value: '9000'}]", "tcp:9000"),
        ("args: ['--api=http://api:9000']", "http:9000"),
        ("command: [sh, -c, 'until nc -z api 9000; do sleep 1; done']", "tcp:9000"),
        ("env: [{name: H, value: api}], args: ['--api-host', '$(H)']", "tcp:9000"),
        ("env: [{name: HOSTED, value: api}], command: [sh, -c, 'run --api-host $HOSTED']", "tcp:9000"),
    ] {
        assert_eq!(edges(container), [format!("web -> api {expected}")], "{container}");
    }
}

#[test]
fn what_names_no_host_makes_no_connection() {
    for container in [
        "env: [{name: POSTGRES_DB, value: api}]",
        "env: [{name: MYSQL_DATABASE, value: api}]",
        "env: [{name: CORS_ORIGIN, value: 'http://api:9000'}]",
        "env: [{name: API_URL, value: 'http://api.other:9000'}]",
        "env: [{name: API_URL, value: 'http://api.other.svc.cluster.local:9000'}]",
        "env: [{name: API_URL, value: 'http://api2:9000'}]",
        "env: [{name: API_URL, value: 'http://api.example.com'}]",
        "env: [{name: API_URL, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
        "env: [{name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
        "env: [{name: SERVICE_NAME, value: api}]",
    ] {
        assert!(edges(container).is_empty(), "{container}: {:?}", edges(container));
    }
}

#[test]
fn config_maps_are_variables_and_files() {
    let text = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  API_URL: http://api:9000
  nginx.conf: |
    upstream x {
      server api:9001;
    }
";
    let of = |container: &str, volumes: &str, options: &Options| {
        let web = app("web", "acme/web:1", "", container);
        let web = web.replace("spec: {containers", &format!("spec: {{{volumes}containers"));
        let api = app("api", "acme/api:1", "9000:8080", "");
        imported_with(&[file("a.yaml", &format!("{web}{api}{text}"))], options)
    };
    let all = Options::default();
    let by_env = of("envFrom: [{configMapRef: {name: c}}]", "", &all);
    assert_eq!(by_env.edges(), ["web -> api http:9000"]);
    assert_eq!(by_env.service("web")["connections"]["api"]["description"], "set by API_URL");
    let by_key = of("env: [{name: X, valueFrom: {configMapKeyRef: {name: c, key: API_URL}}}]", "", &all);
    assert_eq!(by_key.edges(), ["web -> api http:9000"]);
    let mounted = "volumes: [{name: v, configMap: {name: c, items: [{key: nginx.conf, path: x}]}}], ";
    let by_file = of("", mounted, &all);
    assert_eq!(by_file.edges(), ["web -> api tcp:9001"]);
    assert_eq!(by_file.service("web")["connections"]["api"]["description"], "in the configuration c");
    assert_eq!(by_file.warnings(), ["unlisted-port"]);
    assert!(of("", mounted, &Options { configurations: false, ..Options::default() }).edges().is_empty());
    let missing = of("envFrom: [{configMapRef: {name: gone}}]", "", &all);
    assert_eq!(missing.warnings(), ["missing-config"]);
}

#[test]
fn services_are_names_of_workloads() {
    let text = [
        app(
            "web",
            "acme/web:1",
            "",
            "env: [{name: REVIEWS_URL, value: 'http://reviews:80'}, {name: SELF, value: 'http://me:70'}]",
        ),
        app("reviews-v1", "acme/reviews:1", "", "")
            .replace("labels: {app: reviews-v1}", "labels: {app: reviews, v: '1'}"),
        app("reviews-v2", "acme/reviews:2", "", "")
            .replace("labels: {app: reviews-v2}", "labels: {app: reviews, v: '2'}"),
        service("reviews", "reviews", "80", "9080"),
        service("me", "web", "70", "70"),
        service("nobody", "nobody", "80", "80"),
    ];
    let import = of(&text.concat());
    assert_eq!(import.edges(), ["web -> reviews-v1 http:80", "web -> reviews-v2 http:80"]);
    assert_eq!(import.exposes("web"), "http:70");
}

#[test]
fn a_pod_of_a_stateful_set_is_its_service() {
    let text = [
        app(
            "web",
            "acme/web:1",
            "",
            "env: [{name: KAFKA_BROKERS, value: 'kafka-0.kafka:9092,kafka-1.kafka.default.svc.cluster.local:9092'}]",
        ),
        app("kafka", "acme/stream:1", "9092:9092", ""),
    ];
    assert_eq!(of(&text.concat()).edges(), ["web -> kafka kafka:9092"]);
}

#[test]
fn known_images_are_resources_of_those_who_use_them() {
    let text = [
        app(
            "web",
            "acme/web:1",
            "",
            "env: [{name: DATABASE_URL, value: 'postgres://u:p@db/x'}, {name: CACHE_HOST, value: cache}]",
        ),
        app("db", "postgres:16", "5432:5432", ""),
        app("cache", "redis:7", "6379:6379", ""),
        app("unused", "mysql:8", "3306:3306", ""),
    ];
    let import = of(&text.concat());
    assert_eq!(import.edges(), ["web => postgresql db:5432", "web => redis cache:6379"]);
    assert_eq!(import.services(), ["web", "unused"]);
    let kept = imported_with(&[file("a.yaml", &text.concat())], &Options { resources: false, ..Options::default() });
    assert_eq!(
        kept.edges(),
        ["web -> db sql:5432", "web -> cache redis:6379"].map(str::to_owned).into_iter().rev().collect::<Vec<_>>()
    );
}

#[test]
fn hosts_of_providers_are_resources() {
    let external = "---
apiVersion: v1
kind: Service
metadata: {name: orders-db}
spec: {type: ExternalName, externalName: orders.abc.eu-west-1.rds.amazonaws.com}
";
    let web = |env: &str| app("web", "acme/web:1", "", &format!("env: [{env}]"));
    for (env, expected) in [
        ("{name: DATABASE_URL, value: 'postgres://u:p@orders-db/x'}", vec!["web => aws.rds orders:5432"]),
        ("{name: DB_HOST, value: orders-db}, {name: DB_PORT, value: '3306'}", vec!["web => aws.rds orders:3306"]),
        (
            "{name: REDIS, value: 'rediss://:x@master.cart.abc.euw1.cache.amazonaws.com:6379'}",
            vec!["web => aws.elasticache cart:6379"],
        ),
        ("{name: SQL_SERVER, value: shop.database.windows.net}", vec!["web => azure.sqldatabase shop"]),
        ("{name: UPLOADS, value: 's3://uploads/orders/'}", vec!["web => aws.s3 uploads"]),
        (
            "{name: QUEUE_URL, value: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs'}",
            vec!["web => aws.sqs jobs"],
        ),
        ("{name: TOPIC_ARN, value: 'arn:aws:sns:eu-west-1:123456789012:news'}", vec!["web => aws.sns news"]),
        ("{name: TOPIC, value: 'projects/p/topics/orders'}", vec!["web => gcp.pubsub orders"]),
        ("{name: AWS_ROLE_ARN, value: 'arn:aws:iam::123456789012:role/web'}", vec![]),
        ("{name: NO_PROXY, value: shop.database.windows.net}", vec![]),
        ("{name: URL, value: 'https://shop.example.com'}", vec![]),
    ] {
        let import = of(&format!("{}{external}", web(env)));
        assert_eq!(import.edges(), expected, "{env}");
        assert!(!import.text.contains("u:p@") && !import.text.contains(":x@"), "{env}");
    }
    let proxy = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: 'acme/web:1'}, {name: p, image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2', args: ['--port=5432', 'proj:europe-west1:orders']}]}}}
";
    assert_eq!(of(proxy).edges(), ["web => gcp.cloudsql orders"]);
}

#[test]
fn what_the_files_do_not_tell_is_told() {
    let text = [
        app(
            "web",
            "acme/web:1",
            "",
            "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}], envFrom: [{secretRef: {name: t}}]",
        ),
        app("api", "acme/api:1", "80:80", "args: ['--db=http://db.other.svc:80']"),
    ];
    let import = of(&text.concat());
    assert_eq!(import.said("no-connections"), ["4:12 the files show no connection for 2 of 2 workloads: `web`, `api`"]);
    assert!(import.said("secret-variables")[0].ends_with("`web`"));
    assert!(import.said("unknown-host")[0].contains("`db.other.svc`"));
}

#[test]
fn a_host_that_many_name_is_told_once() {
    let env = "env: [{name: A, value: 'http://otel.obs.svc:4317'}, {name: B, value: 'http://otel.obs.svc.:4318'}]";
    let import = of(&["a", "b", "c"].map(|name| app(name, "acme/x:1", "", env)).concat());
    let notes: Vec<_> = import.notes.iter().filter(|note| note.code == "unknown-host").collect();
    assert_eq!(notes.iter().map(|note| note.more).collect::<Vec<_>>(), [5]);
}

#[test]
fn targets_of_grpc_and_names_with_a_dot_at_the_end_are_hosts() {
    for env in [
        "{name: API, value: 'dns:///api.default.svc.cluster.local:9090'}",
        "{name: API, value: 'dns:api:9090'}",
        "{name: API_ADDR, value: 'api.default.svc.cluster.local.:9090'}",
        "{name: API_HOST, value: 'api.'}, {name: API_PORT, value: '9090'}",
    ] {
        let api = app("api", "acme/api:1", "9090:9090", "");
        let import = of(&format!("{}{api}", app("web", "acme/web:1", "", &format!("env: [{env}]"))));
        let edges = import.edges();
        assert!(
            edges.len() == 1 && edges[0].starts_with("web -> api ") && edges[0].ends_with(":9090"),
            "{env}: {edges:?}"
        );
    }
}

#[test]
fn a_resource_is_reached_by_the_name_of_its_service() {
    let text = format!(
        "{}---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: redis-node}}
spec: {{serviceName: redis-headless, template: {{metadata: {{labels: {{app: redis}}}}, spec: {{containers: [{{name: r, image: 'redis:7'}}]}}}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: redis-headless}}
spec: {{clusterIP: None, selector: {{app: redis}}, ports: [{{port: 6379}}]}}
",
        app("web", "acme/web:1", "", "env: [{name: REDIS_NODES, value: 'redis-node-0.redis-headless:6379,redis-node-1.redis-headless:6379'}]")
    );
    let import = of(&text);
    assert_eq!(import.edges(), ["web => redis redis-node:6379"]);
    assert_eq!(import.service("web")["resources"]["redis"][0]["host"], "redis-headless");
}
