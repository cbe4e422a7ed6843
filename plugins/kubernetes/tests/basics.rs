//! What becomes of workloads: names, images, ports, owners, releases, networks.

use spec_engine_kubernetes::Options;

use crate::support::{app, file, imported, imported_with, of, service};

#[test]
fn every_kind_that_runs_containers_is_a_service() {
    let pods = "spec: {containers: [{name: a, image: 'acme/a:1'}]}";
    let mut text = String::new();
    for (version, kind) in [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("batch/v1", "Job"),
        ("argoproj.io/v1alpha1", "Rollout"),
        ("serving.knative.dev/v1", "Service"),
        ("apps.openshift.io/v1", "DeploymentConfig"),
    ] {
        let name = format!("a-{}", kind.to_lowercase());
        text.push_str(&format!(
            "---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{template: {{{pods}}}}}\n"
        ));
    }
    text.push_str(&format!(
        "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a-cronjob}}\nspec: {{jobTemplate: {{spec: {{template: {{{pods}}}}}}}}}\n"
    ));
    text.push_str(&format!("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: a-pod}}\n{pods}\n"));
    let import = of(&text);
    assert_eq!(
        import.services(),
        [
            "a-deployment",
            "a-statefulset",
            "a-daemonset",
            "a-replicaset",
            "a-replicationcontroller",
            "a-job",
            "a-rollout",
            "a-service",
            "a-deploymentconfig",
            "a-cronjob",
            "a-pod",
        ]
    );
    assert!(import.services().iter().all(|name| import.image(name) == "acme/a 1"));
    assert_eq!(import.exposes("a-service"), "http:80", "Knative gives its services a name of their own");
    assert_eq!(import.exposes("a-cronjob"), "");
}

#[test]
fn what_others_make_and_hooks_are_left_out() {
    let owned = |version: &str, kind: &str, owner: &str| {
        format!(
            "---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: o-{}, ownerReferences: [{{kind: {owner}, name: a}}]}}\nspec: {{containers: [{{name: a, image: b}}], template: {{spec: {{containers: [{{name: a, image: b}}]}}}}}}\n",
            kind.to_lowercase()
        )
    };
    let text = [
        app("web", "nginx:1", "", ""),
        owned("apps/v1", "ReplicaSet", "Deployment"),
        owned("v1", "Pod", "ReplicaSet"),
        owned("batch/v1", "Job", "CronJob"),
        owned("apps/v1", "StatefulSet", "Postgresql"),
        "---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: test}}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n".to_owned(),
    ];
    let import = of(&text.concat());
    assert_eq!(import.services(), ["web", "o-statefulset"], "an operator's StatefulSet is what runs");
    assert_eq!(import.said("helm-hook").len(), 1);
}

#[test]
fn the_image_is_that_of_the_container_that_works() {
    for (containers, expected, code) in [
        (
            "[{name: istio-proxy, image: 'docker.io/istio/proxyv2:1'}, {name: a, image: 'acme/a:1'}]",
            "acme/a 1",
            "sidecar",
        ),
        ("[{name: x, image: 'acme/x:1'}, {name: web, image: 'acme/web:2'}]", "acme/web 2", "second-container"),
        (
            "[{name: x, image: 'acme/x:1'}, {name: y, image: 'acme/y:2', ports: [{containerPort: 8080}]}]",
            "acme/y 2",
            "second-container",
        ),
        ("[{name: a, image: 'r.example:5000/a@sha256:ab'}]", "r.example:5000/a sha256:ab", ""),
        ("[{name: a, image: 'r.example:5000/a:1@sha256:ab'}]", "r.example:5000/a 1 sha256:ab", ""),
        ("[{name: fluent, image: 'fluent/fluent-bit:3'}]", "fluent/fluent-bit 3", ""),
        (
            "[{name: istio-proxy, image: 'istio/proxyv2:1'}, {name: fluent, image: 'fluent/fluent-bit:3'}]",
            "fluent/fluent-bit 3",
            "sidecar",
        ),
        ("[{name: a}]", "web", "no-image"),
        ("[]", "web", "no-image"),
    ] {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {{initContainers: [{{name: i, image: 'acme/init:1'}}], containers: {containers}}}}}}}\n{}",
            service("web", "web", "80", "8080")
        );
        let import = of(&text);
        assert_eq!(import.image("web"), expected, "{containers}");
        assert_eq!(import.said("init-container").len(), 1);
        assert!(code.is_empty() || import.said(code).len() == 1, "{containers}: {:?}", import.notes);
    }
}

#[test]
fn ports_are_those_of_services() {
    let import = of(&format!(
        "{}---\napiVersion: v1\nkind: Service\nmetadata: {{name: more}}\nspec: {{selector: {{app: web}}, ports: [{{port: 53, protocol: UDP}}, {{port: 9000, name: grpc-api}}, {{port: 9001, appProtocol: kubernetes.io/h2c}}, {{port: 80, name: http}}, {{port: 9002, name: tcp-x}}]}}\n{}",
        app("web", "acme/web:1", "80:8080", "ports: [{containerPort: 8080}]"),
        app("alone", "acme/alone:1", "", "ports: [{containerPort: 7000}, {containerPort: 7001, protocol: UDP}]"),
    ));
    assert_eq!(import.exposes("web"), "http:80 udp:53 grpc:9000 http:9001 tcp:9002");
    assert_eq!(import.exposes("alone"), "tcp:7000 udp:7001", "without a Service pods are reached as they are");
}

