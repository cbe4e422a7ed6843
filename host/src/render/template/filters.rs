//! What a template can call beside Tera's own: filters that quote for a target, and a few that look things up.

mod identifier;
mod lookup;
mod markdown;
mod targets;

use tera::Tera;

pub(super) use targets::{GRAPH_TEXT, dropped, escape_xml, graph_text};

/// Makes every filter and function known to Tera.
pub(super) fn register(tera: &mut Tera) {
    targets::register(tera);
    markdown::register(tera);
    lookup::register(tera);
    identifier::register(tera);
}
