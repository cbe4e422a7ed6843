//! What a team puts into its pull requests: many documents at once, its own severities, exceptions and a baseline.

use crate::support::workspace::{PAYMENTS, Workspace};

/// A document with one warning of `unknown-owner`, at line 1.
fn owned_by(owner: &str) -> String {
    format!(
        r#"{{"name": "s", "owners": {{"team": {{"name": "Team"}}}}, "services": {{
  "a": {{"owner": "{owner}", "image": {{"name": "a"}}}}
}}}}"#
    )
}

/// Asks for the findings of one rule, so that other rules do not tell on a test.
fn findings(workspace: &Workspace, arguments: &[&str], rule: &str) -> Vec<String> {
    let ran = workspace.run(&[&["validate", "--output", "compact"], arguments].concat());
    ran.stdout.lines().filter(|line| line.contains(&format!("[{rule}]"))).map(str::to_owned).collect()
}

#[test]
fn every_document_of_a_folder_is_checked() {
    let workspace = Workspace::new();
    workspace
        .write("a.json", owned_by("tema"))
        .write("sub/b.json", owned_by("x"))
        .write("sub/package.json", r#"{"name": "p"}"#);
    workspace.write("node_modules/c.json", owned_by("x")).write(".hidden/d.json", owned_by("x"));
    workspace.write(".gitignore", "out/\n").write("out/e.json", owned_by("x"));
    workspace.write("sub/broken.json", r#"{"services": {"a": {"image": {"name": "i"}}"#);
    let found = findings(&workspace, &["."], "unknown-owner");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a.json:2:18: ") && found[1].starts_with("sub/b.json:2:18: "), "{found:?}");
    assert_eq!(findings(&workspace, &["."], "invalid-json").len(), 1);
    let utf16: Vec<u8> = "\u{feff}{\"services\": {}}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    workspace.write("doubtful/utf16.json", utf16).write("doubtful/empty.json", "").write("doubtful/cut.json", "{\"na");
    workspace.write("doubtful/typo.json", r#"{"name": "y", "service": {}}"#).write("doubtful/package.json", "{}");
    let doubtful = workspace.run(&["validate", "doubtful", "--output", "compact"]).ends(1).stdout;
    for name in ["utf16", "empty", "cut", "typo"] {
        assert!(doubtful.contains(&format!("doubtful/{name}.json:")), "{name}: {doubtful}");
    }
    assert!(!doubtful.contains("package.json"), "{doubtful}");
    workspace.run(&["validate", "doubtful"]).ends(1).says("1 other .json file ");
    let json = workspace.run(&["validate", "doubtful", "--output", "json"]).ends(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["others"], serde_json::json!(["doubtful/package.json"]));
    std::fs::remove_dir_all(workspace.path().join("doubtful")).unwrap();
    assert_eq!(findings(&workspace, &["sub", "a.json"], "unknown-owner").len(), 2);
    let piped = workspace.run_with_stdin(&["validate", "a.json", "-", PAYMENTS], owned_by("x").as_bytes());
    piped.says("a.json").says("<stdin>").says("payments-platform");
    workspace.write("empty/package.json", "{}");
    workspace.run(&["validate", "empty"]).ends(2).says("there is no system-spec document in empty").says("1 other");
}

#[test]
fn a_project_names_its_documents() {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "documents = [\"systems/**/*.json\", \"old.spec\"]\n");
    for path in ["systems/a.json", "systems/deep/b.json", "old.spec", "fixtures/c.json"] {
        workspace.write(path, owned_by("x"));
    }
    workspace.write("systems/not-yet.json", "{}");
    for arguments in [&[][..], &["."]] {
        let found = findings(&workspace, arguments, "unknown-owner");
        let files: Vec<&str> = found.iter().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(files, ["old.spec", "systems/a.json", "systems/deep/b.json"]);
        let ran = workspace.run(&[&["validate", "--output", "compact"], arguments].concat());
        assert!(ran.stdout.contains("systems/not-yet.json:"), "{ran:?}");
    }
    workspace.run(&["validate", "fixtures"]).ends(2).says("`documents`");
    workspace.run(&["validate", "fixtures/c.json"]).ends(0);
    workspace.write("spec-engine.toml", "documents = [\"systems/[.json\"]\n");
    workspace.run(&["validate"]).ends(2).says("spec-engine.toml").says("`systems/[.json` is not a pattern");
}

#[test]
fn warnings_fail_as_the_arguments_say() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x"));
    let other_rules_off =
        ["unpinned-image", "mutable-tag", "isolated-service", "missing-exposes"].map(|rule| format!("{rule}=off"));
    let arguments = |more: &[&'static str]| {
        let mut arguments = vec!["validate", "s.json"];
        arguments.extend_from_slice(more);
        arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>()
    };
    for (more, status) in [
        (&[][..], 0),
        (&["--strict"], 1),
        (&["--max-warnings", "1"], 0),
        (&["--max-warnings", "0"], 1),
        (&["--strict", "--max-warnings", "1"], 0),
        (&["--rule", "unknown-owner=error"], 1),
        (&["--strict", "--rule", "unknown-owner=info"], 0),
        (&["--strict", "--rule", "unknown-owner=off"], 0),
    ] {
        let mut arguments = arguments(more);
        for off in &other_rules_off {
            arguments.extend(["--rule".to_owned(), off.clone()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        workspace.run(&arguments).ends(status);
    }
    workspace.run(&["lint", "s.json", "--strict"]).ends(0).says("warning[unknown-owner]");
    workspace.run(&["lint", "s.json", "--rule", "unknown-owner=error"]).ends(1);
    workspace.run(&["validate", "s.json", "--rule", "unknown-ownr=off"]).ends(2).says("did you mean `unknown-owner`?");
    workspace.run(&["validate", "s.json", "--rule", "unknown-owner=of"]).ends(2).says("off");
}

#[test]
fn the_project_file_sets_severities_and_parameters() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x"));
    workspace.write("spec-engine.toml", "[rules]\nunknown-owner = \"error\"\n");
    workspace.run(&["validate", "s.json"]).ends(1).says("error[unknown-owner]");
    workspace.run(&["rules", "explain", "unknown-owner"]).ends(0).says("(warning; here: error)");
    workspace.write(
        "spec-engine.toml",
        "[rules]\nunknown-owner = { severity = \"off\" }\nmutable-tag = { tags = [\"x\"] }\n",
    );
    assert!(findings(&workspace, &["s.json"], "unknown-owner").is_empty());
    workspace.run(&["rules", "explain", "mutable-tag"]).ends(0).says("here: [\"x\"]");
}

#[test]
fn groups_and_tags_of_rules_are_set_and_a_narrower_setting_is_stronger() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("team"));
    let rule = |id: &str, tags: &str| {
        format!(
            "const RULE = #{{ id: \"{id}\", tags: [{tags}], description: \"d\" }};\nfn check(system, ctx) {{ ctx.report(system, \"x\"); }}\n"
        )
    };
    workspace.write(".spec-engine/rules/a.rhai", rule("plat/a", ""));
    workspace.write(".spec-engine/rules/b.rhai", rule("plat/net/b", "\"security\""));
    workspace.write(".spec-engine/rules/c.rhai", rule("plat/net/c", ""));
    workspace.write(".spec-engine/rules/d.rhai", rule("web/d", "\"security\""));
    let severities = |rules: &str, arguments: &[&str]| {
        workspace.write("spec-engine.toml", format!("[rules]\n{rules}"));
        let arguments = [&["validate", "s.json", "--output", "compact"], arguments].concat();
        let printed = workspace.run(&arguments).stdout;
        let lines = printed.lines().filter(|line| line.ends_with(": x")).filter_map(|line| line.split(' ').nth(1));
        let mut found: Vec<_> = lines.map(|line| line.trim_end_matches(':').to_owned()).collect();
        found.sort_by_key(|found| found.split('[').nth(1).map(str::to_owned));
        found
    };
    assert_eq!(
        severities(
            "\"plat/net/c\" = \"info\"\n\"tag:security\" = \"error\"\n\"plat/net/*\" = { severity = \"off\" }\n\"plat/*\" = \"warning\"\n",
            &[]
        ),
        ["warning[plat/a]", "error[plat/net/b]", "info[plat/net/c]", "error[web/d]"]
    );
    assert_eq!(
        severities("\"plat/a\" = \"info\"\n", &["--rule", "plat/*=off", "--rule", "tag:security=info"]),
        ["info[plat/net/b]", "info[web/d]"]
    );
    workspace
        .run(&["validate", "s.json", "--rule", "plet/*=off"])
        .ends(2)
        .says("--rule plet/*: no rule is in the group `plet/*`")
        .says("did you mean `plat/*`?");
    workspace
        .run(&["validate", "s.json", "--rule", "tag:securty=off"])
        .ends(2)
        .says("no rule has the tag `securty`")
        .says("did you mean `tag:security`?");
    workspace
        .run(&["validate", "s.json", "--rule", "*=off"])
        .ends(2)
        .says("`*` is not a group of rules")
        .says("such as \"acme/*\"");
}

#[test]
fn every_mistake_of_a_setting_is_found_at_its_place() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("team"));
    let file = include_str!("validate/mistakes.toml");
    workspace.write("spec-engine.toml", file);
    let found = workspace.run(&["validate", "s.json", "--output", "compact"]).ends(2).stdout;
    let found: Vec<&str> = found.lines().filter(|line| line.starts_with("spec-engine.toml")).collect();
    insta::assert_snapshot!("validate-mistakes", found.join("\n"));
    let marked = file.lines().enumerate().filter(|(_, line)| line.contains("# wrong")).map(|(index, _)| index + 1);
    for line in marked {
        assert!(found.iter().any(|found| found.starts_with(&format!("spec-engine.toml:{line}:"))), "line {line}");
    }
}

