//! Turns a drawing into pixels.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

use super::draw::Drawing;
use super::font::Fonts;
use crate::plugin::PictureFault;

/// The most pixels that a side of a picture has.
const MAX_SIDE: u32 = 32_000;
/// The most pixels that a picture has.
const MAX_PIXELS: u64 = 200_000_000;

/// Draws at a scale, 1 to 4 pixels a unit.
///
/// # Errors
/// When the picture would be too large.
pub(super) fn png(drawing: &Drawing, scale: u32, fonts: &Fonts) -> Result<Vec<u8>, PictureFault> {
    let [width, height] = [drawing.width, drawing.height].map(|side| side.saturating_mul(scale));
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureFault::TooManyPixels { width, height, scale });
    }
    let tree = usvg::Tree::from_str(&drawing.svg, &fonts.reading())
        .map_err(|error| PictureFault::Pixels(error.to_string()))?;
    let mut pixels =
        Pixmap::new(width, height).ok_or_else(|| PictureFault::Pixels("the drawing is empty".to_owned()))?;
    let [x, y] = [(width, tree.size().width()), (height, tree.size().height())].map(|(to, from)| {
        #[expect(clippy::cast_precision_loss, reason = "a side has at most MAX_SIDE pixels")]
        let to = to as f32;
        to / from
    });
    resvg::render(&tree, Transform::from_scale(x, y), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PictureFault::Pixels(error.to_string()))
}
