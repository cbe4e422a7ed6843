//! What the renderers of pictures take.

use serde::Deserialize;
use serde_json::{Value, json};

use super::format::Format;
use crate::limits::PICTURE_LIMITS;
use crate::options::view_properties;

/// The options, every default filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Options {
    pub(super) direction: Direction,
    pub(super) title: String,
    pub(super) title_block: bool,
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) theme: Theme,
    /// Colours over those of the theme: `page=#ffffff, database=#2b8452`.
    pub(super) colors: String,
    /// The file of a font; empty for the one that ships.
    pub(super) font: String,
    /// `kind`, `none`, or the folder of the user's icons.
    pub(super) icons: String,
    pub(super) legend: bool,
    pub(super) links: bool,
    pub(super) overview: Overview,
    pub(super) stacks: Stacks,
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

impl Direction {
    /// The word for it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
            Self::Down => "down",
            Self::Up => "up",
        }
    }
}

/// Which colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Theme {
    /// What the reader's system prefers; in pixels, light.
    Auto,
    Light,
    Dark,
    /// Black and grey on white.
    Print,
}

/// Whether each group is drawn as one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Overview {
    /// Where the whole of a large system would be drawn.
    Auto,
    Always,
    /// Only where the limits demand it.
    Never,
}

/// Whether nodes with the same connections are drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stacks {
    /// In large drawings.
    Auto,
    Always,
    Never,
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
            "theme": {
                "type": "string", "enum": ["auto", "light", "dark", "print"], "default": "auto",
                "description": "The colours; auto takes those that the reader prefers, and light where it cannot tell; print is black and grey on white.",
            },
            "overview": {
                "type": "string", "enum": ["auto", "always", "never"], "default": "auto",
                "description": "Whether each group is one node; auto does so where a whole system has more than 40 nodes, and groups by owner, network or deployment.",
            },
            "stacks": {
                "type": "string", "enum": ["auto", "always", "never"], "default": "auto",
                "description": "Whether nodes with the same connections are one node that counts them; auto does so in large drawings.",
            },
            "hubs": {
                "type": "string", "enum": ["auto", "lines", "badges"], "default": "auto",
                "description": "How connections to a node that many others use are drawn: as lines, or as a badge on each user; auto takes badges in large drawings.",
            },
        },
        "additionalProperties": false,
    });
    let properties = schema["properties"].as_object_mut().expect("an object was written");
    let [words, switches, limits] = [words(), switches(), limits()];
    for more in [words, switches, limits] {
        properties.extend(more.as_object().cloned().unwrap_or_default());
    }
    let mut view = view_properties();
    for (name, default) in [("group-by", json!("auto")), ("deployments", json!(false))] {
        if let Some(mut property) = view.remove(name) {
            property["default"] = default;
            properties.insert(name.to_owned(), property);
        }
    }
    if format == Format::Png {
        schema["properties"]["scale"] = json!({
            "type": "integer", "minimum": 1, "maximum": 4, "default": 2,
            "description": "How many pixels a unit of the drawing has.",
        });
    }
    schema
}

/// Options that are texts.
fn words() -> Value {
    json!({
        "title": {
            "type": "string", "default": "",
            "description": "A title above the drawing. Without it: the name of the system.",
        },
        "date": {
            "type": "string", "default": "",
            "description": "A date for the title block.",
        },
        "commit": {
            "type": "string", "default": "",
            "description": "A commit for the title block.",
        },
        "colors": {
            "type": "string", "default": "",
            "description": "Colours over those of the theme, such as 'page=#fffdf5, database=#00695c': page, text, muted, frame, frame-line, line, deploys, or a kind.",
        },
        "font": {
            "type": "string", "default": "",
            "description": "The file of a font, TrueType or OpenType, for every text. Without it: DejaVu Sans Condensed.",
        },
        "icons": {
            "type": "string", "default": "kind",
            "description": "Icons: kind, for one of each kind; none; or a folder with files such as aws.rds.svg, rds.png or database.svg.",
        },
    })
}

/// Options that are on or off.
fn switches() -> Value {
    json!({
        "title-block": {
            "type": "boolean", "default": false,
            "description": "Whether title, version, date and commit stand in a block below the drawing; a date or a commit turns it on.",
        },
        "legend": {
            "type": "boolean", "default": true,
            "description": "Whether a legend explains the shapes, colours and lines.",
        },
        "links": {
            "type": "boolean", "default": true,
            "description": "Whether a service leads to its repository.",
        },
    })
}

/// Options that bound a picture.
fn limits() -> Value {
    let [(_, nodes), (_, edges), (_, seconds)] = PICTURE_LIMITS;
    json!({
        "max-nodes": {
            "type": "integer", "minimum": 1, "default": nodes,
            "description": "The most nodes that are laid out.",
        },
        "max-edges": {
            "type": "integer", "minimum": 1, "default": edges,
            "description": "The most edges that are laid out.",
        },
        "seconds": {
            "type": "integer", "minimum": 1, "maximum": 3600, "default": seconds,
            "description": "How many seconds the layout may take.",
        },
    })
}
