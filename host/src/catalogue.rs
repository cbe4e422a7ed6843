//! The resource kinds of the format: one row a kind, and nothing else in the engine names a provider.

/// Every provider with its kinds, in the order of the format page.
pub static PROVIDERS: [Provider; 5] = [
    Provider {
        key: "aws",
        title: "AWS",
        network_field: Some("vpc"),
        fields: &[text("vpc"), list("subnets"), list("securityGroups")],
        kinds: &[
            kind("aws.rds", "rds", "database", "sql", 3306).fields(&[text("engine"), PORT]).unless(&[
                with("engine", "postgres", "sql", 5432),
                with("engine", "aurora-postgresql", "sql", 5432),
                with("engine", "sqlserver*", "sql", 1433),
                with("engine", "oracle*", "sql", 1521),
            ]),
            kind("aws.dynamodb", "dynamodb", "database", "https", 443),
            kind("aws.sqs", "sqs", "queue", "https", 443),
            kind("aws.sns", "sns", "topic", "https", 443),
            kind("aws.s3", "s3", "storage", "https", 443),
            kind("aws.bedrock", "bedrock", "ai_model", "https", 443).named_by("modelId"),
            kind("aws.lambda", "lambda", "function", "https", 443).fields(&[text("runtime")]),
            kind("aws.elasticache", "elasticache", "cache", "redis", 6379)
                .fields(&[text("engine"), PORT])
                .unless(&[with("engine", "memcached", "memcached", 11211)]),
            kind("aws.kinesis", "kinesis", "stream", "https", 443),
            kind("aws.eventbridge", "eventbridge", "topic", "https", 443),
            kind("aws.secretsmanager", "secretsmanager", "secret", "https", 443),
            kind("aws.apigateway", "apigateway", "api", "https", 443).fields(&[text("type")]),
            kind("aws.cloudfront", "cloudfront", "cdn", "https", 443).named_by("id").fields(&[text("domain")]),
        ],
    },
    Provider {
        key: "gcp",
        title: "Google Cloud",
        network_field: Some("vpcNetwork"),
        fields: &[text("vpcNetwork")],
        kinds: &[
            kind("gcp.cloudsql", "cloudsql", "database", "sql", 3306).fields(&[text("databaseType")]).unless(&[
                with("databaseType", "postgres", "sql", 5432),
                with("databaseType", "sqlserver", "sql", 1433),
            ]),
            kind("gcp.pubsub", "pubsub", "topic", "https", 443),
            kind("gcp.gcs", "gcs", "storage", "https", 443),
            kind("gcp.cloudrun", "cloudrun", "function", "https", 443).fields(&[text("region")]),
            kind("gcp.cloudfunctions", "cloudfunctions", "function", "https", 443).fields(&[text("runtime")]),
            kind("gcp.memorystore", "memorystore", "cache", "redis", 6379).fields(&[PORT]),
            kind("gcp.bigquery", "bigquery", "warehouse", "https", 443),
            kind("gcp.secretmanager", "secretmanager", "secret", "https", 443),
            kind("gcp.firestore", "firestore", "database", "https", 443),
            kind("gcp.spanner", "spanner", "database", "grpc", 443).fields(&[text("database")]),
        ],
    },
    Provider {
        key: "azure",
        title: "Azure",
        network_field: Some("vnet"),
        fields: &[text("vnet"), list("subnets")],
        kinds: &[
            kind("azure.cosmosdb", "cosmosdb", "database", "https", 443).fields(&[text("api")]),
            kind("azure.servicebus", "servicebus", "queue", "amqp", 5671).fields(&[list("queues"), list("topics")]),
            kind("azure.blobstorage", "blobstorage", "storage", "https", 443).fields(&[list("containers")]),
            kind("azure.functions", "azure-function", "function", "https", 443).fields(&[text("runtime")]),
            kind("azure.rediscache", "rediscache", "cache", "redis", 6380).fields(&[PORT]),
            kind("azure.keyvault", "keyvault", "secret", "https", 443),
            kind("azure.eventhubs", "eventhubs", "stream", "amqp", 5671).fields(&[list("hubs")]),
            kind("azure.sqldatabase", "sqldatabase", "database", "sql", 1433).fields(&[text("server"), PORT]),
        ],
    },
    Provider {
        key: "cloudflare",
        title: "Cloudflare",
        network_field: None,
        fields: &[text("zone")],
        kinds: &[
            kind("cloudflare.workers", "cf-worker", "worker", "https", 443).fields(&[text("route")]),
            kind("cloudflare.r2Buckets", "r2", "storage", "https", 443),
            kind("cloudflare.kv", "cf-kv", "storage", "https", 443),
            kind("cloudflare.d1", "cf-d1", "database", "https", 443),
            kind("cloudflare.queues", "cf-queue", "queue", "https", 443),
            kind("cloudflare.durableObjects", "cf-durable-object", "storage", "https", 443),
        ],
    },
    Provider {
        key: "resources",
        title: "Resources",
        network_field: None,
        fields: &[],
        kinds: &[
            kind("resources.redis", "redis", "cache", "redis", 6379).fields(&[text("host"), PORT]),
            kind("resources.kafka", "kafka", "stream", "kafka", 9092).fields(&[text("bootstrapServers")]),
            kind("resources.elasticsearch", "elasticsearch", "search", "http", 9200).fields(&[text("host"), PORT]),
            kind("resources.mongodb", "mongodb", "database", "mongodb", 27017).fields(&[
                text("host"),
                PORT,
                text("database"),
            ]),
            kind("resources.postgresql", "postgresql", "database", "sql", 5432).fields(&[text("host"), PORT]),
            kind("resources.mysql", "mysql", "database", "sql", 3306).fields(&[text("host"), PORT]),
            kind("resources.rabbitmq", "rabbitmq", "queue", "amqp", 5672).fields(&[text("host"), PORT, text("vhost")]),
            kind("resources.cassandra", "cassandra", "database", "cql", 9042).fields(&[
                text("contactPoints"),
                PORT,
                text("keyspace"),
            ]),
            kind("resources.memcached", "memcached", "cache", "memcached", 11211).fields(&[text("host"), PORT]),
            kind("resources.minio", "minio", "storage", "https", 9000).fields(&[text("endpoint"), list("buckets")]),
            kind("resources.nats", "nats", "queue", "nats", 4222).fields(&[text("url")]),
            kind("resources.etcd", "etcd", "registry", "grpc", 2379).fields(&[text("endpoints")]),
            kind("resources.vault", "vault", "secret", "https", 8200).fields(&[text("address")]),
            kind("resources.consul", "consul", "registry", "http", 8500).fields(&[text("address")]),
        ],
    },
];

