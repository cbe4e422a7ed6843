//! What each kind of node looks like.

/// The shape and colours of a kind.
pub(super) struct Look {
    /// The kind of the nodes; `other` for a kind that is not in the list.
    pub(super) kind: &'static str,
    pub(super) shape: Shape,
    /// The colour of the border on a light page.
    pub(super) stroke: Color,
    /// The colour inside on a light page.
    pub(super) fill: Color,
}

/// The outline of a node. Each touches the box of the node in the middle of every side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A box with round corners.
    Box,
    /// A box with a second line inside.
    DoubleBox,
    /// A box with a dashed border.
    DashedBox,
    /// A standing cylinder.
    Cylinder,
    /// A lying cylinder.
    Tube,
    /// A box whose short sides are half circles.
    Pill,
    /// A box with pointed short sides.
    Hexagon,
    /// A box with a folded corner.
    Page,
    /// A box with a tab.
    Package,
    /// A box with the edge of another behind it.
    Stack,
}

/// How far the border of a lying cylinder or a hexagon is inside its box at the corners.
pub(super) const SIDE_DEPTH: f64 = 8.0;

/// An RGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Color(pub(super) u8, pub(super) u8, pub(super) u8);

impl Color {
    /// Mixes in a share of another colour, in hundredths.
    pub(super) fn mix(self, other: Self, hundredths: u32) -> Self {
        let mix = |a: u8, b: u8| {
            let mixed = u32::from(a) * (100 - hundredths) + u32::from(b) * hundredths;
            u8::try_from((mixed + 50) / 100).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Look {
    /// Finds the look of a kind.
    pub(super) fn of(kind: &str) -> &'static Self {
        LOOKS.iter().find(|look| look.kind == kind).unwrap_or(&LOOKS[LOOKS.len() - 1])
    }
}

impl Look {
    /// What a legend calls it.
    pub(super) fn words(&self) -> String {
        match self.kind {
            "ai_model" => "AI model".to_owned(),
            "helm" => "Helm release".to_owned(),
            "terraform" => "Terraform module".to_owned(),
            "other" => "other resource".to_owned(),
            kind => kind.to_owned(),
        }
    }

    /// Every look, in the order of a legend.
    pub(super) fn all() -> impl Iterator<Item = &'static Self> {
        LOOKS.iter()
    }
}

/// All looks: the kinds of the catalogue, and last the one for any other kind.
static LOOKS: [Look; 20] = [
    look("service", Shape::Box, Color(0x2f, 0x6f, 0xbf), Color(0xe9, 0xf1, 0xfc)),
    look("database", Shape::Cylinder, Color(0x2b, 0x84, 0x52), Color(0xe4, 0xf4, 0xe9)),
    look("warehouse", Shape::Cylinder, Color(0x1f, 0x7a, 0x72), Color(0xdc, 0xf0, 0xed)),
    look("cache", Shape::Pill, Color(0xc2, 0x47, 0x3a), Color(0xfd, 0xea, 0xe7)),
    look("queue", Shape::Tube, Color(0xa0, 0x6a, 0x0d), Color(0xff, 0xf3, 0xdc)),
    look("topic", Shape::Tube, Color(0xb3, 0x47, 0x7f), Color(0xfb, 0xea, 0xf3)),
    look("stream", Shape::Tube, Color(0x6a, 0x55, 0xc2), Color(0xed, 0xea, 0xfb)),
    look("storage", Shape::Cylinder, Color(0x6d, 0x7c, 0x21), Color(0xf0, 0xf4, 0xdd)),
    look("search", Shape::Pill, Color(0x8a, 0x73, 0x0c), Color(0xff, 0xf7, 0xd2)),
    look("function", Shape::Hexagon, Color(0xb1, 0x5f, 0x1f), Color(0xff, 0xec, 0xdd)),
    look("worker", Shape::Hexagon, Color(0xa8, 0x4f, 0x14), Color(0xff, 0xe5, 0xd4)),
    look("api", Shape::DoubleBox, Color(0x24, 0x7e, 0x9d), Color(0xe3, 0xf3, 0xf9)),
    look("secret", Shape::Page, Color(0x6b, 0x6f, 0x7b), Color(0xf0, 0xf0, 0xf3)),
    look("registry", Shape::Page, Color(0x56, 0x6b, 0x80), Color(0xe9, 0xee, 0xf2)),
    look("ai_model", Shape::Hexagon, Color(0x8a, 0x45, 0xb8), Color(0xf3, 0xe8, 0xfb)),
    look("cdn", Shape::Pill, Color(0x2c, 0x7d, 0x98), Color(0xe3, 0xf5, 0xfa)),
    look("helm", Shape::Package, Color(0x3f, 0x5f, 0xc0), Color(0xe8, 0xed, 0xfb)),
    look("terraform", Shape::Package, Color(0x6e, 0x4b, 0xc4), Color(0xee, 0xe8, 0xfb)),
    look("group", Shape::Stack, Color(0x4a, 0x63, 0x86), Color(0xee, 0xf2, 0xf8)),
    look("other", Shape::DashedBox, Color(0x6b, 0x71, 0x7c), Color(0xf4, 0xf5, 0xf7)),
];

const fn look(kind: &'static str, shape: Shape, stroke: Color, fill: Color) -> Look {
    Look { kind, shape, stroke, fill }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_kinds_look_alike() {
        let kinds: HashSet<_> = LOOKS.iter().map(|look| look.kind).collect();
        let colors: HashSet<_> = LOOKS.iter().map(|look| look.stroke.to_string()).collect();
        assert_eq!((kinds.len(), colors.len()), (LOOKS.len(), LOOKS.len()));
    }

    #[test]
    fn every_kind_of_the_catalogue_has_a_look() {
        for provider in &crate::catalogue::PROVIDERS {
            for kind in provider.kinds {
                assert_eq!(Look::of(kind.kind).kind, kind.kind);
            }
        }
    }

    #[test]
    fn an_unknown_kind_is_drawn_plainly() {
        assert_eq!(Look::of("quantum_computer").kind, "other");
    }

    #[test]
    fn colors_mix() {
        assert_eq!(Color(0, 0, 0).mix(Color(255, 255, 255), 20).to_string(), "#333333");
    }
}
