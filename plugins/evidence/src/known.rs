//! What is known of images: the resource that they are, the ports that they listen on, and what is spoken there.

/// What is known of an image.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownImage {
    /// The last parts of its names.
    names: &'static [&'static str],
    /// The list of generic resources that it belongs to (`postgresql`), where the format has one.
    pub kind: Option<&'static str>,
    /// The ports that it listens on with their protocols, the one that clients use first.
    pub ports: &'static [(u16, &'static str)],
}

impl KnownImage {
    /// The port that clients use, and its protocol.
    pub fn main(&self) -> (u16, &'static str) {
        self.ports[0]
    }

    /// The protocol that is spoken at a port.
    pub fn protocol(&self, port: u16) -> Option<&'static str> {
        self.ports.iter().find(|(own, _)| *own == port).map(|&(_, protocol)| protocol)
    }
}

const fn resource(
    kind: &'static str,
    names: &'static [&'static str],
    ports: &'static [(u16, &'static str)],
) -> KnownImage {
    KnownImage { names, kind: Some(kind), ports }
}

const fn service(names: &'static [&'static str], ports: &'static [(u16, &'static str)]) -> KnownImage {
    KnownImage { names, kind: None, ports }
}

/// What is known of an image, by the last part of its name and its tag.
pub fn image(name: &str, tag: Option<&str>) -> Option<&'static KnownImage> {
    let short = name.rsplit('/').next().unwrap_or(name);
    let is_named = |known: &&KnownImage| {
        // What is too common a word stands with the part before it.
        known.names.iter().any(|own| *own == short || (own.contains('/') && name.ends_with(own)))
    };
    let is_fpm = tag.is_some_and(|tag| tag.split('-').any(|part| part == "fpm")) || short.ends_with("fpm");
    let found = IMAGES.iter().find(is_named);
    if is_fpm && found.is_none_or(|known| known.kind.is_none()) { Some(&FPM) } else { found }
}

const FPM: KnownImage = service(&[], &[(9000, "fastcgi")]);

