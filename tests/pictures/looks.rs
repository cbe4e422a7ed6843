//! How a picture looks: what it shows of a large system, its colours, fonts, icons, legend and title block.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::limits::{ComponentLimits, TemplateLimits};
use spec_engine::model::System;
use spec_engine::plugin::{PictureFault, PluginError, PluginKind};
use spec_engine::registry::{Origin, Plugin, Registry};
use spec_engine::render::picture::Format;
use spec_engine::wasm::{Cache, Host};

use super::geometry::{has_class, title_of};
use super::{render, svg, system, view};
use crate::support::workspace::{PAYMENTS, Workspace};

/// A system of teams, each with some services that use the first of the next team.
fn teams(teams: usize, services: usize) -> Value {
    let mut all = Map::new();
    for team in 0..teams {
        for index in 0..services {
            let next = format!("s{}-0", (team + 1) % teams);
            let connections = json!({ next: { "port": 80, "protocol": "http" } });
            let service =
                json!({ "image": { "name": "i" }, "owner": format!("team-{team}"), "connections": connections });
            all.insert(format!("s{team}-{index}"), service);
        }
    }
    json!({ "name": "teams", "services": all })
}

fn text_of(workspace: &Workspace, file: &str) -> String {
    std::fs::read_to_string(workspace.path().join(file)).unwrap()
}

#[test]
fn the_grouping_follows_the_document() {
    let owned: System = serde_json::from_value(teams(3, 3)).unwrap();
    let groups = |system: &System| -> Vec<String> {
        let graph = Graph::of(system).view(&ViewOptions { group_by: GroupBy::Auto, ..ViewOptions::default() });
        graph.groups.iter().map(|group| group.id.to_string()).collect()
    };
    assert_eq!(groups(&owned), ["owner:team-0", "owner:team-1", "owner:team-2"]);
    assert_eq!(groups(&system("examples/payments.json")), Vec::<String>::new(), "no service has an owner");
    assert_eq!(groups(&serde_json::from_value(teams(1, 3)).unwrap()), Vec::<String>::new(), "one group tells nothing");
}

