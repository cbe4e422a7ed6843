//! Modules and charts, as what deploys.

use indexmap::IndexMap;
use spec_engine_evidence::document::{Deployments, Module, Release};

use crate::nodes::Resources;
use crate::shapes::{Other, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// What deploys, by the modules and releases of all stacks.
pub fn deployments(reading: &Reading, resources: &Resources, workloads: &[Workload]) -> Deployments {
    let mut deployments = Deployments::default();
    for (position, stack) in reading.stacks.iter().enumerate() {
        let known = &stack.configuration.modules;
        let names = known.keys().chain(stack.modules.iter().filter(|name| !known.contains_key(*name)));
        for name in names {
            let source = known.get(name);
            let (source, by_source) = source.map_or((String::new(), None), |own| cleaned(&own.source));
            let version = known.get(name).and_then(|own| own.version.clone()).or(by_source);
            let resources = deployed(reading, resources, workloads, (position, name));
            let mut key = name.clone();
            // Two systems may have modules of one name.
            while deployments.terraform.contains_key(&key) {
                key.push_str(".2");
            }
            deployments.terraform.insert(key, Module { source, version, resources });
        }
    }
    deployments.helm = releases(reading);
    deployments
}

/// The ids of the nodes in a module of a stack.
fn deployed(reading: &Reading, resources: &Resources, workloads: &[Workload], module: (usize, &str)) -> Vec<String> {
    let is_in = |source: &usize| {
        let own = &reading.resources[*source];
        own.stack == module.0 && own.address.module() == module.1
    };
    let services =
        workloads.iter().filter(|own| own.resources.iter().any(is_in)).map(|own| format!("svc:{}", own.name));
    let nodes = resources.all.iter().filter(|node| node.sources.iter().any(is_in)).map(|node| node.id());
    services.chain(nodes).collect()
}

/// A source without what a URL in it may hold of secrets, and the version that it asks for.
fn cleaned(source: &str) -> (String, Option<String>) {
    let (place, query) = source.split_once('?').unwrap_or((source, ""));
    let version = query.split('&').find_map(|pair| pair.strip_prefix("ref=")).map(str::to_owned);
    let place = match place.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or(host);
            let slash = if path.is_empty() { "" } else { "/" };
            format!("{scheme}://{host}{slash}{path}")
        }
        None => place.to_owned(),
    };
    (place, version.filter(|version| !version.is_empty()))
}

/// The releases of Helm by their names; of two with one name the later has its namespace in its own.
fn releases(reading: &Reading) -> IndexMap<String, Release> {
    let mut releases: IndexMap<String, Release> = IndexMap::new();
    for own in &reading.resources {
        if !matches!(own.row.role, Role::Other(Other::Helm)) {
            continue;
        }
        let name = own.text("name").map_or_else(|| own.address.label(), str::to_owned);
        let name = match (releases.contains_key(&name), own.text("namespace")) {
            (true, Some(namespace)) => format!("{name}.{namespace}"),
            _ => name,
        };
        let chart = own.text("chart").map_or_else(|| own.address.label(), |chart| cleaned(chart).0);
        let repo = own.text("repository").filter(|url| url.contains("://")).map(|url| cleaned(url).0);
        let version = own.text("version").map(str::to_owned);
        releases.entry(name).or_insert(Release { chart, version, repo, services: Vec::new() });
    }
    releases
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn sources_lose_their_secrets() {
        for (source, place, version) in [
            ("terraform-aws-modules/rds/aws", "terraform-aws-modules/rds/aws", None),
            ("./modules/db", "./modules/db", None),
            (
                "git::https://me:token@example.com/vpc.git?ref=v1.2&depth=1",
                "git::https://example.com/vpc.git",
                Some("v1.2"),
            ),
            ("git@github.com:acme/vpc.git?ref=v2", "git@github.com:acme/vpc.git", Some("v2")),
            ("git::ssh://git@example.com/vpc.git?sshkey=abc", "git::ssh://example.com/vpc.git", None),
        ] {
            assert_eq!(cleaned(source), (place.to_owned(), version.map(str::to_owned)), "{source}");
        }
    }
}
