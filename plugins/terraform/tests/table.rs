//! The table of types against the catalogue of the format.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;
use spec_engine_terraform::table;

use crate::support::{of, stored};

fn root(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of the catalogue: the kind, the prefix of its ids, the text of its row.
fn catalogue() -> BTreeMap<String, (String, String)> {
    let text = root("host/src/catalogue.rs");
    let rows = text.split("kind(\"").skip(1).filter(|row| row.contains('.'));
    let of_row = |row: &str| {
        let mut words = row.split('"');
        let (kind, _, prefix) = (words.next()?, words.next()?, words.next()?);
        Some((kind.to_owned(), (prefix.to_owned(), row.to_owned())))
    };
    rows.filter_map(of_row).filter(|(kind, _)| kind.split('.').count() == 2).collect()
}

#[test]
fn every_kind_and_field_is_one_of_the_format() {
    let catalogue = catalogue();
    assert_eq!(catalogue.len(), 51);
    for kind in table::kinds() {
        let (prefix, row) = &catalogue[&format!("{}.{}", kind.provider, kind.list)];
        assert_eq!(kind.prefix, prefix, "{}.{}", kind.provider, kind.list);
        let named_by = row.split("named_by(\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("name");
        assert_eq!(kind.named_by, named_by, "{}.{}", kind.provider, kind.list);
    }
    for (name, kind, fields) in table::resources() {
        let (_, row) = catalogue.get(kind).unwrap_or_else(|| panic!("{name} is of `{kind}`, which is no kind"));
        for field in fields {
            let is_field = row.contains(&format!("(\"{field}\")")) || (field == "port" && row.contains("PORT"));
            assert!(is_field, "{name} has the field `{field}`, which {kind} has not");
        }
    }
}

#[test]
fn no_type_stands_twice() {
    let mut names = table::types();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// What a second reader has in its table, and what is a resource there.
#[test]
fn the_types_that_users_have_are_resources_of_their_kinds() {
    let text = root("tests/fixtures/terraform/types.tsv");
    let known: BTreeMap<&str, &str> = table::resources().into_iter().map(|(name, kind, _)| (name, kind)).collect();
    for line in text.lines().skip(1) {
        let mut columns = line.split('\t');
        let (name, kind) = (columns.next().unwrap(), columns.next().unwrap());
        assert_eq!(known.get(name).copied().unwrap_or("-"), kind, "{name}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn fields_are_read_from_attributes() {
    for (kind, values, list, expected) in [
        (
            "aws_db_instance",
            json!({"identifier": "a", "engine": "postgres", "port": 5433}),
            "/aws/rds/0",
            json!({"name": "a", "engine": "postgres", "port": 5433}),
        ),
        (
            "aws_apigatewayv2_api",
            json!({"name": "a", "protocol_type": "HTTP"}),
            "/aws/apigateway/0",
            json!({"name": "a", "type": "HTTP"}),
        ),
        (
            "aws_cloudfront_distribution",
            json!({"id": "E1", "domain_name": "d.cloudfront.net"}),
            "/aws/cloudfront/0",
            json!({"id": "E1", "domain": "d.cloudfront.net"}),
        ),
        ("aws_bedrockagent_agent", json!({"foundation_model": "m"}), "/aws/bedrock/0", json!({"modelId": "m"})),
        (
            "aws_msk_cluster",
            json!({"cluster_name": "a", "bootstrap_brokers_tls": "b-1:9094,b-2:9094", "bootstrap_brokers": ""}),
            "/resources/kafka/0",
            json!({"name": "a", "bootstrapServers": "b-1:9094,b-2:9094"}),
        ),
        (
            "aws_memorydb_cluster",
            json!({"name": "a", "cluster_endpoint": [{"address": "h", "port": 6379}], "port": 6379}),
            "/resources/redis/0",
            json!({"name": "a", "host": "h", "port": 6379}),
        ),
        (
            "google_sql_database_instance",
            json!({"name": "a", "database_version": "POSTGRES_15"}),
            "/gcp/cloudsql/0",
            json!({"name": "a", "databaseType": "postgres"}),
        ),
        ("google_memcache_instance", json!({"name": "a"}), "/gcp/memorystore/0", json!({"name": "a", "port": 11211})),
        (
            "azurerm_cosmosdb_account",
            json!({"name": "a", "kind": "GlobalDocumentDB", "capabilities": [{"name": "EnableCassandra"}]}),
            "/azure/cosmosdb/0",
            json!({"name": "a", "api": "cassandra"}),
        ),
        (
            "azurerm_cosmosdb_account",
            json!({"name": "a", "kind": "GlobalDocumentDB", "capabilities": []}),
            "/azure/cosmosdb/0",
            json!({"name": "a", "api": "sql"}),
        ),
        (
            "azurerm_mssql_database",
            json!({"name": "a", "server_id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.Sql/servers/s"}),
            "/azure/sqldatabase/0",
            json!({"name": "a", "server": "s"}),
        ),
        (
            "azurerm_redis_cache",
            json!({"name": "a", "ssl_port": 6380}),
            "/azure/rediscache/0",
            json!({"name": "a", "port": 6380}),
        ),
        (
            "azurerm_linux_function_app",
            json!({"name": "a", "site_config": [{"application_stack": [{"node_version": "20", "dotnet_version": ""}]}]}),
            "/azure/functions/0",
            json!({"name": "a", "runtime": "node20"}),
        ),
        (
            "google_cloud_run_v2_service",
            json!({"name": "a", "location": "europe-west1"}),
            "/gcp/cloudrun/0",
            json!({"name": "a", "region": "europe-west1"}),
        ),
        (
            "aws_elasticache_serverless_cache",
            json!({"name": "a", "engine": "valkey", "endpoint": [{"port": 6379}]}),
            "/aws/elasticache/0",
            json!({"name": "a", "engine": "valkey", "port": 6379}),
        ),
        (
            "mongodbatlas_cluster",
            json!({"name": "a", "srv_address": "mongodb+srv://a.b.mongodb.net"}),
            "/resources/mongodb/0",
            json!({"name": "a", "host": "a.b.mongodb.net"}),
        ),
        ("cloudflare_workers_kv_namespace", json!({"title": "a"}), "/cloudflare/kv/0", json!({"name": "a"})),
    ] {
        let import = of(&[stored(&format!("{kind}.x"), values, &[])]);
        let service = import.document["services"].as_object().unwrap().values().next().unwrap();
        assert_eq!(service.pointer(list), Some(&expected), "{kind}: {service}");
    }
}

#[test]
fn parts_are_written_into_what_they_are_parts_of() {
    let import = of(&[
        stored("azurerm_servicebus_namespace.b", json!({"name": "bus", "id": "/s/namespaces/bus"}), &[]),
        stored("azurerm_servicebus_queue.q", json!({"name": "in", "namespace_id": "/s/namespaces/bus"}), &[]),
        stored("azurerm_servicebus_topic.t", json!({"name": "out", "namespace_id": "/s/namespaces/bus"}), &[]),
        stored("azurerm_storage_account.s", json!({"name": "files"}), &[]),
        stored("azurerm_storage_container.c", json!({"name": "up", "storage_account_name": "files"}), &[]),
        stored("azurerm_eventhub_namespace.e", json!({"name": "hubs"}), &[]),
        stored("azurerm_eventhub.h", json!({"name": "clicks", "namespace_name": "hubs"}), &[]),
        stored("google_spanner_instance.m", json!({"name": "main"}), &[]),
        stored("google_sql_database_instance.m", json!({"name": "main"}), &[]),
        stored("google_spanner_database.d", json!({"name": "orders", "instance": "main"}), &[]),
        stored("google_sql_database.d", json!({"name": "users", "instance": "main"}), &[]),
    ]);
    let own = import.service("unbound-resources");
    assert_eq!(own["azure"]["servicebus"], json!([{"name": "bus", "queues": ["in"], "topics": ["out"]}]));
    assert_eq!(own["azure"]["blobstorage"], json!([{"name": "files", "containers": ["up"]}]));
    assert_eq!(own["azure"]["eventhubs"], json!([{"name": "hubs", "hubs": ["clicks"]}]));
    assert_eq!(own["gcp"]["spanner"], json!([{"name": "main", "database": "orders"}]));
    assert_eq!(own["gcp"]["cloudsql"], json!([{"name": "main"}]));
    assert!(import.said("no-kind").is_empty());
}

#[test]
fn a_database_is_one_of_its_engine() {
    for (kind, values, expected) in [
        ("aws_mq_broker", json!({"broker_name": "a", "engine_type": "RabbitMQ"}), "rabbitmq a"),
        (
            "digitalocean_database_cluster",
            json!({"name": "a", "engine": "pg", "host": "h", "port": 25060}),
            "postgresql a:25060",
        ),
        ("ibm_database", json!({"name": "a", "service": "databases-for-etcd"}), "etcd a"),
        ("heroku_addon", json!({"name": "a", "plan": "memcachier:dev"}), "memcached a"),
        ("huaweicloud_dcs_instance", json!({"name": "a", "engine": "Memcached"}), "memcached a"),
        ("alicloud_kvstore_instance", json!({"db_instance_name": "a", "instance_type": "Redis"}), "redis a"),
        ("scaleway_rdb_instance", json!({"name": "a", "engine": "PostgreSQL-15"}), "postgresql a"),
    ] {
        let import = of(&[stored(&format!("{kind}.x"), values, &[])]);
        assert_eq!(import.uses("unbound-resources"), [expected], "{kind}");
    }
    let other = stored("aws_mq_broker.b", json!({"broker_name": "jobs", "engine_type": "ActiveMQ"}), &[]);
    let import = of(&[other, stored("aws_sqs_queue.q", json!({"name": "q"}), &[])]);
    assert_eq!(import.uses("unbound-resources"), ["aws.sqs q"]);
    assert!(import.said("no-kind")[0].contains("1 aws_mq_broker"), "{:?}", import.notes);
}

#[test]
fn every_kind_has_a_type() {
    let kinds: BTreeSet<&str> = table::resources().into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds.len(), 51, "{kinds:?}");
}

#[test]
fn parts_without_their_whole_are_counted() {
    let import = of(&[
        stored("google_pubsub_subscription.s", json!({"name": "s", "topic": "projects/p/topics/elsewhere"}), &[]),
        stored("google_pubsub_subscription.t", json!({"name": "t", "topic": "projects/p/topics/elsewhere"}), &[]),
        stored("aws_sqs_queue.q", json!({"name": "q"}), &[]),
    ]);
    let said = import.said("lone-part");
    assert!(said.len() == 1 && said[0].contains("2 google_pubsub_subscription"), "{:?}", import.notes);
}
