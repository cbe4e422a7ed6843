//! What a picture is made of.

/// What a picture is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Shapes and text, in XML.
    Svg,
    /// Pixels.
    Png,
    /// Pages, with shapes and text.
    Pdf,
}

impl Format {
    /// Lists every format, the usual one first.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Png, Self::Pdf];

    /// The name of the renderer, which is also the extension of its file: `svg`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}
