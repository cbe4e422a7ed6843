//! A network and its rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::{objects, present};
use super::{Port, Text};

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

impl Direction {
    /// Returns the word for it: `inbound`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
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

impl Transport {
    /// Returns the word for it: `tcp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
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

impl Action {
    /// Returns the word for it: `allow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}
