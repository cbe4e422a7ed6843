//! The style sheet of a picture.
//!
//! Each colour is a CSS variable, with a light and a dark value; readers that know no variables get the light one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::look::{Color, Look};
use super::options::Theme;
use super::palette::Palette;
use super::plan::{BADGE_SIZE, CAPTION_SIZE, EDGE_SIZE, GROUP_SIZE, LABEL_SIZE, TITLE_SIZE};
use crate::graph::Change;

const WHITE: Color = Color(0xff, 0xff, 0xff);
const DARK_PAGE: Color = Color(0x16, 0x1a, 0x21);

/// A colour by name: its value on a light and on a dark page.
struct Variable {
    name: String,
    light: Color,
    dark: Color,
}

/// Of every kind, and of all lines, in a picture for print.
const INK: Color = Color(0x22, 0x22, 0x22);
/// Of what is less important, in a picture for print.
const PRINTED_GREY: Color = Color(0x59, 0x59, 0x59);

/// The names of the colours that do not depend on a kind and that a user can set.
pub(super) const COMMON_NAMES: [&str; 7] = ["page", "text", "muted", "frame", "frame-line", "line", "deploys"];

/// The colours that do not depend on a kind: name, light, dark.
const COMMON: [(&str, Color, Color); 8] = [
    ("page", WHITE, DARK_PAGE),
    ("text", Color(0x1d, 0x24, 0x30), Color(0xe6, 0xe9, 0xef)),
    ("muted", Color(0x5f, 0x68, 0x76), Color(0x9d, 0xa7, 0xb5)),
    ("frame", Color(0xf7, 0xf8, 0xfa), Color(0x1d, 0x22, 0x2b)),
    ("inner-frame", Color(0xef, 0xf1, 0xf5), Color(0x25, 0x2b, 0x36)),
    ("frame-line", Color(0x83, 0x8a, 0x95), Color(0x6f, 0x76, 0x84)),
    ("line", Color(0x7d, 0x88, 0x98), Color(0x86, 0x91, 0xa2)),
    ("deploys", Color(0x7d, 0x84, 0xb4), Color(0x76, 0x7e, 0xb4)),
];

/// The colours and lines of a change, over those of a kind: each has both, so that neither is needed alone.
struct ChangeLook {
    name: &'static str,
    /// The border and the line, on a light and on a dark page.
    line: (Color, Color),
    /// The inside of a node on a light page.
    fill: Color,
    width: f64,
    dashes: &'static str,
}

const CHANGES: [ChangeLook; 4] = [
    ChangeLook {
        name: "added",
        line: (Color(0x1a, 0x7f, 0x37), Color(0x3f, 0xb9, 0x50)),
        fill: Color(0xda, 0xfb, 0xe1),
        width: 3.0,
        dashes: "none",
    },
    ChangeLook {
        name: "removed",
        line: (Color(0xcf, 0x22, 0x2e), Color(0xf8, 0x51, 0x49)),
        fill: Color(0xff, 0xeb, 0xe9),
        width: 1.8,
        dashes: "8 5",
    },
    ChangeLook {
        name: "changed",
        line: (Color(0x9a, 0x67, 0x00), Color(0xd2, 0x99, 0x22)),
        fill: Color(0xff, 0xf8, 0xc5),
        width: 2.4,
        dashes: "2 3",
    },
    ChangeLook {
        name: "unchanged",
        line: (Color(0x7d, 0x87, 0x92), Color(0x78, 0x82, 0x8e)),
        fill: Color(0xf6, 0xf8, 0xfa),
        width: 1.0,
        dashes: "none",
    },
];

/// The class of a line that stands for so many edges, with a space before it.
pub(super) fn weight_class(count: u32) -> &'static str {
    match count {
        0 | 1 => "",
        2..=4 => " w2",
        5..=14 => " w3",
        _ => " w4",
    }
}

/// The class of a change in a drawing of two versions, with a space before it.
pub(super) fn change_class(change: Option<Change>) -> &'static str {
    match change {
        Some(Change::Added) => " c-added",
        Some(Change::Removed) => " c-removed",
        Some(Change::Changed) => " c-changed",
        None => " c-unchanged",
    }
}

/// What a style sheet depends on.
pub(super) struct Theming<'a> {
    /// The kinds of the nodes.
    pub(super) kinds: BTreeSet<&'static str>,
    pub(super) theme: Theme,
    /// The user's colours.
    pub(super) palette: &'a Palette,
    /// The families of the fonts.
    pub(super) families: &'a str,
    /// Whether the drawing shows changes.
    pub(super) has_changes: bool,
}