#[test]
fn an_exception_accepts_a_finding_and_is_reported_when_it_is_not_needed() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x"));
    let exception = |at: &str, more: &str| {
        format!("[[exceptions]]\nrule = \"unknown-owner\"\nat = \"{at}\"\nreason = \"they join in May\"\n{more}\n")
    };
    workspace.write("spec-engine.toml", exception("/services/*/owner", "until = 2999-01-01"));
    assert!(findings(&workspace, &["s.json"], "unknown-owner").is_empty());
    assert!(findings(&workspace, &["s.json"], "unused-exception").is_empty());
    workspace.write("spec-engine.toml", exception("/services/b/owner", ""));
    assert_eq!(findings(&workspace, &["s.json"], "unknown-owner").len(), 1);
    let unused = findings(&workspace, &["s.json"], "unused-exception");
    assert!(unused[0].starts_with("spec-engine.toml:1:1: warning"), "{unused:?}");
    workspace.write("spec-engine.toml", exception("/services/*/owner", "document = \"other.json\""));
    assert_eq!(findings(&workspace, &["s.json"], "unknown-owner").len(), 1);
    assert!(
        findings(&workspace, &["s.json"], "unused-exception").is_empty(),
        "it is about a document that was not checked"
    );
    workspace.write("spec-engine.toml", exception("/services/*/owner", "until = 2001-01-01"));
    workspace.run(&["validate", "s.json"]).ends(1).says("error[expired-exception]").says("warning[unknown-owner]");
}

