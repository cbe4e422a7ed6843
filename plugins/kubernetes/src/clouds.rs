//! The resources of cloud providers that workloads name.

use spec_engine_evidence::clouds::{bind, is_known};
use spec_engine_evidence::document::{Resource, Service};
use spec_engine_evidence::identifiers::{ResourceId, identified};
use spec_engine_evidence::reference::{names, references};
use spec_engine_evidence::speaker::is_variable;
use spec_engine_evidence::variable::Words;

use crate::address::Address;
use crate::directory::Directory;
use crate::workload::Workload;

/// Binds a workload to what its variables, its commands and the addresses that it names say of providers.
pub fn bind_all(service: &mut Service, workload: &Workload<'_>, directory: &Directory<'_>) {
    let external = |host: &str| -> Option<&Address<'_>> {
        directory
            .resolve(host, workload.namespace())
            .map(|at| &directory.addresses[at])
            .filter(|own| own.external.is_some())
    };
    let is_of_interest = |host: &str| is_known(host) || external(host).is_some();
    let mut found: Vec<(String, Option<u16>, Option<&'static str>)> = Vec::new();
    for voice in &workload.voices {
        let variables = voice.variables.iter().filter(|pair| is_variable(&pair.key));
        let texts = variables.clone().filter_map(|pair| Some((pair.key.as_str(), pair.value.text()?)));
        for (key, text) in texts.filter(|(_, text)| directory.has_external || text.contains(['.', ':', '/'])) {
            if let named @ [_, ..] = identified(text).as_slice()
                && !Words::of(key).is_no_connection()
            {
                named.iter().for_each(|own| bind_named(service, own));
            }
            let (in_text, alone) = (references(text, &is_of_interest), names(text, &is_of_interest));
            if in_text.is_empty() && alone.is_empty() {
                continue;
            }
            let own = Words::of(key);
            if own.is_no_connection() {
                continue;
            }
            found.extend(in_text.into_iter().map(|found| (found.host, found.port, found.protocol)));
            for host in alone.into_iter().filter(|_| own.is_host()) {
                let mut ports = variables.clone().filter(|pair| Words::may_end_as_port(&pair.key));
                let port = ports.find(|pair| Words::of(&pair.key).is_port_of(&own));
                let port = port.and_then(|pair| pair.value.text()?.trim().parse().ok());
                found.push((host.to_owned(), port, None));
            }
        }
        let texts = voice.commands.iter().flat_map(|command| command.texts()).filter_map(|node| node.text());
        for text in texts {
            identified(text).iter().for_each(|own| bind_named(service, own));
            found.extend(
                references(text, &is_of_interest).into_iter().map(|found| (found.host, found.port, found.protocol)),
            );
        }
    }
    for (host, port, protocol) in found {
        let host = external(&host).and_then(|address| address.external).unwrap_or(&host);
        bind(service, host, port, protocol);
    }
    for instance in proxied(workload) {
        let resource = Resource { name: instance.to_owned(), fields: Default::default() };
        service.bind("gcp", "cloudsql", resource);
    }
}

/// Binds a service to what a text names for good.
fn bind_named(service: &mut Service, (provider, list, name): &ResourceId<'_>) {
    service.bind(provider, list, Resource { name: (*name).to_owned(), fields: Default::default() });
}

/// The instances of Cloud SQL that a proxy beside a workload leads to: `project:region:instance`.
fn proxied<'w>(workload: &'w Workload<'_>) -> impl Iterator<Item = &'w str> {
    let proxies = workload
        .containers
        .iter()
        .filter(|own| own.image.contains("cloud-sql-proxy") || own.image.contains("gce-proxy"));
    let arguments = proxies.flat_map(|own| ["command", "args"].into_iter().filter_map(|field| own.node.get(field)));
    let words = arguments.flat_map(|node| node.texts()).filter_map(|node| node.text());
    words.filter_map(|word| {
        let word = word.rsplit_once("instances=").map_or(word, |(_, rest)| rest);
        let word = word.split(['=', '?', ',']).next()?;
        let mut parts = word.split(':');
        let (project, region, instance) = (parts.next()?, parts.next()?, parts.next()?);
        let is_name =
            |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_alphanumeric() || one == b'-');
        let is_instance =
            [project, region, instance].into_iter().all(is_name) && region.contains('-') && parts.next().is_none();
        is_instance.then_some(instance)
    })
}
