//! A dependency that a file declares is never lost without a word.

use serde_json::json;
use spec_engine_compose::{Options, Profiles};

use crate::support::{file, imported_with, of};

const PLANE: &str = "services:
  proxy: {image: \"acme/proxy:1\", ports: [\"80:80\"], depends_on: [web, api]}
  web: {build: ./web, depends_on: [api]}
  api: {build: ./api, depends_on: [db]}
  worker: {build: ./api, depends_on: [api, db]}
  db: {image: \"postgres:16\"}
";

#[test]
fn a_dependency_whose_port_is_unknown_is_written_and_told() {
    let stack = of(PLANE);
    let expected = [
        "api => postgresql db:5432",
        "proxy -> api tcp:80",
        "proxy -> web tcp:80",
        "web -> api tcp:80",
        "worker -> api tcp:80",
        "worker => postgresql db:5432",
    ];
    assert_eq!(stack.edges(), expected);
    assert_eq!(stack.description("web", "api"), "the port is assumed");
    assert_eq!(stack.exposes("api"), "", "what is assumed is not said of the service");
    assert_eq!(
        stack.said("unknown-port"),
        [
            "2:65 the port of `web`, to which `proxy` connects, is not known, so tcp:80 is assumed",
            "2:70 the port of `api`, to which `proxy` connects, is not known, so tcp:80 is assumed",
        ]
    );
    let without = imported_with(&[file("c.yml", PLANE)], &Options { assumed: false, ..Options::default() });
    assert_eq!(without.edges(), ["api => postgresql db:5432", "worker => postgresql db:5432"]);
    assert!(without.said("unknown-port")[0].ends_with("is not known, so the connection is left out"));
    // A variable that names a service without a port is a dependency, too.
    let named = of("services: {a: {image: a, environment: {B_HOST: b}}, b: {image: b}}");
    assert_eq!((named.edges(), named.said("unknown-port").len()), (vec!["a -> b tcp:80".to_owned()], 1));
    assert_eq!(named.description("a", "b"), "set by B_HOST; the port is assumed");
}

#[test]
fn what_is_shared_is_a_dependency() {
    let text = "services:
  vpn: {image: \"acme/vpn:1\", ports: ['8080:8080']}
  torrent: {image: \"acme/torrent:1\", network_mode: service:vpn}
  ui: {image: \"acme/ui:1\", environment: {TORRENT_URL: 'http://vpn:8080'}}
  side: {image: \"acme/side:1\", network_mode: \"service:torrent\", environment: {API: 'http://localhost:8080'}}
  exporter: {image: \"acme/e:1\", volumes_from: [vpn:ro, 'container:x'], pid: service:torrent, ipc: service:ui}
";
    let stack = of(text);
    let expected = [
        "exporter -> torrent tcp:80",
        "exporter -> ui tcp:80",
        "exporter -> vpn http:8080",
        "side -> torrent tcp:80",
        "side -> vpn http:8080",
        "torrent -> vpn http:8080",
        "ui -> vpn http:8080",
    ];
    assert_eq!(stack.edges(), expected);
    assert_eq!(stack.description("torrent", "vpn"), "shares the network");
    assert_eq!(stack.description("exporter", "vpn"), "shares the volumes");
    assert_eq!(stack.description("exporter", "torrent"), "shares the processes; the port is assumed");
    assert_eq!(stack.description("exporter", "ui"), "shares the memory; the port is assumed");
    assert_eq!(stack.said("shared").len(), 5);
    assert!(stack.said("shared")[0].contains("`torrent` shares the network of `vpn`"), "{:?}", stack.notes);
    let without = imported_with(&[file("c.yml", text)], &Options { assumed: false, ..Options::default() });
    assert_eq!(without.edges(), ["side -> vpn http:8080", "ui -> vpn http:8080"]);
    assert!(without.said("shared").iter().all(|said| said.ends_with("which is no connection and is left out")));
}

#[test]
fn a_wait_for_a_job_is_told() {
    let stack = of("services:
  api:
    image: a
    depends_on:
      migrate: {condition: service_completed_successfully}
      db: {condition: service_healthy}
  migrate: {image: m, environment: {DB_URL: 'postgres://db/x'}}
  db: {image: postgres}
");
    assert_eq!(stack.edges(), ["api => postgresql db:5432", "migrate => postgresql db:5432"]);
    assert_eq!(stack.said("waits-for-job"), ["5:7 `api` waits until `migrate` has ended, which is not a connection"]);
}

#[test]
fn what_depends_on_nothing_that_is_there_is_told() {
    let stack = of("services:
  web: {image: \"acme/web:1\", ports: ['80:80'], depends_on: [databse, cache, web]}
  database: {image: \"postgres:16\"}
  cache: {image: \"redis:7\"}
  shared: {image: s, network_mode: service:nobody, volumes_from: [cloud]}
  cloud: {provider: {type: awesomecloud}}
");
    assert_eq!(stack.edges(), ["web => redis cache:6379"]);
    let said = stack.said("unknown-dependency");
    assert_eq!(
        said,
        [
            "2:61 `web` depends on `databse`, which is not a service",
            "2:77 `web` depends on itself",
            "5:36 `shared` depends on `nobody`, which is not a service",
            "5:67 `shared` depends on `cloud`, which is run by a provider and is not in the document",
        ]
    );
    let note = stack.notes.iter().find(|note| note.message.contains("databse")).unwrap();
    assert_eq!(note.help.as_deref(), Some("did you mean `database`?"));
    let compose =
        file("c.yml", "services: {a: {image: a, depends_on: {b: {required: false}}}, b: {image: b, profiles: [x]}}");
    let without =
        imported_with(&[compose], &Options { profiles: Profiles::Named(vec!["y".into()]), ..Options::default() });
    assert_eq!(
        without.said("unknown-dependency")[0],
        "1:39 `a` depends on `b`, which has other profiles and is not in the document"
    );
    assert!(without.warnings().is_empty());
}

#[test]
fn a_resource_has_one_port_and_one_protocol() {
    let stack = of("services:
  a: {image: a, environment: {K: 'kafka://kafka:9092'}}
  b: {image: b, environment: {K: 'kafka:29092'}}
  kafka: {image: apache/kafka}
  c: {image: c, environment: {M: 'http://mq:15672'}}
  mq: {image: rabbitmq}
  d: {image: d, environment: {V: 'https://vault:8200'}}
  vault: {image: hashicorp/vault}
");
    let expected = ["a -> kafka kafka:9092", "b -> kafka tcp:29092", "c -> mq http:15672", "d => vault vault"];
    assert_eq!(stack.edges(), expected);
    assert_eq!(
        stack.said("kept-service"),
        [
            "4:3 `a` uses `kafka` at the port 9092 and `b` at 29092, where a resource has one: it stays a service",
            "6:3 `c` uses `mq` at http:15672, where its kind speaks amqp: it stays a service",
        ]
    );
    assert_eq!(stack.service("d")["resources"]["vault"], json!([{"name": "vault", "address": "https://vault:8200"}]));
}
