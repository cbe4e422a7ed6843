//! What can be measured of a picture holds: lines run through nothing that is not theirs, few of them cross, labels can
//! be told apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use spec_engine::graph::{Change, Edge, Graph, GroupBy};
use spec_engine::model::System;

use super::geometry::{Rect, has_class, number, rect_of, shape_of};
use super::{GROUPINGS, svg, system, view};

/// So near to a node that both lines end at, they do not count as crossing.
const AT_THE_END: f64 = 12.0;

#[derive(Debug, Default, PartialEq, Eq)]
struct Measures {
    crossings: usize,
    /// Lines through nodes that they do not end at, through titles of groups, and through groups that both of their
    /// ends stand beside.
    through: usize,
    /// Labels on the lines of other edges, and on arrows.
    on_lines: usize,
    on_arrows: usize,
}

/// A stretch of a line: the edge that it is of, and the box around it.
struct Stretch {
    edge: usize,
    rect: Rect,
}

impl Stretch {
    fn is_level(&self) -> bool {
        self.rect.bottom - self.rect.y < self.rect.right - self.rect.x
    }
}

fn measure(graph: &Graph<'_>, settings: &[(&str, Value)]) -> Measures {
    let text = svg(graph, settings);
    let document = roxmltree::Document::parse(&text).unwrap();
    let of_class = |class: &'static str| document.descendants().filter(move |node| has_class(*node, class));
    let boxes: Vec<Rect> = of_class("node").map(shape_of).collect();
    let groups: Vec<Rect> = of_class("group").map(|group| rect_of(child(group, "box"))).collect();
    let titles: Vec<Rect> = of_class("group").filter_map(title_of_group).collect();
    let (mut stretches, mut labels, mut arrows) = (Vec::new(), Vec::new(), Vec::new());
    for drawn in of_class("edge") {
        let edge: usize = drawn.attribute("data-index").unwrap().parse().unwrap();
        for part in drawn.children() {
            if has_class(part, "line") {
                let corners = corners(part.attribute("d").unwrap());
                let rects = corners.windows(2).map(|pair| around(pair[0], pair[1]));
                stretches.extend(rects.map(|rect| Stretch { edge, rect }));
            } else if has_class(part, "arrow") {
                arrows.push((edge, super::geometry::around(&corners(part.attribute("d").unwrap()))));
            } else if has_class(part, "label") {
                labels.push((edge, rect_of(part.first_element_child().unwrap())));
            }
        }
    }
    let ends = |edge: usize| [graph.edges[edge].source as usize, graph.edges[edge].target as usize];
    let mut found = Measures { crossings: crossings(&stretches, &boxes, &ends), ..Measures::default() };
    for Stretch { edge, rect } in &stretches {
        let through = boxes.iter().enumerate().filter(|(node, own)| rect.overlaps(own) && !ends(*edge).contains(node));
        found.through += through.count() + titles.iter().filter(|title| rect.overlaps(title)).count();
        let is_beside = |group: usize| {
            let parent = graph.groups[group].parent;
            ends(*edge).iter().all(|&node| graph.nodes[node].group == parent)
        };
        let beside = groups.iter().enumerate().filter(|(group, own)| rect.overlaps(own) && is_beside(*group));
        found.through += beside.count();
        found.on_lines += labels.iter().filter(|(own, label)| own != edge && label.overlaps(rect)).count();
    }
    found.on_arrows = labels.iter().filter(|(_, label)| arrows.iter().any(|(_, arrow)| label.overlaps(arrow))).count();
    found
}

fn child<'d>(node: roxmltree::Node<'d, 'd>, class: &str) -> roxmltree::Node<'d, 'd> {
    node.children().find(|child| has_class(*child, class)).unwrap()
}

/// How many times as wide as high the box around all nodes and groups is.
fn aspect(graph: &Graph<'_>, settings: &[(&str, Value)]) -> f64 {
    let text = svg(graph, settings);
    let document = roxmltree::Document::parse(&text).unwrap();
    let of_class = |class: &'static str| document.descendants().filter(move |node| has_class(*node, class));
    let boxes = of_class("node").map(shape_of).chain(of_class("group").map(|group| rect_of(child(group, "box"))));
    let corners: Vec<(f64, f64)> = boxes.flat_map(|own| [(own.x, own.y), (own.right, own.bottom)]).collect();
    let all = super::geometry::around(&corners);
    (all.right - all.x) / (all.bottom - all.y)
}

