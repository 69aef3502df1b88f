//! What is wrong with a module's settings, and how equal problems become one.

use std::collections::BTreeMap;

use super::VersionConstraint;
use crate::eval;
use crate::model::{Model, Module, Problem, ProblemKind};
use crate::source::Location;

/// Versions that no current Terraform has, states that are kept in two places.
pub(super) fn settings(model: &Model, module: &Module) -> Vec<Problem> {
    let mut problems = Vec::new();
    for required in &module.required_versions {
        // What cannot be read is given the benefit of the doubt.
        let constraint = VersionConstraint::parse(&required.text);
        if constraint.is_some_and(|constraint| !constraint.admits_current_terraform()) {
            let message = format!("no current version of Terraform fits `{}`", required.text);
            let problem = eval::Problem::new(model.location(required.at), message);
            problems.push(Problem { kind: ProblemKind::Version, problem, contexts: Vec::new() });
        }
    }
    if let [first, others @ ..] = module.backends.as_slice() {
        for backend in others {
            let problem = eval::Problem::new(model.header(backend.block), "the state is kept in two places")
                .with_label(model.header(first.block), "the first is declared here");
            problems.push(Problem { kind: ProblemKind::Duplicate, problem, contexts: Vec::new() });
        }
    }
    problems
}

/// Equal problems as one, sorted by their place.
pub(super) fn merged(problems: Vec<Problem>) -> Vec<Problem> {
    type At = (Option<Location>, ProblemKind, String);
    let mut merged: BTreeMap<At, Problem> = BTreeMap::new();
    for mut problem in problems {
        let key = (problem.problem.location, problem.kind, problem.problem.message.clone());
        match merged.get_mut(&key) {
            Some(known) => known.contexts.append(&mut problem.contexts),
            None => {
                merged.insert(key, problem);
            }
        }
    }
    merged
        .into_values()
        .map(|mut problem| {
            problem.contexts.sort();
            problem.contexts.dedup();
            problem
        })
        .collect()
}
