//! The format's objects as plain data. One description serves three uses: serde reads and writes with it, and
//! schemars makes the JSON Schema of it.
//!
//! A field that the format requires may still be absent here (an empty text or `None`), since a document with errors
//! is drawn, too, as far as it goes. The rules report what is absent.

mod bindings;
mod reading;
mod service;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use bindings::{Bindings, FieldValue, Resource, ResourceList, ServiceBindings};
pub use reading::Port;
pub use service::{Connection, ContainerImage, Endpoint, GitRepo, Service, ServiceEnvVars};

pub(crate) use reading::Object;
use reading::{object, objects, present, unique};

/// A string of the document.
pub type Text = SmolStr;

/// A map of the document, in its order. Keys are hashed with a random seed, which never shows: nothing is ordered by it.
pub type Map<V> = indexmap::IndexMap<Text, V, foldhash::fast::RandomState>;

/// A system: its services, who owns them, what they run on and how they are deployed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "System", extend("description" = "A system in the system-spec format, version 0.1.0."))]
pub struct System {
    /// The name of the system.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "Name", extend("x-required" = true), length(min = 1))]
    pub name: Text,
    /// What the system is for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
    /// The version of this document.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Version")]
    pub version: Option<Text>,
    /// The teams that own services, by id.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    #[schemars(title = "Owners")]
    pub owners: Map<Owner>,
    /// The services, by name. There is at least one.
    #[serde(default, deserialize_with = "unique")]
    #[schemars(title = "Services", extend("x-required" = true), extend("minProperties" = 1))]
    pub services: Map<Service>,
    /// The networks, by name.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    #[schemars(title = "Networks")]
    pub networks: Map<Network>,
    /// How the system is deployed.
    #[serde(default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Deployments")]
    pub deployments: Option<Deployments>,
}

impl System {
    /// Returns the Helm releases in their order.
    pub fn helm(&self) -> impl Iterator<Item = (&Text, &HelmDeployment)> {
        self.deployments.iter().flat_map(|deployments| &deployments.helm)
    }

    /// Returns the Terraform modules in their order.
    pub fn terraform(&self) -> impl Iterator<Item = (&Text, &TerraformDeployment)> {
        self.deployments.iter().flat_map(|deployments| &deployments.terraform)
    }
}

/// A team or a person that owns services.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The name to show.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Name", extend("x-required" = true))]
    pub name: Option<Text>,
    /// The mail address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Email")]
    pub email: Option<Text>,
    /// The Slack channel.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Slack")]
    pub slack: Option<Text>,
    /// The id in PagerDuty or Opsgenie.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Pager")]
    pub pager: Option<Text>,
}

/// A network and what may pass in it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What the network is for.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
    /// The address range in CIDR notation.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "CIDR")]
    pub cidr: Option<Text>,
    /// What may pass and what may not.
    #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Rules")]
    pub rules: Vec<NetworkRule>,
}

/// Says that traffic may pass, or may not.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkRule {
    /// Which way the traffic goes, seen from the network.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Direction", extend("x-required" = true))]
    pub direction: Option<Direction>,
    /// The service that inbound traffic comes from.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "From service")]
    pub from_service: Option<Text>,
    /// The service that outbound traffic goes to.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "To service")]
    pub to_service: Option<Text>,
    /// The port, 1 to 65535.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Port", extend("x-required" = true))]
    pub port: Option<Port>,
    /// The transport protocol.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Protocol", extend("x-required" = true))]
    pub protocol: Option<Transport>,
    /// Whether the traffic may pass.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Action", extend("x-required" = true))]
    pub action: Option<Action>,
}

/// Which way traffic goes, seen from a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Direction {
    /// Into the network.
    Inbound,
    /// Out of the network.
    Outbound,
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Transport {
    /// The Transmission Control Protocol.
    Tcp,
    /// The User Datagram Protocol.
    Udp,
}

/// Whether traffic may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Action {
    /// It passes.
    Allow,
    /// It is stopped.
    Deny,
}

/// How the system is deployed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deployments {
    /// The Helm releases, by name.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    #[schemars(title = "Helm releases")]
    pub helm: Map<HelmDeployment>,
    /// The Terraform modules, by name.
    #[serde(default, deserialize_with = "unique", skip_serializing_if = "Map::is_empty")]
    #[schemars(title = "Terraform modules")]
    pub terraform: Map<TerraformDeployment>,
}

/// A Helm release.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmDeployment {
    /// The chart.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Chart", extend("x-required" = true))]
    pub chart: Option<Text>,
    /// The version of the chart.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Version")]
    pub version: Option<Text>,
    /// The chart repository.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Repository")]
    pub repo: Option<Text>,
    /// The values file, relative to the document.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Values file")]
    pub values_file: Option<Text>,
    /// The names of the services that it deploys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Services")]
    pub services: Vec<Text>,
}

/// A Terraform module.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerraformDeployment {
    /// The source of the module.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Source", extend("x-required" = true))]
    pub source: Option<Text>,
    /// The version of the module.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Version")]
    pub version: Option<Text>,
    /// The path inside the source.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Path")]
    pub path: Option<Text>,
    /// The nodes that it deploys, by id: `rds:payments-db`, `svc:api`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Resources")]
    pub resources: Vec<Text>,
}
