//! The file `NAME.toml` beside a template.

use serde_json::json;
use spec_engine::render::Renderer as _;
use spec_engine::render::template::Template;

fn with(sidecar: &str) -> Result<Template, String> {
    Template::from_source("t.txt.tera", "x", Some(sidecar), &[]).map_err(|error| error.to_string())
}

#[test]
fn a_sidecar_describes_the_renderer() {
    let template = with(
        "summary = 'A list'\nversion = '1.2'\nmedia-type = 'text/x-list'\nembed = ['mermaid']\n\
         [options.max-rows]\ntype = 'integer'\ndescription = 'The most rows.'\ndefault = 7\nminimum = 1\n",
    )
    .unwrap();
    let description = template.description();
    assert_eq!(description.summary, "A list");
    assert_eq!(description.version.as_deref(), Some("1.2"));
    assert_eq!(description.media_types, ["text/x-list"]);
    assert_eq!(template.description().embeds, ["mermaid"]);
    assert_eq!(
        description.options,
        json!({
            "type": "object",
            "properties": { "max-rows": {
                "type": "integer", "description": "The most rows.", "default": 7, "minimum": 1,
            }},
            "additionalProperties": false,
        })
    );
}

#[test]
fn mistakes_are_reported_at_their_place() {
    let option = |rest: &str| format!("[options.a]\ndescription = 'A.'\n{rest}\n");
    for (sidecar, expected) in [
        ("summary = 'x'\nsumary = 'y'".to_owned(), "t.toml:2:1: unknown field `sumary`"),
        ("summary = 1".to_owned(), "t.toml:1:11: invalid type: integer"),
        ("summary = 'x".to_owned(), "t.toml:1:"),
        (option("type = 'text'\ndefault = ''"), "t.toml:3:8: unknown variant `text`"),
        (option("type = 'string'\ndefault = 1"), "t.toml:1:1: option `a`: `default` is not of the type string: 1"),
        (option("type = 'string'\ndefault = 'c'\nenum = ['b']"), "t.toml:1:1: option `a`: `default` is not in `enum`"),
        (option("type = 'integer'\ndefault = 1\nminimum = 2"), "t.toml:1:1: option `a`: `default` is out of range"),
        (
            option("type = 'boolean'\ndefault = true\nmaximum = 2"),
            "t.toml:1:1: option `a`: `maximum` is not of the type",
        ),
        (option("type = 'boolean'\ndefault = true\nother = 1"), "t.toml:5:1: unknown field `other`"),
        (option("type = 'boolean'"), "t.toml:1:1: missing field `default`"),
        (option("type = 'boolean'\ndefault = true").replace("[options.a]", "[options.group-by]"), "t.toml:1:1: option"),
        (option("type = 'boolean'\ndefault = true").replace("[options.a]", "[options.A]"), "t.toml:1:1: option `A`"),
    ] {
        let message = with(&sidecar).err().unwrap_or_else(|| panic!("no error: {sidecar}"));
        assert!(message.starts_with(expected), "{message}\nexpected {expected}");
    }
}
