//! What each kind of node looks like.

use spec_engine_plugin::{Change, GROUP_KIND};

/// A Mermaid class, named after its kind, and a shape.
pub(crate) struct Look {
    /// The kind of the nodes, `other` for a kind that is not in the list.
    pub(crate) kind: &'static str,
    /// What stands before and after the text of a node.
    pub(crate) brackets: [&'static str; 2],
    /// The style of the class.
    pub(crate) style: &'static str,
}

impl Look {
    /// Finds the look of a kind, as a position in [`LOOKS`].
    pub(crate) fn of(kind: &str) -> usize {
        LOOKS.iter().position(|look| look.kind == kind).unwrap_or(LOOKS.len() - 1)
    }
}

/// All looks: the kinds of the catalogue, and last the one for any other kind.
///
/// Each states fill and font colour, so that it reads the same on a light and on a dark theme. The shapes are the old
/// ones in brackets, which every reader draws.
pub(crate) static LOOKS: [Look; 20] = [
    look("service", ["[\"", "\"]"], "fill:#E3EEFC,stroke:#2F6FBF,color:#12304F"),
    look("database", ["[(\"", "\")]"], "fill:#E1F3E6,stroke:#2E8B57,color:#123D26"),
    look("warehouse", ["[(\"", "\")]"], "fill:#D5EDEA,stroke:#1F7A72,color:#0E3A36"),
    look("cache", ["([\"", "\"])"], "fill:#FDE7E4,stroke:#C2473A,color:#541A14"),
    look("queue", [">\"", "\"]"], "fill:#FFF1D6,stroke:#C98A1B,color:#553A08"),
    look("topic", [">\"", "\"]"], "fill:#FBE8F2,stroke:#B3477F,color:#4D1B36"),
    look("stream", [">\"", "\"]"], "fill:#EAE6FA,stroke:#6A55C2,color:#2A2056"),
    look("storage", ["[(\"", "\")]"], "fill:#EEF2D8,stroke:#7A8B2A,color:#353D0F"),
    look("search", ["([\"", "\"])"], "fill:#FFF6C9,stroke:#A98F14,color:#453A05"),
    look("function", ["[\\\"", "\"\\]"], "fill:#FFE8D6,stroke:#CC6E24,color:#552B0A"),
    look("worker", ["[\\\"", "\"/]"], "fill:#FFE0CC,stroke:#B85C1E,color:#4D2408"),
    look("api", ["[[\"", "\"]]"], "fill:#DDF1F8,stroke:#2787A8,color:#0D3A4A"),
    look("secret", ["(((\"", "\")))"], "fill:#ECECEF,stroke:#6B6F7B,color:#2B2D33"),
    look("registry", ["[/\"", "\"\\]"], "fill:#E6EBF0,stroke:#566B80,color:#212C37"),
    look("ai_model", ["{{\"", "\"}}"], "fill:#F1E4FB,stroke:#8A45B8,color:#391A4F"),
    look("cdn", ["((\"", "\"))"], "fill:#E0F4FA,stroke:#3A93B0,color:#123D4B"),
    look("helm", ["[/\"", "\"/]"], "fill:#E4EAFB,stroke:#3F5FC0,color:#1A2856"),
    look("terraform", ["[/\"", "\"/]"], "fill:#EBE4FA,stroke:#6E4BC4,color:#2C1C55"),
    look(GROUP_KIND, ["[[\"", "\"]]"], "fill:#EEF0F4,stroke:#4B5563,color:#1F2937,stroke-width:3px"),
    look("other", ["(\"", "\")"], "fill:#F3F4F6,stroke:#7B818C,color:#2B2F36"),
];

/// What a node looks like by what became of it, in its shape: a colour and a line each, so that neither is needed alone.
pub(crate) fn changed_node(change: Change) -> &'static str {
    match change {
        Change::Added => "fill:#DAFBE1,stroke:#1A7F37,color:#0B3D1B,stroke-width:4px",
        Change::Removed => "fill:#FFEBE9,stroke:#CF222E,color:#6E0F18,stroke-width:2px,stroke-dasharray:8 4",
        Change::Changed => "fill:#FFF8C5,stroke:#9A6700,color:#4D3300,stroke-width:3px,stroke-dasharray:2 2",
        Change::Unchanged => "fill:#F6F8FA,stroke:#AFB8C1,color:#57606A,stroke-width:1px",
    }
}

/// What an edge looks like by what became of it.
pub(crate) fn changed_edge(change: Change) -> &'static str {
    match change {
        // The arrow of a deployment has a line of its own.
        Change::Added => "stroke:#1A7F37,color:#1A7F37,stroke-width:4px,stroke-dasharray:0",
        Change::Removed => "stroke:#CF222E,color:#CF222E,stroke-width:2px,stroke-dasharray:8 4",
        Change::Changed => "stroke:#9A6700,color:#9A6700,stroke-width:3px,stroke-dasharray:2 2",
        Change::Unchanged => "stroke:#AFB8C1,color:#6E7781,stroke-width:1px",
    }
}

const fn look(kind: &'static str, brackets: [&'static str; 2], style: &'static str) -> Look {
    Look { kind, brackets, style }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_kinds_look_alike() {
        let kinds: HashSet<_> = LOOKS.iter().map(|look| look.kind).collect();
        let styles: HashSet<_> = LOOKS.iter().map(|look| look.style).collect();
        assert_eq!((kinds.len(), styles.len()), (LOOKS.len(), LOOKS.len()));
    }

    #[test]
    fn an_unknown_kind_is_drawn_plainly() {
        assert_eq!(LOOKS[Look::of("quantum_computer")].kind, "other");
    }
}
