//! Whether the values of the command line fit what is evaluated.

use crate::model::{Model, ProblemKind, Variable};
use crate::request::Failure;
use crate::suggest::did_you_mean;
use crate::terraform::Input;

/// Whether every `--var` names a variable of a root module, and is a value that the variable can take. Variables of the
/// environment are meant for many trees: those that nobody declares are no mistake.
///
/// # Errors
/// The first that does not fit.
pub(crate) fn check(arguments: &[Input], model: &Model) -> Result<(), Failure> {
    if model.roots.is_empty() {
        return Ok(());
    }
    for argument in arguments {
        let Input::Value { name, .. } = argument else { continue };
        let variables = model.roots.iter().flat_map(|root| &model.module(root.module).variables);
        let declared: Vec<&Variable> =
            variables.clone().filter(|variable| variable.named.name == *name).collect();
        if declared.is_empty() {
            let names = variables.map(|variable| variable.named.name.as_str());
            let help = did_you_mean(name, names);
            let help = help.unwrap_or_else(|| "declare it, or leave the option out".to_owned());
            return Err(Failure::Argument(format!("`--var {name}`: no root module has this variable"), help));
        }
        wrong(name, &declared, model)?;
    }
    Ok(())
}

/// What is wrong with the value of an argument, wherever it is used.
fn wrong(name: &str, declared: &[&Variable], model: &Model) -> Result<(), Failure> {
    let text = format!("--var {name}");
    let is_here = |file: crate::source::FileId| {
        model.files.get(file.0 as usize).is_some_and(crate::model::File::is_given)
            && model.sources.get(file).path == text
    };
    let problem = model.problems.iter().find(|problem| {
        matches!(problem.kind, ProblemKind::Call | ProblemKind::Expression)
            && problem.problem.location.is_some_and(|at| is_here(at.file))
    });
    let Some(problem) = problem else { return Ok(()) };
    // What is wrong with it may be told with a part of the text.
    let message = if declared.iter().any(|variable| variable.sensitive) {
        "the value does not fit the variable's type".to_owned()
    } else {
        problem.problem.message.clone()
    };
    let help = problem.problem.help.clone().unwrap_or_else(|| {
        format!("a value that is no text is written as an expression, in quotes for the shell: --var '{name}=[\"a\", \"b\"]'")
    });
    Err(Failure::Argument(format!("`--var {name}`: {message}"), help))
}
