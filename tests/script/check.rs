//! `script::check` finds mistakes without running a rule, and none where there are none.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use spec_engine::limits::ScriptLimits;
use spec_engine::rules::RuleFailure;
use spec_engine::script::check::check;
use spec_engine::script::definitions::definitions;
use spec_engine::script::scaffold::scaffold;
use spec_engine::script::{file_name, is_rule_file};
use spec_engine::source::Source;

use crate::script::asking::{failure, source};
use crate::script::guide::{blocks, first_column, guide, with_names};

/// The mistakes of a script with others beside it.
fn mistakes_beside(text: &str, siblings: &[Arc<Source>]) -> Vec<RuleFailure> {
    check(&[(&source("rule.rhai", text), siblings)], &ScriptLimits::default()).remove(0)
}

/// The mistakes of a script, each with its place, its message and its help.
fn mistakes(text: &str) -> Vec<(usize, usize, String, String)> {
    let found = mistakes_beside(text, &[]);
    found
        .iter()
        .map(|failed| {
            let (_, line, column, message) = failure(failed);
            (line, column, message, failed.finding.help.as_ref().map(ToString::to_string).unwrap_or_default())
        })
        .collect()
}

const HEAD: &str = "const RULE = #{ id: \"a/b\", description: \"x\", params: #{ \
    allow: #{ type: \"string[]\", value: [] }, most: #{ type: \"integer\", value: 3 } } };\n";

/// The message and the help of the one mistake in the body of `fn service(svc, ctx)`.
#[track_caller]
fn mistake(body: &str) -> (String, String) {
    let found = mistakes(&format!("{HEAD}fn service(svc, ctx) {{\n{body}\n}}"));
    let [(line, _, message, help)] = &found[..] else { panic!("{body}: {found:#?}") };
    assert_eq!(*line, 3, "{body}: {message}");
    (message.clone(), help.clone())
}

#[track_caller]
fn is_right(body: &str) {
    let found = mistakes(&format!("{HEAD}fn service(svc, ctx) {{\n{body}\n}}"));
    assert_eq!(found, [], "{body}");
}

#[test]
fn names_that_do_not_exist_are_found_on_every_path() {
    for (body, message, help) in [
        ("if svc.owner == \"never\" { svc.imgae.tag }", "no field `imgae` on Service", "did you mean `image`?"),
        ("svc.connections.filter(|c| c.targt == ())", "no field `targt` on Connection", "did you mean `target`?"),
        ("for e in svc.exposes { if e.prot == 80 { } }", "no field `prot` on Endpoint", "did you mean `port`?"),
        ("for (c, i) in svc.connections { c.source.image.tga }", "no field `tga` on ContainerImage", "`tag`"),
        ("let b = svc.bindings(); for one in b { one.nmae }", "no field `nmae` on Binding", "did you mean `name`?"),
        ("svc.aws.rds[0].engin", "no field `engin` on aws.rds", "did you mean `engine`?"),
        ("svc?.repo?.brnch", "no field `brnch` on GitRepo", "there are "),
        ("ctx.params.alow", "unknown parameter `alow`", "did you mean `allow`?"),
        ("ctx.graph.node(svc).lable", "no field `lable` on Node", "did you mean `label`?"),
        ("ctx.graph.edges[0].protcol", "no field `protcol` on Edge", "did you mean `protocol`?"),
        ("ctx.report(svc.image.at(\"digst\"), \"x\")", "no field `digst` on ContainerImage", "did you mean `digest`?"),
        ("url(svc.repo.url).hots", "no field `hots` on a map", "did you mean `host`?"),
        ("svc.exposes.port", "no field `port` on a list", "go through the list"),
        ("svc.image.name.size", "no field `size` on a string", ""),
        ("svc.image.tag.mathces(\"x\")", "unknown function `mathces`", "did you mean `matches`?"),
        ("if false { frobnicate(svc) }", "unknown function `frobnicate`", ""),
        ("svc.exposes.some(|e| e.port.is_od())", "unknown function `is_od`", "did you mean `is_odd`?"),
        ("let f = |x| x; f(1)", "unknown function `f`", "`f.call(…)`"),
        ("global::MOST", "there is no constant `MOST`", "write `const MOST = …;`"),
        ("svc.key", "no field `key` on Service", "write `key()`"),
    ] {
        let text = mistake(body);
        assert!(text.0.contains(message), "{body}: {text:?}");
        assert!(text.1.contains(help), "{body}: {text:?}");
    }
}

