//! Writes connections and endpoints into the document.

use indexmap::IndexMap;

use crate::connections::{Link, Ports};
use crate::document::{Connection, Endpoint, Service};
use crate::notes::{Notes, Severity};
use crate::party::{Party, Port, Transport};
use crate::protocol::is_udp;

/// The most variables that the description of a connection names.
const MAX_NAMED: usize = 5;

/// A connection with a description that says what names the other service.
pub fn connection(link: &Link<'_>) -> Connection {
    let mut sentences = Vec::new();
    if !link.variables.is_empty() {
        let named = link.variables.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
        sentences.push(format!("set by {named}"));
    }
    sentences.extend(link.others.iter().take(MAX_NAMED).cloned());
    if link.is_assumed {
        sentences.push("the port is assumed".to_owned());
    }
    for (port, further) in link.further.iter().take(MAX_NAMED) {
        sentences.push(format!("also {}:{port}, {}", further.protocol, further.mention.words()));
    }
    let description = (!sentences.is_empty()).then(|| sentences.join("; "));
    Connection { port: link.port, protocol: link.protocol.clone(), description }
}

/// The endpoint of a port that a service lists.
pub fn endpoint<P: Party>(port: &Port, position: usize, ports: &Ports<'_, P>) -> Endpoint {
    let protocol = match port.transport {
        Transport::Udp => "udp".to_owned(),
        Transport::Sctp => "sctp".to_owned(),
        Transport::Tcp => {
            Some(ports.protocol(position, port.number)).filter(|own| !is_udp(own)).unwrap_or("tcp".into())
        }
    };
    Endpoint { port: port.number, protocol }
}

/// Adds to a service what a client tells of it: the ports that it uses, and its variables for them.
pub fn expose<P: Party>(service: &mut Service, position: usize, link: &Link<'_>, ports: &Ports<'_, P>) {
    let set = |field: &mut Option<String>, name: Option<&str>| {
        if field.is_none() {
            *field = name.filter(|name| is_name(name)).map(str::to_owned);
        }
    };
    set(&mut service.env_vars.url, link.url);
    set(&mut service.env_vars.host, link.host);
    set(&mut service.env_vars.port, link.port_variable);
    // Inside of a project every port can be reached, whether a file lists it or not.
    let own = (!link.is_assumed).then_some((link.port, &link.protocol));
    for (port, protocol) in own.into_iter().chain(link.further.iter().map(|(port, further)| (*port, &further.protocol)))
    {
        let is_same = |endpoint: &Endpoint| endpoint.port == port && is_udp(&endpoint.protocol) == is_udp(protocol);
        if !service.exposes.iter().any(is_same) {
            let usual = ports.protocol(position, port);
            let protocol = if is_udp(&usual) == is_udp(protocol) { usual } else { protocol.clone() };
            service.exposes.push(Endpoint { port, protocol });
        }
    }
}

/// Whether a text is the name of a variable as the format has it.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.starts_with(|first: char| !first.is_ascii_digit())
}

/// Tells of the ports beside the one that a connection has.
pub fn tell_of_further_ports<P: Party>(party: &P, parties: &[P], links: &IndexMap<usize, Link<'_>>, notes: &mut Notes) {
    for (&target, link) in links {
        for (port, further) in &link.further {
            let message = format!(
                "`{}` uses `{}` at {}:{port}, too: a connection has one port, here {}, and its description tells the other",
                party.name(),
                parties[target].name(),
                further.protocol,
                link.port
            );
            notes.add(
                Severity::Info,
                "second-port",
                further.place,
                message,
                "look whether the first one is the right one",
            );
        }
    }
}