/// Where the title of a group is written.
fn title_of_group(group: roxmltree::Node<'_, '_>) -> Option<Rect> {
    let text = group.children().find(|child| child.has_tag_name("text"))?;
    let (x, y) = (number(text, "x"), number(text, "y"));
    Some(Rect { x, y: y - 9.0, right: x + number(text, "textLength"), bottom: y + 3.0 })
}

/// Where lines cross: what a bundle shares is one line.
fn crossings(stretches: &[Stretch], boxes: &[Rect], ends: &impl Fn(usize) -> [usize; 2]) -> usize {
    let (level, upright): (Vec<&Stretch>, Vec<&Stretch>) = stretches.iter().partition(|stretch| stretch.is_level());
    let mut points = BTreeSet::new();
    for a in level {
        for b in upright.iter().filter(|b| b.edge != a.edge) {
            let (x, y) = (b.rect.x, a.rect.y);
            if a.rect.x < x && x < a.rect.right && b.rect.y < y && y < b.rect.bottom {
                let near = |node: &usize| {
                    let own = boxes[*node];
                    let wide = Rect {
                        x: own.x - AT_THE_END,
                        y: own.y - AT_THE_END,
                        right: own.right + AT_THE_END,
                        bottom: own.bottom + AT_THE_END,
                    };
                    wide.holds(&Rect { x, y, right: x, bottom: y })
                };
                let shared = ends(a.edge).into_iter().filter(|node| ends(b.edge).contains(node));
                if !shared.into_iter().any(|node| near(&node)) {
                    points.insert(format!("{x} {y}"));
                }
            }
        }
    }
    points.len()
}

/// The corners of a line whose turns are rounded.
fn corners(path: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = path
        .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

fn around(a: (f64, f64), b: (f64, f64)) -> Rect {
    Rect { x: a.0.min(b.0), y: a.1.min(b.1), right: a.0.max(b.0), bottom: a.1.max(b.1) }
}

/// A system as they look: teams whose services use each other and what all teams share.
fn teams(services: usize, teams: usize, seed: u64) -> System {
    let mut state = seed;
    let mut chance = |percent: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100 < percent
    };
    let grpc = json!({ "port": 8080, "protocol": "grpc" });
    let mut connections: Vec<Map<String, Value>> = vec![Map::new(); services];
    let name = |index: usize| format!("team-{}-service-{}", index % teams, index / teams);
    for index in teams..services {
        let (first, before) = (index % teams, index - teams);
        if chance(55) {
            connections[first].insert(name(index), grpc.clone());
        } else if chance(70) {
            connections[before].insert(name(index), grpc.clone());
        }
        if chance(32) {
            connections[index].insert(name((index * 7 + 1) % teams), grpc.clone());
        }
        if chance(30) {
            connections[index].insert(name(before), json!({ "port": 80, "protocol": "http" }));
        }
    }
    let mut all = Map::new();
    for (index, connections) in connections.into_iter().enumerate() {
        let team = index % teams;
        let mut service =
            json!({ "owner": format!("team-{team}"), "image": { "name": "a" }, "connections": connections });
        if chance(45) {
            service["aws"] = json!({ "rds": [{ "name": format!("team-{team}-postgres") }] });
        }
        if chance(30) {
            service["resources"] = json!({ "redis": [{ "name": "shared-redis" }] });
        }
        all.insert(name(index), service);
    }
    serde_json::from_value(json!({ "name": "teams", "services": all })).unwrap()
}

fn documents() -> Vec<(String, System)> {
    let mut out: Vec<(String, System)> = ["payments", "boutique", "otel", "shop"]
        .map(|name| (name.to_owned(), system(&format!("examples/{name}.json"))))
        .into();
    for (services, count, seed) in [(8, 2, 1), (14, 3, 2), (20, 4, 3), (28, 4, 4), (36, 5, 5)] {
        out.push((format!("teams {services}"), teams(services, count, seed)));
    }
    out
}

