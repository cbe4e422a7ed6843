//! The renderers `svg` and `png`: a graph, laid out and drawn with no other tool.
//!
//! They are part of the cargo feature `pictures`. Without it they are listed, and say that they are not there.

#[cfg(feature = "pictures")]
mod draw;
#[cfg(feature = "pictures")]
mod font;
#[cfg(feature = "pictures")]
mod hubs;
#[cfg(feature = "pictures")]
mod layout;
#[cfg(feature = "pictures")]
mod look;
#[cfg(feature = "pictures")]
mod options;
#[cfg(feature = "pictures")]
mod pixels;
#[cfg(feature = "pictures")]
mod plan;
#[cfg(feature = "pictures")]
mod style;
#[cfg(feature = "pictures")]
mod xml;

use super::Renderer;
#[cfg(not(feature = "pictures"))]
use crate::plugin::PictureFault;
use crate::plugin::PluginError;

#[cfg(feature = "pictures")]
pub use self::{
    drawn::Picture,
    font::{Weight, width},
};

/// What a picture is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Shapes and text, in XML.
    Svg,
    /// Pixels.
    Png,
}

impl Format {
    /// Lists every format, the usual one first.
    pub const ALL: [Self; 2] = [Self::Svg, Self::Png];

    /// The name of the renderer, which is also the extension of its file: `svg`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// The renderer of the format.
    ///
    /// # Errors
    /// This build has no pictures.
    #[cfg(feature = "pictures")]
    pub fn renderer(self) -> Result<Box<dyn Renderer>, PluginError> {
        Ok(Box::new(Picture::new(self)))
    }

    /// The renderer of the format.
    ///
    /// # Errors
    /// This build has no pictures.
    #[cfg(not(feature = "pictures"))]
    pub fn renderer(self) -> Result<Box<dyn Renderer>, PluginError> {
        Err(PluginError::Picture { format: self.as_str(), fault: PictureFault::NotBuilt })
    }
}

#[cfg(feature = "pictures")]
mod drawn {
    //! The renderer of both formats.

    use serde::Deserialize as _;

    use super::draw::Drawing;
    use super::options::{Options, schema};
    use super::plan::Plan;
    use super::{Format, draw, layout, pixels};
    use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use crate::graph::{Graph, Omitted};
    use crate::plugin::{Description, PictureFault, PluginError, PluginKind};
    use crate::render::{Artifact, Output, RenderContext, Renderer};
    use crate::text::number;

    /// An overview shows so many edges a node, the heaviest: more cannot be followed.
    const EDGES_A_NODE: usize = 2;
    /// An overview shows at least so many edges, where it has them.
    const READABLE_EDGES: usize = 40;

    /// Draws a graph as a picture.
    pub struct Picture {
        format: Format,
        description: Description,
    }

    impl Picture {
        /// Makes the renderer of a format.
        pub fn new(format: Format) -> Self {
            let (summary, media_type) = match format {
                Format::Svg => ("A picture, laid out, in SVG: light and dark, sharp at every size", "image/svg+xml"),
                Format::Png => ("A picture, laid out, in pixels", "image/png"),
            };
            let description = Description {
                name: format.as_str().to_owned(),
                kind: PluginKind::BuiltIn,
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                summary: summary.to_owned(),
                media_types: vec![media_type.to_owned()],
                file_extension: format.as_str().to_owned(),
                options: schema(format),
                embeds: Vec::new(),
            };
            Self { format, description }
        }
    }

    impl Picture {
        /// Draws a graph, with a note below it.
        fn draw(&self, graph: &Graph<'_>, options: &Options, note: Option<&str>) -> Result<Drawing, PictureFault> {
            let plan = Plan::of(graph, options, note);
            let layout = layout::lay_out(graph, &plan, options)?;
            Ok(draw::draw(self.format.as_str(), graph, &plan, &layout, options, self.format))
        }

        /// Draws what can be read of a graph that is too large: each group as one node, with the heaviest edges. Returns
        /// it with a remark on what is not shown.
        ///
        /// # Errors
        /// Not even nodes without edges can be laid out.
        fn overview(
            &self,
            graph: &Graph<'_>,
            options: &Options,
            fault: &PictureFault,
        ) -> Result<(Drawing, Diagnostic), PictureFault> {
            let overview = graph.overview();
            let readable = (EDGES_A_NODE * overview.nodes.len()).max(READABLE_EDGES).min(options.max_edges);
            let attempt = |most_edges: usize| {
                let (part, omitted) = overview.clone().heaviest(options.max_nodes, most_edges);
                let note = omitted_note(omitted);
                let drawing = self.draw(&part, options, note.as_deref())?;
                let shows = match (graph.groups.is_empty(), note) {
                    (true, note) => note.unwrap_or_default(),
                    (false, None) => "it shows each group as one node".to_owned(),
                    (false, Some(note)) => format!("it shows each group as one node; {note}"),
                };
                let rule = format!("{}/overview", self.format.as_str());
                let remark = Diagnostic::new(
                    rule,
                    Severity::Warning,
                    Place::Value(Pointer::root()),
                    format!("{fault}: {shows}"),
                );
                Ok((drawing, remark.help_if(fault.help())))
            };
            attempt(readable).or_else(|_: PictureFault| attempt(readable / 4)).or_else(|_| attempt(0))
        }
    }

    /// What a drawing leaves out, in words.
    fn omitted_note(omitted: Omitted) -> Option<String> {
        let parts: Vec<String> = [
            (omitted.nodes, "node with few connections", "nodes with few connections"),
            (omitted.edges, "lighter connection", "lighter connections"),
        ]
        .into_iter()
        .filter(|&(count, ..)| count > 0)
        .map(|(count, one, many)| format!("{} {}", number(count), if count == 1 { one } else { many }))
        .collect();
        (!parts.is_empty()).then(|| format!("not shown: {}", parts.join(", ")))
    }

    impl Renderer for Picture {
        fn description(&self) -> &Description {
            &self.description
        }

        fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
            let name = self.format.as_str();
            let failed = |fault| PluginError::Picture { format: name, fault };
            let options = Options::deserialize(context.options)
                .map_err(|error| failed(PictureFault::Options(error.to_string())))?;
            let graph = context.graph;
            let whole = match layout::too_large(graph, &options) {
                Some(fault) => Err(fault),
                None => self.draw(graph, &options, None),
            };
            let (drawing, remark) = match whole {
                Ok(drawing) => (drawing, None),
                Err(fault) if fault.is_of_size() => {
                    let (drawing, remark) = self.overview(graph, &options, &fault).map_err(failed)?;
                    (drawing, Some(remark))
                }
                Err(fault) => return Err(failed(fault)),
            };
            let content = match self.format {
                Format::Svg => drawing.svg.into_bytes(),
                Format::Png => pixels::png(&drawing, options.scale).map_err(failed)?,
            };
            let artifact = Artifact {
                path: format!("diagram.{name}"),
                media_type: self.description.media_types[0].clone(),
                content,
            };
            let diagnostics = remark.into_iter().chain(drawing.diagnostics).collect();
            Ok(Output { artifacts: vec![artifact], diagnostics })
        }
    }
}
