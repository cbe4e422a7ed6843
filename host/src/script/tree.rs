//! The expressions of a rule whose place decides what they give. rhai hands its hooks neither the expression nor where
//! it stands, but it lends them the name that is written there: without interning, each name of a text is a string of
//! its own, and its address is that of the expression.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use rhai::{AST, ASTFlags, ASTNode, Expr, FnCallExpr, Position, Stmt};

/// What is done with a variable at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A method of it calls closures: `found.filter(|x| found.len() > x)`. rhai locks what closures share while a
    /// method of it runs, so there it is a copy.
    Called,
    /// Something is looked for in it: `key in found`. rhai would copy it.
    Searched,
    /// It is a key: `found[owner]`.
    Key,
}

/// The texts of a rule.
#[derive(Default)]
struct Tree {
    uses: HashMap<*const u8, Use>,
    /// The names of fields behind a dot.
    fields: HashSet<*const u8>,
    /// The fields whose values are keys, by file: `found[svc.owner]`.
    keys: HashMap<String, BTreeSet<Position>>,
    /// Kept until the rule has run, so that no address is used again.
    texts: Vec<AST>,
}

thread_local! {
    static TREE: RefCell<Tree> = RefCell::default();
}

/// The methods that call a function and leave the value as it is.
const CALLING: [&str; 15] = [
    "all",
    "call",
    "filter",
    "find",
    "find_map",
    "group_by",
    "index_of",
    "join",
    "map",
    "order",
    "order_by",
    "reduce",
    "reduce_rev",
    "some",
    "zip",
];

/// The methods that change the value.
pub(super) const CHANGING: [&str; 28] = [
    "append",
    "chop",
    "clear",
    "crop",
    "dedup",
    "drain",
    "fill_with",
    "for_each",
    "insert",
    "make_lower",
    "make_upper",
    "mixin",
    "pad",
    "pop",
    "push",
    "remove",
    "replace",
    "retain",
    "reverse",
    "set",
    "shift",
    "sort",
    "sort_by",
    "sort_desc",
    "splice",
    "split_off",
    "trim",
    "truncate",
];

/// The fields that are maps: a name behind one is a key.
const MAPS: [&str; 6] = ["connections", "helm", "networks", "owners", "services", "terraform"];

/// Starts anew, for another rule.
pub(super) fn reset() {
    TREE.take();
}

/// Adds a text of the rule: the script, or one that it imports.
pub(super) fn add(ast: &AST) {
    TREE.with_borrow_mut(|tree| {
        let file = ast.source().unwrap_or_default();
        let own = OwnFunctions::of(ast);
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, _))) => tree.add_search(call),
                Some(ASTNode::Expr(node @ (Expr::Dot(..) | Expr::Index(..)))) if !is_rest(path, node) => {
                    let chain = Chain::of(node);
                    tree.add_fields(&chain);
                    if !is_assigned(path, node) {
                        tree.add_chain(&chain, file, &own);
                    }
                }
                _ => {}
            }
            true
        });
        tree.texts.push(ast.clone());
    });
}

/// What is done with a variable at the place where its name is written.
pub(super) fn use_of(name: &str) -> Option<Use> {
    TREE.with_borrow(|tree| tree.uses.get(&name.as_ptr()).copied())
}

/// Whether a name is written behind a dot, and not inside brackets.
pub(super) fn is_field(name: &str) -> bool {
    TREE.with_borrow(|tree| tree.fields.contains(&name.as_ptr()))
}

/// Whether the field that is read at a position of a file is a key.
pub(super) fn is_key(file: Option<&str>, position: Position) -> bool {
    TREE.with_borrow(|tree| tree.keys.get(file.unwrap_or_default()).is_some_and(|keys| keys.contains(&position)))
}

impl Tree {
    fn add_search(&mut self, call: &FnCallExpr) {
        // What `in` is to the parser.
        let is_search = call.name == "contains" && call.args.len() == 2 && !call.is_qualified();
        if let Some(name) = call.args.first().filter(|_| is_search).and_then(variable) {
            self.uses.insert(name.as_ptr(), Use::Searched);
        }
    }

    fn add_fields(&mut self, chain: &Chain<'_>) {
        let mut of_map = false;
        for link in &chain.links {
            let Expr::Property(field, _) = link.node else {
                of_map = false;
                continue;
            };
            if !of_map {
                self.fields.insert(field.2.as_ptr());
            }
            of_map = MAPS.contains(&field.2.as_str());
        }
    }