#[test]
fn a_large_system_starts_with_its_groups_and_says_how_to_see_more() {
    let workspace = Workspace::new();
    workspace.write("s.json", teams(5, 9).to_string());
    let drawn = |arguments: &[&str]| {
        let ran = workspace.run(&[&["render", "s.json", "-o", "s.svg"], arguments].concat()).ends(0);
        (text_of(&workspace, "s.svg").matches("class=\"node ").count(), ran.stderr)
    };
    let (nodes, said) = drawn(&[]);
    assert_eq!(nodes, 5);
    for part in ["45 nodes cannot be read in one picture", "--focus", "--set overview=never draws all of it"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(drawn(&["--set", "overview=never", "--set", "stacks=never"]).0, 45);
    let (focused, said) = drawn(&["--focus", "s1-0", "--set", "stacks=never"]);
    assert!(focused > 9 && !said.contains("overview"), "what was asked for is drawn: {focused} {said}");
    let page = workspace.run(&["render", "s.json", "-o", "s.html"]).ends(0);
    assert!(page.stderr.contains("svg/overview"), "{}", page.stderr);
}

#[test]
fn nodes_with_the_same_connections_are_stacked_where_asked() {
    let system: System = serde_json::from_value(teams(2, 6)).unwrap();
    let text = svg(&view(&system, GroupBy::Owner), &[("stacks", "always".into())]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let stacks: Vec<_> = document.descendants().filter(|node| node.attribute("data-members").is_some()).collect();
    let members: Vec<Vec<String>> =
        stacks.iter().map(|stack| serde_json::from_str(stack.attribute("data-members").unwrap()).unwrap()).collect();
    assert_eq!(members.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5]);
    assert_eq!(members[0][0], "svc:s0-1");
    assert!(title_of(stacks[0]).contains("× 5") && title_of(stacks[0]).contains("\ns0-3"), "{}", title_of(stacks[0]));
}

/// A page without its picture still has search and facts.
#[test]
fn a_page_is_made_even_where_its_picture_cannot_be() {
    let mut plugins = Registry::default();
    let fails = || {
        let fault = PictureFault::TimedOut { nodes: 1, edges: 1, seconds: 1 };
        Err(PluginError::Picture { format: Format::Svg.as_str(), fault })
    };
    plugins.add(Plugin::new("svg", PluginKind::BuiltIn, Origin::BuiltIn, fails));
    plugins.add_shipped(
        &Arc::new(Host::new(ComponentLimits::default(), Cache::none())),
        Arc::new(|_: &str| TemplateLimits::default()),
    );
    let system = system("examples/payments.json");
    let html = plugins.find("html").unwrap();
    let output = plugins.render(html, Graph::of(&system), &[], &[]).unwrap();
    let page = String::from_utf8(output.artifacts[0].content.clone()).unwrap();
    assert!(page.contains("There is no diagram") && page.contains("svc:api-gateway"));
    let [remark] = output.diagnostics.as_slice() else { panic!("{:?}", output.diagnostics) };
    assert_eq!(remark.rule.as_str(), "svg/not-drawn");
    assert!(remark.message.starts_with("html has no diagram: the layout of 1 nodes"), "{}", remark.message);
}

#[test]
fn themes_and_colors_are_those_that_are_asked_for() {
    let system = system("examples/payments.json");
    let graph = view(&system, GroupBy::None);
    let print = svg(&graph, &[("theme", "print".into())]);
    assert!(print.contains("--database-line:#222222") && !print.contains("prefers-color-scheme"));
    let own = svg(&graph, &[("colors", "page=#fffdf5, database=#00695c".into()), ("theme", "light".into())]);
    assert!(own.contains("--page:#fffdf5") && own.contains("--database-line:#00695c"));
    let auto = svg(&graph, &[("colors", "page=#fffdf5".into())]);
    assert!(auto.contains("--page:#fffdf5") && auto.contains("--page:#161a21"), "the dark page stays dark");
    let fault = render(Format::Svg, &graph, &[("colors", "databse=#000".into())]).unwrap_err();
    assert!(fault.to_string().contains("did you mean `database`?"), "{fault}");
}

#[test]
fn the_project_file_sets_the_colors() {
    let workspace = Workspace::new();
    workspace.write("s.json", teams(2, 2).to_string());
    workspace.write("spec-engine.toml", "[options.svg]\ntheme = \"light\"\ncolors = \"page=#fedcba\"\n");
    workspace.run(&["render", "s.json", "-o", "s.svg"]).ends(0);
    assert!(text_of(&workspace, "s.svg").contains("--page:#fedcba"));
    workspace.write("spec-engine.toml", "[options.svg]\ncolors = \"page=red\"\n");
    workspace.run(&["render", "s.json", "-o", "s.svg"]).ends(2).says("`red` is no colour");
}

#[test]
fn the_icons_of_a_folder_are_drawn_by_resource_and_kind() {
    let workspace = Workspace::new();
    let icon = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">{inside}</svg>");
    workspace.write("icons/aws.rds.svg", icon("<path d=\"M0 0h1v1z\"/>"));
    workspace.write("icons/service.svg", icon("<path d=\"M0 0v1h1z\"/>"));
    let run =
        |more: &[&str]| workspace.run(&[&["render", PAYMENTS, "-o", "p.svg", "--set", "icons=icons"], more].concat());
    run(&[]).ends(0);
    let text = text_of(&workspace, "p.svg");
    assert_eq!(text.matches("data:image/svg+xml;base64,").count(), 2, "each image once");
    assert_eq!(text.matches("<use href=\"#spec-icon-").count(), 2 + 4, "two databases, four services");
    assert!(text.matches("class=\"icon\"").count() > 2, "the other kinds have those that ship");
    workspace.write("icons/service.svg", icon("<script>x</script>"));
    run(&[]).ends(2).says("it has the element `script`");
    workspace.write("icons/service.svg", "x".repeat(200_000));
    run(&[]).ends(2).says("it is larger than 128 KiB");
    let missing = workspace.run(&["render", PAYMENTS, "-o", "p.svg", "--set", "icons=nowhere"]).ends(2);
    missing.says("`nowhere` cannot be used").says("--set icons=kind");
}

