//! Files of Helm that Helm has to render, and the command that does.

use spec_engine_evidence::foreign::{helm, helm_reader};
use spec_engine_evidence::tree::Node;

use crate::input::File;
use crate::object::text;
use crate::overlays::folder;

/// What to do about a template, a position in the list of files.
pub fn render(template: usize, files: &[File<'_>]) -> String {
    let of_name = || files[template].name.split_once("/templates/").map(|(chart, _)| chart);
    let chart = chart(&files[template].name, files).or_else(of_name);
    format!("render it first: `{} | spec-engine import kubernetes -`", helm(chart))
}

/// What a document is that is no object: a code for it, the words for it, and what reads it.
pub fn instead(node: &Node, file: &File<'_>, files: &[File<'_>]) -> (&'static str, &'static str, String) {
    let short = file.short_name().to_ascii_lowercase();
    let file = file.name.as_str();
    if short.contains("values") {
        let help = helm_reader(&format!("{} -f {file}", helm(chart(file, files))));
        return ("helm-values", "has values of Helm, which are no objects", help);
    }
    if matches!(short.as_str(), "chart.yaml" | "chart.yml") && text(node, "name").is_some() {
        let help = helm_reader(&helm(Some(folder(file))));
        return ("helm-chart", "describes a chart of Helm, which is no object", help);
    }
    if node.get("services").is_some() {
        let help = format!("`spec-engine import compose {file}` reads it");
        return ("compose", "is a compose file, which has no objects", help);
    }
    let help = "name manifests, or what `kubectl get -o json` writes";
    ("no-object", "has a document without `apiVersion` and `kind`, which is no object", help.to_owned())
}

/// The folder of the chart that a file is in, where that is among the files: the innermost.
fn chart<'f>(file: &str, files: &'f [File<'_>]) -> Option<&'f str> {
    let charts = files.iter().filter(|file| matches!(file.short_name(), "Chart.yaml" | "Chart.yml"));
    let around = charts.map(|chart| folder(&chart.name)).filter(|chart| {
        let rest = file.strip_prefix(chart);
        rest.is_some_and(|rest| chart.is_empty() || rest.starts_with(['/', '\\']))
    });
    around.max_by_key(|chart| chart.len())
}
