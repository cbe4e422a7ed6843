//! What there is to tell of files that the format has no field for, and of what the files do not say.

use std::collections::HashSet;

use indexmap::IndexMap;
use spec_engine_evidence::connections::Link;
use spec_engine_evidence::document::Deployments;
use spec_engine_evidence::image::Image;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::tree::Place;

use crate::describe::shape;
use crate::index::{Index, Thing};
use crate::input::Options;
use crate::links::Links;
use crate::markers::{NO_IMAGE, NO_SOURCE, UNBOUND};
use crate::nodes::Resources;
use crate::shapes::{Other, Role};
use crate::stack::Reading;
use crate::uses::Uses;
use crate::workload::Workload;

/// The most names that a note lists.
const MAX_NAMED: usize = 10;

/// The most types that a note lists.
const MAX_TYPES: usize = 20;

/// Tells of what was read: types without a kind, sensitive values, plans, modules.
pub fn of_reading(reading: &Reading, deployments: &Deployments, notes: &mut Notes) {
    let place = reading.stacks.first().map_or(Place::start(0), |stack| stack.place);
    if let Some(message) = without_kind(reading) {
        notes.add(Severity::Info, "no-kind", place, message, "nothing has to be done");
    }
    let hidden: usize = reading.resources.iter().map(|own| own.hidden).sum();
    if hidden > 0 {
        let message = format!("{hidden} values are marked as sensitive, and were not read");
        notes.add(Severity::Info, "sensitive", place, message, "add by hand what follows from them");
    }
    for stack in reading.stacks.iter().filter(|stack| stack.is_plan) {
        let changes = stack.changes;
        if changes.created + changes.updated + changes.replaced + changes.deleted > 0 {
            let message = format!(
                "the document is what will be once the plan is applied: {} created, {} changed, {} replaced, {} destroyed",
                changes.created, changes.updated, changes.replaced, changes.deleted
            );
            notes.add(Severity::Info, "plan", stack.place, message, "name a state for what is there now");
        }
    }
    let unknown: Vec<&str> = deployments
        .terraform
        .iter()
        .filter(|(_, module)| module.source.is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    if !unknown.is_empty() {
        let message =
            format!("a state does not say where modules come from: {}", listed(unknown.into_iter(), MAX_NAMED));
        let help = format!("name a plan, too, `terraform show -json PLAN`; without one `{NO_SOURCE}` stands for it");
        notes.add(Severity::Info, "module-source", place, message, help);
    }
}

/// The types that the document has nothing of, with how many resources are of each.
fn without_kind(reading: &Reading) -> Option<String> {
    let mut types: IndexMap<&str, usize> = reading.others.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    for own in &reading.resources {
        let is_none = match &own.row.role {
            Role::Link(_) => true,
            Role::Other(other) => !matches!(other, Other::EcsService | Other::Helm | Other::Network),
            Role::Engine(_) => shape(own).is_none(),
            Role::Resource(_) | Role::Workload(_) | Role::Part(_) => false,
        };
        if is_none {
            *types.entry(own.row.name).or_default() += 1;
        }
    }
    let all: usize = types.values().sum();
    let are = if all == 1 { "resource is of a type that is" } else { "resources are of types that are" };
    (all > 0).then(|| format!("{all} {are} no kind of the format: {}", counted(types)))
}

/// Types as a sentence lists them, those with the most resources first.
fn counted(mut types: IndexMap<&str, usize>) -> String {
    types.sort_by(|first, count, second, other| other.cmp(count).then(first.cmp(second)));
    let shown: Vec<String> = types.iter().take(MAX_TYPES).map(|(kind, count)| format!("{count} {kind}")).collect();
    let more = types.len().saturating_sub(MAX_TYPES);
    let more = if more > 0 { format!(" and {more} more types") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Tells of parts whose wholes are not in the files: the queue of a namespace.
pub fn of_parts(reading: &Reading, index: &Index<'_>, notes: &mut Notes) {
    let mut types: IndexMap<&str, usize> = IndexMap::new();
    let mut first = None;
    for (position, own) in reading.resources.iter().enumerate() {
        if matches!(own.row.role, Role::Part(_)) && index.of(position).is_none() {
            first.get_or_insert(own.place);
            *types.entry(own.row.name).or_default() += 1;
        }
    }
    let Some(place) = first else { return };
    let all: usize = types.values().sum();
    let are = if all == 1 { "resource is a part of one that is" } else { "resources are parts of some that are" };
    let message = format!("{all} {are} not in the files: {}", counted(types));
    notes.add(Severity::Info, "lone-part", place, message, "name the state that has what they are parts of, too");
}

/// Tells that the files have nothing that the format has.
pub fn nothing(reading: &Reading, notes: &mut Notes) {
    let place = reading.stacks.first().map_or(Place::start(0), |stack| stack.place);
    let message = "the files have no service and no resource of a kind of the format".to_owned();
    notes.add(Severity::Error, "no-resources", place, message, "name the states and plans that have, too");
}

/// Tells of images and containers of workloads.
pub fn of_workloads(workloads: &[Workload], notes: &mut Notes) {
    let none: Vec<&Workload> = workloads.iter().filter(|own| own.has_no_image()).collect();
    if let Some(first) = none.first() {
        let names = listed(none.iter().map(|own| own.name()), MAX_NAMED);
        let message = format!("the files say no image for these: {names}");
        let help =
            format!("write it where there is one, `{NO_IMAGE}` stands for it: a function from an archive has none");
        notes.add(Severity::Info, "no-image", first.place, message, help);
    }
    for workload in workloads {
        let Some(main) = workload.main else { continue };
        let given = &workload.containers[main].image;
        if !given.is_empty() && !Image::is_valid(given) {
            let message = format!("the image of `{}` is not a valid reference", workload.name);
            notes.add(
                Severity::Warning,
                "bad-image",
                workload.place,
                message,
                "write `name:tag`, the name in small letters",
            );
        }
        let others = workload.containers.iter().enumerate().filter(|(at, _)| *at != main).map(|(_, own)| own);
        let (sidecars, second): (Vec<_>, Vec<_>) = others.partition(|own| own.is_sidecar);
        for (code, all, what) in [
            ("sidecar", sidecars, "has a container that only serves it"),
            ("second-container", second, "has another container beside the one that is written"),
        ] {
            if !all.is_empty() {
                let names = listed(all.iter().map(|own| own.name.as_str()), MAX_NAMED);
                let message = format!("`{}` {what}, which is no service of its own: {names}", workload.name);
                let note = Note {
                    severity: Severity::Info,
                    code,
                    message,
                    place: workload.place,
                    help: Some("nothing has to be done".to_owned()),
                    more: 0,
                };
                notes.add_of_kind("", note);
            }
        }
    }
}

/// Tells of resources that call others, which the format has no edge for.
pub fn of_pushes(events: &Links, resources: &Resources, workloads: &[Workload], reading: &Reading, notes: &mut Notes) {
    let Some((first, _)) = events.pushes.first() else { return };
    let one = |(from, to): &(usize, Thing)| {
        let to = match to {
            Thing::Resource(at) => resources.all[*at].id(),
            Thing::Workload(at) => format!("svc:{}", workloads[*at].name),
        };
        format!("{} -> {to}", resources.all[*from].id())
    };
    let all: Vec<String> = events.pushes.iter().map(one).collect();
    let names = listed(all.iter().map(String::as_str), MAX_NAMED);
    let message = format!("resources call these, and a connection of the format starts at a service: {names}");
    let place = reading.resources[resources.all[*first].sources[0]].place;
    notes.add(Severity::Info, "resource-edge", place, message, "nothing has to be done");
}

/// Tells of resources that no service uses.
pub fn of_unbound(rest: &[usize], resources: &Resources, reading: &Reading, options: &Options, notes: &mut Notes) {
    let Some(&first) = rest.first() else { return };
    let place = reading.resources[resources.all[first].sources[0]].place;
    let all: Vec<String> = rest.iter().map(|&at| resources.all[at].id()).collect();
    let names = listed(all.iter().map(String::as_str), MAX_NAMED);
    let (count, are) = (rest.len(), if rest.len() == 1 { "resource is" } else { "resources are" });
    match &options.service {
        Some(service) => {
            let message =
                format!("{count} {are} put under `{service}`, since no service of the files uses them: {names}");
            notes.add(Severity::Info, "unbound", place, message, "nothing has to be done");
        }
        None => {
            let message = format!("no service of the files uses these resources, {count} in all: {names}");
            let help = format!("`--set service=NAME` puts them under a service, in the place of `{UNBOUND}`");
            notes.add(Severity::Warning, "unbound", place, message, help);
        }
    }
}

/// Tells which workloads the files show no use of anything of.
pub fn without_edges(
    workloads: &[Workload],
    links: &[IndexMap<usize, Link<'_>>],
    uses: &Uses,
    resources: &Resources,
    notes: &mut Notes,
) {
    let called: HashSet<usize> = links.iter().flat_map(|own| own.keys().copied()).collect();
    let is_alone = |own: &usize| {
        let others = uses.resources[*own]
            .iter()
            .filter(|&&at| !resources.all[at].sources.iter().any(|source| workloads[*own].resources.contains(source)));
        links[*own].is_empty() && others.count() == 0 && uses.others[*own].is_empty() && !called.contains(own)
    };
    let alone: Vec<usize> = (0..workloads.len()).filter(is_alone).collect();
    let Some(&first) = alone.first() else { return };
    let names = listed(alone.iter().map(|&own| workloads[own].name()), MAX_NAMED);
    let message = format!("the files show nothing that {} of {} services use: {names}", alone.len(), workloads.len());
    let help =
        "add what they use by hand: it may stand in their code, in parameters or in what a plan does not know yet";
    notes.add(Severity::Info, "no-connections", workloads[first].place, message, help);
}
