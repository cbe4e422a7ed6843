//! Services depend on each other in a circle.
//!
//! ## What it does
//! Reports, of each set of services that all reach each other through connections, the shortest circle through the first of them, and each service that connects to itself. The place is the first connection of the circle; the others are its related places, at most 100.
//!
//! ## Why is this bad
//! None of them can start, be tested or be taken down without the others, and a failure comes back to where it started.
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

use std::collections::VecDeque;

use super::{BuiltIn, Check, Context, Link};
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Severity};

/// Services depend on each other in a circle.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "dependency-cycle",
    severity: Severity::Warning,
    summary: "Services depend on each other in a circle.",
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
        findings.push(RULE.at(place, message).help("take the connection out"));
    }
    let components = components(context);
    let mut reached_by = vec![None; components.len()];
    let mut is_reported = vec![false; components.len()];
    for service in 0..position(components.len()) {
        let component = components[service as usize];
        if !std::mem::replace(&mut is_reported[component as usize], true)
            && let Some(cycle) = shortest_cycle(context, service, &components, &mut reached_by)
        {
            findings.push(finding(context, &cycle));
        }
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
    let mut finding = RULE.at(place, format!("services depend on each other in a circle: {}", names.join(" -> ")));
    for &link in cycle[1..].iter().take(MOST_RELATED) {
        let (target, _) = context.connection(link);
        let what = format!("{} connects to {}", name(&link), quote(target));
        finding = finding.related(Place::Key(context.link_pointer(link)), what);
    }
    finding.help("break the circle: turn one of the connections round, or move what both need into a service of its own")
}

/// Returns the shortest cycle through a service, none of one service alone. `reached_by` is room for the connection by
/// which each service was reached: what one component leaves in it concerns no other.
fn shortest_cycle(
    context: Context<'_>,
    start: u32,
    components: &[u32],
    reached_by: &mut [Option<Link>],
) -> Option<Vec<Link>> {
    let mut queue = VecDeque::from([start]);
    while let Some(service) = queue.pop_front() {
        for &link in context.links_of(service) {
            let Some(target) = link.target.filter(|&target| target != service) else { continue };
            if target == start {
                let mut cycle = vec![link];
                while let Some(link) = cycle.last().and_then(|link| reached_by[link.source as usize]) {
                    cycle.push(link);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if components[target as usize] == components[start as usize] && reached_by[target as usize].is_none() {
                reached_by[target as usize] = Some(link);
                queue.push_back(target);
            }
        }
    }
    None
}

/// Returns for each service the number of its strongly connected component: those of one number all reach each other.
/// It is Tarjan's algorithm with a stack of its own, since a chain may be as long as the document.
fn components(context: Context<'_>) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let services = context.system.services.len();
    // A service has a component once it is done.
    let (mut component, mut components) = (vec![UNSEEN; services], 0);
    let (mut order, mut low, mut seen) = (vec![UNSEEN; services], vec![0; services], 0);
    let (mut open, mut path) = (Vec::new(), Vec::new());
    for root in 0..position(services) {
        if order[root as usize] != UNSEEN {
            continue;
        }
        path.push((root, 0));
        while let Some((service, next)) = path.last_mut() {
            let at = *service as usize;
            if *next == 0 {
                (order[at], low[at]) = (seen, seen);
                seen += 1;
                open.push(*service);
            }
            let links = context.links_of(*service);
            if let Some(link) = links.get(*next) {
                *next += 1;
                let Some(target) = link.target else { continue };
                if order[target as usize] == UNSEEN {
                    path.push((target, 0));
                } else if component[target as usize] == UNSEEN {
                    low[at] = low[at].min(order[target as usize]);
                }
                continue;
            }
            if low[at] == order[at] {
                while let Some(member) = open.pop() {
                    component[member as usize] = components;
                    if member as usize == at {
                        break;
                    }
                }
                components += 1;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                low[parent as usize] = low[parent as usize].min(low[at]);
            }
        }
    }
    component
}

fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 parts")
}
