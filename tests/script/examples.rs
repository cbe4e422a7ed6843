//! The rules in `examples/rules` run as they stand.

use serde_json::json;
use spec_engine::limits::ScriptLimits;
use spec_engine::script::Script;

use crate::script::asking::{ask_with, read, shop};

fn example(name: &str) -> Script {
    let path = format!("{}/examples/rules/{name}.rhai", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read_to_string(path).unwrap(), ScriptLimits::default())
}

#[test]
fn an_image_without_a_digest_is_found_unless_it_is_allowed() {
    let asked = ask_with(example("image-digest"), &[], &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    assert_eq!(
        asked.findings,
        [
            ("/services/api/image/digest".to_owned(), "api: image is not pinned by a sha256 digest".to_owned()),
            ("/services/lonely/image/digest".to_owned(), "lonely: image is not pinned by a sha256 digest".to_owned()),
        ]
    );
    assert_eq!(asked.diagnostics[0].help.as_ref().map(ToString::to_string).as_deref(), Some("tag \"1.2\" can move"));
    assert_eq!(asked.diagnostics[1].help.as_ref().map(ToString::to_string).as_deref(), Some("tag \"latest\" can move"));

    let asked = ask_with(example("image-digest"), &[("allow", json!(["^ghcr\\.io/acme/"]))], &shop());
    assert_eq!(asked.findings.len(), 1);
}

#[test]
fn a_database_of_another_team_is_found() {
    let asked = ask_with(example("no-cross-team-db"), &[], &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    assert_eq!(
        asked.findings,
        [(
            "/services/users/aws/rds/0".to_owned(),
            "rds:payments-db belongs to web, and users (payments) uses it".to_owned()
        )]
    );
    let finding = &asked.diagnostics[0];
    assert_eq!(finding.help.as_ref().map(ToString::to_string).as_deref(), Some("call the owning team's API"));
    assert_eq!(finding.related[0].message, "first bound here");
    assert_eq!(finding.related[0].place.pointer().unwrap().as_str(), "/services/api/aws/rds/0");

    let asked = ask_with(example("no-cross-team-db"), &[("kinds", json!(["queue"]))], &shop());
    assert!(asked.findings.is_empty());
}
