//! What a template asks of the graph: functions that answer with its nodes, edges and groups.
//!
//! A rendering has a thread of its own, so the graph that it asks is that of the thread. An answer shares the values that
//! the template sees in `graph`: nothing is copied.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use tera::{Context, Error, Kwargs, Map, State, Tera, TeraResult, Value};

use super::hint::OWN_FUNCTIONS;
use crate::diagnostic::{Diagnostic, Help, Pointer};
use crate::graph::{Graph, Questions};
use crate::model::position;
use crate::text::{nearest, quote, redact};

/// A graph that functions are asked about.
pub(super) struct AskedGraph {
    questions: Questions,
    nodes: Vec<Value>,
    edges: Vec<Value>,
    groups: Vec<Value>,
    /// The owner and the owners of each node, where a template asks for them.
    owners: Vec<(Option<Value>, Vec<Value>)>,
    /// The endpoints of each node that are public, where a template asks for them.
    public: Vec<Vec<Value>>,
    findings: Findings,
    ids: OnceCell<HashMap<String, u32>>,
    group_ids: OnceCell<HashMap<String, u32>>,
    members: OnceCell<HashMap<String, Vec<u32>>>,
}

/// What the rules found, as a template sees it.
#[derive(Default)]
pub(super) struct Findings {
    all: Vec<Value>,
    of_node: HashMap<u32, Vec<Value>>,
}

thread_local! {
    /// The graph of the rendering on this thread.
    static GRAPH: RefCell<Option<AskedGraph>> = const { RefCell::new(None) };
}

/// Makes the functions known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function("node", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let id = id(&kwargs.must_get::<Value>("id")?, "id")?;
        ask(|graph| Ok(graph.find(&id).map_or(Value::none(), |node| graph.nodes[node as usize].clone())))
    });
    tera.register_function("group", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let id = id(&kwargs.must_get::<Value>("id")?, "id")?;
        ask(|graph| Ok(graph.find_group(&id).map_or(Value::none(), |group| graph.groups[group as usize].clone())))
    });
    of_node(tera, "dependencies", |graph, node| graph.values(graph.questions.dependencies(node)));
    of_node(tera, "dependents", |graph, node| graph.values(graph.questions.dependents(node)));
    of_node(tera, "outgoing", |graph, node| graph.edges(graph.questions.outgoing(node)));
    of_node(tera, "incoming", |graph, node| graph.edges(graph.questions.incoming(node)));
    of_node(tera, "owner", |graph, node| {
        graph.owners.get(node as usize).and_then(|(owner, _)| owner.clone()).unwrap_or(Value::none())
    });
    of_node(tera, "owners", |graph, node| {
        graph.owners.get(node as usize).map(|(_, owners)| owners.clone()).unwrap_or_default().into()
    });
    of_node(tera, "public_endpoints", |graph, node| {
        graph.public.get(node as usize).cloned().unwrap_or_default().into()
    });
    tera.register_function("reachable", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| {
            let from = graph.node(&kwargs, "from")?;
            let found: Vec<u32> = graph.questions.distances(&[from], u32::MAX).iter().map(|found| found.node).collect();
            Ok(graph.values(&found))
        })
    });
    tera.register_function("distances", distances);
    tera.register_function("path", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| {
            let (from, to) = (graph.node(&kwargs, "from")?, graph.node(&kwargs, "to")?);
            Ok(graph.values(&graph.questions.path(from, to)))
        })
    });
    tera.register_function("cycles", |_: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| Ok(graph.questions.cycles().iter().map(|cycle| graph.values(cycle)).collect::<Vec<_>>().into()))
    });
    tera.register_function("orphans", |_: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| Ok(graph.values(&graph.questions.orphans())))
    });
    tera.register_function("members", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let group = id(&kwargs.must_get::<Value>("of")?, "of")?;
        ask(|graph| Ok(graph.values(graph.members().get(&group).map(Vec::as_slice).unwrap_or_default())))
    });
    tera.register_function("findings", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| {
            let found = match kwargs.get::<Value>("of")? {
                Some(of) => graph.findings.of_node.get(&graph.position(&of, "of")?),
                None => Some(&graph.findings.all),
            };
            Ok(found.cloned().unwrap_or_default().into())
        })
    });
}

