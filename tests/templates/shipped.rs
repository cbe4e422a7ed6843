//! The templates that ship.

use std::collections::BTreeSet;

use serde_json::Value;
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::plugin::PluginKind;
use spec_engine::registry::{LoadedPlugin, Origin, Plugin, Registry};
use spec_engine::render::Renderer as _;
use spec_engine::render::template::{SHIPPED, is_renderer};

use crate::support::renderers::draw;
use crate::templates::{defaults, example, folder, hostile, render, shipped, template};

#[test]
fn what_is_on_disk_is_registered() {
    let on_disk: BTreeSet<_> = folder("templates", ".tera").into_iter().collect();
    let parts = SHIPPED.iter().flat_map(|shipped| shipped.parts).map(|part| (part.file_name, part.text));
    let registered = SHIPPED.iter().map(|shipped| (shipped.file_name, shipped.source)).chain(parts);
    assert_eq!(on_disk, registered.map(|(name, text)| (name.to_owned(), text.to_owned())).collect());
    assert!(SHIPPED.iter().all(|shipped| is_renderer(shipped.file_name)));
    assert!(SHIPPED.iter().flat_map(|shipped| shipped.parts).all(|part| !is_renderer(part.file_name)));
    let sidecars: BTreeSet<_> = folder("templates", ".toml").into_iter().map(|(_, text)| text).collect();
    assert_eq!(sidecars, SHIPPED.iter().map(|shipped| shipped.sidecar.to_owned()).collect());
}

#[test]
fn each_renders_every_system_the_same_way_twice() {
    for system in ["payments", "boutique", "otel"].map(example).into_iter().chain([hostile::system()]) {
        for entry in &SHIPPED {
            let first = render(&entry.template().unwrap(), &system).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(first, render(&entry.template().unwrap(), &system).unwrap(), "{}", entry.file_name);
            assert!(first.ends_with('\n') && !first.ends_with("\n\n"), "{}", entry.file_name);
        }
    }
}

#[test]
fn json_is_json_in_every_view() {
    for system in [example("payments"), hostile::system(), Default::default()] {
        for group_by in [GroupBy::Owner, GroupBy::Network, GroupBy::Deployment, GroupBy::None] {
            let graph =
                Graph::of(&system).view(&ViewOptions { group_by, deployments: false, ..ViewOptions::default() });
            for name in ["cytoscape", "sigma", "graph"] {
                let template = shipped(name);
                let output = draw(&template, &graph, &defaults(&template)).unwrap();
                assert!(serde_json::from_slice::<Value>(&output.artifacts[0].content).is_ok(), "{name} {group_by:?}");
            }
        }
    }
}

#[test]
fn each_says_what_it_is() {
    for entry in &SHIPPED {
        let template = entry.template().unwrap();
        let description = template.description();
        assert!(description.version.is_some() && !description.summary.ends_with('.'), "{}", entry.file_name);
        assert_ne!(description.media_types, ["text/plain"], "{}", entry.file_name);
    }
}

#[test]
fn graph_is_what_the_engine_prints() {
    for system in [example("payments"), hostile::system()] {
        let graph = Graph::of(&system).view(&ViewOptions::default());
        let printed = serde_json::to_string_pretty(&graph).unwrap() + "\n";
        assert_eq!(render(&shipped("graph"), &system).unwrap(), printed);
    }
}

#[test]
fn ids_of_cytoscape_are_unique_and_lead_somewhere() {
    for system in [example("payments"), hostile::system()] {
        let read: Value = serde_json::from_str(&render(&shipped("cytoscape"), &system).unwrap()).unwrap();
        let data = |kind: &str| -> Vec<Value> {
            read["elements"][kind].as_array().unwrap().iter().map(|element| element["data"].clone()).collect()
        };
        let (nodes, edges) = (data("nodes"), data("edges"));
        let ids: BTreeSet<_> = nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
        let all: BTreeSet<_> = nodes.iter().chain(&edges).map(|element| element["id"].as_str().unwrap()).collect();
        assert_eq!(all.len(), nodes.len() + edges.len());
        let ends = edges.iter().flat_map(|edge| [&edge["source"], &edge["target"]]);
        let parents = nodes.iter().filter_map(|node| node.get("parent"));
        assert!(ends.chain(parents).all(|id| ids.contains(id.as_str().unwrap())));
        let graph = Graph::of(&system).view(&ViewOptions::default());
        assert_eq!(nodes.len(), graph.nodes.len() + graph.groups.len());
        assert_eq!(edges.len(), graph.edges.len());
    }
}

