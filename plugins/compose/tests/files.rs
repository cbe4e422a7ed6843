//! Which file is there for what: `-f a -f b`, `extends`, `include`, `env_file`, files of variables with any name.

use serde_json::json;
use spec_engine_compose::Options;

use crate::support::{file, imported, imported_with, of, refused_files};

#[test]
fn a_base_file_that_another_one_extends_keeps_its_services() {
    let base = file(
        "docker-compose.yml",
        "services:\n  web: {image: \"acme/web:1\", ports: ['80:80'], depends_on: [db]}\n  db: {image: \"postgres:16\"}\n",
    );
    let over = file(
        "docker-compose.dev.yml",
        "services:\n  worker:\n    extends: {file: docker-compose.yml, service: web}\n    command: work\n    ports: !reset []\n",
    );
    let both = imported(&[base.clone(), over.clone()]);
    assert_eq!(both.edges(), ["web => postgresql db:5432", "worker => postgresql db:5432"]);
    assert_eq!((both.exposes("web"), both.exposes("worker")), ("http:80".into(), String::new()));
    assert!(both.warnings().is_empty(), "{:?}", both.notes);

    // A file that is named after the one that extends it is there for it, and what nobody extends is told.
    let only = imported(&[over, base]);
    assert_eq!(only.services(), ["worker"]);
    assert!(
        only.said("extended-file")[0].contains("other services extend those of docker-compose.yml"),
        "{:?}",
        only.notes
    );
    assert!(only.said("extended-file")[0].contains("`db`"));
}

#[test]
fn a_file_may_extend_itself() {
    for file_name in ["compose.yaml", "./compose.yaml"] {
        let text = format!(
            "services:\n  web: {{image: \"acme/web:1\", expose: [80]}}\n  two: {{extends: {{file: {file_name}, service: web}}}}\n"
        );
        let own = of(&text);
        assert_eq!((own.services(), own.exposes("two")), (vec!["web", "two"], "http:80".into()), "{file_name}");
        assert!(own.notes.is_empty(), "{:?}", own.notes);
    }
}

#[test]
fn extends_goes_through_files_and_ends() {
    let a = file("a/compose.yml", "services: {web: {extends: {file: ../b/base.yml, service: base}, expose: [81]}}");
    let b = file("b/base.yml", "services: {base: {extends: {file: root.yml, service: root}, expose: [82]}}");
    let root = file("b/root.yml", "services: {root: {image: \"nginx:1\", expose: [83]}}");
    let chain = imported(&[a, b, root]);
    assert_eq!(chain.service("web")["image"]["name"], "nginx");
    assert_eq!(chain.exposes("web"), "tcp:83 tcp:82 tcp:81");

    let long: String = (0..3000).map(|one| format!("  s{one}: {{extends: s{}}}\n", one + 1)).collect();
    let long = of(&format!("services:\n{long}  s3000: {{image: nginx}}\n"));
    assert_eq!(long.service("s0")["image"]["name"], "nginx");
    for (text, message) in [
        ("services: {a: {image: a, extends: b}, b: {image: b, extends: a}}", "the service `a` extends itself"),
        ("services: {a: {image: a, extends: a}}", "the service `a` extends itself"),
        ("services: {a: {image: a, extends: c}}", "there is no service `c` to extend in compose.yaml"),
        ("services: {a: {image: a, extends: {file: x.yml, service: b}}}", "stands in x.yml, which was not handed in"),
        ("services: {a: {image: a, extends: {file: compose.yaml}}}", "`extends` names no service"),
    ] {
        let broken = of(text);
        assert!(broken.said("broken-extends")[0].contains(message), "{text}: {:?}", broken.notes);
        assert_eq!(broken.service("a")["image"]["name"], "a");
    }
}

#[test]
fn what_is_included_is_taken_in_once_it_is_named() {
    let text = "include:\n  - db.yaml\nservices:\n  web:\n    image: acme/web:1\n    depends_on: [db]\n";
    let db = file("db.yaml", "services:\n  db: {image: \"postgres:16\", expose: [5433]}\n");
    for files in [[file("compose.yaml", text), db.clone()], [db.clone(), file("compose.yaml", text)]] {
        let both = imported(&files);
        assert_eq!(both.edges(), ["web => postgresql db:5433"]);
        assert!(both.notes.is_empty(), "{:?}", both.notes);
    }
    let alone = of(text);
    assert_eq!(alone.said("include"), ["2:5 `include` names db.yaml, which was not handed in"]);
}

