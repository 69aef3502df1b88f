//! Where the source writes what a plan says of an attribute.

use crate::model::{BlockInstance, ExprAt, File, Model};
use crate::plan::ResourceChange;
use crate::rules::{PlanSubject, ResourceSubject};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{Step, Value};

/// Where the source writes an attribute of a change's instance: where its value comes from; if that is no file, where it
/// is used.
pub(super) fn written(
    subject: &PlanSubject<'_>,
    change: &ResourceChange,
    steps: &[Step],
) -> Option<Location> {
    let instance = subject.resource(&change.address)?;
    let (first, rest) = steps.split_first()?;
    let Step::Attr(name) = first else { return None };
    let mut value: &Value = instance.attribute(name)?;
    let mut found = subject.model.locate(value.origin());
    for step in rest {
        let inner = match step {
            Step::Attr(name) | Step::Key(name) => value.get(name),
            Step::Index(index) => {
                value.elements().and_then(|elements| elements.get(usize::try_from(*index).ok()?))
            }
            Step::Any => None,
        };
        let Some(inner) = inner else { break };
        value = inner;
        found = subject.model.locate(value.origin()).or(found);
    }
    let is_given = |at: &Location| subject.model.files.get(at.file.0 as usize).is_some_and(File::is_given);
    match found {
        Some(at) if is_given(&at) => used(instance, name, rest).map(|at| subject.model.location(at)),
        found => found,
    }
}

/// The expression of an argument, or as much of the way into it as is written out.
fn used(instance: ResourceSubject<'_>, name: &str, steps: &[Step]) -> Option<ExprAt> {
    let model = instance.model();
    match instance.written(name) {
        Some(at) => Some(inside(model, at, steps)),
        None => in_blocks(model, &instance.resource.blocks, name, steps),
    }
}

fn in_blocks(model: &Model, blocks: &[BlockInstance], kind: &str, steps: &[Step]) -> Option<ExprAt> {
    let (Step::Index(index), rest) = steps.split_first()? else { return None };
    let (Step::Attr(name), rest) = rest.split_first()? else { return None };
    let block = blocks.iter().filter(|block| block.kind == kind).nth(usize::try_from(*index).ok()?)?;
    match block.written(model, name) {
        Some(at) => Some(inside(model, at, rest)),
        None => in_blocks(model, &block.blocks, name, rest),
    }
}

fn inside(model: &Model, at: ExprAt, steps: &[Step]) -> ExprAt {
    let Some(tree) = model.tree(at.file) else { return at };
    let expr = steps.iter().try_fold(at.expr, |expr, step| element(tree, expr, step).ok_or(expr));
    ExprAt { expr: expr.unwrap_or_else(|last| last), ..at }
}

/// The expression that a step leads to, where it is written out.
fn element(tree: &Tree, expr: ExprId, step: &Step) -> Option<ExprId> {
    match (tree.kind(expr), step) {
        (ExprKind::Object(list), Step::Attr(wanted) | Step::Key(wanted)) => {
            let is_wanted = |key: ExprId| match tree.kind(key) {
                ExprKind::Key | ExprKind::Name => tree.slice(tree.span(key)) == wanted.as_str(),
                _ => tree.plain_text(key) == Some(wanted.as_str()),
            };
            tree.pairs(list).find(|&(key, _)| is_wanted(key)).map(|(_, value)| value)
        }
        (ExprKind::Tuple(list), Step::Index(index)) => tree.list(list).nth(usize::try_from(*index).ok()?),
        _ => None,
    }
}