#[test]
fn names_do_not_collide() {
    let placed = |namespace: &str, kind: &str, name: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {{template: {{spec: {{containers: [{{name: a, image: 'acme/{namespace}:1'}}]}}}}}}\n"
        )
    };
    let text = [
        placed("dev", "Deployment", "web"),
        placed("prod", "Deployment", "web"),
        placed("prod", "DaemonSet", "web"),
        placed("dev", "Deployment", "api"),
    ];
    let import = of(&text.concat());
    assert_eq!(import.services(), ["web.dev", "web.deployment.prod", "web.daemonset.prod", "api"]);
    assert_eq!(import.image("web.dev"), "acme/dev 1");
    let only = imported_with(
        &[file("a.yaml", &text.concat())],
        &Options { namespaces: vec!["dev".to_owned()], ..Options::default() },
    );
    assert_eq!(only.services(), ["web", "api"]);
}

#[test]
fn owners_come_from_labels_and_annotations() {
    for (metadata, expected) in [
        ("labels: {team: shop}", Some("shop")),
        ("labels: {owner: shop, app.kubernetes.io/part-of: store}", Some("shop")),
        ("labels: {app.kubernetes.io/part-of: store}", Some("store")),
        ("annotations: {backstage.io/owner: shop}", Some("shop")),
        ("labels: {acme.example/team: shop, app.kubernetes.io/part-of: store}", Some("shop")),
        ("labels: {app.kubernetes.io/team: db, team: shop}", Some("db")),
        ("labels: {team: ''}", None),
        ("labels: {app: web}", None),
    ] {
        let import = of(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, {metadata}}}\nspec: {{template: {{spec: {{containers: [{{name: a, image: b}}]}}}}}}\n"
        ));
        assert_eq!(import.service("web")["owner"].as_str(), expected, "{metadata}");
        assert_eq!(import.document["owners"].as_object().map(serde_json::Map::len), expected.map(|_| 1), "{metadata}");
    }
}

#[test]
fn releases_come_from_helms_labels_and_annotations() {
    let placed = |name: &str, namespace: &str, metadata: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}, {metadata}}}\nspec: {{template: {{spec: {{containers: [{{name: a, image: b}}]}}}}}}\n"
        )
    };
    let by = "app.kubernetes.io/managed-by: Helm";
    let import = of(&[
        placed("a", "x", "annotations: {meta.helm.sh/release-name: shop}, labels: {helm.sh/chart: store-1.2.3}"),
        placed("b", "x", &format!("labels: {{{by}, app.kubernetes.io/instance: shop, helm.sh/chart: store-1.2.3}}")),
        placed("c", "y", &format!("labels: {{{by}, app.kubernetes.io/instance: shop, helm.sh/chart: store-1.2.4}}")),
        placed("d", "y", "labels: {app.kubernetes.io/instance: none}"),
        placed("e", "y", "labels: {heritage: Tiller, release: old, chart: old-chart-0.1.0}"),
        placed("f", "y", "labels: {helm.sh/chart: loose-2.0.0}"),
        placed("g", "y", &format!("labels: {{{by}, app.kubernetes.io/instance: bare}}")),
    ]
    .concat());
    let shown: Vec<String> = import.document["deployments"]["helm"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, release)| {
            let services: Vec<&str> =
                release["services"].as_array().unwrap().iter().filter_map(|own| own.as_str()).collect();
            format!(
                "{name}: {} {} {}",
                release["chart"].as_str().unwrap(),
                release["version"].as_str().unwrap_or("-"),
                services.join(" ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "bare: bare - g",
            "loose: loose 2.0.0 f",
            "old: old-chart 0.1.0 e",
            "shop: store 1.2.3 a b",
            "shop.y: store 1.2.4 c",
        ]
    );
    assert_eq!(import.said("helm-release").len(), 1);
}

#[test]
fn namespaces_are_networks_where_the_files_name_any() {
    assert!(of(&app("web", "nginx:1", "80:80", "")).document.get("networks").is_none());
    let text = app("web", "nginx:1", "80:80", "").replace("name: web}", "name: web, namespace: shop}");
    let import = of(&text);
    assert_eq!(import.rules("shop"), ["outbound web:80/tcp allow"]);
}

#[test]
fn ways_in_are_told_in_descriptions() {
    let ingress = "---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  rules:
  - {host: shop.example.com, http: {paths: [{path: /, backend: {service: {name: web, port: {name: main}}}}, {path: /gone, backend: {service: {name: gone, port: {number: 1}}}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route}
spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
";
    let web = app("web", "acme/web:1", "80:8080", "").replace("{port: 80,", "{name: main, port: 80,");
    let import = of(&format!("{web}{ingress}"));
    let told = "reached from outside by Ingress `front` at 80, HTTPRoute `route` at 80";
    assert_eq!(import.service("web")["description"], told);
    assert_eq!((import.said("lost-route").len(), import.warnings()), (1, vec!["dangling-route"]));
    let controller = app("entry", "traefik:v3", "443:443", "");
    let import = imported(&[file("a.yaml", &web), file("b.yaml", ingress), file("c.yaml", &controller)]);
    assert_eq!(import.edges(), ["entry -> web http:80"]);
    assert!(import.said("lost-route").is_empty());
}

#[test]
fn a_port_speaks_what_its_name_and_its_protocol_say() {
    for (port, expected) in [
        ("{name: grpc, port: 90, appProtocol: kubernetes.io/h2c}", "grpc:90"),
        ("{name: api, port: 90, appProtocol: kubernetes.io/h2c}", "http:90"),
        ("{name: grpc-api, port: 90}", "grpc:90"),
        ("{name: web, port: 90, appProtocol: https}", "https:90"),
    ] {
        let text = app("web", "acme/web:1", "", "");
        let service = format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{selector: {{app: web}}, ports: [{port}]}}\n"
        );
        assert_eq!(of(&format!("{text}{service}")).exposes("web"), expected, "{port}");
    }
}
