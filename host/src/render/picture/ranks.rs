//! Which nodes stand in the last layer of their group.
//!
//! The layout draws a group by itself and ranks each connected part of it from the left. A part that only leads out of
//! the group, to the right, would so stand far from where its edges leave: its deepest node is kept level with the
//! deepest of the group.

use crate::graph::Graph;

/// A connected part of a group.
#[derive(Clone, Copy)]
struct Part {
    deepest: usize,
    /// Edges out of the group, less those into it.
    leads_out: i64,
}

/// The nodes to keep in one layer, each with its group; `lines` are the edges that are drawn as lines.
pub(super) fn kept_last(graph: &Graph<'_>, lines: &[usize]) -> Vec<(usize, u32)> {
    let ends = |&line: &usize| {
        let edge = &graph.edges[line];
        (edge.source as usize, edge.target as usize)
    };
    let is_inside = |&(source, target): &(usize, usize)| graph.nodes[source].group == graph.nodes[target].group;
    let inside: Vec<(usize, usize)> = lines.iter().map(ends).filter(is_inside).collect();
    let depths = depths(graph.nodes.len(), &inside);
    let parts_of = parts(graph.nodes.len(), &inside);

    let mut parts: Vec<Option<Part>> = vec![None; graph.nodes.len()];
    for (node, &part) in parts_of.iter().enumerate() {
        let part = parts[part].get_or_insert(Part { deepest: node, leads_out: 0 });
        if depths[node] > depths[part.deepest] {
            part.deepest = node;
        }
    }
    for (source, target) in lines.iter().map(ends).filter(|ends| !is_inside(ends)) {
        for (node, step) in [(source, 1), (target, -1)] {
            if let Some(part) = &mut parts[parts_of[node]] {
                part.leads_out += step;
            }
        }
    }
    let mut deepest: Vec<Option<usize>> = vec![None; graph.groups.len()];
    let mut kept = vec![false; graph.nodes.len()];
    for part in parts.iter().flatten() {
        let Some(group) = graph.nodes[part.deepest].group else { continue };
        let first = deepest[group as usize].get_or_insert(part.deepest);
        if depths[part.deepest] > depths[*first] {
            *first = part.deepest;
        }
        kept[part.deepest] = part.leads_out > 0;
    }
    for node in deepest.into_iter().flatten() {
        kept[node] = true;
    }
    // The layout refuses an edge from a kept layer to itself, and loses a kept node without edges.
    let mut has_edge = vec![false; graph.nodes.len()];
    for (source, target) in lines.iter().map(ends) {
        has_edge[source] |= source != target;
        has_edge[target] |= source != target;
    }
    for &(node, _) in inside.iter().filter(|(source, target)| source == target) {
        kept[node] = false;
    }
    let nodes = graph.nodes.iter().enumerate().filter(|&(index, _)| kept[index] && has_edge[index]);
    nodes.filter_map(|(index, node)| Some((index, node.group?))).collect()
}

/// The longest way to each node; of nodes on and behind a circle, one that is too short.
fn depths(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut targets = vec![Vec::new(); nodes];
    let mut waits_for = vec![0_usize; nodes];
    for &(source, target) in edges.iter().filter(|(source, target)| source != target) {
        targets[source].push(target);
        waits_for[target] += 1;
    }
    let mut depths = vec![0; nodes];
    let mut ready: Vec<usize> = (0..nodes).filter(|&node| waits_for[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &target in &targets[node] {
            depths[target] = depths[target].max(depths[node] + 1);
            waits_for[target] -= 1;
            if waits_for[target] == 0 {
                ready.push(target);
            }
        }
    }
    depths
}

/// A node that stands for the connected part of each node.
fn parts(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    fn find(parents: &mut [usize], mut node: usize) -> usize {
        while parents[node] != node {
            parents[node] = parents[parents[node]];
            node = parents[node];
        }
        node
    }
    let mut parents: Vec<usize> = (0..nodes).collect();
    for &(source, target) in edges {
        let (source, target) = (find(&mut parents, source), find(&mut parents, target));
        parents[source.max(target)] = source.min(target);
    }
    (0..nodes).map(|node| find(&mut parents, node)).collect()
}
