//! Texts that name a resource for good, and such texts inside of others.

use crate::resource::{Resource, texts};

/// Attributes that name a resource for good, or the hosts at which it is reached.
const PATHS: &[&str] = &[
    "address",
    "api_endpoint",
    "arn",
    "bootstrap_brokers",
    "bootstrap_brokers_sasl_iam",
    "bootstrap_brokers_sasl_scram",
    "bootstrap_brokers_tls",
    "bootstrap_endpoint",
    "bucket_domain_name",
    "bucket_regional_domain_name",
    "cache_nodes.address",
    "cluster_address",
    "cluster_endpoint.address",
    "collection_endpoint",
    "configuration_endpoint",
    "configuration_endpoint_address",
    "connection_name",
    "default_hostname",
    "discovery_endpoint",
    "discovery_endpoints.address",
    "dns_name",
    "domain_name",
    "endpoint",
    "endpoint.address",
    "execution_arn",
    "first_ip_address",
    "fqdn",
    "function_url",
    "host",
    "hostname",
    "https_trigger_url",
    "id",
    "ingress.fqdn",
    "invoke_arn",
    "invoke_url",
    "ip_address",
    "ip_address.ip_address",
    "latest_revision_fqdn",
    "name",
    "primary_blob_endpoint",
    "primary_blob_host",
    "primary_endpoint_address",
    "primary_queue_endpoint",
    "primary_web_host",
    "private_ip_address",
    "public_ip_address",
    "qualified_arn",
    "reader_endpoint",
    "reader_endpoint_address",
    "self_link",
    "service_config.uri",
    "service_host",
    "service_url",
    "srv_address",
    "status.url",
    "stream_arn",
    "uri",
    "url",
    "vault_private_endpoint_url",
    "vault_uri",
];

/// The least length of a text that names something for good.
const LEAST: usize = 7;

/// The texts that name a resource for good.
pub fn identities(resource: &Resource) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        if is_sure(text) && !found.iter().any(|own| own == text) {
            found.push(text.to_owned());
        }
    };
    for text in PATHS.iter().flat_map(|path| texts(&resource.values, path)).flat_map(|text| text.split(',')) {
        let text = text.trim();
        let bare = text.rsplit_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
        add(text);
        add(bare);
        // `host:5432`
        if let Some((host, port)) = bare.rsplit_once(':')
            && port.bytes().all(|one| one.is_ascii_digit())
            && !host.contains([':', '/'])
        {
            add(host);
        }
    }
    // A database is reached at its server, which has a resource of its own.
    if matches!(resource.address.kind.as_str(), "azurerm_mssql_database" | "azurerm_sql_database") {
        let server = resource.text("server_name").or_else(|| resource.text("server_id")?.rsplit('/').next());
        server.into_iter().for_each(|server| add(&format!("{server}.database.windows.net")));
    }
    found
}

/// Whether a text is more than a name that other things have, too: an ARN, a URL, a host, an id.
fn is_sure(text: &str) -> bool {
    let is_id = || text.len() >= 16 && text.bytes().all(|one| one.is_ascii_hexdigit() || one == b'-');
    text.len() >= LEAST && !text.contains(char::is_whitespace) && (text.contains([':', '/', '.']) || is_id())
}

/// The most parts of a text that are looked at, and the most ends that are cut from one.
const MAX_PARTS: usize = 2_000;
const MAX_CUTS: usize = 12;

/// The ARNs and hosts in a text.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(is_break).filter(|part| part.len() >= LEAST).take(MAX_PARTS);
    words.map(|word| {
        if word.starts_with("arn:") {
            return word;
        }
        behind_scheme(word).split([':', '/']).next().unwrap_or_default()
    })
}

/// What stands behind the scheme of a URL, and behind what carries a connection: `tcp:db.example.com,1433`.
fn behind_scheme(word: &str) -> &str {
    let rest = word.rsplit_once("://").map_or(word, |(_, rest)| rest);
    rest.strip_prefix("tcp:").unwrap_or(rest)
}

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|one| is_break(one) || matches!(one, '/' | ':')).filter(|word| !word.is_empty()).take(MAX_PARTS)
}

/// Whether a sign ends a word.
fn is_break(one: char) -> bool {
    one.is_whitespace() || "\"'`,;=<>()[]{}|&?@\\#$".contains(one)
}

/// The parts of a text that may name something for good: whole words of it, and each up to one of its `:` and `/`.
pub fn candidates(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in text.split(is_break).filter(|part| part.len() >= LEAST).take(MAX_PARTS) {
        found.push(part);
        let mut rest = behind_scheme(part).trim_end_matches(['/', ':', '.']);
        for _ in 0..MAX_CUTS {
            if rest.len() < LEAST {
                break;
            }
            found.push(rest);
            let Some(at) = rest.rfind([':', '/']) else { break };
            rest = rest[..at].trim_end_matches([':', '/']);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn what_a_text_names_is_found_whole() {
        for (text, name, is_in) in [
            ("arn:aws:s3:::shop-uploads/*", "arn:aws:s3:::shop-uploads", true),
            ("arn:aws:s3:::shop-uploads-logs/*", "arn:aws:s3:::shop-uploads", false),
            ("arn:aws:s3:::shop-uploads*", "arn:aws:s3:::shop-uploads", false),
            (
                "arn:aws:secretsmanager:eu:1:secret:shop/db-Ab:password::",
                "arn:aws:secretsmanager:eu:1:secret:shop/db-Ab",
                true,
            ),
            ("postgres://u:p@db.example.com:5432/app", "db.example.com", true),
            ("jdbc:postgresql://db.example.com:5432/app?x=y", "db.example.com", true),
            ("Endpoint=sb://bus.servicebus.windows.net/;Key=x", "bus.servicebus.windows.net", true),
            ("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db/)", "kv.vault.azure.net", true),
            ("https://sqs.eu-central-1.amazonaws.com/1/jobs-dlq", "sqs.eu-central-1.amazonaws.com/1/jobs", false),
            ("a,https://sqs.eu-central-1.amazonaws.com/1/jobs", "sqs.eu-central-1.amazonaws.com/1/jobs", true),
            ("Server=tcp:s.database.windows.net,1433;Database=a", "s.database.windows.net", true),
            ("my-db.example.com", "db.example.com", false),
        ] {
            assert_eq!(candidates(text).contains(&name), is_in, "{name} in {text}");
        }
    }
}
