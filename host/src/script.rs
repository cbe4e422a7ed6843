//! Rules as scripts, in [rhai](https://rhai.rs): a file a rule, which anybody can write.
//!
//! A script gets values that are positions in the document, and natives that look at it through a scoped thread-local:
//! nothing is copied before it runs. What it may use up is bounded by [`Limits`], and what it may reach is what the
//! modules here register: no file, no network, no clock. Nothing here does I/O: the caller hands in the texts.

mod description;
mod document;
mod engine;
mod failure;
mod fields;
mod graph;
mod handle;
mod imports;
mod limits;
mod memory;
mod report;
mod running;
pub mod scaffold;
pub mod testing;
mod text;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rhai::{AST, ASTNode, Caches, Dynamic, Engine, EvalAltResult, Module, Position, Scope, Stmt};

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Context, Failed, Param, ParamValue, Rule};
use crate::source::Source;
use crate::text::{nearest, quote};
use description::Description;
use failure::Accuser;
use handle::{Handle, position};
use report::Ctx;
use running::Running;

pub use limits::Limits;

/// A rule that is a script.
pub struct Script {
    source: Arc<Source>,
    siblings: Vec<Arc<Source>>,
    limits: Limits,
    description: Description,
    functions: Vec<Function>,
}

/// What a script did.
struct Observed {
    findings: Vec<Diagnostic>,
    /// The calls of `report` in the script itself that were reached.
    fired: BTreeSet<Position>,
    failed: Option<Box<Failed>>,
}

/// A function by which a script is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    /// `fn check(system, ctx)`, once.
    Check,
    /// `fn service(svc, ctx)`, for each service.
    Service,
    /// `fn connection(conn, ctx)`, for each connection.
    Connection,
}

impl Function {
    const ALL: [Self; 3] = [Self::Check, Self::Service, Self::Connection];

    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Service => "service",
            Self::Connection => "connection",
        }
    }

    /// Returns the head of the function, as messages show it.
    fn head(self) -> &'static str {
        match self {
            Self::Check => "fn check(system, ctx)",
            Self::Service => "fn service(svc, ctx)",
            Self::Connection => "fn connection(conn, ctx)",
        }
    }
}

/// Says whether a file is a rule by its name: `image-digest.rhai`; one such as `_shared.rhai` is for rules to import.
pub fn is_rule_file(name: &str) -> bool {
    name.ends_with(".rhai") && !name.starts_with(['_', '.'])
}

/// Returns the name of a file without the folders that it stands in.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Lists the functions that scripts can call beside those of rhai, each once.
pub fn functions_for_scripts() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.into_iter()
}

/// Names the functions that the modules here register.
const FUNCTIONS: [&str; 39] = [
    "all",
    "at",
    "bindings",
    "cidr_contains",
    "contains",
    "cycles",
    "dependencies",
    "dependents",
    "filter",
    "find",
    "find_map",
    "for_each",
    "get",
    "glob",
    "help",
    "index_of",
    "is_empty",
    "key",
    "keys",
    "label",
    "len",
    "map",
    "matches",
    "node",
    "order_by",
    "orphans",
    "parent",
    "path",
    "pointer",
    "reachable",
    "reduce",
    "reduce_rev",
    "related",
    "report",
    "some",
    "to_array",
    "to_string",
    "url",
    "values",
];

impl Script {
    /// Reads a script, without running it. `siblings` are the other scripts of its folder, which it may import; the
    /// last part of a source's name is the name of its file.
    ///
    /// # Errors
    /// When it is not in the language, does not describe itself, or has no function that can be asked.
    pub fn read(source: Arc<Source>, siblings: &[Arc<Source>], limits: Limits) -> Result<Self, Box<Failed>> {
        let accuser = Accuser { source: &source, siblings, limits: &limits };
        if source.defect().is_some() {
            return Err(accuser.at(Position::NONE, "the script is not UTF-8 without a byte order mark"));
        }
        let engine = engine::engine(&limits);
        let ast = engine.compile(source.text()).map_err(|error| accuser.parsing(&error))?;
        let description = Description::read(&ast, accuser)?;
        let functions = functions(&ast, accuser)?;
        let siblings = siblings.to_vec();
        Ok(Self { source, siblings, limits, description, functions })
    }

