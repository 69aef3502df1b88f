//! Templates: quoted, heredoc, and their directives.

use super::conditional::Chosen;
use super::evaluator::{Evaluator, Frames, Outcome};
use super::{Failed, bounds};
use crate::syntax::{ExprId, ExprKind, List};
use crate::value::{Identity, Kind, Meta, Refinement, Type, Unknown, Value, convert};

/// A text that is put together.
#[derive(Default)]
struct Text {
    /// What is known of it: all, or what stands before the first unknown part.
    known: String,
    /// The unknown parts, if there are any.
    unknown: Vec<Identity>,
    marks: Meta,
}

impl Text {
    fn finish(self) -> Value {
        let value = if self.unknown.is_empty() {
            Value::text(&self.known)
        } else {
            let refinement =
                Refinement { not_null: true, prefix: prefix(&self.known).map(Into::into), length: None };
            Value::unknown(Unknown {
                ty: Type::String,
                identity: Identity::derived(&self.unknown),
                refinement,
            })
        };
        value.with_marks_of(self.marks)
    }
}

/// What may be relied on of a beginning: what follows may still combine with its last letter.
fn prefix(known: &str) -> Option<&str> {
    let mut end = known.len().min(bounds::PREFIX_BYTES);
    while !known.is_char_boundary(end) {
        end -= 1;
    }
    let mut kept = known.get(..end)?;
    if !kept.is_ascii() {
        use unicode_segmentation::UnicodeSegmentation as _;
        kept = kept.grapheme_indices(true).next_back().and_then(|(at, _)| kept.get(..at))?;
    }
    (!kept.is_empty()).then_some(kept)
}

impl Evaluator<'_> {
    pub(super) fn template(&mut self, expr: ExprId, parts: List, frames: Frames<'_>) -> Outcome {
        let tree = self.tree;
        let mut text = Text::default();
        let mut outcome = Ok(());
        for part in tree.list(parts) {
            match self.add(&mut text, part, frames) {
                Ok(()) => {}
                Err(failed) => outcome = Err(failed),
            }
        }
        outcome?;
        Ok(self.written(text.finish(), expr))
    }

    /// Adds a part of a template to a text.
    fn add(&mut self, text: &mut Text, part: ExprId, frames: Frames<'_>) -> Result<(), Failed> {
        let tree = self.tree;
        if let ExprKind::String(literal) = tree.kind(part) {
            if text.unknown.is_empty() {
                text.known.push_str(tree.text(literal));
            }
            return self.short_enough(text, part);
        }
        let value = self.evaluate(part, frames)?;
        self.add_value(text, &value, part)
    }

    fn add_value(&mut self, text: &mut Text, value: &Value, part: ExprId) -> Result<(), Failed> {
        if value.is_null() {
            let message = "this is null, which cannot be part of a text";
            let help = "put something in its place with `coalesce(…, \"\")` or a conditional";
            return Err(self.fail_with_help(self.tree.span(part), message, help));
        }
        text.marks = text.marks.with_marks_of(value.meta());
        match value.kind() {
            Kind::Unknown(unknown) => text.unknown.push(unknown.identity.clone()),
            Kind::String(string) if text.unknown.is_empty() => text.known.push_str(string),
            _ => match convert(value, &Type::String) {
                Ok(string) if text.unknown.is_empty() => {
                    text.known.push_str(string.as_str().unwrap_or_default())
                }
                Ok(_) => {}
                Err(error) => {
                    let message = format!("this cannot be part of a text: {error}");
                    let help = "write it out with `jsonencode(…)`, or join its elements with `join(…)`";
                    return Err(self.fail_with_help(self.tree.span(part), message, help));
                }
            },
        }
        self.short_enough(text, part)
    }

    fn short_enough(&mut self, text: &Text, part: ExprId) -> Result<(), Failed> {
        if text.known.len() <= bounds::TEXT_BYTES {
            return Ok(());
        }
        let message = format!("this text grows beyond {} MiB", bounds::TEXT_BYTES >> 20);
        Err(self.fail(self.tree.span(part), message))
    }

    /// `%{ if c }…%{ else }…%{ endif }`: as a conditional of texts.
    pub(super) fn template_if(
        &mut self,
        expr: ExprId,
        condition: ExprId,
        (then, otherwise): (ExprId, ExprId),
        frames: Frames<'_>,
    ) -> Outcome {
        let arms = self.arms((then, otherwise), |this, arm| this.arm_text(arm, frames));
        let (chosen, marks) = self.choose(&arms, condition, frames)?;
        let value = match chosen {
            Chosen::Then => arms.then?,
            Chosen::Otherwise => arms.otherwise?,
            Chosen::Unknown(decided) => {
                let arms = [arms.then.ok(), arms.otherwise.ok()];
                let values = [Some(&decided), arms[0].as_ref(), arms[1].as_ref()];
                let value = Value::unknown_of(Type::String, Value::derived(values.into_iter().flatten()));
                self.written(value, expr)
            }
        };
        Ok(value.with_marks_of(marks))
    }

    /// An arm of a directive, which is a text even if it is a lone interpolation.
    fn arm_text(&mut self, expr: ExprId, frames: Frames<'_>) -> Outcome {
        let mut text = Text::default();
        self.add(&mut text, expr, frames)?;
        Ok(self.written(text.finish(), expr))
    }

    /// `%{ for v in c }…%{ endfor }`: the texts of all passes, one behind the other.
    pub(super) fn template_for(&mut self, expr: ExprId, index: u32, frames: Frames<'_>) -> Outcome {
        let each = *self.tree.for_expr(index);
        let (collection, values, marks) = self.iterate_values(expr, &each, frames)?;
        let mut text = Text { marks, ..Text::default() };
        match values {
            Some(values) => {
                for value in &values {
                    self.add_value(&mut text, value, each.value)?;
                }
            }
            None => {
                collection.collect_identities(&mut text.unknown);
                text.unknown.push(Identity::derived([]));
            }
        }
        Ok(self.written(text.finish(), expr))
    }
}
