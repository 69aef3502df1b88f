//! The way of a value from the literal to its use, as labels of a finding.

use super::ResourceSubject;
use crate::model::{ExprAt, StepKind};
use crate::source::Location;
use crate::value::Value;

/// The stations of a value that `subject` uses in `expression`: where it is set, what it goes through, where it is used.
/// Without an expression there is nothing to tell.
pub(super) fn of(
    subject: ResourceSubject<'_>,
    expression: Option<ExprAt>,
    value: &Value,
) -> Vec<(Location, &'static str)> {
    let Some(expression) = expression else { return Vec::new() };
    let instance = subject.instance;
    let steps = subject.model().story(instance.root.id, instance.id, expression, value.origin());
    let text = |kind| match kind {
        StepKind::Set => "set here",
        StepKind::Passed => "passed here",
        StepKind::Used => "used here",
    };
    steps.into_iter().map(|step| (step.location, text(step.kind))).collect()
}
