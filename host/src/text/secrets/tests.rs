//! What is hidden in an excerpt, and what is not.

use super::{FileKind, hide_secrets};

#[track_caller]
fn hides(text: &str, expected: &str) {
    let shown = hide_secrets(text, FileKind::of("compose.yaml", text));
    assert_eq!(shown, expected);
    assert_eq!(shown.chars().count(), text.chars().count());
}

#[test]
fn values_of_what_sounds_like_a_secret_are_hidden_and_columns_stay() {
    for (text, expected) in [
        ("POSTGRES_PASSWORD: sup3r$x", "POSTGRES_PASSWORD: *******"),
        ("{DB_PASS: 'h, ü', DB: \"x\"}", "{DB_PASS: '****', DB: \"x\"}"),
        ("- API_TOKEN=abc def", "- API_TOKEN=*******"),
        ("- API_KEY=h-${SUFFIX}", "- API_KEY=**${SUFFIX}"),
        ("- SIGNING=h${Q}", "- SIGNING=*${Q}"),
        ("APP_SALT: a, b]c", "APP_SALT: ******"),
        ("encryptionKey: x", "encryptionKey: *"),
        ("{\"apiKey\": \"a\\\"b\", \"n\": 1}", "{\"apiKey\": \"****\", \"n\": 1}"),
        ("- DSN=https://h@sentry.example/${S}", "- DSN=*************************${S}"),
        ("command: redis-server --requirepass h2 --port ${RP}", "command: redis-server --requirepass ** --port ${RP}"),
        ("redis-server requirepass h2", "redis-server requirepass **"),
        ("app --token=t --db-password 'a b' -x", "app --token=* --db-password '***' -x"),
        ("[\"redis-server\", \"--pass\", \"h${W}\"]", "[\"redis-server\", \"--pass\", \"*${W}\"]"),
        (
            "    - --requirepass\n    - h2\n    - --port\n    - 1",
            "    - --requirepass\n    - **\n    - --port\n    - 1",
        ),
        ("mysqldump -uroot -pSECRET1 -P 3306", "mysqldump -uroot -p******* -P 3306"),
        ("mysqladmin ping -phunter2", "mysqladmin ping -p*******"),
        ("redis-cli -a h2 ping", "redis-cli -a ** ping"),
        ("- X=-a hunter20 ${V}", "- X=-a ******** ${V}"),
        ("curl --user me:h2 http://api:80", "curl --user ***** http://api:80"),
        ("[\"CMD\", \"redis-cli\", \"-a\", \"h2\", \"ping\"]", "[\"CMD\", \"redis-cli\", \"-a\", \"**\", \"ping\"]"),
        ("sh -c \"export TOKEN=h2; run\"", "sh -c \"export TOKEN=*******\""),
        ("- JAVA_OPTS=-Dpassword=h2 -Dx=y", "- JAVA_OPTS=-Dpassword=** -Dx=y"),
        ("x --from-literal=password=h2", "x --from-literal=password=**"),
        ("- CREATE USER a WITH PASSWORD 'h2';", "- CREATE USER a WITH PASSWORD '**';"),
        ("X: https://hooks.slack.com/services/T0/B0/h2", "X: https://hooks.slack.com/services/********"),
        ("U: http://api/?a=b&token=h2", "U: http://api/?a=b&token=**"),
        ("headers: {X-Auth-Token: h2, n: 1}", "headers: {X-Auth-Token: **, n: 1}"),
        ("curl -u me:h2 http://api:80", "curl -u ***** http://api:80"),
        (
            "curl -H \"Authorization: Bearer abc.def\" http://api",
            "curl -H \"Authorization: **************\" http://api",
        ),
        ("- \"Authorization: Basic YTpi\"", "- \"Authorization: **********\""),
        ("X: Bearer abc", "X: Bearer ***"),
        ("X: eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.x-y_z !", "X: *********************************** !"),
        ("X: ghp_0123456789abcdef", "X: ********************"),
        (
            "- traefik.http.middlewares.a.basicauth.users=me:$$apr1$$x$$y",
            "- traefik.http.middlewares.a.basicauth.users=***************",
        ),
        ("X: amqp://u:h2@mq:5672/v", "X: amqp://****@mq:5672/v"),
        ("X: https://h2@sentry.example/1", "X: https://**@sentry.example/1"),
        ("C: Server=db;Password=h2;Database=x", "C: Server=db;Password=*************"),
        ("image: a:${DB_PASSWORD:-h2}", "image: a:${DB_PASSWORD:-**}"),
        ("    PASSWORD: ${PW:-h2}", "    PASSWORD: ${PW:-***"),
    ] {
        hides(text, expected);
    }
}

