//! Names, and the steps behind them.

use super::evaluator::{Evaluator, Frames, Outcome};
use super::{Access, Failed, Frame, Log, Problem, Reference};
use crate::source::{Location, Span};
use crate::syntax::{ExprId, ExprKind};
use crate::value::{AccessError, Value, normal};

/// The name of the frame that holds the element a splat is at: no identifier.
pub(super) const SPLAT_ITEM: &str = "*";

/// Steps that a reference may have without memory of its own.
const FEW: usize = 4;

impl<'a> Evaluator<'a> {
    /// A name, an attribute or an index. A chain of them is gone through in a loop, so that its length does not matter.
    pub(super) fn reference(&mut self, expr: ExprId, frames: Frames<'_>) -> Outcome {
        let (base, count) = self.base_of(expr);
        if count <= FEW {
            let mut few = [const { Access::Attr("", Span::at(0)) }; FEW];
            match few.get_mut(..count) {
                Some(steps) => self.follow(expr, base, steps, frames),
                None => Err(Failed),
            }
        } else {
            let mut many: Vec<Access<'_>> = (0..count).map(|_| Access::Attr("", Span::at(0))).collect();
            self.follow(expr, base, &mut many, frames)
        }
    }

    /// What a chain of attributes and indexes begins with, and how many there are.
    fn base_of(&self, expr: ExprId) -> (ExprId, usize) {
        let (mut at, mut count) = (expr, 0);
        while let ExprKind::Attr { base, .. } | ExprKind::Index { base, .. } = self.tree.kind(at) {
            (at, count) = (base, count + 1);
        }
        (at, count)
    }

    fn follow(
        &mut self,
        expr: ExprId,
        base: ExprId,
        steps: &mut [Access<'a>],
        frames: Frames<'_>,
    ) -> Outcome {
        let filled = self.fill(expr, steps, frames);
        let tree = self.tree;
        let root = match tree.kind(base) {
            ExprKind::Name => tree.slice(tree.span(base)),
            ExprKind::SplatItem => SPLAT_ITEM,
            _ => {
                let value = self.evaluate(base, frames);
                filled?;
                return self.take(value?, steps, expr);
            }
        };
        filled?;
        if let Some(value) = Frame::lookup(frames, root) {
            return self.take(value.clone(), steps, expr);
        }
        let location = self.place(expr);
        let reference = Reference { root, steps, location };
        let resolved = self.scope.resolve(&reference, self.log)?;
        let rest = steps.get(resolved.consumed..).unwrap_or_default();
        self.take(resolved.value, rest, expr)
    }

    /// The steps, first one first.
    fn fill(&mut self, expr: ExprId, steps: &mut [Access<'a>], frames: Frames<'_>) -> Result<(), Failed> {
        let tree = self.tree;
        let mut at = expr;
        let mut outcome = Ok(());
        for step in steps.iter_mut().rev() {
            let node = tree.expr(at);
            match node.kind {
                ExprKind::Attr { base, name } => {
                    *step = Access::Attr(tree.slice(name), name);
                    at = base;
                }
                ExprKind::Index { base, key, .. } => {
                    let brackets = Span::new(tree.span(base).end, node.span.end);
                    match self.evaluate(key, frames) {
                        Ok(key) => *step = Access::Index(key, brackets),
                        Err(failed) => outcome = Err(failed),
                    }
                    at = base;
                }
                _ => {}
            }
        }
        outcome
    }

    /// The value that many steps further in.
    fn take(&mut self, value: Value, steps: &[Access<'_>], expr: ExprId) -> Outcome {
        let mut value = value;
        for step in steps {
            let (found, span) = match step {
                Access::Attr(name, span) => (value.attr(&normal(name)), *span),
                Access::Index(key, span) => (value.index(key), *span),
            };
            value = match found {
                Ok(found) => found,
                Err(error) => {
                    let location = self.location(span);
                    return Err(not_there(error, location, self.log));
                }
            };
        }
        Ok(self.written_if_new(value, expr))
    }
}

fn not_there(error: AccessError, location: Location, log: &mut Log) -> Failed {
    let mut problem = Problem::new(location, error.message);
    problem.help = error.help;
    problem.absent = error.absent;
    log.report(problem)
}

impl<'a> Frame<'a> {
    /// The value of a name, if a frame declares it.
    #[must_use]
    pub fn lookup(frames: Option<&'a Self>, name: &str) -> Option<&'a Value> {
        let mut at = frames;
        while let Some(frame) = at {
            if frame.name == name {
                return Some(frame.value);
            }
            at = frame.parent;
        }
        None
    }
}
