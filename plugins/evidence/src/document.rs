//! The document that comes out, as far as the files of running systems have something to say for it.

use indexmap::IndexMap;
use serde::Serialize;

/// A system.
#[derive(Debug, Default, Serialize)]
pub struct System {
    /// The name.
    pub name: String,
    /// The owners by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub owners: IndexMap<String, Owner>,
    /// The services by name.
    pub services: IndexMap<String, Service>,
    /// The networks by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, Network>,
    /// What deploys the services.
    #[serde(skip_serializing_if = "Deployments::is_empty")]
    pub deployments: Deployments,
}

impl System {
    /// Writes it as JSON with a line end.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("maps have texts as keys, and writing is to memory");
        text.push('\n');
        text
    }
}

/// What deploys services.
#[derive(Debug, Default, Serialize)]
pub struct Deployments {
    /// The releases of Helm by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub helm: IndexMap<String, Release>,
    /// The modules of Terraform by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub terraform: IndexMap<String, Module>,
}

impl Deployments {
    fn is_empty(&self) -> bool {
        self.helm.is_empty() && self.terraform.is_empty()
    }
}

/// A release of Helm.
#[derive(Debug, Default, Serialize)]
pub struct Release {
    /// The chart.
    pub chart: String,
    /// The version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The URL of the repository of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// The services by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
}

/// A module of Terraform.
#[derive(Debug, Default, Serialize)]
pub struct Module {
    /// Where it comes from; empty where the files do not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Its version, or the versions that may be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it deploys, by the ids of nodes: `rds:orders`, `svc:api`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// An owner.
#[derive(Debug, Serialize)]
pub struct Owner {
    /// The name.
    pub name: String,
}

/// A service.
#[derive(Debug, Default, Serialize)]
pub struct Service {
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Where its source is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo: Option<Repo>,
    /// Its image. One without a name is one that the files do not say.
    #[serde(skip_serializing_if = "Image::is_unknown")]
    pub image: Image,
    /// The variables by which clients find it.
    #[serde(rename = "envVars", skip_serializing_if = "EnvVars::is_empty")]
    pub env_vars: EnvVars,
    /// What it connects to, by the names of services.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub connections: IndexMap<String, Connection>,
    /// Where it listens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exposes: Vec<Endpoint>,
    /// What AWS runs for it.
    #[serde(skip_serializing_if = "Bindings::is_empty")]
    pub aws: Bindings,
    /// What Google Cloud runs for it.
    #[serde(skip_serializing_if = "Bindings::is_empty")]
    pub gcp: Bindings,
    /// What Azure runs for it.
    #[serde(skip_serializing_if = "Bindings::is_empty")]
    pub azure: Bindings,
    /// What Cloudflare runs for it.
    #[serde(skip_serializing_if = "Bindings::is_empty")]
    pub cloudflare: Bindings,
    /// What it uses, whoever runs it.
    #[serde(skip_serializing_if = "Kinds::is_empty")]
    pub resources: Kinds,
}

impl Service {
    /// The lists of a provider, by the name of its field; those of generic resources for any other name.
    pub fn kinds_mut(&mut self, provider: &str) -> &mut Kinds {
        match provider {
            "aws" => &mut self.aws.kinds,
            "gcp" => &mut self.gcp.kinds,
            "azure" => &mut self.azure.kinds,
            "cloudflare" => &mut self.cloudflare.kinds,
            _ => &mut self.resources,
        }
    }

    /// Writes it as JSON.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("maps have texts as keys, and writing is to memory")
    }

    /// Whether it uses no resource.
    pub fn has_no_resource(&self) -> bool {
        [&self.aws, &self.gcp, &self.azure, &self.cloudflare].iter().all(|own| own.kinds.is_empty())
            && self.resources.is_empty()
    }

    /// Adds a resource, unless one of that name is there: what is said of it is added to that.
    pub fn bind(&mut self, provider: &str, kind: &'static str, resource: Resource) {
        let list = self.kinds_mut(provider).entry(kind).or_default();
        match list.iter_mut().find(|own| own.is_named(&resource)) {
            Some(own) => own.fields.extend(resource.fields),
            None => list.push(resource),
        }
    }
}

