//! What workloads say of each other.

use std::collections::HashMap;

use spec_engine_evidence::arguments::Kind;
use spec_engine_evidence::evidence::{Evidence, Mention, Source};
use spec_engine_evidence::reference::{Reference, is_host, names, references};
use spec_engine_evidence::speaker::{Hosts, Speaker, with_words};
use spec_engine_evidence::tree::Place;

use crate::container::Role;
use crate::directory::Directory;
use crate::environment::ConfigMaps;
use crate::workload::Workload;

/// The longest configuration file that is read, in bytes.
const MAX_FILE: usize = 512 << 10;

/// Finds who names whom in all workloads.
pub struct Listener<'e, 'a> {
    workloads: &'e [Workload<'a>],
    directory: &'e Directory<'a>,
    maps: &'e ConfigMaps<'a>,
    /// Whether configuration files are read.
    reads_files: bool,
    /// The hosts that the values of ConfigMaps name as files: a ConfigMap may be mounted by many.
    files: HashMap<(&'a str, &'a str, &'a str), Vec<Reference>>,
}

impl<'e, 'a> Listener<'e, 'a> {
    /// Makes one that has read nothing yet.
    pub fn new(
        workloads: &'e [Workload<'a>],
        directory: &'e Directory<'a>,
        maps: &'e ConfigMaps<'a>,
        reads_files: bool,
    ) -> Self {
        Self { workloads, directory, maps, reads_files, files: HashMap::new() }
    }

    /// What a workload says.
    pub fn evidence(&mut self, own: usize) -> Evidence<'e> {
        let (directory, workload) = (self.directory, &self.workloads[own]);
        let namespace = workload.namespace();
        let find = |host: &str| directory.resolve(host, namespace);
        let behind = |address: usize| &directory.addresses[address].workloads;
        let other = |host: &str| find(host).filter(|&at| !behind(at).is_empty() && !behind(at).contains(&own));
        let is_self = |host: &str| find(host).is_some_and(|at| behind(at).contains(&own));
        let hosts = Hosts { other: &other, is_self: &is_self };
        let mut evidence = Evidence::default();
        for voice in &workload.voices {
            let container = &workload.containers[voice.container];
            let variables = with_words(&voice.variables, hosts);
            let speaker = Speaker::new(&workload.object.name, &variables, hosts);
            speaker.variables(&mut evidence);
            let source = match container.role {
                Role::Initial => Source::Initial(container.name),
                _ => Source::Command,
            };
            for command in &voice.commands {
                speaker.command(command, Kind::Start, source, &mut evidence);
            }
        }
        if self.reads_files {
            self.configurations(own, hosts, &mut evidence);
        }
        evidence.mentions = evidence.mentions.into_iter().flat_map(|mention| self.targets(mention)).collect();
        evidence.sort();
        evidence
    }

    /// The files of ConfigMaps that a workload mounts.
    fn configurations(&mut self, own: usize, hosts: Hosts<'_>, evidence: &mut Evidence<'e>) {
        let (directory, workload) = (self.directory, &self.workloads[own]);
        let namespace = workload.namespace();
        let is_known = |host: &str| directory.resolve(host, namespace).is_some();
        let speaker = Speaker::new("", &[], hosts);
        for (name, keys) in workload.mounted() {
            let Some(map) = self.maps.get(namespace, name) else { continue };
            let data = map.node.get("data").map_or(&[][..], |data| data.pairs());
            for pair in data {
                let is_mounted = keys.as_ref().is_none_or(|keys| keys.contains(&pair.key.as_str()));
                let Some(text) = pair.value.text().filter(|text| is_mounted && text.len() <= MAX_FILE) else {
                    continue;
                };
                let key = (namespace, name, pair.key.as_str());
                let found = self.files.entry(key).or_insert_with(|| references(text, &is_known));
                for found in found.iter() {
                    speaker.mention(found, Source::Configuration(name), pair.place, evidence);
                }
            }
        }
    }

    /// A mention of an address as one of each workload behind it.
    fn targets(&self, mention: Mention<'e>) -> impl Iterator<Item = Mention<'e>> + use<'e, 'a> {
        let workloads = &self.directory.addresses[mention.target].workloads;
        workloads.iter().map(move |&target| Mention { target, ..mention.clone() })
    }
}

/// Hosts of a cluster that a workload names, and that are no Service of the files, each with where.
pub fn unknown(workload: &Workload<'_>, directory: &Directory<'_>) -> Vec<(String, Place)> {
    let is_unknown = |host: &str| {
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_of_cluster = host.ends_with(".svc") || host.contains(".svc.");
        is_of_cluster && is_host(host) && directory.resolve(host, workload.namespace()).is_none()
    };
    let mut found = Vec::new();
    for voice in &workload.voices {
        let variables = voice.variables.iter().filter_map(|pair| Some((pair.value.text()?, pair.place)));
        let words = voice.commands.iter().flat_map(|command| command.texts());
        let words = words.filter_map(|word| Some((word.text()?, word.place)));
        for (text, place) in variables.chain(words).filter(|(text, _)| text.contains(".svc")) {
            let in_text = references(text, &is_unknown).into_iter().map(|found| found.host);
            let alone = names(text, &is_unknown).into_iter().map(str::to_owned);
            found.extend(in_text.chain(alone).map(|host| (host, place)));
        }
    }
    found
}

/// A mention by a route that leads from a workload to another one.
pub fn by_route<'e>(target: usize, port: Option<u16>, name: &'e str, place: Place) -> Mention<'e> {
    Mention {
        target,
        port,
        protocol: None,
        hint: None,
        source: Source::Route(name),
        is_url: false,
        is_implied: false,
        port_variable: None,
        place,
    }
}
