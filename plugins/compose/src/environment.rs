//! The variables of services: those of the files that `env_file` names, and `environment` over them.

use std::collections::HashSet;

use indexmap::IndexMap;
use spec_engine_evidence::notes::{Notes, Severity};
use spec_engine_evidence::tree::{Node, Pair, Value};

use crate::dotenv::{self, DotenvError, Variables};
use crate::sources::{Sources, refused};
use crate::unset::UnsetVariables;

/// The variables of a service. `known` are those that compose files use, which values in `env_file` may use, too.
pub fn environment(
    service: &Pair,
    known: &Variables,
    sources: &Sources<'_>,
    unset: &mut UnsetVariables,
    notes: &mut Notes,
) -> Node {
    let place = service.place;
    let own = service.value.get("environment").cloned().unwrap_or(Node::empty(place)).into_map();
    let entries = service.value.get("env_file").map_or(&[][..], Node::texts);
    if entries.is_empty() {
        return own;
    }
    let path = |entry: &Node| entry.text().or_else(|| entry.get("path")?.text()).map(str::to_owned);
    // Of two entries with the same path, the later one stands in the place of the earlier one.
    let entries: IndexMap<String, &Node> = entries.iter().filter_map(|entry| Some((path(entry)?, entry))).collect();
    let mut variables = Variables::new();
    for (path, entry) in entries.iter().filter(|(path, _)| !path.is_empty()) {
        let Some(file) = sources.find(entry.place.file, path) else {
            missing(service, entry, path, notes);
            continue;
        };
        match entry.get("format").and_then(Node::text) {
            Some("raw") => dotenv::read_raw(sources.text(file), file, &mut variables),
            format => {
                if let Some(format) = format {
                    let message =
                        format!("`env_file` of `{}` has the format `{format}`, which is not known", service.key);
                    notes.add(Severity::Warning, "env-file", entry.place, message, "`raw` is the only other format");
                }
                let outer = |name: &str| {
                    let known = known.get(name).map(|variable| variable.value.as_str());
                    known.or_else(|| own.get(name).and_then(Node::text))
                };
                dotenv::read(sources.text(file), file, &mut variables, &outer, &mut |wrong| match wrong {
                    DotenvError::Line(place, why) => refused(place, &why, notes),
                    DotenvError::Variable(place, fault) => unset.add(fault, place, notes),
                });
            }
        }
    }
    over(variables, own)
}

/// Lays `environment` over the variables of files.
fn over(mut variables: Variables, mut own: Node) -> Node {
    let place = own.place;
    let mut all = Vec::new();
    if let Some(own) = own.pairs_mut() {
        let names: HashSet<&str> = own.iter().map(|pair| pair.key.as_str()).collect();
        let of_files = variables.iter().filter(|(name, _)| !names.contains(name.as_str()));
        all.extend(of_files.map(|(name, variable)| {
            let value = Node::new(Value::Scalar(variable.value.clone()), variable.place);
            Pair { key: name.clone(), place: variable.place, value }
        }));
        // A name without a value is handed on from outside, which nobody knows here: the file's value counts.
        for pair in own.iter_mut().filter(|pair| pair.value.value == Value::Null) {
            if let Some(variable) = variables.get_mut(&pair.key) {
                pair.value.value = Value::Scalar(std::mem::take(&mut variable.value));
            }
        }
        all.append(own);
    }
    Node::new(Value::Map(all), place)
}

fn missing(service: &Pair, entry: &Node, path: &str, notes: &mut Notes) {
    let is_required = entry.get("required").is_none_or(Node::is_true);
    let severity = if is_required { Severity::Warning } else { Severity::Info };
    let message = format!("`{}` takes variables from {path}, which was not handed in", service.key);
    let help = format!("name {path} on the command line too, or what it connects to may be missing");
    let note = spec_engine_evidence::notes::Note {
        severity,
        code: "env-file",
        place: entry.place,
        message,
        help: Some(help),
        more: 0,
    };
    notes.add_of_kind(path, note);
}
