//! The renderers whose output a real reader judges.

use std::sync::LazyLock;

use serde_json::Value;
use spec_engine::diagnostic::Diagnostic;
use spec_engine::engine::Engine;
use spec_engine::graph::Graph;
use spec_engine::options::resolve;
use spec_engine::plugin::PluginError;
use spec_engine::registry::Plugin;
use spec_engine::render::{Embeds, Output, RenderContext, Renderer};

/// A renderer that has a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    D2,
    Mermaid,
    Dot,
    Cytoscape,
    Sigma,
}

impl Target {
    pub const ALL: [Self; 5] = [Self::D2, Self::Mermaid, Self::Dot, Self::Cytoscape, Self::Sigma];

    /// The name of the renderer, which is that of its reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::D2 => "d2",
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::Cytoscape => "cytoscape",
            Self::Sigma => "sigma",
        }
    }
}

/// What a renderer made of a graph.
pub struct Rendered {
    pub text: String,
    /// How many warnings say that characters were left out.
    pub warnings: usize,
}

/// Renders a view with a renderer that ships, a component in its sandbox. An option that is not set has its default.
pub fn render(target: Target, graph: &Graph<'_>, settings: &[(&str, &str)]) -> Rendered {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().unwrap());
    let renderer = ENGINE.plugins().find(target.name()).and_then(Plugin::renderer);
    let renderer = renderer.unwrap_or_else(|error| panic!("{error}"));
    let settings: Vec<_> = settings.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
    let (_, options) = resolve(&renderer.description().options, &settings).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let output = draw(renderer, graph, &options).unwrap_or_else(|error| panic!("{}: {error}", target.name()));
    let [artifact] = <[_; 1]>::try_from(output.artifacts).expect("a diagram is one file");
    let is_loss = |diagnostic: &&Diagnostic| diagnostic.rule.as_str().ends_with("/characters-dropped");
    Rendered {
        text: String::from_utf8(artifact.content).expect("a diagram is text"),
        warnings: output.diagnostics.iter().filter(is_loss).count(),
    }
}

/// Calls a renderer without embeds.
pub fn draw(renderer: &dyn Renderer, graph: &Graph<'_>, options: &Value) -> Result<Output, PluginError> {
    renderer.render(&RenderContext { graph, options, embeds: &Embeds::new(), layouts: &[], findings: &[] })
}
