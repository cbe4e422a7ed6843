//! The text of the file: a section a drawing, a line a node, in the order of ids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DrawingId, DrawingPlaces, Places};
use crate::text::quote;

/// The form of the file that this version writes and reads.
const VERSION: u32 = 1;

/// Places are at most so far from the corner: no drawing is larger.
const FARTHEST: i32 = 1_000_000;

/// What stands above.
const HEAD: &str = "# Where nodes stand: commit it. A node stays in its place until its line is removed.\n";

/// A file that has no places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PlacesError {
    /// What is wrong with it, and where.
    pub reason: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default, rename = "drawing")]
    drawings: Vec<Section>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Section {
    system: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    view: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    part: String,
    group_by: String,
    direction: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    overview: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, [i32; 4]>,
    nodes: BTreeMap<String, [i32; 2]>,
}

impl Section {
    fn new(id: &DrawingId, places: &DrawingPlaces) -> Self {
        let DrawingId { system, view, part, group_by, direction, overview } = id.clone();
        let DrawingPlaces { groups, nodes } = places.clone();
        Self { system, view, part, group_by, direction, overview, groups, nodes }
    }

    fn into_drawing(self) -> (DrawingId, DrawingPlaces) {
        let Self { system, view, part, group_by, direction, overview, groups, nodes } = self;
        (DrawingId { system, view, part, group_by, direction, overview }, DrawingPlaces { groups, nodes })
    }
}

impl Places {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// It has another form or version, a drawing twice, or places that are none.
    pub fn parse(text: &str) -> Result<Self, PlacesError> {
        let wrong = |reason: String| PlacesError { reason };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        if file.version != VERSION {
            let why = format!("it has version {}, and this spec-engine knows version {VERSION}", file.version);
            return Err(wrong(why));
        }
        let mut drawings = BTreeMap::new();
        for (id, places) in file.drawings.into_iter().map(Section::into_drawing) {
            places.check().map_err(|key| wrong(format!("the place of {} is on no sheet", quote(&key))))?;
            let what = format!("the drawing of {} by {}", quote(&id.system), quote(&id.group_by));
            if drawings.insert(id, places).is_some() {
                return Err(wrong(format!("{what} is there twice")));
            }
        }
        Ok(Self { drawings })
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        let drawings = self.drawings.iter().map(|(id, places)| Section::new(id, places)).collect();
        let file = File { version: VERSION, drawings };
        format!("{HEAD}{}", toml::to_string(&file).expect("places are plain data"))
    }
}

impl DrawingPlaces {
    /// Finds the first key whose place is on no sheet.
    fn check(&self) -> Result<(), String> {
        let is_near = |at: &i32| (-FARTHEST..=FARTHEST).contains(at);
        let is_box = |[x, y, width, height]: &[i32; 4]| {
            [x, y].into_iter().all(is_near) && [width, height].iter().all(|side| (0..=FARTHEST).contains(*side))
        };
        let group = self.groups.iter().find(|(_, at)| !is_box(at)).map(|(key, _)| key);
        let node = self.nodes.iter().find(|(_, at)| !at.iter().all(is_near)).map(|(key, _)| key);
        group.or(node).map_or(Ok(()), |key| Err(key.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version = 1\n\n[[drawing]]\nsystem = \"shop\"\ngroup-by = \"owner\"\ndirection = \"right\"\n\n\
                        [drawing.groups]\n\"owner:a\" = [0, 0, 300, 200]\n\n[drawing.nodes]\n\"svc:a\" = [100, 40]\n\
                        \"svc:b\" = [100, 120]\n";

    #[test]
    fn what_is_written_is_read() {
        let places = Places::parse(TEXT).unwrap();
        assert_eq!(places.to_text(), format!("{HEAD}{TEXT}"));
        assert_eq!(Places::parse(&places.to_text()), Ok(places));
    }

    #[test]
    fn what_is_no_layout_is_told() {
        let changed = |from: &str, to: &str| {
            let text = TEXT.replace(from, to);
            assert_ne!(text, TEXT);
            Places::parse(&text).unwrap_err().reason
        };
        for (from, to, expected) in [
            ("version = 1", "version = 2", "it has version 2"),
            ("[100, 40]", "[nan, 40]", "float"),
            ("[100, 40]", "[1e300, 40]", "float"),
            ("[100, 40]", "[100]", "length"),
            ("[100, 40]", "[100, 99999999999]", "i32"),
            ("[100, 40]", "[100, 2000000]", "the place of `svc:a` is on no sheet"),
            ("300, 200]", "-300, 200]", "the place of `owner:a` is on no sheet"),
            ("svc:b", "svc:a", "duplicate"),
            ("\"svc:a\" = [100, 40]", "<<<<<<< HEAD", "line 12"),
            ("direction = \"right\"\n", "", "direction"),
        ] {
            let reason = changed(from, to);
            assert!(reason.contains(expected), "{to}: {reason}");
        }
        let twice = format!("{TEXT}\n{}", TEXT.trim_start_matches("version = 1\n\n"));
        assert!(Places::parse(&twice).unwrap_err().reason.contains("twice"));
        assert!(Places::parse("").is_err());
    }
}
