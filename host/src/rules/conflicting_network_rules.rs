//! Two rules of a network allow and deny the same traffic.
//!
//! ## What it does
//! Reports the second of two rules of a network that have the same direction, service, port and protocol, but opposite actions.
//!
//! ## Why is this bad
//! The result depends on which of the two a reader applies. `blocked-connection` applies the first.
//!
//! ## Example
//! ```json
//! [
//!   { "direction": "inbound", "port": 22, "protocol": "tcp", "action": "deny" },
//!   { "direction": "inbound", "port": 22, "protocol": "tcp", "action": "allow" }
//! ]
//! ```
//!
//! ## Use instead
//! ```json
//! [
//!   { "direction": "inbound", "port": 22, "protocol": "tcp", "action": "deny" }
//! ]
//! ```

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::{Action, Direction};
use crate::text::quote;

/// Two rules of a network allow and deny the same traffic.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "conflicting-network-rules",
    severity: Severity::Error,
    summary: "Two rules of a network allow and deny the same traffic.",
    tags: &["network"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, network) in &system.networks {
        let mut first: HashMap<_, (usize, Action), RandomState> = HashMap::default();
        for (index, rule) in network.rules.iter().enumerate() {
            let (Some(direction), Some(port), Some(protocol), Some(action)) =
                (rule.direction, rule.port, rule.protocol, rule.action)
            else {
                continue;
            };
            let traffic = (direction == Direction::Inbound, &rule.from_service, &rule.to_service, port, protocol as u8);
            let &mut (other, before) = first.entry(traffic).or_insert((index, action));
            if before != action {
                let (does, other_does) = match action {
                    Action::Allow => ("allows", "denies"),
                    Action::Deny => ("denies", "allows"),
                };
                let rules = Pointer::of(["networks", name, "rules"]);
                let message =
                    format!("rule {index} of the network {} {does} what rule {other} {other_does}", quote(name));
                let finding = RULE.at(Place::Value(rules.index(index).join("action")), message);
                let finding = finding
                    .related(Place::Value(rules.index(other).join("action")), format!("rule {other} {other_does} it"));
                findings.push(finding.help("remove one of the two"));
            }
        }
    }
}
