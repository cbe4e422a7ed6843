//! The types of expressions, and the mistakes in them.

use rhai::{Expr, FnCallExpr, Stmt};

use super::analysis::{Analysis, Frame};
use super::program::Function;
use super::types::{Kind, Type};
use crate::text::{nearest, quote};

/// A closure where it is made: its function, and the variables that it captures.
pub(super) struct Closure<'p> {
    function: &'p Function,
    captured: &'p [Expr],
}

impl<'p> Analysis<'p> {
    /// Goes through an expression, and returns its type.
    pub fn expression(&mut self, frame: &mut Frame, expression: &'p Expr) -> Type {
        if self.is_over() {
            return Type::Unknown;
        }
        match expression {
            Expr::BoolConstant(..) => Kind::Bool.into(),
            Expr::IntegerConstant(..) => Kind::Int.into(),
            Expr::FloatConstant(..) => Kind::Float.into(),
            Expr::CharConstant(..) => Kind::Char.into(),
            Expr::StringConstant(..) => Kind::Text.into(),
            Expr::Unit(_) => Kind::Unit.into(),
            Expr::InterpolatedString(parts, _) => {
                parts.iter().for_each(|part| drop(self.expression(frame, part)));
                Kind::Text.into()
            }
            Expr::Array(items, _) => {
                let items = items.iter().fold(Type::NEVER, |all, item| all.or(self.expression(frame, item)));
                Kind::Array(Box::new(items.bounded())).into()
            }
            Expr::Map(entries, _) => {
                entries.0.iter().for_each(|(_, value)| drop(self.expression(frame, value)));
                Kind::Map.into()
            }
            Expr::Variable(variable, ..) if variable.2.is_empty() => {
                self.variable(frame, &variable.1).unwrap_or_else(|| {
                    // The name of a function is the function.
                    self.escape(frame.text, &variable.1);
                    Type::Unknown
                })
            }
            Expr::Variable(variable, _, position) => {
                if variable.2.root() != "global" || variable.2.path.len() != 1 {
                    return Type::Unknown;
                }
                self.constant(frame.text, &variable.1).unwrap_or_else(|| {
                    let meant = nearest(&variable.1, self.constants(frame.text)).map(str::to_owned);
                    let help = match meant {
                        Some(meant) => format!("did you mean `global::{meant}`?"),
                        None => format!("write `const {} = …;` outside of functions", variable.1),
                    };
                    let message = format!("there is no constant {}", quote(&variable.1));
                    self.report(frame, *position, message, Some(help));
                    Type::Unknown
                })
            }
            Expr::ThisPtr(_) => frame.this.clone(),
            Expr::Stmt(block) => match self.closure(frame, expression) {
                Some(closure) => self.closure_value(frame, &closure),
                None => self.block(frame, block.statements()),
            },
            Expr::DynamicConstant(..) => match self.closure(frame, expression) {
                Some(closure) => self.closure_value(frame, &closure),
                None => Type::Unknown,
            },
            Expr::FnCall(call, position) => self.call(frame, call, *position),
            Expr::Dot(..) | Expr::Index(..) => self.chain(frame, expression),
            Expr::And(operands, _) | Expr::Or(operands, _) => {
                operands.iter().for_each(|operand| self.condition(frame, operand));
                Kind::Bool.into()
            }
            Expr::Coalesce(operands, _) => {
                let mut value = Type::NEVER;
                for operand in operands.iter() {
                    value = value.without_unit().or(self.expression(frame, operand));
                }
                value
            }
            _ => Type::Unknown,
        }
    }

    /// Goes through expressions, and returns their types.
    pub fn expressions(&mut self, frame: &mut Frame, expressions: &'p [Expr]) -> Vec<Type> {
        expressions.iter().map(|expression| self.expression(frame, expression)).collect()
    }

    /// Sees an expression as a closure.
    pub fn closure(&self, frame: &Frame, expression: &'p Expr) -> Option<Closure<'p>> {
        let text = &self.program.texts[frame.text];
        let named = |expression: &Expr| match expression {
            Expr::DynamicConstant(value, _) => {
                let pointer = value.read_lock::<rhai::FnPtr>()?;
                text.closure(pointer.fn_name())
            }
            _ => None,
        };
        match expression {
            // What captures is a block: it shares the variables, and gives them to the function.
            Expr::Stmt(block) => match block.statements() {
                [Stmt::Share(_), Stmt::FnCall(call, _)] if call.name == "curry" => {
                    let (first, captured) = call.args.split_first()?;
                    Some(Closure { function: named(first)?, captured })
                }
                [Stmt::Share(_), Stmt::Expr(inner)] => match &**inner {
                    Expr::FnCall(call, _) if call.name == "curry" => {
                        let (first, captured) = call.args.split_first()?;
                        Some(Closure { function: named(first)?, captured })
                    }
                    _ => None,
                },
                _ => None,
            },
            other => Some(Closure { function: named(other)?, captured: &[] }),
        }
    }

    /// Goes through a closure that is called with values of some types, and returns the type of its result.
    pub fn closure_called(&mut self, frame: &mut Frame, closure: &Closure<'p>, arguments: &[Type]) -> Type {
        let mut values = self.expressions(frame, closure.captured);
        let own = closure.function.params.len().saturating_sub(values.len());
        let given = arguments.iter().cloned().chain(std::iter::repeat(Type::Unknown));
        values.extend(given.take(own));
        let this = match arguments.first() {
            Some(first) if !self.program.usage.changes_this => first.clone(),
            _ => Type::Unknown,
        };
        self.function(frame.text, closure.function, values, this)
    }

    /// Goes through a closure of which it is not known how it is called.
    fn closure_value(&mut self, frame: &mut Frame, closure: &Closure<'p>) -> Type {
        self.closure_called(frame, closure, &[]);
        Kind::Function.into()
    }

    /// Goes through the arguments of a call. Returns their types, and the type of what the last closure of them returns.
    pub fn arguments(&mut self, frame: &mut Frame, call: &'p FnCallExpr, receiver: Option<&Type>) -> (Vec<Type>, Type) {
        let mut types: Vec<Type> = receiver.into_iter().cloned().collect();
        let (before, mut result) = (types.len(), Type::Unknown);
        let number = before + call.args.len();
        for (index, argument) in call.args.iter().enumerate() {
            let known = match (self.closure(frame, argument), types.first()) {
                (Some(closure), Some(receiver)) => {
                    let params = self.natives.closure_params(&call.name, receiver, number, before + index);
                    result = self.closure_called(frame, &closure, &params);
                    Kind::Function.into()
                }
                _ => self.expression(frame, argument),
            };
            types.push(known);
        }
        (types, result)
    }
}
