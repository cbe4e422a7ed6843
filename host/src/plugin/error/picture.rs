//! Why a picture cannot be drawn.

use crate::diagnostic::Help;
use crate::text::quote;

/// Why a picture cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// This build has no pictures.
    #[error("this spec-engine was built without the cargo feature `pictures`")]
    NotBuilt,
    /// The options are not those of the schema.
    #[error("invalid options: {0}")]
    Options(String),
    /// The graph is too large to be laid out.
    #[error("the graph has {count} {what}, more than the {most} that one picture takes")]
    TooLarge {
        /// `nodes` or `edges`.
        what: &'static str,
        /// How many it has.
        count: usize,
        /// How many it may have.
        most: usize,
        /// The option that allows more.
        option: &'static str,
    },
    /// The layout took too long.
    #[error("the layout of {nodes} nodes and {edges} edges takes longer than {seconds} s")]
    TimedOut {
        /// The nodes of the graph.
        nodes: usize,
        /// The edges that are drawn as lines.
        edges: usize,
        /// The limit, in seconds.
        seconds: u64,
    },
    /// The layout failed.
    #[error("the layout of {nodes} nodes and {edges} edges failed: {reason}")]
    Layout {
        /// The nodes of the graph.
        nodes: usize,
        /// The edges that are drawn as lines.
        edges: usize,
        /// The reason.
        reason: String,
    },
    /// The picture would have too many pixels.
    #[error("the picture would have {width} by {height} pixels, which is too many")]
    TooManyPixels {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Pixels for each unit of the drawing.
        scale: u32,
    },
    /// The font that the user names cannot be used.
    #[error("the font {} cannot be used: {reason}", quote(.file))]
    Font {
        /// The file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// An icon of the user, or the folder of them, cannot be used.
    #[error("the icon {} cannot be used: {reason}", quote(.file))]
    Icon {
        /// The file or folder.
        file: String,
        /// The reason.
        reason: String,
    },
    /// A colour of the user cannot be used.
    #[error("the colour {} cannot be used: {reason}", quote(.entry))]
    Color {
        /// The name and the colour, as they were given.
        entry: String,
        /// The reason.
        reason: String,
    },
    /// The drawing could not be turned into pixels.
    #[error("the drawing cannot be turned into pixels: {0}")]
    Pixels(String),
    /// A drawing could not be put on a page of a document.
    #[error("page {number} cannot be written: {reason}")]
    Page {
        /// Which page, from 1.
        number: usize,
        /// The reason.
        reason: String,
    },
}

impl PictureFault {
    /// Whether a smaller graph could be drawn.
    pub fn is_of_size(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::TimedOut { .. } | Self::Layout { .. })
    }

    /// Whether the user asked for something that cannot be: it has to be changed before anything is drawn.
    pub fn is_of_options(&self) -> bool {
        matches!(self, Self::Options(_) | Self::Font { .. } | Self::Icon { .. } | Self::Color { .. })
    }

    /// The next step, where it is to draw less.
    pub fn help(&self) -> Option<Help> {
        match self {
            Self::TooLarge { count, option, .. } => Some(Help::NarrowView { option, value: count.to_string() }),
            Self::TimedOut { seconds, .. } => {
                let value = seconds.saturating_mul(3).min(3600).to_string();
                Some(Help::NarrowView { option: "seconds", value })
            }
            Self::NotBuilt
            | Self::Options(_)
            | Self::Layout { .. }
            | Self::TooManyPixels { .. }
            | Self::Font { .. }
            | Self::Icon { .. }
            | Self::Color { .. }
            | Self::Pixels(_)
            | Self::Page { .. } => None,
        }
    }
}
