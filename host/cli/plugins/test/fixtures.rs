//! The systems that a plugin is tried on: real ones, and those that break what is careless. Each can be drawn.

use std::borrow::Cow;

use serde_json::json;

use spec_engine::model::System;

/// How many services the large system has.
const LARGE: usize = 500;

/// The name of the large system, which nobody wants to look at.
pub(super) const LARGEST: &str = "500-services";

/// A system to try a plugin or a rule on.
pub(crate) struct Fixture {
    pub name: Cow<'static, str>,
    pub system: System,
}

impl Fixture {
    fn of(name: &'static str, text: &str) -> Self {
        Self { name: name.into(), system: serde_json::from_str(text).expect("the fixtures are documents; a test reads them") }
    }
}

/// Every system, the small ones first.
pub(crate) fn all() -> Vec<Fixture> {
    vec![
        Fixture::of("one-service", r#"{"name": "one", "services": {"only": {"image": {"name": "only"}}}}"#),
        small(),
        Fixture::of("boutique", include_str!("../../../../examples/boutique.json")),
        Fixture::of("hostile-names", include_str!("../../../../tests/fixtures/hostile.json")),
        Fixture::of(LARGEST, &large()),
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
    use spec_engine::engine::{Document, Engine};

    /// What `render` refuses tries no renderer.
    #[test]
    fn every_fixture_can_be_drawn() {
        let engine = Engine::builder().build().unwrap();
        let fixtures = super::all();
        for fixture in &fixtures {
            let text = serde_json::to_string(&fixture.system).unwrap();
            assert_eq!(engine.drawing_errors(&Document::parse("fixture", text)), [], "{}", fixture.name);
        }
        let sizes: Vec<usize> = fixtures.iter().map(|fixture| fixture.system.services.len()).collect();
        assert_eq!((sizes[0], sizes[1], sizes[4]), (1, 4, super::LARGE));
    }
}
