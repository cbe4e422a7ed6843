//! The names by which services reach each other: theirs, those of containers and hosts, aliases in networks, links.

use std::collections::HashMap;

use spec_engine_evidence::tree::Node;

use crate::service::Part;

/// The names of all services.
pub struct Names<'a> {
    by_name: HashMap<&'a str, usize>,
    published: HashMap<u16, (usize, u16)>,
}

impl<'a> Names<'a> {
    /// Collects the names. Of two services with the same one, that whose own name it is counts, else the first.
    pub fn of(parts: &'a [Part<'a>]) -> Self {
        let mut by_name: HashMap<&str, usize> =
            parts.iter().enumerate().map(|(position, part)| (part.name, position)).collect();
        for (position, part) in parts.iter().enumerate() {
            let networks = part.node.get("networks").map_or(&[][..], Node::pairs);
            let in_network = ["aliases", "ipv4_address", "ipv6_address"];
            let in_networks = networks.iter().flat_map(|pair| in_network.map(|key| pair.value.get(key)));
            let own = ["container_name", "hostname"].map(|key| part.node.get(key));
            let all = in_networks.chain(own).flatten().flat_map(Node::texts).filter_map(Node::text);
            for name in all.filter(|name| !name.is_empty()) {
                by_name.entry(name).or_insert(position);
            }
        }
        let mut published = HashMap::new();
        for (position, part) in parts.iter().enumerate() {
            for port in &part.ports {
                if let Some(number) = port.published {
                    published.entry(number).or_insert((position, port.number));
                }
            }
        }
        Self { by_name, published }
    }

    /// The service that publishes a port on the machine that runs the project, and its own port behind it.
    pub fn published(&self, port: u16) -> Option<(usize, u16)> {
        self.published.get(&port).copied()
    }

    /// The position of the service that has a name.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The names that a service has for others by its `links`: `service:alias`.
    pub fn links<'p>(&self, part: &'p Part<'_>) -> HashMap<&'p str, usize> {
        let links = part.node.get("links").map_or(&[][..], Node::texts).iter().filter_map(Node::text);
        let alias = |link: &'p str| {
            let (service, alias) = link.split_once(':')?;
            Some((alias, self.get(service)?))
        };
        links.filter_map(alias).collect()
    }
}
