//! The contracts `spec-engine:plugin@0.1.0` to `@0.1.3`, each of which contains the one before: the generated bindings,
//! and what goes over them.

mod answers;
mod importer;
mod rules;

use std::cell::OnceCell;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use wasmtime::component::{HasSelf, InstancePre, Linker};
use wasmtime::{Engine, Store};

use self::bindings::exports::spec_engine::plugin as exports;
use self::bindings::exports::spec_engine::plugin::renderer;
use self::bindings::spec_engine::plugin::{host, types};
use super::call::{Call, Function};
use super::description::GuestDescription;
use crate::diagnostic::{Diagnostic, Place, Pointer, RuleId, Severity};
use crate::graph::{Graph, Questions};
use crate::limits::ComponentLimits;
use crate::plugin::Abilities;
use crate::render::{Artifact, Output};

/// The newest version of the contract that this module has.
pub(super) const VERSION: semver::Version = semver::Version::new(0, 1, 3);

mod bindings {
    #![allow(missing_docs, reason = "generated: the contract itself is documented line by line")]

    wasmtime::component::bindgen!({
        path: "wit",
        // The contract has a world for each ability. What each is exported with is looked up one by one.
        inline: "
            package spec-engine:host;

            world every-ability {
                include spec-engine:plugin/renderer-plugin@0.1.3;
                include spec-engine:plugin/rules-plugin@0.1.3;
                include spec-engine:plugin/observer-plugin@0.1.3;
            }
        ",
        world: "spec-engine:host/every-ability",
        imports: { default: trappable },
        ownership: Borrowing { duplicate_if_necessary: false },
    });
}

scoped_tls_hkt::scoped_thread_local! {
    /// The graph of the call that runs on this thread. The data of a store cannot borrow, and a graph does: it is lent
    /// for the time of the call.
    static GRAPH: for<'a> &'a LentGraph<'a>
}

/// A graph that is lent to a call, and the answers to questions about it.
struct LentGraph<'a> {
    graph: &'a Graph<'a>,
    questions: OnceCell<Questions>,
}

/// Lends a graph to what the guest calls.
fn lend<R>(graph: &Graph<'_>, call: impl FnOnce() -> R) -> R {
    GRAPH.set(&LentGraph { graph, questions: OnceCell::new() }, call)
}

/// A component that is linked and type-checked against the contract.
#[derive(Clone)]
pub(super) struct Guest {
    pre: InstancePre<Call>,
    meta: exports::meta::GuestIndices,
    renderer: Option<renderer::GuestIndices>,
    rules: Option<exports::rules::GuestIndices>,
    importer: Option<exports::importer::GuestIndices>,
    observer: Option<exports::observer::GuestIndices>,
}

/// A call that went as far as the guest: its store, and what the guest returned or why it did not.
pub(super) type CallResult<T> = wasmtime::Result<(Store<Call>, wasmtime::Result<T>)>;

impl Guest {
    /// Adds to a linker what the contract gives a guest.
    pub fn link(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
        host::add_to_linker::<Call, HasSelf<Call>>(linker, |call| call)
    }

    /// Checks the exports of a component.
    pub fn new(pre: InstancePre<Call>, abilities: Abilities) -> wasmtime::Result<Self> {
        Ok(Self {
            observer: abilities.imports.then(|| exports::observer::GuestIndices::new(&pre).ok()).flatten(),
            meta: exports::meta::GuestIndices::new(&pre)?,
            renderer: abilities.renders.then(|| renderer::GuestIndices::new(&pre)).transpose()?,
            rules: abilities.has_rules.then(|| exports::rules::GuestIndices::new(&pre)).transpose()?,
            importer: abilities.imports.then(|| exports::importer::GuestIndices::new(&pre)).transpose()?,
            pre,
        })
    }

    /// What it can do.
    pub fn abilities(&self) -> Abilities {
        Abilities {
            renders: self.renderer.is_some(),
            has_rules: self.rules.is_some(),
            imports: self.importer.is_some(),
        }
    }

    /// Asks a guest what it is: each question on a fresh instance.
    pub fn describe(&self, engine: &Engine, limits: &ComponentLimits) -> CallResult<GuestDescription> {
        let mut store = Call::store(engine, limits, Function::Describe)?;
        let said = self.pre.instantiate(&mut store).and_then(|instance| {
            let exports::meta::Description { name, version, summary, media_types, file_extension, options_schema } =
                self.meta.load(&mut store, &instance)?.call_describe(&mut store)?;
            let abilities = self.abilities();
            let rules = Vec::new();
            Ok(GuestDescription {
                name,
                version,
                summary,
                media_types,
                file_extension,
                options_schema,
                abilities,
                rules,
            })
        });
        let Ok(said) = said else { return Ok((store, said)) };
        let (store, rules) = match &self.rules {
            Some(indices) => self.all_rules(indices, engine, limits)?,
            None => (store, Ok(Vec::new())),
        };
        Ok((store, rules.map(|rules| GuestDescription { rules, ..said })))
    }

    /// Calls `render` on a fresh instance; `None` where the guest does not render. What it returns has not been checked.
    pub fn render(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        graph: &Graph<'_>,
        options: &str,
    ) -> Option<CallResult<Answer>> {
        let indices = self.renderer.as_ref()?;
        Some(Call::store(engine, limits, Function::Render).map(|mut store| {
            let answer = lend(graph, || {
                let instance = self.pre.instantiate(&mut store)?;
                let renderer = indices.load(&mut store, &instance)?;
                with_lowered(graph, |graph| renderer.call_render(&mut store, graph, request(options)))
            });
            (store, answer.map(Answer))
        }))
    }
}