#[test]
fn no_line_runs_through_a_foreign_node_or_a_title_and_no_label_lies_on_another_line() {
    for (name, system) in documents() {
        for group_by in GROUPINGS {
            for direction in ["right", "left", "down", "up"] {
                let settings = [("direction", direction.into()), ("hubs", "lines".into())];
                let found = measure(&view(&system, group_by), &settings);
                let expected = Measures { crossings: found.crossings, ..Measures::default() };
                assert_eq!(found, expected, "{name} {group_by:?} {direction}");
            }
        }
    }
}

/// What is left out of range are groups that follow on each other in a long row, and systems of very few services.
#[test]
fn the_examples_are_between_1_2_and_2_times_as_wide_as_high() {
    for name in ["payments", "boutique", "otel"] {
        let system = system(&format!("examples/{name}.json"));
        for group_by in [GroupBy::Provider, GroupBy::Owner, GroupBy::None] {
            let found = aspect(&view(&system, group_by), &[("hubs", "lines".into())]);
            assert!((1.2..=2.0).contains(&found), "{name} {group_by:?}: {found:.2}");
        }
    }
}

/// The middles of nodes, by their ids.
pub(crate) fn middles(text: &str) -> BTreeMap<String, (f64, f64)> {
    let document = roxmltree::Document::parse(text).unwrap();
    let nodes = document.descendants().filter(|node| has_class(*node, "node"));
    let middle = |node: roxmltree::Node<'_, '_>| {
        let own = shape_of(node);
        (node.attribute("data-id").unwrap().to_owned(), ((own.x + own.right) / 2.0, (own.y + own.bottom) / 2.0))
    };
    nodes.map(middle).collect()
}

#[test]
fn a_picture_of_two_versions_stands_as_the_old_one() {
    for name in ["payments", "boutique", "otel"] {
        let system = system(&format!("examples/{name}.json"));
        let mut whole = view(&system, GroupBy::Owner);
        // What few use is new; the old version is the rest.
        let ends_at = |edge: &Edge<'_>, node: usize| [edge.source, edge.target].iter().any(|&end| end as usize == node);
        let is_leaf = |node: &usize| whole.edges.iter().filter(|edge| ends_at(edge, *node)).count() == 1;
        let added = (0..whole.nodes.len()).rev().find(is_leaf).unwrap();
        let mut old = whole.clone();
        old.edges.retain(|edge| !ends_at(edge, added));
        old.nodes[added].group = None;
        whole.nodes[added].change = Some(Change::Added);
        for edge in whole.edges.iter_mut().filter(|edge| ends_at(edge, added)) {
            edge.change = Some(Change::Added);
        }
        let settings = [("hubs", "lines".into())];
        let id = whole.nodes[added].id.to_string();
        let (before, after) = (middles(&svg(&old, &settings)), middles(&svg(&whole, &settings)));
        let shared: Vec<_> = before.iter().filter(|(own, _)| **own != id).map(|(own, at)| (*at, after[own])).collect();
        // Both sheets start in their corners: what counts is where nodes stand seen from each other.
        let middle = |axis: fn(&(f64, f64)) -> f64| {
            let mut all: Vec<f64> = shared.iter().map(|(a, b)| axis(b) - axis(a)).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        let (x, y) = (middle(|at| at.0), middle(|at| at.1));
        let moved: f64 = shared.iter().map(|(a, b)| (b.0 - a.0 - x).hypot(b.1 - a.1 - y)).sum();
        let corners: Vec<(f64, f64)> = shared.iter().map(|(a, _)| *a).collect();
        let all = super::geometry::around(&corners);
        let most =
            0.02 * (all.right - all.x).hypot(all.bottom - all.y) * f64::from(u32::try_from(shared.len()).unwrap());
        assert!(moved <= most, "{name}: {moved} of at most {most}");
    }
}

/// The bounds are what ELK, as D2 0.9 calls it, has for the same graphs.
#[test]
fn lines_cross_no_more_often_than_in_drawings_of_elk() {
    for (name, group_by, most) in [
        ("payments", GroupBy::Provider, 8),
        ("payments", GroupBy::None, 3),
        ("boutique", GroupBy::Provider, 2),
        ("otel", GroupBy::Provider, 73),
        ("otel", GroupBy::None, 73),
    ] {
        let system = system(&format!("examples/{name}.json"));
        let found = measure(&view(&system, group_by), &[("hubs", "lines".into())]);
        assert!(found.crossings <= most, "{name} {group_by:?}: {} of at most {most}", found.crossings);
    }
}
