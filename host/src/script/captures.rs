//! What closures capture. rhai shares a variable between a function and its closures, and locks it while a method of it
//! runs: `s.exposes.filter(|e| s.owner == ())` would not find `s`. A value of the document never changes, so where a
//! variable holds one and is never assigned, closures get copies, and nothing is shared.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashSet;

use rhai::{AST, ASTNode, Dynamic, Expr, ImmutableString, Stmt};

use super::ctx::Ctx;
use super::document::{Binding, Spot};
use super::graph::{GraphEdge, GraphGroup, GraphNode, GraphValue};
use super::handle::Handle;
use super::report::{Finding, ParamValues};

/// The names of variables in the texts of a rule.
#[derive(Default)]
struct Captures {
    captured: HashSet<ImmutableString>,
    assigned: HashSet<ImmutableString>,
    /// Whether a function assigns to `this`, whatever that is.
    assigns_this: bool,
    /// Those that are captured and never assigned.
    copied: HashSet<ImmutableString>,
}

thread_local! {
    static CAPTURES: RefCell<Captures> = RefCell::default();
}

/// Starts anew, for another rule.
pub(super) fn reset() {
    CAPTURES.take();
}

/// Adds a text of the rule: the script, or one that it imports.
pub(super) fn add(ast: &AST) {
    CAPTURES.with_borrow_mut(|captures| {
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Share(variables))) => {
                    captures.captured.extend(variables.iter().map(|(variable, _)| variable.name.clone()));
                }
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => match &assignment.1.lhs {
                    Expr::Variable(variable, ..) => {
                        captures.assigned.insert(variable.1.clone());
                    }
                    Expr::ThisPtr(..) => captures.assigns_this = true,
                    _ => {}
                },
                _ => {}
            }
            true
        });
        captures.copied = if captures.assigns_this {
            HashSet::new()
        } else {
            captures.captured.difference(&captures.assigned).cloned().collect()
        };
    });
}

/// The value of the document that a variable holds, if closures get copies of it.
pub(super) fn copy(name: &str, variable: &Dynamic) -> Option<Dynamic> {
    if !CAPTURES.with_borrow(|captures| !captures.copied.is_empty() && captures.copied.contains(name)) {
        return None;
    }
    let value = variable.read_lock::<Dynamic>()?;
    let types = [
        TypeId::of::<GraphEdge>(),
        TypeId::of::<GraphGroup>(),
        TypeId::of::<Handle>(),
        TypeId::of::<Spot>(),
        TypeId::of::<Binding>(),
        TypeId::of::<GraphNode>(),
        TypeId::of::<GraphValue>(),
        TypeId::of::<Ctx>(),
        TypeId::of::<ParamValues>(),
        TypeId::of::<Finding>(),
    ];
    types.contains(&value.type_id()).then(|| value.clone())
}