/// Whether a template asks for the graph on its thread. `asks` says whether it has a word.
pub(super) fn are_asked(asks: impl Fn(&str) -> bool) -> bool {
    asks("identifier") || OWN_FUNCTIONS.iter().filter(|name| **name != "circle").any(|name| asks(name))
}

/// Makes a function of one node known to Tera: `name(of=node)`.
fn of_node(tera: &mut Tera, name: &'static str, answer: fn(&AskedGraph, u32) -> Value) {
    tera.register_function(name, move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        ask(|graph| Ok(answer(graph, graph.node(&kwargs, "of")?)))
    });
}

/// `distances(from=node, max=3)`: each node that is reached, with the number of edges, the nearest first. `from` may be a
/// list.
fn distances(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let most = kwargs.get::<u32>("max")?.unwrap_or(u32::MAX);
    let from = kwargs.must_get::<Value>("from")?;
    ask(|graph| {
        let from = match from.as_array() {
            Some(nodes) => nodes.iter().map(|node| graph.position(node, "from")).collect::<TeraResult<Vec<_>>>()?,
            None => vec![graph.position(&from, "from")?],
        };
        let found = graph.questions.distances(&from, most).into_iter().map(|found| {
            let node = graph.nodes[found.node as usize].clone();
            Map::from_iter([("node".into(), node), ("hops".into(), u64::from(found.hops).into())]).into()
        });
        Ok(found.collect::<Vec<Value>>().into())
    })
}

fn ask<R>(question: impl FnOnce(&AskedGraph) -> TeraResult<R>) -> TeraResult<R> {
    GRAPH.with_borrow(|graph| match graph {
        Some(graph) => question(graph),
        None => Err(Error::message("there is no graph to ask")),
    })
}

/// The id that an argument names: that of a node or a group, or the id itself.
fn id(value: &Value, argument: &str) -> TeraResult<String> {
    let own = value.get_from_path("id").unwrap_or(value);
    own.as_str().map(str::to_owned).ok_or_else(|| {
        Error::message(format!("`{argument}` takes a node or its id, such as \"svc:api\", found {}", value.name()))
    })
}

fn text<'v>(value: &'v Value, field: &'static str) -> &'v str {
    value.get_from_path(field).and_then(Value::as_str).unwrap_or_default()
}