/// Hands a graph to a function as a guest gets it.
fn with_lowered<T>(graph: &Graph<'_>, call: impl FnOnce(types::Graph<'_>) -> T) -> T {
    let mut words = Words::default();
    let (nodes, edges, groups) = (nodes(graph, &mut words), edges(graph, &mut words), groups(graph));
    call(types::Graph {
        name: &graph.system.name,
        description: graph.system.description.as_deref(),
        version: graph.system.version.as_deref(),
        words: &words.texts,
        nodes: &nodes,
        edges: &edges,
        groups: &groups,
    })
}

fn request(options: &str) -> types::Request<'_> {
    types::Request { options, engine: env!("CARGO_PKG_VERSION") }
}

/// What a guest returned.
pub(super) struct Answer(Result<renderer::Response, Vec<renderer::Diagnostic>>);

impl Answer {
    /// Converts it. A guest that made nothing has said why: its diagnostics then contain an error.
    pub fn into_output(self, plugin: &str, graph: &Graph<'_>) -> Output {
        let convert = |all: Vec<_>| all.into_iter().map(|one| diagnostic(plugin, graph, one)).collect::<Vec<_>>();
        match self.0 {
            Ok(response) => Output {
                artifacts: response.artifacts.into_iter().map(artifact).collect(),
                diagnostics: convert(response.diagnostics),
                places: Vec::new(),
            },
            Err(why) => {
                let mut diagnostics = convert(why);
                if diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error) {
                    diagnostics.push(no_reason(plugin));
                }
                Output { diagnostics, ..Output::default() }
            }
        }
    }
}

/// The finding that a guest made nothing and gave no reason.
fn no_reason(plugin: &str) -> Diagnostic {
    let message = format!("the plugin `{plugin}` made nothing and gave no reason");
    let help = format!(
        "report it to the author of `{plugin}`; an `Error` that JavaScript throws arrives like this where nothing \
         catches it"
    );
    Diagnostic::new(rule(plugin, "failed"), Severity::Error, Place::File, message).help(help)
}

/// The texts that recur, each once.
#[derive(Default)]
struct Words<'g> {
    texts: Vec<&'g str>,
    positions: HashMap<&'g str, u32, RandomState>,
    /// The last one: neighbours are often alike.
    last: Option<(&'g str, u32)>,
}

impl<'g> Words<'g> {
    fn position(&mut self, text: &'g str) -> u32 {
        if let Some((_, position)) = self.last.filter(|(last, _)| std::ptr::eq(*last, text)) {
            return position;
        }
        let position = *self.positions.entry(text).or_insert_with(|| {
            self.texts.push(text);
            u32::try_from(self.texts.len() - 1)
                .expect("no more words than labels and kinds, which are counted in 32 bits")
        });
        self.last = Some((text, position));
        position
    }
}

fn nodes<'g>(graph: &'g Graph<'_>, words: &mut Words<'g>) -> Vec<types::Node<'g>> {
    let node = |node: &'g crate::graph::Node<'_>| types::Node {
        id: &node.id,
        kind: words.position(node.kind),
        resource: node.resource.map(|resource| words.position(resource)),
        label: &node.label,
        group: node.group,
    };
    graph.nodes.iter().map(node).collect()
}

fn edges<'g>(graph: &'g Graph<'_>, words: &mut Words<'g>) -> Vec<types::Edge> {
    let labels: Vec<u32> = graph.labels.iter().map(|label| words.position(label)).collect();
    let edge = |edge: &'g crate::graph::Edge<'_>| types::Edge {
        source: edge.source,
        target: edge.target,
        kind: words.position(edge.kind),
        label: edge.label.map(|label| labels[label as usize]),
    };
    graph.edges.iter().map(edge).collect()
}

fn groups<'g>(graph: &'g Graph<'_>) -> Vec<types::Group<'g>> {
    let group = |group: &'g crate::graph::Group<'_>| types::Group {
        id: &group.id,
        kind: group.kind.as_str(),
        label: group.label,
        parent: group.parent,
    };
    graph.groups.iter().map(group).collect()
}

fn artifact(artifact: types::Artifact) -> Artifact {
    let content = match artifact.content {
        types::Content::Text(text) => text.into_bytes(),
        types::Content::Bytes(bytes) => bytes,
    };
    Artifact { path: artifact.path, media_type: artifact.media_type, content }
}

fn diagnostic(plugin: &str, graph: &Graph<'_>, said: renderer::Diagnostic) -> Diagnostic {
    let place = place(graph, said.place);
    Diagnostic::new(rule(plugin, &said.code), severity(said.severity), place, said.message).help_if(said.help)
}

/// A place in the document. One that is not there is the document as a whole.
fn place(graph: &Graph<'_>, said: Option<types::Place>) -> Place {
    match said {
        Some(types::Place::Node(node)) if (node as usize) < graph.nodes.len() => {
            Place::Key(graph.node_pointer(node as usize))
        }
        Some(types::Place::Edge(edge)) if (edge as usize) < graph.edges.len() => {
            Place::Key(graph.edge_pointer(edge as usize))
        }
        Some(types::Place::Pointer(text)) => Pointer::parse(&text).map_or(Place::File, Place::Value),
        Some(types::Place::Node(_) | types::Place::Edge(_)) | None => Place::File,
    }
}

fn severity(said: types::Severity) -> Severity {
    match said {
        types::Severity::Error => Severity::Error,
        types::Severity::Warning => Severity::Warning,
        types::Severity::Info => Severity::Info,
    }
}

/// The id of a plugin's own rule. A code that is none is replaced, so that ids stay words.
fn rule(plugin: &str, code: &str) -> RuleId {
    let code = if super::description::is_kebab_case(code) { code } else { "unnamed" };
    format!("{plugin}/{code}").into()
}

impl types::Host for Call {}
