//! Reads the ports that a service listens on: `ports`, short and long, and `expose`.

use crate::yaml::Node;

/// The most ports that one range may stand for; of a longer one the first counts.
pub const MAX_RANGE: u16 = 32;

/// A port of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// Whether it is one of UDP.
    pub is_udp: bool,
}

/// Reads an entry of `ports` or `expose`; `None` where it is none.
pub fn ports(entry: &Node) -> Option<Vec<Port>> {
    let text = |key: &str| entry.get(key).and_then(Node::text);
    let (target, protocol) = match entry.text() {
        Some(short) => {
            let (ports, protocol) = short.split_once('/').unwrap_or((short, "tcp"));
            // `ip:host:container`: what counts stands last.
            (ports.rsplit(':').next().unwrap_or(ports), protocol)
        }
        None => (text("target")?, text("protocol").unwrap_or("tcp")),
    };
    let (first, last) = target.split_once('-').unwrap_or((target, target));
    let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    if first == 0 || last < first {
        return None;
    }
    let last = if last - first < MAX_RANGE { last } else { first };
    Some((first..=last).map(|number| Port { number, is_udp: protocol.eq_ignore_ascii_case("udp") }).collect())
}

#[cfg(test)]
mod tests {
    use super::ports;
    use crate::yaml::read;

    #[test]
    fn every_way_to_write_a_port_is_read() {
        for (text, expected) in [
            ("\"80\"", "80"),
            ("8080:80", "80"),
            ("127.0.0.1:8080:80/tcp", "80"),
            ("\"[::1]:8080:80\"", "80"),
            ("\"53:53/udp\"", "53u"),
            ("\"53:53/UDP\"", "53u"),
            ("\"9000-9002:8000-8002\"", "8000 8001 8002"),
            ("\"1-60000\"", "1"),
            ("{target: 80, published: 8080, protocol: udp}", "80u"),
            ("{published: 80}", "none"),
            ("abc", "none"),
            ("\"0\"", "none"),
        ] {
            let entry = read(text, 0).expect(text);
            let shown = ports(&entry).map(|ports| {
                let one = |port: &super::Port| format!("{}{}", port.number, if port.is_udp { "u" } else { "" });
                ports.iter().map(one).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.as_deref().unwrap_or("none"), expected, "{text}");
        }
    }
}
