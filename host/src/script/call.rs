//! Runs the functions of a script.

use rhai::{AST, ASTNode, Caches, Engine, EvalAltResult, GlobalRuntimeState, Module, Position, Scope, Stmt};

use super::ctx::Ctx;
use super::entry_points::EntryPoint;
use super::handle::Handle;

/// The failure of a call.
pub(super) struct CallError {
    pub error: Box<EvalAltResult>,
    /// Where, if the error does not know.
    pub position: Position,
}

impl From<Box<EvalAltResult>> for CallError {
    fn from(error: Box<EvalAltResult>) -> Self {
        Self { error, position: Position::NONE }
    }
}

/// A script that runs: its state between the calls of its functions.
pub(super) struct Call<'e> {
    engine: &'e Engine,
    global: GlobalRuntimeState,
    caches: Caches,
    scope: Scope<'e>,
}

/// The statements of a function. They are run as those of a script are, since rhai takes the position out of the error of
/// a limit where it leaves a function.
pub(super) struct Body {
    statements: Vec<Stmt>,
    params: [String; 2],
    position: Position,
}

impl Body {
    pub fn of(ast: &AST, entry_point: EntryPoint) -> Self {
        let found =
            ast.shared_lib().get_script_fn(entry_point.name(), 2).expect("it was found when the script was read");
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
    pub fn new(engine: &'e Engine, ast: &AST) -> Result<Self, CallError> {
        let mut global = engine.new_global_runtime_state();
        global.source = ast.source().map(Into::into);
        global.lib.push(ast.shared_lib().clone());
        let mut call = Self { engine, global, caches: Caches::new(), scope: Scope::new() };
        call.evaluate(ast.statements())?;
        // As inside a function: a constant is local.
        call.global.scope_level = 1;
        call.global.level = 1;
        Ok(call)
    }

    pub fn run(&mut self, body: &Body, handle: Handle) -> Result<(), CallError> {
        let (variables, imports) = (self.scope.len(), self.global.num_imports());
        let [first, second] = &body.params;
        self.scope.push_dynamic(first.as_str(), handle.into());
        self.scope.push(second.as_str(), Ctx);
        let result = self.evaluate(&body.statements);
        self.scope.rewind(variables);
        self.global.truncate_imports(imports);
        result.map_err(|error| CallError { error, position: body.position })
    }

    fn evaluate(&mut self, statements: &[Stmt]) -> Result<(), Box<EvalAltResult>> {
        #[expect(deprecated, reason = "rhai gives no other way to run statements in a state that is kept")]
        let result = self.engine.eval_statements_raw(&mut self.global, &mut self.caches, &mut self.scope, statements);
        result.map(|_| ())
    }
}
