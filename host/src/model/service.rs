//! A service and what hangs on it.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::reading::{JsonObject, objects, present, unique};
use super::{Bindings, Map, Port, ServiceBindings, Text};
use crate::catalogue::Provider;

/// A service: its image, connections, endpoints and resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// The purpose of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
    /// The id of its owner: a key of the system's `owners`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Owner")]
    pub owner: Option<Text>,
    /// The source repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Repository")]
    pub repo: Option<GitRepo>,
    /// The image that the service runs.
    #[schemars(title = "Image", extend("x-required" = true))]
    pub image: ContainerImage,
    /// The registry path: `ghcr.io/org`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Registry")]
    pub registry: Option<Text>,
    /// The names of the environment variables by which clients find the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Environment variables")]
    pub env_vars: Option<ServiceEnvVars>,
    /// The connections of the service, by the name of the target service.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schemars(title = "Connections", default)]
    pub connections: Map<Connection>,
    /// The endpoints that the service exposes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Exposed endpoints", default)]
    pub exposes: Vec<Endpoint>,
    /// The resources that the service uses, by provider.
    #[serde(flatten)]
    pub bindings: ServiceBindings,
}

/// The fields of a service that are not bindings, in the order of the format page.
const FIELDS: &[&str] =
    &["description", "owner", "repo", "image", "registry", "envVars", "connections", "exposes", "(a provider)"];

// By hand, since the bindings keep the order in which the document names the providers, and serde's `flatten`
// would read each of them twice.
impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ServiceVisitor;

        impl<'de> Visitor<'de> for ServiceVisitor {
            type Value = Service;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a service, an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Service, A::Error> {
                let mut service = Service::default();
                let (mut repo, mut image, mut env_vars, mut connections, mut exposes) = (None, None, None, None, None);
                while let Some(key) = map.next_key::<Text>()? {
                    match key.as_str() {
                        "description" => once("description", &mut service.description, &mut map)?,
                        "owner" => once("owner", &mut service.owner, &mut map)?,
                        "repo" => once("repo", &mut repo, &mut map)?,
                        "image" => once("image", &mut image, &mut map)?,
                        "registry" => once("registry", &mut service.registry, &mut map)?,
                        "envVars" => once("envVars", &mut env_vars, &mut map)?,
                        "connections" => once("connections", &mut connections, &mut map)?,
                        "exposes" => once("exposes", &mut exposes, &mut map)?,
                        other => match Provider::find(other) {
                            Some(provider) if service.bindings.of(provider).is_none() => {
                                service.bindings.0.push(map.next_value_seed(Bindings::reading(provider))?);
                            }
                            Some(provider) => return Err(A::Error::duplicate_field(provider.key)),
                            None => return Err(A::Error::unknown_field(other, FIELDS)),
                        },
                    }
                }
                service.repo = repo.map(|JsonObject(repo)| repo);
                service.image = image.map(|JsonObject(image)| image).unwrap_or_default();
                service.env_vars = env_vars.map(|JsonObject(env_vars)| env_vars);
                service.connections = connections.map(|Connections(map)| map).unwrap_or_default();
                service.exposes = exposes.map(|Endpoints(list)| list).unwrap_or_default();
                Ok(service)
            }
        }

        deserializer.deserialize_map(ServiceVisitor)
    }
}

/// Reads the value of a field that may stand once.
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    name: &'static str,
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Connections(#[serde(deserialize_with = "unique")] Map<Connection>);

#[derive(Deserialize)]
#[serde(transparent)]
struct Endpoints(#[serde(deserialize_with = "objects")] Vec<Endpoint>);

/// A place in a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitRepo {
    /// The address of the repository.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "URL", extend("x-required" = true), length(min = 1))]
    pub url: Text,
    /// The path inside a monorepo.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Path")]
    pub path: Option<Text>,
    /// A branch or a tag.
    #[serde(default, rename = "ref", deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Branch or tag")]
    pub reference: Option<Text>,
    /// The SHA of the pinned commit.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Commit")]
    pub commit: Option<Text>,
}

/// A container image.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainerImage {
    /// The name without a tag: `ghcr.io/org/api`.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "Name", extend("x-required" = true), length(min = 1))]
    pub name: Text,
    /// The tag.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Tag")]
    pub tag: Option<Text>,
    /// The digest, `sha256:…`. It takes precedence over the tag.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Digest")]
    pub digest: Option<Text>,
}

impl ContainerImage {
    /// The full reference: `name@digest`, else `name:tag`, else `name`.
    pub fn reference(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => format!("{}@{digest}", self.name),
            (None, Some(tag)) => format!("{}:{tag}", self.name),
            (None, None) => self.name.to_string(),
        }
    }
}

/// The names of the environment variables by which clients find a service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceEnvVars {
    /// The variable that holds the address.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "URL variable")]
    pub url: Option<Text>,
    /// The variable that holds the host.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Host variable")]
    pub host: Option<Text>,
    /// The variable that holds the port.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Port variable")]
    pub port: Option<Text>,
}

/// A connection to another service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The port of the target, 1 to 65535.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Port", extend("x-required" = true))]
    pub port: Option<Port>,
    /// The protocol: `http`, `https`, `grpc`, `tcp`, `sql`, `amqp`, `redis` …
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "Protocol", extend("x-required" = true), length(min = 1))]
    pub protocol: Text,
    /// The purpose of the connection.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
}

/// An endpoint that a service exposes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The port, 1 to 65535.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Port", extend("x-required" = true))]
    pub port: Option<Port>,
    /// The protocol.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    #[schemars(title = "Protocol", extend("x-required" = true), length(min = 1))]
    pub protocol: Text,
    /// The purpose of the endpoint.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
}
