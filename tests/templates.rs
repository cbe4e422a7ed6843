//! Templates: those that ship, their mistakes and their limits.

#[cfg(target_os = "linux")]
mod attacks;
mod dot;
mod faults;
mod folder;
mod hints;
mod hostile;
mod limits;
mod questions;
mod readme;
mod shipped;
mod sidecar;

use std::path::{Path, PathBuf};

use serde_json::Value;
use spec_engine::graph::{Graph, ViewOptions};
use spec_engine::model::System;
use spec_engine::plugin::{PluginError, TemplateError};
use spec_engine::render::template::{SHIPPED, Source, Template};
use spec_engine::render::{Embeds, RenderContext, Renderer};

/// The path of a file of the package.
fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(name: &str) -> System {
    serde_json::from_str(&read(&path(&format!("examples/{name}.json")))).unwrap()
}

fn shipped(name: &str) -> Template {
    let shipped = SHIPPED.iter().find(|shipped| shipped.file_name.starts_with(&format!("{name}.")));
    shipped.unwrap().template().unwrap()
}

/// Makes a template `test.md.tera` that stands alone.
fn template(source: &str) -> Result<Template, TemplateError> {
    Template::from_source("test.md.tera", source, None, &[])
}

/// The options of a renderer with their defaults.
fn defaults(renderer: &dyn Renderer) -> Value {
    let properties = renderer.description().options["properties"].as_object().unwrap().clone();
    properties
        .into_iter()
        .map(|(key, schema)| (key, schema["default"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Renders the usual view of a system, with the default options and a diagram that says `diagram`.
fn render(template: &Template, system: &System) -> Result<String, PluginError> {
    let graph = Graph::of(system).view(&ViewOptions::default());
    let embeds = Embeds::from(["mermaid", "svg"].map(|name| (name.to_owned(), "diagram\n".to_owned())));
    let output = template.render(&RenderContext {
        graph: &graph,
        options: &defaults(template),
        embeds: &embeds,
        layouts: &[],
        findings: &[],
    })?;
    let [artifact] = <[_; 1]>::try_from(output.artifacts).unwrap();
    Ok(String::from_utf8(artifact.content).unwrap())
}

/// Reads every file of a folder whose name ends so, by name.
fn folder(relative: &str, ending: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(path(relative)).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, _)| name.ends_with(ending))
        .map(|(name, path)| (name, read(&path)))
        .collect();
    files.sort();
    files
}

fn sources(files: &[(String, String)]) -> Vec<Source<'_>> {
    files.iter().map(|(file_name, text)| Source { file_name, text }).collect()
}
