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
mod labels;
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
mod ranks;
#[cfg(feature = "pictures")]
mod style;
#[cfg(feature = "pictures")]
mod xml;

use super::{PluginError, Renderer};

#[cfg(feature = "pictures")]
pub use self::{
    drawn::Picture,
    font::{Weight, width},
};

/// Says what a picture is made of.
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

    /// Returns the name of the renderer, which is also the ending of its file: `svg`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// Returns the renderer of the format.
    ///
    /// # Errors
    /// When this build has no pictures.
    #[cfg(feature = "pictures")]
    pub fn renderer(self) -> Result<Box<dyn Renderer>, PluginError> {
        Ok(Box::new(Picture::new(self)))
    }

    /// Returns the renderer of the format.
    ///
    /// # Errors
    /// When this build has no pictures.
    #[cfg(not(feature = "pictures"))]
    pub fn renderer(self) -> Result<Box<dyn Renderer>, PluginError> {
        let message = format!("{}: this spec-engine was built without the cargo feature `pictures`", self.as_str());
        Err(PluginError::new(message).help("build it with `--features pictures`, or draw with --plugin d2 or mermaid"))
    }
}

#[cfg(feature = "pictures")]
mod drawn {
    //! The renderer of both formats.

    use serde::Deserialize as _;
    use serde_json::Value;

    use super::options::{Options, schema};
    use super::plan::Plan;
    use super::{Format, draw, layout, pixels};
    use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use crate::graph::Graph;
    use crate::render::{Artifact, Description, Output, PluginError, Renderer, RendererKind};

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
                kind: RendererKind::BuiltIn,
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
                summary: summary.to_owned(),
                media_types: vec![media_type.to_owned()],
                file_extension: format.as_str().to_owned(),
                options: schema(format),
            };
            Self { format, description }
        }
    }

    impl Renderer for Picture {
        fn description(&self) -> &Description {
            &self.description
        }

        fn render(&self, graph: &Graph<'_>, options: &Value) -> Result<Output, PluginError> {
            let name = self.format.as_str();
            let options = Options::deserialize(options)
                .map_err(|error| PluginError::new(format!("{name}: the options cannot be read: {error}")))?;
            let overview;
            let (graph, remark) = match layout::too_large(graph, &options) {
                None => (graph, None),
                Some((reason, help)) => {
                    overview = graph.overview();
                    if let Some((reason, help)) = layout::too_large(&overview, &options) {
                        return Err(PluginError::new(format!("{name}: {reason}")).help(help));
                    }
                    let message = format!("{reason}: it shows each group as one node");
                    let place = Place::Value(Pointer::root());
                    let remark = Diagnostic::new(format!("{name}/overview"), Severity::Warning, place, message);
                    (&overview, Some(remark.help(help)))
                }
            };
            let plan = Plan::of(graph, &options);
            let layout = layout::lay_out(name, graph, &plan, &options)?;
            let drawing = draw::draw(name, graph, &plan, &layout, &options, self.format);
            let content = match self.format {
                Format::Svg => drawing.svg.into_bytes(),
                Format::Png => pixels::png(&drawing, options.scale)?,
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
