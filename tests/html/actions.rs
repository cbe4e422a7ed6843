//! What a reader can do with the page: choose a line, find a path, narrow, read findings, send the address.

use super::{ALL, look, page, visit};
use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Value, json};

const FACTS: &str = "document.getElementById('facts').innerText";
const LIT: &str = "[...document.querySelectorAll('g.node:not(.dim)')].map((node) => node.dataset.id).sort().join(' ')";

/// Presses the button of the facts that starts with these words.
fn press(words: &str) -> Value {
    json!({"read": format!(
        "[...document.querySelectorAll('#facts .action')].find((one) => one.textContent.startsWith('{words}')).click()"
    )})
}

fn text(seen: &[Value], index: usize) -> &str {
    seen[index].as_str().unwrap_or_else(|| panic!("{index}: {seen:?}"))
}

#[test]
fn a_line_is_easy_to_hit_and_shows_its_connection() {
    // A third of the way, 4 pixels aside: what is hit belongs to the line, or to what lies over it.
    let missed = "[...document.querySelectorAll('.hit')].filter((path) => { \
        const point = path.getPointAtLength(path.getTotalLength() / 3).matrixTransform(path.getScreenCTM()); \
        return [[4, 0], [-4, 0], [0, 4], [0, -4]].filter(([x, y]) => \
            document.elementFromPoint(point.x + x, point.y + y)?.closest('g.edge, g.node')).length < 2; }).length";
    let aside = "(() => { \
        const path = document.querySelector(`g.edge[data-source='svc:users-service'][data-target='rds:users-db'] .hit`); \
        const point = path.getPointAtLength(path.getTotalLength() / 3).matrixTransform(path.getScreenCTM()); \
        return [point.x, point.y + 4]; })()";
    let steps = json!([
        {"read": "document.querySelectorAll('.hit').length"}, {"read": missed},
        {"point": aside}, {"read": FACTS}, {"read": "location.hash"}, {"read": LIT},
        {"read": "document.querySelectorAll('g.edge.lit').length"},
        press("users-db"), {"read": "document.querySelector('#facts h2').textContent"},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    assert_eq!((&seen.read[0], &seen.read[1]), (&json!(11), &json!(0)));
    for fact in ["users-service → users-db", "sql", "5432", "/services/users-service/aws/rds/0"] {
        assert!(text(&seen.read, 2).contains(fact), "{fact} is not in {}", text(&seen.read, 2));
    }
    assert_eq!(text(&seen.read, 3), "#source=svc%3Ausers-service&target=rds%3Ausers-db");
    assert_eq!(text(&seen.read, 4), "rds:users-db svc:users-service");
    assert_eq!(seen.read[5], 1);
    assert_eq!(text(&seen.read, 7), "users-db");
}

#[test]
fn the_path_between_two_nodes_is_shown_either_way() {
    let steps = json!([
        {"click": "g.node[data-id='svc:api-gateway']"}, press("Find a path"),
        {"read": "getComputedStyle(document.getElementById('seek')).display"},
        {"click": "g.node[data-id='sns:alerts-topic']"},
        {"read": FACTS}, {"read": LIT}, {"read": "location.hash.split('&at=')[0]"},
        press("Other way"), {"read": FACTS},
        {"press": "Escape"}, {"read": "document.querySelectorAll('g.node.dim').length"},
        {"click": "g.node[data-id='rds:users-db']"}, press("Find a path"),
        {"click": "g.node[data-id='rds:payments-db']"}, {"read": FACTS},
        {"press": "Escape"},
        {"click": "g.node[data-id='rds:users-db']"}, press("Find a path"), {"press": "Escape"},
        {"click": "#fit"}, {"click": "g.node[data-id='svc:api-gateway']"}, {"read": "document.querySelector('#facts h2').textContent"},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    let seen: Vec<Value> = seen.read.into_iter().filter(|value| !value.is_null()).collect();
    assert_eq!(text(&seen, 0), "block");
    assert!(text(&seen, 1).starts_with("From api-gateway to alerts-topic"), "{}", text(&seen, 1));
    assert!(text(&seen, 1).contains("3 steps"), "{}", text(&seen, 1));
    assert_eq!(text(&seen, 2), "sns:alerts-topic svc:api-gateway svc:notifications-service svc:payments-service");
    assert_eq!(text(&seen, 3), "#from=svc%3Aapi-gateway&node=sns%3Aalerts-topic");
    assert!(text(&seen, 4).contains("no path this way; the other way, 3 steps"), "{}", text(&seen, 4));
    assert_eq!(seen[5], 0);
    assert!(text(&seen, 6).contains("no path, in either direction"), "{}", text(&seen, 6));
    assert_eq!(text(&seen, 7), "api-gateway", "Escape gives up");
}

#[test]
fn what_is_lit_goes_as_far_as_asked_and_the_rest_can_be_hidden() {
    let count = "document.querySelectorAll('g.node:not(.dim)').length";
    let hidden = "[...document.querySelectorAll('g.node')].filter((node) => getComputedStyle(node).visibility === 'hidden').length";
    let steps = json!([
        {"click": "g.node[data-id='svc:api-gateway']"}, {"read": count},
        {"select": ["#reach", "2"]}, {"read": count}, {"read": hidden},
        {"select": ["#reach", "all"]}, {"read": count},
        {"select": ["#reach", "1"]}, {"click": "#only"}, {"read": hidden},
        {"press": "Escape"}, {"read": hidden},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    let numbers: Vec<u64> = seen.read.iter().map(|value| value.as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 9, 0, 12, 9, 0]);
}

#[test]
fn findings_stand_at_their_nodes() {
    let steps = json!([
        {"read": "[...document.querySelectorAll('.mark')].map((mark) => `${mark.closest('g.node').dataset.id} ${mark.textContent}`).join()"},
        {"read": "document.querySelector('#findings summary').textContent"},
        {"click": "g.node[data-id='svc:payments-service']"}, {"read": FACTS},
        {"fill": ["#search", "malformed-digest"]}, {"read": "document.getElementById('count').textContent"},
        {"read": "document.querySelector(`g.node[data-id='svc:payments-service']`).getAttribute('aria-label')"},
    ]);
    let Some(seen) = visit(PAYMENTS, &[], steps) else { return };
    assert_eq!(text(&seen.read, 0), "svc:payments-service 1 finding1");
    assert_eq!(text(&seen.read, 1), "Findings (5)");
    for fact in ["Findings (1)", "warning", "has 12 digits", "malformed-digest", "copy it from the registry"] {
        assert!(text(&seen.read, 2).contains(fact), "{fact} is not in {}", text(&seen.read, 2));
    }
    assert_eq!(text(&seen.read, 3), "(1 of 12)");
    assert!(text(&seen.read, 4).ends_with(", 1 finding"), "{}", text(&seen.read, 4));
}

#[test]
fn the_address_holds_what_is_shown() {
    let workspace = Workspace::new();
    page(&workspace, PAYMENTS, &ALL);
    let file = format!("file://{}", workspace.path().join("page.html").display());
    let all = "JSON.stringify([document.querySelector('#facts h2')?.textContent, document.getElementById('count').textContent, \
        document.getElementById('search').value, document.getElementById('kind').value, document.getElementById('reach').value, \
        document.getElementById('only').checked, document.getElementById('group-by').value, \
        document.querySelectorAll('g.node').length, document.querySelectorAll('g.node.dim').length, \
        document.querySelector('#view > svg').getAttribute('viewBox').split(' ').map(Math.round).join(' ')])";
    let steps = json!([
        {"press": "Control+k"}, {"read": "document.activeElement.id"},
        {"select": ["#group-by", "deployment"]}, {"click": "g.node[data-id='svc:users-service']"},
        {"fill": ["#search", "db"]}, {"select": ["#kind", "database"]}, {"select": ["#reach", "2"]}, {"click": "#only"},
        {"wheel": [500, 500, -200]}, {"wait": "location.hash.includes('at=')"},
        {"read": all}, {"read": "location.hash"},
    ]);
    let Some(seen) = look(&file, "light", steps) else { return };
    assert_eq!((seen.read[0].clone(), seen.complaints), (json!("search"), Vec::new()));
    let address = text(&seen.read, 2);
    for part in ["group=deployment", "node=svc%3Ausers-service", "reach=2", "only=1", "q=db", "kind=database", "at="] {
        assert!(address.contains(part), "{part} is not in {address}");
    }
    let again = look(&format!("{file}{address}"), "light", json!([{"read": all}])).unwrap();
    assert_eq!(again.read[0], seen.read[1]);
    for hash in [
        "#group=nobody&part=x&at=1+2+x+4&reach=99",
        "#source=a&target=b&from=__proto__",
        "#part=owner%3Anobody&group=owner",
    ] {
        let seen =
            look(&format!("{file}{hash}"), "light", json!([{"read": "document.querySelectorAll('g.node').length"}]));
        let seen = seen.unwrap();
        assert_eq!((seen.read[0].clone(), seen.complaints), (json!(15), Vec::new()), "{hash}");
    }
}
