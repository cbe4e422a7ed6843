//! What a template asks of the graph.

use std::fmt::Write as _;

use spec_engine::diagnostic::{Diagnostic, Place, Pointer, Severity};
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;
use spec_engine::render::template::Template;
use spec_engine::render::{Embeds, RenderContext, Renderer as _};

use crate::templates::{defaults, example, folder, hostile, render, template};

/// What a template writes of a system.
fn written(source: &str, system: &System) -> String {
    render(&template(source).unwrap_or_else(|error| panic!("{error}")), system)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn system() -> System {
    serde_json::from_str(
        r#"{
          "name": "s",
          "owners": {"web": {"name": "Web"}, "pay": {}},
          "services": {
            "a": {"owner": "web", "connections": {"b": {"port": 80, "protocol": "http"}}, "exposes": [{"port": 443, "protocol": "https"}, {"port": 9000, "protocol": "grpc"}]},
            "b": {"owner": "pay", "connections": {"c": {}}, "aws": {"rds": [{"name": "db"}]}},
            "c": {"owner": "pay", "connections": {"b": {}}},
            "d": {}
          },
          "deployments": {"helm": {"r": {"services": ["d"]}}}
        }"#,
    )
    .unwrap()
}

/// Writes the labels of what an expression is a list of.
fn labels(expression: &str) -> String {
    written(&format!("{{% for x in {expression} %}}{{{{ x.label }}}} {{% endfor %}}"), &system())
}

#[test]
fn a_graph_is_asked_both_ways() {
    for (expression, expected) in [
        ("dependencies(of=\"svc:b\")", "c db "),
        ("dependents(of=\"svc:b\")", "a c "),
        ("dependents(of=node(id=\"rds:db\"))", "b "),
        ("reachable(from=\"svc:a\")", "b c db "),
        ("path(from=\"svc:a\", to=\"rds:db\")", "a b db "),
        ("path(from=\"svc:d\", to=\"svc:a\")", ""),
        ("orphans()", ""),
        ("cycles() | first", "b c "),
        ("members(of=\"owner:pay\")", "b c db "),
        ("members(of=\"owner:nobody\")", ""),
        ("[found.node for found in distances(from=\"svc:a\", max=1)]", "b "),
        ("[found.node for found in distances(from=[\"svc:a\", \"helm:r\"])]", "b d c db "),
        ("[node(id=edge.target) for edge in outgoing(of=\"svc:b\")]", "c db "),
        ("[node(id=edge.source) for edge in incoming(of=\"svc:b\")]", "a c "),
        ("[group(id=\"provider:services\")]", "Services "),
    ] {
        assert_eq!(labels(expression), expected, "{expression}");
    }
    let hops = "{% for x in distances(from=\"svc:a\") %}{{ x.node.id }} {{ x.hops }};{% endfor %}";
    assert_eq!(written(hops, &system()), "svc:b 1;svc:c 2;rds:db 2;");
}

#[test]
fn owners_groups_and_public_endpoints_are_known_in_every_view() {
    let source = "{% for node in graph.nodes %}{{ node.id }}={{ node.groups.owner | default(value=\"\") }},\
                  {{ owner(of=node) }},{{ owners(of=node) | join(sep=\"+\") }};{% endfor %}";
    let expected = "svc:a=owner:web,web,web;svc:b=owner:pay,pay,pay;svc:c=owner:pay,pay,pay;svc:d=,,;\
                    rds:db=owner:pay,pay,pay;helm:r=,,;";
    let template = template(source).unwrap();
    let system = system();
    for group_by in [GroupBy::Provider, GroupBy::Owner, GroupBy::Network, GroupBy::None, GroupBy::Kind] {
        let graph = Graph::of(&system).view(&ViewOptions { group_by, ..ViewOptions::default() });
        assert_eq!(draw(&template, &graph, &[]), expected, "{group_by:?}");
    }
    let ports = "{% for endpoint in public_endpoints(of=\"svc:a\") %}{{ endpoint.port }} {% endfor %}";
    assert_eq!(written(ports, &system), "443 ");
}

fn draw(template: &Template, graph: &Graph<'_>, findings: &[Diagnostic]) -> String {
    let context = RenderContext { graph, options: &defaults(template), embeds: &Embeds::new(), layouts: &[], findings };
    let output = template.render(&context).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(output.artifacts[0].content.clone()).unwrap()
}

#[test]
fn findings_are_at_the_node_that_they_are_in() {
    let at = |segments: &[&str], message: &str| {
        Diagnostic::new("acme/x", Severity::Warning, Place::Value(Pointer::of(segments.iter().copied())), message)
    };
    let findings = [
        at(&["services", "b", "aws", "rds", "0", "name"], "one"),
        at(&["services", "b", "connections", "c"], "two"),
        at(&["name"], "three"),
    ];
    let system = system();
    let graph = Graph::of(&system).view(&ViewOptions::default());
    let source = "{% for node in graph.nodes %}{% for found in findings(of=node) %}{{ node.label }} {{ found.rule }} \
                  {{ found.severity }} {{ found.message }};{% endfor %}{% endfor %}{{ findings() | length }}";
    let template = template(source).unwrap();
    assert!(template.asks_findings());
    assert_eq!(draw(&template, &graph, &findings), "b acme/x warning two;db acme/x warning one;3");
    assert_eq!(draw(&template, &graph, &[]), "0");
}

#[test]
fn an_unknown_node_has_the_nearest_as_a_suggestion() {
    let message = |source: &str| render(&template(source).unwrap(), &system()).unwrap_err().to_string();
    let said = message("{{ dependencies(of=\"svc:aa\") | length }}");
    assert!(said.contains("the graph has no node `svc:aa`; did you mean `svc:a`?"), "{said}");
    assert!(message("{{ dependencies(of=3) | length }}").contains("takes a node or its id"));
}

