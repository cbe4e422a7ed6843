//! Services depend on each other in a cycle.
//!
//! ## What it does
//! Reports the shortest cycle of each set of services that all reach each other through connections, and each service that connects to itself. The cycle starts at the first service of the set. The place is its first connection; the others are related places, at most 100.
//!
//! ## Why is this bad
//! None of the services can be started, tested or stopped without the others, and a failure spreads through all of them.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "orders": { "image": { "name": "orders" }, "connections": { "users": { "port": 8080, "protocol": "grpc" } } },
//!     "users": { "image": { "name": "users" }, "connections": { "orders": { "port": 8080, "protocol": "grpc" } } }
//!   }
//! }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "orders": { "image": { "name": "orders" }, "connections": { "users": { "port": 8080, "protocol": "grpc" } } },
//!     "users": { "image": { "name": "users" } }
//!   }
//! }
//! ```

use super::{BuiltIn, Check, Context, Link};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::graph::Adjacency;
use crate::text::quote;

/// Services depend on each other in a cycle.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "dependency-cycle",
    severity: Severity::Warning,
    summary: "Services depend on each other in a cycle.",
    tags: &["architecture"],
    params: &[],
    check: Check::System(check),
};

/// The services that a message names.
const SHOWN: usize = 8;

/// The related places of a finding.
const MOST_RELATED: usize = 100;

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for &link in context.links().iter().filter(|link| link.target == Some(link.source)) {
        let (name, _) = context.service(link.source);
        let place = Place::Key(context.link_pointer(link));
        let message = format!("{} connects to itself", quote(name));
        findings.push(RULE.at(place, message).help("remove the connection"));
    }
    let pairs = context.links().iter().filter_map(|link| Some((link.source, link.target?)));
    let pairs = pairs.filter(|(source, target)| source != target);
    for cycle in Adjacency::of(context.system.services.len(), pairs).cycles() {
        let next = cycle.iter().cycle().skip(1);
        let links = cycle.iter().zip(next).filter_map(|(&service, &next)| {
            context.links_of(service).iter().find(|link| link.target == Some(next)).copied()
        });
        findings.push(finding(context, &links.collect::<Vec<_>>()));
    }
}

fn finding(context: Context<'_>, cycle: &[Link]) -> Diagnostic {
    let name = |link: &Link| quote(context.service(link.source).0);
    let mut names: Vec<String> = if cycle.len() > SHOWN {
        let (start, end) = (&cycle[..SHOWN / 2], &cycle[cycle.len() - SHOWN / 2..]);
        let left_out = format!("({} more)", cycle.len() - SHOWN);
        start.iter().map(name).chain([left_out]).chain(end.iter().map(name)).collect()
    } else {
        cycle.iter().map(name).collect()
    };
    names.push(name(&cycle[0]));
    let place = Place::Key(context.link_pointer(cycle[0]));
    let mut finding = RULE.at(place, format!("dependency cycle: {}", names.join(" -> ")));
    for &link in cycle[1..].iter().take(MOST_RELATED) {
        let (target, _) = context.connection(link);
        let what = format!("{} connects to {}", name(&link), quote(target));
        finding = finding.related(Place::Key(context.link_pointer(link)), what);
    }
    finding.help("break the cycle: reverse a connection, or move the shared part into a service of its own")
}