/// What a provider runs for a service.
#[derive(Debug, Default, Serialize)]
pub struct Bindings {
    /// The network, the subnets and the security groups that the service stands in.
    #[serde(flatten)]
    pub surroundings: Fields,
    /// The resources.
    #[serde(flatten)]
    pub kinds: Kinds,
}

impl Bindings {
    fn is_empty(&self) -> bool {
        self.surroundings.is_empty() && self.kinds.is_empty()
    }
}

/// The resources of a provider, by their kinds.
pub type Kinds = IndexMap<&'static str, Vec<Resource>>;

/// Where the source of a service is.
#[derive(Debug, Serialize)]
pub struct Repo {
    /// The URL.
    pub url: String,
}

/// The image of a service.
#[derive(Debug, Default, Serialize)]
pub struct Image {
    /// The name.
    pub name: String,
    /// The tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Image {
    /// Whether it has no name.
    pub fn is_unknown(&self) -> bool {
        self.name.is_empty()
    }
}

/// The names of the variables by which clients find a service.
#[derive(Debug, Default, Serialize)]
pub struct EnvVars {
    /// The URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
}

impl EnvVars {
    fn is_empty(&self) -> bool {
        self.url.is_none() && self.host.is_none() && self.port.is_none()
    }
}

/// A connection to another service.
#[derive(Debug, Serialize)]
pub struct Connection {
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A port at which a service listens.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: String,
}

/// A resource. The lists of generic ones whose resources have no `host` and `port` are in [`Resource::new`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resource {
    /// The name. Empty where a field of the kind names it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The fields that its kind has.
    #[serde(flatten)]
    pub fields: Fields,
}

/// The fields of a resource beside its name.
pub type Fields = IndexMap<&'static str, serde_json::Value>;

impl Resource {
    /// What names it: its name, or the field of its kind that does.
    fn key(&self) -> Option<&str> {
        let field = || ["id", "modelId"].into_iter().find_map(|field| self.fields.get(field)?.as_str());
        Some(self.name.as_str()).filter(|name| !name.is_empty()).or_else(field)
    }

    /// Whether it has the name of another one.
    pub fn is_named(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// Makes a resource with its place in the fields that its kind has for it. `protocol` is `https` where URLs say so.
    pub fn new(kind: &str, name: &str, port: u16, protocol: &str) -> Self {
        Self::at(kind, name, (name, port), protocol)
    }

    /// Makes one that is reached at another host than its name.
    pub fn at(kind: &str, name: &str, (host, port): (&str, u16), protocol: &str) -> Self {
        let mut fields = IndexMap::new();
        let place = format!("{host}:{port}");
        let scheme = if protocol == "https" { "https" } else { "http" };
        match kind {
            "kafka" => drop(fields.insert("bootstrapServers", place.into())),
            "minio" => drop(fields.insert("endpoint", format!("{scheme}://{place}").into())),
            "nats" => drop(fields.insert("url", format!("nats://{place}").into())),
            "etcd" => drop(fields.insert("endpoints", place.into())),
            "vault" | "consul" => drop(fields.insert("address", format!("{scheme}://{place}").into())),
            "cassandra" => {
                fields.insert("contactPoints", host.into());
                fields.insert("port", port.into());
            }
            _ => {
                fields.insert("host", host.into());
                fields.insert("port", port.into());
            }
        }
        Self { name: name.to_owned(), fields }
    }
}

/// A network.
#[derive(Debug, Default, Serialize)]
pub struct Network {
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The range of its addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr: Option<String>,
    /// Its rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

/// Traffic that a network lets pass. A rule that names a service puts it into the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// `inbound` or `outbound`, seen from the network.
    pub direction: &'static str,
    /// Where inbound traffic comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_service: Option<String>,
    /// Where outbound traffic goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_service: Option<String>,
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: &'static str,
    /// `allow` or `deny`.
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
