//! What leads in from outside, and what runs on request or at times: Gateway API, Knative, Argo Rollouts, jobs.

use crate::support::{app, of};

#[test]
fn routes_of_the_gateway_api_lead_to_services_in_their_namespaces() {
    let route = |kind: &str, version: &str, backends: &str| {
        format!(
            "---
apiVersion: gateway.networking.k8s.io/{version}
kind: {kind}
metadata: {{name: way}}
spec: {{parentRefs: [{{name: gw}}], rules: [{{backendRefs: [{backends}]}}]}}
"
        )
    };
    let gateway = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gw}\nspec: {}\n";
    let there = "---
apiVersion: apps/v1
kind: Deployment
metadata: {name: back, namespace: other}
spec: {template: {metadata: {labels: {app: back}}, spec: {containers: [{name: b, image: 'acme/back:1'}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: back, namespace: other}
spec: {selector: {app: back}, ports: [{port: 9000, name: grpc}]}
";
    for (kind, version) in
        [("HTTPRoute", "v1"), ("GRPCRoute", "v1"), ("TCPRoute", "v1alpha2"), ("TLSRoute", "v1alpha2")]
    {
        let backends = "{name: web, port: 80}, {name: back, namespace: other, port: 9000}, {name: gone, port: 1}, {name: b, kind: Bucket}";
        let text = [&app("web", "acme/web:1", "80:8080", ""), there, gateway, &route(kind, version, backends)].concat();
        let import = of(&text);
        assert_eq!(import.service("web")["description"], format!("reached from outside by {kind} `way` at 80"));
        assert_eq!(import.service("back")["description"], format!("reached from outside by {kind} `way` at 9000"));
        assert_eq!(import.said("dangling-route").len(), 1, "{kind}: {:?}", import.notes);
        assert!(import.said("dangling-route")[0].contains("`gone`") && import.said("unknown-kind").is_empty());
    }
}

#[test]
fn services_of_knative_rollouts_and_jobs_speak_and_are_spoken_to() {
    let text = format!(
        "{}---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {{name: resize}}
spec: {{template: {{spec: {{containers: [{{image: 'acme/resize:1', env: [{{name: API, value: 'http://api:8080'}}]}}]}}}}}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: web}}
spec:
  strategy: {{canary: {{stableService: web, canaryService: web-canary}}}}
  template:
    metadata: {{labels: {{app: roll}}}}
    spec: {{containers: [{{name: web, image: 'acme/web:1', env: [{{name: RESIZE_URL, value: 'http://resize.default.svc.cluster.local'}}]}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: web-canary}}
spec: {{selector: {{app: roll}}, ports: [{{port: 80}}]}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: by-reference}}
spec: {{workloadRef: {{apiVersion: apps/v1, kind: Deployment, name: api}}, strategy: {{}}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec: {{schedule: '0 3 * * *', jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: r, image: 'acme/report:1', args: ['--api=http://api:8080', '--web=http://web-canary']}}]}}}}}}}}}}
",
        app("api", "acme/api:1", "8080:8080", "")
    );
    let import = of(&text);
    assert_eq!(import.services(), ["api", "resize", "web", "nightly"]);
    let mut edges = import.edges();
    edges.sort();
    assert_eq!(
        edges,
        ["nightly -> api http:8080", "nightly -> web http:80", "resize -> api http:8080", "web -> resize http:80"]
    );
    assert!(import.service("nightly")["exposes"].is_null(), "a job listens nowhere");
}

#[test]
fn a_route_leads_from_the_controller_that_reads_it() {
    let web = app("web", "acme/web:1", "80:8080", "");
    let nginx = app("nginx", "registry.k8s.io/ingress-nginx/controller:v1", "443:443", "");
    let traefik = app("traefik", "traefik:v3", "443:443", "");
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n";
    let route = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [{name: web, port: 80}]}]}\n";
    for (files, edges, lost) in [
        ([&web, &nginx, ingress].concat(), &["nginx -> web http:80"][..], None),
        ([&web, &nginx, route].concat(), &[], Some("HTTPRoute `r`")),
        ([&web, &nginx, ingress, route].concat(), &["nginx -> web http:80"], Some("HTTPRoute `r`")),
        ([&web, &traefik, route].concat(), &["traefik -> web http:80"], None),
        // Of two that read an Ingress nobody knows which one does.
        ([&web, &nginx, &traefik, ingress, route].concat(), &["traefik -> web http:80"], Some("Ingress `i`")),
        ([web.as_str(), ingress, route].concat(), &[], Some("Ingress `i`")),
    ] {
        let import = of(&files);
        assert_eq!(import.edges(), edges, "{files}");
        let said = import.said("lost-route");
        match lost {
            Some(route) => assert!(said.len() == 1 && said[0].contains(route), "{said:?}"),
            None => assert!(said.is_empty(), "{said:?}"),
        }
    }
}
