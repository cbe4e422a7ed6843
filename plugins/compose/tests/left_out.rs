//! What the format has no field for is told, each by its line.

use crate::support::of;

#[test]
fn every_part_that_is_dropped_is_told() {
    let stack = of("services:
  web:
    image: nginx:1
    build: {context: ., dockerfile_inline: \"FROM nginx\\nEXPOSE 8081/tcp\"}
    ports: ['127.0.0.1:8443:443', {target: 80, published: '8080', host_ip: '::1'}]
    command: ['--upstream', 'http://api:9000']
    healthcheck: {test: curl http://api:9000}
    extra_hosts: ['legacy:10.0.0.5']
    external_links: ['other_db:db']
    privileged: true
    cap_add: [NET_ADMIN]
    restart: always
    develop: {watch: [{action: sync, path: ., target: /x}]}
    configs: [{source: c, target: /c}]
    secrets: [s]
    gpus: all
    models: [llm]
    labels: {a: b}
  api:
    image: acme/api:1
    restart: always
  cloud:
    provider: {type: awesomecloud, options: {foo: bar}}
models:
  llm: {model: ai/smollm2}
configs: {c: {content: 'server http://api:9000;'}}
secrets: {s: {environment: TOKEN}}
volumes: {v: {external: true}}
");
    assert_eq!(stack.edges(), ["web -> api http:9000"]);
    assert_eq!(stack.exposes("web"), "https:443 http:80 http:8081");
    assert_eq!(stack.services(), ["web", "api"]);
    for (code, line, word) in [
        ("lost-build", 4, "`build`"),
        ("lost-command", 6, "`command`"),
        ("lost-healthcheck", 7, "`healthcheck`"),
        ("lost-extra-hosts", 8, "`extra_hosts`"),
        ("lost-external-links", 9, "`external_links`"),
        ("lost-setting", 10, "`privileged`"),
        ("lost-setting", 11, "`cap_add`"),
        ("lost-setting", 12, "`restart`"),
        ("lost-develop", 13, "`develop`"),
        ("lost-configs", 14, "`configs`"),
        ("lost-secrets", 15, "`secrets`"),
        ("lost-gpus", 16, "`gpus`"),
        ("lost-models", 17, "`models`"),
        ("lost-labels", 18, "labels"),
        ("lost-provider", 23, "the provider `awesomecloud`"),
        ("lost-models", 24, "the file has `models`"),
        ("lost-configs", 26, "the file has `configs`"),
        ("lost-secrets", 27, "the file has `secrets`"),
        ("lost-volumes", 28, "the file has `volumes`"),
    ] {
        let said = stack.said(code);
        let is_told = said.iter().any(|said| said.starts_with(&format!("{line}:")) && said.contains(word));
        assert!(is_told, "{code} {line}: {said:?}");
    }
    let restart = stack.notes.iter().find(|note| note.message.contains("`restart`")).unwrap();
    assert_eq!(restart.more, 1, "the same of another service is counted");
}

#[test]
fn a_built_image_is_told_with_its_name() {
    let stack = of(
        "name: shop\nservices:\n  web: {build: .}\n  api: {build: {context: .}}\n  none: {ports: ['80:80']}\n  nothing:\n",
    );
    assert_eq!(
        stack.said("built-image"),
        ["3:9 `web` is built, and its image is called `shop-web`, as compose calls it"]
    );
    assert_eq!(
        stack.said("no-image"),
        [
            "5:3 `none` has neither `image` nor `build`; `shop-none` stands for its image",
            "6:3 `nothing` has neither `image` nor `build`; `shop-nothing` stands for its image",
        ]
    );
}
