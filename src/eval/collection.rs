//! `[…]` and `{…}`

use super::Failed;
use super::evaluator::{Evaluator, Frames, Outcome};
use crate::syntax::{ExprId, ExprKind, List};
use crate::value::{Kind, Meta, Type, Unknown, Value};

impl Evaluator<'_> {
    pub(super) fn tuple(&mut self, expr: ExprId, list: List, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        self.whole(expr)?;
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
        self.whole(expr)?;
        let pairs = tree.pairs(list);
        let mut entries = Vec::with_capacity(pairs.len());
        let mut unknown = Vec::new();
        let mut marks = Meta::default();
        let mut outcome = Ok(());
        for (key, item) in pairs {
            let name = self.plain_key(key).and_then(|()| self.key(key, frames));
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

    /// A collection with broken syntax in it has more elements than could be read.
    fn whole(&self, expr: ExprId) -> Result<(), Failed> {
        let damaged = !self.tree.errors.is_empty() && self.tree.is_damaged(self.tree.span(expr));
        if damaged { Err(Failed) } else { Ok(()) }
    }

    /// A key that looks like a reference could be meant as one, or as a text.
    fn plain_key(&mut self, key: ExprId) -> Result<(), Failed> {
        let tree = self.tree;
        if !matches!(tree.kind(key), ExprKind::Attr { .. } | ExprKind::Index { .. })
            || tree.traversal(key).is_none()
        {
            return Ok(());
        }
        let written = tree.slice(tree.span(key));
        let message = format!("`{written}` as a key may be meant as a reference or as a text");
        let help = format!("write `({written})` for the reference, `\"{written}\"` for the text");
        Err(self.fail_with_help(tree.span(key), message, help))
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
