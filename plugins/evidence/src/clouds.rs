//! Hosts of cloud providers, and the resources that they are.

use std::collections::HashMap;

use crate::document::{Fields, Resource, Service};

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

/// The resource that a host is: its provider, its kind, and what is known of it. `port` and `protocol` are those by which it is
/// used.
pub fn resource(
    host: &str,
    port: Option<u16>,
    protocol: Option<&str>,
) -> Option<(&'static str, &'static str, Resource)> {
    let (row, name) = row_of(host)?;
    let mut resource = Resource { name: name.to_owned(), fields: Default::default() };
    if row.kind == "cloudfront" {
        // It is named by its id, which its host does not tell.
        return None;
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
    Some((row.provider, row.kind, resource))
}

/// Binds a service to the resource that a host is, where it is one.
pub fn bind(service: &mut Service, host: &str, port: Option<u16>, protocol: Option<&str>) {
    if let Some((provider, kind, resource)) = resource(host, port, protocol) {
        service.bind(provider, kind, resource);
    }
}

/// Makes the bindings of one resource agree: what one service knows of it, all do; of what differs the first counts.
pub fn agree<'s>(services: impl Iterator<Item = &'s mut Service>) {
    let mut services: Vec<&mut Service> = services.collect();
    let mut known: HashMap<(&str, &str, String), Fields> = HashMap::new();
    for pass in [Pass::Collect, Pass::Write] {
        for service in &mut services {
            for provider in PROVIDERS {
                for (kind, list) in service.kinds_mut(provider) {
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

/// The fields of a service that have lists of resources.
const PROVIDERS: [&str; 5] = ["aws", "gcp", "azure", "cloudflare", "resources"];

/// What is done on a way through all services.
#[derive(Clone, Copy)]
enum Pass {
    /// What is known of resources is collected.
    Collect,
    /// It is written.
    Write,
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
