//! The font that ships, in its weights.

use std::sync::LazyLock;

use ttf_parser::Face;

/// How heavy a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 700.
    Bold,
}

impl Weight {
    /// The file of the font that ships.
    pub(super) fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => dejavu::sans_condensed::regular(),
            Self::Bold => dejavu::sans_condensed::bold(),
        }
    }

    /// The widths of its characters.
    pub(super) fn advances(self) -> &'static Advances {
        static REGULAR: LazyLock<Advances> = LazyLock::new(|| Advances::new(Weight::Regular.data()));
        static BOLD: LazyLock<Advances> = LazyLock::new(|| Advances::new(Weight::Bold.data()));
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }

    /// The value of `font-weight`.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Regular => 400,
            Self::Bold => 700,
        }
    }
}

/// The widths of a font's characters.
pub(super) struct Advances {
    face: Face<'static>,
    units_per_em: f64,
}

impl Advances {
    fn new(data: &'static [u8]) -> Self {
        let face = Face::parse(data, 0).expect("the font that ships is one");
        let units_per_em = f64::from(face.units_per_em());
        Self { face, units_per_em }
    }

    /// How far a character moves the pen, in shares of the font's size; `None` for one that the font lacks.
    pub(super) fn of(&self, character: char) -> Option<f64> {
        let advance = self.face.glyph_index(character).and_then(|glyph| self.face.glyph_hor_advance(glyph));
        advance.map(|advance| f64::from(advance) / self.units_per_em)
    }
}
