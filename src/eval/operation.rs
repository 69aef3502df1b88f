//! Operators.

use super::equality::equal;
use super::evaluator::{Evaluator, Frames, Outcome};
use super::{Failed, Problem};
use crate::syntax::{BinaryOp, ExprId, UnaryOp};
use crate::value::{Kind, Meta, Number, Type, Undefined, Value, convert};

impl Evaluator<'_> {
    pub(super) fn unary(
        &mut self,
        expr: ExprId,
        op: UnaryOp,
        operand: ExprId,
        frames: Frames<'_>,
    ) -> Outcome {
        let given = self.evaluate(operand, frames)?;
        let value = match op {
            UnaryOp::Negate => {
                let value = self.operand(given, operand, &Type::Number)?;
                match value.kind() {
                    Kind::Number(number) => Value::number(number.negate()),
                    _ => Value::unknown_of(Type::Number, Value::derived([&value])),
                }
                .with_marks_of(value.meta())
            }
            UnaryOp::Not => {
                let value = self.operand(given, operand, &Type::Bool)?;
                match value.kind() {
                    Kind::Bool(bool) => Value::bool(!bool),
                    _ => Value::unknown_of(Type::Bool, Value::derived([&value])),
                }
                .with_marks_of(value.meta())
            }
        };
        Ok(self.written(value, expr))
    }

    pub(super) fn binary(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        (left, right): (ExprId, ExprId),
        frames: Frames<'_>,
    ) -> Outcome {
        let value = match op {
            BinaryOp::Or | BinaryOp::And => self.logical(op, (left, right), frames)?,
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let (a, b) = (self.evaluate(left, frames), self.evaluate(right, frames));
                equality(&a?, &b?, op == BinaryOp::Equal)
            }
            _ => self.arithmetic(expr, op, (left, right), frames)?,
        };
        Ok(self.written(value, expr))
    }

    /// An operand as the operator wants it: not null.
    fn operand(&mut self, value: Value, expr: ExprId, wanted: &Type) -> Outcome {
        let value = self.converted(&value, expr, wanted)?;
        if value.is_null() {
            return Err(self.fail(self.tree.span(expr), format!("a {wanted} is required, but this is null")));
        }
        Ok(value)
    }

    /// The value of an expression as one of a type.
    pub(super) fn converted(&mut self, value: &Value, expr: ExprId, wanted: &Type) -> Outcome {
        convert(value, wanted).map_err(|error| self.fail(self.tree.span(expr), error.to_string()))
    }

    fn arithmetic(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        (left, right): (ExprId, ExprId),
        frames: Frames<'_>,
    ) -> Outcome {
        let a = self.evaluate(left, frames).and_then(|value| self.operand(value, left, &Type::Number));
        let b = self.evaluate(right, frames).and_then(|value| self.operand(value, right, &Type::Number));
        let (a, b) = (a?, b?);
        let value = match (a.kind(), b.kind()) {
            (Kind::Number(x), Kind::Number(y)) => {
                calculate(op, x, y).map_err(|Undefined| self.undefined(expr, op))?
            }
            _ => {
                let ty = if compares(op) { Type::Bool } else { Type::Number };
                Value::unknown_of(ty, Value::derived([&a, &b]))
            }
        };
        Ok(value.with_marks_of(a.meta()).with_marks_of(b.meta()))
    }

    fn undefined(&mut self, expr: ExprId, op: BinaryOp) -> Failed {
        let message = match op {
            BinaryOp::Divide => "zero divided by zero, or infinity by infinity, is no number",
            BinaryOp::Modulo => "infinity has no remainder",
            BinaryOp::Multiply => "zero times infinity is no number",
            _ => "infinity less infinity is no number",
        };
        self.fail(self.tree.span(expr), message)
    }

    /// `&&` and `||`: one side may decide alone, and then the other may be unknown or fail.
    fn logical(&mut self, op: BinaryOp, (left, right): (ExprId, ExprId), frames: Frames<'_>) -> Outcome {
        let deciding = op == BinaryOp::Or;
        let before = self.log.mark();
        let a = self.logical_side(left, frames);
        let between = self.log.mark();
        let b = self.logical_side(right, frames);
        let (a, b) = match (a, b) {
            (Ok(a), Ok(b)) => (a, b),
            // A side of the wrong type is wrong whatever the other is.
            (Err(Side::Unsuitable), _) | (_, Err(Side::Unsuitable)) => return Err(Failed),
            // The left side is reached first: known to decide, or not known, it hides what the right one does.
            (Ok(a), Err(Side::Failed)) if truth(&a).is_none_or(|truth| truth == deciding) => {
                self.log.rewind(between);
                let decided = truth(&a).is_some();
                return Ok(if decided { settled(deciding, &a) } else { unknown(&a, &a) });
            }
            (Err(Side::Failed), Ok(b)) if truth(&b) == Some(deciding) => {
                self.log.problems.drain(before..between);
                return Ok(settled(deciding, &b));
            }
            _ => return Err(Failed),
        };
        let marks = Meta::default().with_marks_of(a.meta()).with_marks_of(b.meta());
        let value = match (truth(&a), truth(&b)) {
            (Some(x), _) if x == deciding => Value::bool(deciding),
            (_, Some(x)) if x == deciding => Value::bool(deciding),
            (Some(_), Some(_)) => {
                // Only `false || null` comes here with a null.
                for (side, value) in [(left, &a), (right, &b)] {
                    if value.is_null() {
                        return Err(self.fail(self.tree.span(side), "a bool is required, but this is null"));
                    }
                }
                Value::bool(!deciding)
            }
            _ => unknown(&a, &b),
        };
        Ok(value.with_marks_of(marks))
    }

    fn logical_side(&mut self, expr: ExprId, frames: Frames<'_>) -> Result<Value, Side> {
        let value = self.evaluate(expr, frames).map_err(|Failed| Side::Failed)?;
        self.converted(&value, expr, &Type::Bool).map_err(|Failed| Side::Unsuitable)
    }

    /// The value of a condition: a known or unknown `bool`.
    pub(super) fn condition(&mut self, expr: ExprId, frames: Frames<'_>) -> Outcome {
        let value = self.evaluate(expr, frames)?;
        if value.is_null() {
            return Err(
                self.fail(self.tree.span(expr), "a condition must be true or false, but this is null")
            );
        }
        match convert(&value, &Type::Bool) {
            Ok(value) => Ok(value),
            Err(error) => {
                let location = self.place(expr);
                let message = format!("a condition must be true or false: {error}");
                Err(self.log.report(Problem::new(location, message)))
            }
        }
    }
}