/// A provider: the key of its bindings in a service, and their fields.
#[derive(Debug)]
pub struct Provider {
    /// The field of a service: `aws`.
    pub key: &'static str,
    /// The name to show: `AWS`.
    pub title: &'static str,
    /// The plain field that names the network a service stands in: `vpc`.
    pub network_field: Option<&'static str>,
    /// The plain fields beside the lists.
    pub fields: &'static [Field],
    /// The kinds, each a list of resources.
    pub kinds: &'static [ResourceKind],
}

impl Provider {
    /// Finds a provider by its key.
    pub fn find(key: &str) -> Option<&'static Self> {
        PROVIDERS.iter().find(|provider| provider.key == key)
    }

    /// Finds a kind by its key: `rds`.
    pub fn kind(&self, key: &str) -> Option<&'static ResourceKind> {
        self.kinds.iter().find(|kind| kind.key() == key)
    }

    /// Finds a plain field by its name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A kind of resource.
#[derive(Debug)]
pub struct ResourceKind {
    /// The provider's word for it, `provider.key`: `aws.rds`.
    pub resource: &'static str,
    /// What stands before the colon of a node's id: `rds`.
    pub id_prefix: &'static str,
    /// What it is, whoever provides it: `database`. Renderers go by this.
    pub kind: &'static str,
    /// The field that names the resource.
    pub name_field: &'static str,
    /// Its other fields.
    pub fields: &'static [Field],
    /// The protocol of its users, unless a field selects another.
    pub protocol: Protocol,
    /// The protocols of its users where a field has a certain value. The first that matches counts.
    pub exceptions: &'static [Exception],
}

impl ResourceKind {
    /// The key of its list in the bindings: `rds`.
    pub fn key(&self) -> &'static str {
        let (_, key) = self.resource.split_once('.').expect("a row of the catalogue is named provider.key");
        key
    }

    /// Finds a field, other than the one that names the resource, by its name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A protocol and its usual port, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The name: `sql`.
    pub name: &'static str,
    /// The usual port.
    pub port: u16,
}

/// Another protocol for resources with a certain value in a field.
#[derive(Debug)]
pub struct Exception {
    /// The field: `engine`.
    pub field: &'static str,
    /// The value; with a `*` at its end, how the value starts.
    pub value: &'static str,
    /// The protocol of the users of such a resource.
    pub protocol: Protocol,
}

impl Exception {
    /// Whether a value of the field matches.
    pub fn matches(&self, value: &str) -> bool {
        match self.value.strip_suffix('*') {
            Some(start) => value.starts_with(start),
            None => value == self.value,
        }
    }
}

/// A field of a resource or of a provider's bindings.
#[derive(Debug)]
pub struct Field {
    /// The name in the document.
    pub name: &'static str,
    /// What may stand in it.
    pub shape: FieldShape,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldShape {
    /// A string.
    Text,
    /// A port, 1 to 65535.
    Port,
    /// A list of strings.
    List,
}

const PORT: Field = Field { name: "port", shape: FieldShape::Port };

const fn text(name: &'static str) -> Field {
    Field { name, shape: FieldShape::Text }
}

const fn list(name: &'static str) -> Field {
    Field { name, shape: FieldShape::List }
}

const fn kind(
    resource: &'static str,
    id_prefix: &'static str,
    kind: &'static str,
    protocol: &'static str,
    port: u16,
) -> ResourceKind {
    let protocol = Protocol { name: protocol, port };
    ResourceKind { resource, id_prefix, kind, name_field: "name", fields: &[], protocol, exceptions: &[] }
}

const fn with(field: &'static str, value: &'static str, protocol: &'static str, port: u16) -> Exception {
    Exception { field, value, protocol: Protocol { name: protocol, port } }
}

impl ResourceKind {
    const fn named_by(mut self, name_field: &'static str) -> Self {
        self.name_field = name_field;
        self
    }

    const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    const fn unless(mut self, exceptions: &'static [Exception]) -> Self {
        self.exceptions = exceptions;
        self
    }
}
