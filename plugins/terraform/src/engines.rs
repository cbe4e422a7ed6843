//! Databases whose kind is that of their engine: how engines start, by provider.

use crate::shapes::{Field, Shape, port, shape, text};

/// Engines with what resources of them are.
type Engines = &'static [(&'static str, Shape)];

const HOST: &[Field] = &[text("host", "host"), port("port")];

/// Engines as most providers call them.
pub const BY_NAME: Engines = &[
    ("pg", shape("resources.postgresql", "name", &[])),
    ("postgres", shape("resources.postgresql", "name", &[])),
    ("mysql", shape("resources.mysql", "name", &[])),
    ("mariadb", shape("resources.mysql", "name", &[])),
    ("redis", shape("resources.redis", "name", &[])),
    ("valkey", shape("resources.redis", "name", &[])),
    ("mongo", shape("resources.mongodb", "name", &[])),
    ("kafka", shape("resources.kafka", "name", &[])),
    ("opensearch", shape("resources.elasticsearch", "name", &[])),
    ("cassandra", shape("resources.cassandra", "name", &[])),
];

/// Engines of DigitalOcean.
pub const DIGITALOCEAN: Engines = &[
    ("pg", shape("resources.postgresql", "name", HOST)),
    ("mysql", shape("resources.mysql", "name", HOST)),
    ("redis", shape("resources.redis", "name", HOST)),
    ("valkey", shape("resources.redis", "name", HOST)),
    ("mongo", shape("resources.mongodb", "name", HOST)),
    ("kafka", shape("resources.kafka", "name", &[])),
    ("opensearch", shape("resources.elasticsearch", "name", HOST)),
];

/// Engines of Vultr.
pub const VULTR: Engines = &[
    ("pg", shape("resources.postgresql", "label", HOST)),
    ("mysql", shape("resources.mysql", "label", HOST)),
    ("redis", shape("resources.redis", "label", HOST)),
    ("valkey", shape("resources.redis", "label", HOST)),
    ("kafka", shape("resources.kafka", "label", &[])),
];

/// Engines of OVHcloud.
pub const OVH: Engines = &[
    ("postgres", shape("resources.postgresql", "description", &[])),
    ("mysql", shape("resources.mysql", "description", &[])),
    ("mariadb", shape("resources.mysql", "description", &[])),
    ("redis", shape("resources.redis", "description", &[])),
    ("valkey", shape("resources.redis", "description", &[])),
    ("mongo", shape("resources.mongodb", "description", &[])),
    ("kafka", shape("resources.kafka", "description", &[])),
    ("opensearch", shape("resources.elasticsearch", "description", &[])),
    ("cassandra", shape("resources.cassandra", "description", &[])),
];

/// Engines of Alibaba Cloud.
pub const ALICLOUD: Engines = &[
    ("mysql", shape("resources.mysql", "instance_name", &[text("host", "connection_string"), port("port")])),
    ("mariadb", shape("resources.mysql", "instance_name", &[text("host", "connection_string"), port("port")])),
    ("postgres", shape("resources.postgresql", "instance_name", &[text("host", "connection_string"), port("port")])),
];

/// Caches of Alibaba Cloud.
pub const ALICLOUD_CACHES: Engines = &[
    ("redis", shape("resources.redis", "db_instance_name", &[text("host", "connection_domain"), port("port")])),
    ("memcache", shape("resources.memcached", "db_instance_name", &[text("host", "connection_domain"), port("port")])),
];

/// Caches of Huawei Cloud.
pub const HUAWEI: Engines = &[
    ("redis", shape("resources.redis", "name", &[text("host", "domain_name"), port("port")])),
    ("memcached", shape("resources.memcached", "name", &[text("host", "domain_name"), port("port")])),
];

/// Databases of IBM Cloud.
pub const IBM: Engines = &[
    ("databases-for-postgresql", shape("resources.postgresql", "name", &[])),
    ("databases-for-enterprisedb", shape("resources.postgresql", "name", &[])),
    ("databases-for-mysql", shape("resources.mysql", "name", &[])),
    ("databases-for-redis", shape("resources.redis", "name", &[])),
    ("databases-for-mongodb", shape("resources.mongodb", "name", &[])),
    ("databases-for-elasticsearch", shape("resources.elasticsearch", "name", &[])),
    ("databases-for-etcd", shape("resources.etcd", "name", &[])),
    ("messages-for-rabbitmq", shape("resources.rabbitmq", "name", &[])),
];

/// Plans of add-ons of Heroku.
pub const HEROKU: Engines = &[
    ("heroku-postgresql", shape("resources.postgresql", "name", &[])),
    ("jawsdb", shape("resources.mysql", "name", &[])),
    ("cleardb", shape("resources.mysql", "name", &[])),
    ("heroku-redis", shape("resources.redis", "name", &[])),
    ("rediscloud", shape("resources.redis", "name", &[])),
    ("heroku-kafka", shape("resources.kafka", "name", &[])),
    ("cloudamqp", shape("resources.rabbitmq", "name", &[])),
    ("memcachier", shape("resources.memcached", "name", &[])),
    ("memcachedcloud", shape("resources.memcached", "name", &[])),
    ("bonsai", shape("resources.elasticsearch", "name", &[])),
];
