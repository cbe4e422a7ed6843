//! What scripts ask of the graph, of lists and of versions.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spec_engine::diagnostic::{Place, Severity};
use spec_engine::limits::ScriptLimits;
use spec_engine::policy::{Policy, Scope, SeveritySetting};
use spec_engine::script::{Script, file_name};
use spec_engine::source::Source;

use crate::script::asking::{ask, check, say, shop, source};

/// A shop with networks, a public service and a way of four hops.
fn system() -> Value {
    json!({
        "name": "shop",
        "owners": { "web": { "name": "Web" } },
        "services": {
            "gateway": {
                "owner": "web", "image": { "name": "gateway" },
                "exposes": [{ "port": 9090, "protocol": "http" }, { "port": 443, "protocol": "https" }],
                "connections": { "api": { "port": 80, "protocol": "http" } }, "aws": { "vpc": "prod" }
            },
            "api": {
                "owner": "web", "image": { "name": "api" },
                "connections": { "orders": { "port": 80, "protocol": "http" } },
                "aws": { "vpc": "prod", "s3": [{ "name": "photos" }] }
            },
            "orders": {
                "owner": "pay", "image": { "name": "orders" },
                "aws": { "rds": [{ "name": "orders" }], "s3": [{ "name": "photos" }] }
            }
        },
        "networks": { "prod": { "cidr": "10.0.0.0/16" }, "empty": {} },
        "deployments": { "helm": { "web": { "chart": "web", "services": ["api"] } } }
    })
}

fn says(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(say(expression, &system()), *expected, "{expression}");
    }
}

#[test]
fn distances_are_told_with_the_nodes() {
    says(&[
        (
            "ctx.graph.distances(\"svc:gateway\").map(|r| `${r.node} ${r.hops}`).join(\", \")",
            "svc:api 1, svc:orders 2, s3:photos 2, rds:orders 3",
        ),
        ("ctx.graph.distances(system.services.gateway, 1).map(|r| r.node.label).join(\",\")", "api"),
        (
            "ctx.graph.distances([system.services.gateway, \"svc:orders\"], 1).map(|r| r.node.label).join(\",\")",
            "api,orders,photos",
        ),
        ("ctx.graph.distances(system.services, 0).len()", "0"),
        (
            "ctx.graph.distances(\"svc:none\").len() + ctx.graph.distances(()).len() + ctx.graph.distances([()]).len()",
            "0",
        ),
        (
            "ctx.graph.distances(\"svc:api\", -1)",
            "failed: the rule `test/rule` failed: expected a number of hops from 0, found -1",
        ),
    ]);
}

#[test]
fn edges_are_seen_from_both_ends() {
    says(&[
        ("ctx.graph.outgoing(\"svc:api\").map(|e| `${e}`).join(\", \")", "svc:api->svc:orders, svc:api->s3:photos"),
        (
            "ctx.graph.incoming(\"svc:api\").map(|e| e.source.id + \" \" + e.kind).join(\", \")",
            "svc:gateway connection, helm:web deploys",
        ),
        ("ctx.graph.outgoing(\"svc:gateway\")[0].node.port", "80"),
        ("ctx.graph.outgoing(\"svc:gateway\")[0].pointer()", "/services/gateway/connections/api"),
        ("ctx.graph.outgoing(\"helm:web\")[0].node.chart", "web"),
        ("ctx.graph.incoming(\"s3:photos\")[1].node.pointer()", "/services/orders/aws/s3/0"),
        (
            "ctx.graph.outgoing(\"helm:web\")[0].protocol == () && ctx.graph.outgoing(\"helm:web\")[0].port == ()",
            "true",
        ),
        ("ctx.graph.edges[0] == ctx.graph.outgoing(\"svc:api\")[0]", "true"),
        ("ctx.graph.edges.filter(|e| e != ctx.graph.edges[0]).len()", "5"),
    ]);
}

#[test]
fn nodes_have_their_groups_and_groups_their_nodes() {
    says(&[
        ("ctx.graph.node(\"svc:api\").groups.owner", "owner:web"),
        ("ctx.graph.node(\"svc:api\").groups.deployment", "deployment:helm:web"),
        ("ctx.graph.node(\"svc:orders\").groups.network == ()", "true"),
        (
            "ctx.graph.groups.filter(|g| g.kind == \"network\").map(|g| g.id).join(\", \")",
            "network:empty, network:prod",
        ),
        ("ctx.graph.group(\"network:prod\").nodes.map(|n| n.label).join(\", \")", "api, gateway"),
        ("ctx.graph.group(system.owners.web).label", "Web"),
        ("ctx.graph.group(\"network:prod\").node.cidr", "10.0.0.0/16"),
        ("ctx.graph.group(\"deployment:helm:web\").node.chart", "web"),
        ("ctx.graph.group(\"provider:services\").node == ()", "true"),
        ("ctx.graph.members(system.networks.prod).len()", "2"),
        ("ctx.graph.members(system.networks.empty).len()", "0"),
        ("ctx.graph.members(system.deployments.helm.web).map(|n| n.id).join(\", \")", "svc:api, helm:web"),
        ("ctx.graph.members(\"network:none\").len() + ctx.graph.members(()).len()", "0"),
        ("ctx.graph.group(\"network:none\") == ()", "true"),
        ("ctx.graph.group(\"network:prod\") == ctx.graph.group(system.networks.prod)", "true"),
        (
            "ctx.graph.members(\"prod\")",
            "failed: the rule `test/rule` failed: `prod` is not the id of a group, such as `network:prod`; did you mean `network:prod`?",
        ),
        (
            "ctx.graph.members(system.services.api)",
            "failed: the rule `test/rule` failed: expected a network, an owner or a deployment, or an id such as \"network:prod\", found a value of type `Service`",
        ),
    ]);
}