#[test]
fn a_baseline_accepts_what_is_there_and_forgets_what_is_gone() {
    let workspace = Workspace::new();
    let file = workspace.path().join("spec-engine.baseline.json");
    workspace.write("s.json", owned_by("x"));
    let run = |arguments: &[&str]| workspace.run(&[&["validate", "s.json", "--strict"], arguments].concat());
    run(&[]).ends(1);
    run(&["--baseline"]).ends(2).says("there is no baseline").says("--update-baseline");
    run(&["--baseline", "--update-baseline"]).ends(0).says("spec-engine.baseline.json accepts");
    run(&["--baseline"]).ends(0);
    run(&[]).ends(1);

    workspace.write(
        "s.json",
        owned_by("x").replace(
            "\"a\": {\"owner\"",
            "\n\n\"b\": {\"owner\": \"y\", \"image\": {\"name\": \"b\"}},\n\"a\": {\"owner\"",
        ),
    );
    let new = run(&["--baseline"]).ends(1);
    assert!(
        new.stdout.contains("`b` has the unknown owner `y`") && !new.stdout.contains("`a` has the unknown owner `x`"),
        "{new:#?}"
    );
    workspace.write("s.json", owned_by("team"));
    run(&["--baseline"]).says("removed 1 finding from the baseline");
    assert!(!std::fs::read_to_string(&file).unwrap().contains("unknown-owner"), "it is forgotten");
    workspace.write("s.json", owned_by("x"));
    run(&["--baseline"]).ends(1).says("unknown-owner");
    run(&["--update-baseline"]).ends(0);
    run(&["--baseline"]).ends(0);
    run(&["--baseline=other.json", "--update-baseline"]).ends(0).says("other.json accepts");

    workspace.write("spec-engine.baseline.json", "[]");
    run(&["--baseline"]).ends(2).says("spec-engine.baseline.json is not a baseline");
    workspace.write("s.json", "{");
    std::fs::remove_file(&file).unwrap();
    run(&["--update-baseline"]).ends(1).says("invalid-json");
    run(&["--baseline"]).ends(1).says("invalid-json");
}

