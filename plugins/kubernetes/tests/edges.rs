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
        ("{name: DATABASE_URL, value: 'postgres://u:p@orders-db/x'}", vec!["web => rds orders:5432"]),
        ("{name: DB_HOST, value: orders-db}, {name: DB_PORT, value: '3306'}", vec!["web => rds orders:3306"]),
        (
            "{name: REDIS, value: 'rediss://:x@master.cart.abc.euw1.cache.amazonaws.com:6379'}",
            vec!["web => elasticache cart:6379"],
        ),
        ("{name: SQL_SERVER, value: shop.database.windows.net}", vec!["web => sqldatabase shop"]),
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
    assert_eq!(of(proxy).edges(), ["web => cloudsql orders"]);
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
