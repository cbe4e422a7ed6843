//! Compose files against the documents that come of them: what every user needs.

use serde_json::{Value, json};
use spec_engine_compose::{File, Options, Profiles};

use crate::import::Import;
use crate::support::{self, file};

fn shop() -> File {
    file("shop.yml", include_str!("../../../tests/fixtures/compose/shop.yml"))
}

#[track_caller]
fn imported(files: &[File], options: &Options) -> (Value, Import) {
    let imported = support::imported_with(files, options);
    (imported.document.clone(), imported)
}

#[test]
fn images_ports_and_labels_are_taken_over() {
    let (document, _) = imported(&[shop()], &Options::default());
    assert_eq!(document["name"], "shop");
    let web = &document["services"]["web"];
    assert_eq!(web["image"], json!({"name": "ghcr.io/example/web", "tag": "1.4", "digest": "sha256:0123"}));
    assert_eq!(
        web["exposes"],
        json!([
            {"port": 8443, "protocol": "https"},
            {"port": 8080, "protocol": "http"},
            {"port": 53, "protocol": "udp"},
        ])
    );
    assert_eq!((&web["owner"], &web["repo"]["url"]), (&json!("payments"), &json!("https://example.org/web.git")));
    assert_eq!(document["services"]["api"]["image"], json!({"name": "shop-api"}));
    assert_eq!(document["networks"]["front"]["cidr"], "10.1.0.0/16");
}

#[test]
fn variables_and_dependencies_become_connections() {
    let (document, imported) = imported(&[shop()], &Options::default());
    let api = &document["services"]["api"];
    assert_eq!(
        api["connections"]["search"],
        json!({"port": 7700, "protocol": "http", "description": "set by SEARCH_HOST"})
    );
    assert_eq!(document["services"]["search"]["envVars"], json!({"host": "SEARCH_HOST", "port": "SEARCH_PORT"}));
    assert_eq!(document["services"]["web"]["connections"]["api"], json!({"port": 9000, "protocol": "http"}));
    assert_eq!(document["services"]["worker"]["connections"]["api"]["protocol"], "http", "as the URL says");
    assert!(api["connections"].get("migrate").is_none(), "to wait until it has ended is no connection");
    let unknown = imported.notes.iter().find(|note| note.message.contains("`mailer`")).expect("it has no port");
    assert_eq!((unknown.code, unknown.place.line), ("unknown-port", 25));
}

#[test]
fn known_images_become_resources_unless_the_user_wants_services() {
    let (document, _) = imported(&[shop()], &Options::default());
    let resources = &document["services"]["api"]["resources"];
    assert_eq!(resources["postgresql"], json!([{"name": "db", "host": "db", "port": 5432}]));
    assert_eq!(resources["redis"], json!([{"name": "cache", "host": "cache", "port": 6379}]));
    assert_eq!(resources["kafka"].as_array().map(Vec::len), Some(2));
    assert!(document["services"].get("db").is_none());

    let (document, _) = imported(&[shop()], &Options { resources: false, ..Options::default() });
    assert_eq!(document["services"]["db"]["image"]["tag"], "17");
    let database = &document["services"]["api"]["connections"]["db"];
    assert_eq!(*database, json!({"port": 5432, "protocol": "sql", "description": "set by DATABASE_URL"}));
}

