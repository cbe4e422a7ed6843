//! The same objects in several folders: environments, and what Kustomize and Helm make.

use spec_engine_kubernetes::{Options, Severity, import};

use crate::import::Import;
use crate::support::{app, file, imported};

/// An environment: an API with a Service, and a client that names it.
fn environment(version: u8) -> String {
    let api = app("api", &format!("acme/api:{version}"), "80:8080", "");
    let container = "env: [{name: API_URL, value: 'http://api:80'}], envFrom: [{configMapRef: {name: settings}}]";
    let settings = format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{DB_URL: 'redis://cache-{version}:6379'}}\n"
    );
    let cache = app(&format!("cache-{version}"), "redis:7", "6379:6379", "");
    format!("{api}{}{settings}{cache}", app("web", &format!("acme/web:{version}"), "", container))
}

fn helps(import: &Import, code: &str) -> Vec<String> {
    let notes = import.notes.iter().filter(|note| note.code == code);
    notes.filter_map(|note| note.help.clone()).collect()
}

#[test]
fn folders_with_the_same_objects_are_environments() {
    for [dev, prod] in [
        ["overlays/dev/all.yaml", "overlays/prod/all.yaml"],
        ["overlays/dev/shop/all.yaml", "overlays/prod/shop/all.yaml"],
        ["/srv/k8s/dev/a.yaml", "/srv/k8s/prod/b.yaml"],
        ["dev/all.yaml", "./prod/all.yaml"],
        ["k8s\\dev\\all.yaml", "k8s\\prod\\all.yaml"],
    ] {
        let import = imported(&[file(dev, &environment(1)), file(prod, &environment(2))]);
        assert_eq!(import.services(), ["api.dev", "web.dev", "api.prod", "web.prod"], "{dev}");
        assert_eq!(import.image("web.prod"), "acme/web 2");
        let edges = [
            "web.dev -> api.dev http:80",
            "web.dev => redis cache-1:6379",
            "web.prod -> api.prod http:80",
            "web.prod => redis cache-2:6379",
        ];
        assert_eq!(import.edges(), edges, "{dev}");
        assert_eq!(import.warnings(), ["environments"], "{:?}", import.notes);
        let said = &import.said("environments")[0];
        assert!(said.contains("`dev`, `prod`") && said.contains("and 2 more differ"), "{said}");
        let networks: Vec<&String> = import.document["networks"].as_object().unwrap().keys().collect();
        assert_eq!(networks, ["dev", "prod"]);
    }
}

#[test]
fn environments_share_what_is_outside_of_them_and_keep_their_namespaces() {
    let placed = |version: u8| environment(version).replace("metadata: {name: ", "metadata: {namespace: shop, name: ");
    let whole = |version: u8| placed(version).replace("http://api:80", "http://api.shop.svc.cluster.local:80");
    let log = app("log", "acme/log:1", "514:514", "").replace("{name: log}", "{namespace: shop, name: log}");
    let user = |text: String| text.replace("name: API_URL", "name: LOG_HOST, value: log}, {name: API_URL");
    let files =
        [file("k8s/base/log.yaml", &log), file("k8s/a/x.yaml", &user(whole(1))), file("k8s/b/x.yaml", &user(whole(2)))];
    let import = imported(&files);
    assert_eq!(import.services(), ["log", "api.shop-a", "web.shop-a", "api.shop-b", "web.shop-b"]);
    let edges = import.edges();
    for edge in ["web.shop-a -> api.shop-a http:80", "web.shop-b -> log tcp:514"] {
        assert!(edges.iter().any(|own| own == edge), "{edge}: {edges:?}");
    }
    let one = imported(&[file("k8s/a/x.yaml", &environment(1)), file("k8s/b/x.yaml", &environment(1))]);
    assert!(one.warnings().is_empty() && one.services() == ["api", "web"], "the same everywhere: {:?}", one.notes);
    let apart = |namespace: &str| {
        environment(1).replace("metadata: {name: ", &format!("metadata: {{namespace: {namespace}, name: "))
    };
    let two = imported(&[file("a/x.yaml", &apart("dev")), file("b/x.yaml", &apart("prod"))]);
    assert_eq!((two.services()[0], two.warnings()), ("api.dev", vec![]));
}

#[test]
fn a_service_outside_of_all_environments_leads_to_the_workloads_inside_of_them() {
    let shared =
        "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {selector: {app: api}, ports: [{port: 90}]}\n";
    let inside = |version: u8| {
        let web = app("web", &format!("acme/web:{version}"), "", "env: [{name: API_URL, value: 'http://api:90'}]");
        format!("{}{web}", app("api", &format!("acme/api:{version}"), "", ""))
    };
    let files = [file("base/service.yaml", shared), file("dev/x.yaml", &inside(1)), file("prod/x.yaml", &inside(2))];
    let import = imported(&files);
    assert_eq!(import.edges(), ["web.dev -> api.dev http:90", "web.prod -> api.prod http:90"]);
    assert_eq!(import.exposes("api.prod"), "http:90");
}

