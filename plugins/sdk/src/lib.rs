//! The SDK for plugins of spec-engine.
//!
//! A plugin that renders is a type that implements [`Plugin`], exported with [`plugin!`]. It turns a [`Graph`] into a
//! [`Response`]; its options are declared once with [`options!`]. One that brings rules has types that implement
//! [`Rule`], exported with [`rules!`]; one that makes a document of other files is an [`Importer`], exported with
//! [`importer!`]. [`println!`] writes into the log of a call. This is a whole renderer:
//!
//! ```
//! use spec_engine_plugin::{About, Artifact, Diagnostic, Graph, Plugin, Response, options, plugin, quote};
//!
//! options! {
//!     /// What the user can set.
//!     pub struct Options {
//!         /// The first line of the table.
//!         pub header: bool = true,
//!     }
//! }
//!
//! struct Inventory;
//!
//! impl Plugin for Inventory {
//!     type Options = Options;
//!
//!     fn describe() -> About {
//!         About {
//!             name: "inventory",
//!             version: env!("CARGO_PKG_VERSION"),
//!             summary: "Lists every node as CSV",
//!             media_types: &["text/csv"],
//!             file_extension: "csv",
//!         }
//!     }
//!
//!     fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
//!         let mut out = String::new();
//!         if options.header {
//!             out.push_str("kind,name\r\n");
//!         }
//!         for node in &graph.nodes {
//!             quote::push_csv(&mut out, graph.kind(node));
//!             out.push(',');
//!             quote::push_csv(&mut out, &node.label);
//!             out.push_str("\r\n");
//!         }
//!         Ok(Response::of(Artifact::text("inventory.csv", "text/csv", out)))
//!     }
//! }
//!
//! plugin!(Inventory);
//!
//! // Rendering is plain Rust, so it is tested without a host.
//! # fn main() {
//! use spec_engine_plugin::Node;
//!
//! let graph = Graph {
//!     name: "shop".into(),
//!     description: None,
//!     version: None,
//!     words: vec!["database".into(), "aws.rds".into()],
//!     nodes: vec![Node {
//!         id: "rds:orders".into(),
//!         kind: 0,
//!         resource: Some(1),
//!         label: "orders, archived".into(),
//!         group: None,
//!     }],
//!     edges: vec![],
//!     groups: vec![],
//! };
//! let response = Inventory::render(&graph, &Options::default()).unwrap();
//! assert_eq!(response.artifacts[0].as_text(), Some("kind,name\r\ndatabase,\"orders, archived\"\r\n"));
//! # }
//! ```
//!
//! Without the feature `guest` only [`quote`] and [`append`] are left, and no dependency.

// The macros name this crate, also when this crate uses them.
#[cfg(feature = "guest")]
extern crate self as spec_engine_plugin;

#[cfg(feature = "guest")]
#[doc(hidden)]
pub mod bindings;
#[cfg(feature = "guest")]
mod changes;
#[cfg(feature = "guest")]
mod contract;
#[cfg(feature = "guest")]
mod direction;
#[cfg(feature = "guest")]
mod grouping;
#[cfg(feature = "guest")]
mod importer;
#[cfg(feature = "guest")]
mod keys;
#[cfg(feature = "guest")]
mod link;
#[cfg(feature = "guest")]
mod links;
#[cfg(feature = "guest")]
mod options;
#[cfg(feature = "guest")]
mod plugin;
#[cfg(feature = "guest")]
mod print;
#[cfg(feature = "guest")]
mod rules;

#[cfg(all(feature = "allocator", target_arch = "wasm32"))]
mod allocator;
#[cfg(any(test, all(feature = "allocator", target_arch = "wasm32")))]
mod bump;
#[cfg(any(test, all(feature = "allocator", target_arch = "wasm32")))]
mod classes;

mod append;
#[cfg(feature = "guest")]
pub mod host;
pub mod quote;

pub use crate::append::{append, append_all};

#[cfg(feature = "guest")]
pub use crate::{
    bindings::meta::exports::spec_engine::plugin::meta::Description,
    bindings::spec_engine::plugin::types::{
        Artifact, Content, Diagnostic, Edge, Graph, Group, Node, Place, Request, Response, Severity,
    },
    changes::{Change, Changes},
    direction::Direction,
    grouping::Grouping,
    importer::{Coverage, Extent, File, Imported, Importer, Observation, Position, Remark, convert, observe},
    keys::{GraphKeys, Keys},
    link::{GROUP_KIND, link},
    links::{Distance, Links},
    options::{NoOptions, OptionValue, Options, Property},
    plugin::{About, Plugin, describe, render},
    rules::{AboutRule, Finding, Rule, check},
};

// What the macros name in the crate of a plugin.
#[cfg(feature = "guest")]
#[doc(hidden)]
pub use {
    crate::bindings::rules::exports::spec_engine::plugin::rules::Rule as RuleDescription,
    crate::importer::ImporterGuest,
    crate::plugin::Guest,
    crate::print::print_line,
    crate::rules::{RuleSet, RulesGuest, describe_rule},
    serde, serde_json,
};

/// Runs the examples of the page for authors of plugins.
#[cfg(all(doctest, feature = "guest"))]
#[doc = include_str!("../../README.md")]
struct Readme;
