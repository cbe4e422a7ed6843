//! The CIDR of a network is invalid.
//!
//! ## What it does
//! Reports a `cidr` that is not an IPv4 or IPv6 range (`10.0.0.0/16`, `fd00::/8`), or that has host bits set: `10.0.0.5/16` is an address in a range, not a range.
//!
//! ## Why is this bad
//! Clouds and firewalls reject it, and nobody can tell which addresses are in the network.
//!
//! ## Example
//! ```json
//! { "networks": { "internal": { "cidr": "10.0.0.0/33" } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "networks": { "internal": { "cidr": "10.0.0.0/16" } } }
//! ```

use std::net::IpAddr;

use ipnet::IpNet;

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// The CIDR of a network is invalid.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-cidr",
    severity: Severity::Error,
    summary: "The CIDR of a network is invalid.",
    tags: &["network"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, network) in &system.networks {
        let Some(cidr) = &network.cidr else { continue };
        let network = format!("the CIDR of the network {}", quote(name));
        let (message, help) = match cidr.parse::<IpNet>() {
            Ok(range) if range.addr() == range.network() => continue,
            Ok(range) => {
                let meant = quote(&range.trunc().to_string());
                (format!("{network} has host bits set: {}", quote(cidr)), format!("did you mean {meant}?"))
            }
            Err(_) if cidr.is_empty() => (format!("{network} is empty"), next_step(cidr)),
            Err(_) => (format!("{network} is invalid: {}", quote(cidr)), next_step(cidr)),
        };
        let place = Place::Value(Pointer::of(["networks", name, "cidr"]));
        findings.push(RULE.at(place, message).help(help));
    }
}

fn next_step(cidr: &str) -> String {
    let (address, prefix) = cidr.split_once('/').map_or((cidr, None), |(address, prefix)| (address, Some(prefix)));
    match (address.parse::<IpAddr>(), prefix) {
        (Ok(address), Some(_)) => {
            format!("use a prefix length from 0 to {}", if address.is_ipv4() { 32 } else { 128 })
        }
        (Ok(address), None) => {
            format!("add a prefix length: {address}/{}", if address.is_ipv4() { 32 } else { 128 })
        }
        (Err(_), _) => "use an address and a prefix length, such as 10.0.0.0/16".to_owned(),
    }
}
