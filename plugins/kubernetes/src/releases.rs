//! The releases of Helm, and what they deploy.

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::document::Release;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::tree::Place;

use crate::labels::helm;
use crate::workload::Workload;

/// The most charts that a note names.
const MAX_NAMED: usize = 5;

/// The charts of a release: how many objects are of each.
type Charts<'a> = IndexMap<(&'a str, Option<String>), usize>;

/// The releases that deploy services. Of two with the same name the one in the second namespace has that in its name.
pub fn releases<'w, 'a: 'w>(
    services: impl Iterator<Item = &'w Workload<'a>>,
    notes: &mut Notes,
) -> IndexMap<String, Release> {
    let mut releases: IndexMap<String, Release> = IndexMap::new();
    let mut names: IndexMap<(&str, &str), (String, Place, Charts<'_>)> = IndexMap::new();
    for workload in services {
        let Some(own) = helm(workload.object) else { continue };
        if !own.is_named {
            let message =
                format!("`{}` does not say its release of Helm, which is called as its chart", workload.name());
            let place = workload.object.place;
            let help =
                Some("`helm template` and `kubectl get` say it, where the chart has the usual labels".to_owned());
            let note = Note { severity: Severity::Info, code: "helm-release", message, place, help, more: 0 };
            notes.add_of_kind(own.name, note);
        }
        let key = (own.name, workload.namespace());
        let (name, _, charts) = names.entry(key).or_insert_with(|| {
            let is_taken = releases.contains_key(own.name);
            let name = if is_taken { format!("{}.{}", own.name, key.1) } else { own.name.to_owned() };
            releases.insert(name.clone(), Release::default());
            (name, workload.object.place, Charts::new())
        });
        if let Some(release) = releases.get_mut(name) {
            release.services.push(workload.name().to_owned());
        }
        if let Some(chart) = own.chart {
            *charts.entry(chart).or_default() += 1;
        }
    }
    for (name, place, charts) in names.into_values() {
        let Some(release) = releases.get_mut(&name) else { continue };
        // Of the charts in a chart each object names its own: the one with the most objects, else the first.
        let most = charts.values().max().copied().unwrap_or_default();
        match charts.iter().find(|(_, count)| **count == most) {
            Some(((chart, version), _)) => {
                (*chart).clone_into(&mut release.chart);
                release.version.clone_from(version);
            }
            None => release.chart.clone_from(&name),
        }
        let all: IndexSet<&str> = charts.keys().map(|(chart, _)| *chart).collect();
        if all.len() > 1 {
            let message = format!(
                "the release `{name}` has objects of several charts, of which one is written, `{}`: {}",
                release.chart,
                listed(all.into_iter(), MAX_NAMED)
            );
            notes.add(
                Severity::Info,
                "helm-charts",
                place,
                message,
                "look whether it is the chart that holds the others",
            );
        }
    }
    releases
}