#[test]
fn included_files_have_their_own_overrides_and_variables() {
    let main = file(
        "compose.yaml",
        "include:\n  - path: [sub/db.yaml, sub/over.yaml]\n    env_file: sub/db.env\n  - sub/cache/compose.yaml\nservices:\n  \
         web: {image: \"web:${TAG}\", environment: [\"DB=postgres://db:${PORT:-1}/x\"]}\n  db: {expose: [7]}\n",
    );
    let files = [
        main,
        file(".env", "TAG=main\n"),
        file("sub/db.yaml", "services: {db: {image: \"postgres:${TAG}\", expose: [5]}}"),
        file("sub/over.yaml", "services: {db: {expose: [\"${PORT}\"]}}"),
        file("sub/db.env", "TAG=sub\nPORT=6\n"),
        file("sub/cache/.env", "CACHE=9\n"),
        file("sub/cache/compose.yaml", "services: {cache: {image: \"redis:${CACHE}\", environment: [TAG]}}"),
    ];
    let all = imported_with(&files, &Options { resources: false, ..Options::default() });
    // What is set for all wins, and what is set for an included file stays in it.
    assert_eq!(all.service("db")["image"]["tag"], "main");
    assert_eq!(all.exposes("db"), "tcp:5 tcp:6 tcp:7 sql:1");
    assert_eq!(
        (&all.service("cache")["image"]["tag"], &all.service("web")["image"]["tag"]),
        (&json!("9"), &json!("main"))
    );
    assert!(all.warnings().is_empty(), "{:?}", all.notes);
}

#[test]
fn includes_that_lead_nowhere_are_told() {
    let a = file("a.yaml", "include: [b.yaml]\nservices: {a: {image: a}}\n");
    let b = file("b.yaml", "include: [a.yaml]\nservices: {b: {image: b}}\n");
    let circle = imported(&[a, b]);
    assert_eq!(circle.services(), ["b", "a"]);
    assert!(circle.said("include")[0].contains("is included by a file that it includes"), "{:?}", circle.notes);
    let far = of("include: ['https://example.org/x.git']\nservices: {a: {image: a}}\n");
    assert!(far.said("include")[0].contains("nothing is downloaded"), "{:?}", far.notes);
    let map = of("include: {path: x.yaml}\nservices: {a: {image: a}}\n");
    assert!(map.said("include")[0].contains("`include` names x.yaml"), "{:?}", map.notes);
}

#[test]
fn the_variables_of_an_env_file_reach_the_services_that_name_it() {
    let compose = "services:\n  web:\n    image: acme/web:1\n    env_file: .env.production\n    ports: ['3000:3000']\n  \
                   other: {image: acme/other}\n  db: {image: \"postgres:16\"}\n";
    let variables = file(".env.production", "DB_HOST=db\nDB_PORT=5432\nREDIS_URL=redis://cache:6379\n");
    for files in [[variables.clone(), file("c.yml", compose)], [file("c.yml", compose), variables.clone()]] {
        let both = imported(&files);
        assert_eq!(both.edges(), ["web => postgresql db:5432"]);
        assert!(both.notes.is_empty(), "{:?}", both.notes);
    }
    let alone = of(compose);
    assert_eq!(alone.said("env-file"), ["4:15 `web` takes variables from .env.production, which was not handed in"]);
}

#[test]
fn an_env_file_may_have_any_name_and_form() {
    let compose = "services:\n  web:\n    image: w\n    env_file:\n      - conf/web.properties\n      - {path: ./raw.txt, format: raw}\n      \
                   - {path: missing.env, required: false}\n    environment: {API_HOST: api3}\n  api: {image: a, expose: [80]}\n  \
                   api2: {image: a, expose: [81]}\n  api3: {image: a, expose: [82]}\n";
    let files = [
        file("x/compose.yml", compose),
        file("x/conf/web.properties", "API_HOST: api\nSECOND_HOST: ${API_HOST}\n"),
        file("x/raw.txt", "THIRD_HOST=api2\n"),
    ];
    let all = imported(&files);
    assert_eq!(
        all.edges(),
        ["web -> api2 tcp:81", "web -> api3 tcp:82"],
        "`environment` is stronger, in values of files, too"
    );
    assert_eq!(all.description("web", "api3"), "set by SECOND_HOST, API_HOST");
    assert!(all.warnings().is_empty(), "{:?}", all.notes);
    assert_eq!(all.said("env-file"), ["7:9 `web` takes variables from missing.env, which was not handed in"]);
}