#[test]
fn words_of_other_languages_have_a_substitute() {
    for (body, help) in [
        ("svc.exposes.filter(e => e.port == 80)", "write a closure as `|x| x.port == 80`"),
        ("ctx.report(svc, `is \\`${svc.key()}\\``);", "a backtick twice"),
        ("if svc.owner === \"x\" { }", "write `==`"),
        ("if svc.owner == \"x\" and svc.image == () { }", "write `&&`"),
        ("if svc.owner == null { }", "write `()`"),
        ("if svc.owner == 'web-team' { }", "double quotes"),
        ("let a = svc.owner == \"x\" ? 1 : 2;", "if condition"),
        ("for (const e of svc.exposes) { }", "for x in list"),
        ("let a = { key: 1 };", "#{ key: value }"),
        ("console.log(svc);", "print(x)"),
        ("svc.exposes.includes(3)", "contains(x)"),
        ("svc.owner.toLowerCase()", "to_lower()"),
        ("if svc.exposes.length > 3 { }", "len()"),
        ("ctx.warn(svc, \"x\")", "ctx.report("),
    ] {
        let text = mistake(body);
        assert!(text.1.contains(help), "{body}: {text:?}");
    }
}

#[test]
fn wrong_types_are_found() {
    for (body, message) in [
        ("if svc.owner { }", "expected a boolean, found a string"),
        ("while svc.exposes { }", "expected a boolean, found a list"),
        ("if svc.owner != () && svc.repo.url { }", "expected a boolean, found a string"),
        ("svc.exposes.all(|e| e.port == \"80\")", "`==` of an integer and a string is always false"),
        ("svc.connections.find(|c| c.target == \"users\")", "`==` of Service and a string is always false"),
        ("svc.exposes[0].port - \"1\"", "there is no `-` of an integer and a string"),
        ("svc.image.name.matches(1)", "`matches` of a string does not take (an integer)"),
        ("svc.image.name.matches(\"a\", \"b\")", "`matches` takes 1 argument, and 2 are given"),
        ("ctx.report(svc)", "`report` takes 2 arguments, and 1 are given"),
        ("ctx.report(svc, svc.exposes[0].port)", "`report` of Context does not take (Service, an integer)"),
        ("ctx.report(svc.image.tag, \"x\")", "`report` of Context does not take (a string, a string)"),
        ("for c in svc.connections { c.bindings() }", "`bindings` is not for Connection"),
        ("for n in ctx.graph { }", "expected a list, found Graph"),
        ("for n in svc.exposes.len() { }", "expected a list, found an integer"),
        ("svc.owner = \"web\"", "cannot set `owner`: rules only read the document"),
        ("svc.image.name.filter(|c| true)", "`filter` of a string does not take (a function)"),
        ("!svc.owner", "expected a boolean, found a string"),
        ("-svc.owner", "expected a number, found a string"),
        ("5 in svc.image.name", "`in` does not look for an integer in a string"),
        ("ctx.params.most.split(\",\")", "`split` of an integer does not take (a string)"),
    ] {
        let (found, _) = mistake(body);
        assert!(found.contains(message), "{body}: {found}");
    }
}

#[test]
fn what_may_be_right_is_not_reported() {
    for body in [
        // What is absent is empty, and what is unknown may be anything.
        "svc.owner.len() + svc.repo.url.len()",
        "for h in svc.parent().deployments.helm { h.chart.to_upper() }",
        "svc[\"nmae\"]; svc.get(\"nmae\"); svc.connections[()]; svc.connections.users.port",
        "svc.exposes.len; svc.exposes.is_empty; svc.connections.len()",
        // A variable that is assigned, changed or asked for its type.
        "let x = (); x = svc; x.image.name",
        "let x = 1; x = svc; x.image.name; x + 1",
        "let l = [\"a\"]; l.push(svc); for one in l { one.image }",
        "let m = #{}; m.f = |x| x; m.f(1); m.call_it(2)",
        "let x = svc.key(); if type_of(x) == \"map\" { x.foo }",
        "let n = 0; for e in svc.exposes { n += e.port; } if n > 3 { n.is_odd() }",
        // Closures and functions as values.
        "let f = |x| x.anything; f.call(#{ anything: 1 }); svc.exposes.map(f)",
        "svc.exposes.reduce(|sum, e| sum + e.port, 0) + 1",
        "svc.exposes.order_by(|a, b| a.port - b.port)[0].port + 1",
        "svc.exposes.map(|e| e.port).filter(|p| p.is_odd()).len() > 1",
        "svc.exposes.for_each(|| this.port.is_odd())",
        "svc.connections.map(|c| c.target).filter(|t| t != ()).map(|t| t.image.name.to_upper())",
        "[1, 2].contains(1) && \"api\" in svc.connections && !(\"x\" in ctx.params.allow)",
        "ctx.params.allow.some(|p| svc.image.name.glob(p))",
        "let text = \"\"; text += 1; text += svc.key(); text.len()",
        "\"a\" + 1 + svc + [1] + 'c'; 1 + 1.5; 2 ** 3; 1..5; `${svc}`",
        // What fails is caught.
        "try { svc.imgae } catch (e) { e.message }",
        "let v = svc.owner ?? #{}; v.len(); (svc.repo ?? svc.image).url",
        "let k = switch svc.image.tag { \"latest\" => 1, \"dev\" if svc.owner == () => 2, _ => svc.exposes[0].port }; k.is_odd()",
        "let u = url(svc.repo.url); u.extra = 1; u.extra",
        "let s = svc.image.name.split(\"/\"); s[0].to_upper(); s.pop(); s.len",
        "let r = ctx.graph.reachable(svc); r[0].node.image; r.len() > 1 && r[0] == r[1]",
        "for s in svc.parent().services.values() { s.image.name; } for k in svc.parent().services.keys() { k.len() }",
        "print(svc); debug(1); type_of(svc); is_def_fn(\"x\", 1)",
    ] {
        is_right(body);
    }
}