/// Why a side of `&&` or `||` has no value.
enum Side {
    Failed,
    Unsuitable,
}

/// What a side says; `None` if it is unknown. Null counts as false, as in the language.
fn truth(value: &Value) -> Option<bool> {
    match value.kind() {
        Kind::Bool(bool) => Some(*bool),
        Kind::Null(_) => Some(false),
        _ => None,
    }
}

fn settled(result: bool, by: &Value) -> Value {
    Value::bool(result).with_marks_of(by.meta())
}

fn unknown(a: &Value, b: &Value) -> Value {
    Value::unknown_of(Type::Bool, Value::derived([a, b])).with_marks_of(a.meta()).with_marks_of(b.meta())
}

fn equality(a: &Value, b: &Value, wanted: bool) -> Value {
    let value = match equal(a, b) {
        Some(equal) => Value::bool(equal == wanted),
        None => Value::unknown_of(Type::Bool, Value::derived([a, b])),
    };
    // Beside a null only the marks of the wholes tell anything.
    if a.is_null() != b.is_null() {
        value.with_marks_of(a.meta()).with_marks_of(b.meta())
    } else {
        value.with_marks_of(a.marks_within()).with_marks_of(b.marks_within())
    }
}

fn compares(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual)
}

fn calculate(op: BinaryOp, x: &Number, y: &Number) -> Result<Value, Undefined> {
    Ok(match op {
        BinaryOp::Add => Value::number(x.add(y)?),
        BinaryOp::Subtract => Value::number(x.subtract(y)?),
        BinaryOp::Multiply => Value::number(x.multiply(y)?),
        BinaryOp::Divide => Value::number(x.divide(y)?),
        BinaryOp::Modulo => Value::number(x.modulo(y)?),
        BinaryOp::Less => Value::bool(x.compare(y).is_lt()),
        BinaryOp::LessEqual => Value::bool(x.compare(y).is_lt() || x == y),
        BinaryOp::Greater => Value::bool(x.compare(y).is_gt()),
        BinaryOp::GreaterEqual => Value::bool(x.compare(y).is_gt() || x == y),
        BinaryOp::Equal => Value::bool(x == y),
        BinaryOp::NotEqual => Value::bool(x != y),
        BinaryOp::And | BinaryOp::Or => return Err(Undefined),
    })
}
