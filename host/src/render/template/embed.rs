//! The output of one renderer inside that of another: a diagram in a page.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::graph::Graph;
use crate::render::{Description, Output, PluginError, Renderer};

/// The text that each embedded renderer made, by its name.
pub type Embeds = BTreeMap<String, String>;

/// Renders, after every renderer whose output this one embeds.
///
/// `find` finds a renderer by its name, with the options to run it with, which [`embedded_settings`] gives.
///
/// # Errors
/// When one of them fails, is not found, embeds others itself, or makes anything but one file of text.
pub fn render_with_embeds<'r>(
    renderer: &dyn Renderer,
    graph: &Graph<'_>,
    options: &Value,
    find: impl Fn(&str) -> Result<(&'r dyn Renderer, Value), PluginError>,
) -> Result<Output, PluginError> {
    let own = &renderer.description().name;
    let mut embeds = Embeds::new();
    let mut diagnostics = Vec::new();
    for name in renderer.embeds() {
        let of_embedded =
            |error: PluginError| PluginError { message: format!("{own} embeds `{name}`: {}", error.message), ..error };
        let (embedded, options) = find(name).map_err(of_embedded)?;
        if !embedded.embeds().is_empty() {
            return Err(failure(
                format!("{own} embeds `{name}`, which embeds others itself"),
                "a renderer that embeds cannot be embedded",
            ));
        }
        let output = embedded.render(graph, &options).map_err(of_embedded)?;
        let text = match <[_; 1]>::try_from(output.artifacts) {
            Ok([artifact]) => String::from_utf8(artifact.content).ok(),
            Err(_none_or_many) => None,
        };
        let Some(text) = text else {
            return Err(failure(
                format!("{own} embeds `{name}`, which did not make one file of text"),
                "only such output can be embedded",
            ));
        };
        embeds.insert(name.clone(), text);
        diagnostics.extend(output.diagnostics);
    }
    let mut output = renderer.render_embedding(graph, options, &embeds)?;
    diagnostics.append(&mut output.diagnostics);
    Ok(Output { diagnostics, ..output })
}

/// Returns what an embedded renderer is told: the options that the renderer around it has, too, as they are set there.
pub fn embedded_settings(outer: &Value, embedded: &Description) -> Vec<(String, Value)> {
    let is_shared = |name: &str| embedded.options["properties"].get(name).is_some();
    let outer = outer.as_object().into_iter().flatten().filter(|(name, _)| is_shared(name));
    outer.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn failure(message: String, help: &str) -> PluginError {
    PluginError { message, details: None, help: Some(help.to_owned()) }
}
