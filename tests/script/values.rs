//! What the values of a document are to a script.

use spec_engine::limits::ScriptLimits;

use crate::script::asking::{ask, ask_with, read, say, shop};

/// Checks what expressions say.
fn says(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(say(expression, &shop()), *expected, "{expression}");
    }
}

#[test]
fn fields_are_read_by_their_name_in_the_document() {
    says(&[
        ("system.name", "shop"),
        ("system.version ?? \"none\"", "none"),
        ("system.services.api.image.tag", "1.2"),
        ("system.services.api.repo.ref", "main"),
        ("system.services[\"users\"].owner", "payments"),
        ("system.services.nope == ()", "true"),
        ("system.services.api.exposes[0].port", "443"),
        ("system.services.api.aws.subnets[1]", "b"),
        ("system.services.api.azure == ()", "true"),
        ("system.services.api.azure?.subnets ?? \"none\"", "none"),
        ("system.services.lonely.exposes == ()", "true"),
        ("system.services.lonely.exposes.len()", "0"),
        ("system.deployments.terraform.core.source", "./core"),
        ("system.networks.main.rules[0].direction", "inbound"),
    ]);
}

#[test]
fn an_unknown_field_is_an_error_with_a_suggestion() {
    says(&[
        (
            "system.services.api.imgae",
            "failed: the rule `test/rule` failed: no field `imgae` on Service; did you mean `image`?",
        ),
        (
            "system.services.api.image.digets",
            "failed: the rule `test/rule` failed: no field `digets` on ContainerImage; did you mean `digest`?",
        ),
        (
            "system.services.api.aws.rsd",
            "failed: the rule `test/rule` failed: no field `rsd` on aws; did you mean `rds`?",
        ),
        (
            "system.services.api.aws.rds[0].engin",
            "failed: the rule `test/rule` failed: no field `engin` on aws.rds; did you mean `engine`?",
        ),
        (
            "system.services.api.image.at(\"tga\")",
            "failed: the rule `test/rule` failed: no field `tga` on ContainerImage; did you mean `tag`?",
        ),
        (
            "system.services.api.bindings()[0].knid",
            "failed: the rule `test/rule` failed: no field `knid` on binding; did you mean `kind`?",
        ),
    ]);
}

#[test]
fn values_know_where_they_are() {
    says(&[
        ("system.pointer() == \"\"", "true"),
        ("system.services.api.key()", "api"),
        ("system.services.api.pointer()", "/services/api"),
        ("system.services.api.image.parent().key()", "api"),
        ("system.services.api.image.at(\"digest\").pointer()", "/services/api/image/digest"),
        ("system.services.api.image.at(\"digest\").key()", "digest"),
        ("system.services.api.image.at(\"digest\").parent().pointer()", "/services/api/image"),
        ("system.services.api.at(\"repo\").at(\"url\").pointer()", "/services/api/repo/url"),
        ("system.services.lonely.at(\"repo\").at(\"url\").pointer()", "/services/lonely/repo/url"),
        ("system.services.lonely.at(\"repo\").at(\"url\").parent().pointer()", "/services/lonely/repo"),
        ("system.services.api.exposes[-1].key()", "0"),
        ("system.services.api.exposes.at(0).parent().key()", "api"),
        ("system.services.api.aws.subnets.at(1).pointer()", "/services/api/aws/subnets/1"),
        ("system.services.api.aws.rds[0].pointer()", "/services/api/aws/rds/0"),
        ("system.deployments.helm.web.services.at(0).pointer()", "/deployments/helm/web/services/0"),
        ("system.networks.main.rules[0].pointer()", "/networks/main/rules/0"),
        ("system.services.api == system.services[\"api\"]", "true"),
        ("system.services.api == system.services.users", "false"),
    ]);
}

#[test]
fn lists_and_maps_are_walked_and_asked() {
    says(&[
        ("system.services.len()", "3"),
        ("system.services.keys().len()", "3"),
        ("system.services.values()[0].key()", "api"),
        ("\"api\" in system.services", "true"),
        ("\"nope\" !in system.services", "true"),
        ("\"b\" in system.services.api.aws.subnets", "true"),
        ("system.services.api.image.contains(\"digest\")", "false"),
        ("system.services.filter(|s| s.owner == \"web\").map(|s| s.key())[0]", "api"),
        ("system.services.find(|s| s.owner == \"web\").key()", "api"),
        ("system.services.some(|s| s.owner == ())", "true"),
        ("system.services.all(|s| s.owner != ())", "false"),
        ("system.services.map(|s| s.image.name).len()", "3"),
        ("system.services.reduce(|sum, s| sum + s.exposes.len(), 0)", "1"),
        ("system.services.api.aws.subnets.map(|s| s + \"!\")[0]", "a!"),
    ]);
    let asked = ask("for (svc, i) in system.services { ctx.report(svc, `${i} ${svc.key()}`); }", &shop());
    assert_eq!(asked.findings.len(), 3);
    assert_eq!(asked.findings[0], ("/services/api".to_owned(), "0 api".to_owned()));
    let asked = ask("for subnet in system.services.api.aws.subnets { ctx.report(system, subnet); }", &shop());
    assert_eq!(asked.findings.len(), 2);
}

#[test]
fn a_connection_knows_both_ends() {
    says(&[
        ("system.services.api.connections.users.key()", "users"),
        ("system.services.api.connections.users.parent().key()", "api"),
        ("system.services.api.connections.users.source.key()", "api"),
        ("system.services.api.connections.users.target.owner", "payments"),
        ("system.services.api.connections.gone.target == ()", "true"),
        ("system.services.api.connections.users.protocol", "grpc"),
    ]);
}

