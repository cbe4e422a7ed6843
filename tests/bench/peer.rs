//! The Go `system-spec` beside ours, where `SPEC_ENGINE_PEER` names its binary.

use std::process::{Command, Stdio};

use super::samples::Samples;
use super::table::{Base, Table};
use super::{ROUNDS, run};

/// What both of them write.
const FORMATS: [&str; 5] = ["d2", "mermaid", "dot", "cytoscape", "sigma"];

/// Measures both, a format and a document at a time. What the other one cannot do is said.
pub fn show(table: &mut Table, small: &str, large: &str) {
    let Some(peer) = std::env::var_os("SPEC_ENGINE_PEER") else { return };
    table.start("beside the Go system-spec, as processes");
    for (of, document) in [("4 services", small), ("10,000 services", large)] {
        for format in FORMATS {
            let arguments = ["render", document, "--format", format];
            let theirs = || Command::new(&peer).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
            if !theirs().is_ok_and(|status| status.success()) {
                println!("  {format}, {of}: not measured, {} failed", peer.display());
                continue;
            }
            let (mut ours, mut other) = (Samples::default(), Samples::default());
            for _ in 0..ROUNDS {
                ours.add(|| run(&arguments));
                other.add(|| theirs().expect("it ran before"));
            }
            table.ratio(&format!("{format}, {of}"), &ours, Base { name: "theirs", samples: &other }, 1.0);
        }
    }
}
