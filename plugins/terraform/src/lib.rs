//! The importer `terraform`: turns states and plans of Terraform and OpenTofu into a system-spec document.
//!
//! [`import()`] gets the text of files and returns the text of a document; [`Terraform`] is what the host sees of it. It
//! asks no cloud and runs no Terraform: raw states of version 4, and what `terraform show -json` writes of a state or a
//! plan, are all that there is. Values that are marked as sensitive are dropped where they are read, and of the others only
//! names, images, ports, engines and owners get into a document.
//!
//! The way is: files become resources of Terraform (`files`, `format`, `values`, `foreign`, `sensitive`), those of several
//! files of one system are put together (`merge`, `stack`). A table (`types`, `shapes`, `kinds`) says what a type is: a
//! resource (`nodes`, `parts`), something that runs (`workload`, `container`), what leads to others (`links`, `policies`,
//! `balancers`, `networks`). Who uses what is found by texts that name something for good (`identities`, `index`, `arn`), by
//! names, by references (`configuration`) and dependencies (`uses`), by hosts (`hosts`). The document is put together
//! (`system`, with `modules`, `naming`, `remarks`).

mod address;
mod balancers;
mod configuration;
mod container;
mod describe;
mod engines;
mod entries;
mod files;
mod firewalls;
mod foreign;
mod format;
mod guest;
mod hosts;
mod identities;
mod import;
mod index;
mod input;
mod kinds;
mod links;
mod markers;
mod merge;
mod modules;
mod naming;
mod networks;
mod nodes;
mod parts;
mod policies;
mod remarks;
mod resource;
mod sensitive;
mod shapes;
mod stack;
mod system;
pub mod table;
mod types;
mod uses;
mod values;
mod workload;

pub use spec_engine_evidence::notes::{Note, Severity};
pub use spec_engine_evidence::tree::Place;

pub use crate::guest::Terraform;
pub use crate::import::{Imported, ObserveOutput, import, observe};
pub use crate::input::{File, Options};
pub use crate::markers::{NO_IMAGE, NO_SOURCE, UNBOUND};
