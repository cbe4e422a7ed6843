//! Asks a script about a document, on the stack that a policy gives it.

use std::sync::Arc;

use serde_json::{Value, json};
use spec_engine::diagnostic::Diagnostic;
use spec_engine::limits::ScriptLimits;
use spec_engine::policy::{Policy, Scope};
use spec_engine::rules::{Rule, RuleFailure};
use spec_engine::script::{self, Script};
use spec_engine::source::Source;

/// What a script said.
pub struct Asked {
    /// What it found: pointer and message.
    pub findings: Vec<(String, String)>,
    /// The findings as they are.
    pub diagnostics: Vec<Diagnostic>,
    /// Why it failed.
    pub failed: Option<RuleFailure>,
}

impl Asked {
    /// Where and why the script failed: file, line, column, message.
    pub fn failure(&self) -> (String, usize, usize, String) {
        let failed = self.failed.as_ref().expect("the rule fails");
        failure(failed)
    }
}

/// Where and why a script failed.
pub fn failure(failed: &RuleFailure) -> (String, usize, usize, String) {
    let spec_engine::diagnostic::Place::Bytes(range) = failed.finding.place.clone() else { panic!("a range of bytes") };
    let position = failed.source.position(range.start);
    (failed.source.name().to_owned(), position.line, position.column, failed.finding.message.clone())
}

/// Makes a source of a script.
pub fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(name, text.into()))
}

/// Asks a script about a document.
pub fn ask_with(script: Script, params: &[(&str, Value)], document: &Value) -> Asked {
    let source = Source::new("document.json", document.to_string().into());
    let loaded = spec_engine::load::load(&source);
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    let id = script.id().to_owned();
    let mut policy = Policy::built_in();
    for rule in spec_engine::rules::RULES {
        let _fixed = policy.set_severity(rule.rule.id, spec_engine::policy::SeveritySetting::Off);
    }
    assert!(policy.add(Box::new(script)).is_ok());
    for (name, value) in params {
        policy.set_param(&id, name, value).unwrap();
    }
    let mut checked = policy.check(loaded.system.as_ref(), Vec::new(), Scope::All);
    checked.findings.retain(|finding| finding.rule.as_str() == id);
    let findings = checked
        .findings
        .iter()
        .map(|finding| {
            let pointer = finding.place.pointer().expect("a script reports at pointers");
            (pointer.as_str().to_owned(), finding.message.clone())
        })
        .collect();
    Asked { findings, diagnostics: checked.findings, failed: checked.failed.pop() }
}

/// Asks the body of `fn check(system, ctx)`.
pub fn ask(body: &str, document: &Value) -> Asked {
    ask_limited(body, document, ScriptLimits::default())
}

/// Asks the body of `fn check(system, ctx)` within limits. What runs has no mistake that a check without running finds.
pub fn ask_limited(body: &str, document: &Value, limits: ScriptLimits) -> Asked {
    let asked = ask_with(check(body, limits.clone()), &[], document);
    if asked.failed.is_none() {
        let mistakes = script::check::check(&[(&source("rule.rhai", &with_body(body)), &[])], &limits);
        assert!(mistakes[0].is_empty(), "{body}: {mistakes:#?}");
    }
    asked
}

/// A script with a body of `fn check(system, ctx)`, which starts in line 3, and text behind it.
pub fn check(body: &str, limits: ScriptLimits) -> Script {
    read(&with_body(body), limits)
}

fn with_body(body: &str) -> String {
    format!("const RULE = #{{ id: \"test/rule\", description: \"A test\" }};\nfn check(system, ctx) {{\n{body}\n}}")
}

/// Reads a script that is right.
pub fn read(text: &str, limits: ScriptLimits) -> Script {
    Script::read(source("rule.rhai", text), [], limits).unwrap_or_else(|failed| panic!("{}", failed[0].finding.message))
}

/// What a script says, which reports it at the system: one text an expression.
pub fn say(expression: &str, document: &Value) -> String {
    let asked = ask(&format!("let said = {expression};\nctx.report(system, `${{said}}`);"), document);
    match (asked.findings.first(), &asked.failed) {
        (Some((_, message)), _) => message.clone(),
        (None, Some(failed)) => format!("failed: {}", failed.finding.message),
        (None, None) => panic!("nothing was said"),
    }
}

/// A document with a bit of everything.
pub fn shop() -> Value {
    json!({
        "name": "shop",
        "owners": { "payments": { "name": "Payments", "email": "pay@example.org" }, "web": { "name": "Web" } },
        "services": {
            "api": {
                "owner": "web",
                "image": { "name": "ghcr.io/acme/api", "tag": "1.2" },
                "repo": { "url": "https://github.com/acme/api", "ref": "main" },
                "connections": { "users": { "port": 8080, "protocol": "grpc" }, "gone": { "port": 1, "protocol": "x" } },
                "exposes": [{ "port": 443, "protocol": "https" }],
                "aws": { "vpc": "main", "subnets": ["a", "b"], "rds": [{ "name": "payments-db", "engine": "postgres" }] }
            },
            "users": {
                "owner": "payments",
                "image": { "name": "ghcr.io/acme/users", "digest": format!("sha256:{}", "0".repeat(64)) },
                "connections": { "api": { "port": 443, "protocol": "https" } },
                "aws": { "rds": [{ "name": "payments-db" }] }
            },
            "lonely": { "image": { "name": "lonely" } }
        },
        "networks": { "main": { "cidr": "10.0.0.0/16", "rules": [
            { "direction": "inbound", "fromService": "api", "port": 80, "protocol": "tcp", "action": "allow" }
        ] } },
        "deployments": {
            "helm": { "web": { "chart": "web", "services": ["api", "users"] } },
            "terraform": { "core": { "source": "./core", "resources": ["rds:payments-db"] } }
        }
    })
}
