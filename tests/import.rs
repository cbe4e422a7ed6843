//! What only the command line shows of an import: excerpts, what the document is worth afterwards, its pictures.

use serde_json::Value;

use crate::support::workspace::{CommandRun, Workspace};

/// Imports a file, and returns what was said of it.
fn imported(text: &str) -> (Workspace, CommandRun) {
    let workspace = Workspace::new();
    workspace.write("compose.yaml", text);
    let ran = workspace.run(&["import", "compose", "compose.yaml", "-o", "out.json"]).ends(0);
    (workspace, ran)
}

#[test]
fn an_imported_file_shows_its_networks() {
    let (workspace, ran) = imported(
        "services:
  web: {image: \"nginx:1\", networks: [front, back]}
  api: {image: \"acme/api:1\", networks: [back], environment: {DB: 'postgres://db/x'}}
  db: {image: \"postgres:16\", networks: [back]}
networks:
  front: {}
  back:
    internal: true
    ipam: {config: [{subnet: 10.1.0.0/24}, {subnet: 'fd00::/64'}]}
",
    );
    assert!(ran.stderr.contains("info[compose/lost-internal]") && ran.stderr.contains("compose.yaml:8:5"), "{ran:?}");
    assert!(
        ran.stderr.contains("has a second subnet, fd00::/64") && ran.stderr.contains("compose.yaml:9:53"),
        "{ran:?}"
    );
    let grouped = ["render", "out.json", "--plugin", "mermaid", "--group-by", "network"];
    let drawn = workspace.run(&grouped).ends(0).stdout;
    assert_eq!(drawn.matches("subgraph").count(), 2, "{drawn}");
    assert!(drawn.contains("\"front\"") && drawn.contains("\"back\""), "{drawn}");
    let found = workspace.run(&["validate", "out.json", "--output", "compact"]).ends(0).stdout;
    assert!(!found.contains("network"), "{found}");
}

#[test]
fn no_secret_is_in_an_excerpt() {
    let workspace = Workspace::new();
    let one = "services:
  cache:
    image: redis:7
    command: redis-server --requirepass hunter2 --port ${RP}
  app:
    image: acme/app:1
    environment:
      - API_KEY=hunter3-${SUFFIX}
      - SIGNING=hunter4${Q}
      - PRIVATE_KEY=hunter5${R}
      - DSN=https://hunter6@sentry.example/${S}
      - LICENSE=hunter7${T}
      - HEADER=Bearer hunter8.${U}
      - X=-a hunter9 ${V}
    command:
      - --token
      - hunter10${W}
    entrypoint: [\"redis-server\", \"--pass\", \"hunter11${X}\"]
    labels: {basicauth.users: 'me:hunter12${Y}'}
    user: ${Z}
";
    workspace.write("compose.yaml", one).write("env.example", "A=hunter13${B}\nC='hunter14\nhunter15'\nD E=hunter16\n");
    let mut said = String::new();
    for line in one.lines().enumerate().filter(|(_, line)| line.contains("${")).map(|(line, _)| line) {
        // Each line is the first that there is something to say of.
        let text: String = one
            .lines()
            .enumerate()
            .map(|(number, text)| {
                format!("{}\n", if number == line { text.to_owned() } else { text.replace("${", "$${") })
            })
            .collect();
        workspace.write("one.yaml", text);
        let ran = workspace.run(&["import", "compose", "one.yaml", "-o", "out.json"]).ends(0);
        assert!(ran.stderr.contains(&format!("one.yaml:{}:", line + 1)), "{}: {ran:?}", line + 1);
        said.push_str(&ran.stderr);
    }
    said.push_str(&workspace.run(&["import", "compose", "env.example", "compose.yaml"]).ends(0).stderr);
    assert!(!said.contains("hunter"), "{said}");
    assert!(said.contains("--requirepass ******* --port ${RP}") && said.contains("A=********${B}"), "{said}");
}

#[test]
fn a_remark_on_a_file_in_utf_16_shows_its_line() {
    let workspace = Workspace::new();
    let text = "services:\r\n  web:\r\n    image: nginx:${TAG}\r\n    environment: {TOKEN: 'hunter2'}\r\n";
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    workspace.write("compose.yaml", bytes);
    let ran = workspace.run(&["import", "compose", "compose.yaml"]).ends(0);
    assert!(ran.stderr.contains("compose.yaml:3:12") && ran.stderr.contains("    image: nginx:${TAG}"), "{ran:?}");
    assert!(serde_json::from_str::<Value>(&ran.stdout).is_ok());
}

#[test]
fn what_is_imported_has_no_errors_and_does_not_contradict_itself() {
    for (name, text) in [
        (
            "https at a port of http",
            "services: {a: {image: a, environment: {U: 'https://b:9200'}}, b: {image: b, ports: ['9200:9200']}}",
        ),
        (
            "several protocols",
            "services: {a: {image: a, environment: {U: 'http://c:1'}}, b: {image: b, environment: {U: 'wss://c:1'}}, c: {image: c, expose: [1]}}",
        ),
        (
            "udp and tcp",
            "services: {a: {image: a, environment: {U: 'udp://c:53', V: 'http://c:53'}}, c: {image: c, ports: ['53:53/udp']}}",
        ),
        (
            "management",
            "services: {a: {image: a, environment: {U: 'http://q:15672', V: 'amqp://q'}}, b: {image: b, environment: {U: 'http://q:15672'}}, q: {image: rabbitmq}}",
        ),
        (
            "listeners",
            "services: {a: {image: a, environment: {K: 'k:9092'}}, b: {image: b, environment: {K: 'k:29092'}}, k: {image: kafka}}",
        ),
        (
            "resources of resources",
            "services: {a: {image: a, depends_on: [m]}, m: {image: mongo, environment: {D: 'postgres://p:1/x'}}, p: {image: postgres}, z: {image: z, depends_on: [p]}}",
        ),
        (
            "health checks",
            "services: {a: {image: a, depends_on: [f]}, f: {image: f, ports: ['80:80'], healthcheck: {test: 'curl https://f:80'}}}",
        ),
        (
            "assumed",
            "services: {a: {image: a, depends_on: [b]}, b: {build: b}, c: {image: c, network_mode: 'service:b', pid: 'service:a'}}",
        ),
        (
            "names",
            "services: {'a b': {image: 'A'}, 'ü/\"': {image: '${}', depends_on: ['a b']}}\nnetworks: {'n m': {}}",
        ),
    ] {
        let (workspace, _) = imported(text);
        let found = workspace.run(&["validate", "out.json", "--output", "compact"]).ends(0).stdout;
        let wrong = |line: &&str| {
            line.contains(" error[")
                || line.contains("[protocol-mismatch]")
                || line.contains("[connection-not-exposed]")
        };
        let wrong: Vec<&str> = found.lines().filter(wrong).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

#[test]
fn an_option_leaves_out_what_is_only_assumed() {
    let workspace = Workspace::new();
    workspace.write("compose.yaml", "services:\n  web: {image: w, depends_on: [api]}\n  api: {build: .}\n");
    let edges = |arguments: &[&str], says: &str| {
        let ran = workspace.run(&[&["import", "compose", "compose.yaml"], arguments].concat()).ends(0);
        assert!(ran.stderr.contains("warning[compose/unknown-port]") && ran.stderr.contains(says), "{ran:?}");
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        document["services"]["web"]["connections"].as_object().map_or(0, serde_json::Map::len)
    };
    assert_eq!(edges(&[], "tcp:80 is assumed"), 1);
    assert_eq!(edges(&["--set", "assumed=false"], "the connection is left out"), 0);
}

#[test]
fn a_file_of_variables_is_named_by_an_option() {
    let workspace = Workspace::new();
    workspace.write("compose.yaml", "services: {web: {image: 'w:${TAG}'}}\n").write("vars", "TAG: 9\n");
    let ran = workspace.run(&["import", "compose", "vars", "compose.yaml", "--set", "variables=vars"]).ends(0);
    assert!(ran.stdout.contains("\"tag\": \"9\"") && ran.stderr.is_empty(), "{ran:?}");
}

/// Fuel is the same on every machine, so that the bound is a tight one.
#[test]
fn an_import_takes_work_by_the_number_of_services() {
    let workspace = Workspace::new();
    let fuel = |services: usize| {
        let one = |number: usize| {
            let next = (number + 1) % services;
            format!(
                "  s{number}:\n    image: acme/s:1\n    ports: ['80:80']\n    networks: [n{}]\n    environment: {{NEXT: 'http://s{next}:80'}}\n    \
                 depends_on: [s{next}]\n",
                number % 9
            )
        };
        let networks: String = (0..9).map(|number| format!("  n{number}: {{}}\n")).collect();
        let text: String = (0..services).map(one).collect();
        workspace.write("compose.yaml", format!("services:\n{text}networks:\n{networks}"));
        let ran = workspace.run(&["import", "compose", "compose.yaml", "-o", "out.json", "--stats"]).ends(0);
        // The first call asks which files of a folder it wants.
        let mut lines = ran.stderr.lines().filter(|line| line.contains(" fuel, "));
        let line = lines.next_back().expect("what was used is shown");
        let digits: String = line.split(" fuel").next().unwrap().chars().filter(char::is_ascii_digit).collect();
        digits.parse::<f64>().expect("it is a number")
    };
    let (few, many) = (fuel(2_000), fuel(10_000));
    assert!(many < few * 5.5, "2,000 services took {few}, and 10,000 took {many}");
}
