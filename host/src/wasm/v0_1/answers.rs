//! What the host tells a guest: the interface `host`.

use serde::{Serialize, Serializer};

use super::bindings::spec_engine::plugin::host;
use super::{Call, GRAPH};
use crate::graph::{Change, Graph, Questions};
use crate::wasm::call::{HostTrap, LogStream};

impl host::Host for Call {
    fn log(&mut self, level: host::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            host::Level::Error => "error",
            host::Level::Warn => "warn",
            host::Level::Info => "info",
            host::Level::Debug => "debug",
        };
        Ok(Call::log(self, LogStream::Guest, &format!("{level}: {message}\n"))?)
    }

    fn node_attributes(&mut self, node: u32) -> wasmtime::Result<String> {
        self.ask(|graph| match in_range("node", node, graph.nodes.len()) {
            Ok(node) => Ok(serde_json::to_string(&graph.node_attributes(node))?),
            Err(stop) => Err(stop.into()),
        })
    }

    fn edge_attributes(&mut self, edge: u32) -> wasmtime::Result<String> {
        self.ask(|graph| match in_range("edge", edge, graph.edges.len()) {
            Ok(edge) => Ok(serde_json::to_string(&graph.edge_attributes(edge))?),
            Err(stop) => Err(stop.into()),
        })
    }

    fn source_json(&mut self) -> wasmtime::Result<String> {
        self.ask(|graph| Ok(serde_json::to_string(graph.system)?))
    }

    fn all_node_attributes(&mut self) -> wasmtime::Result<String> {
        self.ask(|graph| Ok(serde_json::to_string(&all(graph.nodes.len(), |node| graph.node_attributes(node)))?))
    }

    fn all_edge_attributes(&mut self) -> wasmtime::Result<String> {
        self.ask(|graph| Ok(serde_json::to_string(&all(graph.edges.len(), |edge| graph.edge_attributes(edge)))?))
    }

    fn outgoing(&mut self, node: u32) -> wasmtime::Result<Vec<u32>> {
        self.of_node(node, |_, questions| questions.outgoing(node).to_vec())
    }

    fn incoming(&mut self, node: u32) -> wasmtime::Result<Vec<u32>> {
        self.of_node(node, |_, questions| questions.incoming(node).to_vec())
    }

    fn dependencies(&mut self, node: u32) -> wasmtime::Result<Vec<u32>> {
        self.of_node(node, |_, questions| questions.dependencies(node).to_vec())
    }

    fn dependents(&mut self, node: u32) -> wasmtime::Result<Vec<u32>> {
        self.of_node(node, |_, questions| questions.dependents(node).to_vec())
    }

    fn reachable(&mut self, start: u32) -> wasmtime::Result<Vec<u32>> {
        let found = self.distances(vec![start], None)?;
        Ok(found.into_iter().map(|found| found.node).collect())
    }

    fn distances(&mut self, starts: Vec<u32>, most: Option<u32>) -> wasmtime::Result<Vec<host::Distance>> {
        self.search(&starts, |questions, visit| {
            let found = questions.distances_within(&starts, most.unwrap_or(u32::MAX), visit)?;
            Ok(found.into_iter().map(|found| host::Distance { node: found.node, hops: found.hops }).collect())
        })
    }

    fn path(&mut self, start: u32, end: u32) -> wasmtime::Result<Vec<u32>> {
        self.search(&[start, end], |questions, visit| questions.path_within(start, end, visit))
    }

    fn cycles(&mut self) -> wasmtime::Result<Vec<Vec<u32>>> {
        let size = self.look(|_, questions| Ok(questions.size()))?;
        self.spend(size)?;
        self.look(|_, questions| Ok(questions.cycles()))
    }

    fn orphans(&mut self) -> wasmtime::Result<Vec<u32>> {
        let size = self.look(|graph, _| Ok(graph.nodes.len()))?;
        self.spend(size)?;
        self.look(|_, questions| Ok(questions.orphans()))
    }

    fn node_groups(&mut self, node: u32) -> wasmtime::Result<Vec<String>> {
        self.of_node(node, |graph, questions| questions.groups(graph, node).iter().map(ToString::to_string).collect())
    }

    fn members(&mut self, group: String) -> wasmtime::Result<Vec<u32>> {
        let members = self.look(|graph, questions| Ok(questions.members(graph, &group).to_vec()))?;
        self.spend(members.len())?;
        Ok(members)
    }

    fn owners(&mut self, node: u32) -> wasmtime::Result<Vec<String>> {
        self.of_node(node, |graph, questions| {
            questions.owners(graph, node).into_iter().map(ToOwned::to_owned).collect()
        })
    }

    fn public_endpoints(&mut self, node: u32) -> wasmtime::Result<Vec<u32>> {
        self.of_node(node, |graph, questions| questions.public_endpoints(graph, node).to_vec())
    }

    fn changes(&mut self) -> wasmtime::Result<Option<host::GraphChanges>> {
        let changes = self.with_graph(|graph| Ok(graph.has_changes().then(|| graph_changes(graph))))?;
        self.spend(changes.as_ref().map_or(0, |changes| changes.nodes.len() + changes.edges.len()))?;
        Ok(changes)
    }
}

