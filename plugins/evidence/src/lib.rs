//! What the importers share that read files of running systems: compose files, Kubernetes objects.
//!
//! Files become trees that know their lines (`yaml`, `json`, `tree`). What a service says of others is collected from its
//! variables and commands (`speaker`, from `reference`, `variable`, `arguments`); who connects to whom, at which port, is
//! decided (`connections`); known images become resources of those who use them (`known`, `resources`); the document is
//! written (`document`, `written`, `membership`, `clouds`, `identifiers`, `arn`), with what there is to tell (`notes`). `guest` is what the host
//! hands in and gets.

pub mod arguments;
pub mod arn;
pub mod clouds;
pub mod connections;
pub mod document;
pub mod encoding;
pub mod evidence;
pub mod foreign;
pub mod guest;
pub mod identifiers;
pub mod image;
pub mod json;
pub mod known;
pub mod membership;
pub mod notes;
pub mod party;
pub mod protocol;
pub mod reference;
pub mod resources;
pub mod sidecar;
pub mod spacing;
pub mod speaker;
pub mod template;
pub mod tree;
pub mod variable;
pub mod words;
pub mod written;
pub mod yaml;
