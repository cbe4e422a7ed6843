//! Decides who connects to whom, at which port, with which protocol.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};

use crate::evidence::{Evidence, Mention, Source, Strength};
use crate::party::{Party, Transport};
use crate::protocol::{self, spoken};
use crate::tree::Place;

/// The port of a dependency of which the files do not say one.
pub const ASSUMED: (u16, &str) = (80, "tcp");

/// A connection of a service to another one.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: String,
    /// The variables that name the other one.
    pub variables: IndexSet<&'a str>,
    /// What else names it, as the rest of a sentence: `in its command`.
    pub others: IndexSet<String>,
    /// The variable with its URL.
    pub url: Option<&'a str>,
    /// The variable with its host.
    pub host: Option<&'a str>,
    /// The variable with its port.
    pub port_variable: Option<&'a str>,
    /// Further ports at which it is used, with what names them.
    pub further: IndexMap<u16, FurtherPort<'a>>,
    /// Whether nothing in the files says the port.
    pub is_assumed: bool,
    /// Where the first of what names it stands.
    pub place: Place,
}

/// A further port at which a service uses another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherPort<'a> {
    /// The protocol.
    pub protocol: String,
    /// What names it.
    pub mention: Source<'a>,
    /// Where it stands.
    pub place: Place,
}

/// Where clients reach each service, as all files together say it.
pub struct Ports<'a, P> {
    parts: &'a [P],
    /// The port that is taken where one who names a service does not say any.
    usual: Vec<Option<u16>>,
    /// The protocols that URLs say, by service and port.
    said: HashMap<(usize, u16), Vec<&'static str>>,
}

impl<'a, P: Party> Ports<'a, P> {
    /// Weighs what all services say.
    pub fn of(parts: &'a [P], evidence: &[Evidence<'_>]) -> Self {
        let mut named: Vec<Vec<(u16, bool)>> = vec![Vec::new(); parts.len()];
        let mut said: HashMap<(usize, u16), Vec<&'static str>> = HashMap::new();
        let mut say = |service, port, protocol: Option<&'static str>| {
            let Some(protocol) = protocol.map(|protocol| spoken(protocol, port)) else { return };
            let all = said.entry((service, port)).or_default();
            if !all.contains(&protocol) {
                all.push(protocol);
            }
        };
        for mention in evidence.iter().flat_map(|evidence| &evidence.mentions) {
            if let Some(port) = mention.port {
                named[mention.target].push((port, mention.is_implied));
                say(mention.target, port, mention.protocol);
            }
        }
        for (service, evidence) in evidence.iter().enumerate() {
            for (_, own) in &evidence.listening {
                say(service, own.port, own.protocol);
            }
        }
        let usual =
            (0..parts.len()).map(|service| usual(&parts[service], &named[service], &evidence[service])).collect();
        let mut ports = Self { parts, usual, said };
        ports.say_at_usual_ports(evidence);
        ports
    }

    /// URLs that name no port and whose scheme has none say a protocol, too.
    fn say_at_usual_ports(&mut self, evidence: &[Evidence<'_>]) {
        for mention in evidence.iter().flat_map(|evidence| &evidence.mentions).filter(|mention| mention.port.is_none())
        {
            if let (Some(port), Some(protocol)) = (self.usual[mention.target], mention.protocol) {
                let all = self.said.entry((mention.target, port)).or_default();
                if !all.contains(&protocol) {
                    all.push(protocol);
                }
            }
        }
    }

    /// The port of a service where nobody says another one; `None` where the files say none.
    pub fn usual(&self, service: usize) -> Option<u16> {
        self.usual[service]
    }

    /// The port of a known image at which it speaks what the name of a variable tells.
    fn hinted(&self, mention: &Mention<'_>) -> Option<u16> {
        let (known, hint) = (self.parts[mention.target].known()?, mention.hint?);
        known.ports.iter().find(|(_, protocol)| *protocol == hint).map(|(port, _)| *port)
    }

    /// The protocol that a service speaks at a port: what the file says, what URLs say, what is known, what is usual.
    pub fn protocol(&self, service: usize, port: u16) -> String {
        let part = &self.parts[service];
        let listed = || part.listed(port);
        if let Some(application) = listed().find_map(|port| port.application.as_ref()) {
            return application.to_ascii_lowercase();
        }
        match self.said.get(&(service, port)).map(Vec::as_slice) {
            Some([protocol]) => return (*protocol).to_owned(),
            // URLs that disagree leave what carries them all.
            Some(several) if several.iter().all(|protocol| !protocol::is_udp(protocol)) => return "tcp".to_owned(),
            _ => {}
        }
        let is_only = |transport| listed().next().is_some() && listed().all(|port| port.transport == transport);
        if is_only(Transport::Udp) {
            return "udp".to_owned();
        }
        if is_only(Transport::Sctp) {
            return "sctp".to_owned();
        }
        let usual = part.known().and_then(|known| known.protocol(port)).unwrap_or_else(|| protocol::usual(port));
        if protocol::is_udp(usual) && listed().any(|port| port.transport == Transport::Tcp) { "tcp" } else { usual }
            .to_owned()
    }

    /// The protocol of one who connects: what its own URL says, where that fits, else that of the port.
    fn protocol_of(&self, mention: &Mention<'_>, port: u16) -> String {
        let usual = self.protocol(mention.target, port);
        match mention.protocol.map(|protocol| spoken(protocol, port)) {
            Some(own) if usual == "tcp" && !protocol::is_udp(own) => own.to_owned(),
            _ => usual,
        }
    }
}