#[test]
fn sigma_places_every_node_elsewhere() {
    for system in [example("payments"), hostile::system()] {
        let read: Value = serde_json::from_str(&render(&shipped("sigma"), &system).unwrap()).unwrap();
        let nodes = read["nodes"].as_array().unwrap();
        let places: BTreeSet<_> =
            nodes.iter().map(|node| format!("{} {}", node["attributes"]["x"], node["attributes"]["y"])).collect();
        assert_eq!(places.len(), nodes.len());
        let keys: BTreeSet<_> = nodes.iter().map(|node| node["key"].as_str().unwrap()).collect();
        assert_eq!(keys.len(), nodes.len());
        let edges = read["edges"].as_array().unwrap();
        let ends = edges.iter().flat_map(|edge| [&edge["source"], &edge["target"]]);
        assert!(ends.into_iter().all(|id| keys.contains(id.as_str().unwrap())));
    }
}

#[test]
fn markdown_of_payments() {
    insta::assert_snapshot!(render(&shipped("markdown"), &example("payments")).unwrap());
}

#[test]
fn no_name_breaks_a_table_or_becomes_a_link() {
    let page = render(&shipped("markdown"), &hostile::system()).unwrap();
    let mut columns = None;
    for line in page.lines() {
        if line.starts_with('|') {
            let cells = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
        } else {
            columns = None;
        }
        let line = line.replace("\\`", "");
        let outside_code: String = line.split('`').step_by(2).collect();
        for markup in ["](<javascript", "<script", "<html", "<!--", "<b>"] {
            assert!(!outside_code.contains(markup), "{line}");
        }
    }
    assert_eq!(page.lines().filter(|line| line.starts_with("## ")).count(), 6);
    assert_eq!(page.lines().filter(|line| line.starts_with("### ")).count(), 2 * hostile::names().len());
}

#[test]
fn services_named_like_a_heading_have_an_anchor_of_their_own() {
    let page = render(&shipped("markdown"), &hostile::system()).unwrap();
    for link in ["[Services](#services-1)", "[services](#services-2)", "[diagram](#diagram-1)", "[(no name)](#no-name)"]
    {
        assert!(page.contains(link), "{link}");
    }
}

#[test]
fn the_page_embeds_what_mermaid_made() {
    let system = example("payments");
    let graph = Graph::of(&system).view(&ViewOptions::default());
    let page = shipped("markdown");
    let registry = |name: &'static str, source: &'static str| {
        let mut registry = Registry::default();
        let page = Plugin::new("page", PluginKind::Template, Origin::BuiltIn, || {
            Ok(LoadedPlugin::Renderer(Box::new(shipped("markdown"))))
        });
        let embedded = Plugin::new(name, PluginKind::Template, Origin::BuiltIn, move || {
            let template = if source.is_empty() { shipped("markdown") } else { template(source)? };
            Ok(LoadedPlugin::Renderer(Box::new(template)))
        });
        registry.add(page);
        registry.add(embedded);
        registry
    };
    let render = |registry: &Registry| registry.render(registry.find("page").unwrap(), Graph::of(&system), &[], &[]);
    let output = render(&registry("mermaid", "flowchart of {{ graph.name }}")).unwrap();
    let text = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    assert!(text.contains("```mermaid\nflowchart of payments-platform\n```\n"), "{text}");

    let error = render(&registry("other", "x")).unwrap_err();
    assert_eq!(error.to_string(), "markdown embeds `mermaid`: there is no plugin `mermaid`");
    let error = render(&registry("mermaid", "")).unwrap_err();
    assert_eq!(error.to_string(), "markdown embeds `mermaid`, which embeds other renderers itself");
    let error = draw(&page, &graph, &defaults(&page)).unwrap_err();
    assert_eq!(error.to_string(), "markdown.md.tera: embeds `mermaid`, whose output was not passed in");
}

#[cfg(feature = "pictures")]
#[test]
fn an_embedded_renderer_hears_of_the_options_that_it_shares() {
    use spec_engine::render::picture::{Format, Picture};
    let page = shipped("html");
    let svg = Picture::new(Format::Svg);
    // What the page hands on has to be what the picture takes, and says of it.
    let (page, svg) = (&page.description().options["properties"], &svg.description().options["properties"]);
    let shared: Vec<&String> = page.as_object().unwrap().keys().filter(|key| svg.get(key).is_some()).collect();
    assert_eq!(
        shared,
        [
            "colors",
            "deployments",
            "direction",
            "font",
            "group-by",
            "hubs",
            "icons",
            "legend",
            "links",
            "max-edges",
            "max-nodes",
            "overview",
            "seconds",
            "stacks",
            "title"
        ]
    );
    for key in shared {
        for word in ["type", "default", "enum", "minimum", "maximum"] {
            // A click on a node of the page shows its facts, and leaves the page only where that is asked for.
            let differs = (key.as_str(), word) == ("links", "default");
            assert_eq!(page[key].get(word) != svg[key].get(word), differs, "{key}: {word}");
        }
    }
}