/// Writes the style sheet of a drawing.
pub(super) fn sheet(look: &Theming<'_>) -> String {
    let (variables, theme) = (variables(look), look.theme);
    let mut out = String::new();
    if theme != Theme::Dark {
        declare(&mut out, ".spec-picture", &variables, |variable| variable.light);
    }
    match theme {
        Theme::Light | Theme::Print => {}
        Theme::Dark => declare(&mut out, ".spec-picture", &variables, |variable| variable.dark),
        Theme::Auto => {
            out.push_str("@media (prefers-color-scheme:dark){\n");
            declare(&mut out, ".spec-picture:not([data-theme=light])", &variables, |variable| variable.dark);
            out.push_str("}\n");
            declare(&mut out, ".spec-picture[data-theme=dark]", &variables, |variable| variable.dark);
        }
    }
    let color = |name: &str| {
        let variable =
            variables.iter().find(|variable| variable.name == name).expect("a rule uses a colour that is there");
        if theme == Theme::Dark { variable.dark } else { variable.light }
    };
    rules(&mut out, look, |property, name| format!("{property}:{};{property}:var(--{name})", color(name)));
    out
}

/// Writes the style sheet with plain colours, for a reader that knows no variables.
pub(super) fn plain_sheet(look: &Theming<'_>) -> String {
    let (variables, theme) = (variables(look), look.theme);
    let mut out = String::new();
    rules(&mut out, look, |property, name| {
        let variable =
            variables.iter().find(|variable| variable.name == name).expect("a rule uses a colour that is there");
        format!("{property}:{}", if theme == Theme::Dark { variable.dark } else { variable.light })
    });
    // Beside the font that ships, the system may have the same family in its usual width.
    out.push_str(".spec-picture text{font-stretch:condensed}\n");
    out
}

fn variables(look: &Theming<'_>) -> Vec<Variable> {
    let own = |name: &str| look.palette.get(name);
    let common = COMMON.iter().map(|&(name, light, dark)| {
        let (light, dark) = match (own(name), look.theme) {
            // A picture that follows the reader keeps its dark colours: the user's are for one page.
            (Some(color), Theme::Auto) => (color, dark),
            (Some(color), _) => (color, color),
            (None, Theme::Print) => (printed(name, light), dark),
            (None, _) => (light, dark),
        };
        Variable { name: name.to_owned(), light, dark }
    });
    let kinds = look.kinds.iter().flat_map(|kind| {
        let usual = Look::of(kind);
        let (stroke, fill) = match (own(kind), look.theme) {
            (Some(color), _) => (color, color.mix(WHITE, 88)),
            (None, Theme::Print) => (INK, WHITE),
            (None, _) => (usual.stroke, usual.fill),
        };
        [
            Variable { name: format!("{kind}-line"), light: stroke, dark: stroke.mix(WHITE, 25) },
            Variable { name: format!("{kind}-fill"), light: fill, dark: DARK_PAGE.mix(stroke, 28) },
        ]
    });
    let changes = CHANGES.iter().filter(|_| look.has_changes).flat_map(|change| {
        let (light, dark) = change.line;
        [
            Variable { name: format!("{}-line", change.name), light, dark },
            Variable { name: format!("{}-fill", change.name), light: change.fill, dark: DARK_PAGE.mix(dark, 22) },
        ]
    });
    common.chain(kinds).chain(changes).collect()
}

/// A colour of a light page, in print.
fn printed(name: &str, light: Color) -> Color {
    match name {
        "text" | "line" => INK,
        "muted" | "deploys" | "frame-line" => PRINTED_GREY,
        _ => light,
    }
}

fn declare(out: &mut String, selector: &str, variables: &[Variable], value: impl Fn(&Variable) -> Color) {
    let _ = write!(out, "{selector}{{");
    for variable in variables {
        let _ = write!(out, "--{}:{};", variable.name, value(variable));
    }
    out.push_str("}\n");
}

