//! `ctx.graph`: what depends on what.

use std::collections::{HashMap, VecDeque};

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::document;
use super::handle::{Handle, position};
use super::report::Ctx;
use super::running::{self, Native, Running};
use crate::graph::{Graph, Origin};
use crate::text::{nearest, quote};

/// `ctx.graph`.
#[derive(Clone, Copy)]
struct GraphValue;

/// A node of the graph, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GraphNode {
    index: u32,
    origin: Origin,
}

/// Holds the graph by node: worked out at the first question of a rule.
pub(super) struct Links {
    by_id: HashMap<String, u32>,
    out: Vec<Vec<u32>>,
    into: Vec<Vec<u32>>,
}

impl GraphNode {
    /// Returns what it stands for in the document.
    pub fn handle(self) -> Handle {
        match self.origin {
            Origin::Service(index) => Handle::Service(index),
            Origin::Resource(origin) => Handle::Resource(origin),
            Origin::Helm(index) => Handle::Helm(index),
            Origin::Terraform(index) => Handle::Terraform(index),
            Origin::Collapsed(_) => unreachable!("a rule is handed the whole graph"),
        }
    }
}

impl Links {
    fn of(graph: &Graph<'_>) -> Self {
        let ids = graph.nodes.iter().enumerate().map(|(index, node)| (node.id.to_string(), position(index)));
        let by_id = ids.collect();
        let mut links =
            Self { by_id, out: vec![Vec::new(); graph.nodes.len()], into: vec![Vec::new(); graph.nodes.len()] };
        for edge in &graph.edges {
            links.out[edge.source as usize].push(edge.target);
            links.into[edge.target as usize].push(edge.source);
        }
        links
    }

    /// Returns what a node leads to, nearest first; itself only where a way leads back.
    fn reachable(&self, from: u32) -> Native<Vec<u32>> {
        let mut seen = vec![false; self.out.len()];
        let (mut found, mut next) = (Vec::new(), VecDeque::from([from]));
        while let Some(node) = next.pop_front() {
            running::charge(1 + self.out[node as usize].len())?;
            for &target in &self.out[node as usize] {
                if !std::mem::replace(&mut seen[target as usize], true) {
                    found.push(target);
                    next.push_back(target);
                }
            }
        }
        Ok(found)
    }

    /// Returns the nodes of a shortest way, both ends included; none where there is no way. `within` says which nodes
    /// it may use.
    fn path(&self, from: u32, to: u32, within: impl Fn(u32) -> bool) -> Native<Vec<u32>> {
        let mut before: HashMap<u32, u32> = HashMap::new();
        let mut next = VecDeque::from([from]);
        while let Some(node) = next.pop_front() {
            running::charge(1 + self.out[node as usize].len())?;
            for &target in &self.out[node as usize] {
                if !within(target) || before.contains_key(&target) {
                    continue;
                }
                before.insert(target, node);
                if target == to {
                    let mut way = vec![to];
                    let mut last = node;
                    while last != from {
                        way.push(last);
                        last = before[&last];
                    }
                    way.push(from);
                    way.reverse();
                    return Ok(way);
                }
                next.push_back(target);
            }
        }
        Ok(Vec::new())
    }

    /// Returns a shortest cycle through the first node of each set of nodes that all lead to each other.
    fn cycles(&self) -> Native<Vec<Vec<u32>>> {
        running::charge(self.out.len() + self.out.iter().map(Vec::len).sum::<usize>())?;
        let components = self.components();
        let mut sizes: HashMap<u32, u32> = HashMap::new();
        for &component in &components {
            *sizes.entry(component).or_default() += 1;
        }
        let mut cycles = Vec::new();
        for node in 0..position(self.out.len()) {
            let component = components[node as usize];
            if sizes.get(&component).copied().unwrap_or_default() < 2 && !self.out[node as usize].contains(&node) {
                continue;
            }
            if sizes.remove(&component).is_some() {
                let mut cycle = self.path(node, node, |other| components[other as usize] == component)?;
                cycle.pop();
                cycles.push(cycle);
            }
        }
        Ok(cycles)
    }

