//! `layout.lock`: where nodes stand in drawings, so that they stay there while the document changes.

mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::text::PlacesError;

/// The name of the file, beside the project file or, where there is none, beside the document.
pub const LAYOUT_FILE: &str = "layout.lock";

/// What tells a drawing of a system from its others: each has places of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrawingId {
    /// The name of the system.
    pub system: String,
    /// What of it is shown, in words; empty for all of it.
    pub view: String,
    /// Which part it is, where a system is drawn in parts; else empty.
    pub part: String,
    /// What nodes are grouped by.
    pub group_by: String,
    /// Where edges lead.
    pub direction: String,
    /// Whether each group is one node.
    pub overview: bool,
}

/// The places of a drawing, in whole units from its upper left corner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawingPlaces {
    /// The boxes of groups, by their ids: left, top, width, height.
    pub groups: BTreeMap<String, [i32; 4]>,
    /// The middles of nodes, by their ids.
    pub nodes: BTreeMap<String, [i32; 2]>,
}

impl DrawingPlaces {
    /// How many nodes stand elsewhere than in an earlier drawing, seen from those that stand as they did: where something
    /// above or left of them is new, the whole sheet begins there.
    pub fn moved(&self, before: &Self) -> usize {
        let both = before.nodes.iter().filter_map(|(id, then)| Some((self.nodes.get(id)?, then)));
        let mut shifts: BTreeMap<[i32; 2], usize> = BTreeMap::new();
        for (now, then) in both {
            *shifts.entry([now[0].saturating_sub(then[0]), now[1].saturating_sub(then[1])]).or_default() += 1;
        }
        shifts.values().sum::<usize>() - shifts.values().max().copied().unwrap_or_default()
    }
}

/// The places of drawings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// By drawing.
    pub drawings: BTreeMap<DrawingId, DrawingPlaces>,
}

/// The places that a graph is drawn at, and what tells its drawing from others of the same system.
#[derive(Clone, Debug, Default)]
pub struct KnownPlaces {
    /// [`DrawingId::view`].
    pub view: String,
    /// The places of every drawing.
    pub places: Arc<Places>,
}

impl Places {
    /// Replaces the places of drawings by those of new ones.
    pub fn update(&mut self, drawn: impl IntoIterator<Item = (DrawingId, DrawingPlaces)>) {
        self.drawings.extend(drawn);
    }

    /// The systems that have drawings, each once.
    pub fn systems(&self) -> Vec<&str> {
        let mut systems: Vec<&str> = self.drawings.keys().map(|id| id.system.as_str()).collect();
        systems.dedup();
        systems
    }
}
