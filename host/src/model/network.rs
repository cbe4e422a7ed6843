//! A network and its rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::{objects, present};
use super::{Port, Text};

/// A network and its rules.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The purpose of the network.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Description")]
    pub description: Option<Text>,
    /// The address range in CIDR notation.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "CIDR")]
    pub cidr: Option<Text>,
    /// The rules for traffic. The first that applies decides.
    #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Rules")]
    pub rules: Vec<NetworkRule>,
}

/// A rule that allows or denies traffic.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkRule {
    /// The direction of the traffic, seen from the network.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Direction", extend("x-required" = true))]
    pub direction: Option<Direction>,
    /// The service that inbound traffic comes from; any where it is missing.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "From service")]
    pub from_service: Option<Text>,
    /// The service that outbound traffic goes to; any where it is missing.
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
    /// Whether the traffic is allowed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Action", extend("x-required" = true))]
    pub action: Option<Action>,
}

/// The direction of traffic, seen from a network.
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
    /// The word for it: `inbound`.
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
    /// The word for it: `tcp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// Whether traffic is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Action {
    /// The traffic is allowed.
    Allow,
    /// The traffic is blocked.
    Deny,
}

impl Action {
    /// The word for it: `allow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}