    fn add_chain(&mut self, chain: &Chain<'_>, file: &str, own: &OwnFunctions) {
        if let Some(name) = variable(chain.root).filter(|_| chain.calls(own)) {
            self.uses.insert(name.as_ptr(), Use::Called);
        }
        for link in chain.links.iter().filter(|link| link.is_index) {
            if let Some(name) = variable(link.node) {
                self.uses.insert(name.as_ptr(), Use::Key);
            }
            if matches!(link.node, Expr::Dot(..) | Expr::Index(..))
                && let Some(Expr::Property(_, position)) = Chain::of(link.node).links.last().map(|last| last.node)
            {
                self.keys.entry(file.to_owned()).or_default().insert(*position);
            }
        }
    }
}

/// The functions of a text.
struct OwnFunctions {
    names: HashSet<String>,
    /// Whether one of them changes `this`.
    change_this: bool,
}

impl OwnFunctions {
    fn of(ast: &AST) -> Self {
        let names = ast.iter_functions().map(|function| function.name.to_owned()).collect();
        let mut change_this = false;
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            change_this |= match path.last() {
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => is_this(&assignment.1.lhs),
                Some(ASTNode::Expr(node @ (Expr::Dot(..) | Expr::Index(..)))) => {
                    let chain = Chain::of(node);
                    is_this(chain.root) && chain.links.iter().any(|link| link.is_call_of(&CHANGING))
                }
                _ => false,
            };
            true
        });
        Self { names, change_this }
    }
}

/// A value and what follows it: `system.services["api"].image`.
struct Chain<'a> {
    root: &'a Expr,
    links: Vec<Link<'a>>,
}

/// A field, a call or a key.
struct Link<'a> {
    node: &'a Expr,
    is_index: bool,
}

impl<'a> Chain<'a> {
    /// Takes a chain apart, which lies inside out: what follows is the right side of what is before.
    fn of(expression: &'a Expr) -> Self {
        let (mut root, mut links, mut next) = (expression, Vec::new(), Some(expression));
        while let Some(expression) = next {
            let (Expr::Dot(sides, flags, _) | Expr::Index(sides, flags, _)) = expression else { break };
            if links.is_empty() {
                root = &sides.lhs;
            }
            let rest = Some(&sides.rhs).filter(|_| !flags.intersects(ASTFlags::BREAK));
            next = rest.filter(|rest| matches!(rest, Expr::Dot(..) | Expr::Index(..)));
            let node = match next {
                Some(Expr::Dot(rest, ..) | Expr::Index(rest, ..)) => &rest.lhs,
                _ => &sides.rhs,
            };
            links.push(Link { node, is_index: matches!(expression, Expr::Index(..)) });
        }
        Self { root, links }
    }

    /// Whether a method of the root, or of a part of it, calls functions, before one changes it.
    fn calls(&self, own: &OwnFunctions) -> bool {
        let calls_own = |link: &Link<'_>| {
            !own.change_this && link.call().is_some_and(|call| own.names.contains(call.name.as_str()))
        };
        let before_change = self.links.iter().take_while(|link| !link.is_call_of(&CHANGING));
        before_change.into_iter().any(|link| link.is_call_of(&CALLING) || calls_own(link))
    }
}

impl<'a> Link<'a> {
    fn call(&self) -> Option<&'a FnCallExpr> {
        match self.node {
            Expr::MethodCall(call, _) => Some(call),
            _ => None,
        }
    }

    fn is_call_of(&self, names: &[&str]) -> bool {
        self.call().is_some_and(|call| names.contains(&call.name.as_str()))
    }
}

/// The name of a variable of the script itself.
fn variable(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Variable(variable, ..) if variable.2.is_empty() => Some(&variable.1),
        _ => None,
    }
}

fn is_this(expression: &Expr) -> bool {
    match expression {
        Expr::ThisPtr(_) => true,
        Expr::Dot(..) | Expr::Index(..) => is_this(Chain::of(expression).root),
        _ => false,
    }
}

/// Whether a node is the rest of the chain around it.
fn is_rest(path: &[ASTNode<'_>], node: &Expr) -> bool {
    match path.iter().rev().nth(1) {
        Some(ASTNode::Expr(Expr::Dot(sides, flags, _) | Expr::Index(sides, flags, _))) => {
            std::ptr::eq(&raw const sides.rhs, node) && !flags.intersects(ASTFlags::BREAK)
        }
        _ => false,
    }
}

/// Whether something is assigned to a node.
fn is_assigned(path: &[ASTNode<'_>], node: &Expr) -> bool {
    match path.iter().rev().nth(1) {
        Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => std::ptr::eq(&raw const assignment.1.lhs, node),
        _ => false,
    }
}
