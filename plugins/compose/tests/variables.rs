//! Variables in compose files, and what is told of those that have no value.

use spec_engine_compose::Note;

use crate::support::{file, imported, of};

#[test]
fn values_of_several_lines_are_not_taken_for_variables() {
    let compose = "services:\n  web:\n    image: acme/web:${TAG}\n    environment:\n      KEY: ${KEY}\n";
    let both = imported(&[
        file(".env", "KEY=\"-----BEGIN-----\nTAG=wrong\n-----END-----\"\nTAG2=1\n"),
        file("c.yml", compose),
    ]);
    assert!(both.service("web")["image"].get("tag").is_none());
    assert_eq!(
        both.said("unset-variable"),
        ["3:12 the variable `TAG` has neither a value nor a default, and is empty here"]
    );
}

#[test]
fn what_compose_refuses_in_a_file_of_variables_is_told_with_its_line() {
    let both =
        imported(&[file(".env", "A=1\nB C=2\nD='3\n"), file("c.yml", "services: {web: {image: \"w:${A}${D:-4}\"}}")]);
    assert_eq!(both.service("web")["image"]["tag"], "14");
    assert_eq!(
        both.said("broken-variables"),
        ["2:1 a name cannot contain a space", "3:1 the quote of `D` is never closed, so nothing is read from here on"]
    );
    let inner = imported(&[file(".env", "A=${B}${C:?say C}\n"), file("c.yml", "services: {web: {image: w}}")]);
    assert_eq!(inner.warnings(), ["required-variable", "unset-variable"]);
}

#[test]
fn every_variable_without_a_value_is_named_once() {
    let compose = "services:\n  a:\n    image: acme/a:${A}\n    environment: {X: \"${B}\", Y: \"${C}\", Z: \"${D}\", W: \"http://${E}:80\", \
                   V: \"${A}\"}\n";
    let told = of(compose);
    let message = "3:12 5 variables have neither a value nor a default, and are empty here: `A`, `B`, `C`, `D`, `E`";
    assert_eq!(told.said("unset-variable"), [message]);
    assert_eq!(told.warnings(), ["unset-variable"], "nothing else is said of the image");
    // Two hundred are named, too.
    let many: String = (0..200).map(|one| format!("      V{one}: ${{V{one}}}\n")).collect();
    let many = of(&format!("services:\n  a:\n    image: a\n    environment:\n{many}"));
    assert!((0..200).all(|one| many.said("unset-variable")[0].contains(&format!("`V{one}`"))));
}

#[test]
fn required_and_wrong_variables_are_told_as_what_they_are() {
    let compose = "services:
  a:
    image: acme/a:${TAG:?set TAG first}
  b:
    image: ${}
  c:
    image: acme/c:${TAG
  d:
    image: acme/d:${1BAD}
  e:
    image: $IMAGE
  f:
    image: ${REG}/f:${V}
  g:
    image: acme/g:${X:-${Y:-${Z:-9}}}
  i:
    image: acme/i:${X:=2}
";
    let told = of(compose);
    assert_eq!(told.said("required-variable"), ["3:12 the variable `TAG` is required: set TAG first"]);
    assert_eq!(
        told.said("invalid-variable"),
        [
            "5:12 `${}` names no variable",
            "7:12 `${TAG` has no closing brace",
            "9:12 `${1BAD}` names no variable: a name starts with a letter or `_`",
            "17:12 `:=` behind `${X` is no operator: there are `:-`, `-`, `:?`, `?`, `:+` and `+`",
        ]
    );
    let empty = "the image of `b` is empty; `system-b` stands in its place";
    assert_eq!(told.said("empty-image")[0], format!("5:12 {empty}"));
    assert_eq!(told.said("empty-image").len(), 2);
    assert_eq!(told.said("bad-image"), ["13:12 the image of `f` is not a valid reference; its name is written as `f`"]);
    assert_eq!((&told.service("f")["image"]["name"], &told.service("g")["image"]["tag"]), (&"f".into(), &"9".into()));
    let unset = told.notes.iter().find(|note: &&Note| note.code == "unset-variable").unwrap();
    assert!(unset.message.ends_with("`IMAGE`, `REG`, `V`"), "{}", unset.message);
}

#[test]
fn a_variable_of_a_shell_has_the_value_of_the_service() {
    let compose = "services:
  web: {image: w, depends_on: [api, old]}
  api:
    image: a
    environment: {APP_PORT_INSIDE: '4100'}
    healthcheck: {test: \"curl http://localhost:$${APP_PORT_INSIDE}/health\"}
  old:
    image: o
    command: [sh, -c, 'serve --listen :$$LISTEN']
    environment: [LISTEN=4200]
";
    assert_eq!(of(compose).edges(), ["web -> api http:4100", "web -> old tcp:4200"]);
}
