//! The kinds of the format that types of Terraform are: one row a kind.

/// A kind of resource of the format.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The field of a service that has its list: `aws`.
    pub provider: &'static str,
    /// The list: `rds`.
    pub list: &'static str,
    /// What stands before the colon of the ids of its nodes.
    pub prefix: &'static str,
    /// The field that names its resources.
    pub named_by: &'static str,
    /// Words, in capital letters, of which one is in the name of a variable whose value is the name of such a resource.
    pub words: &'static [&'static str],
}

impl Kind {
    /// Finds a kind by its provider and list: `aws.rds`.
    pub fn find(name: &str) -> Option<&'static Self> {
        let (provider, list) = name.split_once('.')?;
        KINDS.iter().find(|kind| kind.provider == provider && kind.list == list)
    }

    /// The id of the node of a resource.
    pub fn node(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    const fn named_by(mut self, field: &'static str) -> Self {
        self.named_by = field;
        self
    }
}

const fn kind(
    provider: &'static str,
    list: &'static str,
    prefix: &'static str,
    words: &'static [&'static str],
) -> Kind {
    Kind { provider, list, prefix, named_by: "name", words }
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    kind("aws", "rds", "rds", &["RDS", "AURORA"]),
    kind("aws", "dynamodb", "dynamodb", &["TABLE", "TABLES", "DYNAMO", "DYNAMODB", "DDB"]),
    kind("aws", "sqs", "sqs", &["QUEUE", "QUEUES", "SQS", "DLQ"]),
    kind("aws", "sns", "sns", &["TOPIC", "TOPICS", "SNS"]),
    kind("aws", "s3", "s3", &["BUCKET", "BUCKETS", "S3"]),
    kind("aws", "bedrock", "bedrock", &["BEDROCK", "MODEL"]).named_by("modelId"),
    kind("aws", "lambda", "lambda", &["FUNCTION", "LAMBDA"]),
    kind("aws", "elasticache", "elasticache", &["ELASTICACHE"]),
    kind("aws", "kinesis", "kinesis", &["STREAM", "KINESIS", "FIREHOSE"]),
    kind("aws", "eventbridge", "eventbridge", &["BUS", "EVENTBRIDGE"]),
    kind("aws", "secretsmanager", "secretsmanager", &["SECRET", "SECRETS"]),
    kind("aws", "apigateway", "apigateway", &["API", "APIGATEWAY"]),
    kind("aws", "cloudfront", "cloudfront", &["CLOUDFRONT", "CDN", "DISTRIBUTION"]).named_by("id"),
    kind("gcp", "cloudsql", "cloudsql", &["CLOUDSQL", "SQL", "INSTANCE"]),
    kind("gcp", "pubsub", "pubsub", &["TOPIC", "TOPICS", "PUBSUB", "SUBSCRIPTION", "SUB"]),
    kind("gcp", "gcs", "gcs", &["BUCKET", "BUCKETS", "GCS"]),
    kind("gcp", "cloudrun", "cloudrun", &["CLOUDRUN", "RUN"]),
    kind("gcp", "cloudfunctions", "cloudfunctions", &["FUNCTION"]),
    kind("gcp", "memorystore", "memorystore", &["MEMORYSTORE"]),
    kind("gcp", "bigquery", "bigquery", &["DATASET", "BIGQUERY", "BQ"]),
    kind("gcp", "secretmanager", "secretmanager", &["SECRET", "SECRETS"]),
    kind("gcp", "firestore", "firestore", &["FIRESTORE"]),
    kind("gcp", "spanner", "spanner", &["SPANNER"]),
    kind("azure", "cosmosdb", "cosmosdb", &["COSMOS", "COSMOSDB"]),
    kind("azure", "servicebus", "servicebus", &["SERVICEBUS", "SERVICE", "BUS", "NAMESPACE"]),
    kind("azure", "blobstorage", "blobstorage", &["STORAGE", "BLOB", "ACCOUNT"]),
    kind("azure", "functions", "azure-function", &["FUNCTION"]),
    kind("azure", "rediscache", "rediscache", &["REDIS"]),
    kind("azure", "keyvault", "keyvault", &["VAULT", "KEYVAULT"]),
    kind("azure", "eventhubs", "eventhubs", &["EVENTHUB", "EVENTHUBS", "NAMESPACE"]),
    kind("azure", "sqldatabase", "sqldatabase", &["SQL"]),
    kind("cloudflare", "workers", "cf-worker", &["WORKER"]),
    kind("cloudflare", "r2Buckets", "r2", &["BUCKET", "BUCKETS", "R2"]),
    kind("cloudflare", "kv", "cf-kv", &["KV"]),
    kind("cloudflare", "d1", "cf-d1", &["D1"]),
    kind("cloudflare", "queues", "cf-queue", &["QUEUE", "QUEUES"]),
    kind("cloudflare", "durableObjects", "cf-durable-object", &[]),
    kind("resources", "redis", "redis", &[]),
    kind("resources", "kafka", "kafka", &[]),
    kind("resources", "elasticsearch", "elasticsearch", &[]),
    kind("resources", "mongodb", "mongodb", &[]),
    kind("resources", "postgresql", "postgresql", &[]),
    kind("resources", "mysql", "mysql", &[]),
    kind("resources", "rabbitmq", "rabbitmq", &[]),
    kind("resources", "cassandra", "cassandra", &["KEYSPACE"]),
    kind("resources", "memcached", "memcached", &[]),
    kind("resources", "minio", "minio", &[]),
    kind("resources", "nats", "nats", &[]),
    kind("resources", "etcd", "etcd", &[]),
    kind("resources", "vault", "vault", &[]),
    kind("resources", "consul", "consul", &[]),
];
