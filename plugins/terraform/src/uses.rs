//! Which resources a workload uses, and which other workloads it names.

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::document::Resource as Written;
use spec_engine_evidence::notes::{Notes, Severity, listed};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::speaker::is_variable;
use spec_engine_evidence::tree::Node;
use spec_engine_evidence::variable::Words;
use spec_engine_evidence::{arn, clouds};

use crate::identities;
use crate::index::{Index, Thing, words};
use crate::kinds::Kind;
use crate::nodes::Resources;
use crate::policies::Grants;
use crate::resource::{Resource, at, each, text, texts};
use crate::stack::Reading;
use crate::workload::Workload;

/// What workloads use.
#[derive(Debug, Default)]
pub struct Uses {
    /// The resources of each workload.
    pub resources: Vec<IndexSet<usize>>,
    /// The workloads that each names, with what names them.
    pub calls: Vec<IndexMap<usize, String>>,
    /// The resources of each that no file has: their providers and kinds.
    pub others: Vec<Vec<(&'static str, &'static str, Written)>>,
}

/// Reads what workloads use.
pub struct Reader<'r> {
    /// All that was read.
    pub reading: &'r Reading,
    /// The resources of the document.
    pub resources: &'r Resources,
    /// The workloads.
    pub workloads: &'r [Workload],
    /// What finds them.
    pub index: &'r Index<'r>,
    /// What roles may use; `None` where that does not count.
    pub grants: Option<&'r Grants>,
}

/// Attributes of a workload that name a resource which it uses, whatever they are called there.
const EXPLICIT: &[&str] = &[
    "dead_letter_config.target_arn",
    "event_trigger.event_filters.value",
    "event_trigger.pubsub_topic",
    "event_trigger.resource",
    "secret.key_vault_secret_id",
    "storage_account_name",
    "template.volumes.cloud_sql_instance.instances",
];

/// Bindings of workers of Cloudflare: where the resource is named, and its kind.
const WORKER: &[(&str, &str)] = &[
    ("kv_namespace_binding.namespace_id", "cloudflare.kv"),
    ("r2_bucket_binding.bucket_name", "cloudflare.r2Buckets"),
    ("d1_database_binding.database_id", "cloudflare.d1"),
    ("queue_binding.queue", "cloudflare.queues"),
    ("bindings.namespace_id", "cloudflare.kv"),
    ("bindings.bucket_name", "cloudflare.r2Buckets"),
    ("bindings.id", "cloudflare.d1"),
    ("bindings.queue_name", "cloudflare.queues"),
    ("bindings.namespace_id", "cloudflare.durableObjects"),
];

/// Attributes in which a resource is named that is no resource which the workload uses: where its code lies, what it is
/// called after.
const NO_USE: &[&str] = &[
    "build_config",
    "description",
    "filename",
    "function_name",
    "image",
    "image_uri",
    "labels",
    "name",
    "s3_bucket",
    "s3_key",
    "s3_object_version",
    "source_archive_bucket",
    "source_archive_object",
    "source_code_hash",
    "storage_data_source",
    "tags",
];

/// Where the code of a workload lies.
const CODE: &[&str] = &["s3_bucket", "source_archive_bucket", "build_config.source.storage_source.bucket"];

