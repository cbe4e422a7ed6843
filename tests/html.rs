//! The page of the renderer `html`: what is in it, and what a browser makes of it.

mod actions;
mod layouts;

use std::fmt::Write as _;

use crate::support::browser::{Seen, look};
use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Draws what the picture leaves out unless it is asked for.
const ALL: [&str; 4] = ["--group-by", "provider", "--set", "deployments=true"];
const HOSTILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hostile.json");

fn page(workspace: &Workspace, document: &str, more: &[&str]) -> String {
    let arguments = [&["render", document, "-o", "page.html", "--allow-errors"], more].concat();
    workspace.run(&arguments).ends(0);
    std::fs::read_to_string(workspace.path().join("page.html")).unwrap()
}

/// Opens a page that was rendered with these arguments, and goes through the steps.
fn visit(document: &str, more: &[&str], steps: Value) -> Option<Seen> {
    let workspace = Workspace::new();
    page(&workspace, document, more);
    let url = format!("file://{}", workspace.path().join("page.html").display());
    let seen = look(&url, "light", steps)?;
    assert_eq!(seen.complaints, Vec::<String>::new());
    assert!(seen.requests.iter().all(|request| request.split('#').next() == Some(&url)), "{:?}", seen.requests);
    Some(seen)
}

#[test]
fn the_policy_allows_the_script_of_the_page_and_no_other() {
    let page = page(&Workspace::new(), PAYMENTS, &[]);
    let scripts: Vec<&str> =
        page.split("<script>").skip(1).map(|rest| rest.split_once("</script>").unwrap().0).collect();
    let [script] = scripts.as_slice() else { panic!("{} scripts", scripts.len()) };
    let hash = base64(&Sha256::digest(script.as_bytes()));
    assert!(page.contains(&format!("script-src 'sha256-{hash}'")), "the hash in templates/html.html.tera is {hash}");
    assert!(page.contains("default-src 'none'"));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().enumerate().fold(0, |sum, (index, &byte)| sum | u32::from(byte) << (16 - 8 * index));
        for digit in 0..4 {
            let shown = DIGITS[(number >> (18 - 6 * digit)) as usize & 63];
            text.push(if digit <= chunk.len() { char::from(shown) } else { '=' });
        }
    }
    text
}