#[test]
fn the_font_that_is_named_is_measured() {
    let workspace = Workspace::new();
    workspace.write("bold.ttf", dejavu::sans_condensed::bold()).write("none.ttf", "no font");
    let width = |font: &str| {
        workspace.run(&["render", PAYMENTS, "-o", "p.svg", "--set", &format!("font={font}")]).ends(0);
        let text = text_of(&workspace, "p.svg");
        let document = roxmltree::Document::parse(&text).unwrap();
        let name = document.descendants().find(|node| has_class(*node, "name")).unwrap();
        name.attribute("textLength").unwrap().parse::<f64>().unwrap()
    };
    assert!(width("bold.ttf") > width("") + 2.0);
    for (font, reason) in [("none.ttf", "no TrueType or OpenType font"), ("nowhere.ttf", "`nowhere.ttf`")] {
        let ran = workspace.run(&["render", PAYMENTS, "-o", "p.png", "--set", &format!("font={font}")]).ends(2);
        ran.says(reason).says("--set font=FILE");
    }
}

#[test]
fn characters_that_no_font_has_are_named() {
    // U+0378 stands for nothing: no font has it.
    let document = json!({ "name": "x", "services": { "a\u{378}b": {}, "支": {} } });
    let system: System = serde_json::from_value(document).unwrap();
    let graph = view(&system, GroupBy::None);
    let output = render(Format::Png, &graph, &[]).unwrap();
    let remark = output.diagnostics.iter().find(|one| one.rule.as_str() == "png/characters-missing").unwrap();
    assert!(remark.message.contains("(U+0378)"), "{}", remark.message);
    let text = svg(&graph, &[]);
    assert!(text.contains("'Noto Sans CJK SC'"), "the reader's fonts are named");
    let latin: System = serde_json::from_value(json!({ "name": "x", "services": { "a": {} } })).unwrap();
    assert!(render(Format::Png, &view(&latin, GroupBy::None), &[]).unwrap().diagnostics.is_empty());
}

#[test]
fn the_parts_of_a_split_say_what_they_show_and_lead_back() {
    let workspace = Workspace::new();
    workspace.write("s.json", teams(3, 3).to_string());
    workspace.run(&["render", "s.json", "--plugin", "svg", "--split", "owner", "-o", "parts/"]).ends(0);
    let part = text_of(&workspace, "parts/owner-team-1.svg");
    assert!(part.contains("<title>teams · team-1</title>"), "{part}");
    assert!(part.contains("<a class=\"back\" href=\"overview.svg\">"), "{part}");
    assert!(text_of(&workspace, "parts/overview.svg").contains("<title>teams · Overview</title>"));
}

#[test]
fn a_legend_and_a_title_block_explain_the_drawing() {
    let system = system("examples/payments.json");
    let graph = view(&system, GroupBy::None);
    let words = |settings: &[(&str, Value)], class: &str| -> Vec<String> {
        let text = svg(&graph, settings);
        let document = roxmltree::Document::parse(&text).unwrap();
        let part = document.descendants().find(|node| has_class(*node, class));
        let texts = part.into_iter().flat_map(|part| part.descendants()).filter(|node| node.has_tag_name("text"));
        texts.filter_map(|node| node.text()).map(str::to_owned).collect()
    };
    let kinds = ["service", "database", "queue", "topic", "storage", "AI model", "Helm release", "Terraform module"];
    assert_eq!(words(&[], "legend"), [&kinds[..], &["deploys"]].concat());
    assert_eq!(words(&[("legend", false.into())], "legend"), Vec::<String>::new());
    assert_eq!(words(&[], "block"), Vec::<String>::new());
    let block = words(&[("date", "2026-11-28".into()), ("commit", "abc123".into())], "block");
    assert_eq!(block, ["Title", "payments-platform", "Version", "1.0.0", "Date", "2026-11-28", "Commit", "abc123"]);
}

#[test]
fn a_service_leads_to_its_repository_unless_told_otherwise() {
    let system = system("examples/payments.json");
    let graph = view(&system, GroupBy::None);
    let links = |links: bool| svg(&graph, &[("links", links.into())]).matches("<a href=\"https://github.com/").count();
    assert_eq!((links(true), links(false)), (4, 0));
}
