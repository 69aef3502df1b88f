//! Whether everything that is referred to is declared, without evaluating anything.

mod address;
mod calls;
mod names;
mod places;

use crate::eval;
use crate::model::{ExprAt, Mode, Model, Module, Problem, ProblemKind};
use crate::source::{Location, Span};
use crate::syntax::{ExprKind, Traversal, Tree};

pub(super) use address::{Part, parts};
use names::Reader;

/// Checks all references of a module, and its calls against what they call.
pub(super) fn check(model: &Model, module: &Module) -> Vec<Problem> {
    let mut reader = Reader::new(model, module);
    reader.places();
    reader.calls();
    reader.into_problems()
}

/// The resources that a `depends_on` names, as places in the module's list, and where.
pub(super) fn dependencies(model: &Model, module: &Module, at: ExprAt) -> Vec<(usize, Location)> {
    let Some(tree) = model.tree(at.file) else { return Vec::new() };
    let mut found = Vec::new();
    each_traversal(tree, at.expr, &mut |tree, traversal, span| {
        if let Some((mode, ty, name)) = resource_of(tree, traversal)
            && let Some(index) = module.resource(mode, ty, name)
        {
            found.push((index, Location::new(at.file, span)));
        }
    });
    found
}

/// Calls `visit` with each element of a list of references, quoted ones read; and where each stands.
fn each_traversal(tree: &Tree, expr: crate::syntax::ExprId, visit: &mut dyn FnMut(&Tree, &Traversal, Span)) {
    let ExprKind::Tuple(list) = tree.kind(expr) else { return };
    for element in tree.list(list) {
        if let Some(traversal) = tree.traversal(element) {
            visit(tree, &traversal, tree.span(element));
        } else if let Some((inner, expr)) = tree.expression_in(element)
            && let Some(traversal) = inner.traversal(expr)
        {
            visit(&inner, &traversal, tree.span(element));
        }
    }
}

/// The resource that a reference begins with.
fn resource_of<'t>(tree: &'t Tree, traversal: &Traversal) -> Option<(Mode, &'t str, &'t str)> {
    let root = tree.slice(traversal.root);
    let (mode, from) = match root {
        "data" => (Mode::Data, 0),
        "ephemeral" => (Mode::Ephemeral, 0),
        "resource" => (Mode::Managed, 0),
        "var" | "local" | "module" | "each" | "count" | "self" | "path" | "terraform" | "tofu" => {
            return None;
        }
        ty => return Some((Mode::Managed, ty, attr(tree, traversal, 0)?)),
    };
    Some((mode, attr(tree, traversal, from)?, attr(tree, traversal, from + 1)?))
}

/// The name of a step, if it is `.name`.
fn attr<'t>(tree: &'t Tree, traversal: &Traversal, index: usize) -> Option<&'t str> {
    match traversal.steps.get(index)?.kind {
        crate::syntax::StepKind::Attr(name) => Some(tree.slice(name)),
        crate::syntax::StepKind::Index(_) => None,
    }
}

/// A problem of a reference.
fn undeclared(place: Location, message: impl Into<String>, help: Option<String>) -> Problem {
    let mut problem = eval::Problem::new(place, message);
    problem.help = help;
    Problem { kind: ProblemKind::Reference, problem, contexts: Vec::new() }
}
