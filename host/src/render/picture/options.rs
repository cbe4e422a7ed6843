//! What the renderers of pictures take.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Format;
use crate::limits::PICTURE_LIMITS;

/// The options, every default filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Options {
    pub(super) direction: Direction,
    pub(super) title: String,
    pub(super) theme: Theme,
    pub(super) hubs: Hubs,
    /// How many pixels a unit of the drawing has, 1 to 4.
    #[serde(default = "one")]
    pub(super) scale: u32,
    /// The most nodes that are laid out.
    pub(super) max_nodes: usize,
    /// The most edges that are laid out.
    pub(super) max_edges: usize,
    /// How long the layout may take.
    pub(super) seconds: u64,
}

fn one() -> u32 {
    1
}

/// Where edges lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    Right,
    Left,
    Down,
    Up,
}

/// Which colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Theme {
    /// What the reader's system prefers; in pixels, light.
    Auto,
    Light,
    Dark,
}

/// How edges to a node that many point to are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Hubs {
    /// As badges in large drawings.
    Auto,
    Lines,
    Badges,
}

/// The JSON Schema of the options of a format.
pub(super) fn schema(format: Format) -> Value {
    let mut schema = json!({
        "type": "object",
        "properties": {
            "direction": {
                "type": "string", "enum": ["right", "left", "down", "up"], "default": "right",
                "description": "Where connections lead.",
            },
            "title": {
                "type": "string", "default": "",
                "description": "A title above the drawing. Without it: the name of the system.",
            },
            "theme": {
                "type": "string", "enum": ["auto", "light", "dark"], "default": "auto",
                "description": "The colours; auto takes those that the reader prefers, and light where it cannot tell.",
            },
            "hubs": {
                "type": "string", "enum": ["auto", "lines", "badges"], "default": "auto",
                "description": "How connections to a node that many others use are drawn: as lines, or as a badge on each user; auto takes badges in large drawings.",
            },
            "max-nodes": {
                "type": "integer", "minimum": 1, "default": PICTURE_LIMITS[0].1,
                "description": "The most nodes that are laid out.",
            },
            "max-edges": {
                "type": "integer", "minimum": 1, "default": PICTURE_LIMITS[1].1,
                "description": "The most edges that are laid out.",
            },
            "seconds": {
                "type": "integer", "minimum": 1, "maximum": 3600, "default": PICTURE_LIMITS[2].1,
                "description": "How many seconds the layout may take.",
            },
        },
        "additionalProperties": false,
    });
    if format == Format::Png {
        schema["properties"]["scale"] = json!({
            "type": "integer", "minimum": 1, "maximum": 4, "default": 2,
            "description": "How many pixels a unit of the drawing has.",
        });
    }
    schema
}
