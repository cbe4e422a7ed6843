//! What is wrong with a template is shown where it is, with the next step.

use spec_engine::plugin::{PluginError, TemplateError};

use crate::support::workspace::Workspace;
use crate::templates::{example, render, template};

fn error(source: &str) -> TemplateError {
    match template(source) {
        Ok(template) => match render(&template, &example("payments")).expect_err(source) {
            PluginError::Template(error) => *error,
            error => panic!("{error}"),
        },
        Err(error) => error,
    }
}

#[test]
fn a_misspelt_name_has_the_nearest_as_a_suggestion() {
    for (source, hint) in [
        ("{{ graph.name | markdwon }}", "did you mean `markdown`?"),
        ("{{ graph.nodes | lenght }}", "did you mean `length`?"),
        ("{{ dependancies(of=\"svc:a\") }}", "did you mean `dependencies`?"),
        ("{{ grahp.name }}", "did you mean `graph`?"),
        ("{{ graph.nmae }}", "did you mean `name`?"),
        ("{% for node in graph.nodes %}{{ node.lable }}{% endfor %}", "did you mean `label`?"),
        ("{% if graph.name is strin %}{% endif %}", "did you mean `string`?"),
        ("{% fro x in graph.nodes %}", "did you mean `for`?"),
        ("{% component row(a) %}{% endcomponent %}{{ <rwo a={1}/> }}", "did you mean `row`?"),
    ] {
        assert_eq!(error(source).hint.as_deref(), Some(hint), "{source}");
    }
}

#[test]
fn what_is_known_from_elsewhere_has_a_substitute() {
    for (source, part) in [
        ("{% macro row(a) %}{% endmacro %}", "write a component"),
        ("{% import \"x\" as x %}", "components of the files"),
        ("{% do x %}", "write `set`"),
        ("{% call x() %}{% endcall %}", "`body`"),
        ("{{ graph.nodes | map(attribute=\"id\") }}", "write a comprehension"),
        ("{{ graph.nodes | filter(attribute=\"kind\", value=\"x\") }}", "if node.kind ="),
        ("{{ graph.nodes | selectattr }}", "write a comprehension"),
        ("{{ graph.nodes | slice(start=1) }}", "list[0:3]"),
        ("{{ graph.nodes | enumerate }}", "loop.index0"),
        ("{% set x = namespace(a=1) %}", "set_global"),
        ("{% set ns.x = 1 %}", "set_global"),
        ("{{ graph.name | tojson }}", "write `json`"),
        ("{{ graph.name.upper() }}", "write `text | upper`"),
        ("{{ graph.nodes.whatever() }}", "values have no methods"),
        ("{% for x in graph.nodes if x.kind == \"service\" %}{% endfor %}", "a `for` has no condition"),
        ("{{ \"a\" + graph.name }}", "`a ~ b`"),
        ("{{ graph.name | default(\"x\") }}", "an argument has a name"),
        ("{% for i, x in graph.nodes %}{% endfor %}", "loop.index0"),
        ("{{ loop.index0 }}", "inside of a `for`"),
        ("{% if graph.name && true %}{% endif %}", "write `and`"),
        ("{% if graph.name is mapping %}{% endif %}", "write `is map`"),
        ("{% component row(a) %}{% endcomponent %}{{ row(a=1) }}", "<row name={value}/>"),
        ("{% for node in graph.nodes %}{{ node.name }}{% endfor %}", "its `label`"),
        ("{% for node in graph.nodes %}{{ node.image }}{% endfor %}", "node.attributes"),
        ("{{ graph.nodes | selectattr(\"kind\", \"equalto\", \"service\") }}", "write a comprehension"),
        ("{{ graph.nodes | map(\"label\") }}", "write a comprehension"),
        ("{{ dependencies(graph.nodes[0]) }}", "`dependencies(of=node)`"),
        ("{{ dependencies(node=graph.nodes[0]) }}", "`dependencies(of=…)`"),
        ("{{ graph.nodes | group_by(key=\"kind\") }}", "`group_by(attribute=…)`"),
        ("{{ graph.nodes.0.label }}", "`list[0]`"),
        ("{{ now() }}", "no clock"),
        ("{% if graph.name %}", "is not closed"),
    ] {
        let error = error(source);
        let hint = error.hint.as_deref().unwrap_or_default();
        assert!(hint.contains(part), "{source}: {error}: {hint}");
    }
    // Of what one node has and another has not, the command says what it says of everything that is absent.
    let attribute = error("{% for node in graph.nodes %}{{ node.attributes.owner }}{% endfor %}");
    assert_eq!(attribute.hint, None, "{attribute}");
}

#[test]
fn the_line_is_shown_and_the_place_is_marked() {
    let workspace = Workspace::new();
    workspace.write("s.json", r#"{"name": "s", "services": {"a": {"image": {"name": "x", "tag": "1"}}}}"#);
    workspace.write("a.md.tera", "# ü {% set x = [1] %}{{ graph.name | markdwon }}\n");
    let shown = workspace.run(&["render", "s.json", "--plugin", "./a.md.tera"]).ends(2).stderr;
    let expected = "error: Unknown filter `markdwon`
 --> a.md.tera:1:38
  |
1 | # ü {% set x = [1] %}{{ graph.name | markdwon }}
  |                                      ^^^^^^^^
  |
help: did you mean `markdown`?
";
    assert_eq!(shown, expected);
}
