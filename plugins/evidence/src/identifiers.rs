//! What texts name of providers without a host of its own: ARNs, `s3://bucket`, the URL of a queue, `projects/p/topics/t`.

use crate::arn;

/// A resource that a text names: its provider, the list of its kind, its name.
pub type ResourceId<'t> = (&'static str, &'static str, &'t str);

/// The most words of a text that are looked at.
const MAX_WORDS: usize = 2_000;

/// Finds the resources of providers that a text names for good.
pub fn identified(text: &str) -> Vec<ResourceId<'_>> {
    let mut found = Vec::new();
    // What is neither a path nor an ARN names nothing here.
    if !text.contains("://") && !text.contains("arn:") && !text.contains("projects/") {
        return found;
    }
    let is_break = |one: char| one.is_whitespace() || "\"'`,;=<>()[]{}|".contains(one);
    for word in text.split(is_break).filter(|word| !word.is_empty()).take(MAX_WORDS) {
        let named = arn::resource(word).or_else(|| bucket(word)).or_else(|| queue(word)).or_else(|| of_project(word));
        found.extend(named.filter(|own| !found.contains(own)));
    }
    found
}

/// `s3://bucket/key`, `gs://bucket`.
fn bucket(word: &str) -> Option<ResourceId<'_>> {
    let (scheme, rest) = word.split_once("://")?;
    let (provider, list) = match scheme {
        "s3" | "s3a" | "s3n" => ("aws", "s3"),
        "gs" => ("gcp", "gcs"),
        _ => return None,
    };
    let name = rest.split(['/', '?', '#']).next()?;
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    // A host with a port is one that speaks as S3 does, and no bucket.
    (name.len() >= 3 && name.bytes().all(is_part)).then_some((provider, list, name))
}

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/jobs`.
fn queue(word: &str) -> Option<ResourceId<'_>> {
    let mut parts = word.split_once("://")?.1.split('/');
    let (host, account, name) = (parts.next()?, parts.next()?, parts.next()?);
    let is_host =
        host.ends_with(".amazonaws.com") && host.split('.').take(2).any(|label| matches!(label, "sqs" | "queue"));
    let is_account = account.len() == 12 && account.bytes().all(|one| one.is_ascii_digit());
    let name = name.split(['?', '#']).next()?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (is_host && is_account && !name.is_empty() && name.bytes().all(is_part)).then_some(("aws", "sqs", name))
}

/// `projects/p/topics/t`, also behind a host: what Google Cloud calls its resources.
fn of_project(word: &str) -> Option<ResourceId<'_>> {
    let at = word.find("projects/").filter(|&at| at == 0 || word[..at].ends_with('/'))?;
    let mut parts = word[at..].split('/').skip(2);
    let (collection, name) = (parts.next()?, parts.next()?);
    let name = name.split(['?', '#', ':']).next()?;
    let list = match collection {
        "topics" => "pubsub",
        "secrets" => "secretmanager",
        "datasets" => "bigquery",
        "instances" if parts.next() == Some("databases") => "spanner",
        _ => return None,
    };
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+%".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_part)).then_some(("gcp", list, name))
}

#[cfg(test)]
mod tests {
    use super::identified;

    #[test]
    fn resources_of_providers_are_named_without_a_host() {
        for (text, expected) in [
            ("s3://uploads/a/b", vec!["s3 uploads"]),
            ("aws s3 cp - s3a://back.ups/x && gsutil cp y gs://pics", vec!["s3 back.ups", "gcs pics"]),
            ("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", vec!["sqs jobs"]),
            ("https://eu-west-1.queue.amazonaws.com/123456789012/jobs.fifo", vec!["sqs jobs.fifo"]),
            ("arn:aws:sns:e:1:news,arn:aws:sqs:e:1:jobs", vec!["sns news", "sqs jobs"]),
            ("{\"table\":\"arn:aws:dynamodb:e:1:table/t\"}", vec!["dynamodb t"]),
            ("projects/p/topics/orders", vec!["pubsub orders"]),
            ("--secret=projects/p/secrets/db/versions/latest", vec!["secretmanager db"]),
            ("projects/p/instances/i/databases/d", vec!["spanner i"]),
            ("s3://minio:9000/x s3:// s3://${BUCKET}", vec![]),
            ("https://sqs.example.com/123456789012/jobs", vec![]),
            ("https://sqs.eu-west-1.amazonaws.com/jobs", vec![]),
            ("arn:aws:iam::1:role/r", vec![]),
            ("my-projects/p/topics/t", vec![]),
            ("just words", vec![]),
        ] {
            let found: Vec<String> =
                identified(text).into_iter().map(|(_, list, name)| format!("{list} {name}")).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
