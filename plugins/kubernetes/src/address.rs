//! Service objects: a name and ports by which workloads are reached.

use spec_engine_evidence::party::Port;
use spec_engine_evidence::tree::Node;

use crate::container::{ContainerPort, transport};
use crate::object::{Object, text};

/// A name by which workloads are reached.
#[derive(Debug)]
pub struct Address<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Its ports.
    pub ports: Vec<AddressPort<'a>>,
    /// The host outside of the cluster that it stands for.
    pub external: Option<&'a str>,
    /// The positions of the workloads behind it.
    pub workloads: Vec<usize>,
}

/// A port of a Service.
#[derive(Debug)]
pub struct AddressPort<'a> {
    /// The port.
    pub port: Port,
    /// Its name.
    pub name: Option<&'a str>,
    /// The port of the container: its number or its name.
    pub target: &'a str,
}

impl<'a> Address<'a> {
    /// Reads a Service object.
    pub fn read(object: &'a Object) -> Self {
        let spec = object.spec();
        let is_external = spec.and_then(|spec| text(spec, "type")) == Some("ExternalName");
        let external = spec.filter(|_| is_external).and_then(|spec| text(spec, "externalName"));
        let ports = spec.and_then(|spec| spec.get("ports")).map_or(&[][..], Node::items);
        Self {
            name: &object.name,
            namespace: &object.namespace,
            ports: ports.iter().filter_map(AddressPort::read).collect(),
            external,
            workloads: Vec::new(),
        }
    }

    /// The number of a port that a route names by its number or name.
    pub fn number(&self, port: &str) -> Option<u16> {
        let named = || self.ports.iter().find(|own| own.name == Some(port)).map(|own| own.port.number);
        port.parse().ok().or_else(named)
    }
}

impl<'a> AddressPort<'a> {
    fn read(node: &'a Node) -> Option<Self> {
        let number = text(node, "port")?.parse().ok().filter(|&number| number > 0)?;
        let name = text(node, "name");
        let said = text(node, "appProtocol").and_then(of_application);
        let named = name.and_then(of_name);
        // gRPC is spoken over HTTP/2, which `appProtocol` has no finer word for.
        let application = if named == Some("grpc") && said == Some("http") { named } else { said.or(named) };
        let port = Port {
            number,
            transport: transport(text(node, "protocol")),
            published: None,
            application: application.map(str::to_owned),
        };
        Some(Self { port, name, target: text(node, "targetPort").or_else(|| text(node, "port"))? })
    }

    /// Whether it leads to a port of a container.
    pub fn leads_to(&self, port: &ContainerPort<'_>) -> bool {
        self.target.parse::<u16>().map_or(port.name == Some(self.target), |number| port.number == number)
    }
}

/// The protocol of `appProtocol`.
fn of_application(text: &str) -> Option<&str> {
    match text.rsplit('/').next().unwrap_or(text) {
        "h2c" | "http2" => Some("http"),
        "tcp" => None,
        other => Some(other),
    }
}

/// The protocol that the name of a port says, as meshes read it: `grpc-api`.
fn of_name(name: &str) -> Option<&'static str> {
    Some(match name.split('-').next().unwrap_or(name) {
        "grpc" => "grpc",
        "http" | "http2" => "http",
        "https" => "https",
        "mongo" | "mongodb" => "mongodb",
        "mysql" | "postgres" | "postgresql" => "sql",
        "redis" => "redis",
        "amqp" => "amqp",
        "memcached" => "memcached",
        "tcp" | "tls" => "tcp",
        _ => return None,
    })
}
