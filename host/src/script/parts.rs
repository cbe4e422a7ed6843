//! What a script is made of: the files that it imports.

use rhai::{AST, ASTNode, Expr, Stmt};

use super::budget::ScriptBudget;
use super::{engine, meter};
use crate::confined;
use crate::limits::ScriptLimits;

/// The names of the files that a script imports, where they are written as texts. A script that cannot be parsed imports
/// nothing.
pub fn imported_files(text: &str) -> Vec<String> {
    let limits = ScriptLimits::default();
    let engine = engine::engine(&limits);
    let budget = ScriptBudget::from(limits);
    let parsed = budget.spend(|| confined::catching(|| meter::compile(&engine, text)));
    let ast = parsed.ok().and_then(Result::ok).and_then(Result::ok);
    let mut names = Vec::new();
    ast.unwrap_or_else(AST::empty).walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last()
            && let Expr::StringConstant(name, _) = &import.0
        {
            let name = format!("{}.rhai", name.strip_suffix(".rhai").unwrap_or(name));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        true
    });
    names
}

#[cfg(test)]
mod tests {
    use super::imported_files;

    #[test]
    fn imports_are_found_wherever_they_stand() {
        let text = "import \"_a\" as a;\nfn check(system, ctx) { if true { import \"_b.rhai\" as b; } let x = \"_c\"; import x as c; }";
        assert_eq!(imported_files(text), ["_a.rhai", "_b.rhai"]);
        assert_eq!(imported_files("import \""), Vec::<String>::new());
    }
}