#[test]
fn a_baseline_knows_a_document_by_its_file() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x")).write("sub/x", "");
    let run = |paths: &[&str]| workspace.run(&[&["validate", "--strict"], paths].concat());
    run(&["s.json", "--update-baseline"]).ends(0);
    let whole = workspace.path().join("s.json");
    for path in ["./s.json", "sub/../s.json", whole.to_str().unwrap()] {
        run(&[path, "--baseline"]).ends(0);
    }
    std::fs::rename(&whole, workspace.path().join("t.json")).unwrap();
    run(&["t.json", "--baseline"]).ends(1).says("3 findings of s.json, which is not there");
    run(&["t.json", "--update-baseline"]).ends(0);
    run(&["t.json", "--baseline"]).ends(0);
    assert!(!std::fs::read_to_string(workspace.path().join("spec-engine.baseline.json")).unwrap().contains("s.json"));
}

#[test]
fn drawing_knows_what_the_project_accepts() {
    let workspace = Workspace::new();
    workspace.write("s.json", r#"{"name": "s", "services": {"a": {"image": {"name": "a"}, "connections": {"b": {"port": 1, "protocol": "x"}}}}}"#);
    workspace.run(&["render", "s.json", "--plugin", "d2"]).ends(1).says("unknown-connection-target");
    workspace
        .write("spec-engine.toml", "[rules]\nunknown-connection-target = \"warning\"\nunknown-owner = \"error\"\n");
    workspace.run(&["render", "s.json", "--plugin", "d2"]).ends(0);
}

#[test]
fn a_new_rule_passes_its_tests_and_runs_where_it_was_written() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("team"));
    workspace.run(&["rules", "new", "acme/image-digest"]).ends(0).says(".spec-engine/rules/image-digest.rhai");
    workspace.run(&["rules", "new", "acme/image-digest"]).ends(2).says("exists, and nothing was written");
    workspace.run(&["rules", "new", "Image Digest"]).ends(2).says("acme/image-digest");
    workspace.run(&["rules", "test"]).ends(0).says("test result: ok. 4 passed; 0 failed");
    assert_eq!(findings(&workspace, &["s.json"], "acme/image-digest").len(), 1);
    workspace.run(&["rules", "list"]).ends(0).says("acme/image-digest").says("(.spec-engine/rules/image-digest.rhai)");
    workspace.run(&["rules", "explain", "acme/image-digest"]).ends(0).says("`shortest` (integer, 10)");
    workspace.write("spec-engine.toml", "[rules]\n\"acme/image-digest\" = { severity = \"error\", shortest = 0 }\n");
    assert!(findings(&workspace, &["s.json"], "acme/image-digest").is_empty());
    workspace.write("spec-engine.toml", "[rules]\n\"acme/image-digest\" = { shortst = 0 }\n");
    workspace.run(&["validate", "s.json"]).ends(2).says("did you mean `shortest`?");
}

