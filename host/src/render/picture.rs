//! The renderers `svg`, `png` and `pdf`: a graph, laid out and drawn with no other tool.
//!
//! They are part of the cargo feature `pictures`. Without it they are listed, and say that they are not there.

#[cfg(feature = "pictures")]
mod draw;
#[cfg(feature = "pictures")]
mod drawn;
#[cfg(feature = "pictures")]
mod font;
mod format;
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
mod pages;
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

pub use self::format::Format;
#[cfg(feature = "pictures")]
pub use self::{
    drawn::Picture,
    font::{Weight, width},
};

/// The renderer of a format.
///
/// # Errors
/// This build has no pictures.
#[cfg(feature = "pictures")]
pub fn renderer(format: Format) -> Result<Box<dyn Renderer>, PluginError> {
    Ok(Box::new(Picture::new(format)))
}

/// The renderer of a format.
///
/// # Errors
/// This build has no pictures.
#[cfg(not(feature = "pictures"))]
pub fn renderer(format: Format) -> Result<Box<dyn Renderer>, PluginError> {
    Err(PluginError::Picture { format: format.as_str(), fault: PictureFault::NotBuilt })
}
