//! What is usual: the protocol and the port of a scheme, the protocol at a port.

/// The protocol of a scheme, and the port that it has where a URL names none.
pub fn scheme(scheme: &str) -> Option<(&'static str, Option<u16>)> {
    // Of `mysql+pymysql` and `db+postgresql`, the part that is known counts.
    scheme.split('+').find_map(|part| of_part(&part.to_ascii_lowercase()))
}

fn of_part(scheme: &str) -> Option<(&'static str, Option<u16>)> {
    Some(match scheme {
        "http" => ("http", Some(80)),
        "https" => ("https", Some(443)),
        "ws" => ("ws", Some(80)),
        "wss" => ("wss", Some(443)),
        "grpc" | "grpcs" => ("grpc", None),
        "postgres" | "postgresql" | "pgsql" | "postgis" | "asyncpg" | "pg" => ("sql", Some(5432)),
        "mysql" | "mysql2" | "mysqli" | "mariadb" => ("sql", Some(3306)),
        "sqlserver" | "mssql" => ("sql", Some(1433)),
        "cockroachdb" | "cockroach" => ("sql", Some(26257)),
        "redis" | "rediss" | "valkey" => ("redis", Some(6379)),
        "amqp" => ("amqp", Some(5672)),
        "amqps" => ("amqp", Some(5671)),
        "mongodb" | "mongo" => ("mongodb", Some(27017)),
        "nats" => ("nats", Some(4222)),
        "kafka" => ("kafka", Some(9092)),
        "smtp" => ("smtp", Some(25)),
        "smtps" => ("smtp", Some(465)),
        "ldap" => ("ldap", Some(389)),
        "ldaps" => ("ldap", Some(636)),
        "mqtt" => ("mqtt", Some(1883)),
        "mqtts" => ("mqtt", Some(8883)),
        "bolt" | "neo4j" => ("bolt", Some(7687)),
        "clickhouse" => ("tcp", Some(9000)),
        "memcached" | "memcache" => ("memcached", Some(11211)),
        "ftp" => ("ftp", Some(21)),
        "ssh" | "sftp" => ("ssh", Some(22)),
        "syslog" => ("udp", Some(514)),
        "statsd" => ("udp", Some(8125)),
        "tcp" | "tcp4" | "tcp6" => ("tcp", None),
        "udp" | "udp4" | "udp6" | "gelf" => ("udp", None),
        _ => return None,
    })
}

/// The protocol that is usual at a port: `tcp` where nothing is.
pub fn usual(port: u16) -> &'static str {
    match port {
        80 | 3000..=3010 | 4318 | 5000 | 8000..=8099 | 8123 | 8888 | 9090 | 9200 | 15672 | 5601 | 16686 => "http",
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
        1883 => "mqtt",
        389 => "ldap",
        8125 | 514 | 12201 | 6831 | 6832 => "udp",
        _ => "tcp",
    }
}

/// Whether a protocol is one that UDP carries.
pub fn is_udp(protocol: &str) -> bool {
    protocol == "udp"
}

/// The protocol that a URL says, at a port: what URLs call http is gRPC where that is usual.
pub fn spoken(protocol: &'static str, port: u16) -> &'static str {
    if protocol == "http" && usual(port) == "grpc" { "grpc" } else { protocol }
}
