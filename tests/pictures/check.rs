//! Checks a picture against its graph.

use std::collections::HashMap;

use serde_json::Value;
use spec_engine::graph::Graph;
use spec_engine::render::picture::{Weight, width};

use super::geometry::{Rect, drawable, has_class, number, points, rect_of, shape_of, title_of};
use super::svg;

/// How far, in units of the drawing, an end of an edge may be from the box of its node: lying cylinders, hexagons and
/// pills are narrower at their corners than their box.
const END_TOLERANCE: f64 = 16.5;
/// At most one label of so many may be left out because it would cover a node.
const LABELS_LEFT_OUT: usize = 50;

/// Checks a picture against its graph.
pub(super) fn check(what: &str, graph: &Graph<'_>, settings: &[(&str, Value)]) {
    let text = svg(graph, settings);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let of_class = |class: &'static str| document.descendants().filter(move |node| has_class(*node, class));

    let nodes: Vec<_> = of_class("node").collect();
    assert_eq!(nodes.len(), graph.nodes.len(), "{what}: nodes");
    let boxes: Vec<Rect> = nodes.iter().map(|node| shape_of(*node)).collect();
    for (node, drawn) in graph.nodes.iter().zip(&nodes) {
        assert_eq!(drawn.attribute("data-id"), Some(drawable(&node.id).as_str()), "{what}");
        assert_eq!(drawn.attribute("data-kind"), Some(node.kind), "{what}: {}", node.id);
        let title = title_of(*drawn);
        assert!(title.starts_with(&drawable(&node.label)), "{what}: {}: {title:?}", node.id);
    }
    for (index, a) in boxes.iter().enumerate() {
        for (other, b) in boxes.iter().enumerate().skip(index + 1) {
            let ids = (&graph.nodes[index].id, &graph.nodes[other].id);
            assert!(!a.overlaps(b), "{what}: {ids:?} overlap: {a:?} {b:?}");
        }
    }
    check_labels(what, graph, &nodes, &boxes);

    let groups: Vec<_> = of_class("group").collect();
    assert_eq!(groups.len(), graph.groups.len(), "{what}: groups");
    let group_boxes: Vec<Rect> =
        groups.iter().map(|group| rect_of(group.children().find(|child| has_class(*child, "box")).unwrap())).collect();
    for (group, drawn) in graph.groups.iter().zip(&groups) {
        assert_eq!(drawn.attribute("data-id"), Some(drawable(&group.id).as_str()), "{what}");
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        for (group, rect) in group_boxes.iter().enumerate() {
            let inside = node.group.is_some_and(|own| is_in(graph, own as usize, group));
            let (node_box, id) = (&boxes[index], &graph.groups[group].id);
            if inside {
                assert!(rect.holds(node_box), "{what}: {} is not in {id}: {node_box:?} {rect:?}", node.id);
            } else {
                assert!(!rect.overlaps(node_box), "{what}: {} is in {id}: {node_box:?} {rect:?}", node.id);
            }
        }
    }
    check_edges(what, graph, of_class("edge").collect(), &boxes);
}

fn is_in(graph: &Graph<'_>, mut group: usize, outer: usize) -> bool {
    loop {
        if group == outer {
            return true;
        }
        match graph.groups[group].parent {
            Some(parent) => group = parent as usize,
            None => return false,
        }
    }
}

