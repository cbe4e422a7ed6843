//! Hosts of cloud providers, and the resources that they are.

use std::collections::HashMap;

use spec_engine_evidence::document::{Fields, Resource, Service};
use spec_engine_evidence::reference::{names, references};
use spec_engine_evidence::speaker::is_variable;
use spec_engine_evidence::variable::Words;

use crate::address::Address;
use crate::directory::Directory;
use crate::workload::Workload;

/// How hosts of a provider end, and what they are.
struct Row {
    /// The end of the host; `*` stands for one label.
    end: &'static str,
    /// The provider, as the format calls it.
    provider: &'static str,
    /// The kind of the resource.
    kind: &'static str,
    /// The field for the whole host, where the kind has one.
    host: Option<&'static str>,
}

const fn row(end: &'static str, provider: &'static str, kind: &'static str, host: Option<&'static str>) -> Row {
    Row { end, provider, kind, host }
}

const ROWS: &[Row] = &[
    row("*.rds.amazonaws.com", "aws", "rds", None),
    row("*.cache.amazonaws.com", "aws", "elasticache", None),
    row("s3.*.amazonaws.com", "aws", "s3", None),
    row("s3.amazonaws.com", "aws", "s3", None),
    row("*.es.amazonaws.com", "resources", "elasticsearch", Some("host")),
    row("*.docdb.amazonaws.com", "resources", "mongodb", Some("host")),
    row("kafka.*.amazonaws.com", "resources", "kafka", Some("bootstrapServers")),
    row("mq.*.amazonaws.com", "resources", "rabbitmq", Some("host")),
    row("cloudfront.net", "aws", "cloudfront", Some("domain")),
    row("database.windows.net", "azure", "sqldatabase", Some("server")),
    row("redis.cache.windows.net", "azure", "rediscache", None),
    row("servicebus.windows.net", "azure", "servicebus", None),
    row("vault.azure.net", "azure", "keyvault", None),
    row("blob.core.windows.net", "azure", "blobstorage", None),
    row("documents.azure.com", "azure", "cosmosdb", None),
    row("mongo.cosmos.azure.com", "azure", "cosmosdb", None),
    row("postgres.database.azure.com", "resources", "postgresql", Some("host")),
    row("mysql.database.azure.com", "resources", "mysql", Some("host")),
    row("mongodb.net", "resources", "mongodb", Some("host")),
];

/// Labels before the name of a resource that say which of its nodes is meant.
const NODES: &[&str] = &["master", "primary", "replica", "clustercfg", "ro", "www"];

/// The row of a host, and the name that stands before its end.
fn row_of(host: &str) -> Option<(&'static Row, &str)> {
    let host = host.strip_suffix('.').unwrap_or(host);
    ROWS.iter().find_map(|row| {
        let (mut own, mut end) = (host.rsplit('.'), row.end.rsplit('.'));
        let is_end = end.all(|label| own.next().is_some_and(|own| (label == "*" && !own.is_empty()) || label == own));
        let mut rest: Vec<&str> = own.collect();
        rest.reverse();
        let name = rest.iter().find(|label| !NODES.contains(label) && !label.is_empty())?;
        is_end.then_some((row, *name))
    })
}

/// Whether a host is one of a provider that is known.
pub fn is_known(host: &str) -> bool {
    host.contains('.') && row_of(host).is_some()
}

/// Binds a service to the resource that a host is; says whether it is one.
pub fn bind(service: &mut Service, host: &str, port: Option<u16>, protocol: Option<&str>) -> bool {
    let Some((row, name)) = row_of(host) else { return false };
    let mut resource = Resource { name: name.to_owned(), fields: Default::default() };
    if row.kind == "cloudfront" {
        // It is named by its id, which its host does not tell.
        return false;
    }
    if let Some(field) = row.host {
        resource.fields.insert(field, host.into());
    }
    if row.kind == "rds" {
        let engine = match (protocol, port) {
            (_, Some(5432)) => Some("postgres"),
            (_, Some(3306)) => Some("mysql"),
            (_, Some(1433)) => Some("sqlserver"),
            _ => None,
        };
        if let Some(engine) = engine {
            resource.fields.insert("engine", engine.into());
        }
    }
    let has_port = matches!(row.kind, "rds" | "elasticache" | "rediscache" | "sqldatabase")
        || (row.host == Some("host") && row.kind != "kafka");
    if let Some(port) = port.filter(|_| has_port) {
        resource.fields.insert("port", port.into());
    }
    add(service, row.provider, row.kind, resource);
    true
}

