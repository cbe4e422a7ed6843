//! The icon of each kind of node: drawn for this project, or from a folder of the user.

mod folder;

use self::folder::Folder;
use crate::graph::Node;
use crate::plugin::PictureFault;

/// The width and height of an icon, in units of the drawing.
pub(super) const ICON_SIZE: f64 = 18.0;
/// The width and height of the grid that icons are drawn on.
pub(super) const GRID: f64 = 16.0;

/// The icons of a picture.
pub(super) enum Icons {
    /// There are none.
    None,
    /// One for each kind.
    OfKinds,
    /// The user's, and those of kinds where the user has none.
    OfFolder(Folder),
}

/// An icon of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    /// Lines on a grid of 16 by 16, as the `d` of a path.
    Lines(&'static str),
    /// An image of the user, by its position.
    Image(usize),
}

impl Icons {
    /// Prepares the icons that an option asks for: `kind`, `none` or the path of a folder.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(super) fn new(option: &str) -> Result<Self, PictureFault> {
        Ok(match option {
            "kind" => Self::OfKinds,
            "none" | "" => Self::None,
            folder => Self::OfFolder(Folder::open(folder)?),
        })
    }

    /// The icon of a node. The file of an image is read when a node first needs it.
    ///
    /// # Errors
    /// The image cannot be used.
    pub(super) fn of(&mut self, node: &Node<'_>) -> Result<Option<Icon>, PictureFault> {
        let folder = match self {
            Self::None => return Ok(None),
            Self::OfKinds => return Ok(of_kind(node.kind).map(Icon::Lines)),
            Self::OfFolder(folder) => folder,
        };
        let image = folder.find(node.resource, node.kind)?.map(Icon::Image);
        Ok(image.or_else(|| of_kind(node.kind).map(Icon::Lines)))
    }

    /// Whether a kind always has the same icon, which a legend can show.
    pub(super) fn are_of_kinds(&self) -> bool {
        matches!(self, Self::OfKinds)
    }

    /// The images that nodes have, each as the address of its data.
    pub(super) fn images(&self) -> &[String] {
        match self {
            Self::OfFolder(folder) => folder.images(),
            Self::None | Self::OfKinds => &[],
        }
    }
}

/// The lines of the icon of a kind. A plain box is a service; an icon on each would tell nothing.
pub(super) fn of_kind(kind: &str) -> Option<&'static str> {
    ICONS.iter().find(|(name, _)| *name == kind).map(|(_, lines)| *lines)
}

/// The icons of kinds, drawn for this project.
const ICONS: [(&str, &str); 18] = [
    (
        "database",
        "M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zM3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2",
    ),
    ("warehouse", "M2 6.5L8 2.5l6 4V14H2zM5 14V9h6v5M5 11.5h6"),
    ("cache", "M9 1.8L3.5 9H8l-1 5.2L12.5 7H8z"),
    ("queue", "M2 4.5h3v7H2zM6.5 4.5h3v7h-3zM11 4.5h3v7h-3z"),
    (
        "topic",
        "M8 9.4a1.4 1.4 0 1 0 0-2.8a1.4 1.4 0 0 0 0 2.8zM4.8 4.8a4.5 4.5 0 0 0 0 6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 2.7a7.5 7.5 0 0 0 0 10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6",
    ),
    (
        "stream",
        "M1.5 5c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0M1.5 8.5c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0M1.5 12c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0",
    ),
    ("storage", "M2.5 3.5c0-1 2.5-1.7 5.5-1.7s5.5.7 5.5 1.7l-1.3 10.2H3.8zM2.5 3.5c0 1 2.5 1.7 5.5 1.7s5.5-.7 5.5-1.7"),
    ("search", "M6.8 11.5a4.7 4.7 0 1 0 0-9.4a4.7 4.7 0 0 0 0 9.4zM10.3 10.3L14 14"),
    ("function", "M4 2.5h2l5 11h1.5M7.4 6.5L4 13.5"),
    (
        "worker",
        "M8 10.4a2.4 2.4 0 1 0 0-4.8a2.4 2.4 0 0 0 0 4.8zM8 1.8v2.2M8 12v2.2M1.8 8H4M12 8h2.2M3.6 3.6l1.6 1.6M10.8 10.8l1.6 1.6M12.4 3.6l-1.6 1.6M5.2 10.8l-1.6 1.6",
    ),
    (
        "api",
        "M6 2.5c-2 0-2 1-2 2.5S3.5 7.5 2.5 8c1 .5 1.5 1.5 1.5 3s0 2.5 2 2.5M10 2.5c2 0 2 1 2 2.5s.5 2.5 1.5 3c-1 .5-1.5 1.5-1.5 3s0 2.5-2 2.5",
    ),
    ("secret", "M5 11.5a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM8 8.5h6.2M11.6 8.5V11M14 8.5v2"),
    ("registry", "M8 1.8l6 3-6 3-6-3zM2 8l6 3 6-3M2 11.2l6 3 6-3"),
    ("ai_model", "M8 1.8l1.6 4.6L14.2 8l-4.6 1.6L8 14.2l-1.6-4.6L1.8 8l4.6-1.6z"),
    (
        "cdn",
        "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM1.8 8h12.4M8 1.8c3.4 3.8 3.4 8.6 0 12.4M8 1.8c-3.4 3.8-3.4 8.6 0 12.4",
    ),
    ("helm", "M8 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8zM8 1.5v13M1.5 8h13M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2"),
    ("terraform", "M2.5 2.5h5v5h-5zM8.5 2.5h5v5h-5zM8.5 8.5h5v5h-5z"),
    ("group", "M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_but_a_service_has_an_icon_of_its_own() {
        let kinds: Vec<&str> =
            crate::catalogue::PROVIDERS.iter().flat_map(|provider| provider.kinds).map(|kind| kind.kind).collect();
        let icons: HashSet<&str> = kinds.iter().filter_map(|kind| of_kind(kind)).collect();
        let different: HashSet<&str> = kinds.iter().copied().collect();
        assert_eq!(icons.len(), different.len(), "{different:?}");
        assert_eq!(of_kind("service"), None);
    }
}