const IMAGES: &[KnownImage] = &[
    resource(
        "postgresql",
        &[
            "postgres",
            "postgresql",
            "postgis",
            "pgvector",
            "pgvecto-rs",
            "timescaledb",
            "timescaledb-ha",
            "vectorchord",
        ],
        &[(5432, "sql")],
    ),
    resource(
        "mysql",
        &["mysql", "mysql-server", "mariadb", "percona", "percona-server"],
        &[(3306, "sql"), (33060, "sql")],
    ),
    resource(
        "redis",
        &["redis", "redis-stack", "redis-stack-server", "redismod", "valkey", "keydb", "dragonfly"],
        &[(6379, "redis"), (8001, "http")],
    ),
    resource("mongodb", &["mongo", "mongodb", "mongodb-community-server"], &[(27017, "mongodb")]),
    resource(
        "rabbitmq",
        &["rabbitmq"],
        &[
            (5672, "amqp"),
            (5671, "amqp"),
            (15672, "http"),
            (15671, "https"),
            (15692, "http"),
            (61613, "stomp"),
            (1883, "mqtt"),
            (15675, "ws"),
            (25672, "tcp"),
            (4369, "tcp"),
        ],
    ),
    resource(
        "kafka",
        &["kafka", "cp-kafka", "redpanda", "kafka-native", "cp-server"],
        &[(9092, "kafka"), (8082, "http"), (8081, "http"), (9644, "http"), (33145, "tcp"), (9101, "tcp")],
    ),
    resource("nats", &["nats", "nats-streaming"], &[(4222, "nats"), (8222, "http"), (6222, "tcp")]),
    resource(
        "elasticsearch",
        &["elasticsearch", "opensearch", "elasticsearch-oss"],
        &[(9200, "http"), (9300, "tcp"), (9600, "http")],
    ),
    resource("memcached", &["memcached"], &[(11211, "memcached")]),
    resource("minio", &["minio"], &[(9000, "http"), (9001, "http")]),
    resource("cassandra", &["cassandra", "scylla"], &[(9042, "cql"), (7000, "tcp"), (7199, "tcp"), (9160, "tcp")]),
    resource("etcd", &["etcd"], &[(2379, "grpc"), (2380, "tcp")]),
    resource("vault", &["vault"], &[(8200, "http"), (8201, "tcp")]),
    resource("consul", &["consul"], &[(8500, "http"), (8600, "udp"), (8300, "tcp"), (8301, "tcp"), (8502, "grpc")]),
    service(
        &["clickhouse", "clickhouse-server"],
        &[(8123, "http"), (9000, "tcp"), (9004, "sql"), (9005, "sql"), (9009, "http")],
    ),
    service(&["cockroach"], &[(26257, "sql"), (8080, "http")]),
    service(&["mssql/server", "azure-sql-edge", "mssql-server-linux"], &[(1433, "sql")]),
    service(&["pgbouncer"], &[(5432, "sql"), (6432, "sql")]),
    service(&["zookeeper", "cp-zookeeper"], &[(2181, "tcp"), (2888, "tcp"), (3888, "tcp")]),
    service(&["couchdb"], &[(5984, "http")]),
    service(&["neo4j"], &[(7687, "bolt"), (7474, "http"), (7473, "https")]),
    service(&["meilisearch"], &[(7700, "http")]),
    service(&["typesense"], &[(8108, "http")]),
    service(&["qdrant"], &[(6333, "http"), (6334, "grpc")]),
    service(&["solr"], &[(8983, "http")]),
    service(&["weaviate"], &[(8080, "http"), (50051, "grpc")]),
    service(&["influxdb"], &[(8086, "http")]),
    service(&["victoria-metrics"], &[(8428, "http")]),
    service(
        &[
            "nginx",
            "httpd",
            "caddy",
            "haproxy",
            "nginx-proxy",
            "wordpress",
            "nextcloud",
            "drupal",
            "joomla",
            "phpmyadmin",
        ],
        &[(80, "http"), (443, "https")],
    ),
    service(
        &["nginx-unprivileged", "tomcat", "jenkins", "adminer"],
        &[(8080, "http"), (8443, "https"), (50000, "tcp")],
    ),
    service(&["traefik"], &[(80, "http"), (443, "https"), (8080, "http")]),
    service(&["varnish", "pgadmin4", "mediawiki", "matomo"], &[(80, "http"), (443, "https")]),
    service(&["keycloak"], &[(8080, "http"), (8443, "https"), (9000, "http")]),
    service(&["vaultwarden/server"], &[(80, "http")]),
    service(&["goauthentik/server"], &[(9000, "http"), (9443, "https")]),
    service(&["prometheus"], &[(9090, "http")]),
    service(&["alertmanager"], &[(9093, "http"), (9094, "tcp")]),
    service(&["pushgateway"], &[(9091, "http")]),
    service(&["node-exporter"], &[(9100, "http")]),
    service(&["cadvisor", "kafka-ui", "akhq"], &[(8080, "http")]),
    service(&["schema-registry", "cp-schema-registry"], &[(8081, "http")]),
    service(&["cp-kafka-connect", "debezium/connect"], &[(8083, "http")]),
    service(&["grafana", "grafana-oss", "grafana-enterprise", "metabase", "gitea", "gotenberg"], &[(3000, "http")]),
    service(&["loki", "mimir"], &[(3100, "http"), (9095, "grpc")]),
    service(&["tempo"], &[(3200, "http"), (4317, "grpc"), (4318, "http")]),
    service(&["kibana", "opensearch-dashboards"], &[(5601, "http")]),
    service(&["logstash"], &[(5044, "tcp"), (9600, "http")]),
    service(&["fluentd", "fluent-bit"], &[(24224, "tcp")]),
    service(&["graylog"], &[(9000, "http"), (12201, "udp"), (514, "udp")]),
    service(&["statsd", "statsd-exporter"], &[(8125, "udp"), (8126, "tcp"), (9102, "http")]),
    service(&["promtail"], &[(9080, "http")]),
    service(&["guacd"], &[(4822, "tcp")]),
    service(&["docker-socket-proxy", "socket-proxy"], &[(2375, "tcp")]),
    service(&["zipkin"], &[(9411, "http")]),
    service(
        &["jaeger", "jaegertracing/all-in-one"],
        &[
            (4317, "grpc"),
            (4318, "http"),
            (16686, "http"),
            (14268, "http"),
            (14250, "grpc"),
            (6831, "udp"),
            (6832, "udp"),
            (9411, "http"),
        ],
    ),
    service(
        &["opentelemetry-collector", "opentelemetry-collector-contrib", "otelcol"],
        &[(4317, "grpc"), (4318, "http"), (8888, "http"), (8889, "http"), (13133, "http"), (55679, "http")],
    ),
    service(&["smtp", "postfix", "exim"], &[(25, "smtp"), (587, "smtp"), (465, "smtp")]),
    service(&["mailhog", "mailpit"], &[(1025, "smtp"), (8025, "http")]),
    service(&["maildev"], &[(1025, "smtp"), (1080, "http")]),
    service(&["openldap"], &[(389, "ldap"), (636, "ldap"), (1389, "ldap")]),
    service(
        &["eclipse-mosquitto", "mosquitto", "emqx"],
        &[(1883, "mqtt"), (8883, "mqtt"), (9001, "ws"), (18083, "http")],
    ),
    service(&["activemq", "activemq-artemis"], &[(61616, "tcp"), (8161, "http"), (5672, "amqp"), (61613, "stomp")]),
    service(&["pulsar"], &[(6650, "tcp"), (8080, "http")]),
    service(&["temporalio/auto-setup", "temporalio/server"], &[(7233, "grpc")]),
    service(&["localstack"], &[(4566, "http")]),
    service(&["dynamodb-local"], &[(8000, "http")]),
    service(&["azurite"], &[(10000, "http"), (10001, "http"), (10002, "http")]),
    service(&["registry"], &[(5000, "http")]),
    service(&["sonarqube"], &[(9000, "http")]),
    service(&["n8n"], &[(5678, "http")]),
    service(&["ghost"], &[(2368, "http")]),
    service(&["tika"], &[(9998, "http")]),
    service(&["clamav", "clamd"], &[(3310, "tcp")]),
    service(&["rspamd"], &[(11334, "http"), (11332, "tcp"), (11333, "http")]),
    service(&["kong"], &[(8000, "http"), (8443, "https"), (8001, "http"), (8444, "https")]),
    service(&["graphql-engine", "imgproxy"], &[(8080, "http")]),
    service(&["mongo-express"], &[(8081, "http")]),
    service(&["postgrest"], &[(3000, "http")]),
    service(&["ollama"], &[(11434, "http")]),
    service(&["selenium/hub", "standalone-chrome", "standalone-firefox"], &[(4444, "http")]),
    service(&["unbound", "bind9", "coredns"], &[(53, "udp")]),
];

#[cfg(test)]
mod tests {
    use super::{IMAGES, image};

    #[test]
    fn images_are_known_by_the_last_part_of_their_name() {
        for (name, tag, expected) in [
            ("postgres", Some("16"), Some((5432, "sql"))),
            ("docker.io/bitnami/rabbitmq", None, Some((5672, "amqp"))),
            ("php", Some("8.3-fpm-alpine"), Some((9000, "fastcgi"))),
            ("nextcloud", Some("fpm"), Some((9000, "fastcgi"))),
            ("nextcloud", Some("29"), Some((80, "http"))),
            ("mcr.microsoft.com/mssql/server", None, Some((1433, "sql"))),
            ("acme/shop", None, None),
        ] {
            assert_eq!(image(name, tag).map(super::KnownImage::main), expected, "{name}");
        }
        let rabbitmq = image("rabbitmq", None).unwrap();
        assert_eq!((rabbitmq.protocol(15672), rabbitmq.protocol(80)), (Some("http"), None));
    }

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<_> = IMAGES.iter().flat_map(|known| known.names).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
