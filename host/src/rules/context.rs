//! The input of a rule: the system, the parameters, and facts that several rules need.

use std::sync::OnceLock;

use super::Params;
use crate::diagnostic::Pointer;
use crate::graph::{Graph, GroupBy, Questions, ViewOptions};
use crate::model::{Connection, Service, System, Text, position};

/// The input of a rule.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The system.
    pub system: &'a System,
    /// The parameters of the rule.
    pub params: &'a Params,
    facts: &'a Facts<'a>,
}

/// What is computed once, when it is first needed, for all rules.
pub struct Facts<'a> {
    system: &'a System,
    links: OnceLock<Links>,
    graph: OnceLock<Graph<'a>>,
    questions: OnceLock<Questions>,
    graph_by_owner: OnceLock<Graph<'a>>,
}

/// A connection, by positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The service that connects, a position in the services.
    pub source: u32,
    /// The connection, a position in the connections of the service.
    pub connection: u32,
    /// The service that it leads to, a position in the services; `None` where there is no such service.
    pub target: Option<u32>,
}

struct Links {
    all: Vec<Link>,
    /// Where the links of each service start, and the end of the last.
    starts: Vec<u32>,
    incoming: Vec<u32>,
}

impl<'a> Facts<'a> {
    /// Prepares to look at a system; nothing is worked out yet.
    pub fn of(system: &'a System) -> Self {
        Self {
            system,
            links: OnceLock::new(),
            graph: OnceLock::new(),
            questions: OnceLock::new(),
            graph_by_owner: OnceLock::new(),
        }
    }

    /// The context of a rule with these parameters.
    pub fn context(&'a self, params: &'a Params) -> Context<'a> {
        Context { system: self.system, params, facts: self }
    }
}

impl<'a> Context<'a> {
    /// Every connection, service by service, in the order of the document.
    pub fn links(self) -> &'a [Link] {
        &self.facts.resolved().all
    }

    /// The connections of a service.
    pub fn links_of(self, service: u32) -> &'a [Link] {
        let links = self.facts.resolved();
        &links.all[links.starts[service as usize] as usize..links.starts[service as usize + 1] as usize]
    }

    /// The number of connections of other services to a service.
    pub fn incoming(self, service: u32) -> u32 {
        self.facts.resolved().incoming[service as usize]
    }

    /// Whether a service has connections, or another service has one to it.
    pub fn is_connected(self, service: u32) -> bool {
        !self.links_of(service).is_empty() || self.incoming(service) > 0
    }

    /// A service by its position.
    pub fn service(self, service: u32) -> (&'a Text, &'a Service) {
        self.system.services.get_index(service as usize).expect("a link leads into its system")
    }

    /// A connection with the name of its target.
    pub fn connection(self, link: Link) -> (&'a Text, &'a Connection) {
        let (_, service) = self.service(link.source);
        service.connections.get_index(link.connection as usize).expect("a link leads into its system")
    }

    /// The place of a connection in the document.
    pub fn link_pointer(self, link: Link) -> Pointer {
        let (source, _) = self.service(link.source);
        let (target, _) = self.connection(link);
        Pointer::of(["services", source, "connections", target])
    }

    /// The graph of the system.
    pub fn graph(self) -> &'a Graph<'a> {
        self.facts.graph.get_or_init(|| Graph::of(self.system))
    }

    /// The answers to questions about the graph of the system.
    pub fn questions(self) -> &'a Questions {
        self.facts.questions.get_or_init(|| Questions::of(self.graph()))
    }

    /// The graph of the system, grouped by owner.
    pub fn graph_by_owner(self) -> &'a Graph<'a> {
        let view = ViewOptions { group_by: GroupBy::Owner, ..ViewOptions::default() };
        self.facts.graph_by_owner.get_or_init(|| Graph::of(self.system).view(&view))
    }
}

impl Facts<'_> {
    fn resolved(&self) -> &Links {
        self.links.get_or_init(|| {
            let services = &self.system.services;
            let mut links = Links { all: Vec::new(), starts: vec![0], incoming: vec![0; services.len()] };
            for (source, service) in services.values().enumerate() {
                for (connection, target) in service.connections.keys().enumerate() {
                    let target = services.get_index_of(target);
                    if let Some(target) = target.filter(|&target| target != source) {
                        links.incoming[target] += 1;
                    }
                    let (source, connection) = (position(source), position(connection));
                    links.all.push(Link { source, connection, target: target.map(position) });
                }
                links.starts.push(position(links.all.len()));
            }
            links
        })
    }
}
