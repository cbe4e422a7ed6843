//! The address range of a network is not in CIDR notation.
//!
//! ## What it does
//! Reports a `cidr` that is no IPv4 or IPv6 range (`10.0.0.0/16`, `fd00::/8`), or that has bits set behind its prefix: `10.0.0.5/16` is an address in the range, not the range.
//!
//! ## Why is this bad
//! No cloud and no firewall takes it, and nobody can tell whether an address is inside.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// The address range of a network is not in CIDR notation.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-cidr",
    severity: Severity::Error,
    summary: "The address range of a network is not in CIDR notation.",
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, network) in &system.networks {
        let Some(cidr) = &network.cidr else { continue };
        let what = if cidr.is_empty() {
            format!("the address range of {}, which is empty,", quote(name))
        } else {
            format!("{}, the address range of {},", quote(cidr), quote(name))
        };
        let (message, help) = match cidr.parse::<IpNet>() {
            Ok(range) if range.addr() == range.network() => continue,
            Ok(range) => {
                let meant = quote(&range.trunc().to_string());
                (format!("{what} has bits set behind its prefix"), format!("did you mean {meant}?"))
            }
            Err(_) => (format!("{what} is not in CIDR notation"), next_step(cidr)),
        };
        let place = Place::Value(Pointer::of(["networks", name, "cidr"]));
        findings.push(RULE.at(place, message).help(help));
    }
}

fn next_step(cidr: &str) -> String {
    let (address, prefix) = cidr.split_once('/').map_or((cidr, None), |(address, prefix)| (address, Some(prefix)));
    match (address.parse::<IpAddr>(), prefix) {
        (Ok(address), Some(_)) => {
            format!("write a prefix from 0 to {} behind the slash", if address.is_ipv4() { 32 } else { 128 })
        }
        (Ok(address), None) => {
            format!("add the length of the prefix: {address}/{}", if address.is_ipv4() { 32 } else { 128 })
        }
        (Err(_), _) => "write an address, a slash and the length of the prefix: 10.0.0.0/16".to_owned(),
    }
}
