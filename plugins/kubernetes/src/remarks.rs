//! What there is to tell of objects that the format has no field for, and of what the files do not say.

use std::collections::HashSet;

use indexmap::IndexMap;
use spec_engine_evidence::image::Image;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::tree::Place;

use crate::container::Role;
use crate::labels::is_hook;
use crate::object::Object;
use crate::policies::{Policies, Untranslated, is_policy};
use crate::routes::is_route;
use crate::workload::{Workload, is_made, is_workload};

/// The most names that a note lists.
const MAX_NAMED: usize = 10;

/// Kinds of which the document has nothing to say, and everybody knows it.
const QUIET: &[&str] = &[
    "APIService",
    "CSIDriver",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "ControllerRevision",
    "CustomResourceDefinition",
    "DestinationRule",
    "EndpointSlice",
    "Endpoints",
    "Event",
    "Gateway",
    "GatewayClass",
    "HorizontalPodAutoscaler",
    "IngressClass",
    "Lease",
    "LimitRange",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodMonitor",
    "PriorityClass",
    "PrometheusRule",
    "ReferenceGrant",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VerticalPodAutoscaler",
];

/// The codes of notes on what another tool has to read first.
const FOREIGN: &[&str] = &["compose", "helm-chart", "helm-values", "kustomization", "patch"];

/// Tells of the objects of which nobody knows what they run, in one note that counts them.
pub fn of_unknown(objects: &[Object], notes: &mut Notes) {
    let is_unknown =
        |own: &&Object| !is_workload(own) && !QUIET.contains(&own.kind.as_str()) && !is_route(own) && !is_policy(own);
    let mut kinds: IndexMap<(&str, &str), usize> = IndexMap::new();
    let mut first = None;
    for object in objects.iter().filter(is_unknown) {
        *kinds.entry((&object.kind, &object.group)).or_default() += 1;
        first.get_or_insert(object.place);
    }
    let Some(place) = first else { return };
    let all: usize = kinds.values().sum();
    let called = |((kind, group), count): (&(&str, &str), &usize)| match (group.is_empty(), count) {
        (true, 1) => (*kind).to_owned(),
        (true, count) => format!("{kind} ({count})"),
        (false, 1) => format!("{kind}.{group}"),
        (false, count) => format!("{kind}.{group} ({count})"),
    };
    let names: Vec<String> = kinds.iter().map(called).collect();
    let objects =
        if all == 1 { "1 object is of a kind that is" } else { &format!("{all} objects are of kinds that are") };
    let message = format!("{objects} not read: {}", listed(names.iter().map(String::as_str), MAX_NAMED));
    let help =
        "if an operator runs something for them, name what it makes, too: `kubectl get deploy,sts,svc -A -o json`";
    notes.add(Severity::Info, "unknown-kind", place, message, help);
}

/// Whether an object becomes a service or a resource. Tells of those that could be expected to, and do not.
pub fn is_taken(object: &Object, notes: &mut Notes) -> bool {
    if !is_workload(object) {
        return false;
    }
    if is_hook(object) {
        let message = format!("{} is a hook of Helm, which runs for a moment, and is left out", object.called());
        tell(notes, Severity::Info, "helm-hook", object.place, "", message, "nothing has to be done");
        return false;
    }
    !is_made(object)
}

/// Tells why there is no workload in the files.
pub fn nothing(objects: &[Object], notes: &mut Notes) {
    // What another tool reads says so itself, with the command.
    if objects.is_empty() && notes.raise(FOREIGN) {
        return;
    }
    let made: Vec<&Object> = objects.iter().filter(|object| is_workload(object) && is_made(object)).collect();
    let place = objects.first().map_or(Place::start(0), |object| object.place);
    let (message, help) = match made.first() {
        Some(first) => (
            format!("the files have only what others make, such as {}", first.called()),
            "ask for what makes them: `kubectl get deploy,sts,ds,job,cronjob,svc,ing,netpol,cm -A -o json`",
        ),
        None => (
            "the files have no workload: no Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod".to_owned(),
            "name manifests, or pipe in `helm template`, `kubectl kustomize` or `kubectl get deploy,sts,ds,svc,cm -A -o json`",
        ),
    };
    notes.add(Severity::Error, "no-workloads", place, message, help);
}

