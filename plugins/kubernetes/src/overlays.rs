//! The same object several times: what Kustomize patches is no object of its own, and folders that have the same objects are
//! environments, each a namespace of its own.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::foreign::kustomize;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::tree::Node;

use crate::input::File;
use crate::object::{Environment, Object, is_same};
use crate::policies::is_policy;
use crate::routes::is_route;
use crate::workload::{Workload, is_workload};

/// The most names that a note lists.
const MAX_NAMED: usize = 5;

/// What tells objects apart: kind and group, namespace, name.
type Key = (String, String, String);

/// The objects, each once: patches are left out, environments are told apart, and of what still stands twice the later one
/// counts. What is done is told.
pub fn settle(objects: Vec<Object>, files: &[File<'_>], notes: &mut Notes) -> Vec<Object> {
    let mut objects = without_patches(objects, files, notes);
    let environments = Environments::of(&objects, files);
    environments.tell(&objects, notes);
    for object in &mut objects {
        environments.place(object, files);
    }
    let mut settled: IndexMap<Key, Object> = IndexMap::with_capacity(objects.len());
    for object in objects {
        let key = key(&object);
        if let Some(earlier) = settled.get(&key)
            && is_read(&object)
            && !is_same(&earlier.node, &object.node)
        {
            let other = earlier.place;
            let message = format!(
                "{} stands twice, and differs: the one in {}, line {}, is replaced by this one",
                object.called(),
                files[other.file].name,
                other.line
            );
            let help = "import the files of one environment, or give them different namespaces";
            notes.add(Severity::Warning, "two-versions", object.place, message, help);
        }
        settled.insert(key, object);
    }
    settled.into_values().collect()
}

fn key(object: &Object) -> Key {
    (format!("{}.{}", object.kind, object.group), object.namespace.clone(), object.name.clone())
}

/// The positions of objects with the same kind, namespace and name, where there are several.
fn several(objects: &[Object]) -> Vec<Vec<usize>> {
    let mut same: IndexMap<(&str, &str, &str, &str), Vec<usize>> = IndexMap::with_capacity(objects.len());
    for (position, object) in objects.iter().enumerate() {
        let key = (object.kind.as_str(), object.group.as_str(), object.namespace.as_str(), object.name.as_str());
        same.entry(key).or_default().push(position);
    }
    same.into_values().filter(|positions| positions.len() > 1).collect()
}

/// Leaves out workloads that say no image, where another one of the same name does: they only change that one.
fn without_patches(objects: Vec<Object>, files: &[File<'_>], notes: &mut Notes) -> Vec<Object> {
    let mut patches: HashSet<usize> = HashSet::new();
    for positions in several(&objects) {
        let (whole, part): (Vec<usize>, Vec<usize>) =
            positions.into_iter().partition(|&position| has_image(&objects[position]) != Some(false));
        if !whole.is_empty() {
            patches.extend(part);
        }
    }
    let all = objects.into_iter().enumerate();
    let kept = all.filter(|(position, object)| {
        let is_patch = patches.contains(position);
        if is_patch {
            let file = &files[object.place.file].name;
            let message = format!("{} in {file} has no image: it is a patch, and is not applied", object.called());
            let place = object.place;
            let help = Some(kustomize(folder(file)));
            let note = Note { severity: Severity::Warning, code: "patch", message, place, help, more: 0 };
            notes.add_of_kind(folder(file), note);
        }
        !is_patch
    });
    kept.map(|(_, object)| object).collect()
}

/// Whether the document has something of an object.
fn is_read(object: &Object) -> bool {
    is_workload(object)
        || is_route(object)
        || is_policy(object)
        || matches!(object.kind.as_str(), "Service" | "ConfigMap")
}

/// Whether a workload says an image; `None` for what is no workload.
fn has_image(object: &Object) -> Option<bool> {
    let has = |workload: Workload<'_>| workload.containers.iter().any(|container| !container.image.is_empty());
    is_workload(object).then(|| Workload::read(object).is_some_and(has))
}

/// The folder of a file, as its name has it; empty where it has none.
pub fn folder(name: &str) -> &str {
    name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder)
}

/// The segments of a path, without `.` and with `..` taken back.
fn segments(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for segment in path.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | ".")) {
        if segment == ".." && found.last().is_some_and(|last| *last != "..") {
            found.pop();
        } else {
            found.push(segment);
        }
    }
    found
}

/// Folders that have the same objects.
#[derive(Default)]
struct Environments {
    /// The names of environments by their folders.
    labels: IndexMap<Vec<String>, String>,
    /// The namespaces of what stands in several.
    namespaces: HashSet<String>,
    /// An object that stands in several, by its position, and how many more there are.
    first: Option<(usize, usize)>,
}