#[test]
fn a_resource_that_no_service_uses_stays_a_service() {
    let text = "services: {db: {image: postgres}, cache: {image: redis, depends_on: [db]}}";
    let (document, _) = imported(&[file("a.yml", text)], &Options::default());
    assert_eq!(document["services"].as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn no_password_gets_into_the_document() {
    for resources in [true, false] {
        let (_, imported) = imported(&[shop()], &Options { resources, ..Options::default() });
        let notes = format!("{:?}", imported.notes);
        assert!(!imported.text.contains("hunter2") && !notes.contains("hunter2"));
    }
}

#[test]
fn a_later_file_is_laid_over_an_earlier_one() {
    let over = file("shop.override.yml", include_str!("../../../tests/fixtures/compose/shop.override.yml"));
    let (document, _) = imported(&[shop(), over], &Options::default());
    let web = &document["services"]["web"];
    assert_eq!(web["image"], json!({"name": "web", "tag": "dev"}));
    assert_eq!(web["exposes"], json!([{"port": 3000, "protocol": "http"}]));
    assert_eq!(document["services"]["api"]["connections"]["search"]["port"], 7701);
    assert_eq!(document["services"]["worker"]["connections"]["search"]["port"], 7700, "extends looks at its own file");
}

#[test]
fn profiles_choose_services() {
    let of = |profiles| imported(&[shop()], &Options { profiles, ..Options::default() }).0;
    assert!(of(Profiles::Named(vec![]))["services"].get("mailer").is_none());
    assert!(of(Profiles::Named(vec!["mail".into()]))["services"].get("mailer").is_some());
}

#[test]
fn what_is_left_out_is_said_once_with_its_line() {
    let (_, imported) = imported(&[shop()], &Options::default());
    let find = |code: &str| imported.notes.iter().find(|note| note.code == code).expect("it is said");
    assert_eq!((find("env-file").place.line, find("env-file").more), (27, 1), "api, and worker which extends it");
    assert_eq!((find("unset-variable").place.line, find("lost-volumes").place.line), (19, 28));
}

#[test]
fn services_that_extend_each_other_come_to_an_end() {
    let text = "services: {a: {image: a, extends: b}, b: {image: b, extends: a}}";
    let (document, imported) = imported(&[file("a.yml", text)], &Options::default());
    assert_eq!(document["services"]["b"]["image"]["name"], "b");
    assert!(imported.notes.iter().any(|note| note.code == "broken-extends"));
}

#[test]
fn a_file_of_variables_can_be_handed_in() {
    let compose = "services: {a: {image: 'a:${TAG}', environment: {B: 'http://b:${B_PORT}'}}, b: {image: b}}";
    let (document, imported) =
        imported(&[file("a.yml", compose), file("x/.env", "TAG=7\nB_PORT=81\n")], &Options::default());
    assert_eq!((&document["services"]["a"]["image"]["tag"], imported.notes.len()), (&json!("7"), 0));
    assert_eq!(document["services"]["a"]["connections"]["b"]["port"], 81);
}

#[test]
fn a_health_check_tells_the_port() {
    let compose = "services: {a: {image: a, depends_on: [b]}, b: {image: b, healthcheck: {test: [CMD, curl, 'http://localhost:9999/']}}}";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(document["services"]["a"]["connections"]["b"]["port"], 9999);
}

#[test]
fn a_variable_without_a_value_has_the_one_that_is_handed_in() {
    for environment in ["[BROKER, NOTHING]", "{BROKER: , NOTHING: }"] {
        let compose = format!("services:\n  api: {{image: a, environment: {environment}}}\n  queue: {{image: b}}\n");
        let files = [file(".env", "BROKER=queue:9092\n"), file("a.yml", &compose)];
        let (document, _) = imported(&files, &Options::default());
        assert_eq!(document["services"]["api"]["connections"]["queue"]["port"], 9092, "{environment}");
    }
}

#[test]
fn what_a_service_is_told_of_itself_says_its_port() {
    let compose = "services:\n  api: {image: a, depends_on: [queue]}\n  queue:\n    image: b\n    environment: \
                   [ADVERTISED=PLAINTEXT://queue:9092]\n";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(document["services"]["api"]["connections"]["queue"]["port"], 9092);
}

#[test]
fn a_port_that_others_use_is_exposed() {
    let compose = "services:\n  api: {image: a, environment: [\"SEARCH=http://search:7700\"]}\n  search: {image: b, ports: \
                   [\"80:80\"]}\n";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    let exposed = json!([{"port": 80, "protocol": "http"}, {"port": 7700, "protocol": "http"}]);
    assert_eq!(document["services"]["search"]["exposes"], exposed);
}

#[test]
fn a_url_to_a_port_of_grpc_is_grpc() {
    let compose = "services:\n  api: {image: a, environment: [\"OTLP=http://collector:4317\"]}\n  collector: {image: b, \
                   expose: [4317]}\n";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(
        document["services"]["api"]["connections"]["collector"],
        json!({"port": 4317, "protocol": "grpc", "description": "set by OTLP"})
    );
}

#[test]
fn no_secret_gets_into_the_document() {
    let compose = r#"
services:
  api:
    image: https://user:pw-image@registry.example/x:1
    labels:
      org.opencontainers.image.description: see postgres://u:pw-label@h/x
      org.opencontainers.image.source: https://git.example/x?access_token=pw-query
    environment:
      - http://u:pw-key@dns:53/x?a=dns:53
      - BASIC_AUTH=dns:48213
      - AUTH_URL=http://u:pw-url@dns:53/
  dns: {image: coredns, expose: [53]}
"#;
    let (document, imported) = imported(&[file("a.yml", compose)], &Options::default());
    assert!(!imported.text.contains("pw-") && !imported.text.contains("48213"), "{}", imported.text);
    assert_eq!(document["services"]["api"]["connections"]["dns"]["port"], 53);
    assert_eq!(document["services"]["api"]["repo"]["url"], "https://git.example/x");
}

#[test]
fn what_the_format_would_refuse_is_left_out() {
    let compose = "services:\n  api: {image: a, environment: {spring.datasource.url: \"http://dns:53/\"}}\n  dns: {image: b}\n\
                   networks: {front: {ipam: {config: [{subnet: \"${SUBNET}\"}]}}}\n";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(document["networks"]["front"], json!({}));
    assert_eq!(document["services"]["api"]["connections"]["dns"]["port"], 53);
    assert!(document["services"]["dns"].get("envVars").is_none());
}

#[test]
fn a_file_that_is_extended_is_found_by_its_path_and_starts_nothing() {
    let base = file("a/compose.yml", "services: {base: {image: nginx:1, expose: [8080]}}");
    let own = "services: {web: {extends: {file: ../a/compose.yml, service: base}}}";
    let (document, result) = imported(&[file("b/compose.yml", own), base], &Options::default());
    assert_eq!(document["services"].as_object().unwrap().keys().collect::<Vec<_>>(), ["web"]);
    assert_eq!(document["services"]["web"]["image"]["name"], "nginx");
    assert!(result.notes.is_empty(), "{:?}", result.notes);
    let (_, alone) = imported(&[file("b/compose.yml", own)], &Options::default());
    assert!(alone.notes[0].message.contains("which was not handed in"), "{:?}", alone.notes);
}

#[test]
fn documents_of_one_file_are_laid_over_each_other() {
    let compose = "services: {web: {image: nginx, expose: [80]}}\n---\nservices: {web: {image: httpd}}\n";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(document["services"]["web"]["image"]["name"], "httpd");
    assert_eq!(document["services"]["web"]["exposes"][0]["port"], 80);
}

#[test]
fn a_listed_port_counts_more_than_the_usual_one() {
    let compose = "services: {web: {image: nginx, ports: [\"8080:8080\"]}, api: {image: a, depends_on: [web]}}";
    let (document, _) = imported(&[file("a.yml", compose)], &Options::default());
    assert_eq!(document["services"]["api"]["connections"]["web"]["port"], 8080);
    assert_eq!(document["services"]["web"]["exposes"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_reset_is_gone_whether_it_was_there_or_not() {
    let base = file("a.yml", "services: {web: {image: nginx, ports: [\"80:80\"]}, api: {image: a}}");
    let over = file("b.yml", "services: {web: {ports: !reset []}, api: {ports: !reset [\"81\"]}}");
    let (document, _) = imported(&[base, over], &Options::default());
    assert!(
        document["services"]["web"].get("exposes").is_none() && document["services"]["api"].get("exposes").is_none()
    );
}
