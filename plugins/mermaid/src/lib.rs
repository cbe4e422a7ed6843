//! The Mermaid renderer of spec-engine.

mod draw;
mod look;
mod title;

use spec_engine_plugin::{About, Diagnostic, Direction, Graph, Plugin, Response, host, options, plugin};

pub use crate::draw::{MAX_CHARACTERS, MAX_EDGES, draw};
pub use spec_engine_plugin::GraphKeys as Keys;

/// Renders a graph as a Mermaid flowchart.
pub struct Mermaid;

options! {
    /// What the user can set.
    pub struct Options {
        /// Which way the diagram runs.
        pub direction: Direction = Direction::Right,
        /// The title above the diagram; none when empty.
        pub title: String = String::new(),
    }
}

impl Plugin for Mermaid {
    type Options = Options;

    fn describe() -> About {
        About {
            name: "mermaid",
            version: env!("CARGO_PKG_VERSION"),
            summary: "Draws the system as a Mermaid flowchart",
            media_types: &["text/vnd.mermaid"],
            file_extension: "mmd",
        }
    }

    fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
        Ok(draw(graph, options, host::changes(), host::node_attributes))
    }
}

plugin!(Mermaid);