    fn accuser(&self) -> Accuser<'_> {
        Accuser { source: &self.source, siblings: &self.siblings, limits: &self.limits }
    }

    /// Asks the script about a system.
    fn observe(&self, context: Context<'_>) -> Observed {
        let running = Running {
            system: context.system,
            graph: &context,
            script: self,
            limits: &self.limits,
            params: context.params.iter().map(|(name, value)| (name, to_dynamic(value))).collect(),
            findings: RefCell::default(),
            related: Cell::new(0),
            fired: RefCell::default(),
            loading: RefCell::new(vec![file_name(self.source.name()).to_owned()]),
            links: OnceCell::new(),
        };
        let failed = match running.lend(|| catch_unwind(AssertUnwindSafe(|| self.run(context)))) {
            Ok(Ok(())) => None,
            Ok(Err((error, position))) => Some(self.accuser().running(self.id(), error, position)),
            Err(_) => {
                let message = format!("the rule {} failed: the interpreter of scripts has a defect", quote(self.id()));
                Some(self.accuser().at(Position::NONE, message))
            }
        };
        Observed { findings: running.findings.into_inner(), fired: running.fired.into_inner(), failed }
    }

    fn run(&self, context: Context<'_>) -> Result<(), (Box<EvalAltResult>, Position)> {
        let engine = engine::engine(&self.limits);
        let mut ast = engine.compile(self.source.text()).map_err(|error| (error.into(), Position::NONE))?;
        ast.set_source(file_name(self.source.name()));
        let mut call = Call::new(&engine, &ast)?;
        for &function in &self.functions {
            let body = Body::of(&ast, function);
            match function {
                Function::Check => call.run(&body, Handle::System)?,
                Function::Service => {
                    for service in 0..context.system.services.len() {
                        call.run(&body, Handle::Service(position(service)))?;
                    }
                }
                Function::Connection => {
                    for (service, value) in context.system.services.values().enumerate() {
                        for connection in 0..value.connections.len() {
                            call.run(&body, Handle::Connection(position(service), position(connection)))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("source", &self.source.name())
            .field("id", &self.description.id)
            .finish_non_exhaustive()
    }
}

impl Rule for Script {
    fn id(&self) -> &str {
        &self.description.id
    }

    fn severity(&self) -> Severity {
        self.description.severity
    }

    fn summary(&self) -> &str {
        &self.description.summary
    }

    fn docs(&self) -> String {
        match &self.description.docs {
            Some(docs) => format!("{}\n\n{}", self.description.summary, docs.trim()),
            None => self.description.summary.clone(),
        }
    }

    fn tags(&self) -> &[String] {
        &self.description.tags
    }

    fn params(&self) -> &[Param] {
        &self.description.params
    }

    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<Failed>> {
        let mut observed = self.observe(context);
        findings.append(&mut observed.findings);
        observed.failed.map_or(Ok(()), Err)
    }
}

/// A script that runs: its state between the calls of its functions.
struct Call<'e> {
    engine: &'e Engine,
    global: rhai::GlobalRuntimeState,
    caches: Caches,
    scope: Scope<'e>,
}

/// The statements of a function. They are run as those of a script are, since rhai takes the position out of the error of
/// a limit where it leaves a function.
struct Body {
    statements: Vec<Stmt>,
    params: [String; 2],
    position: Position,
}

impl Body {
    fn of(ast: &AST, function: Function) -> Self {
        let found = ast.shared_lib().get_script_fn(function.name(), 2).expect("it was found when the script was read");
        // Of the function alone, since a walk of the script also goes through its closures.
        let mut alone = Module::new();
        alone.set_script_fn(found.clone());
        let mut statements = Vec::new();
        AST::new_from_module(alone).walk(&mut |path: &[ASTNode<'_>]| {
            if let [ASTNode::Stmt(statement)] = path {
                statements.push((*statement).clone());
            }
            true
        });
        let params = std::array::from_fn(|index| found.params[index].to_string());
        let position = statements.first().map_or(Position::NONE, Stmt::position);
        Self { statements, params, position }
    }
}

impl<'e> Call<'e> {
    /// Runs what stands outside of functions: constants and imports.
    fn new(engine: &'e Engine, ast: &AST) -> Result<Self, (Box<EvalAltResult>, Position)> {
        let mut global = engine.new_global_runtime_state();
        global.source = ast.source().map(Into::into);
        global.lib.push(ast.shared_lib().clone());
        let mut call = Self { engine, global, caches: Caches::new(), scope: Scope::new() };
        call.evaluate(ast.statements()).map_err(|error| (error, Position::NONE))?;
        // As inside a function: a constant is local.
        call.global.scope_level = 1;
        call.global.level = 1;
        Ok(call)
    }

    fn run(&mut self, body: &Body, handle: Handle) -> Result<(), (Box<EvalAltResult>, Position)> {
        let (variables, imports) = (self.scope.len(), self.global.num_imports());
        let [first, second] = &body.params;
        self.scope.push_dynamic(first.as_str(), handle.into());
        self.scope.push(second.as_str(), Ctx);
        let result = self.evaluate(&body.statements);
        self.scope.rewind(variables);
        self.global.truncate_imports(imports);
        result.map_err(|error| (error, body.position))
    }

    fn evaluate(&mut self, statements: &[Stmt]) -> Result<(), Box<EvalAltResult>> {
        #[expect(deprecated, reason = "rhai gives no other way to run statements in a state that is kept")]
        let result = self.engine.eval_statements_raw(&mut self.global, &mut self.caches, &mut self.scope, statements);
        result.map(|_| ())
    }
}

/// Finds the functions by which a script is asked.
fn functions(ast: &AST, accuser: Accuser<'_>) -> Result<Vec<Function>, Box<Failed>> {
    let mut functions = Vec::new();
    for function in Function::ALL {
        let mut named = ast.iter_functions().filter(|found| found.name == function.name()).peekable();
        if named.peek().is_none() {
            continue;
        }
        if named.all(|found| found.params.len() != 2) {
            let at = place_of(accuser.source.text(), function.name());
            return Err(accuser.at(at, format!("`{}` takes two parameters: `{}`", function.name(), function.head())));
        }
        functions.push(function);
    }
    if functions.is_empty() {
        let near = ast
            .iter_functions()
            .find_map(|found| Some((found.name.to_owned(), nearest(found.name, Function::ALL.map(Function::name))?)));
        let at = near.as_ref().map_or(Position::new(1, 1), |(name, _)| place_of(accuser.source.text(), name));
        let mut failed = accuser.at(at, "the script has no function by which it can be asked");
        failed.finding.help = Some(match near {
            Some((name, meant)) => format!("did you mean {} for {}?", quote(meant), quote(&name)),
            None => format!("write {}", Function::ALL.map(|function| format!("`{}`", function.head())).join(" or ")),
        });
        return Err(failed);
    }
    Ok(functions)
}

/// Returns the position of the name of a function, which rhai does not keep.
fn place_of(text: &str, function: &str) -> Position {
    for (line, content) in (1..=u16::MAX).zip(text.lines()) {
        for (at, _) in content.match_indices(function) {
            let before = content[..at].trim_end();
            let follows = content[at + function.len()..].trim_start().starts_with('(');
            if before.ends_with("fn") && before.len() < at && follows {
                let column = u16::try_from(content[..at].chars().count() + 1).unwrap_or(u16::MAX);
                return Position::new(line, column);
            }
        }
    }
    Position::NONE
}

fn to_dynamic(value: &ParamValue) -> Dynamic {
    match value {
        ParamValue::Text(text) => text.as_ref().into(),
        ParamValue::Integer(number) => Dynamic::from_int(*number),
        ParamValue::Boolean(value) => Dynamic::from_bool(*value),
        ParamValue::Texts(texts) => {
            Dynamic::from_array(texts.iter().map(|text| Dynamic::from(text.to_string())).collect())
        }
        ParamValue::Integers(numbers) => {
            Dynamic::from_array(numbers.iter().map(|&number| Dynamic::from_int(number)).collect())
        }
    }
}
