//! `import "_shared" as s;`: other scripts of the rule's own folder, and nothing else.

use std::sync::Arc;

use rhai::{Engine, EvalAltResult, GlobalRuntimeState, Module, ModuleResolver, Position, Scope, Shared};

use super::files::file_name;
use super::{meter, running, tree};
use crate::source::Source;
use crate::text::{nearest, quote};

/// Finds what a script imports among the files that were read with it.
pub(super) struct Siblings;

impl ModuleResolver for Siblings {
    fn resolve(
        &self,
        engine: &Engine,
        _: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        self.resolve_raw(engine, &mut engine.new_global_runtime_state(), &mut Scope::new(), path, position)
    }

    fn resolve_raw(
        &self,
        engine: &Engine,
        global: &mut GlobalRuntimeState,
        _: &mut Scope<'_>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let failed = |message: String| EvalAltResult::ErrorRuntime(message.into(), position);
        let (name, text) = running::with(|running| {
            let source = find(running.siblings, &running.loading.borrow(), path)
                .map_err(|error| Box::new(failed(error.to_string())))?;
            if source.text().len() as u64 > running.limits.script_size {
                return Err(meter::exceeds("script-size"));
            }
            Ok((file_of(source), source.text().to_owned()))
        })?;
        let in_module = |error: Box<EvalAltResult>| EvalAltResult::ErrorInModule(name.clone(), error, position);
        let mut ast = meter::compile(engine, &text).map_err(|error| in_module(error.into()))?;
        ast.set_source(&name);
        tree::add(&ast);
        running::with(|running| running.loading.borrow_mut().push(name.clone()));
        let module = Module::eval_ast_as_new_raw(engine, &mut Scope::new(), global, &ast);
        running::with(|running| running.loading.borrow_mut().pop());
        module.map(Shared::from).map_err(|error| in_module(error).into())
    }
}

/// A file that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ImportError {
    #[error("cannot import {}: a rule imports files of its own folder, by name", quote(.0))]
    OtherFolder(String),
    #[error("{} imports itself: {way} -> {name}", quote(.name))]
    Circle { name: String, way: String },
    #[error("there is no {} in the folder of the rule{}", quote(.name), suggested(.suggestion.as_deref()))]
    Missing { name: String, suggestion: Option<String> },
}

fn suggested(suggestion: Option<&str>) -> String {
    suggestion.map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default()
}

/// Finds the file that a script imports. `way` has the files that import each other, the rule first.
pub(super) fn find<'s>(
    siblings: &'s [Arc<Source>],
    way: &[String],
    path: &str,
) -> Result<&'s Arc<Source>, ImportError> {
    if path.contains(['/', '\\', ':']) || path.starts_with('.') {
        return Err(ImportError::OtherFolder(path.to_owned()));
    }
    let name = format!("{}.rhai", path.strip_suffix(".rhai").unwrap_or(path));
    if way.contains(&name) {
        return Err(ImportError::Circle { name, way: way.join(" -> ") });
    }
    siblings.iter().find(|source| file_name(source.name()) == name).ok_or_else(|| {
        let suggestion = nearest(&name, siblings.iter().map(|source| file_name(source.name()))).map(str::to_owned);
        ImportError::Missing { name, suggestion }
    })
}

/// The name of the file of a text.
pub(super) fn file_of(source: &Source) -> String {
    file_name(source.name()).to_owned()
}