#[test]
fn a_resource_has_the_owners_of_its_services() {
    says(&[
        ("ctx.graph.node(\"rds:orders\").owner", "pay"),
        ("ctx.graph.owner(system.services.api)", "web"),
        ("ctx.graph.node(\"s3:photos\").owner == ()", "true"),
        ("ctx.graph.node(\"s3:photos\").owners.join(\", \")", "web, pay"),
        ("ctx.graph.owners(system.services.orders.bindings()[1]).len()", "2"),
        ("ctx.graph.owner(()) == () && ctx.graph.owners(\"svc:none\").is_empty()", "true"),
    ]);
}

#[test]
fn an_id_that_the_document_does_not_have_is_absent_and_no_id_is_an_error() {
    says(&[
        (
            "ctx.graph.node(\"svc:none\") == () && ctx.graph.node(\"rds:none\") == () && ctx.graph.node(()) == ()",
            "true",
        ),
        ("ctx.graph.path(\"svc:none\", \"svc:api\").len() + ctx.graph.reachable(\"svc:none\").len()", "0"),
        (
            "ctx.graph.node(\"api\")",
            "failed: the rule `test/rule` failed: `api` is not the id of a node, such as `svc:api`; did you mean `svc:api`?",
        ),
        (
            "ctx.graph.reachable(\"svcapi\")",
            "failed: the rule `test/rule` failed: `svcapi` is not the id of a node, such as `svc:api`; did you mean `svc:api`?",
        ),
        (
            "ctx.graph.node(7)",
            "failed: the rule `test/rule` failed: expected a service, a resource or a deployment, or an id such as \"svc:api\", found a value of type `i64`",
        ),
    ]);
}

#[test]
fn endpoints_are_public_as_far_as_the_document_tells() {
    says(&[
        ("ctx.graph.public_endpoints(system.services.gateway).map(|e| e.port).join(\", \")", "443"),
        ("ctx.graph.public_endpoints(\"svc:api\").len() + ctx.graph.public_endpoints(\"s3:photos\").len()", "0"),
    ]);
}

#[test]
fn lists_are_grouped_and_joined_by_key() {
    says(&[
        ("system.services.group_by(|s| s.owner).web.map(|s| s.key()).join(\", \")", "api, gateway"),
        ("[3, 1, 3].group_by(|n| n > 2).keys().join(\", \")", "false, true"),
        ("[1, 2].group_by(|n| ()).len()", "0"),
        (
            "system.services.join(system.owners, |s| s.owner, |o| o.key()).map(|p| `${p.left.key()}: ${p.right.name}`).join(\", \")",
            "api: Web, gateway: Web",
        ),
        ("[1, 2].join([2, 2, 3], |a| a, |b| b).len()", "2"),
        ("[1, ()].join([()], |a| a, |b| b).len()", "0"),
        ("[1, true, \"x\"].join(\"-\")", "1-true-x"),
        ("[2, 1, 2, \"1\"].unique().join(\", \")", "2, 1"),
        ("[[1], [], 2, system.services.gateway.exposes.map(|e| e.port)].flatten().join(\", \")", "1, 2, 9090, 443"),
        ("[system.services.gateway.exposes, system.services.api.exposes].flatten().len()", "2"),
        ("().group_by(|s| s).len() + ().flatten().len() + ().unique().len()", "0"),
        (
            "[1].group_by(|n| [n])",
            "failed: the rule `test/rule` failed: a key of `group_by` must be a text, a number or a boolean, found a value of type `array`",
        ),
        (
            "(7).unique()",
            "failed: the rule `test/rule` failed: `unique` is for lists and maps, found a value of type `i64`",
        ),
    ]);
}

