//! A network rule names a service that it cannot mean.
//!
//! ## What it does
//! Reports an inbound rule with `toService`, an outbound one with `fromService`, and a name that is not a service. A rule that names no service means any.
//!
//! ## Why is this bad
//! Nothing can tell what the rule lets pass, so that a hole or a block goes unseen.
//!
//! ## Example
//! ```json
//! { "direction": "inbound", "toService": "api", "port": 443, "protocol": "tcp", "action": "allow" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "direction": "inbound", "fromService": "api", "port": 443, "protocol": "tcp", "action": "allow" }
//! ```

use super::{BuiltIn, Check, Context};
use crate::text::{Suggester, quote};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::Direction;

/// A network rule names a service that it cannot mean.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-network-rule",
    severity: Severity::Error,
    summary: "A network rule names a service that it cannot mean.",
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for (name, network) in &system.networks {
        for (index, rule) in network.rules.iter().enumerate() {
            let pointer = || Pointer::of(["networks", name, "rules"]).index(index);
            let ends = [
                ("fromService", &rule.from_service, Direction::Inbound, "an outbound", "toService"),
                ("toService", &rule.to_service, Direction::Outbound, "an inbound", "fromService"),
            ];
            for (field, service, direction, other, instead) in ends {
                let Some(service) = service else { continue };
                if rule.direction.is_some_and(|found| found != direction) {
                    let place = Place::Key(pointer().join(field));
                    let message = format!("rule {index} of the network {} is {other} one and has {field}", quote(name));
                    let help = format!("write \"{instead}\", or change the direction");
                    findings.push(RULE.at(place, message).help(help));
                } else if !system.services.contains_key(service) {
                    let place = Place::Value(pointer().join(field));
                    let message =
                        format!("rule {index} of the network {} names {}, which is not a service", quote(name), quote(service));
                    let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                    let meant = meant.or_else(|| Some("name a service of the document, or none to mean any".to_owned()));
                    findings.push(RULE.at(place, message).label("no such service").help_if(meant));
                }
            }
        }
    }
}