    /// Returns the strongly connected component of each node (Tarjan's algorithm, without recursion).
    fn components(&self) -> Vec<u32> {
        const NONE: u32 = u32::MAX;
        let count = self.out.len();
        let (mut order, mut low, mut component) = (vec![NONE; count], vec![0; count], vec![NONE; count]);
        let (mut stack, mut calls, mut next, mut found) = (Vec::new(), Vec::new(), 0, 0);
        for root in 0..position(count) {
            if order[root as usize] != NONE {
                continue;
            }
            calls.push((root, 0));
            while let Some((node, edge)) = calls.pop() {
                let at = node as usize;
                if edge == 0 {
                    (order[at], low[at]) = (next, next);
                    next += 1;
                    stack.push(node);
                }
                if let Some(&target) = self.out[at].get(edge) {
                    calls.push((node, edge + 1));
                    if order[target as usize] == NONE {
                        calls.push((target, 0));
                    } else if component[target as usize] == NONE {
                        low[at] = low[at].min(order[target as usize]);
                    }
                    continue;
                }
                if low[at] == order[at] {
                    while let Some(member) = stack.pop() {
                        component[member as usize] = found;
                        if member == node {
                            break;
                        }
                    }
                    found += 1;
                }
                if let Some(&(caller, _)) = calls.last() {
                    low[caller as usize] = low[caller as usize].min(low[at]);
                }
            }
        }
        component
    }
}

/// Gives scripts `ctx.graph`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphValue>("Graph");
    engine.register_type_with_name::<GraphNode>("graph node");
    engine.register_get("graph", |_: &mut Ctx| GraphValue);
    engine.register_get("nodes", |_: &mut GraphValue| -> Native<Array> {
        running::charge(with_graph(|graph, _| graph.nodes.len()))?;
        Ok(with_graph(|graph, _| (0..position(graph.nodes.len())).map(|index| value(graph, index)).collect()))
    });
    engine.register_get("edges", |_: &mut GraphValue| -> Native<Array> {
        running::charge(with_graph(|graph, _| graph.edges.len()))?;
        Ok(with_graph(|graph, _| (0..graph.edges.len()).map(|index| edge(graph, index)).collect()))
    });
    engine.register_fn("node", |_: GraphValue, id: Dynamic| -> Native<Dynamic> {
        let index = node(&id)?;
        Ok(with_graph(|graph, _| value(graph, index)))
    });
    engine.register_fn("reachable", |_: GraphValue, from: Dynamic| -> Native<Array> {
        let from = node(&from)?;
        with_graph(|graph, links| Ok(values(graph, links.reachable(from)?)))
    });
    engine.register_fn("path", |_: GraphValue, from: Dynamic, to: Dynamic| -> Native<Array> {
        let (from, to) = (node(&from)?, node(&to)?);
        with_graph(|graph, links| Ok(values(graph, links.path(from, to, |_| true)?)))
    });
    engine.register_fn("cycles", |_: GraphValue| -> Native<Array> {
        with_graph(|graph, links| {
            let cycles = links.cycles()?.into_iter().map(|cycle| Dynamic::from_array(values(graph, cycle)));
            Ok(cycles.collect())
        })
    });
    engine.register_fn("dependents", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let of = node(&of)?;
        Ok(with_graph(|graph, links| values(graph, links.into[of as usize].clone())))
    });
    engine.register_fn("dependencies", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let of = node(&of)?;
        Ok(with_graph(|graph, links| values(graph, links.out[of as usize].clone())))
    });
    engine.register_fn("orphans", |_: GraphValue| -> Native<Array> {
        running::charge(with_graph(|graph, _| graph.nodes.len()))?;
        Ok(with_graph(|graph, links| {
            let alone = |&index: &u32| links.out[index as usize].is_empty() && links.into[index as usize].is_empty();
            values(graph, (0..position(graph.nodes.len())).filter(alone).collect())
        }))
    });
    register_node(engine);
}