#[test]
fn the_variables_of_services_are_not_those_of_the_file() {
    let compose = file("c.yml", "services: {web: {image: \"web:${TAG}\", env_file: web.env}}");
    let variables = file("web.env", "TAG=9\n");
    let files = [compose, variables];
    let both = imported(&files);
    assert!(both.service("web")["image"].get("tag").is_none());
    let note = both.notes.iter().find(|note| note.code == "unset-variable").expect("it is told");
    assert!(note.help.as_deref().unwrap().contains("`--set variables=web.env` takes them all the same"), "{note:?}");
    let named = imported_with(&files, &Options { variables: vec!["web.env".into()], ..Options::default() });
    assert_eq!(named.service("web")["image"]["tag"], "9");
    // `.env` is for both, as compose has it.
    let compose = file("c.yml", "services: {web: {image: \"web:${TAG}\", env_file: .env}, db: {image: postgres}}");
    let both = imported(&[compose, file(".env", "TAG=9\nDB_HOST=db\n")]);
    assert_eq!((&both.service("web")["image"]["tag"], both.edges().len()), (&json!("9"), 1));
}

#[test]
fn a_file_of_variables_may_have_any_name() {
    let compose = file("compose.yaml", "services:\n  web:\n    image: acme/web:${TAG}\n");
    for (name, text) in [
        (".env", "TAG=9\n"),
        (".env.local", "TAG=9\n"),
        ("conf/prod.env", "TAG: 9\n"),
        ("env.example", "TAG=9\n"),
        ("mailcow.conf", "# the tag\n\nTAG=9\n"),
        ("vars.txt", "export TAG=9\n"),
    ] {
        let both = imported(&[file(name, text), compose.clone()]);
        assert_eq!(both.service("web")["image"]["tag"], "9", "{name}");
        assert!(both.warnings().is_empty(), "{name}: {:?}", both.notes);
    }
    let told = imported(&[file("env.example", "TAG=9\n"), compose.clone()]);
    assert!(told.said("variables-file")[0].contains("env.example is read as a file of variables"), "{:?}", told.notes);
    // What only looks like YAML has to be named.
    let odd = file("odd.txt", "TAG: 9\n");
    let named = Options { variables: vec!["odd.txt".into(), "nowhere".into()], ..Options::default() };
    let odd = imported_with(&[odd, compose], &named);
    assert_eq!(odd.service("web")["image"]["tag"], "9");
    assert!(odd.said("variables-file")[0].contains("names nowhere, which was not handed in"), "{:?}", odd.notes);
    let note = refused_files(&[file(".env", "A=1\n")]);
    assert_eq!(note.message, "only files of variables were named, and no compose file");
}

#[test]
fn the_name_of_the_project_may_stand_in_a_file_of_variables() {
    let compose = file(
        "compose.yaml",
        "name: ${NAME}\nservices: {web: {build: ., labels: {team: \"${COMPOSE_PROJECT_NAME}\"}}}\n",
    );
    let named = imported(&[compose.clone(), file(".env", "NAME=shop\n")]);
    assert_eq!((&named.document["name"], &named.service("web")["owner"]), (&json!("shop"), &json!("shop")));
    assert_eq!(named.service("web")["image"]["name"], "shop-web");
    let stronger = imported(&[compose, file(".env", "NAME=shop\nCOMPOSE_PROJECT_NAME=mine\n")]);
    assert_eq!(stronger.document["name"], "mine");
}

#[test]
fn what_is_overridden_on_the_way_is_gone_for_those_that_extend_it() {
    let stack = of("services:
  base: {image: nginx}
  one: {image: nginx}
  two: {extends: {service: one}}
  first: {image: nginx, depends_on: [one], command: !reset x}
  second: {extends: first, depends_on: !override [two], environment: !reset }
  third: {extends: {service: second}, depends_on: {base: {condition: service_healthy}}}
");
    let of_third = stack.edges().into_iter().filter(|edge| edge.starts_with("third")).collect::<Vec<_>>();
    assert_eq!(of_third, ["third -> base http:80", "third -> two http:80"]);
    // An entry of `env_file` is replaced by a later one of the same path.
    let base = file("a.yml", "services: {web: {image: w, env_file: x.env}, b: {image: b, expose: [9]}}");
    let over = file("b.yml", "services: {web: {env_file: [{path: x.env, format: raw}]}}");
    let raw = imported(&[base, over, file("x.env", "B_HOST=b # c\n")]);
    assert!(raw.edges().is_empty(), "as they are, the values are no names: {:?}", raw.edges());
}

#[test]
fn fields_that_are_merged_tell_what_does_not_fit() {
    let base = file("a.yml", "services: {web: {image: a, ports: [\"80:80\"], build: .}}");
    let over = file("b.yml", "services: {web: {ports: {a: b}, build: {args: [X=1]}}}");
    let both = imported(&[base, over]);
    assert_eq!(both.said("wrong-type")[0], "1:25 a map cannot be laid over a list, so the later one stands alone");
    assert!(both.said("wrong-type")[1].contains("`ports` of `web`: expected a list, found a map"), "{:?}", both.notes);
}
