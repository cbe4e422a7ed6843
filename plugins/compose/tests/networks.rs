//! Networks, and which service is in which.

use serde_json::json;
use spec_engine_compose::Options;

use crate::support::{file, imported_with, members, of};

#[test]
fn every_service_is_in_its_networks() {
    let stack = of("services:
  web: {image: \"nginx:1\", networks: [front, back]}
  db: {image: \"postgres:16\", networks: [back], environment: {X: '1'}}
networks:
  front: {}
  back:
    internal: true
    ipam: {config: [{subnet: 10.1.0.0/24}, {subnet: 'fd00::/64'}]}
");
    assert_eq!(members(&stack, "front"), ["to web:80/tcp"]);
    assert_eq!(members(&stack, "back"), ["to web:80/tcp", "to db:5432/tcp"]);
    assert_eq!(stack.document["networks"]["back"]["cidr"], "10.1.0.0/24");
    assert_eq!(stack.document["networks"]["back"]["description"], "internal: nothing gets out of it; also fd00::/64");
    assert_eq!(stack.said("lost-internal")[0], "7:5 the network `back` is `internal`, which only its description says");
    assert!(stack.said("lost-subnet")[0].starts_with("8:53 the network `back` has a second subnet, fd00::/64"));
    let rule = json!({"direction": "outbound", "toService": "web", "port": 80, "protocol": "tcp", "action": "allow"});
    assert_eq!(stack.document["networks"]["front"]["rules"], json!([rule]));
}

#[test]
fn members_are_named_by_what_they_listen_on_or_connect_to() {
    let stack = of("services:
  a: {image: a, networks: [n], expose: [81, '53/udp']}
  b: {image: b, networks: {n: {aliases: [x]}}, environment: {A: 'http://a:81'}}
  c: {image: c, networks: [n]}
  d: {image: d}
  e: {image: e, network_mode: host}
  f: {image: f, network_mode: 'service:a'}
  g: {image: g, networks: []}
networks: {n: {external: true, driver: overlay}}
");
    assert_eq!(members(&stack, "n"), ["to a:81/tcp", "to a:53/udp", "from b:81/tcp", "from c:80/tcp", "from f:81/tcp"]);
    assert_eq!(members(&stack, "default"), ["from d:80/tcp", "from g:80/tcp"]);
    assert_eq!(stack.document["networks"]["n"]["description"], "external: made outside of this project");
    assert_eq!((stack.said("lost-external").len(), stack.said("lost-network-setting").len()), (1, 1));
    assert!(stack.said("lost-network-mode")[0].contains("`e` has `network_mode: host`"), "{:?}", stack.notes);
}

#[test]
fn resources_are_told_in_the_description_of_their_network() {
    let text = "services:
  api: {image: a, networks: [n], environment: {DB: 'postgres://db/x'}}
  db: {image: postgres, networks: [n]}
networks: {n: }
";
    let stack = of(text);
    assert_eq!(members(&stack, "n"), ["from api:80/tcp"]);
    assert_eq!(stack.document["networks"]["n"]["description"], "also in it: db");
    assert_eq!(stack.said("lost-membership").len(), 1);
    let services = imported_with(&[file("c.yml", text)], &Options { resources: false, ..Options::default() });
    assert_eq!(members(&services, "n"), ["from api:5432/tcp", "to db:5432/tcp"]);
}

#[test]
fn networks_that_tell_nothing_apart_are_not_written() {
    let plain = of("services: {a: {image: a}, b: {image: b}}");
    assert!(plain.document.get("networks").is_none());
    let declared = of("services: {a: {image: a}}\nnetworks: {default: {name: shared, external: true}}\n");
    assert_eq!(members(&declared, "default"), ["from a:80/tcp"]);
    let unknown = of("services: {a: {image: a, networks: [x]}}");
    assert_eq!(unknown.said("unknown-network"), ["1:37 `a` is in the network `x`, which the files do not declare"]);
    assert_eq!(members(&unknown, "x"), ["from a:80/tcp"]);
    let subnet = of("services: {a: {image: a}}\nnetworks: {n: {ipam: {config: [{subnet: 'x/y'}]}}}\n");
    assert_eq!(subnet.said("bad-subnet").len(), 1);
}