impl Environments {
    /// Finds the folders that have objects of one kind, namespace and name which differ.
    fn of(objects: &[Object], files: &[File<'_>]) -> Self {
        let mut environments = Self::default();
        for positions in several(objects) {
            let folder_of = |position: usize| segments(folder(&files[objects[position].place.file].name));
            let folders: IndexSet<Vec<&str>> = positions.iter().map(|&position| folder_of(position)).collect();
            let first = &objects[positions[0]];
            let differs = || positions[1..].iter().any(|&other| !is_same(&first.node, &objects[other].node));
            if folders.len() < 2 || !is_read(first) || !differs() {
                continue;
            }
            environments.add(&folders.into_iter().collect::<Vec<_>>());
            environments.namespaces.insert(first.namespace.clone());
            environments.first = Some(environments.first.map_or((positions[0], 0), |(own, more)| (own, more + 1)));
        }
        environments
    }

    /// Takes up folders that have the same object: each is called as the last segment in which it differs from the others.
    fn add(&mut self, folders: &[Vec<&str>]) {
        let least = folders.iter().map(Vec::len).min().unwrap_or_default();
        let start = (0..least).take_while(|&at| folders.iter().all(|own| own[at] == folders[0][at])).count();
        let last = |own: &Vec<&str>, at: usize| own[own.len() - 1 - at].to_owned();
        let end = (0..least - start).take_while(|&at| folders.iter().all(|own| last(own, at) == last(&folders[0], at)));
        let end = end.count();
        let differing = folders.iter().map(|own| (own, &own[start..own.len() - end]));
        let differing: Vec<(&Vec<&str>, &[&str])> = differing.filter(|(_, own)| !own.is_empty()).collect();
        let short: HashSet<&str> = differing.iter().filter_map(|(_, own)| own.last().copied()).collect();
        for (whole, own) in &differing {
            let label = if short.len() == differing.len() { own[own.len() - 1].to_owned() } else { own.join("-") };
            let root = whole[..start + own.len()].iter().map(|&segment| segment.to_owned()).collect();
            self.labels.entry(root).or_insert(label);
        }
    }

    /// Puts an object of an environment into the namespace of that.
    fn place(&self, object: &mut Object, files: &[File<'_>]) {
        if !self.namespaces.contains(&object.namespace) {
            return;
        }
        let segments = segments(folder(&files[object.place.file].name));
        let label = (1..=segments.len()).rev().find_map(|end| {
            let root: Vec<String> = segments[..end].iter().map(|&segment| segment.to_owned()).collect();
            self.labels.get(&root)
        });
        let Some(label) = label else { return };
        let environment = Environment { label: label.clone(), outside: object.namespace.clone() };
        object.namespace = if object.is_placed { environment.inside(&object.namespace) } else { label.clone() };
        object.is_placed = true;
        object.environment = Some(environment);
    }

    fn tell(&self, objects: &[Object], notes: &mut Notes) {
        let Some((first, more)) = self.first else { return };
        let names: IndexSet<&str> = self.labels.values().map(String::as_str).collect();
        let names = listed(names.into_iter(), MAX_NAMED);
        let others = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "{}{others} differ from folder to folder, which are taken for environments, each a namespace: {names}",
            objects[first].called()
        );
        let help = "name the folder of one environment for a document of that alone";
        notes.add(Severity::Warning, "environments", objects[first].place, message, help);
    }
}

/// The positions of files that Kustomizations of the files read as patches and settings, each with the folder of that.
pub fn parts(files: &[File<'_>], read: &dyn Fn(usize) -> Vec<Node>) -> HashMap<usize, String> {
    let mut by_path: HashMap<Vec<&str>, usize> = HashMap::new();
    for (position, file) in files.iter().enumerate() {
        by_path.insert(segments(&file.name), position);
    }
    let mut parts = HashMap::new();
    for (position, file) in files.iter().enumerate().filter(|(_, file)| is_kustomization(file.short_name())) {
        let folder = folder(&file.name);
        for path in read(position).iter().flat_map(named) {
            let path = format!("{folder}/{path}");
            if let Some(&part) = by_path.get(&segments(&path)) {
                parts.insert(part, folder.to_owned());
            }
        }
    }
    parts
}

/// Whether a name, the last segment of a path, is one that Kustomize has for its own files.
fn is_kustomization(name: &str) -> bool {
    matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// The paths of patches, values and settings that a Kustomization names.
fn named(node: &Node) -> Vec<&str> {
    const ENTRIES: [(&str, &str); 5] = [
        ("patches", "path"),
        ("patchesJson6902", "path"),
        ("replacements", "path"),
        ("helmCharts", "valuesFile"),
        ("helmChartInflationGenerator", "values"),
    ];
    let list = |field: &str| node.get(field).map_or(&[][..], Node::items).iter();
    let entries = ENTRIES.iter().flat_map(|(field, key)| list(field).filter_map(|entry| entry.get(key)?.text()));
    let plain = ["patchesStrategicMerge", "configurations", "transformers", "generators", "validators"];
    let plain = plain.into_iter().flat_map(list).filter_map(Node::text);
    let is_path = |text: &&str| !text.contains('\n');
    entries.chain(plain).filter(is_path).collect()
}

/// Whether a document of a file is one of Kustomize itself, which may leave out what it is.
pub fn is_of_kustomize(file: &File<'_>, kind: Option<&str>, version: Option<&str>) -> bool {
    let is_said = version.is_some_and(|version| version.starts_with("kustomize.config.k8s.io/"));
    let is_called = kind.is_none() && is_kustomization(file.short_name());
    is_said || is_called || (kind == Some("Kustomization") && version.is_none())
}