#[test]
fn versions_are_read_leniently_and_compared_by_the_rules() {
    says(&[
        (
            "{ let v = semver(\"v3.1.4-rc.1+b7\"); `${v.major} ${v.minor} ${v.patch} ${v.pre} ${v.build}` }",
            "3 1 4 rc.1 b7",
        ),
        ("semver(\"v3\").minor + semver(\"3.7\").minor", "7"),
        (
            "semver(\"~> 3.0\") == () && semver(\"latest\") == () && semver(()) == () && semver(\"1.2.3.4\") == ()",
            "true",
        ),
        ("\"3.0.1\".satisfies(\">=3\") && \"v4\".satisfies(\">=3\") && !\"2.9\".satisfies(\">=3\")", "true"),
        ("().satisfies(\">=3\") || \"x\".satisfies(\">=3\") || \"3.0.0-rc.1\".satisfies(\">=3\")", "false"),
        (
            "\"1\".satisfies(\"three\")",
            "failed: the rule `test/rule` failed: expected versions such as `>=3` or `^1.2`, found `three`",
        ),
    ]);
}

#[test]
fn joins_and_groups_are_bounded() {
    for body in [
        "let a = []; a.pad(5_000, 1); let b = a; a.join(b, |x| x, |y| y);",
        "let a = []; a.pad(1_000, [1, 2]); let i = 0; while i < 1_000 { a = [a, a].flatten(); i += 1; }",
        "let a = []; a.pad(150_000, 1); let i = 0; a.map(|x| { i += 1; i }).group_by(|x| x);",
        "let a = []; a.pad(20_000, \"a text of thirty characters....\"); let i = 0; while i < 99 { a.join(\", \"); i += 1; let b = a.join(\", \") + a.join(\"; \"); }",
    ] {
        let asked = ask(body, &shop());
        let failed = asked.failed.expect(body).finding.message;
        assert!(failed.contains("(limit `"), "{body}: {failed}");
    }
}

#[test]
fn a_finding_stands_at_an_edge_and_has_a_severity_of_its_own() {
    let body = "ctx.report(ctx.graph.outgoing(\"svc:gateway\")[0], \"a\").severity(\"info\");\n\
                ctx.report(ctx.graph.incoming(\"s3:photos\")[1], \"b\").related(ctx.graph.outgoing(\"helm:web\")[0], \"c\");";
    let asked = ask(body, &system());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    let found: Vec<_> =
        asked.diagnostics.iter().map(|found| (found.place.pointer().unwrap().as_str(), found.severity)).collect();
    assert_eq!(
        found,
        [("/services/gateway/connections/api", Severity::Info), ("/services/orders/aws/s3/0", Severity::Error)]
    );
    assert!(matches!(asked.diagnostics[0].place, Place::Key(_)));
    let related = &asked.diagnostics[1].related[0].place;
    assert_eq!(related.pointer().unwrap().as_str(), "/deployments/helm/web/services/0");
    let wrong = ask("ctx.report(system, \"a\").severity(\"eror\");", &system()).failure().3;
    assert!(
        wrong.ends_with("expected a severity, `error`, `warning` or `info`, found `eror`; did you mean `error`?"),
        "{wrong}"
    );
}

#[test]
fn a_severity_that_a_project_sets_is_stronger_than_that_of_a_finding() {
    let script =
        || check("ctx.report(system, \"a\").severity(\"info\"); ctx.report(system, \"b\");", ScriptLimits::default());
    let severities = |setting: Option<SeveritySetting>| {
        let mut policy = Policy::built_in();
        assert!(policy.add(Box::new(script())).is_ok());
        setting.iter().for_each(|setting| policy.set_severity("test/rule", *setting).unwrap());
        let loaded = spec_engine::load::load(&Source::new("x.json", system().to_string().into()));
        let found = policy.check(loaded.system.as_ref(), Vec::new(), Scope::All).findings.into_iter();
        found.filter(|found| found.rule.as_str() == "test/rule").map(|found| found.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities(None), [Severity::Info, Severity::Error]);
    assert_eq!(severities(Some(SeveritySetting::On(Severity::Warning))), [Severity::Warning; 2]);
    assert_eq!(severities(Some(SeveritySetting::Off)), []);
}

/// Every document that the repository has: the examples, and the fixtures that can be read, right or wrong.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

#[test]
fn the_examples_run_over_every_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("examples/rules");
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rhai") {
            sources.push(source(path.to_str().unwrap(), &std::fs::read_to_string(&path).unwrap()));
        }
    }
    let mut policy = Policy::built_in();
    for script in sources.iter().filter(|script| !file_name(script.name()).starts_with('_')) {
        let script = Script::read(script.clone(), &sources[..], ScriptLimits::default());
        assert!(policy.add(Box::new(script.unwrap_or_else(|failed| panic!("{}", failed[0].finding.message)))).is_ok());
    }
    let (mut found, mut read, mut failed) = (Vec::new(), 0, String::new());
    documents(&root.join("examples"), &mut found);
    documents(&root.join("tests/fixtures"), &mut found);
    for path in found {
        let loaded = spec_engine::load::load(&Source::new("x.json", std::fs::read(&path).unwrap()));
        let Some(system) = loaded.system else { continue };
        read += 1;
        for failure in policy.check(Some(&system), Vec::new(), Scope::All).failed {
            let _ = writeln!(failed, "{}: {}", path.display(), failure.finding.message);
        }
    }
    assert!(read > 100, "{read}");
    assert_eq!(failed, "");
}
