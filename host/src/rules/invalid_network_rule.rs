//! A network rule names a service that it cannot apply to.
//!
//! ## What it does
//! Reports an inbound rule with `toService`, an outbound rule with `fromService`, and an unknown service. A rule without a service applies to any.
//!
//! ## Why is this bad
//! Nobody can tell which traffic the rule applies to.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::Direction;
use crate::text::{Suggester, quote};

/// A network rule names a service that it cannot apply to.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-network-rule",
    severity: Severity::Error,
    summary: "A network rule names a service that it cannot apply to.",
    tags: &["network"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for (name, network) in &system.networks {
        for (index, rule) in network.rules.iter().enumerate() {
            let pointer = || Pointer::of(["networks", name, "rules"]).index(index);
            let ends = [
                ("fromService", &rule.from_service, Direction::Inbound, "outbound", "toService"),
                ("toService", &rule.to_service, Direction::Outbound, "inbound", "fromService"),
            ];
            for (field, service, direction, other, instead) in ends {
                let Some(service) = service else { continue };
                if rule.direction.is_some_and(|found| found != direction) {
                    let place = Place::Key(pointer().join(field));
                    let message = format!("rule {index} of the network {} is {other}, but has `{field}`", quote(name));
                    let help = format!("use `{instead}`, or change the direction");
                    findings.push(RULE.at(place, message).help(help));
                } else if !system.services.contains_key(service) {
                    let place = Place::Value(pointer().join(field));
                    let message = format!(
                        "rule {index} of the network {} names the unknown service {}",
                        quote(name),
                        quote(service)
                    );
                    let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                    let meant = meant.or_else(|| {
                        Some("name a service of the document, or remove the field to match any service".to_owned())
                    });
                    findings.push(RULE.at(place, message).label("unknown service").help_if(meant));
                }
            }
        }
    }
}
