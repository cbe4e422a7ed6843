//! Rules that are pinned: they run as they were pinned, or not.

use super::{files, lock, sum};
use crate::support::workspace::{PAYMENTS, Workspace};

const RULE: &str = "import \"_words\" as words;\nconst RULE = #{ id: \"acme/r\", description: \"c\" };\n\
                    fn check(system, ctx) { ctx.report(system, words::text()); }\n";

fn pinned() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    workspace.write("r/r.rhai", RULE).write("r/_words.rhai", "fn text() { \"as pinned\" }");
    workspace.write("r/_other.rhai", "").write("r/r.test.json", "{\"cases\": []}");
    workspace.run(&["plugins", "add", "r/r.rhai"]).ends(0).says("added r, rule: c");
    workspace
}

fn validate(workspace: &Workspace, status: i32) -> String {
    let ran = workspace.run(&["validate", "s.json"]).ends(status);
    [ran.stdout, ran.stderr].concat()
}

#[test]
fn a_rule_is_pinned_with_its_tests_and_what_it_imports() {
    let workspace = pinned();
    let own: Vec<String> = files(&workspace).into_iter().filter(|file| file.starts_with(".spec-engine")).collect();
    let rules = ["_words.rhai", "r.rhai", "r.test.json"].map(|file| format!(".spec-engine/rules/{file}"));
    assert_eq!(own, rules);
    assert!(lock(&workspace).contains(&format!("\".spec-engine/rules/r.rhai\" = \"{}\"", sum(RULE.as_bytes()))));
    assert!(validate(&workspace, 1).contains("as pinned"));
    // Rules of the project's own need no pin.
    workspace.write(".spec-engine/rules/mine.rhai", RULE.replace("acme/r", "acme/mine"));
    let verified = workspace.run(&["plugins", "verify"]).ends(0).says("1 plugin: every file is as pinned");
    assert!(!verified.stdout.contains("mine"), "{verified:?}");
    workspace.run(&["plugins", "remove", "r"]).ends(0).says("r is not pinned any more");
    assert!(!workspace.path().join(".spec-engine/rules/r.rhai").exists());
    workspace.run(&["plugins", "add", "r/r.rhai", "--name", "other"]).ends(0).says("other.rhai");
}

#[test]
fn a_rule_that_changed_does_not_run() {
    let changed = RULE.replace("words::text()", "\"changed\"");
    for (file, content) in [("r.rhai", changed.as_str()), ("_words.rhai", "fn text() { \"changed\" }")] {
        let workspace = pinned();
        workspace.write(&format!(".spec-engine/rules/{file}"), content);
        let said = validate(&workspace, 2);
        assert!(said.contains("the rule `r` does not run: it differs from the one that was pinned"), "{said}");
        assert!(said.contains("restore it, or pin it as it is, if you trust it"), "{said}");
        workspace.run(&["plugins", "verify"]).ends(1).says("CHANGED");
        std::fs::remove_file(workspace.path().join(".spec-engine/rules").join(file)).unwrap();
        let said = validate(&workspace, 2);
        assert!(said.contains("the rule `r` does not run: it is pinned, and this file of it is missing"), "{said}");
        workspace.run(&["plugins", "verify"]).ends(1).says("MISSING");
    }
}

#[test]
fn nothing_runs_in_the_place_of_a_pinned_rule() {
    // A file of its name.
    let workspace = pinned();
    workspace.write("tools/r.rhai", RULE.replace("words::text()", "\"another\""));
    workspace.write("spec-engine.toml", "scripts = [\"tools\"]\n");
    let said = validate(&workspace, 2);
    assert!(
        said.contains("it is pinned, and this file of the same name is not") && said.contains("as pinned"),
        "{said}"
    );
    workspace.run(&["plugins", "verify"]).ends(1).says("NOT PINNED");
    // A rule of its id.
    let workspace = pinned();
    let another = "const RULE = #{ id: \"acme/r\", description: \"c\" };\nfn check(system, ctx) { ctx.report(system, \"another\"); }";
    workspace.write("tools/first.rhai", another).write("spec-engine.toml", "scripts = [\"tools\"]\n");
    let said = validate(&workspace, 1);
    assert!(said.contains("as pinned") && !said.contains("another"), "{said}");
}

#[test]
fn what_is_no_rule_is_not_added() {
    let workspace = Workspace::new();
    workspace.write("no.rhai", "fn check(system, ctx) {}").write("bad.rhai", "const RULE = #{").write("_part.rhai", "");
    for (file, said) in [
        ("no.rhai", "the script has no `const RULE"),
        ("bad.rhai", "bad.rhai is no rule"),
        ("_part.rhai", "there is no plugin file"),
    ] {
        workspace.run(&["plugins", "add", &format!("./{file}")]).ends(2).says(said).says("help");
        assert!(!workspace.path().join("spec-engine.lock").exists() && !workspace.path().join(".spec-engine").exists());
    }
}

#[test]
fn tags_of_the_engine_are_listed_and_set() {
    let workspace = Workspace::new();
    workspace.write("x.json", r#"{"name": "x", "services": {"a": {"image": {"name": "i", "tag": "latest"}}}}"#);
    workspace.run(&["rules", "list"]).ends(0).says("An image has a mutable tag. [images, security]");
    workspace.run(&["rules", "explain", "mutable-tag"]).ends(0).says("Tags: images, security");
    let check = |rule: &str| workspace.run(&["validate", "x.json", "--output", "compact", "--rule", rule]);
    check("tag:security=error").ends(1).says("error[mutable-tag]");
    assert!(!check("tag:images=off").ends(0).stdout.contains("mutable-tag"));
    check("tag:reading=off").ends(2).says("is fixed");
    check("tag:securty=off").ends(2).says("did you mean `tag:security`");
}

#[test]
fn a_pinned_rule_that_changed_is_not_tested() {
    let workspace = Workspace::new();
    workspace.run(&["rules", "new", "acme/web"]).ends(0);
    let rule = workspace.path().join(".spec-engine/rules/web.rhai");
    workspace.write("outside/web.rhai", std::fs::read(&rule).unwrap());
    std::fs::remove_file(&rule).unwrap();
    workspace.run(&["plugins", "add", "outside/web.rhai"]).ends(0);
    workspace.run(&["rules", "test"]).ends(0);
    let text = std::fs::read_to_string(&rule).unwrap();
    std::fs::write(&rule, format!("{text}\n// changed\nprint(\"it ran\");\n")).unwrap();
    for arguments in [&["rules", "test"][..], &["rules", "test", ".spec-engine/rules/web.rhai"], &["rules", "check"]] {
        let ran = workspace.run(arguments).ends(1).says("differs from the one that was pinned");
        assert!(!ran.stdout.contains("it ran"), "{ran:?}");
    }
    std::fs::remove_file(&rule).unwrap();
    workspace.run(&["rules", "test"]).ends(1).says("is pinned, and this file of it is missing");
}
