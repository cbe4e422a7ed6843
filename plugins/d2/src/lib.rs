//! The D2 renderer of spec-engine.

mod details;
mod draw;
mod look;

use spec_engine_plugin::{About, Diagnostic, Direction, Graph, Plugin, Response, host, options, plugin};

pub use crate::draw::{TITLE_KEY, draw};
pub use spec_engine_plugin::GraphKeys as Keys;

/// Renders a graph as D2.
pub struct D2;

options! {
    /// What the user can set.
    pub struct Options {
        /// Which way the diagram runs.
        pub direction: Direction = Direction::Right,
        /// The title above the diagram; none when empty.
        pub title: String = String::new(),
        /// Adds to each service a tooltip with its image, owner, description and commit, and a link to its repository.
        pub details: bool = false,
    }
}

impl Plugin for D2 {
    type Options = Options;

    fn describe() -> About {
        About {
            name: "d2",
            version: env!("CARGO_PKG_VERSION"),
            summary: "Draws the system as a D2 diagram",
            media_types: &["text/vnd.d2"],
            file_extension: "d2",
        }
    }

    fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
        Ok(draw(graph, options, host::changes(), host::node_attributes))
    }
}

plugin!(D2);
