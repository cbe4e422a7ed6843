//! The importer `kubernetes`: turns Kubernetes objects into a system-spec document.
//!
//! [`import()`] gets the text of files and returns the text of a document; [`Kubernetes`] is what the host sees of it. It
//! asks no cluster: manifests, the output of `helm template` and `kubectl kustomize`, and lists that `kubectl get -o json`
//! writes are all that there is. Values of Secrets are dropped where they are read, and of URLs only scheme, host and port
//! are kept.
//!
//! The way is: files become objects (`files`, `object`), of which each counts once in its environment (`overlays`); what Helm has to render is told (`charts`); those that run containers become workloads (`workload`,
//! `container`, `environment`); Service objects give them ports and names (`address`, `directory`); what workloads say of
//! each other is collected (`evidence`), with what leads to them from outside (`routes`); the document is put together
//! (`system`, with `labels`, `clouds`, `policies`, `releases`). What every importer of running systems does is in
//! `spec_engine_evidence`.

mod address;
mod charts;
mod clouds;
mod container;
mod directory;
mod environment;
mod evidence;
mod files;
mod guest;
mod import;
mod input;
mod labels;
mod naming;
mod object;
mod overlays;
mod policies;
mod releases;
mod remarks;
mod routes;
mod selector;
mod system;
mod workload;

pub use spec_engine_evidence::notes::{Note, Severity};
pub use spec_engine_evidence::tree::Place;

pub use crate::guest::Kubernetes;
pub use crate::import::{Imported, import};
pub use crate::input::{File, Options};
