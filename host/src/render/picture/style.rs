//! The style sheet of a picture.
//!
//! Each colour is a CSS variable, with a light and a dark value; readers that know no variables get the light one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::font::FAMILIES;
use super::look::{Color, Look};
use super::options::Theme;
use super::plan::{BADGE_SIZE, CAPTION_SIZE, EDGE_SIZE, GROUP_SIZE, LABEL_SIZE, TITLE_SIZE};

const WHITE: Color = Color(0xff, 0xff, 0xff);
const DARK_PAGE: Color = Color(0x16, 0x1a, 0x21);

/// A colour by name: its value on a light and on a dark page.
struct Variable {
    name: String,
    light: Color,
    dark: Color,
}

/// The colours that do not depend on a kind: name, light, dark.
const COMMON: [(&str, Color, Color); 8] = [
    ("page", WHITE, DARK_PAGE),
    ("text", Color(0x1d, 0x24, 0x30), Color(0xe6, 0xe9, 0xef)),
    ("muted", Color(0x5f, 0x68, 0x76), Color(0x9d, 0xa7, 0xb5)),
    ("group", Color(0xf7, 0xf8, 0xfa), Color(0x1d, 0x22, 0x2b)),
    ("inner-group", Color(0xef, 0xf1, 0xf5), Color(0x25, 0x2b, 0x36)),
    ("group-line", Color(0xcb, 0xd1, 0xda), Color(0x3d, 0x46, 0x55)),
    ("line", Color(0x7d, 0x88, 0x98), Color(0x86, 0x91, 0xa2)),
    ("deploys", Color(0xa3, 0xa9, 0xcf), Color(0x68, 0x70, 0xa3)),
];

/// Writes the style sheet for pictures with the given kinds.
pub(super) fn sheet(kinds: &BTreeSet<&'static str>, theme: Theme) -> String {
    let variables = variables(kinds);
    let mut out = String::new();
    if theme != Theme::Dark {
        declare(&mut out, ".spec-picture", &variables, |variable| variable.light);
    }
    match theme {
        Theme::Light => {}
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
    rules(&mut out, kinds, |property, name| format!("{property}:{};{property}:var(--{name})", color(name)));
    out
}

/// Writes the style sheet with plain colours, for a reader that knows no variables.
pub(super) fn plain_sheet(kinds: &BTreeSet<&'static str>, theme: Theme) -> String {
    let variables = variables(kinds);
    let mut out = String::new();
    rules(&mut out, kinds, |property, name| {
        let variable =
            variables.iter().find(|variable| variable.name == name).expect("a rule uses a colour that is there");
        format!("{property}:{}", if theme == Theme::Dark { variable.dark } else { variable.light })
    });
    out
}

fn variables(kinds: &BTreeSet<&'static str>) -> Vec<Variable> {
    let common = COMMON.iter().map(|&(name, light, dark)| Variable { name: name.to_owned(), light, dark });
    let kinds = kinds.iter().flat_map(|kind| {
        let look = Look::of(kind);
        [
            Variable { name: format!("{kind}-line"), light: look.stroke, dark: look.stroke.mix(WHITE, 25) },
            Variable { name: format!("{kind}-fill"), light: look.fill, dark: DARK_PAGE.mix(look.stroke, 28) },
        ]
    });
    common.chain(kinds).collect()
}

fn declare(out: &mut String, selector: &str, variables: &[Variable], value: impl Fn(&Variable) -> Color) {
    let _ = write!(out, "{selector}{{");
    for variable in variables {
        let _ = write!(out, "--{}:{};", variable.name, value(variable));
    }
    out.push_str("}\n");
}

/// Writes the rules; `color` makes a declaration of a property and the name of a colour.
fn rules(out: &mut String, kinds: &BTreeSet<&'static str>, color: impl Fn(&str, &str) -> String) {
    let mut rule = |selector: &str, declarations: &[String]| {
        let _ = writeln!(out, "{selector}{{{}}}", declarations.join(";"));
    };
    let text = |size: f64, weight: u32| format!("font-size:{size}px;font-weight:{weight}");
    rule(".spec-picture text", &[format!("font-family:{FAMILIES}"), color("fill", "text")]);
    rule(".spec-picture .page", &[color("fill", "page")]);
    rule(".spec-picture .heading", &[text(TITLE_SIZE, 700)]);
    rule(".spec-picture .group .box", &[color("fill", "group"), color("stroke", "group-line")]);
    rule(".spec-picture .inner .box", &[color("fill", "inner-group")]);
    rule(".spec-picture .group text", &[text(GROUP_SIZE, 700), color("fill", "muted")]);
    rule(".spec-picture .line", &["fill:none;stroke-width:1.4".to_owned(), color("stroke", "line")]);
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
    for kind in kinds {
        let (line, fill) = (format!("{kind}-line"), format!("{kind}-fill"));
        rule(&format!(".spec-picture .k-{kind} .shape"), &[color("fill", &fill), color("stroke", &line)]);
        rule(&format!(".spec-picture .k-{kind} .detail"), &[color("stroke", &line)]);
        rule(&format!(".spec-picture .b-{kind} rect"), &[color("fill", &line)]);
    }
    if kinds.contains("other") {
        rule(".spec-picture .k-other .shape", &["stroke-dasharray:4 3".to_owned()]);
    }
}
