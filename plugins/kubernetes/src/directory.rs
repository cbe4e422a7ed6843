//! The names by which workloads reach each other, as the DNS of a cluster has them.

use std::collections::HashMap;

use indexmap::IndexMap;
use spec_engine_evidence::party::{Port, Transport};

use crate::address::{Address, AddressPort};
use crate::container::{Container, main};
use crate::object::{Environment, Object};
use crate::selector::{Selectors, pairs};
use crate::workload::Workload;

/// All names of a cluster.
pub struct Directory<'a> {
    /// The Service objects.
    pub addresses: Vec<Address<'a>>,
    /// Whether one of them stands for a host outside of the cluster.
    pub has_external: bool,
    by_name: HashMap<(&'a str, &'a str), usize>,
    /// The positions of the addresses that lead to a workload.
    of_workload: HashMap<usize, Vec<usize>>,
    /// What namespaces of environments stand for.
    environments: HashMap<&'a str, &'a Environment>,
}

impl<'a> Directory<'a> {
    /// Reads the Service objects, and finds the workloads behind them.
    pub fn of(objects: &'a [Object], workloads: &[Workload<'a>], selectors: &Selectors<'_>) -> Self {
        let environments = objects.iter().filter_map(|own| Some((own.namespace.as_str(), own.environment.as_ref()?)));
        let environments = environments.collect();
        let mut directory = Self {
            addresses: Vec::new(),
            has_external: false,
            by_name: HashMap::new(),
            of_workload: HashMap::new(),
            environments,
        };
        for object in objects.iter().filter(|object| object.kind == "Service" && object.group.is_empty()) {
            let mut address = Address::read(object);
            let wanted = pairs(object.spec().and_then(|spec| spec.get("selector")));
            if address.external.is_none() && !wanted.is_empty() {
                address.workloads = selectors.labelled(&object.namespace, &wanted);
            }
            directory.add(address);
        }
        directory.repeat(objects, selectors);
        // Knative makes a name of its own for what it runs.
        for (position, workload) in workloads.iter().enumerate().filter(|(_, own)| own.object.kind == "Service") {
            let port =
                Port { number: 80, transport: Transport::Tcp, published: None, application: Some("http".to_owned()) };
            directory.add(Address {
                name: &workload.object.name,
                namespace: &workload.object.namespace,
                ports: vec![AddressPort { port, name: None, target: "" }],
                external: None,
                workloads: vec![position],
            });
        }
        directory
    }

    /// Repeats the Service objects outside of all environments in each environment that has none of that name: there they
    /// lead to its workloads.
    fn repeat(&mut self, objects: &'a [Object], selectors: &Selectors<'_>) {
        let inside = objects.iter().filter_map(|own| Some((own.namespace.as_str(), own.environment.as_ref()?)));
        let inside: IndexMap<&str, &Environment> = inside.collect();
        let is_outside = |own: &&Object| own.kind == "Service" && own.group.is_empty() && own.environment.is_none();
        for object in objects.iter().filter(is_outside).filter(|_| !inside.is_empty()) {
            let wanted = pairs(object.spec().and_then(|spec| spec.get("selector")));
            for (&namespace, environment) in &inside {
                let is_there = self.by_name.contains_key(&(namespace, object.name.as_str()));
                if environment.outside != object.namespace || is_there || wanted.is_empty() {
                    continue;
                }
                let workloads = selectors.labelled(namespace, &wanted);
                if !workloads.is_empty() {
                    self.add(Address { namespace, workloads, ..Address::read(object) });
                }
            }
        }
    }

    fn add(&mut self, address: Address<'a>) {
        self.has_external |= address.external.is_some();
        let key = (address.namespace, address.name);
        self.by_name.entry(key).or_insert(self.addresses.len());
        for &workload in &address.workloads {
            self.of_workload.entry(workload).or_default().push(self.addresses.len());
        }
        self.addresses.push(address);
    }

    /// The position of the address that a host means in a namespace: `db`, `db.shop`, `db.shop.svc.cluster.local`, and
    /// a pod of a StatefulSet: `db-0.db`.
    pub fn resolve(&self, host: &str, namespace: &str) -> Option<usize> {
        // In an environment its own are meant, then what is outside of all.
        let environment = self.environments.get(namespace);
        let get = |other: &str, name: &str| {
            let own = environment.and_then(|environment| {
                let inside = if other == namespace { other.to_owned() } else { environment.inside(other) };
                self.by_name.get(&(inside.as_str(), name)).copied()
            });
            let outside = environment.filter(|_| other == namespace).map_or(other, |own| own.outside.as_str());
            own.or_else(|| self.by_name.get(&(outside, name)).copied())
        };
        let host = host.strip_suffix('.').unwrap_or(host);
        let (path, is_whole) = match host.find(".svc") {
            Some(at) if matches!(host[at + 4..].chars().next(), None | Some('.')) => (&host[..at], true),
            _ => (host, false),
        };
        let is_pod = |pod: &str| pod.rsplit_once('-').is_some_and(|(_, number)| number.parse::<u32>().is_ok());
        let mut labels = path.split('.');
        match (labels.next()?, labels.next(), labels.next(), labels.next()) {
            (name, None, ..) if !is_whole => get(namespace, name),
            (name, Some(other), None, _) => {
                get(other, name).or_else(|| get(namespace, other).filter(|_| !is_whole && is_pod(name)))
            }
            (pod, Some(name), Some(other), None) if is_whole || is_pod(pod) => get(other, name),
            _ => None,
        }
    }

    /// The name of a Service that leads to a port of a workload: of several the one that is called as the workload is, else
    /// the one with the fewest workloads behind it. `None` where none lists the port.
    pub fn service(&self, workload: usize, name: &str, port: u16) -> Option<&'a str> {
        let all = self.of_workload.get(&workload)?.iter().map(|&at| &self.addresses[at]);
        let listing = all.filter(|own| own.ports.iter().any(|own| own.port.number == port));
        listing.min_by_key(|own| (own.name != name, own.workloads.len())).map(|own| own.name)
    }

    /// Gives workloads the ports of their addresses, and says which of their containers is the service.
    pub fn settle(&self, workloads: &mut [Workload<'a>]) {
        let mut reached: Vec<Vec<&AddressPort<'a>>> = workloads.iter().map(|_| Vec::new()).collect();
        for address in &self.addresses {
            for &workload in &address.workloads {
                reached[workload].extend(&address.ports);
            }
        }
        for (workload, reached) in workloads.iter_mut().zip(reached) {
            let served =
                |container: &Container<'_>| container.ports().any(|port| reached.iter().any(|own| own.leads_to(&port)));
            let main = main(&workload.containers, workload.named_container(), &workload.object.name, &served);
            workload.settle(main);
            for own in &reached {
                let of_pod = workload.containers.iter().flat_map(|container| container.ports());
                let of_pod = of_pod.filter(|port| own.leads_to(port)).map(|port| port.number);
                let of_pod = of_pod.chain(own.target.parse::<u16>());
                let pairs: Vec<(u16, u16)> = of_pod.map(|port| (port, own.port.number)).collect();
                workload.reached.extend(pairs);
            }
            for port in reached.iter().map(|own| &own.port) {
                let is_same = |own: &&mut Port| own.number == port.number && own.transport == port.transport;
                match workload.ports.iter_mut().find(is_same) {
                    Some(own) if own.application.is_none() => own.application.clone_from(&port.application),
                    Some(_) => {}
                    None => workload.ports.push(port.clone()),
                }
            }
            // Without a Service its pods are reached as they are.
            if let Some(main) = workload.main.filter(|_| workload.ports.is_empty()) {
                workload.ports.extend(workload.containers[main].ports().map(|port| Port {
                    number: port.number,
                    transport: port.transport,
                    published: None,
                    application: None,
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_evidence::yaml::read;

    use super::Directory;
    use crate::object::Object;
    use crate::selector::Selectors;

    #[test]
    fn hosts_are_resolved_as_the_dns_of_a_cluster_does() {
        let object = |namespace: &str, name: &str| {
            let text = format!("{{metadata: {{name: {name}, namespace: {namespace}}}, spec: {{clusterIP: None}}}}");
            Object::of("Service", "v1", read(&text, 0).expect("it is read").remove(0)).expect("it has a name")
        };
        let objects = [object("shop", "db"), object("shop", "web"), object("other", "db")];
        let directory = Directory::of(&objects, &[], &Selectors::of(std::iter::empty()));
        for (host, expected) in [
            ("db", Some(0)),
            ("web", Some(1)),
            ("db.shop", Some(0)),
            ("db.other", Some(2)),
            ("db.other.svc", Some(2)),
            ("db.other.svc.cluster.local", Some(2)),
            ("db.other.svc.cluster.local.", Some(2)),
            ("db.other.svc.k8s.example", Some(2)),
            ("db-0.db", Some(0)),
            ("db-0.db.other", Some(2)),
            ("db-0.db.other.svc.cluster.local", Some(2)),
            ("db.third", None),
            ("db.third.svc", None),
            ("x.db", None),
            ("db.example.com", None),
            ("web.other", None),
            ("db.svc", None),
            ("", None),
        ] {
            assert_eq!(directory.resolve(host, "shop"), expected, "{host}");
        }
        assert_eq!(directory.resolve("web", "other"), None);
    }
}
