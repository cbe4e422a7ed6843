//! A rule with what it imports, read for a check: functions, closures and imports.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{AST, ASTNode, Engine, Expr, ImmutableString, Module, ParseError, Position, Stmt};

use super::usage::Usage;
use crate::script::failure::ErrorReporter;
use crate::script::imports::{self, ImportError};
use crate::script::meter;
use crate::source::Source;

/// The texts of a rule: the script itself first, then what it imports.
pub(super) struct Program {
    pub texts: Vec<Text>,
    pub usage: Usage,
}

/// A text of a rule.
pub(super) struct Text {
    pub source: Arc<Source>,
    /// The statements outside of functions.
    pub statements: Vec<Stmt>,
    pub functions: Vec<Function>,
    closures: HashMap<ImmutableString, usize>,
    /// The texts that are imported, by the names that they have here.
    pub imports: HashMap<ImmutableString, usize>,
}

/// A function of a text.
pub(super) struct Function {
    pub name: ImmutableString,
    pub params: Vec<ImmutableString>,
    pub body: Vec<Stmt>,
    pub is_private: bool,
}

/// A text that cannot be used.
pub(super) struct UnusableText {
    pub source: Arc<Source>,
    pub reason: UnusableReason,
}

/// Why a text cannot be used.
pub(super) enum UnusableReason {
    /// It is not one of the language.
    Parse(ParseError),
    TooLarge,
    /// What it imports is not there, or is the text itself.
    Import(Position, ImportError),
}

impl Program {
    /// Reads what a script imports. What cannot be used is left out.
    pub fn read(engine: &Engine, reporter: ErrorReporter<'_>, ast: &AST) -> (Self, Vec<UnusableText>) {
        let ErrorReporter { source, siblings, limits } = reporter;
        let program = Self { texts: Vec::new(), usage: Usage::default() };
        let most_bytes = limits.script_size;
        let mut reader = Reader { engine, siblings, most_bytes, program, unusable: Vec::new() };
        reader.add(source, ast, &mut vec![imports::file_of(source)]);
        (reader.program, reader.unusable)
    }
}

impl Text {
    fn of(source: &Arc<Source>, ast: &AST) -> Self {
        let mut functions: Vec<Function> = Vec::new();
        for (_, access, _, _, function) in ast.shared_lib().iter_script_fn_info() {
            // A walk of the text would not tell functions apart.
            let mut alone = Module::new();
            alone.set_script_fn(function.clone());
            functions.push(Function {
                name: function.name.clone(),
                params: function.params.to_vec(),
                body: statements(&AST::new_from_module(alone)),
                is_private: matches!(access, rhai::FnAccess::Private),
            });
        }
        // The order of rhai is that of hashes.
        functions.sort_by_key(|function| (function.name.to_string(), function.params.len()));
        let numbered = functions.iter().enumerate().filter(|(_, function)| function.is_closure());
        let closures = numbered.map(|(index, function)| (function.name.clone(), index)).collect();
        let source = Arc::clone(source);
        Self { source, statements: ast.statements().to_vec(), functions, closures, imports: HashMap::new() }
    }

    /// Finds a closure by the name that rhai gives it.
    pub fn closure(&self, name: &str) -> Option<&Function> {
        self.closures.get(name).map(|&index| &self.functions[index])
    }

    /// Finds a function by its name and the number of its parameters.
    pub fn function(&self, name: &str, params: usize) -> Option<usize> {
        let is_it = |function: &Function| function.name.as_str() == name && function.params.len() == params;
        self.functions.iter().position(is_it)
    }

    /// The functions with a name.
    pub fn functions_named(&self, name: &str) -> impl Iterator<Item = &Function> {
        self.functions.iter().filter(move |function| function.name.as_str() == name)
    }
}

impl Function {
    pub fn is_closure(&self) -> bool {
        self.name.starts_with("anon$")
    }
}

/// The statements of an AST that stand in no other.
fn statements(ast: &AST) -> Vec<Stmt> {
    let mut statements = Vec::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    statements
}

struct Reader<'r> {
    engine: &'r Engine,
    siblings: &'r [Arc<Source>],
    most_bytes: u64,
    program: Program,
    unusable: Vec<UnusableText>,
}

impl Reader<'_> {
    /// Adds a text and what it imports, and returns its position. `way` has the files that lead here.
    fn add(&mut self, source: &Arc<Source>, ast: &AST, way: &mut Vec<String>) -> usize {
        let index = self.program.texts.len();
        self.program.texts.push(Text::of(source, ast));
        self.program.usage.add(ast);
        let (mut found, mut unclear) = (Vec::new(), Vec::new());
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last() {
                match &import.0 {
                    Expr::StringConstant(path, at) => found.push((path.clone(), import.1.name.clone(), *at)),
                    _ => unclear.push(import.1.name.clone()),
                }
            }
            true
        });
        for (path, alias, at) in found {
            if let Some(imported) = self.import(source, &path, at, way) {
                self.program.texts[index].imports.insert(alias, imported);
            }
        }
        self.program.texts[index].imports.retain(|alias, _| !unclear.contains(alias));
        index
    }

    fn import(&mut self, source: &Arc<Source>, path: &str, at: Position, way: &mut Vec<String>) -> Option<usize> {
        let failed = |reason| UnusableText { source: Arc::clone(source), reason };
        let sibling = match imports::find(self.siblings, way, path) {
            Ok(sibling) => Arc::clone(sibling),
            Err(error) => {
                self.unusable.push(failed(UnusableReason::Import(at, error)));
                return None;
            }
        };
        if let Some(known) = self.program.texts.iter().position(|text| Arc::ptr_eq(&text.source, &sibling)) {
            return Some(known);
        }
        if sibling.text().len() as u64 > self.most_bytes {
            self.unusable.push(UnusableText { source: sibling, reason: UnusableReason::TooLarge });
            return None;
        }
        match meter::compile(self.engine, sibling.text()) {
            Ok(ast) => {
                way.push(imports::file_of(&sibling));
                let index = self.add(&sibling, &ast, way);
                way.pop();
                Some(index)
            }
            Err(error) => {
                self.unusable.push(UnusableText { source: sibling, reason: UnusableReason::Parse(error) });
                None
            }
        }
    }
}
