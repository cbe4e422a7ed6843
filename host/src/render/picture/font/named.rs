//! The font that the user names.

use std::path::Path;
use std::sync::Arc;

use ttf_parser::{Face, name_id};

use crate::file;
use crate::plugin::PictureFault;

/// The most bytes that the file of a font has.
const MAX_FONT_BYTES: u64 = 64 * 1024 * 1024;

/// A font from a file of the user.
pub(super) struct NamedFont {
    /// Its family.
    pub(super) family: String,
    /// The file.
    pub(super) data: Arc<Vec<u8>>,
    units_per_em: f64,
}

impl NamedFont {
    /// Reads a font; of a collection, the first.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 64 MiB, or is no TrueType or OpenType font.
    pub(super) fn read(path: &str) -> Result<Self, PictureFault> {
        let wrong = |reason: String| PictureFault::Font { file: path.to_owned(), reason };
        let data = file::read(Path::new(path), MAX_FONT_BYTES).map_err(|error| wrong(error.to_string()))?;
        let no_font = |_| wrong("it is no TrueType or OpenType font".to_owned());
        let face = Face::parse(&data, 0).map_err(no_font)?;
        let names = face.names().into_iter().filter(|name| name.name_id == name_id::FAMILY);
        let family = names.filter_map(|name| name.to_string()).next();
        let family = family.ok_or_else(|| wrong("it does not say its family".to_owned()))?;
        let family: String = family.chars().filter(|c| c.is_alphanumeric() || " -_.".contains(*c)).collect();
        let units_per_em = f64::from(face.units_per_em());
        Ok(Self { family, data: Arc::new(data), units_per_em })
    }

    /// How far a character moves the pen, in shares of the font's size; `None` for one that the font lacks.
    pub(super) fn advance(&self, character: char) -> Option<f64> {
        let face = Face::parse(&self.data, 0).ok()?;
        let advance = face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph))?;
        Some(f64::from(advance) / self.units_per_em)
    }
}