impl Reader<'_> {
    /// Reads what all workloads use.
    pub fn uses(&self, notes: &mut Notes) -> Uses {
        let count = self.workloads.len();
        let mut uses = Uses {
            resources: vec![IndexSet::new(); count],
            calls: vec![IndexMap::new(); count],
            others: vec![Vec::new(); count],
        };
        for own in 0..count {
            let mut found = WorkloadUses { own, uses: &mut uses };
            self.variables(&mut found);
            self.attributes(&mut found);
            self.references(&mut found, notes);
            self.grants(&mut found);
        }
        self.tell_of_others(&uses, notes);
        uses
    }

    fn variables(&self, found: &mut WorkloadUses<'_>) {
        let workload = &self.workloads[found.own];
        for container in workload.voices() {
            for pair in container.variables.iter().filter(|pair| is_variable(&pair.key)) {
                let Some(value) = pair.value.text() else { continue };
                if Words::of(&pair.key).is_no_connection() {
                    continue;
                }
                if !self.text(value, &format!("set by {}", pair.key), found) {
                    let hinted = self.index.hinted(self.resources, &words(&pair.key), value);
                    hinted.into_iter().for_each(|thing| found.add(thing, || format!("set by {}", pair.key)));
                }
            }
            for (name, from) in &container.secrets {
                if !self.text(from, &format!("set by {name}"), found) {
                    let secret = ["SECRET".to_owned(), "VAULT".to_owned()];
                    let named = self.index.hinted(self.resources, &secret, from);
                    named.into_iter().for_each(|thing| found.add(thing, String::new));
                }
            }
            for command in container.commands.iter().flat_map(Node::texts).filter_map(Node::text) {
                self.text(command, "in its command", found);
            }
        }
    }

    /// Takes up what a text names for good; says whether it names anything.
    fn text(&self, text: &str, why: &str, found: &mut WorkloadUses<'_>) -> bool {
        let named = self.index.named(text);
        let is_any = !named.is_empty();
        named.into_iter().for_each(|thing| found.add(thing, || why.to_owned()));
        is_any || self.outside(text, found)
    }

    /// Takes up what a text names that no file has, or has without what names it for good: by its ARN, by its host.
    fn outside(&self, text: &str, found: &mut WorkloadUses<'_>) -> bool {
        let mut is_any = false;
        for word in identities::names(text) {
            let named = match arn::resource(word) {
                Some((provider, list, name)) => {
                    Some((provider, list, Written { name: name.to_owned(), fields: Default::default() }))
                }
                None => clouds::resource(word, None, None),
            };
            let Some((provider, list, written)) = named else { continue };
            is_any = true;
            match self.resources.find(provider, list, &written.name) {
                Some(at) => found.add(Thing::Resource(at), String::new),
                None => {
                    let all = &mut found.uses.others[found.own];
                    if !all.iter().any(|own| own.0 == provider && own.1 == list && own.2.is_named(&written)) {
                        all.push((provider, list, written));
                    }
                }
            }
        }
        is_any
    }

    /// What attributes name that are there to name resources.
    fn attributes(&self, found: &mut WorkloadUses<'_>) {
        for &source in &self.workloads[found.own].resources {
            let values = &self.reading.resources[source].values;
            for path in EXPLICIT {
                for given in texts(values, path) {
                    if !self.text(given, "", found) {
                        let called: Vec<Thing> = self.index.called(given).iter().map(|own| own.0).collect();
                        called.into_iter().for_each(|thing| found.add(thing, String::new));
                    }
                }
            }
            for (path, kind) in WORKER {
                for given in texts(values, path) {
                    let is_it = |thing: &Thing| match thing {
                        Thing::Resource(at) => {
                            Kind::find(kind).is_some_and(|kind| self.resources.all[*at].kind == kind)
                        }
                        Thing::Workload(_) => false,
                    };
                    let named = self.index.named(given);
                    let called = self.index.called(given).iter().map(|own| own.0);
                    named.into_iter().chain(called).filter(is_it).for_each(|thing| found.add(thing, String::new));
                }
            }
            // Cloud Run names its databases in an annotation.
            let annotations = at(values, "template.metadata.annotations").into_iter().flat_map(each);
            for pair in annotations.flat_map(|map| map.pairs()).filter(|pair| pair.key.ends_with("cloudsql-instances"))
            {
                self.text(pair.value.text().unwrap_or_default(), "", found);
            }
        }
    }

    /// What the configuration of a plan names in its expressions, and what a state says that it depends on.
    fn references(&self, found: &mut WorkloadUses<'_>, notes: &mut Notes) {
        let workload = &self.workloads[found.own];
        // What a service of ECS depends on, its task does.
        let Some(&source) = workload.resources.first() else { return };
        let resource = &self.reading.resources[source];
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let referred = self.index.referred(source, &|attribute| !NO_USE.contains(&attribute));
        let mut of_block: IndexMap<_, Vec<usize>> = IndexMap::new();
        for at in referred {
            of_block.entry(self.reading.resources[at].address.configured()).or_default().push(at);
        }
        groups.extend(of_block.into_values());
        groups.extend(self.direct(resource).map(|address| self.index.instances(resource, address)));
        for group in groups {
            let things: IndexSet<Thing> = group.into_iter().filter_map(|at| self.index.of(at)).collect();
            let things: Vec<Thing> = things
                .into_iter()
                .filter(|thing| !self.is_code(resource, *thing) && *thing != Thing::Workload(found.own))
                .collect();
            match things.as_slice() {
                [] => {}
                [one] => found.add(*one, || "by a reference".to_owned()),
                several if several.iter().any(|thing| found.has(*thing)) => {}
                several => {
                    let names: Vec<String> = several.iter().map(|thing| self.name(*thing)).collect();
                    let message = format!(
                        "`{}` uses one of {} instances of a block, and the files do not say which: {}",
                        workload.name(),
                        several.len(),
                        listed(names.iter().map(String::as_str), MAX_NAMED)
                    );
                    notes.add(
                        Severity::Info,
                        "ambiguous-reference",
                        workload.place,
                        message,
                        "bind the right one by hand",
                    );
                }
            }
        }
    }

    /// The dependencies of a resource of a state that it has itself: a state lists those of its dependencies, too.
    fn direct<'s>(&'s self, resource: &'s Resource) -> impl Iterator<Item = &'s crate::address::Address> {
        let first = |address: &crate::address::Address| self.index.instances(resource, address).first().copied();
        let others: Vec<&Resource> = resource
            .dependencies
            .iter()
            .filter_map(first)
            // What a policy lets a role use is meant for who has the role.
            .filter(|&at| self.index.of(at).is_some())
            .map(|at| &self.reading.resources[at])
            .collect();
        resource.dependencies.iter().filter(move |address| {
            !others.iter().any(|other| other.address.configured() != **address && other.dependencies.contains(address))
        })
    }

    /// Whether a workload names a resource only since its code lies there.
    fn is_code(&self, resource: &Resource, thing: Thing) -> bool {
        let Thing::Resource(at) = thing else { return false };
        CODE.iter().any(|path| text(&resource.values, path) == Some(self.resources.all[at].name.as_str()))
    }

    /// What policies let its role use.
    fn grants(&self, found: &mut WorkloadUses<'_>) {
        let Some(grants) = self.grants else { return };
        for &source in &self.workloads[found.own].resources {
            for at in grants.of(self.index, self.reading, source) {
                found.add(Thing::Resource(at), String::new);
            }
        }
    }

    fn name(&self, thing: Thing) -> String {
        match thing {
            Thing::Resource(at) => self.resources.all[at].name.clone(),
            Thing::Workload(at) => self.workloads[at].name.clone(),
        }
    }

    fn tell_of_others(&self, uses: &Uses, notes: &mut Notes) {
        for (workload, others) in self.workloads.iter().zip(&uses.others) {
            for (provider, list, written) in others {
                let message = format!(
                    "`{}` uses `{}` ({provider}.{list}), which is not in the files: all that is known is its name",
                    workload.name(),
                    written.name
                );
                notes.add(Severity::Info, "other-stack", workload.place, message, "name the state that it is in, too");
            }
        }
    }
}

/// The most instances that a note names.
const MAX_NAMED: usize = 10;

/// What was found for a workload.
struct WorkloadUses<'u> {
    own: usize,
    uses: &'u mut Uses,
}

impl WorkloadUses<'_> {
    fn add(&mut self, thing: Thing, why: impl FnOnce() -> String) {
        match thing {
            Thing::Resource(at) => drop(self.uses.resources[self.own].insert(at)),
            Thing::Workload(at) if at == self.own => {}
            Thing::Workload(at) => drop(self.uses.calls[self.own].entry(at).or_insert_with(why)),
        }
    }

    fn has(&self, thing: Thing) -> bool {
        match thing {
            Thing::Resource(at) => self.uses.resources[self.own].contains(&at),
            Thing::Workload(at) => self.uses.calls[self.own].contains_key(&at),
        }
    }
}