/// Adds a resource to a service, unless one of that name is there.
fn add(service: &mut Service, provider: &str, kind: &'static str, resource: Resource) {
    let kinds = match provider {
        "aws" => &mut service.aws,
        "gcp" => &mut service.gcp,
        "azure" => &mut service.azure,
        _ => &mut service.resources,
    };
    let list = kinds.entry(kind).or_default();
    match list.iter_mut().find(|own| own.name == resource.name) {
        Some(own) => own.fields.extend(resource.fields),
        None => list.push(resource),
    }
}

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
        let words: Vec<(Words, &str)> = voice
            .variables
            .iter()
            .filter(|pair| is_variable(&pair.key))
            .filter_map(|pair| Some((Words::of(&pair.key), pair.value.text()?)))
            .filter(|(words, _)| !words.is_no_connection())
            .collect();
        for (own, text) in &words {
            found.extend(
                references(text, &is_of_interest).into_iter().map(|found| (found.host, found.port, found.protocol)),
            );
            if own.is_host() {
                for host in names(text, &is_of_interest) {
                    let port = words
                        .iter()
                        .find(|(words, _)| words.is_port_of(own))
                        .and_then(|(_, port)| port.trim().parse().ok());
                    found.push((host.to_owned(), port, None));
                }
            }
        }
        let texts = voice.commands.iter().flat_map(|command| command.texts()).filter_map(|node| node.text());
        for text in texts {
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
        add(service, "gcp", "cloudsql", resource);
    }
}

/// Makes the bindings of one resource agree: what one service knows of it, all do; of what differs the first counts.
pub fn agree<'s>(services: impl Iterator<Item = &'s mut Service>) {
    let mut services: Vec<&mut Service> = services.collect();
    let mut known: HashMap<(&str, &str, String), Fields> = HashMap::new();
    for pass in [Pass::Collect, Pass::Write] {
        for service in &mut services {
            let Service { aws, gcp, azure, resources, .. } = &mut **service;
            for (provider, kinds) in [("aws", aws), ("gcp", gcp), ("azure", azure), ("resources", resources)] {
                for (kind, list) in kinds {
                    for resource in list {
                        let all = known.entry((provider, kind, resource.name.clone())).or_default();
                        match pass {
                            Pass::Collect => {
                                for (field, value) in &resource.fields {
                                    all.entry(field).or_insert_with(|| value.clone());
                                }
                            }
                            Pass::Write => resource.fields.clone_from(all),
                        }
                    }
                }
            }
        }
    }
}

/// What is done on a way through all services.
#[derive(Clone, Copy)]
enum Pass {
    /// What is known of resources is collected.
    Collect,
    /// It is written.
    Write,
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

#[cfg(test)]
mod tests {
    use super::row_of;

    #[test]
    fn hosts_of_providers_are_known() {
        for (host, expected) in [
            ("orders.abc123.eu-west-1.rds.amazonaws.com", Some(("rds", "orders"))),
            ("orders.cluster-ro-abc.eu-west-1.rds.amazonaws.com", Some(("rds", "orders"))),
            ("master.cart.abc.euw1.cache.amazonaws.com", Some(("elasticache", "cart"))),
            ("pictures.s3.eu-west-1.amazonaws.com", Some(("s3", "pictures"))),
            ("shop.database.windows.net", Some(("sqldatabase", "shop"))),
            ("shop.redis.cache.windows.net", Some(("rediscache", "shop"))),
            ("cluster0.abc.mongodb.net", Some(("mongodb", "cluster0"))),
            ("eu-west-1.rds.amazonaws.com", None),
            ("sqs.eu-west-1.amazonaws.com", None),
            ("rds.amazonaws.com", None),
            ("example.com", None),
            ("db", None),
        ] {
            assert_eq!(row_of(host).map(|(row, name)| (row.kind, name)), expected, "{host}");
        }
    }
}
