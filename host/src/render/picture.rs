//! The renderers `svg` and `png`: a graph, laid out and drawn with no other tool.
//!
//! They are part of the cargo feature `pictures`. Without it they are listed, and say that they are not there.

#[cfg(feature = "pictures")]
mod draw;
#[cfg(feature = "pictures")]
mod font;
#[cfg(feature = "pictures")]
mod geometry;
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

    use super::options::{Options, schema};
    use super::plan::Plan;
    use super::{Format, draw, layout, pixels};
    use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use crate::plugin::{Description, PictureFault, PluginError, PluginKind};
    use crate::render::{Artifact, Output, RenderContext, Renderer};

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

    impl Renderer for Picture {
        fn description(&self) -> &Description {
            &self.description
        }

        fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
            let name = self.format.as_str();
            let failed = |fault| PluginError::Picture { format: name, fault };
            let options = Options::deserialize(context.options)
                .map_err(|error| failed(PictureFault::Options(error.to_string())))?;
            let overview;
            let (graph, remark) = match layout::too_large(context.graph, &options) {
                None => (context.graph, None),
                Some(fault) => {
                    overview = context.graph.overview();
                    if let Some(fault) = layout::too_large(&overview, &options) {
                        return Err(failed(fault));
                    }
                    let message = format!("{fault}: it shows each group as one node");
                    let place = Place::Value(Pointer::root());
                    let remark = Diagnostic::new(format!("{name}/overview"), Severity::Warning, place, message);
                    (&overview, Some(remark.help_if(fault.help())))
                }
            };
            let plan = Plan::of(graph, &options);
            let layout = layout::lay_out(graph, &plan, &options).map_err(failed)?;
            let drawing = draw::draw(name, graph, &plan, &layout, &options, self.format);
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