/// Checks that the text of each node stands in its box: what is written, and how wide it is in the font.
fn check_labels(what: &str, graph: &Graph<'_>, nodes: &[roxmltree::Node<'_, '_>], boxes: &[Rect]) {
    for ((node, drawn), rect) in graph.nodes.iter().zip(nodes).zip(boxes) {
        // A service that leads to its repository has its texts inside of the link.
        let lines: Vec<_> = drawn.descendants().filter(|child| child.has_tag_name("text")).collect();
        for line in &lines {
            let is_name = has_class(*line, "name");
            let size = if is_name { 14.0 } else { 11.0 };
            let text = line.text().unwrap_or_default();
            let wide = width(text, size, Weight::Regular);
            assert!((wide - number(*line, "textLength")).abs() <= 0.1, "{what}: {text:?}");
            let (x, y) = (number(*line, "x"), number(*line, "y"));
            let text_box =
                Rect { x: x - wide / 2.0, y: y - size * 0.75, right: x + wide / 2.0, bottom: y + size * 0.25 };
            assert!(rect.holds(&text_box), "{what}: {text:?} leaves its box: {text_box:?} {rect:?}");
        }
        let written: String =
            lines.iter().filter(|line| has_class(**line, "name")).filter_map(|line| line.text()).collect();
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        let (written, label) = (solid(&written), solid(&drawable(&node.label)));
        match written.split_once('…') {
            Some((start, end)) => {
                assert!(label.starts_with(start) && label.ends_with(end), "{what}: {written:?} of {label:?}");
            }
            None => assert_eq!(written, label, "{what}"),
        }
    }
}

/// Checks that each edge is drawn once, from the border of its source to that of its target, and that labels cover no
/// node; of an edge that is a badge, that it stands in the box of one of its ends.
fn check_edges(what: &str, graph: &Graph<'_>, edges: Vec<roxmltree::Node<'_, '_>>, boxes: &[Rect]) {
    let by_index: HashMap<usize, _> =
        edges.iter().map(|edge| (edge.attribute("data-index").unwrap().parse().unwrap(), *edge)).collect();
    assert_eq!((edges.len(), by_index.len()), (graph.edges.len(), graph.edges.len()), "{what}: edges");
    let mut left_out = 0;
    for (index, edge) in graph.edges.iter().enumerate() {
        let drawn = by_index[&index];
        let [source, target] = [edge.source, edge.target].map(|node| node as usize);
        for (attribute, node) in [("data-source", source), ("data-target", target)] {
            assert_eq!(drawn.attribute(attribute), Some(drawable(&graph.nodes[node].id).as_str()), "{what}");
        }
        let name = title_of(drawn);
        if has_class(drawn, "told") {
            let release = drawable(&graph.nodes[source].id);
            let says = nodes_saying(drawn, &release);
            assert!(says.contains("deploys all of"), "{what}: {name}: {says}");
            continue;
        }
        if has_class(drawn, "badge") {
            let badge = rect_of(drawn.children().find(|child| child.has_tag_name("rect")).unwrap());
            assert!(boxes[source].holds(&badge) || boxes[target].holds(&badge), "{what}: {name}: {badge:?}");
            continue;
        }
        let part = |class: &str| drawn.children().find(|child| has_class(*child, class));
        let line = points(part("line").unwrap().attribute("d").unwrap());
        let tip = points(part("arrow").unwrap().attribute("d").unwrap())[0];
        let (start, end) = (boxes[source].distance_to_border(line[0]), boxes[target].distance_to_border(tip));
        assert!(start <= END_TOLERANCE && end <= END_TOLERANCE, "{what}: {name}: {start} {end}");
        match (graph.edge_label(index), part("label")) {
            (None, None) => {}
            (Some(label), None) => left_out += usize::from(!drawable(label).trim().is_empty()),
            (_, Some(label)) => {
                let rect = rect_of(label.first_element_child().unwrap());
                for (node, covered) in boxes.iter().enumerate() {
                    let id = &graph.nodes[node].id;
                    assert!(!rect.overlaps(covered), "{what}: the label of {name} covers {id}: {rect:?} {covered:?}");
                }
            }
        }
    }
    // There is no room for some.
    assert!(left_out * LABELS_LEFT_OUT <= edges.len(), "{what}: {left_out} of {} labels are left out", edges.len());
}

/// What the box of a node says, by its id.
fn nodes_saying(anywhere: roxmltree::Node<'_, '_>, id: &str) -> String {
    let root = anywhere.document().root_element();
    let node = root.descendants().find(|node| has_class(*node, "node") && node.attribute("data-id") == Some(id));
    node.into_iter().flat_map(|node| node.descendants()).filter_map(|part| part.text()).collect()
}
