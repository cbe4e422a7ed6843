//! `import "_shared" as s;`: other scripts of the rule's own folder, and nothing else.

use rhai::{Engine, EvalAltResult, GlobalRuntimeState, Module, ModuleResolver, Position, Scope, Shared};

use super::files::file_name;
use super::{meter, running, tree};
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
        if path.contains(['/', '\\', ':']) || path.starts_with('.') {
            return Err(failed(format!(
                "cannot import {}: a rule imports files of its own folder, by name",
                quote(path)
            ))
            .into());
        }
        let name = format!("{}.rhai", path.strip_suffix(".rhai").unwrap_or(path));
        let text = running::with(|running| {
            if running.loading.borrow().contains(&name) {
                let way = running.loading.borrow().join(" -> ");
                return Err(failed(format!("{} imports itself: {way} -> {name}", quote(&name))));
            }
            let names = running.siblings.iter().map(|source| file_name(source.name()));
            match running.siblings.iter().find(|source| file_name(source.name()) == name) {
                Some(source) if source.text().len() as u64 > running.limits.script_size => {
                    Err(*meter::exceeds("script-size"))
                }
                Some(source) => Ok(source.text().to_owned()),
                None => {
                    let meant = nearest(&name, names).map(|meant| format!("; did you mean {}?", quote(meant)));
                    Err(failed(format!(
                        "there is no {} in the folder of the rule{}",
                        quote(&name),
                        meant.unwrap_or_default()
                    )))
                }
            }
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