#[test]
fn every_rule_is_tried_on_systems_of_every_kind() {
    let workspace = Workspace::new();
    let rule = |body: &str| {
        format!("const RULE = #{{ id: \"acme/x\", description: \"x\" }};\nfn service(svc, ctx) {{\n    {body}\n}}")
    };
    workspace.write("rules/x.rhai", rule("if svc.exposes[0].port + 1 > 1024 { ctx.report(svc, \"high\"); }"));
    let ran = workspace.run(&["rules", "test", "rules"]).ends(1);
    let ran = ran.says("rule rules/x.rhai has no tests: write rules/x.test.json").says("5 example systems ... FAILED");
    ran.says("the rule fails on one-service").says("rules/x.rhai:3:").says("0 passed; 1 failed; 1 rule without tests");
    workspace.write("rules/x.rhai", rule("if svc.exposes.some(|e| e.port + 1 > 1024) { ctx.report(svc, \"high\"); }"));
    workspace.run(&["rules", "test", "rules"]).ends(0).says("5 example systems ... ok");
    workspace.write("rules/x.rhai", rule("if svc.owner == MOST { }"));
    let ran = workspace.run(&["rules", "test", "rules"]).ends(1);
    ran.says("syntax error: Undefined variable: MOST").says("rules/x.rhai:3:").says("declare it with `let`");
}

#[test]
fn the_tests_of_a_rule_say_what_is_wrong() {
    let workspace = Workspace::new();
    workspace.run(&["rules", "new", "acme/x", "--folder", "rules"]).ends(0);
    let test = std::fs::read_to_string(workspace.path().join("rules/x.test.json")).unwrap();
    workspace.write("rules/x.test.json", test.replace("/services/api/description", "/services/api/image"));
    let ran = workspace.run(&["rules", "test", "rules"]).ends(1);
    let ran = ran.says("expected and not reported: warning at `/services/api/image`");
    ran.says("reported and not expected: warning at `/services/api/description`")
        .says("test result: FAILED. 3 passed; 1 failed");
    workspace.write("rules/x.test.json", r#"{"cases": [{"name": "quiet", "patch": {"services": {"api": {"description": "long enough"}}}, "expect": []}]}"#);
    workspace
        .run(&["rules", "test", "rules"])
        .ends(0)
        .says("rules/x.rhai:15:13: no case makes this call of report fire");
    workspace.write("rules/x.test.json", "{}");
    workspace.run(&["rules", "test", "rules"]).ends(1).says("rules/x.test.json: expected an array `cases`");
    std::fs::remove_file(workspace.path().join("rules/x.test.json")).unwrap();
    workspace
        .run(&["rules", "test", "rules"])
        .ends(0)
        .says("has no tests: write rules/x.test.json")
        .says("1 rule without tests");
    workspace.run(&["rules", "test", "nothing"]).ends(2).says("there are no rules at nothing");
}

#[test]
fn a_check_finds_what_no_test_reaches() {
    let workspace = Workspace::new();
    workspace.run(&["rules", "new", "acme/x"]).ends(0);
    workspace.run(&["rules", "check"]).ends(0).says(".spec-engine/rules/x.rhai: no findings");
    let rule = "const RULE = #{ id: \"acme/y\", description: \"y\" };\n\
                fn service(svc, ctx) {\n    if svc.owner == \"never\" { ctx.report(svc.imgae, \"x\"); }\n}\n";
    workspace.write(".spec-engine/rules/y.rhai", rule);
    let ran = workspace.run(&["rules", "check"]).ends(1).says("no field `imgae` on Service");
    ran.says("y.rhai:3:46").says("did you mean `image`?").says(".spec-engine/rules/x.rhai: no findings");
    workspace
        .run(&["rules", "check", ".spec-engine/rules/y.rhai", "--output", "compact"])
        .ends(1)
        .says(".spec-engine/rules/y.rhai:3:46: error[failed-rule]: no field `imgae` on Service");
    let json = workspace.run(&["rules", "check", "--output", "json"]).ends(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["summary"]["errors"], &json["documents"][1]["kind"]), (&1.into(), &"script".into()));
    workspace.run(&["rules", "test"]).ends(1).says("no field `imgae` on Service").says("5 passed; 1 failed");
    workspace.run(&["rules", "check", "nothing"]).ends(2).says("there are no rules at nothing");
}

