//! `[…]` and `{…}`

use super::Failed;
use super::evaluator::{Evaluator, Frames, Outcome};
use crate::syntax::{ExprId, List};
use crate::value::{Kind, Meta, Type, Unknown, Value};

impl Evaluator<'_> {
    pub(super) fn tuple(&mut self, expr: ExprId, list: List, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let items = tree.list(list);
        let mut values = Vec::with_capacity(items.len());
        let mut outcome = Ok(());
        for item in items {
            match self.evaluate(item, frames) {
                Ok(value) => values.push(value),
                Err(failed) => outcome = Err(failed),
            }
        }
        outcome?;
        let tuple = self.written(Value::tuple(values), expr);
        self.bounded(tuple, expr)
    }

    pub(super) fn object(&mut self, expr: ExprId, list: List, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let pairs = tree.pairs(list);
        let mut entries = Vec::with_capacity(pairs.len());
        let mut unknown = Vec::new();
        let mut marks = Meta::default();
        let mut outcome = Ok(());
        for (key, item) in pairs {
            let name = self.key(key, frames);
            let value = self.evaluate(item, frames);
            match (name, value) {
                (Ok(name), Ok(value)) => {
                    marks = marks.with_marks_of(name.meta());
                    match name.into_kind() {
                        Kind::String(name) => entries.push((name, value)),
                        other => unknown.extend([Value::new(other), value]),
                    }
                }
                _ => outcome = Err(Failed),
            }
        }
        outcome?;
        let object = if unknown.is_empty() {
            Value::object(entries)
        } else {
            // Which attributes it has is not known, so nothing is.
            let values = entries.iter().map(|(_, value)| value).chain(&unknown);
            Value::unknown(Unknown::new(Value::derived(values)))
        };
        let object = self.written(object.with_marks_of(marks), expr);
        self.bounded(object, expr)
    }

    /// The key of an object's attribute: a known or unknown text.
    pub(super) fn key(&mut self, expr: ExprId, frames: Frames<'_>) -> Outcome {
        let key = self.evaluate(expr, frames)?;
        if key.is_null() {
            return Err(self.fail(self.tree.span(expr), "null cannot be a key"));
        }
        self.converted(&key, expr, &Type::String)
    }
}
