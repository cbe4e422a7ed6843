//! Tries rules and importers.

use std::sync::Arc;

use serde_json::Value;

use super::samples::{SAMPLES, Sample};
use super::trial::{Trial, Verdict, values};
use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::Document;
use spec_engine::import::{ImportFile, ImportOutput, Remark};
use spec_engine::options;
use spec_engine::render::Renderer as _;
use spec_engine::rules::{Params, Rule, Facts};
use spec_engine::source::Source;
use spec_engine::text::{plural, visible};
use spec_engine::wasm::{Component, ComponentRule};

impl Trial<'_> {
    /// Every rule does its work on every system, and finds the same twice.
    pub(super) fn rules(&self, component: &Component) -> Verdict {
        let source = Arc::new(Source::new(&self.plugin.name, Vec::new()));
        let rules = ComponentRule::all(component, &source);
        let systems = &self.systems;
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

    /// Every sample is imported, twice the same, or refused with a reason.
    pub(super) fn samples(&self, component: &Component) -> Verdict {
        if self.imports.is_empty() {
            return Ok(format!("no samples: it imports what is in {SAMPLES}/, or --input FILE, where there is some"));
        }
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        for sample in self.imports {
            let (first, second) = (self.imported(component, sample)?, self.imported(component, sample)?);
            if snapshot_files(&first, sample) != snapshot_files(&second, sample) {
                return Err(format!("{}: two runs differ", sample.name));
            }
            let into = if first.document.is_some() { &mut made } else { &mut refused };
            into.push(sample.name.as_str());
        }
        let listed = |what: &str, names: &[&str]| match names {
            [] => None,
            _ => Some(format!("{what} {}: {}", plural(names.len(), "sample"), names.join(", "))),
        };
        let facts = [listed("imports", &made), listed("refuses", &refused)];
        Ok(format!("{}; twice the same", facts.into_iter().flatten().collect::<Vec<_>>().join("; ")))
    }

    /// Imports a sample with the defaults. What comes out can be drawn, or an error says why there is nothing.
    pub(super) fn imported(&self, component: &Component, sample: &Sample) -> Result<ImportOutput, String> {
        let defaults = resolve(&component.description().options, &[])?;
        let imported = answer(component, &sample.name, &sample.files, &defaults)?;
        if let Some(text) = &imported.document {
            let errors = self.engine.drawing_errors(&Document::parse("document", text.as_str()));
            if let Some(error) = errors.first() {
                let message = visible(&error.message);
                return Err(format!("{}: its document has an error: {message}", sample.name));
            }
        }
        Ok(imported)
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

/// The files that are kept of an import: the document where there is one, and the remarks.
pub(super) fn snapshot_files(imported: &ImportOutput, sample: &Sample) -> Vec<(String, Vec<u8>)> {
    let remark = |Remark { position, finding }: &Remark| {
        let place = position.map(|(file, at)| format!("{}:{}:{}: ", sample.files[file].name, at.line, at.column));
        let (place, severity, rule) = (place.unwrap_or_default(), finding.severity, finding.rule.as_str());
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{place}{severity}[{rule}]: {}{help}\n", finding.message)
    };
    let remarks: String = imported.remarks.iter().map(remark).collect();
    let files = [
        imported.document.as_ref().map(|text| ("document.json", text.clone())),
        (!remarks.is_empty()).then_some(("remarks.txt", remarks)),
    ];
    let file = |(name, text): (&str, String)| (format!("{}/{name}", sample.name), text.into_bytes());
    files.into_iter().flatten().map(file).collect()
}

fn resolve(schema: &Value, settings: &[(String, Value)]) -> Result<Value, String> {
    options::resolve_own(schema, settings)
        .map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// Imports, and checks that what comes out is a document, or that an error says why there is none.
fn answer(component: &Component, what: &str, files: &[ImportFile], options: &Value) -> Result<ImportOutput, String> {
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