/// Writes the rules; `color` makes a declaration of a property and the name of a colour.
fn rules(out: &mut String, look: &Theming<'_>, color: impl Fn(&str, &str) -> String) {
    let kinds = &look.kinds;
    let mut rule = |selector: &str, declarations: &[String]| {
        let _ = writeln!(out, "{selector}{{{}}}", declarations.join(";"));
    };
    let text = |size: f64, weight: u32| format!("font-size:{size}px;font-weight:{weight}");
    rule(".spec-picture text", &[format!("font-family:{}", look.families), color("fill", "text")]);
    rule(".spec-picture .page", &[color("fill", "page")]);
    rule(".spec-picture .heading", &[text(TITLE_SIZE, 700)]);
    rule(".spec-picture .group .box", &[color("fill", "frame"), color("stroke", "frame-line")]);
    rule(".spec-picture .inner .box", &[color("fill", "inner-frame")]);
    rule(".spec-picture .group text", &[text(GROUP_SIZE, 700), color("fill", "muted")]);
    rule(".spec-picture .line", &["fill:none;stroke-width:1.4".to_owned(), color("stroke", "line")]);
    for (class, width) in [("w2", 2.0), ("w3", 3.0), ("w4", 4.2)] {
        rule(&format!(".spec-picture .{class} .line"), &[format!("stroke-width:{width}")]);
    }
    rule(".spec-picture .arrow", &[color("fill", "line")]);
    rule(".spec-picture .deploys .line", &["stroke-dasharray:4 3".to_owned(), color("stroke", "deploys")]);
    rule(".spec-picture .deploys .arrow", &[color("fill", "deploys")]);
    rule(".spec-picture .label rect", &["opacity:.88".to_owned(), color("fill", "page")]);
    rule(".spec-picture .label text", &[text(EDGE_SIZE, 400), color("fill", "muted")]);
    rule(".spec-picture .node .name", &[text(LABEL_SIZE, 400)]);
    rule(".spec-picture .caption", &[text(CAPTION_SIZE, 400), color("fill", "muted")]);
    rule(".spec-picture .badge text", &[text(BADGE_SIZE, 700), color("fill", "page")]);
    rule(".spec-picture .shape", &["stroke-width:1.4".to_owned()]);
    rule(".spec-picture .detail", &["fill:none;stroke-width:1.2".to_owned()]);
    rule(".spec-picture .icon", &["fill:none;stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round".to_owned()]);
    rule(".spec-picture .block rect", &[color("fill", "frame"), color("stroke", "frame-line")]);
    rule(".spec-picture .block .value", &[text(CAPTION_SIZE, 700)]);
    rule(".spec-picture a", &["text-decoration:none".to_owned()]);
    for kind in kinds {
        let (line, fill) = (format!("{kind}-line"), format!("{kind}-fill"));
        rule(&format!(".spec-picture .k-{kind} .shape"), &[color("fill", &fill), color("stroke", &line)]);
        rule(&format!(".spec-picture .k-{kind} .detail"), &[color("stroke", &line)]);
        rule(&format!(".spec-picture .k-{kind} .icon"), &[color("stroke", &line)]);
        rule(&format!(".spec-picture .b-{kind} rect"), &[color("fill", &line)]);
    }
    if kinds.contains("other") {
        rule(".spec-picture .k-other .shape", &["stroke-dasharray:4 3".to_owned()]);
    }
    for change in CHANGES.iter().filter(|_| look.has_changes) {
        let ChangeLook { name, width, dashes, .. } = change;
        let (line, fill) = (format!("{name}-line"), format!("{name}-fill"));
        let stroke = format!("stroke-width:{width};stroke-dasharray:{dashes}");
        rule(
            &format!(".spec-picture .c-{name} .shape"),
            &[color("fill", &fill), color("stroke", &line), stroke.clone()],
        );
        rule(&format!(".spec-picture .c-{name} .detail"), &[color("stroke", &line)]);
        rule(&format!(".spec-picture .c-{name} .line"), &[color("stroke", &line), stroke]);
        rule(&format!(".spec-picture .c-{name} .arrow"), &[color("fill", &line)]);
        rule(&format!(".spec-picture .c-{name} .label text"), &[color("fill", &line)]);
        rule(&format!(".spec-picture .badge.c-{name} rect"), &[color("fill", &line)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colours, 1 to 21.
    ///
    /// Source: <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
    fn contrast(a: Color, b: Color) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance =
            |Color(red, green, blue): Color| 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// What is drawn on what, with the contrast that people need (WCAG 2.2: 4.5 for text, 3 for lines).
    fn pairs(kinds: &BTreeSet<&'static str>) -> Vec<(String, String, f64)> {
        let pair = |front: &str, back: &str, least| (front.to_owned(), back.to_owned(), least);
        let mut pairs = vec![pair("text", "page", 4.5)];
        for back in ["page", "frame", "inner-frame"] {
            pairs.push(pair("muted", back, 4.5));
            for line in ["line", "deploys", "frame-line"] {
                pairs.push(pair(line, back, 3.0));
            }
        }
        let changes = CHANGES.iter().map(|change| change.name);
        for kind in kinds.iter().copied().chain(changes) {
            let (line, fill) = (format!("{kind}-line"), format!("{kind}-fill"));
            pairs.extend([pair("text", &fill, 4.5), pair("muted", &fill, 4.5), pair(&line, "page", 3.0)]);
            pairs.push(pair(&line, "inner-frame", 3.0));
            if kinds.contains(kind) {
                // The text of a badge.
                pairs.push(pair("page", &line, 4.5));
            }
        }
        pairs
    }

    #[test]
    fn everything_can_be_told_from_what_it_is_drawn_on() {
        let kinds: BTreeSet<&'static str> = Look::all().map(|look| look.kind).collect();
        for theme in [Theme::Auto, Theme::Print] {
            let palette = Palette::default();
            let theming = Theming { kinds: kinds.clone(), theme, palette: &palette, families: "", has_changes: true };
            let variables = variables(&theming);
            let find = |name: &str| variables.iter().find(|variable| variable.name == name).unwrap();
            for (front, back, least) in pairs(&kinds) {
                let (front, back) = (find(&front), find(&back));
                for (page, contrast) in
                    [("light", contrast(front.light, back.light)), ("dark", contrast(front.dark, back.dark))]
                {
                    // Nobody prints a dark page.
                    let is_used = theme != Theme::Print || page == "light";
                    let names = (&front.name, &back.name);
                    assert!(!is_used || contrast >= least, "{names:?} ({theme:?}, {page}): {contrast:.2}, not {least}");
                }
            }
        }
    }
}