#[test]
fn the_page_holds_the_graph_whatever_is_in_it() {
    for document in [PAYMENTS, HOSTILE] {
        let workspace = Workspace::new();
        let page = page(&workspace, document, &ALL);
        let data = page.split_once(r#"id="data">"#).unwrap().1.split_once("</script>").unwrap().0;
        let data: Value = serde_json::from_str(data).unwrap();
        let graph = workspace.run(&["graph", document, "--group-by", "provider", "--allow-errors"]).ends(0).stdout;
        assert_eq!(data["graph"], serde_json::from_str::<Value>(&graph).unwrap());
        let text = std::fs::read(document).unwrap();
        let piped = workspace
            .run_with_stdin(&[&["render", "-", "--plugin", "html", "--allow-errors"][..], &ALL].concat(), &text)
            .ends(0);
        assert!(piped.stdout == page, "the page does not depend on where the document is");
    }
}

#[test]
fn an_option_reaches_the_picture() {
    let workspace = Workspace::new();
    let [right, down] =
        ["right", "down"].map(|way| page(&workspace, PAYMENTS, &["--set", &format!("direction={way}")]));
    assert_ne!(right, down);
    workspace.run(&["render", PAYMENTS, "-o", "page.html", "--set", "directoin=down"]).ends(2).says("direction");
    let seconds = workspace.run(&["render", PAYMENTS, "-o", "page.html", "--set", "seconds=0"]).ends(2);
    seconds.says("`seconds`");
}

#[test]
fn search_filter_and_keys_lead_to_the_facts() {
    let count = "document.getElementById('count').textContent";
    let facts = "document.getElementById('facts').innerText";
    let lit = "[...document.querySelectorAll('g.node:not(.dim)')].map((node) => node.dataset.id).sort().join(' ')";
    let steps = json!([
        {"read": count},
        {"press": "/"},
        {"fill": ["#search", "users"]}, {"read": count}, {"read": lit},
        {"press": "Enter"}, {"read": "location.hash"},
        {"fill": ["#search", ""]},
        {"click": "g.node[data-id='svc:payments-service']"}, {"read": facts}, {"read": lit},
        {"read": "document.querySelectorAll('g.edge.in').length"},
        {"read": "document.querySelectorAll('g.edge.out').length"},
        {"select": ["#reach", "all"]}, {"read": lit},
        {"click": "#reset"}, {"read": "location.hash"}, {"read": lit},
        {"select": ["#kind", "database"]}, {"read": count},
        {"select": ["#kind", ""]}, {"select": ["#provider", "services"]}, {"read": count},
        {"select": ["#provider", ""]},
        {"press": "Escape"},
    ]);
    let Some(seen) = visit(PAYMENTS, &ALL, steps) else { return };
    let text = |index: usize| seen.read[index].as_str().unwrap();
    assert_eq!(text(0), "(15)");
    assert_eq!(text(1), "(2 of 15)");
    assert_eq!(text(2), "rds:users-db svc:users-service");
    assert_eq!(text(3), "#node=svc%3Ausers-service&q=users");
    for fact in [
        "payments-service",
        "ghcr.io/plexusone/payments-service@sha256:a1b2c3d4e5f6",
        "by digest",
        "grpc:8080",
        "/services/payments-service",
        "Depends on (4)",
        "Used by (1)",
        "Deployed by (1)",
    ] {
        assert!(text(4).contains(fact), "{fact} is not in {}", text(4));
    }
    assert_eq!(text(5).split(' ').count(), 7, "{}", text(5));
    assert_eq!((&seen.read[6], &seen.read[7]), (&json!(2), &json!(4)));
    assert!(text(8).contains("sns:alerts-topic") && !text(5).contains("sns:alerts-topic"), "{}", text(8));
    assert_eq!(text(9), "");
    assert_eq!(text(10).split(' ').count(), 15);
    assert_eq!(text(11), "(3 of 15)");
    assert_eq!(text(12), "(4 of 15)");
}

#[test]
fn the_keyboard_goes_through_the_diagram() {
    let focused = "document.activeElement.getAttribute('aria-label')";
    let box_ = "document.querySelector('#view > svg').getAttribute('viewBox')";
    let steps = json!([
        {"read": "document.querySelectorAll('g.node[tabindex=\"0\"]').length"},
        {"click": "g.node[data-id='svc:payments-service']"},
        {"press": "ArrowRight"}, {"read": focused},
        {"press": "Enter"}, {"read": "location.hash"},
        {"read": "document.getElementById('status').textContent"},
        {"read": box_}, {"press": "+"}, {"read": box_}, {"press": "0"}, {"read": box_},
        {"press": "Escape"}, {"read": "location.hash"},
        {"read": "[...document.querySelectorAll('input, select, button')].every((field) => field.labels?.length || field.getAttribute('aria-label') || field.textContent.trim())"},
        {"read": "[...document.querySelectorAll('g.node')].every((node) => node.getAttribute('role') === 'button' && node.getAttribute('aria-label'))"},
    ]);
    let Some(seen) = visit(PAYMENTS, &ALL, steps) else { return };
    assert_eq!(seen.read[0], 1, "the diagram is one stop");
    assert_eq!(seen.read[1], "notifications-service, service, depends on 3, used by 2");
    assert_eq!(seen.read[2], "#node=svc%3Anotifications-service");
    assert_eq!(seen.read[3], "notifications-service: depends on 3, used by 2");
    assert!(seen.read[4] != seen.read[5] && seen.read[4] == seen.read[6], "{:?}", seen.read);
    assert_eq!(seen.read[7], "");
    assert_eq!((&seen.read[8], &seen.read[9]), (&json!(true), &json!(true)));
}

#[test]
fn the_mouse_moves_the_picture_and_the_button_its_colours() {
    let box_ = "document.querySelector('#view > svg').getAttribute('viewBox')";
    let color = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector('.spec-picture .page')).fill";
    let steps = json!([
        {"read": box_},
        {"drag": [300, 250, 400, 300]}, {"read": box_}, {"read": "location.hash"},
        {"wheel": [300, 300, -300]}, {"read": box_},
        {"read": color}, {"click": "#theme"}, {"read": color}, {"click": "#theme"}, {"read": color},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    let size = |index: usize| -> Vec<f64> {
        seen.read[index].as_str().unwrap().split(' ').map(|number| number.parse().unwrap()).collect()
    };
    let (before, dragged, zoomed) = (size(0), size(1), size(3));
    assert!(dragged[0] < before[0] && dragged[1] < before[1] && dragged[2] == before[2], "{:?}", seen.read);
    assert!(zoomed[2] < dragged[2]);
    assert!(!seen.read[2].as_str().unwrap().contains("node="), "to drag is not to click");
    assert!(seen.read[4] != seen.read[5] && seen.read[4] == seen.read[6], "{:?}", seen.read);
}

#[test]
fn an_address_opens_its_node() {
    let workspace = Workspace::new();
    page(&workspace, PAYMENTS, &[]);
    let file = format!("file://{}", workspace.path().join("page.html").display());
    let heading = json!([{"read": "document.querySelector('#facts h2')?.textContent"}]);
    let Some(seen) = look(&format!("{file}#node=rds%3Apayments-db"), "dark", heading.clone()) else { return };
    assert_eq!(seen.read[0], "payments-db");
    for hash in ["#node=nobody", "#node=%ff", "#node=", "#", "#node=__proto__"] {
        let seen = look(&format!("{file}{hash}"), "dark", heading.clone()).unwrap();
        assert_eq!((seen.read[0].clone(), seen.complaints), (Value::Null, Vec::new()), "{hash}");
    }
}

#[test]
fn a_hostile_document_injects_nothing() {
    let steps = json!([
        {"read": "[document.scripts.length, document.querySelectorAll('img, iframe, object, embed, base, foreignObject').length]"},
        {"read": "[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter((one) => /^on/i.test(one.name)).length"},
        // Every node is opened, and everything that is shown of it is looked at.
        {"read": "(async () => { let bad = 0; for (const row of [...document.querySelectorAll('#list .row')]) { row.click(); bad += document.querySelectorAll('#facts img, #facts script, #facts iframe, #facts a:not([href^=\"http\"]):not([href^=\"mailto:\"])').length; } return bad; })()"},
        {"read": "document.querySelectorAll('#list .row').length"},
        {"read": "Object.keys(window).filter((key) => /pwn|hack|xss/i.test(key)).length"},
    ]);
    let document = hostile_page();
    let workspace = Workspace::new();
    workspace.write("h.json", document.to_string());
    let path = workspace.path().join("h.json");
    for document in [path.to_str().unwrap(), HOSTILE] {
        let Some(seen) = visit(document, &["--set", "max-nodes=1000", "--set", "max-edges=3000"], steps.clone()) else {
            return;
        };
        assert_eq!(seen.read[0], json!([2, 0]), "{document}");
        assert_eq!((&seen.read[1], &seen.read[2], &seen.read[4]), (&json!(0), &json!(0), &json!(0)), "{document}");
        assert!(seen.read[3].as_u64().unwrap() > 3, "{document}");
    }
}

/// Makes a document whose every text would run a script in a page that does not quote it.
fn hostile_page() -> Value {
    let attacks = [
        "<img src=x onerror=\"window.pwned=1\">",
        "</script><script>window.pwned=1</script>",
        "<!--<script>window.pwned=1",
        "\"><svg onload=window.pwned=1>",
        "']; window.pwned=1; //",
        "javascript:window.pwned=1",
        "{{ 7 * 7 }} ${window.pwned=1}",
        "]]><script>window.pwned=1</script>",
    ];
    let mut services = serde_json::Map::new();
    for (index, attack) in attacks.iter().enumerate() {
        let next = attacks[(index + 1) % attacks.len()];
        services.insert(
            (*attack).to_owned(),
            json!({
                "image": {"name": attack, "tag": attack},
                "description": attack,
                "owner": attack,
                "registry": attack,
                "repo": {"url": format!("javascript:window.pwned=1//{index}"), "ref": attack},
                "connections": {next: {"port": 1, "protocol": attack, "description": attack}},
                "exposes": [{"port": 1, "protocol": attack, "description": attack}],
                "aws": {"rds": [{"name": attack, "engine": attack}]},
            }),
        );
    }
    let owners: serde_json::Map<_, _> =
        attacks.iter().map(|attack| ((*attack).to_owned(), json!({"name": attack, "email": attack}))).collect();
    json!({"name": attacks[1], "description": attacks[0], "version": attacks[3], "services": services, "owners": owners})
}

#[test]
fn a_large_system_starts_with_its_groups() {
    let mut services = String::new();
    for index in 0..400 {
        let next = (index + 1) % 400;
        let connections = format!(r#"{{"s{next}": {{"port": 80, "protocol": "http"}}}}"#);
        let _ = write!(
            services,
            r#""s{index}": {{"image": {{"name": "i"}}, "owner": "o{}", "connections": {connections}}},"#,
            index % 4
        );
    }
    let workspace = Workspace::new();
    workspace.write("s.json", format!(r#"{{"name": "s", "services": {{{}}}}}"#, services.trim_end_matches(',')));
    let path = workspace.path().join("s.json");
    let steps = json!([
        {"read": "document.getElementById('overview').textContent"},
        {"read": "document.querySelectorAll('g.node').length"},
        {"fill": ["#search", "s399"]}, {"press": "Enter"},
        {"read": "document.querySelector('#facts h2').textContent"},
        {"read": "document.querySelector('g.node.selected').dataset.id"},
        {"press": "Escape"}, {"press": "Escape"},
        {"click": "g.node"},
        {"read": "document.querySelector('#facts h2').textContent"},
        {"read": "[...document.querySelectorAll('#facts ul')].at(-1).children.length"},
    ]);
    let Some(seen) = visit(path.to_str().unwrap(), &["--group-by", "owner"], steps) else { return };
    assert!(seen.read[0].as_str().unwrap().contains("--focus"), "{:?}", seen.read);
    assert_eq!(seen.read[1..], [json!(4), json!("s399"), json!("group:owner:o3"), json!("o0"), json!(100)]);
}

/// Clicking a badge leads to the hub that it stands for, and lights the users of that.
#[test]
fn a_badge_leads_to_its_hub_and_its_users() {
    let mut services = String::from(r#""bus": {"image": {"name": "i"}}"#);
    for index in 0..24 {
        let next = (index * 7 + 1) % 24;
        let connections =
            format!(r#"{{"bus": {{"port": 1, "protocol": "amqp"}}, "s{next}": {{"port": 2, "protocol": "grpc"}}}}"#);
        let _ = write!(services, r#", "s{index}": {{"image": {{"name": "i"}}, "connections": {connections}}}"#);
    }
    let workspace = Workspace::new();
    workspace.write("s.json", format!(r#"{{"name": "s", "services": {{{services}}}}}"#));
    let path = workspace.path().join("s.json");
    let steps = json!([
        {"read": "document.querySelectorAll('g.edge.badge').length"},
        {"click": "g.edge.badge[data-source='svc:s3']"},
        {"read": "document.querySelector('g.node.selected').dataset.id"},
        {"read": "document.querySelectorAll('g.node:not(.dim)').length"},
        {"read": "document.querySelector('#facts h2').textContent"},
    ]);
    let Some(seen) = visit(path.to_str().unwrap(), &["--set", "stacks=never"], steps) else { return };
    assert_eq!(seen.read, [json!(24), json!("svc:bus"), json!(25), json!("bus")]);
}