#[test]
fn functions_are_followed_with_what_they_are_called_with() {
    let text = |functions: &str| format!("{HEAD}{functions}");
    let found = mistakes(&text("fn service(svc, ctx) { team(svc) }\nfn team(s) { s.ownr }"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].2.as_str()), (3, "no field `ownr` on Service"));
    // The result of a function is followed, too.
    let found = mistakes(&text(
        "fn service(svc, ctx) { first(svc).prt }\nfn first(s) { if s.exposes.len() > 0 { return s.exposes[0]; } }",
    ));
    assert_eq!(found[0].2, "no field `prt` on Endpoint", "{found:?}");
    for right in [
        // Called with one and the other; by its name; by itself; never.
        "fn service(svc, ctx) { f(svc, true); f(\"x\", false) }\nfn f(x, flag) { if flag { x.image } else { x.len() } }",
        "fn service(svc, ctx) { svc.exposes.to_array().map(\"name\"); let f = Fn(\"other\"); f.call(1) }\nfn name(x) { x.anything }\nfn other(x) { x.len() }",
        "fn service(svc, ctx) { down(3) }\nfn down(n) { if n == 0 { return 0; } down(n - 1) }",
        "fn service(svc, ctx) { }\nfn never(x) { let y = if x == () { x } else { \"a\" }; y.image }",
        "fn service(svc, ctx) { svc.port_of() }\nfn port_of() { this.exposes[0].port }",
        "const MOST = 3;\nfn service(svc, ctx) { if global::MOST > svc.exposes.len() { } }",
    ] {
        assert_eq!(mistakes(&text(right)), [], "{right}");
    }
    let found = mistakes(&text("fn service(svc, ctx) { two(1) }\nfn two(a, b) { }"));
    assert_eq!(found[0].2, "`two` takes 2 arguments, and 1 are given");
}

#[test]
fn every_mistake_of_a_description_is_found_at_once() {
    let text = "const RULE = #{\n  id: \"Nope\",\n  severty: \"error\",\n  description: \"\",\n  tags: [1],\n  \
                params: #{ a: #{ type: \"text\", value: 1 }, b: 1, severity: #{} },\n};\nfn servce(svc, ctx) { }\n";
    let found = mistakes(text);
    let lines: Vec<usize> = found.iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 6, 6, 8], "{found:#?}");
    assert!(found[1].3.contains("`severity`") && found[7].3.contains("`service`"), "{found:#?}");
}

