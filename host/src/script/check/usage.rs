//! What a rule does with its variables, by their names: what is assigned, changed in place, or asked for its type is
//! known less.

use std::collections::HashSet;

use rhai::{AST, ASTNode, Expr, ImmutableString, Stmt};

use super::signature::Signature;
use crate::script::tree::CHANGING;

/// What changes a value beside the methods of [`CHANGING`]: what is called may change `this`.
const ALSO_CHANGING: [&str; 4] = ["call", "curry", "+=", "bits"];

/// Whether a function changes what it is called on.
fn changes_receiver(name: &str) -> bool {
    CHANGING.contains(&name) || ALSO_CHANGING.contains(&name)
}

/// The names of variables by what is done with them, in all texts of a rule together.
#[derive(Debug, Default)]
pub(super) struct Usage {
    assigned: HashSet<ImmutableString>,
    changed: HashSet<ImmutableString>,
    asked: HashSet<ImmutableString>,
    strings: HashSet<ImmutableString>,
    /// Whether `this` is assigned or changed.
    pub changes_this: bool,
    /// Whether a map holds functions, which are then called as its methods.
    pub maps_hold_functions: bool,
}

impl Usage {
    pub fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    pub fn is_changed(&self, name: &str) -> bool {
        self.changed.contains(name)
    }

    /// Whether the rule asks for the type of a variable: then it knows better what is in it.
    pub fn is_asked(&self, name: &str) -> bool {
        self.asked.contains(name)
    }

    /// Whether a text of the rule is this one: it may name a function.
    pub fn has_string(&self, text: &str) -> bool {
        self.strings.contains(text)
    }

    /// Adds a text.
    pub fn add(&mut self, ast: &AST) {
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    self.add_assignment(&assignment.1.lhs, &assignment.1.rhs)
                }
                Some(ASTNode::Stmt(Stmt::FnCall(call, _)) | ASTNode::Expr(Expr::FnCall(call, _))) => {
                    self.add_call(&call.name, call.args.first());
                }
                Some(ASTNode::Expr(Expr::Dot(chain, ..) | Expr::Index(chain, ..))) => {
                    if changes(&chain.rhs) {
                        self.change(&chain.lhs);
                    }
                    if asks(&chain.rhs)
                        && let Expr::Variable(variable, ..) = &chain.lhs
                    {
                        self.asked.insert(variable.1.clone());
                    }
                }
                Some(ASTNode::Expr(Expr::Map(entries, _))) => {
                    self.maps_hold_functions |= entries.0.iter().any(|(_, value)| may_be_function(value));
                }
                Some(ASTNode::Expr(Expr::StringConstant(text, _))) => {
                    self.strings.insert(text.clone());
                }
                _ => {}
            }
            true
        });
    }

    fn add_assignment(&mut self, to: &Expr, value: &Expr) {
        match to {
            Expr::Variable(variable, ..) => {
                self.assigned.insert(variable.1.clone());
            }
            Expr::ThisPtr(_) => self.changes_this = true,
            Expr::Dot(chain, ..) | Expr::Index(chain, ..) => {
                self.change(&chain.lhs);
                self.maps_hold_functions |= may_be_function(value);
            }
            _ => {}
        }
    }

    fn add_call(&mut self, name: &str, first: Option<&Expr>) {
        let Some(first) = first else { return };
        if name == "type_of" {
            if let Expr::Variable(variable, ..) = first {
                self.asked.insert(variable.1.clone());
            }
        } else if changes_receiver(name) {
            // Functions of scripts get copies.
            self.change(first);
        }
    }

    fn change(&mut self, root: &Expr) {
        match root {
            Expr::Variable(variable, ..) => {
                self.changed.insert(variable.1.clone());
            }
            Expr::ThisPtr(_) => self.changes_this = true,
            _ => {}
        }
    }
}

/// Whether a method may change what it is called on; one of a script may.
fn is_changing(name: &str, arguments: usize) -> bool {
    changes_receiver(name)
        || !Signature::all().iter().any(|signature| signature.name == name && signature.params.len() == arguments)
}

/// Whether what follows in a chain changes its start.
fn changes(rest: &Expr) -> bool {
    match rest {
        Expr::MethodCall(call, _) => is_changing(&call.name, call.args.len() + 1),
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => changes(&chain.lhs) || changes(&chain.rhs),
        _ => false,
    }
}

/// Whether what follows in a chain asks for the type of its start.
fn asks(rest: &Expr) -> bool {
    match rest {
        Expr::MethodCall(call, _) => call.name == "type_of",
        Expr::Dot(chain, ..) => asks(&chain.lhs),
        _ => false,
    }
}

/// Whether an expression may be a function: a closure, or what is only known when the script runs.
fn may_be_function(value: &Expr) -> bool {
    match value {
        Expr::DynamicConstant(value, _) => value.is_fnptr(),
        Expr::Stmt(_) | Expr::FnCall(..) | Expr::Variable(..) => true,
        _ => false,
    }
}
