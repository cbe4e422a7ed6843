//! The renderers `svg` and `png`: a graph, laid out and drawn with no other tool.
//!
//! They are part of the cargo feature `pictures`. Without it they are listed, and say that they are not there.

#[cfg(feature = "pictures")]
mod draw;
#[cfg(feature = "pictures")]
mod drawn;
#[cfg(feature = "pictures")]
mod font;
#[cfg(feature = "pictures")]
mod geometry;
#[cfg(feature = "pictures")]
mod hubs;
#[cfg(feature = "pictures")]
mod icons;
#[cfg(feature = "pictures")]
mod layout;
#[cfg(feature = "pictures")]
mod look;
#[cfg(feature = "pictures")]
mod options;
#[cfg(feature = "pictures")]
mod palette;
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