#[test]
fn a_rule_that_fails_is_a_finding_and_the_others_go_on() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x"));
    let rule = |id: &str, body: &str| {
        format!(
            "const RULE = #{{ id: \"{id}\", severity: \"warning\", description: \"d\" }};\nfn service(svc, ctx) {{\n    {body}\n}}\n"
        )
    };
    workspace.write("rules/loops.rhai", rule("acme/loops", "loop { }"));
    workspace.write("rules/slips.rhai", rule("acme/slips", "ctx.report(svc.imgae, \"never\");"));
    workspace.write("rules/works.rhai", rule("acme/works", "ctx.report(svc.image, \"here\");"));
    workspace.write("rules/broken.rhai", "const RULE = #{");
    workspace.write("rules/_shared.rhai", "fn unused() {}");
    let arguments =
        ["validate", "s.json", "--rules", "rules", "--output", "compact", "--rule-limit", "operations=100K"];
    let ran = workspace.run(&arguments).ends(2);
    for (file, line, says) in [
        ("loops.rhai", 3, "operations"),
        ("slips.rhai", 3, "no field `imgae` on Service; did you mean `image`?"),
        ("broken.rhai", 1, "syntax error"),
    ] {
        let of_file = ran.stdout.lines().find(|found| found.starts_with(&format!("rules/{file}:{line}:")));
        let of_file = of_file.unwrap_or_else(|| panic!("{file}:{line} is not in {ran:#?}"));
        assert!(of_file.contains("error[failed-rule]") && of_file.contains(says), "{of_file}");
    }
    assert!(
        ran.stdout.contains("warning[acme/works]: here") && ran.stdout.contains("warning[unknown-owner]"),
        "{ran:#?}"
    );
    workspace
        .run(&["validate", "s.json", "--rules", "rules", "--rule-limit", "operatons=1"])
        .ends(2)
        .says("operations");
}

#[test]
fn the_first_rule_of_an_id_wins() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("team"));
    let rule = |message: &str| {
        format!(
            "const RULE = #{{ id: \"acme/one\", severity: \"info\", description: \"{message}\" }};\nfn check(system, ctx) {{ ctx.report(system, \"{message}\"); }}\n"
        )
    };
    workspace.write(".spec-engine/rules/one.rhai", rule("of the project"));
    workspace.write("given/one.rhai", rule("of the command line"));
    workspace.write("home/config/spec-engine/rules/one.rhai", rule("of the user"));
    let ran = workspace.run(&["validate", "s.json", "--rules", "given"]).says("info[acme/one]: of the command line");
    assert!(!ran.stdout.contains("of the project") && !ran.stdout.contains("of the user"), "{ran:#?}");
    workspace.run(&["validate", "s.json"]).says("info[acme/one]: of the project");
    let listed = workspace.run(&["rules", "list", "--rules", "given"]).ends(0);
    listed.says("(given/one.rhai), shadows .spec-engine/rules/one.rhai");
}

#[test]
fn reports_are_written_into_files_beside_what_is_printed() {
    let workspace = Workspace::new();
    workspace.write("s.json", owned_by("x"));
    let arguments = ["validate", "s.json", "--report", "sarif=out/x.sarif", "--report", "compact=x.txt"];
    workspace.run(&arguments).ends(0).says("warning[unknown-owner]");
    let sarif: serde_json::Value =
        serde_json::from_slice(&std::fs::read(workspace.path().join("out/x.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let compact = std::fs::read_to_string(workspace.path().join("x.txt")).unwrap();
    assert!(compact.contains("s.json:2:18: warning[unknown-owner]"), "{compact}");
    workspace.run(&["validate", "s.json", "--report", "sarf=x"]).ends(2).says("sarif");
}
