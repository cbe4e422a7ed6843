//! What is a connection and what is none, at which port, with which protocol.

use spec_engine_compose::Options;

use crate::support::{file, imported_with, of};

#[track_caller]
fn edges(services: &str) -> Vec<String> {
    of(&format!("services:\n{services}")).edges()
}

#[test]
fn variables_that_name_no_host_make_no_connection() {
    let stack = of("services:
  rabbitmq:
    image: rabbitmq:3-management
    environment: {RABBITMQ_DEFAULT_VHOST: tracker}
  tracker:
    image: acme/tracker:1
    ports: ['8000:8000']
    environment: {RABBITMQ_VHOST: tracker, BROKER_URL: 'amqp://u:p@rabbitmq:5672/tracker'}
  beat:
    image: acme/beat:1
    environment: {RABBITMQ_VHOST: tracker}
");
    assert_eq!(stack.edges(), ["tracker => rabbitmq rabbitmq:5672"]);
    assert!(stack.notes.is_empty(), "{:?}", stack.notes);
    for variable in [
        "MAIL_FROM_ADDRESS: api",
        "HOSTNAME: api",
        "CORS_ORIGIN: 'http://api:80'",
        "CORS_ALLOWED_ORIGINS: 'http://api:80,http://api'",
        "NO_PROXY: 'api,api:80,localhost'",
        "no_proxy: api",
        "ALLOWED_HOSTS: 'api api:80'",
        "DJANGO_CSRF_TRUSTED_ORIGINS: 'http://api:80'",
        "OIDC_REDIRECT_URI: 'http://api:80/callback'",
        "POSTGRES_DB: api",
        "NODE_ENV: api",
        "SERVER_NAME: api",
        "VIRTUAL_HOST: api",
        "LETSENCRYPT_HOST: 'api:80'",
        "API_IMAGE: 'api:80'",
        "BASIC_AUTH: 'api:80'",
        "API_PASSWORD: 'api:80'",
        "COMPOSE_PROFILES: api",
        "CHOWN_TO: 'api:1000'",
        "SCALE: 'api:3'",
        "TOPIC: api",
        "GREETING: 'ask api for it'",
        "SERVER_DESCRIPTION: api",
        "SERVER_BANNER: 'the api is here'",
        "-Dhttp.nonProxyHosts: api",
        "URL: 'http://other-api:80/api:80x'",
    ] {
        let found =
            edges(&format!("  web: {{image: w, environment: {{{variable}}}}}\n  api: {{image: a, expose: [80]}}\n"));
        assert!(found.is_empty(), "{variable}: {found:?}");
    }
}

#[test]
fn variables_that_name_hosts_make_connections() {
    for (variable, expected) in [
        ("API_HOST: api", "tcp:9000"),
        ("API_HOSTNAME: api", "tcp:9000"),
        ("ApiServer: api", "tcp:9000"),
        ("api.base.endpoint: api", "tcp:9000"),
        ("AUTH_SERVICE_ADDR: api", "tcp:9000"),
        ("AUTH_SERVICE_ADDR: 'api:9001'", "tcp:9001"),
        ("BACKENDS: 'x, api, y'", "tcp:9000"),
        ("CASSANDRA_SEEDS: 'api,other'", "tcp:9000"),
        ("KAFKA_BROKERS: 'api:9092,other:9092'", "kafka:9092"),
        ("ES_NODES: '[\"http://api:9200\"]'", "http:9200"),
        ("DSN: 'host=api port=5432 dbname=x'", "sql:5432"),
        ("ConnectionStrings__Main: 'Server=tcp:api,1433;Database=x;User Id=sa;Password=x'", "sql:1433"),
        ("DB: 'Host=api;Port=5433;Username=u;Password=p'", "tcp:5433"),
        ("JDBC_URL: 'jdbc:postgresql://api:5433/x?user=a'", "sql:5433"),
        ("JDBC_URL: 'jdbc:oracle:thin:@api:1521:XE'", "tcp:1521"),
        ("MONGO: 'mongodb://u:p@elsewhere:1,api:27018/x?replicaSet=y'", "mongodb:27018"),
        ("DATABASE_URL: 'postgres://u:p/a#s@w?d@api:5432/x'", "sql:5432"),
        ("METRICS: 'udp://api:8125'", "udp:8125"),
        ("STATSD_HOST: api, STATSD_PORT: '8125'", "udp:8125"),
        ("GRPC: 'http://api:50051'", "grpc:50051"),
        ("BARE: 'https://api'", "https:443"),
        ("FORWARD: '\"http://api:9000/x\"'", "http:9000"),
    ] {
        let found =
            edges(&format!("  web: {{image: w, environment: {{{variable}}}}}\n  api: {{image: a, expose: [9000]}}\n"));
        assert_eq!(found, [format!("web -> api {expected}")], "{variable}");
    }
}

#[test]
fn connection_strings_of_net_and_libpq_are_read() {
    let stack = of("services:
  ordering:
    image: acme/ordering:1
    environment:
      - ConnectionString=Server=sqldata;Database=Ordering;User Id=sa;Password=x
      - ConnectionStrings__Pg=Host=pg;Port=5433;Username=u;Password=p
      - EventBusConnection=rabbitmq
      - DSN=host=pg2 port=5432 dbname=x user=u
  sqldata: {image: \"mcr.microsoft.com/mssql/server:2022-latest\", expose: ['1433']}
  pg: {image: \"postgres:16\"}
  pg2: {image: \"postgres:16\"}
  rabbitmq: {image: \"rabbitmq:3\"}
");
    let expected = [
        "ordering -> sqldata sql:1433",
        "ordering => postgresql pg:5433",
        "ordering => postgresql pg2:5432",
        "ordering => rabbitmq rabbitmq:5672",
    ];
    assert_eq!(stack.edges(), expected);
    assert!(stack.notes.is_empty(), "{:?}", stack.notes);
}

#[test]
fn ports_that_stand_in_health_checks_and_commands_are_found() {
    let stack = of("services:
  web: {image: \"acme/web:1\", depends_on: [files, search, queue, rpc, shell, cart]}
  files: {image: \"acme/files:1\", healthcheck: {test: [\"CMD\", \"wget\", \"--spider\", \"http://files:5000/status\"]}}
  search: {image: \"acme/search:1\", healthcheck: {test: \"curl -fk https://0.0.0.0:7700/health\"}}
  queue: {image: \"acme/queue:1\", healthcheck: {test: [\"CMD-SHELL\", \"nc -z localhost 4150\"]}}
  rpc: {image: \"acme/rpc:1\", command: [\"serve\", \"--listen\", \"0.0.0.0:7000\"], environment: {METRICS_PORT: \"1\"}}
  shell: {image: \"acme/s:1\", healthcheck: {test: [CMD-SHELL, '</dev/tcp/localhost/4444']}}
  cart: {image: \"acme/c:1\", environment: {CART_PORT: 7070, DB_PORT: 1, DB_HOST: elsewhere}}
");
    let expected = [
        "web -> cart http:7070",
        "web -> files http:5000",
        "web -> queue tcp:4150",
        "web -> rpc tcp:7000",
        "web -> search https:7700",
        "web -> shell tcp:4444",
    ];
    assert_eq!(stack.edges().iter().map(|edge| edge.replace("tcp:7070", "http:7070")).collect::<Vec<_>>(), expected);
    assert!(stack.warnings().is_empty(), "{:?}", stack.notes);
}

#[test]
fn commands_build_arguments_and_configurations_name_services() {
    let stack = of("services:
  web:
    image: w
    command: ['--upstream', 'http://api:9000']
    entrypoint: \"wait-for-it.sh db:5433 --\"
    build: {context: ., args: {PUBLIC_API: 'http://front:81', NAME: 'front:82'}}
    configs: [nginx, {source: other, target: /x}]
  api: {image: a}
  front: {image: f}
  db: {image: postgres}
  proxied: {image: p}
configs:
  nginx: {content: 'proxy_pass http://proxied:7000;'}
  other: {file: ./x}
");
    let expected =
        ["web -> api http:9000", "web -> front http:81", "web -> proxied http:7000", "web => postgresql db:5433"];
    assert_eq!(stack.edges(), expected);
    assert_eq!(stack.description("web", "api"), "in its command");
    assert_eq!(stack.description("web", "front"), "in the build argument PUBLIC_API");
    assert_eq!(stack.description("web", "proxied"), "in the configuration nginx");
}

#[test]
fn the_protocol_of_urls_wins_over_the_usual_one() {
    let stack = of("services:
  dash: {image: \"acme/dash:1\", environment: {INDEXER_URL: \"https://idx:9200\"}}
  other: {image: o, depends_on: [idx], environment: {IDX_HOST: idx}}
  idx: {image: \"acme/indexer:1\", ports: [\"9200:9200\"]}
");
    assert_eq!(stack.edges(), ["dash -> idx https:9200", "other -> idx https:9200"]);
    assert_eq!(stack.exposes("idx"), "https:9200");
    // URLs that disagree leave what carries both, so that no connection contradicts the endpoint.
    let both = of("services:
  a: {image: a, environment: {X: \"http://c:90\"}}
  b: {image: b, environment: {X: \"ws://c:90\"}}
  c: {image: c, expose: [90]}
");
    assert_eq!(
        (both.edges(), both.exposes("c")),
        (vec!["a -> c http:90".into(), "b -> c ws:90".into()], "tcp:90".into())
    );
    let said =
        of("services: {a: {image: a, depends_on: [b]}, b: {image: b, ports: [{target: 9000, app_protocol: HTTP2}]}}");
    assert_eq!((said.edges(), said.exposes("b")), (vec!["a -> b http2:9000".into()], "http2:9000".into()));
}

#[test]
fn the_right_port_of_several_of_a_known_image_is_taken() {
    let stack = of("services:
  app:
    image: acme/app:1
    environment: {RABBIT_API: 'http://rabbitmq:15672/api', RABBIT_URL: 'amqp://g:g@rabbitmq:5672/'}
  mon: {image: \"acme/mon:1\", environment: {RABBIT_API: 'http://rabbitmq:15672/api'}}
  late: {image: l, depends_on: [rabbitmq]}
  rabbitmq: {image: \"rabbitmq:3-management\", ports: ['15672:15672']}
");
    let expected = ["app -> rabbitmq amqp:5672", "late -> rabbitmq amqp:5672", "mon -> rabbitmq http:15672"];
    assert_eq!(stack.edges(), expected);
    assert_eq!(stack.exposes("rabbitmq"), "http:15672 amqp:5672");
    assert_eq!(stack.description("app", "rabbitmq"), "set by RABBIT_URL; also http:15672, set by RABBIT_API");
    assert_eq!((stack.said("second-port").len(), stack.said("kept-service").len()), (1, 1));
    for (service, expected) in [
        ("{image: rabbitmq, ports: ['15672:15672']}", "web => rabbitmq db:5672"),
        ("{image: postgres, ports: ['5433:5433'], command: -p 5433}", "web => postgresql db:5433"),
        ("{image: postgres, ports: ['5433:5432']}", "web => postgresql db:5432"),
        ("{image: nginx, ports: ['8080:8080']}", "web -> db http:8080"),
        ("{image: nginx}", "web -> db http:80"),
        ("{image: minio/minio, ports: ['9001:9001']}", "web => minio db"),
        ("{image: a, ports: ['53:53/udp']}", "web -> db udp:53"),
        ("{image: a, ports: ['53:53/udp', '80:80']}", "web -> db http:80"),
        ("{image: 'php:8-fpm'}", "web -> db fastcgi:9000"),
        ("{image: a, labels: ['traefik.http.services.x.loadbalancer.server.port=3456']}", "web -> db tcp:3456"),
        ("{image: a, environment: {ADVERTISED: 'PLAINTEXT://db:29092'}, ports: ['9092:9092']}", "web -> db tcp:29092"),
    ] {
        let found = edges(&format!("  web: {{image: w, depends_on: [db]}}\n  db: {service}\n"));
        assert_eq!(found, [expected], "{service}");
    }
}

#[test]
fn the_name_of_a_variable_tells_the_port_of_a_known_image() {
    for (variable, image, expected) in [
        ("QDRANT_HOST", "qdrant/qdrant", "http:6333"),
        ("QDRANT_GRPC_HOST", "qdrant/qdrant", "grpc:6334"),
        ("JAEGER_AGENT_HOST", "jaegertracing/all-in-one", "udp:6831"),
        ("JAEGER_COLLECTOR_HOST", "jaegertracing/all-in-one", "grpc:4317"),
        ("MAILHOG_UI_HOST", "mailhog/mailhog", "http:8025"),
        ("CLICKHOUSE_HTTP_HOST", "clickhouse/clickhouse-server", "http:8123"),
    ] {
        let found = edges(&format!("  web: {{image: w, environment: {{{variable}: db}}}}\n  db: {{image: {image}}}\n"));
        assert_eq!(found, [format!("web -> db {expected}")], "{variable}");
    }
}

#[test]
fn what_one_service_says_of_a_port_holds_for_all() {
    let stack = of("services:
  a: {image: a, environment: {API: 'http://api:4000'}}
  b: {image: b, depends_on: [api]}
  c: {image: c, environment: {API_HOST: api, API_PORT: '4001'}}
  d: {image: d, environment: {API: 'http://listed'}, depends_on: [api]}
  e: {image: e, depends_on: [listed]}
  api: {image: api}
  listed: {image: l, ports: ['5000:5000']}
");
    let expected = [
        "a -> api http:4000",
        "b -> api http:4000",
        "c -> api tcp:4001",
        "d -> api http:4000",
        "d -> listed http:80",
        "e -> listed http:5000",
    ];
    assert_eq!(stack.edges(), expected, "a URL without a port says nothing to others where the file lists one");
}

#[test]
fn services_are_found_by_all_their_names() {
    let stack = of("services:
  web:
    image: w
    environment: {A: 'http://the-api:1', B: 'http://api-host:2', C: 'http://alias:3', D: 'http://10.0.0.9:4', E: 'http://linked:5'}
    links: ['five:linked']
  one: {image: a, container_name: the-api}
  two: {image: a, hostname: api-host}
  three: {image: a, networks: {n: {aliases: [alias]}}}
  four: {image: a, networks: {n: {ipv4_address: 10.0.0.9}}}
  five: {image: a}
networks: {n: }
");
    let expected =
        ["web -> five http:5", "web -> four http:4", "web -> one http:1", "web -> three http:3", "web -> two http:2"];
    assert_eq!(stack.edges(), expected);
}

#[test]
fn a_port_of_the_machine_leads_to_the_service_that_publishes_it() {
    let stack = of("services:
  web: {image: w, environment: {ID: 'http://host.docker.internal:5105/x', ME: 'host.docker.internal:80'}, ports: ['80:8000']}
  identity: {image: i, ports: ['5105:8080']}
");
    assert_eq!(stack.edges(), ["web -> identity http:8080"]);
}

#[test]
fn a_port_alone_is_that_of_the_program_itself() {
    let stack = of("services:
  x: {image: \"acme/x:1\", environment: {HOST: app, PORT: \"9999\"}}
  y: {image: y, depends_on: [x]}
  app: {image: \"acme/app:1\", expose: [80]}
");
    assert_eq!(stack.edges(), ["x -> app http:80", "y -> x tcp:9999"]);
}

#[test]
fn nodes_of_a_cluster_find_each_other_at_the_port_for_nodes() {
    let stack = "services:
  app: {image: app, environment: {ES_HOST: es1}}
  es1: {image: \"elasticsearch:8\", environment: [discovery.seed_hosts=es2]}
  es2: {image: \"elasticsearch:8\", environment: [cluster.initial_master_nodes=es1]}
";
    let services = Options { resources: false, ..Options::default() };
    let stack = imported_with(&[file("c.yml", stack)], &services);
    assert_eq!(stack.edges(), ["app -> es1 http:9200", "es1 -> es2 tcp:9300", "es2 -> es1 tcp:9300"]);
}
