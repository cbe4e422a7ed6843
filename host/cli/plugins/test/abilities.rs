//! Tries rules and importers.

use std::sync::Arc;

use serde_json::Value;

use super::fixtures;
use super::trial::{Trial, Verdict, values};
use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::Document;
use spec_engine::import::{ImportFile, Imported};
use spec_engine::options;
use spec_engine::render::Renderer as _;
use spec_engine::rules::{Params, Rule, Facts};
use spec_engine::source::Source;
use spec_engine::text::visible;
use spec_engine::wasm::{Component, ComponentRule};

impl Trial<'_> {
    /// Every rule does its work on every system, and finds the same twice.
    pub(super) fn rules(&self, component: &Component) -> Verdict {
        let source = Arc::new(Source::new(&self.plugin.name, Vec::new()));
        let rules = ComponentRule::all(component, &source);
        let systems = fixtures::all();
        for (rule, fixture) in rules.iter().flat_map(|rule| systems.iter().map(move |fixture| (rule, fixture))) {
            let facts = Facts::of(&fixture.system);
            let params = Params::of(rule.params());
            let ask = || -> Result<Vec<Diagnostic>, String> {
                let mut findings = Vec::new();
                rule.check(facts.context(&params), &mut findings)
                    .map_err(|failed| format!("{}: {}", fixture.name, failed.finding.message))?;
                Ok(findings)
            };
            if ask()? != ask()? {
                return Err(format!("{}: {}: two runs differ", fixture.name, rule.id()));
            }
        }
        let names: Vec<&str> = rules.iter().map(Rule::id).collect();
        Ok(format!("holds {} systems against its rules, twice the same: {}", systems.len(), names.join(", ")))
    }

    /// Whatever the files are, it answers with a document or says why not, the same twice, and with every option.
    pub(super) fn imports(&self, component: &Component) -> Verdict {
        let file = |name: &str, content: &[u8]| ImportFile { name: name.to_owned(), content: content.to_vec() };
        let empty = [file("empty", b"")];
        let cases: [(&str, &[ImportFile]); 5] = [
            ("no file", &[]),
            ("an empty file", &empty),
            ("a text of another kind", &[file("words", "these are only words: {[\"\n".as_bytes())]),
            ("bytes", &[file("bytes", b"\xff\xfe\0\x01")]),
            ("two files of one name", &[empty[0].clone(), empty[0].clone()]),
        ];
        let schema = &component.description().options;
        let defaults = resolve(schema, &[])?;
        for (what, files) in cases {
            let first = answer(component, what, files, &defaults)?;
            let second = answer(component, what, files, &defaults)?;
            if first.document != second.document || first.remarks.len() != second.remarks.len() {
                return Err(format!("{what}: two runs differ"));
            }
        }
        let mut count = 0;
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            for value in values(property) {
                answer(
                    component,
                    &format!("--set {name}={value}"),
                    &empty,
                    &resolve(schema, &[(name.clone(), value)])?,
                )?;
                count += 1;
            }
        }
        Ok(format!("answers {} imports that are none, twice the same, and takes {count} settings", cases.len()))
    }
}

fn resolve(schema: &Value, settings: &[(String, Value)]) -> Result<Value, String> {
    options::resolve_own(schema, settings)
        .map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// Imports, and checks that what comes out is a document, or that an error says why there is none.
fn answer(component: &Component, what: &str, files: &[ImportFile], options: &Value) -> Result<Imported, String> {
    let imported = component.import(files, options).map_err(|error| format!("{what}: {error}"))?;
    match &imported.document {
        None if imported.remarks.iter().all(|remark| remark.finding.severity != Severity::Error) => {
            Err(format!("{what}: it makes no document, and no error says why"))
        }
        None => Ok(imported),
        Some(text) => {
            let document = Document::parse("document", text.as_str());
            match document.load_findings().iter().find(|finding| finding.severity == Severity::Error) {
                Some(fault) => Err(format!("{what}: its document has an error: {}", visible(&fault.message))),
                None => Ok(imported),
            }
        }
    }
}