/// Tells of images, containers and ConfigMaps of a workload.
pub fn of_workload(workload: &Workload<'_>, notes: &mut Notes) {
    let place = workload.object.place;
    let name = &workload.name;
    match workload.main {
        None => {
            let message = format!("`{name}` has no container; `{}` stands for its image", workload.image.name);
            notes.add(Severity::Warning, "no-image", place, message, "give it a container with an image");
        }
        Some(main) => {
            let own = &workload.containers[main];
            let place = own.node.pair("image").map_or(own.node.place, |pair| pair.place);
            if own.image.is_empty() {
                let message = format!("`{name}` has no image; `{}` stands in its place", workload.image.name);
                notes.add(Severity::Warning, "no-image", place, message, "give its container an image");
            } else if !Image::is_valid(own.image) {
                let message = format!(
                    "the image of `{name}` is not a valid reference; its name is written as `{}`",
                    workload.image.name
                );
                notes.add(
                    Severity::Warning,
                    "bad-image",
                    place,
                    message,
                    "write `name:tag`, the name in small letters",
                );
            }
        }
    }
    let others = |role: Role| {
        let others = workload.containers.iter().enumerate();
        others.filter(move |(at, own)| Some(*at) != workload.main && own.role == role).map(|(_, own)| own)
    };
    let mut beside = |role: Role, code, severity, what: &str, help: &str| {
        let names: Vec<&str> = others(role).map(|own| own.name).collect();
        if let Some(first) = others(role).next() {
            let message =
                format!("`{name}` {what}, which is no service of its own: {}", listed(names.into_iter(), MAX_NAMED));
            tell(notes, severity, code, first.node.place, "", message, help);
        }
    };
    let nothing = "nothing has to be done";
    beside(Role::Initial, "init-container", Severity::Info, "has a container that runs before it", nothing);
    beside(Role::Sidecar, "sidecar", Severity::Info, "has a container that only serves it", nothing);
    let help = "the annotation `kubectl.kubernetes.io/default-container` says which one is the service";
    beside(
        Role::Work,
        "second-container",
        Severity::Info,
        "has another container beside the one that is written",
        help,
    );
    for (map, place) in workload.voices.iter().flat_map(|voice| &voice.missing) {
        let message = format!("`{name}` takes variables from the ConfigMap `{map}`, which was not handed in");
        let help = "name its file, too, or what `{name}` connects to may be missing: `kubectl get cm -A -o json`";
        tell(notes, Severity::Warning, "missing-config", *place, map, message, &help.replace("{name}", name));
    }
}

/// Tells which workloads the files support no connection of: what their programs connect to is not in the files.
pub fn without_edges(workloads: &[Workload<'_>], is_connected: &HashSet<usize>, notes: &mut Notes) {
    let alone: Vec<&Workload<'_>> = workloads
        .iter()
        .enumerate()
        .filter(|(own, _)| !is_connected.contains(own))
        .map(|(_, workload)| workload)
        .collect();
    let Some(first) = alone.first() else { return };
    let names = listed(alone.iter().map(|workload| workload.name()), MAX_NAMED);
    let (of, all) = (alone.len(), workloads.len());
    let message = format!("the files show no connection for {of} of {all} workloads: {names}");
    let help = "add what they connect to by hand: it may stand in their programs, in their images or in Secrets";
    notes.add(Severity::Info, "no-connections", first.object.place, message, help);
    let secret: Vec<&&Workload<'_>> =
        alone.iter().filter(|workload| workload.voices.iter().any(|voice| voice.secret > 0)).collect();
    if let Some(first) = secret.first() {
        let names = listed(secret.iter().map(|workload| workload.name()), MAX_NAMED);
        let message = format!("Secrets have variables of these, and are not read: {names}");
        notes.add(Severity::Info, "secret-variables", first.object.place, message, "add what they connect to by hand");
    }
}

/// Tells of what policies say and the format cannot.
pub fn of_policies(policies: &Policies, notes: &mut Notes) {
    for (lost, place, called) in &policies.lost {
        let (kind, what) = match lost {
            Untranslated::Addresses => ("addresses", "names addresses, and a rule of the format names a service"),
            Untranslated::Namespace => (
                "namespace",
                "names workloads of other namespaces, whose networks they would lose by a rule, so none is written",
            ),
            Untranslated::Many => ("many", "stands for more rules than are written"),
        };
        let message = format!("{called} {what}");
        tell(notes, Severity::Info, "lost-policy", *place, kind, message, "nothing has to be done");
    }
    if let Some(place) = policies.first {
        let message =
            "policies are written as rules of a whole network: the format does not say which service a rule protects";
        notes.add(Severity::Info, "wide-policy", place, message.to_owned(), "nothing has to be done");
    }
}

fn tell(
    notes: &mut Notes,
    severity: Severity,
    code: &'static str,
    place: Place,
    kind: &str,
    message: String,
    help: &str,
) {
    notes.add_of_kind(kind, Note { severity, code, message, place, help: Some(help.to_owned()), more: 0 });
}
