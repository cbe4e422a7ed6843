//! What people see of a Mermaid diagram: six versions of Mermaid draw it in a real browser, and each label has to stand
//! there as the graph has it.
//!
//! They are optional: `(cd tests/oracles && npm ci)`, and a browser.

use std::path::Path;

use serde_json::{Map, Value, json};
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;
use spec_engine_plugin::quote::{has_mermaid_codes, mermaid};

use crate::support::hostile::{self, document, fixtures};
use crate::support::oracle::{Labels, MERMAIDS, draw};
use crate::support::reading::Reading;
use crate::support::renderers::{Target, render};
use crate::support::{browser, expected};

/// Labels that some version of Mermaid would draw otherwise, or not at all, if they stood in the text as they are.
const CHANGED: [&str; 52] = [
    "1. api",
    "12) api",
    "1.",
    "- dash",
    "-",
    "+ x",
    "* x",
    "---",
    "- - -",
    "***",
    "___",
    "~~~",
    "# h",
    "###### h",
    "> q",
    "__init__",
    "_x_",
    "a _b c_ d",
    "*x*",
    "**x**",
    "***x***",
    "2*3*4",
    "~x~",
    "~~x~~",
    "`x`",
    "a `b` c",
    "https://acme.io/x",
    "ftp://acme.io",
    "www.acme.io",
    "platform@acme.io",
    "[a](b)",
    "![]()",
    "[a]: b",
    "a\\_b",
    "C:\\new",
    "a\n- b",
    "a\n===",
    "a | b\n- | -",
    "a\n%% b",
    "\"x\"",
    "List<String>",
    "<br/>",
    "<script>alert(1)</script>",
    "&amp;",
    "&lt",
    "&#38;",
    "#35;",
    "#quot;",
    "fa:fa-user",
    "$$x$$",
    "%%{init: {}}%%",
    "direction LR",
];

/// Labels that stay as they are in the text, and are drawn so.
const PLAIN: [&str; 44] = [
    "grpc:8080",
    "api-gateway",
    "user_service_v2",
    "_private",
    "x_",
    "v1.0.2",
    "1.0",
    "-x",
    "--",
    "a - b",
    "+1",
    "C++",
    "C#",
    "#h",
    "issue #12",
    "R&D",
    "Orders & Billing",
    "Billing (EU)",
    "a [beta]",
    "{env}",
    "a/b",
    "a, b; c",
    "key=value",
    "it's",
    "100%",
    "$5",
    "a|b",
    "a ^ b ? c ! d",
    "*.example.com",
    "~user",
    "@acme/pay",
    "user@host",
    "s3://bucket",
    "DOMAIN\\user",
    "end",
    "subgraph",
    "style",
    "click",
    "Direction LR",
    "é",
    "日本",
    "שלום",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
];

/// Labels that have codes so that they are there at all, or for whoever reads the text: white space at the ends, other
/// white space than spaces, marks of direction, the marks of Mermaid itself.
const OTHER: [&str; 9] =
    [" a ", "   1. a", "a\tb", "a\u{a0}b", "a\u{2028}b", "\u{202e}abc", "direction\nLR", "ﬂ°°35¶ß", "a\nb\n"];

#[test]
fn every_version_draws_each_label_as_it_is() {
    let Some(browser) = browser::installed() else { return };
    let long = ["x".repeat(300), "word ".repeat(80).trim().to_owned(), "日".repeat(120)];
    let labels = || CHANGED.into_iter().chain(PLAIN).chain(OTHER).chain(long.iter().map(String::as_str));
    let system = system(labels());
    let graph = view(&system, GroupBy::Owner);
    let text = render(Target::Mermaid, &graph, &[]).text;
    for version in MERMAIDS {
        for labels in [Labels::Html, Labels::Svg] {
            assert_drawn(&browser, version, labels, &graph, &text);
        }
    }
}

#[test]
fn each_code_is_needed_by_some_version() {
    let Some(browser) = browser::installed() else { return };
    for label in CHANGED {
        assert_ne!(mermaid(label), label);
        let is_drawn = |version: &&str| drawn(&browser, version, Labels::Html, label).as_deref() == Ok(label);
        assert!(!MERMAIDS.iter().all(is_drawn), "every version draws {label:?} as it is");
    }
    // A `>` in the middle is lost where labels are SVG, and a code that stands behind a colon loses its `;` in a line
    // that has `style` in it.
    assert_eq!(drawn(&browser, "11.17", Labels::Svg, "a > b").as_deref(), Ok("a b"));
    assert_eq!(drawn(&browser, "11.17", Labels::Html, "style a:b#34;c").as_deref(), Ok("style a:b#34c"));
}

/// Draws a text as the label of a node, without any code.
fn drawn(browser: &Path, version: &str, labels: Labels, text: &str) -> Result<String, String> {
    let reading = draw(browser, version, labels, &format!("flowchart LR\n  svc_a[\"{text}\"]:::service\n"))?;
    reading.nodes.into_iter().next().map(|node| node.label).ok_or_else(|| "no node".to_owned())
}