#[test]
fn every_node_has_a_word_of_its_own() {
    let source = "{% for node in graph.nodes %}{{ node.id | identifier }}\n{% endfor %}\
                  {% for node in graph.nodes %}{{ node.label | identifier }}\n{% endfor %}";
    let mut names = String::from("{\"name\": \"s\", \"services\": {");
    let hard = ["a-b", "a.b", "A_B", "a b", "é", "ü", "", "1", "node", "end", "a_b_2"];
    for (index, name) in hard.iter().enumerate() {
        write!(names, "{}{}: {{}}", if index == 0 { "" } else { "," }, serde_json::to_string(name).unwrap()).unwrap();
    }
    names.push_str("}}");
    let system: System = serde_json::from_str(&names).unwrap();
    let page = written(source, &system);
    assert_eq!(page, written(source, &system));
    let words: Vec<&str> = page.lines().collect();
    assert_eq!(words.len(), 2 * hard.len());
    let mut unique: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), words.len(), "{words:?}");
    for word in &words {
        assert!(word.starts_with(|c: char| c.is_ascii_alphabetic()), "{word}");
        assert!(word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{word}");
    }
    assert_eq!(words[..3], ["svc_a_b", "svc_a_b_2", "svc_A_B_3"]);
    written(source, &hostile::system());
}

#[test]
fn members_without_the_attribute_are_kept_under_the_default() {
    let source = |arguments: &str| {
        format!(
            "{{% for kind, nodes in graph.nodes | group_by(attribute=\"groups.owner\"{arguments}) %}}\
             {{{{ kind }}}}:{{% for node in nodes %}}{{{{ node.label }}}} {{% endfor %}};{{% endfor %}}"
        )
    };
    assert_eq!(written(&source(""), &system()), "owner:web:a ;owner:pay:b c db ;");
    let all = written(&source(", default=\"none\""), &system());
    assert_eq!(all, "owner:web:a ;owner:pay:b c db ;none:d r ;");
    let counts = "{% for kind, count in graph.nodes | count_by(attribute=\"resource\", default=\"-\") %}{{ kind }} {{ count }};\
                  {% endfor %}";
    assert_eq!(written(counts, &system()), "- 5;aws.rds 1;");
}

/// The page of owners as somebody writes it who knows loops and nothing else.
const NESTED: &str = r#"# Owners of {{ graph.name | markdown }}
{% for owner, nodes in graph.nodes | group_by(attribute="groups.owner", default="nobody") %}
## {{ owner | replace(from="owner:", to="") | markdown }}

{% for node in graph.nodes -%}
{%- if node.groups.owner | default(value="nobody") == owner -%}
- {{ node.label | markdown }} ({{ node.kind }})
{%- for edge in graph.edges -%}
{%- if edge.source == node.id -%}
{%- for other in graph.nodes -%}
{%- if other.id == edge.target -%}
{%- set theirs = other.groups.owner | default(value="nobody") -%}
{%- if theirs != owner %}
  - needs {{ other.label | markdown }} of {{ theirs | replace(from="owner:", to="") | markdown }}
{%- endif -%}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
{%- endfor %}
{% endif -%}
{%- endfor -%}
{%- endfor -%}
"#;

#[test]
fn the_page_of_owners_is_that_of_nested_loops_and_shorter() {
    let files = folder("examples/templates", ".tera");
    let (_, owners) = files.iter().find(|(name, _)| name == "owners.md.tera").unwrap();
    assert!(2 * owners.lines().count() < 3 * NESTED.lines().count() && owners.len() < NESTED.len());
    for system in ["payments", "boutique", "otel"].map(example).into_iter().chain([system(), hostile::system()]) {
        assert_eq!(written(owners, &system), written(NESTED, &system));
    }
    assert!(written(owners, &system()).contains("## web\n\n- a (service)\n  - needs b of pay\n"));
}

#[test]
fn the_page_of_owners_takes_time_by_the_size_of_the_document() {
    let files = folder("examples/templates", ".tera");
    let (_, owners) = files.iter().find(|(name, _)| name == "owners.md.tera").unwrap();
    let of = |services: usize| -> System {
        let services: serde_json::Map<_, _> = (0..services)
            .map(|index| {
                let to = format!("s{}", (index * 7 + 1) % services);
                let service = serde_json::json!({"owner": format!("o{}", index % 50), "connections": {to: {}}});
                (format!("s{index}"), service)
            })
            .collect();
        serde_json::from_value(serde_json::json!({"name": "large", "services": services})).unwrap()
    };
    let time = |system: &System| {
        let start = std::time::Instant::now();
        written(owners, system);
        start.elapsed().as_secs_f64()
    };
    let (small, large) = (of(500), of(5_000));
    time(&small);
    let (small, large) = (time(&small), time(&large));
    // A hundred times as long would be that of nested loops.
    assert!(large < 40.0 * small, "{small} s, ten times the services: {large} s");
}

#[test]
fn a_word_in_the_text_is_no_question() {
    for word in ["public_endpoints", "owner", "distances", "neighbors", "members_of", "findings", "identifier", "nodes"]
    {
        for text in [format!("about {word}"), format!("{{# {word}(of=1) #}}{word}"), format!("{{{{ '{word}' }}}}")] {
            let template = Template::from_source("test.md.tera", &text, None, &[]).unwrap();
            let rendered = render(&template, &example("payments")).unwrap();
            assert!(rendered.ends_with(word), "{text}: {rendered}");
        }
    }
}
