//! A tree that Terraform rejects.

use plangate::model::{ExprAt, Model, ProblemKind};
use serde_json::Value as Json;

/// Errors that are nothing but a consequence of another one of the same file, which plangate reports alone: the comment
/// on line 2 makes Terraform say of line 1 that the file is no object.
const CONSEQUENCES: &[(&str, u64)] = &[("comment.tf.json", 1)];

pub(super) fn disagreements(model: &Model, expected: &Json) -> Vec<String> {
    // What Terraform points at may be where plangate says "this is how it began": its labels count as well.
    let places: Vec<(String, u64)> = model
        .problems
        .iter()
        .filter(|problem| !matches!(problem.kind, ProblemKind::Warning | ProblemKind::Check))
        .map(|problem| &problem.problem)
        .flat_map(|problem| {
            problem.location.into_iter().chain(problem.labels.iter().map(|(place, _)| *place))
        })
        .map(|at| {
            let file = model.sources.get(at.file);
            (file.path.clone(), u64::from(file.line_column(at.span.start).line))
        })
        .collect();
    let mut found = Vec::new();
    for error in expected["errors"].as_array().into_iter().flatten() {
        match (error["file"].as_str(), error["line"].as_u64()) {
            (Some(file), Some(line)) => {
                let met = places.contains(&(file.to_owned(), line)) || symbolic(model, file, line);
                if !met && !CONSEQUENCES.contains(&(file, line)) {
                    found.push(format!("no error at {file}:{line} ({}): {places:?}", error["summary"]));
                }
            }
            _ if places.is_empty() => found.push(format!("no error ({})", error["summary"])),
            _ => {}
        }
    }
    found
}

/// Whether a `count` or `for_each` on that line is not known, and plangate goes on with a symbolic instance.
fn symbolic(model: &Model, file: &str, line: u64) -> bool {
    let on_line = |at: Option<ExprAt>| {
        at.is_some_and(|at| {
            let source = model.sources.get(at.file);
            let start = model.location(at).span.start;
            source.path == file && u64::from(source.line_column(start).line) == line
        })
    };
    model.roots.iter().flat_map(|root| &root.instances).any(|instance| {
        let module = model.module(instance.module);
        let resources = instance.resources.iter().any(|made| {
            let resource = &module.resources[made.declaration as usize];
            made.symbolic && (on_line(resource.count) || on_line(resource.for_each))
        });
        let calls = module
            .calls
            .iter()
            .zip(&instance.calls)
            .any(|(call, made)| made.symbolic && (on_line(call.count) || on_line(call.for_each)));
        resources || calls
    })
}