#[test]
fn a_binding_says_what_the_resource_is() {
    says(&[
        ("system.services.api.bindings().map(|b| b.id)[0]", "rds:payments-db"),
        ("system.services.api.bindings()[0].kind", "database"),
        ("system.services.api.bindings()[0].resource", "aws.rds"),
        ("system.services.api.bindings()[0].provider", "aws"),
        ("system.services.api.bindings()[0].name", "payments-db"),
        ("system.services.api.bindings()[0].protocol", "sql"),
        ("system.services.api.bindings()[0].port", "5432"),
        ("system.services.users.bindings()[0].port", "3306"),
        ("system.services.api.bindings()[0].service.key()", "api"),
        ("system.services.api.bindings()[0].node.engine", "postgres"),
    ]);
}

#[test]
fn the_graph_says_what_depends_on_what() {
    says(&[
        ("ctx.graph.nodes.len()", "6"),
        ("ctx.graph.edges.len()", "7"),
        ("ctx.graph.cycles().map(|c| c.map(|n| n.label))", "[[\"api\", \"users\"]]"),
        ("ctx.graph.reachable(\"svc:api\").map(|n| n.id)", "[\"svc:users\", \"rds:payments-db\", \"svc:api\"]"),
        ("ctx.graph.path(system.services.api, system.services.users).len()", "2"),
        ("ctx.graph.path(\"svc:api\", \"svc:lonely\").len()", "0"),
        ("ctx.graph.dependents(system.services.api.bindings()[0]).map(|n| n.label)", "[\"api\", \"users\", \"core\"]"),
        ("ctx.graph.dependencies(system.services.api).map(|n| n.label)", "[\"users\", \"payments-db\"]"),
        ("ctx.graph.orphans().map(|n| n.id)", "[\"svc:lonely\"]"),
        ("ctx.graph.node(\"rds:payments-db\").node.pointer()", "/services/api/aws/rds/0"),
    ]);
}

#[test]
fn texts_are_matched_and_taken_apart() {
    says(&[
        ("\"abc\".matches(\"^a\")", "true"),
        ("().matches(\"x\")", "false"),
        ("\"ghcr.io/a/b\".glob(\"ghcr.io/*\")", "false"),
        ("\"ghcr.io/a/b\".glob(\"ghcr.io/**\")", "true"),
        ("().glob(\"x\")", "false"),
        ("url(\"https://me:pw@h.example:8443/p\").host", "h.example"),
        ("\"https://me:pw@h.example:8443/p\".url().port", "8443"),
        ("url(\"https://me:pw@h.example/p\").user", "me"),
        ("url(\"no\") == ()", "true"),
        ("url(()) == ()", "true"),
        ("\"10.0.0.0/8\".cidr_contains(\"10.1.1.1\")", "true"),
        ("\"10.0.0.0/8\".cidr_contains(\"11.0.0.0/16\")", "false"),
        ("().cidr_contains(\"10.1.1.1\")", "false"),
        ("\"x\".matches(\"(\")", "failed: the rule `test/rule` failed: invalid pattern `(`: unclosed group"),
        (
            "\"x\".glob(\"[\")",
            "failed: the rule `test/rule` failed: invalid pattern `[`: unclosed character class; missing ']'",
        ),
        (
            "\"x\".cidr_contains(\"10.1.1.1\")",
            "failed: the rule `test/rule` failed: expected a network such as `10.0.0.0/16`, found `x`",
        ),
    ]);
}

#[test]
fn a_finding_has_a_label_help_and_related_places() {
    let body = "ctx.report(system.services.api, \"a\").help(\"b\").label(\"c\").related(system.services.users.image.at(\"tag\"), \"d\")\n\
                .related(ctx.graph.node(\"rds:payments-db\"), \"e\");";
    let asked = ask(body, &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    let finding = &asked.diagnostics[0];
    assert_eq!((finding.help.clone(), finding.label.as_deref()), (Some("b".into()), Some("c")));
    let related: Vec<_> = finding
        .related
        .iter()
        .map(|related| (related.place.pointer().unwrap().as_str(), related.message.as_str()))
        .collect();
    assert_eq!(related, [("/services/users/image/tag", "d"), ("/services/api/aws/rds/0", "e")]);
}

#[test]
fn a_document_cannot_be_changed() {
    let asked = ask("system.services.api.owner = \"me\";", &shop());
    assert_eq!(asked.failure().3, "the rule `test/rule` failed: cannot set `owner`: rules only read the document");
}

#[test]
fn a_finding_needs_a_place() {
    let asked = ask("ctx.report(system.name, \"x\");", &shop());
    let expected =
        "expected a place of the document, such as `svc` or `svc.image.at(\"tag\")`, found the string `shop`";
    assert!(asked.failure().3.ends_with(expected), "{}", asked.failure().3);
}

#[test]
fn a_script_has_constants_and_functions_of_its_own() {
    let script = read(
        "const RULE = #{ id: \"test/rule\", description: \"x\" };\nconst MOST = 1;\n\
         fn name(svc) { `${svc.key()} ${global::MOST}` }\n\
         fn check(system, ctx) { if system.services.len() > global::MOST { ctx.report(system, name(system.services.api)); } }\n\
         fn service(svc, ctx) { if svc.key() == \"api\" { return; } const LOCAL = 1; let x = LOCAL; ctx.report(svc, `${x}`); }\n\
         fn connection(conn, ctx) { ctx.report(conn, conn.key()); }",
        ScriptLimits::default(),
    );
    let asked = ask_with(script, &[], &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed.map(|failed| failed.finding));
    let messages: Vec<_> = asked.findings.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(messages, ["api 1", "1", "1", "gone", "users", "api"]);
}