impl Call {
    fn ask(&mut self, answer: impl FnOnce(&Graph<'_>) -> wasmtime::Result<String>) -> wasmtime::Result<String> {
        let text = self.with_graph(answer)?;
        self.spend(text.len())?;
        Ok(text)
    }

    fn with_graph<T>(&self, answer: impl FnOnce(&Graph<'_>) -> wasmtime::Result<T>) -> wasmtime::Result<T> {
        if GRAPH.is_set() { GRAPH.with(|lent| answer(lent.graph)) } else { Err(HostTrap::NoGraph.into()) }
    }

    /// Answers a question about the graph.
    fn look<T>(&self, answer: impl FnOnce(&Graph<'_>, &Questions) -> wasmtime::Result<T>) -> wasmtime::Result<T> {
        if !GRAPH.is_set() {
            return Err(HostTrap::NoGraph.into());
        }
        GRAPH.with(|lent| answer(lent.graph, lent.questions.get_or_init(|| Questions::of(lent.graph))))
    }

    /// Answers a question about a node with a list.
    fn of_node<T>(
        &mut self,
        node: u32,
        answer: impl FnOnce(&Graph<'_>, &Questions) -> Vec<T>,
    ) -> wasmtime::Result<Vec<T>> {
        let found = self.look(|graph, questions| {
            in_range("node", node, graph.nodes.len())?;
            Ok(answer(graph, questions))
        })?;
        self.spend(found.len())?;
        Ok(found)
    }

    /// Searches from nodes, and counts the edges that the search looks at.
    fn search<T>(
        &mut self,
        nodes: &[u32],
        search: impl FnOnce(&Questions, &mut Visit<'_>) -> Result<Vec<T>, HostTrap>,
    ) -> wasmtime::Result<Vec<T>> {
        self.look(|graph, _| {
            let positions = nodes.iter().map(|&node| in_range("node", node, graph.nodes.len()));
            Ok(positions.collect::<Result<Vec<_>, _>>().map(|_| ())?)
        })?;
        let mut visit = |edges: usize| self.spend(1 + edges);
        GRAPH.with(|lent| {
            let questions = lent.questions.get_or_init(|| Questions::of(lent.graph));
            Ok(search(questions, &mut visit)?)
        })
    }
}

/// What a search tells of the edges that it looks at next.
type Visit<'v> = dyn FnMut(usize) -> Result<(), HostTrap> + 'v;

/// The items of a list, made as they are written.
fn all<T: Serialize>(count: usize, item: impl Fn(usize) -> T) -> impl Serialize {
    struct All<F>(usize, F);

    impl<T: Serialize, F: Fn(usize) -> T> Serialize for All<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((0..self.0).map(&self.1))
        }
    }

    All(count, item)
}

fn graph_changes(graph: &Graph<'_>) -> host::GraphChanges {
    let change = |change: Option<Change>| match change {
        None => host::Change::Unchanged,
        Some(Change::Added) => host::Change::Added,
        Some(Change::Removed) => host::Change::Removed,
        Some(Change::Changed) => host::Change::Changed,
    };
    host::GraphChanges {
        nodes: graph.nodes.iter().map(|node| change(node.change)).collect(),
        edges: graph.edges.iter().map(|edge| change(edge.change)).collect(),
    }
}

fn in_range(what: &'static str, index: u32, count: usize) -> Result<usize, HostTrap> {
    let position = index as usize;
    if position < count { Ok(position) } else { Err(HostTrap::OutOfRange { what, index, count }) }
}
