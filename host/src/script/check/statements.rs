//! The types that statements leave in variables, and the mistakes in statements.

use rhai::{ASTFlags, Expr, OpAssignment, Stmt, SwitchCasesCollection};

use super::analysis::{Analysis, Frame};
use super::types::{Kind, Type};

impl<'p> Analysis<'p> {
    /// Goes through statements in a scope of their own, and returns the type of the last.
    pub fn block(&mut self, frame: &mut Frame, statements: &'p [Stmt]) -> Type {
        let before = frame.variables.len();
        let mut last = Type::of(Kind::Unit);
        for statement in statements {
            last = self.statement(frame, statement);
        }
        frame.variables.truncate(before);
        last
    }

    /// Goes through a statement, and returns the type of its value.
    pub fn statement(&mut self, frame: &mut Frame, statement: &'p Stmt) -> Type {
        if self.is_over() {
            return Type::Unknown;
        }
        match statement {
            Stmt::If(flow, _) => {
                self.condition(frame, &flow.expr);
                let then = self.block(frame, flow.body.statements());
                then.or(self.block(frame, flow.branch.statements()))
            }
            Stmt::Switch(switch, _) => {
                self.expression(frame, &switch.0);
                self.cases(frame, &switch.1)
            }
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                if !matches!(flow.expr, Expr::Unit(_)) {
                    self.condition(frame, &flow.expr);
                }
                self.block(frame, flow.body.statements());
                Type::Unknown
            }
            Stmt::For(of, _) => {
                let items = self.iterated(frame, &of.2.expr);
                let before = frame.variables.len();
                frame.variables.push((of.0.name.clone(), items));
                frame.variables.extend(of.1.as_ref().map(|counter| (counter.name.clone(), Type::of(Kind::Int))));
                self.block(frame, of.2.body.statements());
                frame.variables.truncate(before);
                Type::Unknown
            }
            Stmt::Var(variable, ..) => {
                let value = self.expression(frame, &variable.1);
                frame.variables.push((variable.0.name.clone(), value));
                Type::of(Kind::Unit)
            }
            Stmt::Assignment(assignment) => {
                self.assignment(frame, &assignment.0, &assignment.1.lhs, &assignment.1.rhs);
                Type::of(Kind::Unit)
            }
            Stmt::FnCall(call, position) => self.call(frame, call, *position),
            Stmt::Block(block) => self.block(frame, block.statements()),
            Stmt::TryCatch(flow, _) => {
                self.tried(frame, flow.body.statements());
                let before = frame.variables.len();
                if let Expr::Variable(variable, ..) = &flow.expr {
                    frame.variables.push((variable.1.clone(), Type::Unknown));
                }
                self.block(frame, flow.branch.statements());
                frame.variables.truncate(before);
                Type::Unknown
            }
            Stmt::Expr(expression) => self.expression(frame, expression),
            Stmt::BreakLoop(value, ..) => {
                value.iter().for_each(|value| drop(self.expression(frame, value)));
                Type::NEVER
            }
            Stmt::Return(value, flags, _) => {
                let value = value.as_ref().map_or(Type::of(Kind::Unit), |value| self.expression(frame, value));
                if !flags.contains(ASTFlags::BREAK) {
                    frame.returns = std::mem::replace(&mut frame.returns, Type::NEVER).or(value);
                }
                Type::NEVER
            }
            Stmt::Noop(_) | Stmt::Import(..) | Stmt::Export(..) | Stmt::Share(_) => Type::of(Kind::Unit),
            _ => Type::Unknown,
        }
    }

    fn cases(&mut self, frame: &mut Frame, cases: &'p SwitchCasesCollection) -> Type {
        let mut value = Type::of(Kind::Unit);
        for case in &cases.expressions {
            if !matches!(case.lhs, Expr::BoolConstant(..)) {
                self.condition(frame, &case.lhs);
            }
            value = value.or(self.expression(frame, &case.rhs));
        }
        value
    }

    fn assignment(&mut self, frame: &mut Frame, operator: &OpAssignment, to: &'p Expr, value: &'p Expr) {
        let mut value = self.expression(frame, value);
        match to {
            Expr::Variable(variable, ..) => {
                if let Some((.., operator)) = operator.get_op_assignment_info() {
                    let before = self.variable(frame, &variable.1).unwrap_or(Type::Unknown);
                    value = Self::combined(operator, &before, &value);
                }
                self.assign(&variable.1, value);
            }
            Expr::Dot(..) | Expr::Index(..) => self.target(frame, to),
            _ => {}
        }
    }

    /// The type of the items of what a loop goes through.
    fn iterated(&mut self, frame: &mut Frame, of: &'p Expr) -> Type {
        let value = self.expression(frame, of);
        let cannot = |kind: &&Kind| match kind {
            Kind::Unit | Kind::Object(_) | Kind::List(_) | Kind::Entries(_) => false,
            Kind::Engine(_) => true,
            kind => !self.can_iterate(kind),
        };
        if value.known().is_some_and(|kinds| kinds.iter().all(cannot)) {
            let help = matches!(value.known().as_deref(), Some([Kind::Map | Kind::Record(_)]))
                .then(|| "go through its `keys()` or `values()`".to_owned());
            self.report(frame, of.start_position(), format!("expected a list, found {value}"), help);
        }
        value.items()
    }

    /// Goes through an expression that has to be a boolean.
    pub fn condition(&mut self, frame: &mut Frame, condition: &'p Expr) {
        let value = self.expression(frame, condition);
        if value.known().is_some_and(|kinds| kinds.iter().all(|kind| **kind != Kind::Bool)) {
            let help = "compare it, such as with `!= ()`, which tells whether the document has it".to_owned();
            self.report(frame, condition.start_position(), format!("expected a boolean, found {value}"), Some(help));
        }
    }
}
