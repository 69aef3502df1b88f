//! What reading and evaluating the tree found wrong, as findings: each kind of problem has its rule.

use std::sync::Arc;

use super::supposition::{self, Supposed};
use super::{FileSubject, NotKnown, RootSubject, Sink};
use crate::model::{Context, Model, Problem, ProblemKind};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{Exact, Identity, Origin, Unknown};

/// Reports the problems of a kind in a file, as far as it takes no evaluation to see them.
pub(super) fn of_file(subject: &FileSubject<'_>, kind: ProblemKind, sink: &mut Sink<'_>) {
    // They are sorted by their place.
    let file = |problem: &Problem| problem.problem.location.map(|location| location.file);
    let problems = &subject.model.problems;
    let from = problems.partition_point(|problem| file(problem) < Some(subject.id));
    let own = problems.iter().skip(from).take_while(|problem| file(problem) == Some(subject.id));
    for problem in own.filter(|problem| problem.kind == kind && problem.contexts.is_empty()) {
        report(subject.model, problem, &[], sink);
    }
}

/// Reports the problems of a kind that evaluating a root met, in whatever file. What fails only with values that are
/// merely supposed is undecided.
pub(super) fn of_root(subject: &RootSubject<'_>, kind: ProblemKind, sink: &mut Sink<'_>) {
    let model = subject.model;
    for problem in of_kind(model, kind) {
        let from = problem.contexts.partition_point(|context| context.root < subject.id);
        let rest = problem.contexts.get(from..).unwrap_or_default();
        let to = rest.partition_point(|context| context.root == subject.id);
        let at = problem.problem.location.filter(|&at| to > 0 && !is_certain(model, problem, at));
        let artefact = at.is_some_and(|at| is_artefact(model, at, &problem.problem.message));
        let mut certain = Vec::new();
        for context in rest.get(..to).unwrap_or_default() {
            let supposed =
                |at| if artefact { Some(Supposed::Artefact) } else { supposition::of(model, context, at) };
            match at.and_then(|at| Some((at, supposed(at)?))) {
                None => certain.push(context.clone()),
                Some((at, supposed)) => {
                    let place = model.place(context.root, context.instance, context.resource.clone());
                    let exact = Exact::new(subject.root.scope.clone(), supposed.address());
                    let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
                    let what = NotKnown { unknown, origin: Origin::default(), reason: None };
                    sink.undecided_at(what.because(supposed.reason()), place, at);
                }
            }
        }
        if !certain.is_empty() {
            report(model, problem, &certain, sink);
        }
    }
}

/// Whether the source is certain of a problem with such a message in the module instance of that address.
pub(super) fn tells(
    subject: &RootSubject<'_>,
    kind: ProblemKind,
    instance: &str,
    message: &dyn Fn(&str) -> bool,
) -> bool {
    let model = subject.model;
    let same = of_kind(model, kind).filter(|problem| message(&problem.problem.message));
    same.filter_map(|problem| Some((problem, problem.problem.location?))).any(|(problem, at)| {
        problem.contexts.iter().any(|context| {
            let made = subject.root.instances.get(context.instance.0 as usize);
            let here = context.root == subject.id && made.is_some_and(|made| made.address == instance);
            here && (is_certain(model, problem, at) || supposition::of(model, context, at).is_none())
        })
    })
}

/// Functions that read what programs make: archives, images, packages.
const READERS_OF_ARTEFACTS: &[&str] = &[
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
];

/// Whether what is wrong is that a file is missing which may not be built yet.
fn is_artefact(model: &Model, at: Location, message: &str) -> bool {
    let Some(tree) = model.tree(at.file).filter(|_| message.ends_with("does not exist")) else {
        return false;
    };
    (0..tree.expr_count()).any(|expr| match tree.expr(ExprId(expr)).kind {
        ExprKind::Call { name, args, .. } if READERS_OF_ARTEFACTS.contains(&tree.slice(name)) => {
            tree.list(args).any(|arg| tree.span(arg) == at.span)
        }
        _ => false,
    })
}

/// Whether a problem shows whatever the values are: a circle, a function that does not exist.
fn is_certain(model: &Model, problem: &Problem, at: Location) -> bool {
    let names_function = |tree: &Tree| {
        (0..tree.expr_count()).any(|expr| match tree.expr(ExprId(expr)).kind {
            ExprKind::Call { name, .. } => name == at.span,
            _ => false,
        })
    };
    problem.kind == ProblemKind::Circle || model.tree(at.file).is_some_and(names_function)
}

/// Reports the problems of a kind that no file is to blame for.
pub(super) fn nowhere(model: &Model, kind: ProblemKind, sink: &mut Sink<'_>) {
    for problem in of_kind(model, kind) {
        if problem.problem.location.is_none() && problem.contexts.is_empty() {
            report(model, problem, &[], sink);
        }
    }
}

fn of_kind(model: &Model, kind: ProblemKind) -> impl Iterator<Item = &Problem> {
    model.problems.iter().filter(move |problem| problem.kind == kind)
}

fn report(model: &Model, problem: &Problem, contexts: &[Context], sink: &mut Sink<'_>) {
    // What authors say in an `error_message` is a sentence; ours are none.
    let mut told = problem.problem.clone();
    told.message.truncate(told.message.trim_end_matches('.').len());
    let mut report = sink.report_problem(&told);
    for context in contexts {
        report = report.about(model.place(context.root, context.instance, context.resource.clone()));
    }
    // Two problems of a module differ in what they say, if in nothing else.
    report.fact(problem.problem.message.clone());
}