/// Sites that draw labels as SVG draw a code as it stands, so that a diagram with codes asks for HTML, and one without
/// needs nothing.
#[test]
fn a_diagram_without_codes_is_drawn_as_svg_too() {
    let Some(browser) = browser::installed() else { return };
    let system = system(PLAIN.into_iter());
    let graph = view(&system, GroupBy::Owner);
    let text = render(Target::Mermaid, &graph, &[]).text;
    assert!(!has_mermaid_codes(&text) && !text.contains("%%{"), "{text}");
    // Mermaid 11.4 draws `&` as `&amp;` there, and `&#38;` as it should, the later versions the other way round.
    for version in MERMAIDS.into_iter().filter(|&version| version != "11.4") {
        assert_drawn(&browser, version, Labels::Svg, &graph, &text);
    }
}

#[test]
fn every_version_draws_every_fixture() {
    let Some(browser) = browser::installed() else { return };
    for file in fixtures() {
        let system = document(&file);
        let graph = view(&system, GroupBy::Provider);
        let text = render(Target::Mermaid, &graph, &[]).text;
        for version in MERMAIDS {
            assert_drawn(&browser, version, Labels::Html, &graph, &text);
        }
    }
}

#[test]
fn every_version_draws_any_names() {
    let Some(browser) = browser::installed() else { return };
    hostile::each(8, |system, group_by| {
        let graph = view(system, group_by);
        let text = render(Target::Mermaid, &graph, &[]).text;
        let faults = MERMAIDS.map(|version| faults(&browser, version, Labels::Html, &graph, &text));
        faults.concat()
    });
}

#[test]
fn every_version_draws_the_title() {
    let Some(browser) = browser::installed() else { return };
    let system = system(["a"].into_iter());
    let graph = view(&system, GroupBy::Provider);
    for title in CHANGED.into_iter().chain(PLAIN).chain(OTHER).step_by(3) {
        let text = render(Target::Mermaid, &graph, &[("title", title)]).text;
        let title = title.replace('<', "‹").replace("ﬂ°", "ﬂ\u{200b}°").replace("¶ß", "¶\u{200b}ß");
        for version in ["10.9", "11.17", "12.3"] {
            let reading =
                draw(&browser, version, Labels::Html, &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(reading.title.as_ref(), Some(&title), "{version}: {text}");
        }
    }
}

/// A system in which each label is the name of a service, of an owner and of a database, and the protocol of a
/// connection.
fn system<'l>(labels: impl Iterator<Item = &'l str>) -> System {
    let labels: Vec<&str> = labels.collect();
    let service = |(index, label): (usize, &&str)| {
        let target = labels[(index + 1) % labels.len()];
        let service = json!({
            "image": { "name": "a" },
            "owner": label,
            "connections": { target: { "port": 1, "protocol": label } },
            "aws": { "rds": [{ "name": label }] },
        });
        ((*label).to_owned(), service)
    };
    let services: Map<String, Value> = labels.iter().enumerate().map(service).collect();
    let owners: Map<String, Value> =
        labels.iter().map(|label| ((*label).to_owned(), json!({ "name": label }))).collect();
    serde_json::from_value(json!({ "name": "s", "services": services, "owners": owners })).unwrap()
}

fn view(system: &System, group_by: GroupBy) -> Graph<'_> {
    Graph::of(system).view(&ViewOptions { group_by, ..ViewOptions::default() })
}

#[track_caller]
fn assert_drawn(browser: &Path, version: &str, labels: Labels, graph: &Graph<'_>, text: &str) {
    let faults = faults(browser, version, labels, graph, text);
    assert!(faults.is_empty(), "{} faults, the first:\n{}", faults.len(), faults[..faults.len().min(20)].join("\n"));
}

fn faults(browser: &Path, version: &str, labels: Labels, graph: &Graph<'_>, text: &str) -> Vec<String> {
    let faults = match draw(browser, version, labels, text) {
        Ok(reading) => {
            with_line_feeds(expected::reading(Target::Mermaid, graph)).differences(&with_line_feeds(reading))
        }
        Err(error) => vec![error],
    };
    faults.into_iter().map(|fault| format!("Mermaid {version}, labels as {labels:?}: {fault}")).collect()
}

/// Writes line breaks of any kind as one line feed: a picture is HTML, which has no carriage return.
fn with_line_feeds(mut reading: Reading) -> Reading {
    let nodes = reading.nodes.iter_mut().map(|node| &mut node.label);
    let groups = reading.groups.iter_mut().map(|group| &mut group.label);
    let edges = reading.edges.iter_mut().map(|edge| &mut edge.label);
    for label in nodes.chain(groups).chain(edges).filter(|label| label.contains(['\r', '\n'])) {
        let lines = label.split_inclusive(['\r', '\n']);
        let lines: Vec<&str> = lines.filter(|line| *line != "\r" && *line != "\n").collect();
        *label = lines.concat().replace('\r', "\n");
    }
    reading
}
