//! The format's objects as plain data. One description serves three uses: serde reads and writes with it, and
//! schemars makes the JSON Schema of it. [`Object`] lists the fields of each by name, for what has to see all of them.
//!
//! A field that the format requires may still be absent here (an empty text or `None`), since a document with errors
//! is drawn, too, as far as it goes. The rules report what is absent.

mod bindings;
mod fields;
mod network;
mod path;
mod port;
mod position;
mod reading;
mod service;
mod system;
mod text;
mod value;

pub use bindings::{Bindings, FieldValue, Resource, ResourceList, ServiceBindings};
pub use fields::field_names;
pub use network::{Action, Direction, Network, NetworkRule, Transport};
pub use path::{Path, Step};
pub use port::Port;
pub use service::{Connection, ContainerImage, Endpoint, GitRepo, Service, ServiceEnvVars};
pub use system::{Deployments, HelmDeployment, Owner, System, TerraformDeployment};
pub use text::{Map, Text};
pub use value::{Elements, Entries, Field, Object, TextVisitor, Value};

pub(crate) use position::position;
pub(crate) use reading::JsonObject;
