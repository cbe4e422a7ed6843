//! A protocol has inconsistent capitalization.
//!
//! ## What it does
//! Reports a protocol of a connection or an endpoint that differs only in capitalization from the usual spelling in the document: the most frequent one, or the first of equally frequent ones.
//!
//! ## Why is this bad
//! Tools that compare or group by protocol treat it as another one.
//!
//! ## Example
//! ```json
//! { "exposes": [{ "port": 8080, "protocol": "grpc" }, { "port": 8081, "protocol": "GRPC" }] }
//! ```
//!
//! ## Use instead
//! ```json
//! { "exposes": [{ "port": 8080, "protocol": "grpc" }, { "port": 8081, "protocol": "grpc" }] }
//! ```

use std::collections::HashMap;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::System;
use crate::text::quote;

/// A protocol has inconsistent capitalization.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "inconsistent-protocol-case",
    severity: Severity::Warning,
    summary: "A protocol has inconsistent capitalization.",
    tags: &["connections"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut spellings: IndexMap<&str, (usize, Site<'_>), RandomState> = IndexMap::default();
    // Most protocols are the one before again.
    let mut last = 0;
    for (protocol, site) in protocols(system) {
        match spellings.get_index_mut(last) {
            Some((&before, (number, _))) if before == protocol => *number += 1,
            _ => {
                let entry = spellings.entry(protocol);
                last = entry.index();
                entry.or_insert((0, site)).0 += 1;
            }
        }
    }
    let mut usual: HashMap<String, (&str, usize, Site<'_>), RandomState> = HashMap::default();
    for (&protocol, &(number, site)) in &spellings {
        let best = usual.entry(protocol.to_lowercase()).or_insert((protocol, number, site));
        if number > best.1 {
            *best = (protocol, number, site);
        }
    }
    if usual.len() == spellings.len() {
        return;
    }
    let unusual = spellings.keys().filter_map(|&protocol| {
        let &(best, _, site) = usual.get(&protocol.to_lowercase())?;
        (best != protocol).then_some((protocol, (best, site)))
    });
    let unusual: HashMap<&str, (&str, Site<'_>), RandomState> = unusual.collect();
    for (protocol, site) in protocols(system) {
        let Some(&(best, first)) = unusual.get(protocol) else { continue };
        let message = format!("the protocol {} is usually spelled {} in this document", quote(protocol), quote(best));
        let finding = RULE.at(Place::Value(site.pointer()), message);
        let finding = finding.related(Place::Value(first.pointer()), "usual spelling");
        findings.push(finding.help(format!("use {}", quote(best))));
    }
}

/// Where a protocol stands.
#[derive(Clone, Copy)]
enum Site<'a> {
    Connection(&'a str, &'a str),
    Endpoint(&'a str, usize),
}

impl Site<'_> {
    fn pointer(self) -> Pointer {
        match self {
            Self::Connection(service, target) => Pointer::of(["services", service, "connections", target, "protocol"]),
            Self::Endpoint(service, index) => {
                Pointer::of(["services", service, "exposes"]).index(index).join("protocol")
            }
        }
    }
}

/// Every protocol, service by service.
fn protocols(system: &System) -> impl Iterator<Item = (&str, Site<'_>)> {
    system.services.iter().flat_map(|(name, service)| {
        let spoken = service.connections.iter();
        let spoken = spoken.map(|(target, connection)| (connection.protocol.as_str(), Site::Connection(name, target)));
        let exposed = service.exposes.iter().enumerate();
        let exposed = exposed.map(|(index, endpoint)| (endpoint.protocol.as_str(), Site::Endpoint(name, index)));
        spoken.chain(exposed)
    })
}
