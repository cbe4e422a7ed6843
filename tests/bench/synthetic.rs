//! Synthetic documents, as large as wanted: two connections and three resources a service on average, a tenth of the
//! resources shared, one owner for twenty services, one Helm release for fifty.

use std::fmt::Write as _;

/// The kinds of resources, by provider.
const KINDS: [(&str, &[&str]); 5] = [
    (
        "aws",
        &["rds", "dynamodb", "sqs", "sns", "s3", "lambda", "elasticache", "kinesis", "eventbridge", "secretsmanager"],
    ),
    ("gcp", &["cloudsql", "pubsub", "gcs", "cloudrun", "bigquery", "firestore", "spanner"]),
    ("azure", &["cosmosdb", "servicebus", "blobstorage", "functions", "keyvault", "sqldatabase"]),
    ("cloudflare", &["workers", "r2Buckets", "kv", "d1", "queues"]),
    ("resources", &["redis", "kafka", "elasticsearch", "mongodb", "postgresql", "mysql", "rabbitmq", "nats", "etcd"]),
];

/// The text of a document with so many services: the same at every call.
pub fn document(services: usize) -> String {
    let mut random = Random(1);
    let owners = (services / 20).max(1);
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write!(text, "{{\n  \"name\": \"synthetic-{services}\",\n  \"version\": \"1.0.0\",\n  \"owners\": {{");
    for owner in 0..owners {
        let _ = write!(
            text,
            "{}\n    \"team-{owner}\": {{\n      \"name\": \"Team {owner}\",\n      \"email\": \"team{owner}@example.com\"\n    }}",
            comma(owner)
        );
    }
    text.push_str("\n  },\n  \"services\": {");
    for service in 0..services {
        write_service(&mut text, &mut random, service, services, owners);
    }
    text.push_str("\n  },\n  \"deployments\": {\n    \"helm\": {");
    for chart in 0..services.div_ceil(50) {
        let _ = write!(
            text,
            "{}\n      \"chart-{chart}\": {{\n        \"chart\": \"org/chart-{chart}\",\n        \"version\": \"1.0.0\",\n        \"services\": [",
            comma(chart)
        );
        for service in chart * 50..services.min(chart * 50 + 50) {
            let _ = write!(text, "{}\n          \"svc-{service}\"", comma(service - chart * 50));
        }
        text.push_str("\n        ]\n      }");
    }
    text.push_str("\n    }\n  }\n}");
    text
}

fn write_service(text: &mut String, random: &mut Random, service: usize, services: usize, owners: usize) {
    let _ = write!(
        text,
        "{}\n    \"svc-{service}\": {{\n      \"description\": \"Service number {service}\",\n      \"owner\": \"team-{}\",\n      \
         \"repo\": {{\n        \"url\": \"https://git.example.com/org/svc-{service}\",\n        \"ref\": \"main\"\n      }},\n      \
         \"image\": {{\n        \"name\": \"registry.example.com/org/svc-{service}\",\n        \"tag\": \"v1.{}.0\"\n      }},\n      \
         \"exposes\": [\n        {{\n          \"port\": 8080,\n          \"protocol\": \"grpc\"\n        }}\n      ]",
        comma(service),
        service % owners,
        service % 50
    );
    let mut targets: Vec<usize> = (0..random.below(5)).map(|_| random.below(services)).collect();
    targets.sort_unstable();
    targets.dedup();
    targets.retain(|&target| target != service);
    if !targets.is_empty() {
        text.push_str(",\n      \"connections\": {");
        for (index, target) in targets.iter().enumerate() {
            let _ = write!(
                text,
                "{}\n        \"svc-{target}\": {{\n          \"port\": 8080,\n          \"protocol\": \"grpc\"\n        }}",
                comma(index)
            );
        }
        text.push_str("\n      }");
    }
    let mut bound: Vec<(usize, usize, usize)> = (0..1 + random.below(5))
        .map(|_| {
            let provider = random.below(KINDS.len());
            let kind = random.below(KINDS[provider].1.len());
            let shared = random.below(10) == 0;
            (
                provider,
                kind,
                if shared { random.below(services / 10 + 1) } else { services + service * 10 + random.below(10) },
            )
        })
        .collect();
    bound.sort_unstable();
    bound.dedup();
    for provider in bound.chunk_by(|a, b| a.0 == b.0) {
        let _ = write!(text, ",\n      \"{}\": {{", KINDS[provider[0].0].0);
        for (index, kind) in provider.chunk_by(|a, b| a.1 == b.1).enumerate() {
            let name = KINDS[kind[0].0].1[kind[0].1];
            let _ = write!(text, "{}\n        \"{name}\": [", comma(index));
            for (index, (_, _, id)) in kind.iter().enumerate() {
                let _ =
                    write!(text, "{}\n          {{\n            \"name\": \"{name}-{id}\"\n          }}", comma(index));
            }
            text.push_str("\n        ]");
        }
        text.push_str("\n      }");
    }
    text.push_str("\n    }");
}

fn comma(index: usize) -> &'static str {
    if index == 0 { "" } else { "," }
}

/// A small generator of pseudorandom numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
