//! What each kind of node looks like.

use spec_engine_plugin::{Change, GROUP_KIND};

/// A D2 class: its name is that of the kind.
pub(crate) struct Look {
    /// The kind of the nodes, `other` for a kind that is not in the list.
    pub(crate) kind: &'static str,
    /// The inside of the class in D2.
    pub(crate) class: &'static str,
}

impl Look {
    /// Finds the look of a kind, as a position in [`LOOKS`].
    pub(crate) fn of(kind: &str) -> usize {
        LOOKS.iter().position(|look| look.kind == kind).unwrap_or(LOOKS.len() - 1)
    }
}

/// All looks: the kinds of the catalogue, and last the one for any other kind.
///
/// Each states fill and font colour, so that it reads the same on a light and on a dark theme.
pub(crate) static LOOKS: [Look; 20] = [
    look(
        "service",
        r##"shape: rectangle; style: {fill: "#E3EEFC"; stroke: "#2F6FBF"; font-color: "#12304F"; border-radius: 6}"##,
    ),
    look("database", r##"shape: cylinder; style: {fill: "#E1F3E6"; stroke: "#2E8B57"; font-color: "#123D26"}"##),
    look(
        "warehouse",
        r##"shape: cylinder; style: {fill: "#D5EDEA"; stroke: "#1F7A72"; font-color: "#0E3A36"; multiple: true}"##,
    ),
    look("cache", r##"shape: oval; style: {fill: "#FDE7E4"; stroke: "#C2473A"; font-color: "#541A14"}"##),
    look("queue", r##"shape: queue; style: {fill: "#FFF1D6"; stroke: "#C98A1B"; font-color: "#553A08"}"##),
    look(
        "topic",
        r##"shape: queue; style: {fill: "#FBE8F2"; stroke: "#B3477F"; font-color: "#4D1B36"; multiple: true}"##,
    ),
    look("stream", r##"shape: queue; style: {fill: "#EAE6FA"; stroke: "#6A55C2"; font-color: "#2A2056"}"##),
    look("storage", r##"shape: stored_data; style: {fill: "#EEF2D8"; stroke: "#7A8B2A"; font-color: "#353D0F"}"##),
    look(
        "search",
        r##"shape: oval; style: {fill: "#FFF6C9"; stroke: "#A98F14"; font-color: "#453A05"; double-border: true}"##,
    ),
    look("function", r##"shape: step; style: {fill: "#FFE8D6"; stroke: "#CC6E24"; font-color: "#552B0A"}"##),
    look("worker", r##"shape: parallelogram; style: {fill: "#FFE0CC"; stroke: "#B85C1E"; font-color: "#4D2408"}"##),
    look(
        "api",
        r##"shape: rectangle; style: {fill: "#DDF1F8"; stroke: "#2787A8"; font-color: "#0D3A4A"; double-border: true}"##,
    ),
    look("secret", r##"shape: document; style: {fill: "#ECECEF"; stroke: "#6B6F7B"; font-color: "#2B2D33"}"##),
    look("registry", r##"shape: page; style: {fill: "#E6EBF0"; stroke: "#566B80"; font-color: "#212C37"}"##),
    look("ai_model", r##"shape: hexagon; style: {fill: "#F1E4FB"; stroke: "#8A45B8"; font-color: "#391A4F"}"##),
    look("cdn", r##"shape: cloud; style: {fill: "#E0F4FA"; stroke: "#3A93B0"; font-color: "#123D4B"}"##),
    look("helm", r##"shape: package; style: {fill: "#E4EAFB"; stroke: "#3F5FC0"; font-color: "#1A2856"}"##),
    look("terraform", r##"shape: package; style: {fill: "#EBE4FA"; stroke: "#6E4BC4"; font-color: "#2C1C55"}"##),
    look(
        GROUP_KIND,
        r##"shape: rectangle; style: {fill: "#EEF0F4"; stroke: "#4B5563"; font-color: "#1F2937"; border-radius: 10; multiple: true}"##,
    ),
    look(
        "other",
        r##"shape: rectangle; style: {fill: "#F3F4F6"; stroke: "#7B818C"; font-color: "#2B2F36"; stroke-dash: 3}"##,
    ),
];

/// What a container, which is a group with its nodes inside, looks like: its fill is that of what is around it, so that its label keeps the colour of the theme.
pub(crate) const CONTAINER: &str = r#"style: {fill: transparent; stroke-dash: 3; border-radius: 10}"#;

/// What the edge of a deployment looks like.
pub(crate) const DEPLOYS: &str = "style: {stroke-dash: 4}";

/// What a node looks like by what became of it, over the look of its kind: a colour and a line each, so that neither is
/// needed alone.
pub(crate) fn changed_node(change: Change) -> &'static str {
    match change {
        Change::Added => r##"style: {fill: "#DAFBE1"; stroke: "#1A7F37"; font-color: "#0B3D1B"; stroke-width: 4}"##,
        Change::Removed => {
            r##"style: {fill: "#FFEBE9"; stroke: "#CF222E"; font-color: "#6E0F18"; stroke-width: 2; stroke-dash: 8}"##
        }
        Change::Changed => {
            r##"style: {fill: "#FFF8C5"; stroke: "#9A6700"; font-color: "#4D3300"; stroke-width: 3; stroke-dash: 2}"##
        }
        Change::Unchanged => r##"style: {fill: "#F6F8FA"; stroke: "#AFB8C1"; font-color: "#57606A"; stroke-width: 1}"##,
    }
}

/// What an edge looks like by what became of it.
pub(crate) fn changed_edge(change: Change) -> &'static str {
    match change {
        Change::Added => r##"style: {stroke: "#1A7F37"; font-color: "#1A7F37"; stroke-width: 4; stroke-dash: 0}"##,
        Change::Removed => r##"style: {stroke: "#CF222E"; font-color: "#CF222E"; stroke-width: 2; stroke-dash: 8}"##,
        Change::Changed => r##"style: {stroke: "#9A6700"; font-color: "#9A6700"; stroke-width: 3; stroke-dash: 2}"##,
        Change::Unchanged => r##"style: {stroke: "#AFB8C1"; font-color: "#6E7781"; stroke-width: 1}"##,
    }
}

const fn look(kind: &'static str, class: &'static str) -> Look {
    Look { kind, class }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_kinds_look_alike() {
        let kinds: HashSet<_> = LOOKS.iter().map(|look| look.kind).collect();
        let classes: HashSet<_> = LOOKS.iter().map(|look| look.class).collect();
        assert_eq!((kinds.len(), classes.len()), (LOOKS.len(), LOOKS.len()));
    }

    #[test]
    fn an_unknown_kind_is_drawn_plainly() {
        assert_eq!(LOOKS[Look::of("quantum_computer")].kind, "other");
    }
}
