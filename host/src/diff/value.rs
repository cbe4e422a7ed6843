//! What a version says of a part.

use serde::Serialize;

use crate::model::{
    Connection, Endpoint, FieldValue, HelmDeployment, Network, NetworkRule, Owner, Port, Resource, Service,
    TerraformDeployment, Text,
};

/// Holds what one version says of a part: a value of the document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    /// A string.
    Text(&'a str),
    /// A port.
    Port(Port),
    /// A list of strings.
    List(&'a [Text]),
    /// A connection.
    Connection(&'a Connection),
    /// What is offered on a port.
    Endpoint(&'a Endpoint),
    /// A resource.
    Resource(&'a Resource),
    /// A rule of a network.
    Rule(&'a NetworkRule),
    /// An owner.
    Owner(&'a Owner),
    /// A service.
    Service(&'a Service),
    /// A network.
    Network(&'a Network),
    /// A Helm release.
    Helm(&'a HelmDeployment),
    /// A Terraform module.
    Terraform(&'a TerraformDeployment),
}

impl<'a> From<&'a Text> for Value<'a> {
    fn from(text: &'a Text) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a FieldValue> for Value<'a> {
    fn from(value: &'a FieldValue) -> Self {
        match value {
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Port(port) => Self::Port(*port),
            FieldValue::List(list) => Self::List(list),
        }
    }
}
