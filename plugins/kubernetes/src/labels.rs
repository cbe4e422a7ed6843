//! What labels and annotations say: who owns a workload, what deploys it, what it is.

use spec_engine_evidence::tree::Node;

use crate::object::{Object, inner, text};
use crate::workload::Workload;

/// Keys of owners, the surest first.
const OWNERS: [&str; 6] =
    ["app.kubernetes.io/team", "team", "owner", "app.kubernetes.io/owner", "backstage.io/owner", "backstage.io/team"];

/// The key of the application that something is a part of: its owner where nothing else is said.
const PART_OF: &str = "app.kubernetes.io/part-of";

/// A release of Helm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helm<'a> {
    /// The release, or the chart where the object does not say its release.
    pub name: &'a str,
    /// Whether it says its release.
    pub is_named: bool,
    /// The chart, and its version.
    pub chart: Option<(&'a str, Option<String>)>,
}

/// The owner of a workload, by its labels and annotations, then by those of its pods.
pub fn owner<'a>(workload: &Workload<'a>) -> Option<&'a str> {
    let object = workload.object;
    let template = object.spec().and_then(|spec| inner(spec, &["template", "metadata"]));
    let places: Vec<&Node> = [object.node.get("metadata"), template]
        .into_iter()
        .flatten()
        .flat_map(|metadata| ["labels", "annotations"].into_iter().filter_map(|field| metadata.get(field)))
        .collect();
    let exact = |key: &str| places.iter().find_map(|place| text(place, key));
    // `example.com/team` is what a company has for it.
    let ending = || {
        let pairs = places.iter().flat_map(|place| place.pairs());
        let mut owners = pairs.filter(|pair| pair.key.ends_with("/team") || pair.key.ends_with("/owner"));
        owners.find_map(|pair| pair.value.text().map(str::trim).filter(|text| !text.is_empty()))
    };
    OWNERS.into_iter().find_map(exact).or_else(ending).or_else(|| exact(PART_OF))
}

/// The release of Helm that an object is of.
pub fn helm(object: &Object) -> Option<Helm<'_>> {
    let by_helm = object.label("app.kubernetes.io/managed-by").is_some_and(|by| by.eq_ignore_ascii_case("helm"));
    let instance = || object.label("app.kubernetes.io/instance").filter(|_| by_helm);
    let old = || object.label("release").filter(|_| matches!(object.label("heritage"), Some("Helm" | "Tiller")));
    let release = object.annotation("meta.helm.sh/release-name").or_else(instance).or_else(old);
    let chart = object.label("helm.sh/chart").or_else(|| object.label("chart").filter(|_| release.is_some()));
    let chart = chart.map(chart_version);
    let name = release.or_else(|| chart.as_ref().map(|(name, _)| *name))?;
    Some(Helm { name, is_named: release.is_some(), chart })
}

/// Takes the version from the end of `name-1.2.3`; labels have `_` where a version has `+`.
fn chart_version(text: &str) -> (&str, Option<String>) {
    let starts = text.match_indices('-').filter(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('v');
        rest.starts_with(|first: char| first.is_ascii_digit())
    });
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    // `redis-7-1.2.3`: a version has dots.
    let is_dotted = |at: &&usize| text[**at + 1..].split('-').next().is_some_and(|first| first.contains('.'));
    match starts.iter().find(is_dotted).or(starts.first()) {
        Some(&at) => (&text[..at], Some(text[at + 1..].replace('_', "+"))),
        None => (text, None),
    }
}

/// Whether Helm runs an object for a moment only: before it installs, to test.
pub fn is_hook(object: &Object) -> bool {
    object.annotation("helm.sh/hook").is_some_and(|hook| hook != "crd-install")
}

/// The description of a workload.
pub fn description<'a>(workload: &Workload<'a>) -> Option<&'a str> {
    let keys = ["kubernetes.io/description", "description", "org.opencontainers.image.description"];
    keys.into_iter().find_map(|key| workload.object.annotation(key)).filter(|text| !text.contains("://"))
}

/// The URL of the source of a workload.
pub fn repo<'a>(workload: &Workload<'a>) -> Option<&'a str> {
    let keys = ["org.opencontainers.image.source", "app.kubernetes.io/repository", "backstage.io/source-location"];
    let url = keys.into_iter().find_map(|key| workload.object.annotation(key))?;
    let url = url.strip_prefix("url:").unwrap_or(url);
    let url = Some(url).filter(|url| url.starts_with("http") && !url.contains('@'))?;
    url.split(['?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::chart_version;

    #[test]
    fn versions_are_taken_from_charts() {
        for (text, name, version) in [
            ("onlineboutique-0.10.3", "onlineboutique", Some("0.10.3")),
            ("kube-prometheus-stack-45.0.0-rc.1", "kube-prometheus-stack", Some("45.0.0-rc.1")),
            ("redis-7-1.2.3_build.4", "redis-7", Some("1.2.3+build.4")),
            ("web-v2.0.0", "web", Some("v2.0.0")),
            ("web-2", "web", Some("2")),
            ("web-app", "web-app", None),
        ] {
            assert_eq!(chart_version(text), (name, version.map(str::to_owned)), "{text}");
        }
    }
}