fn register_node(engine: &mut Engine) {
    engine.register_get("id", |node: &mut GraphNode| {
        with_graph(|graph, _| ImmutableString::from(graph.nodes[node.index as usize].id.as_str()))
    });
    engine.register_get("label", |node: &mut GraphNode| {
        with_graph(|graph, _| ImmutableString::from(graph.nodes[node.index as usize].label.as_ref()))
    });
    engine.register_get("kind", |node: &mut GraphNode| with_graph(|graph, _| graph.nodes[node.index as usize].kind));
    engine.register_get("resource", |node: &mut GraphNode| {
        with_graph(|graph, _| graph.nodes[node.index as usize].resource.map_or(Dynamic::UNIT, Dynamic::from))
    });
    engine.register_get("node", |node: &mut GraphNode| node.handle());
    engine.register_fn("pointer", |node: GraphNode| {
        running::with_system(|system| node.handle().pointer(system).as_str().to_owned())
    });
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |node: &mut GraphNode| {
            with_graph(|graph, _| graph.nodes[node.index as usize].id.to_string())
        });
    }
    engine.register_fn("==", |a: GraphNode, b: GraphNode| a.index == b.index);
    engine.register_fn("!=", |a: GraphNode, b: GraphNode| a.index != b.index);
}

fn with_graph<R>(look: impl FnOnce(&Graph<'_>, &Links) -> R) -> R {
    running::with(|running: &Running<'_>| {
        let (mut look, mut result) = (Some(look), None);
        running.graph.look(&mut |graph| {
            let links = running.links.get_or_init(|| Links::of(graph));
            result = look.take().map(|look| look(graph, links));
        });
        result.expect("a graph is looked at once")
    })
}

/// Finds the node that a script means: by its id, or as the value of the document that it stands for.
fn node(value: &Dynamic) -> Native<u32> {
    if let Some(node) = value.clone().try_cast::<GraphNode>() {
        return Ok(node.index);
    }
    let id = match document::handle(value) {
        Some(handle) => running::with_system(|system| match handle {
            Handle::Service(_) => Some(format!("svc:{}", handle.key(system))),
            Handle::Helm(_) => Some(format!("helm:{}", handle.key(system))),
            Handle::Terraform(_) => Some(format!("terraform:{}", handle.key(system))),
            Handle::Resource(origin) => {
                let resource = super::handle::resource(system, origin);
                Some(format!("{}:{}", resource.kind.id_prefix, resource.name))
            }
            _ => None,
        }),
        None => value.clone().into_immutable_string().ok().map(Into::into),
    };
    let Some(id) = id else {
        return Err(format!(
            "the graph has services, resources and deployments, or their ids such as \"svc:api\", not {}",
            document::describe(value)
        )
        .into());
    };
    with_graph(|graph, links| {
        links.by_id.get(&id).copied().ok_or_else(|| {
            let meant = nearest(&id, graph.nodes.iter().map(|node| node.id.as_str()));
            let meant = meant.map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default();
            format!("the graph has no node {}{meant}", quote(&id)).into()
        })
    })
}

fn value(graph: &Graph<'_>, index: u32) -> Dynamic {
    Dynamic::from(GraphNode { index, origin: graph.nodes[index as usize].origin })
}

fn values(graph: &Graph<'_>, nodes: Vec<u32>) -> Array {
    nodes.into_iter().map(|index| value(graph, index)).collect()
}

fn edge(graph: &Graph<'_>, index: usize) -> Dynamic {
    let edge = &graph.edges[index];
    let fields = [
        ("source", value(graph, edge.source)),
        ("target", value(graph, edge.target)),
        ("kind", edge.kind.into()),
        ("protocol", edge.protocol.map_or(Dynamic::UNIT, Into::into)),
        ("port", edge.port.map_or(Dynamic::UNIT, |port| Dynamic::from_int(port.into()))),
    ];
    Dynamic::from_map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
