//! `ctx`: the parameters of a rule, and its findings.

use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext};

use super::ctx::Ctx;
use super::document::{self, Spot};
use super::graph::{GraphEdge, GraphNode};
use super::meter::{self, Native};
use super::{key, running};
use crate::diagnostic::{Diagnostic, Place, RelatedPlace, Severity};
use crate::model::Object;
use crate::text::{nearest, quote, visible};

/// The characters of a message that are kept.
const LONGEST_MESSAGE: usize = 2_000;

/// The other places that the findings of a rule may name, for each finding that it may report.
const RELATED_PER_FINDING: u64 = 10;

/// `ctx.params`.
#[derive(Clone, Copy)]
pub(super) struct ParamValues;

/// What `report` returns: a finding, by its position among those of the rule.
#[derive(Clone, Copy)]
pub(super) struct Finding(usize);

/// Registers `ctx` and findings.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Ctx>("Context");
    engine.register_type_with_name::<ParamValues>("Params");
    engine.register_type_with_name::<Finding>("Finding");
    engine.register_get("params", |_: &mut Ctx| ParamValues);
    engine.register_fn("report", report);
    engine.register_indexer_get(param);
    engine.register_indexer_get(|_: &mut ParamValues, (): ()| ());
    engine.register_fn("contains", |_: ParamValues, name: &str| {
        running::with(|running| running.params.iter().any(|&(other, _)| other == name))
    });
    engine.register_fn("help", |finding: Finding, text: ImmutableString| {
        change(finding, |found| found.help = Some(message(&text).into()))
    });
    engine.register_fn("label", |finding: Finding, text: ImmutableString| {
        change(finding, |found| found.label = Some(message(&text)))
    });
    engine.register_fn("severity", |finding: Finding, word: &str| -> Native<Finding> {
        let severity = Severity::parse(word).ok_or_else(|| {
            let meant = nearest(word, Severity::WORDS).map(|meant| format!("; did you mean {}?", quote(meant)));
            format!(
                "expected a severity, `error`, `warning` or `info`, found {}{}",
                quote(word),
                meant.unwrap_or_default()
            )
        })?;
        Ok(change(finding, |found| found.severity = severity))
    });
    engine.register_fn("related", related);
}

fn report(context: NativeCallContext, _: Ctx, node: Dynamic, text: ImmutableString) -> Native<Finding> {
    let place = if node.is_unit() { place(&subject())? } else { place(&node)? };
    running::with(|running| {
        // In the script itself, and not in a file that it imports.
        if context.call_source().is_none_or(|source| source == running.file) {
            running.fired.borrow_mut().insert(context.call_position());
        }
        let mut findings = running.findings.borrow_mut();
        if findings.len() as u64 >= running.limits.findings {
            return Err(meter::exceeds("findings"));
        }
        findings.push(Diagnostic::new(running.id.to_owned(), running.severity, place, message(&text)));
        Ok(Finding(findings.len() - 1))
    })
}

/// The value that the function of the rule was called with: where what is not there is reported.
fn subject() -> Dynamic {
    running::with(|running| running.subject.get()).into()
}

fn related(finding: Finding, node: Dynamic, text: ImmutableString) -> Native<Finding> {
    if node.is_unit() {
        return Ok(finding);
    }
    let place = place(&node)?;
    running::with(|running| {
        let related = running.related.get() + 1;
        if related > running.limits.findings.saturating_mul(RELATED_PER_FINDING) {
            return Err(meter::exceeds("findings"));
        }
        running.related.set(related);
        let found = &mut running.findings.borrow_mut()[finding.0];
        found.related.push(RelatedPlace { place, message: message(&text) });
        Ok(finding)
    })
}

fn change(finding: Finding, change: impl FnOnce(&mut Diagnostic)) -> Finding {
    running::with(|running| change(&mut running.findings.borrow_mut()[finding.0]));
    finding
}

/// Makes the place of a value of a script: of what has a key, the key.
fn place(node: &Dynamic) -> Native<Place> {
    let of_graph = || node.clone().try_cast::<GraphNode>().map(GraphNode::handle);
    if let Some(handle) = document::handle(node).or_else(of_graph) {
        return Ok(running::with_system(|system| {
            let pointer = handle.pointer(system);
            match handle.object(system) {
                Some(Object::System(_) | Object::Resource(_) | Object::Endpoint(_) | Object::NetworkRule(_)) => {
                    Place::Value(pointer)
                }
                _ => Place::Key(pointer),
            }
        }));
    }
    if let Some(edge) = node.clone().try_cast::<GraphEdge>() {
        return Ok(edge.place());
    }
    match node.clone().try_cast::<Spot>() {
        Some(spot) => Ok(Place::Value(spot.pointer())),
        None => Err(format!(
            "expected a place of the document, such as `svc` or `svc.image.at(\"tag\")`, found {}",
            document::describe(node)
        )
        .into()),
    }
}

fn param(_: &mut ParamValues, name: &str) -> Native<Dynamic> {
    running::with(|running| match running.params.iter().find(|&&(other, _)| other == name) {
        Some((_, value)) => Ok(value.clone()),
        None if key::is_absent(name) => Ok(Dynamic::UNIT),
        None => {
            let names = running.params.iter().map(|&(name, _)| name);
            let meant = nearest(name, names).map(|meant| format!("; did you mean {}?", quote(meant)));
            Err(format!("unknown parameter {}{}", quote(name), meant.unwrap_or_default()).into())
        }
    })
}

/// Makes a text of a script fit for a finding.
fn message(text: &str) -> String {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    }
}