/// The port at which clients find a service where they do not say one, by the order of the evidence: what others say,
/// what the service lists, where it listens, what is known of its image.
fn usual(part: &impl Party, named: &[(u16, bool)], evidence: &Evidence<'_>) -> Option<u16> {
    let known = part.known();
    // Of the ports of a known image only the main one is meant by one who names none.
    let of = |ports: &mut dyn Iterator<Item = u16>| {
        let ports: Vec<u16> = ports.collect();
        let main = known.map(|known| known.main().0).filter(|main| ports.contains(main));
        main.or_else(|| ports.into_iter().find(|&port| known.is_none_or(|known| known.protocol(port).is_none())))
    };
    let listed =
        |transport| part.ports().iter().filter(move |port| port.transport == transport).map(|port| port.number);
    let listening = |is_secondary| {
        let own = evidence.listening.iter().filter(move |(_, own)| own.is_secondary == is_secondary);
        own.map(|(_, own)| own.port)
    };
    let advertised =
        evidence.listening.iter().filter(|(strength, own)| *strength == Strength::Advertised && !own.is_secondary);
    let named = |is_implied| named.iter().filter(move |(_, own)| *own == is_implied).map(|(port, _)| *port);
    of(&mut named(false).chain(advertised.map(|(_, own)| own.port)))
        .or_else(|| of(&mut listed(Transport::Tcp)))
        .or_else(|| of(&mut listed(Transport::Udp).chain(listed(Transport::Sctp))))
        .or_else(|| of(&mut named(true)))
        .or_else(|| of(&mut listening(false)))
        .or_else(|| known.map(|known| known.main().0))
        .or_else(|| of(&mut listening(true)))
}

/// The connections of a service by the position of their target: what it says, in the order in which it says it.
pub fn links<'a, P: Party>(evidence: &Evidence<'a>, ports: &Ports<'_, P>) -> IndexMap<usize, Link<'a>> {
    let mut by_target: IndexMap<usize, Vec<(&Mention<'a>, Option<u16>)>> = IndexMap::new();
    for mention in &evidence.mentions {
        let port = mention.port.or_else(|| ports.hinted(mention)).or_else(|| ports.usual(mention.target));
        by_target.entry(mention.target).or_default().push((mention, port));
    }
    by_target.into_iter().map(|(target, mentions)| (target, link(target, &mentions, ports))).collect()
}

fn link<'a, P: Party>(target: usize, mentions: &[(&Mention<'a>, Option<u16>)], ports: &Ports<'_, P>) -> Link<'a> {
    let main = ports.parts[target].known().map(|known| known.main().0);
    let given = || mentions.iter().filter_map(|(mention, port)| Some((mention, (*port)?)));
    // Several ports: the main one of a known image, else the first that is said.
    let chosen = given().find(|(_, port)| Some(*port) == main).or_else(|| given().next());
    let (port, protocol) = match chosen {
        Some((mention, port)) => (port, ports.protocol_of(mention, port)),
        None => (ASSUMED.0, ASSUMED.1.to_owned()),
    };
    let place = mentions.first().map(|(mention, _)| mention.place).unwrap_or_default();
    let mut link = Link { is_assumed: chosen.is_none(), ..Link::at(port, protocol, place) };
    for (mention, at) in mentions {
        match at {
            Some(at) if *at != port => {
                let further = || FurtherPort {
                    protocol: ports.protocol_of(mention, *at),
                    mention: mention.source,
                    place: mention.place,
                };
                link.further.entry(*at).or_insert_with(further);
            }
            _ => link.name(mention),
        }
    }
    link
}

impl<'a> Link<'a> {
    /// A connection that nothing names yet.
    pub fn at(port: u16, protocol: String, place: Place) -> Self {
        Self {
            port,
            protocol,
            variables: IndexSet::new(),
            others: IndexSet::new(),
            url: None,
            host: None,
            port_variable: None,
            further: IndexMap::new(),
            is_assumed: false,
            place,
        }
    }

    /// Takes up what names the other service.
    fn name(&mut self, mention: &Mention<'a>) {
        let Source::Variable(variable) = mention.source else {
            self.others.insert(mention.source.words());
            return;
        };
        self.variables.insert(variable);
        if mention.is_url {
            self.url.get_or_insert(variable);
        } else if mention.port.is_none() || mention.port_variable.is_some() {
            self.host.get_or_insert(variable);
            if let Some(port) = mention.port_variable {
                self.port_variable.get_or_insert(port);
            }
        }
    }
}
