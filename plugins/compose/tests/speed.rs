//! The time of an import grows with the number of services, and no faster.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use spec_engine_compose::{Options, import};

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

fn time(services: usize) -> Duration {
    let files = [file("compose.yaml", &project(services)), file("web.env", "CACHE=redis://s1:6379\n")];
    let once = || {
        let start = Instant::now();
        let imported = import(&files, &Options::default()).expect("a document comes out");
        assert!(imported.document.len() > services * 100);
        start.elapsed()
    };
    (0..3).map(|_| once()).min().expect("three are there")
}

/// Ten times the services take at most 16 times the time: a square would be 100, and a busy machine is not to fail it.
#[test]
fn the_time_grows_with_the_services() {
    let (few, many) = (time(1_000), time(10_000));
    assert!(many < few * 16 + Duration::from_millis(200), "1,000 took {few:?}, and 10,000 took {many:?}");
}
