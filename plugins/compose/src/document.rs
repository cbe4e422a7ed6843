//! The document that comes out, as far as compose files have something to say for it.

use indexmap::IndexMap;
use serde::Serialize;

/// A system.
#[derive(Debug, Default, Serialize)]
pub struct System {
    pub name: String,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub owners: IndexMap<String, Owner>,
    pub services: IndexMap<String, Service>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, Network>,
}

impl System {
    /// Writes it as JSON with a line end.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("maps have texts as keys, and writing is to memory");
        text.push('\n');
        text
    }
}

#[derive(Debug, Serialize)]
pub struct Owner {
    pub name: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Service {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo: Option<Repo>,
    pub image: Image,
    #[serde(rename = "envVars", skip_serializing_if = "EnvVars::is_empty")]
    pub env_vars: EnvVars,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub connections: IndexMap<String, Connection>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exposes: Vec<Endpoint>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub resources: IndexMap<&'static str, Vec<Resource>>,
}

#[derive(Debug, Serialize)]
pub struct Repo {
    pub url: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Image {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// The names of the variables by which clients find a service.
#[derive(Debug, Default, Serialize)]
pub struct EnvVars {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
}

impl EnvVars {
    fn is_empty(&self) -> bool {
        self.url.is_none() && self.host.is_none() && self.port.is_none()
    }
}

#[derive(Debug, Serialize)]
pub struct Connection {
    pub port: u16,
    pub protocol: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    pub port: u16,
    pub protocol: String,
}

/// A generic resource. The lists whose resources have no `host` and `port` are in [`Resource::new`].
#[derive(Debug, Serialize)]
pub struct Resource {
    pub name: String,
    #[serde(flatten)]
    pub fields: IndexMap<&'static str, serde_json::Value>,
}

impl Resource {
    /// Makes a resource with its place in the fields that its kind has for it. `protocol` is `https` where URLs say so.
    pub fn new(kind: &str, name: &str, port: u16, protocol: &str) -> Self {
        let mut fields = IndexMap::new();
        let place = format!("{name}:{port}");
        let scheme = if protocol == "https" { "https" } else { "http" };
        match kind {
            "kafka" => drop(fields.insert("bootstrapServers", place.into())),
            "minio" => drop(fields.insert("endpoint", format!("{scheme}://{place}").into())),
            "nats" => drop(fields.insert("url", format!("nats://{place}").into())),
            "etcd" => drop(fields.insert("endpoints", place.into())),
            "vault" | "consul" => drop(fields.insert("address", format!("{scheme}://{place}").into())),
            "cassandra" => {
                fields.insert("contactPoints", name.into());
                fields.insert("port", port.into());
            }
            _ => {
                fields.insert("host", name.into());
                fields.insert("port", port.into());
            }
        }
        Self { name: name.to_owned(), fields }
    }
}

#[derive(Debug, Default, Serialize)]
pub struct Network {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

/// Traffic that a network lets pass. A rule that names a service puts it into the network.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_service: Option<String>,
    pub port: u16,
    pub protocol: &'static str,
    pub action: &'static str,
}

impl Rule {
    /// Lets the services of a network reach one of them.
    pub fn to(service: &str, port: u16, protocol: &'static str) -> Self {
        let to_service = Some(service.to_owned());
        Self { direction: "outbound", from_service: None, to_service, port, protocol, action: "allow" }
    }

    /// Lets a service reach those of a network.
    pub fn from(service: &str, port: u16, protocol: &'static str) -> Self {
        let from_service = Some(service.to_owned());
        Self { direction: "inbound", from_service, to_service: None, port, protocol, action: "allow" }
    }
}