#[test]
fn base_and_overlay_beside_each_other_are_told_apart() {
    let files = ["k8s/base/web.yaml", "k8s/overlays/dev/web.yaml", "k8s/overlays/prod/web.yaml"];
    let text = |version: usize| app("web", &format!("acme/web:{version}"), "", "");
    let files: Vec<_> = files.iter().enumerate().map(|(at, name)| file(name, &text(at))).collect();
    assert_eq!(imported(&files).services(), ["web.base", "web.dev", "web.prod"]);
    let files = [file("k8s/web.yaml", &text(0)), file("k8s/dev/web.yaml", &text(1))];
    assert_eq!(imported(&files).services(), ["web.default", "web.dev"]);
}

#[test]
fn what_kustomize_patches_is_no_object_of_its_own() {
    let base = environment(1);
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n";
    let image = app("web", "acme/web:9", "", "");
    let overlay = "resources: [../../base]\npatches: [{path: replicas.yaml}, {path: ../shared/image.yaml}]\n";
    let operations = "[{op: replace, path: /spec/replicas, value: 2}]\n";
    let old = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatchesStrategicMerge: [image.yaml]\npatchesJson6902: [{path: ops.yaml}]\n";
    let import = imported(&[
        file("k8s/base/all.yaml", &base),
        file("k8s/base/kustomization.yaml", "resources: [all.yaml]\n"),
        file("k8s/overlays/prod/kustomization.yaml", overlay),
        file("k8s/overlays/prod/replicas.yaml", patch),
        file("k8s/overlays/shared/image.yaml", &image),
        file("k8s/overlays/test/kustomization.yml", old),
        file("k8s/overlays/test/image.yaml", &image),
        file("k8s/overlays/test/ops.yaml", operations),
    ]);
    assert_eq!((import.services(), import.image("web")), (vec!["api", "web"], "acme/web 1".to_owned()));
    let expected =
        "`kubectl kustomize k8s/overlays/prod | spec-engine import kubernetes -` reads what Kustomize makes of it";
    for code in ["patch", "kustomization"] {
        assert!(helps(&import, code).contains(&expected.to_owned()), "{code}: {:?}", import.notes);
    }
    let mut codes = import.warnings();
    codes.dedup();
    assert_eq!(codes, ["kustomization", "patch", "kustomization", "patch"], "nothing else is told: {:?}", import.notes);
    let alone = imported(&[file("patch.yaml", patch), file("web.yaml", &base)]);
    assert_eq!((alone.image("web"), alone.warnings()), ("acme/web 1".to_owned(), vec!["patch"]));
    assert!(helps(&alone, "patch")[0].starts_with("`kubectl kustomize . |"), "{:?}", alone.notes);
}

#[test]
fn files_of_helm_are_told_with_the_command_that_renders_them() {
    let template = "kind: Deployment\nmetadata: {name: {{ .Values.name }}}\n";
    let help = |files: &[(&str, &str)], code: &str| {
        let files: Vec<_> = files.iter().map(|(name, text)| file(name, text)).collect();
        let notes = import(&files, &Options::default()).expect_err("there is no workload");
        let note = notes.into_iter().find(|note| note.code == code).expect("it is told");
        note.help.unwrap_or_default()
    };
    let chart = ("deploy/shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    for (files, code, command) in [
        (&[chart, ("deploy/shop/templates/a.yaml", template)][..], "not-rendered", "`helm template shop deploy/shop |"),
        (&[("shop/templates/a.yaml", template)], "not-rendered", "`helm template shop ./shop |"),
        (&[("a.yaml", template)], "not-rendered", "`helm template RELEASE CHART |"),
        (&[chart], "helm-chart", "`helm template shop deploy/shop |"),
        (&[("Chart.yaml", chart.1)], "helm-chart", "`helm template RELEASE . |"),
        (
            &[("values-prod.yaml", "image: {tag: 1}\n")],
            "helm-values",
            "`helm template RELEASE CHART -f values-prod.yaml |",
        ),
        (
            &[("deploy/shop/values.yaml", "image: {tag: 1}\n"), chart],
            "helm-values",
            "`helm template shop deploy/shop -f deploy/shop/values.yaml |",
        ),
        (&[("main.tf", "resource \"x\" \"y\" {}\n")], "not-kubernetes", "terraform show -json plan |"),
    ] {
        let said = help(files, code);
        assert!(said.contains(command) && said.contains("| spec-engine import"), "{files:?}: {said}");
    }
}

/// The command is all that there is to say: no error about workloads stands before it.
#[test]
fn what_another_tool_reads_is_the_error_where_nothing_else_is_there() {
    let chart = ("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\n";
    for (files, expected) in [
        (&[("values.yaml", "image: {tag: 1}\n")][..], &["helm-values"][..]),
        (&[("prod/kustomization.yaml", kustomization)], &["kustomization"]),
        (&[chart, ("values.yaml", "image: {tag: 1}\n")], &["helm-chart", "helm-values"]),
        (&[("compose.yaml", "services: {web: {image: nginx}}\n")], &["compose"]),
        (&[("a.yaml", "a: 1\n")], &["no-workloads"]),
        (
            &[("values.yaml", "a: 1\n"), ("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n")],
            &["no-workloads"],
        ),
    ] {
        let files: Vec<_> = files.iter().map(|(name, text)| file(name, text)).collect();
        let notes = import(&files, &Options::default()).expect_err("there is no workload");
        let errors = notes.iter().filter(|note| note.severity == Severity::Error);
        assert_eq!(errors.map(|note| note.code).collect::<Vec<_>>(), expected, "{files:?}");
    }
}
