//! The systems that a plugin is tried on: real ones, and those that break what is careless.

use serde_json::json;

use spec_engine::model::System;

/// How many services the large system has.
const LARGE: usize = 500;

/// A system to try a plugin or a rule on.
pub(crate) struct Fixture {
    pub name: &'static str,
    pub system: System,
}

impl Fixture {
    fn of(name: &'static str, text: &str) -> Self {
        Self { name, system: serde_json::from_str(text).expect("the fixtures are documents; a test reads them") }
    }
}

/// Every system, the small ones first.
pub(crate) fn all() -> Vec<Fixture> {
    vec![
        Fixture::of("empty", r#"{"name": "", "services": {}}"#),
        Fixture::of("one-service", r#"{"name": "one", "services": {"only": {"image": {"name": "only"}}}}"#),
        small(),
        Fixture::of("boutique", include_str!("../../../../examples/boutique.json")),
        Fixture::of("hostile-names", include_str!("../../../../tests/fixtures/hostile.json")),
        Fixture::of("500-services", &large()),
    ]
}

/// The system to try options on.
pub(super) fn small() -> Fixture {
    Fixture::of("payments", include_str!("../../../../examples/payments.json"))
}

/// Writes a system of many services, each with a connection and a database.
fn large() -> String {
    let services: serde_json::Map<_, _> = (0..LARGE)
        .map(|index| {
            let service = json!({
                "image": {"name": format!("acme/service-{index}"), "tag": "1"},
                "owner": format!("team-{}", index % 9),
                "connections": {format!("service-{}", (index * 7 + 1) % LARGE): {"port": 8080, "protocol": "grpc"}},
                "exposes": [{"port": 8080, "protocol": "grpc"}],
                "aws": {"rds": [{"name": format!("db-{}", index / 4), "engine": "postgres", "port": 5432}]},
            });
            (format!("service-{index}"), service)
        })
        .collect();
    json!({"name": "large", "services": services}).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_fixture_is_a_document() {
        let sizes: Vec<usize> = super::all().iter().map(|fixture| fixture.system.services.len()).collect();
        assert_eq!((sizes[0], sizes[1], sizes[2], sizes[5]), (0, 1, 4, super::LARGE));
    }
}
