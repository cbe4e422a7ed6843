//! Reads the ports that a service listens on: `ports`, short and long, and `expose`.

use spec_engine_evidence::party::{Port, Transport};
use spec_engine_evidence::tree::Node;

/// The most ports that one range may stand for; of a longer one the first counts.
pub const MAX_RANGE: u16 = 32;

/// An entry of `ports` or `expose`.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// The ports that it stands for.
    Ports(Vec<Port>),
    /// The first port of a range that is longer than [`MAX_RANGE`].
    LongRange(Port),
    /// None, and why, as the rest of a sentence.
    Wrong(String),
}

/// Reads an entry of `ports` or `expose`.
pub fn entry(node: &Node) -> Entry {
    read(node).unwrap_or_else(Entry::Wrong)
}

fn read(node: &Node) -> Result<Entry, String> {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let (published, target, protocol, application) = match node.text() {
        Some(short) => {
            let (ports, protocol) = short.split_once('/').unwrap_or((short, "tcp"));
            // `ip:published:target`: what counts stands last, and an address may have colons of its own.
            let mut parts = ports.rsplitn(3, ':');
            let target = parts.next().unwrap_or_default();
            (parts.next(), target, protocol, None)
        }
        None if node.pairs().is_empty() => return Err(format!("it is {}", node.noun())),
        None => {
            let target = text("target").ok_or("it has no `target`")?;
            (text("published"), target, text("protocol").unwrap_or("tcp"), text("app_protocol"))
        }
    };
    let published = match published.filter(|published| !published.is_empty()) {
        Some(published) => Some(range(published)?.0),
        None => None,
    };
    let transport = match protocol.to_ascii_lowercase().as_str() {
        "tcp" => Transport::Tcp,
        "udp" => Transport::Udp,
        "sctp" => Transport::Sctp,
        other => return Err(format!("`{other}` is none of `tcp`, `udp` and `sctp`")),
    };
    let (first, last) = range(target)?;
    let port = |number: u16| {
        let published = published.and_then(|published| published.checked_add(number - first));
        Port { number, transport, published, application: application.map(str::to_owned) }
    };
    Ok(if last - first < MAX_RANGE {
        Entry::Ports((first..=last).map(port).collect())
    } else {
        Entry::LongRange(port(first))
    })
}

fn range(text: &str) -> Result<(u16, u16), String> {
    let number = |text: &str| match text.trim() {
        "" => Err("the port is missing".to_owned()),
        text => text
            .parse::<u16>()
            .ok()
            .filter(|&port| port > 0)
            .ok_or_else(|| format!("`{text}` is not a number from 1 to 65535")),
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    // A sign is none of a range.
    let (first, last) = if first.is_empty() { (text, text) } else { (first, last) };
    let (first, last) = (number(first)?, number(last)?);
    if last < first { Err(format!("the range `{text}` runs backwards")) } else { Ok((first, last)) }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Port, Transport, entry};
    use spec_engine_evidence::yaml::read;

    #[test]
    fn every_way_to_write_a_port_is_read() {
        for (text, expected) in [
            ("\"80\"", "80"),
            ("8080:80", "80"),
            ("127.0.0.1:8080:80/tcp", "80"),
            ("127.0.0.1::80", "80"),
            ("\":80\"", "80"),
            ("\"[::1]:8080:80\"", "80"),
            ("\"::1:8080:80\"", "80"),
            ("\"53:53/udp\"", "53u"),
            ("\"53:53/UDP\"", "53u"),
            ("\"9000-9002:8000-8002\"", "8000 8001 8002"),
            ("\"8000-9000:80\"", "80"),
            ("\"1-60000\"", "first 1"),
            ("{target: 80, published: 8080, protocol: udp}", "80u"),
            ("{target: 80, app_protocol: http}", "80 http"),
            ("{published: 80}", "it has no `target`"),
            ("{target: x}", "`x` is not a number from 1 to 65535"),
            ("abc:def", "`abc` is not a number from 1 to 65535"),
            ("\"80:def\"", "`def` is not a number from 1 to 65535"),
            ("\"70000:70000\"", "`70000` is not a number from 1 to 65535"),
            ("\"8080:0\"", "`0` is not a number from 1 to 65535"),
            ("\"80:\"", "the port is missing"),
            ("\"-1\"", "`-1` is not a number from 1 to 65535"),
            ("\"90-80\"", "the range `90-80` runs backwards"),
            ("\"80/http\"", "`http` is none of `tcp`, `udp` and `sctp`"),
            ("[80]", "it is a list"),
        ] {
            let node = read(text, 0).expect(text).remove(0);
            let one = |port: &Port| {
                let transport = if port.transport == Transport::Udp { "u" } else { "" };
                let application = port.application.as_ref().map(|own| format!(" {own}")).unwrap_or_default();
                format!("{}{transport}{application}", port.number)
            };
            let shown = match entry(&node) {
                Entry::Ports(ports) => ports.iter().map(one).collect::<Vec<_>>().join(" "),
                Entry::LongRange(port) => format!("first {}", one(&port)),
                Entry::Wrong(why) => why,
            };
            assert_eq!(shown, expected, "{text}");
        }
    }
}
