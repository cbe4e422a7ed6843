//! A system, its owners and its deployments.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::{object, present, unique};
use super::{Map, Network, Service, Text};

/// A system: its services, their owners, networks and deployments.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "System", extend("description" = "A system in the system-spec format, version 0.1.0."))]
pub struct System {
    /// The name of the system.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "Name", extend("x-required" = true), length(min = 1))]
    pub name: Text,
    /// The purpose of the system.
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
    /// The deployments of the system.
    #[serde(default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Deployments")]
    pub deployments: Option<Deployments>,
}

impl System {
    /// The Helm releases in their order.
    pub fn helm(&self) -> impl Iterator<Item = (&Text, &HelmDeployment)> {
        self.deployments.iter().flat_map(|deployments| &deployments.helm)
    }

    /// The Terraform modules in their order.
    pub fn terraform(&self) -> impl Iterator<Item = (&Text, &TerraformDeployment)> {
        self.deployments.iter().flat_map(|deployments| &deployments.terraform)
    }

    /// The network of each service that a network rule names: the first whose rules do.
    pub fn networks_by_rules(&self) -> HashMap<&str, &str, RandomState> {
        let mut networks = HashMap::default();
        for (name, network) in &self.networks {
            for service in network.rules.iter().flat_map(|rule| rule.from_service.iter().chain(&rule.to_service)) {
                networks.entry(service.as_str()).or_insert(name.as_str());
            }
        }
        networks
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
    /// The email address.
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

/// The deployments of a system.
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
