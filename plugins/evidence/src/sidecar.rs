//! Containers that only serve others: proxies of meshes, agents, exporters.

use crate::image::Image;

/// Whether a container only serves the others beside it, by its name and its image.
pub fn is_sidecar(name: &str, image: &str) -> bool {
    let short = Image::parse(image).map(|image| image.name);
    let short = short.as_deref().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
    let is_agent = image.contains("datadog/agent") || image.contains("newrelic/infrastructure");
    SIDECAR_NAMES.contains(&name) || SIDECAR_IMAGES.contains(&short) || is_agent
}

/// Whether a container is one that a mesh or a platform puts into pods of others by itself.
pub fn is_injected(name: &str) -> bool {
    const INJECTED: &[&str] =
        &["consul-dataplane", "daprd", "istio-proxy", "kuma-sidecar", "linkerd-proxy", "queue-proxy", "vault-agent"];
    INJECTED.contains(&name)
}

/// Names of containers that platforms put beside others.
const SIDECAR_NAMES: &[&str] = &[
    "aws-otel-collector",
    "cloud-sql-proxy",
    "cloudsql-proxy",
    "cloudwatch-agent",
    "config-reloader",
    "consul-dataplane",
    "daprd",
    "datadog-agent",
    "ecs-service-connect-agent",
    "envoy-sidecar",
    "filebeat",
    "istio-init",
    "istio-proxy",
    "istio-validation",
    "kuma-sidecar",
    "linkerd-init",
    "linkerd-proxy",
    "log_router",
    "otc-container",
    "prometheus-config-reloader",
    "queue-proxy",
    "vault-agent",
    "vault-agent-init",
    "xray-daemon",
];

/// The last parts of the names of images that only serve others.
const SIDECAR_IMAGES: &[&str] = &[
    "aws-for-fluent-bit",
    "aws-otel-collector",
    "aws-xray-daemon",
    "cloud-sql-proxy",
    "cloudwatch-agent",
    "consul-dataplane",
    "daprd",
    "elasticsearch-exporter",
    "filebeat",
    "fluent-bit",
    "gce-proxy",
    "git-sync",
    "jaeger-agent",
    "k8s-sidecar",
    "k8s-wait-for",
    "kafka-exporter",
    "kube-rbac-proxy",
    "linkerd-proxy",
    "memcached-exporter",
    "mongodb-exporter",
    "mysqld-exporter",
    "nginx-prometheus-exporter",
    "oauth2-proxy",
    "postgres-exporter",
    "prometheus-config-reloader",
    "proxyv2",
    "redis-exporter",
    "redis_exporter",
    "vault-k8s",
];