#[test]
fn values_of_several_lines_are_hidden() {
    for (text, expected) in [
        ("a:\n  PRIVATE_KEY: |\n    abc\n\n    d f\n  b: c\n", "a:\n  PRIVATE_KEY: |\n    ***\n\n    ***\n  b: c\n"),
        ("  password:\r\n    h2\r\n  b: c\r\n", "  password:\r\n    **\r\n  b: c\r\n"),
        (
            "X: |\n  -----BEGIN PRIVATE KEY-----\n  MII\n  -----END PRIVATE KEY-----\n",
            "X: |\n  -----BEGIN PRIVATE KEY-----\n  ***\n  -----END PRIVATE KEY-----\n",
        ),
        ("X: \"-----BEGIN RSA KEY-----\\nMII\\n-----END\"", "X: \"-----BEGIN RSA KEY-----*******-----END\""),
        ("KEY: \"a\n  b\" # c\nn: 1", "KEY: \"*\n  *\" # c\nn: 1"),
    ] {
        hides(text, expected);
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    for text in [
        "image: nginx",
        "  keycloak:\n    image: quay.io/keycloak/keycloak:26\n    ports: [\"8080:8080\"]\n",
        "image: authentik:2024",
        "secrets:\n  - source: a\n    target: /b\n",
        "URL: http://token-service:8080/x",
        "services:\n  auth:\n    image: a:1\n    environment:\n      A_HOST: b\n",
        "command: serve --port 8080 -p 80 --listen :90",
        "run -p 8080 --verbose --no-color",
        "ssh://git@example.org/x",
        "image: a@sha256:0123456789abcdef0123456789abcdef",
        "X: ${PASSWORD}",
        "monkey: 1\nkeyboard: 2\nAUTHOR: me",
        "",
    ] {
        hides(text, text);
    }
}

#[test]
fn in_a_file_of_variables_every_value_is_hidden() {
    let text = "# A=no\nA=b c\nexport D = e\nF: g # h\nI=\"j\nk=l\nm\" n\nO=${P}q\n  R='s'\n";
    let expected = "# A=no\nA=***\nexport D =**\nF:******\nI=**\n***\n****\nO=${P}*\n  R=***\n";
    for name in [".env.local", "/x/prod.env", "mailcow.conf", "env.example"] {
        assert_eq!(FileKind::of(name, text), FileKind::Variables, "{name}");
        assert_eq!(hide_secrets(text, FileKind::of(name, text)), expected);
    }
    assert_eq!(FileKind::of("compose.yaml", "services:\n  a: {}\n"), FileKind::Other);
}

#[test]
fn in_a_state_every_text_is_hidden_but_what_a_resource_is() {
    for (text, expected) in [
        (
            r#"{"terraform_version": "1.9", "type": "random_password", "result": "abc\"d", "list": ["e", 1]}"#,
            r#"{"terraform_version": "1.9", "type": "random_password", "result": "******", "list": ["*", 1]}"#,
        ),
        (
            r#"{"format_version": "1.2", "mode" : "managed", "x": "ab"#,
            r#"{"format_version": "1.2", "mode" : "managed", "x": "**"#,
        ),
    ] {
        assert_eq!(FileKind::of("plan.json", text), FileKind::State);
        assert_eq!(hide_secrets(text, FileKind::State), expected);
    }
    assert_eq!(FileKind::of("a/terraform.tfstate", "{"), FileKind::State);
}

#[test]
fn any_text_keeps_its_characters_and_a_long_one_takes_time_by_its_length() {
    let parts = [
        "password",
        ": ",
        "=",
        "\"",
        "'",
        "\n",
        "  ",
        "- ",
        "|",
        "{",
        "}",
        "--token",
        " ",
        "x",
        "ü",
        "${A}",
        "${KEY:-",
        "://",
        "@",
        "-----BEGIN ",
        "-----",
        "-----END",
        "-p",
        "\\",
        ",",
        "Bearer ",
        "eyJabcdefghi.x",
        "\r",
    ];
    let mut state = 1_u32;
    for _ in 0..20_000 {
        let text: String = (0..14)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                parts[(state >> 16) as usize % parts.len()]
            })
            .collect();
        for kind in [FileKind::Variables, FileKind::State, FileKind::Other] {
            let shown = hide_secrets(&text, kind);
            let same = |(one, other): (char, char)| one == other || other == '*';
            assert!(
                text.chars().zip(shown.chars()).all(same) && text.chars().count() == shown.chars().count(),
                "{text}"
            );
            assert_eq!(text.matches('\n').count(), shown.matches('\n').count());
        }
    }
    let start = std::time::Instant::now();
    for part in parts {
        let text = part.repeat(100_000);
        assert_eq!(hide_secrets(&text, FileKind::Other).chars().count(), text.chars().count());
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn values_beside_the_names_of_secrets_are_hidden() {
    for (text, expected) in [
        ("- {name: API_KEY, value: h2}", "- {name: API_KEY, value: **}"),
        (
            "- name: DB_PASSWORD\n  value: \"h 2\"\n- name: B\n  value: c",
            "- name: DB_PASSWORD\n  value: \"***\"\n- name: B\n  value: c",
        ),
        (
            "[{\"name\":\"TOKEN\",\"value\":\"h2\"},{\"name\":\"A\",\"value\":\"b\"}]",
            "[{\"name\":\"TOKEN\",\"value\":\"**\"},{\"name\":\"A\",\"value\":\"b\"}]",
        ),
        ("{kind: Secret, data: {a: aDI=}}", "{kind: Secret, data: {*******}}"),
        ("{\"data\":{\"a\":\"aDI=\"},\"kind\":\"Secret\"}", "{\"data\":{**********},\"kind\":\"Secret\"}"),
        ("{kind: ConfigMap, data: {a: b}}", "{kind: ConfigMap, data: {a: b}}"),
        ("- {name: LOG, value: info}", "- {name: LOG, value: info}"),
    ] {
        hides(text, expected);
    }
}

#[test]
fn a_long_line_takes_no_longer_than_short_ones() {
    let entry = "{\"name\":\"API_KEY\",\"value\":\"h2\",\"useToken\":false,\"secretRef\":{}},";
    let text = format!("[{}]", entry.repeat(20_000));
    let start = std::time::Instant::now();
    let shown = hide_secrets(&text, FileKind::Other);
    // With each value looking through the whole line it is minutes.
    assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(!shown.contains("h2") && shown.len() == text.len());
}