impl AskedGraph {
    /// Prepares a graph whose values a template sees. `asks` says whether the template has a word.
    pub(super) fn of(graph: &Graph<'_>, context: &Context, findings: Findings, asks: impl Fn(&str) -> bool) -> Self {
        let list = |name: &'static str| {
            let list = context.get("graph").and_then(|graph| graph.get_from_path(name)).and_then(Value::as_array);
            list.unwrap_or_default().to_vec()
        };
        let questions = Questions::of(graph);
        let nodes = list("nodes");
        let positions = || 0..position(graph.nodes.len());
        let mut owners = Vec::new();
        if asks("owner") {
            owners.extend(positions().map(|node| {
                let all = questions.owners(graph, node).into_iter().map(Value::from).collect();
                (questions.owner(graph, node).map(Value::from), all)
            }));
        }
        let mut public = Vec::new();
        if asks("public_endpoints") {
            public.extend(positions().map(|node| {
                // A template that has the word in its text only has no nodes made.
                let attributes = nodes.get(node as usize).and_then(|node| node.get_from_path("attributes.exposes"));
                let exposes = attributes.and_then(Value::as_array);
                let endpoints = questions.public_endpoints(graph, node).iter();
                endpoints.filter_map(|&at| exposes?.get(at as usize).cloned()).collect()
            }));
        }
        Self {
            questions,
            nodes,
            edges: list("edges"),
            groups: list("groups"),
            owners,
            public,
            findings,
            ids: OnceCell::new(),
            group_ids: OnceCell::new(),
            members: OnceCell::new(),
        }
    }

    /// Makes a graph the one that is asked on this thread.
    pub(super) fn install(graph: Option<Self>) {
        GRAPH.set(graph);
    }

    /// Looks at the id of each node, then of each group, in their order.
    pub(super) fn with_ids<R>(look: impl FnOnce(&mut dyn Iterator<Item = &str>) -> R) -> R {
        GRAPH.with_borrow(|graph| {
            let values = graph.iter().flat_map(|graph| graph.nodes.iter().chain(&graph.groups));
            look(&mut values.map(|value| text(value, "id")))
        })
    }

    fn find(&self, id: &str) -> Option<u32> {
        self.ids.get_or_init(|| positions_by_id(&self.nodes)).get(id).copied()
    }

    fn find_group(&self, id: &str) -> Option<u32> {
        self.group_ids.get_or_init(|| positions_by_id(&self.groups)).get(id).copied()
    }

    /// The nodes of each group of the whole graph, by its id, whatever the view groups by.
    fn members(&self) -> &HashMap<String, Vec<u32>> {
        self.members.get_or_init(|| {
            let mut members: HashMap<String, Vec<u32>> = HashMap::new();
            for (index, node) in (0..).zip(&self.nodes) {
                let groups = node.get_from_path("groups").and_then(Value::as_map);
                let groups: Vec<&str> = groups.into_iter().flat_map(Map::values).filter_map(Value::as_str).collect();
                let own = Some(text(node, "group")).filter(|own| !own.is_empty() && !groups.contains(own));
                for group in groups.iter().copied().chain(own) {
                    members.entry(group.to_owned()).or_default().push(index);
                }
            }
            members
        })
    }

    /// The node that an argument names.
    fn node(&self, kwargs: &Kwargs, argument: &str) -> TeraResult<u32> {
        let value = kwargs.must_get::<Value>(argument)?;
        self.position(&value, argument)
    }

    fn position(&self, value: &Value, argument: &str) -> TeraResult<u32> {
        let id = id(value, argument)?;
        self.find(&id).ok_or_else(|| {
            let meant = nearest(&id, self.nodes.iter().map(|node| text(node, "id")));
            let meant = meant.map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default();
            Error::message(format!("the graph has no node {}{meant}", quote(&id)))
        })
    }

    fn values(&self, nodes: &[u32]) -> Value {
        nodes.iter().map(|&node| self.nodes[node as usize].clone()).collect::<Vec<_>>().into()
    }

    fn edges(&self, edges: &[u32]) -> Value {
        edges.iter().map(|&edge| self.edges[edge as usize].clone()).collect::<Vec<_>>().into()
    }
}

impl Findings {
    /// Sorts findings by the nodes that they are at: each is at the node of the innermost place that it is in.
    pub(super) fn of(graph: &Graph<'_>, found: &[Diagnostic]) -> Self {
        let mut findings = Self::default();
        if found.is_empty() {
            return findings;
        }
        let at = |node: usize| graph.node_pointer(node).as_str().to_owned();
        let mut places: HashMap<String, u32> = HashMap::new();
        for node in 0..graph.nodes.len() {
            places.entry(at(node)).or_insert(position(node));
        }
        for finding in found {
            let pointer = finding.place.pointer().map(Pointer::as_str).unwrap_or_default();
            let mut within =
                std::iter::successors(Some(pointer), |place| place.rsplit_once('/').map(|(outer, _)| outer));
            let node = within.find_map(|place| places.get(place)).copied();
            let value = value_of(finding, pointer, node.map(|node| graph.nodes[node as usize].id.as_str()));
            if let Some(node) = node {
                findings.of_node.entry(node).or_default().push(value.clone());
            }
            findings.all.push(value);
        }
        findings
    }
}

/// A finding as a template sees it.
fn value_of(finding: &Diagnostic, pointer: &str, node: Option<&str>) -> Value {
    let mut fields = Map::from_iter([
        ("rule".into(), finding.rule.as_str().into()),
        ("severity".into(), finding.severity.as_str().into()),
        ("message".into(), redact(&finding.message).as_ref().into()),
        ("pointer".into(), pointer.into()),
    ]);
    fields.extend(node.map(|node| ("node".into(), node.into())));
    if let Some(Help::Text(help)) = &finding.help {
        fields.insert("help".into(), redact(help).as_ref().into());
    }
    fields.into()
}

fn positions_by_id(values: &[Value]) -> HashMap<String, u32> {
    (0..).zip(values).map(|(index, value)| (text(value, "id").to_owned(), index)).collect()
}
