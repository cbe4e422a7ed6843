//! The time of an import grows with the number of services, and no faster.

use std::fmt::Write as _;

use spec_engine_compose::{Options, import};

use crate::growth;
use crate::support::file;

/// A project of many services that use everything that is looked up.
fn project(services: usize) -> String {
    let mut text = String::from("x-common: &common {restart: always, environment: {LOG: info}}\nservices:\n");
    for number in 0..services {
        let (next, third) = ((number + 1) % services, (number + 7) % services);
        let _ = write!(
            text,
            "  s{number}:\n    <<: *common\n    image: acme/s{}:1\n    environment: {{NEXT_URL: 'http://s{next}:8080', DB_HOST: db{}, DB_PORT: 5432, \
             TAG: '${{TAG}}'}}\n    depends_on: [s{third}]\n    networks: [n{}]\n    healthcheck: {{test: 'curl localhost:8080'}}\n    env_file: web.env\n",
            number % 50,
            number / 100,
            number % 20
        );
    }
    for number in 0..=services / 100 {
        let _ = writeln!(text, "  db{number}: {{image: 'postgres:16', networks: [n{}]}}", number % 20);
    }
    text.push_str("networks:\n");
    for number in 0..20 {
        let _ = writeln!(text, "  n{number}: {{}}");
    }
    text
}

#[test]
fn the_time_grows_with_the_services() {
    let files = |services| [file("compose.yaml", &project(services)), file("web.env", "CACHE=redis://s1:6379\n")];
    growth::check_linear(2_500, files, |files| {
        let imported = import(files, &Options::default()).expect("a document comes out");
        assert!(imported.document.len() > 250_000);
    });
}
