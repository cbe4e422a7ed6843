//! What is known of images, of schemes in URLs, and of ports.

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The list of generic resources that it belongs to (`postgresql`), where the format has one.
    pub kind: Option<&'static str>,
    /// The protocol that it speaks.
    pub protocol: &'static str,
    /// The port that it listens on.
    pub port: u16,
}

const fn resource(kind: &'static str, protocol: &'static str, port: u16) -> Known {
    Known { kind: Some(kind), protocol, port }
}

const fn service(protocol: &'static str, port: u16) -> Known {
    Known { kind: None, protocol, port }
}

/// The last parts of names of images.
const IMAGES: &[(&[&str], Known)] = &[
    (
        &["postgres", "postgresql", "postgis", "pgvector", "pgvecto-rs", "timescaledb", "timescaledb-ha"],
        resource("postgresql", "sql", 5432),
    ),
    (&["mysql", "mysql-server", "mariadb", "percona", "percona-server"], resource("mysql", "sql", 3306)),
    (
        &["redis", "redis-stack", "redis-stack-server", "redismod", "valkey", "keydb", "dragonfly"],
        resource("redis", "redis", 6379),
    ),
    (&["mongo", "mongodb", "mongodb-community-server"], resource("mongodb", "mongodb", 27017)),
    (&["rabbitmq"], resource("rabbitmq", "amqp", 5672)),
    (&["kafka", "cp-kafka", "redpanda", "kafka-native"], resource("kafka", "kafka", 9092)),
    (&["nats", "nats-streaming"], resource("nats", "nats", 4222)),
    (&["elasticsearch", "opensearch"], resource("elasticsearch", "http", 9200)),
    (&["memcached"], resource("memcached", "memcached", 11211)),
    (&["minio"], resource("minio", "http", 9000)),
    (&["cassandra", "scylla"], resource("cassandra", "cql", 9042)),
    (&["etcd"], resource("etcd", "grpc", 2379)),
    (&["vault"], resource("vault", "http", 8200)),
    (&["consul"], resource("consul", "http", 8500)),
    (&["clickhouse", "clickhouse-server"], service("http", 8123)),
    (&["pgbouncer"], service("sql", 5432)),
    (&["zookeeper", "cp-zookeeper"], service("tcp", 2181)),
    (&["nginx", "httpd", "caddy", "traefik", "haproxy"], service("http", 80)),
    (&["influxdb"], service("http", 8086)),
    (&["prometheus"], service("http", 9090)),
    (&["grafana", "grafana-oss", "grafana-enterprise"], service("http", 3000)),
    (&["jaeger", "opentelemetry-collector", "opentelemetry-collector-contrib"], service("grpc", 4317)),
    (&["smtp", "postfix"], service("smtp", 25)),
    (&["mailhog", "mailpit", "maildev"], service("smtp", 1025)),
];

/// Returns what is known of an image, by the last part of its name.
pub fn image(name: &str) -> Option<Known> {
    let short = name.rsplit('/').next().unwrap_or(name);
    IMAGES.iter().find(|(names, _)| names.contains(&short)).map(|&(_, known)| known)
}

/// Returns the protocol of a scheme, and the port that it has where a URL names none.
pub fn scheme(scheme: &str) -> Option<(&'static str, Option<u16>)> {
    let scheme = scheme.split('+').next().unwrap_or(scheme).to_ascii_lowercase();
    Some(match scheme.as_str() {
        "http" => ("http", Some(80)),
        "https" => ("https", Some(443)),
        "ws" => ("ws", Some(80)),
        "wss" => ("wss", Some(443)),
        "grpc" | "grpcs" => ("grpc", None),
        "postgres" | "postgresql" | "pgsql" | "postgis" | "asyncpg" => ("sql", Some(5432)),
        "mysql" | "mysql2" | "mariadb" => ("sql", Some(3306)),
        "sqlserver" | "mssql" => ("sql", Some(1433)),
        "redis" | "rediss" | "valkey" => ("redis", Some(6379)),
        "amqp" => ("amqp", Some(5672)),
        "amqps" => ("amqp", Some(5671)),
        "mongodb" => ("mongodb", Some(27017)),
        "nats" => ("nats", Some(4222)),
        "kafka" => ("kafka", Some(9092)),
        "smtp" => ("smtp", Some(25)),
        "ldap" => ("ldap", Some(389)),
        "mqtt" => ("mqtt", Some(1883)),
        "clickhouse" => ("tcp", Some(9000)),
        "memcached" => ("memcached", Some(11211)),
        "tcp" => ("tcp", None),
        "udp" => ("udp", None),
        _ => return None,
    })
}

/// Guesses the protocol that is spoken at a port: `tcp` where nothing is usual.
pub fn protocol(port: u16) -> &'static str {
    match port {
        80 | 3000..=3010 | 4318 | 5000 | 8000..=8099 | 8123 | 8888 | 9090 | 9200 => "http",
        443 | 8443 => "https",
        4317 | 50051..=50059 => "grpc",
        3306 | 5432 | 1433 => "sql",
        6379 => "redis",
        5672 => "amqp",
        27017 => "mongodb",
        9092 => "kafka",
        4222 => "nats",
        11211 => "memcached",
        9042 => "cql",
        25 | 587 | 1025 => "smtp",
        _ => "tcp",
    }
}