#[test]
fn what_is_imported_is_checked_with_it() {
    let teams = source("_teams.rhai", "fn owner(s) { s.ownr }\nprivate fn hidden() { }\n");
    let text = format!(
        "import \"_teams\" as teams;\n{HEAD}fn service(svc, ctx) {{ teams::owner(svc); teams::ownr(svc); teams::hidden(); teams::owner() }}"
    );
    let found = mistakes_beside(&text, &[Arc::clone(&teams)]);
    let found: Vec<_> = found
        .iter()
        .map(|failed| (file_name(failed.source.name()).to_owned(), failed.finding.message.clone()))
        .collect();
    for (file, message) in [
        ("rule.rhai", "_teams.rhai has no function `ownr`"),
        ("rule.rhai", "the function `hidden` of _teams.rhai is private"),
        ("rule.rhai", "`owner` takes 1 argument, and 0 are given"),
        ("_teams.rhai", "no field `ownr` on Service"),
    ] {
        assert!(found.contains(&(file.to_owned(), message.to_owned())), "{message}: {found:#?}");
    }
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn bad_input_is_a_clear_mistake() {
    let one = |text: &str, siblings: &[Arc<Source>]| {
        let found = mistakes_beside(text, siblings);
        let [failed] = &found[..] else { panic!("{found:#?}") };
        let (file, line, _, message) = failure(failed);
        (file, line, message)
    };
    let nested =
        format!("{HEAD}fn service(svc, ctx) {{ {} 1 {} }}", "let f = || { ".repeat(100), "; }; f.call()".repeat(100));
    assert_eq!(one(&nested, &[]).2, "the script has more than 64 nested expressions (limit `expression-depth`)");
    let (_, line, message) = one(&format!("{HEAD}fn service(svc, ctx) {{\n let = 1;\n}}"), &[]);
    assert!(line == 3 && message.starts_with("syntax error: "), "{line}: {message}");
    let large = format!("{HEAD}fn service(svc, ctx) {{ }}\n// {}", "x".repeat(1_500_000));
    assert!(one(&large, &[]).2.contains("(limit `script-size`)"));
    assert_eq!(mistakes("")[0].2, "the script has no `const RULE = #{ … };`, the description of the rule");
    let circle = [source("_a.rhai", "import \"_b\" as b;"), source("_b.rhai", "import \"_a\" as a;")];
    let text = format!("import \"_a\" as a;\n{HEAD}fn service(svc, ctx) {{ }}");
    assert_eq!(
        one(&text, &circle),
        ("_b.rhai".to_owned(), 1, "`_a.rhai` imports itself: rule.rhai -> _a.rhai -> _b.rhai -> _a.rhai".to_owned())
    );
    let text = format!("import \"_teems\" as a;\n{HEAD}fn service(svc, ctx) {{ a::f() }}");
    assert!(one(&text, &[source("_teams.rhai", "")]).2.contains("did you mean `_teams.rhai`?"));
    let broken = [source("_a.rhai", "fn f( {")];
    assert_eq!(one(&format!("import \"_a\" as a;\n{HEAD}fn service(svc, ctx) {{ a::f() }}"), &broken).0, "_a.rhai");
}

/// Every script of the repository, as a rule beside those of its folder.
fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && !["target", ".git", "node_modules"].contains(&name.to_str().unwrap_or_default()) {
            scripts(&path, found);
        } else if is_rule_file(name.to_str().unwrap_or_default()) {
            found.push(path);
        }
    }
}

#[test]
fn no_script_of_the_repository_has_a_mistake() {
    let mut found = Vec::new();
    scripts(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    assert!(found.len() >= 16, "{found:?}");
    for path in found {
        let folder = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
        let beside = folder.filter(|path| path.extension().is_some_and(|extension| extension == "rhai"));
        let beside: Vec<_> =
            beside.map(|path| source(path.to_str().unwrap(), &std::fs::read_to_string(&path).unwrap())).collect();
        let text = std::fs::read_to_string(&path).unwrap();
        let found = mistakes_beside(&text, &beside);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
    let new = scaffold("acme/new").unwrap();
    assert_eq!(mistakes(&new.script), []);
}

#[test]
fn nothing_of_the_guide_is_a_mistake() {
    let teams = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules/_teams.rhai");
    let siblings = [source("_teams.rhai", &std::fs::read_to_string(teams).unwrap())];
    let body = |body: &str| format!("{HEAD}fn check(system, ctx) {{\n{}\n}}", with_names(body));
    let calls = first_column(&guide(), "call").into_iter().map(|(call, _)| body(&format!("let result = {call};")));
    let blocks = blocks(&guide(), "rhai").into_iter();
    let blocks = blocks.map(|block| if block.contains("const RULE") { block } else { body(&block) });
    for text in calls.chain(blocks) {
        let found = mistakes_beside(&text, &siblings);
        assert!(found.is_empty(), "{text}\n{found:#?}");
    }
}

#[test]
fn definitions_have_every_object_field_and_function() {
    let [engine, rhai] = definitions();
    assert!(engine.text.starts_with("module static;\n") && rhai.text.starts_with("module static;\n"));
    for part in [
        "type Service = #{",
        "    image: ContainerImage | (),",
        "    connections: Map<Connection>,",
        "type aws_rds = #{",
        "fn report(ctx: Context, place: Value | Place | Binding | Node | Edge | Map, message: String) -> Finding;",
    ] {
        assert!(engine.text.contains(part), "{part}\n{}", engine.text);
    }
    for line in engine.text.lines().chain(rhai.text.lines()) {
        let is_known =
            ["fn ", "op ", "type ", "//", "    ", "}", "module static;"].iter().any(|start| line.starts_with(start));
        assert!(is_known || line.is_empty(), "{line}");
    }
    assert!(!is_rule_file(engine.file) && !is_rule_file(rhai.file));
}
