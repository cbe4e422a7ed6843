//! The layouts that a page changes between: groupings, open and closed groups, and each group.

use super::{page, visit};
use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Map, Value, json};

/// A system of services that teams own, each of which uses some of its own team and one of another.
fn teams(services: usize, teams: usize) -> Value {
    let name = |index: usize| format!("service-{}", index % services);
    let all: Map<String, Value> = (0..services)
        .map(|index| {
            let near = (index + teams, json!({ "port": 8080, "protocol": "grpc" }));
            let far = (index * 7 + 1, json!({ "port": 9090, "protocol": "http" }));
            let connections: Map<String, Value> = [near, far]
                .into_iter()
                .filter(|(target, _)| target % services != index)
                .map(|(target, edge)| (name(target), edge))
                .collect();
            let owner = format!("team-{}", index % teams);
            (name(index), json!({ "image": { "name": "i" }, "owner": owner, "connections": connections }))
        })
        .collect();
    json!({ "name": "teams", "services": all })
}

fn written(workspace: &Workspace, document: &Value) -> String {
    workspace.write("s.json", document.to_string());
    workspace.path().join("s.json").display().to_string()
}

#[test]
fn the_page_changes_its_grouping_and_opens_and_closes_groups() {
    let ids = "[...document.querySelectorAll('g.node')].map((node) => node.dataset.id).sort().join(' ')";
    let groups = "[...document.querySelectorAll('g.group')].map((group) => group.dataset.id).sort().join(' ')";
    let steps = json!([
        {"read": "[...document.getElementById('group-by').options].map((option) => option.value).join(' ')"},
        {"read": groups},
        {"select": ["#group-by", "provider"]}, {"read": groups}, {"read": "location.hash"},
        {"read": "document.getElementById('toggle').textContent"},
        {"click": "#toggle"}, {"read": ids}, {"read": "location.hash"},
        {"double": "g.node[data-id='group:provider:aws']"}, {"read": ids}, {"read": "location.hash"},
        {"read": "document.getElementById('part').textContent"},
        {"click": "#back"}, {"read": "location.hash"},
        {"read": "document.querySelector('#facts h2').textContent"},
        {"read": "history.back()"}, {"wait": "location.hash.includes('part=')"},
        {"wait": "!document.getElementById('crumbs').hidden"},
        {"press": "Escape"}, {"read": "document.getElementById('crumbs').hidden"},
        {"click": "#reset"}, {"read": "location.hash"}, {"read": groups},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    let seen: Vec<Value> = seen.read.into_iter().filter(|value| !value.is_null()).collect();
    let text = |index: usize| seen[index].as_str().unwrap();
    assert_eq!(text(0), "none provider deployment");
    assert_eq!(text(1), "");
    assert_eq!(text(2), "provider:aws provider:services");
    assert_eq!((text(3), text(4)), ("#group=provider&groups=open", "Close groups"));
    assert_eq!((text(5), text(6)), ("group:provider:aws group:provider:services", "#group=provider&groups=closed"));
    assert!(text(7).contains("group:provider:services") && text(7).contains("rds:payments-db"), "{}", text(7));
    assert_eq!((text(8), text(9)), ("#group=provider&part=provider%3Aaws", "AWS"));
    assert_eq!(text(10), "#group=provider&groups=closed&node=provider%3Aaws", "back to the overview, the group lit");
    assert_eq!(text(11), "AWS");
    assert_eq!(seen[12], true);
    assert_eq!((text(13), text(14)), ("", ""));
}

#[test]
fn a_node_of_a_closed_group_is_shown_in_its_group() {
    let workspace = Workspace::new();
    let path = written(&workspace, &teams(120, 6));
    let steps = json!([
        {"fill": ["#search", "service-77"]}, {"press": "Enter"},
        {"read": "document.querySelector('g.node.selected').dataset.id"},
        {"read": "[...document.querySelectorAll('#facts .action')].find((one) => one.textContent.startsWith('Show it')).click()"},
        {"read": "document.querySelector('g.node.selected').dataset.id"},
        {"read": "document.getElementById('part').textContent"},
        {"read": "document.querySelectorAll(`g.node[data-kind=service]`).length"},
        {"fill": ["#search", "service-78"]}, {"press": "Enter"},
        {"read": "document.querySelector('g.node.selected').dataset.id"},
    ]);
    let Some(seen) = visit(&path, &[], steps) else { return };
    let seen: Vec<Value> = seen.read.into_iter().filter(|value| !value.is_null()).collect();
    assert_eq!(
        seen,
        [json!("group:owner:team-5"), json!("svc:service-77"), json!("team-5"), json!(20), json!("group:owner:team-0")]
    );
}

#[test]
fn the_first_screen_can_be_read_at_every_size() {
    for (services, of_teams) in [(50, 6), (200, 12), (1000, 36)] {
        let workspace = Workspace::new();
        let path = written(&workspace, &teams(services, of_teams));
        let steps = json!([
            {"read": "document.querySelectorAll('g.node').length"},
            // The height of letters, in pixels of the screen.
            {"read": "14 * document.querySelector('#view > svg').getScreenCTM().a"},
            {"read": "[...document.querySelectorAll('g.node')].filter((node) => { const box = node.getBoundingClientRect(); \
                return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight; }).length"},
        ]);
        let Some(seen) = visit(&path, &[], steps) else { return };
        assert_eq!(seen.read[0], of_teams, "{services}: a node for each team");
        assert!(seen.read[1].as_f64().unwrap() >= 7.0, "{services}: {:?}", seen.read);
        assert!(seen.read[2].as_u64().unwrap() >= 6, "{services}: {:?}", seen.read);
    }
}

#[test]
fn layouts_stay_inside_their_budget_and_are_the_same_each_time() {
    let workspace = Workspace::new();
    let path = written(&workspace, &teams(1000, 36));
    let first = page(&workspace, &path, &[]);
    assert!(first == page(&workspace, &path, &[]));
    let layouts: Vec<&str> =
        first.split("<template ").skip(1).map(|rest| rest.split_once("</template>").unwrap().0).collect();
    let bytes: usize = layouts.iter().map(|layout| layout.split_once('>').unwrap().1.len()).sum();
    assert!(bytes <= 2 << 20 && layouts.len() > 10, "{} layouts, {bytes} bytes", layouts.len());
}

#[test]
fn a_template_of_a_project_can_ask_for_layouts() {
    let workspace = Workspace::new();
    workspace.write("list.txt.tera", "{% for one in layouts %}{{ one[\"group-by\"] }} {{ one.closed }} {{ one.part | default(value=\"-\") }} {{ one.text is starting_with(pat=\"<svg\") }}\n{% endfor %}");
    workspace.write("list.toml", "layouts = \"svg\"\n");
    let made =
        workspace.run(&["render", PAYMENTS, "--plugin", "./list.txt.tera", "--set", "group-by=none"]).ends(0).stdout;
    let lines: Vec<&str> = made.lines().collect();
    for line in
        ["provider false - true", "provider true - true", "provider false provider:aws true", "deployment true - true"]
    {
        assert!(lines.contains(&line), "{line} is not in {made}");
    }
    assert!(!made.contains("none"), "that one is shown: {made}");
    workspace.write("list.toml", "layouts = 1\n");
    workspace.run(&["render", PAYMENTS, "--plugin", "./list.txt.tera"]).ends(2).says("layouts");
    workspace.write("list.toml", "layouts = \"nobody\"\n");
    workspace.run(&["render", PAYMENTS, "--plugin", "./list.txt.tera"]).ends(2).says("there is no plugin `nobody`");
}

#[test]
fn a_large_document_has_one_layout() {
    let workspace = Workspace::new();
    for (services, expected) in [(600, true), (6_000, false)] {
        let document = written(&workspace, &teams(services, 20));
        workspace.run(&["render", &document, "-o", "s.html"]).ends(0);
        let page = std::fs::read_to_string(workspace.path().join("s.html")).unwrap();
        assert_eq!(page.contains("<template class=\"layout\""), expected, "{services} services");
    }
}
