//! Calls against what they call, and resources whose attributes are all known.

use super::names::{Reader, swallowed};
use super::{attr, undeclared};
use crate::eval;
use crate::model::{Call, ExprAt, Problem, ProblemKind, Resource};
use crate::source::{Location, is_json};
use crate::suggest::did_you_mean;
use crate::syntax::ExprKind;
use crate::terraform::builtin::{self, DATA_ATTRIBUTES};
use crate::terraform::literal;
use crate::terraform::load::is_local;
use crate::terraform::sources;
use crate::terraform::vocabulary::{CALL_ARGUMENTS, RESOURCE_ARGUMENTS, RESOURCE_BLOCKS};

const WRITTEN: [&str; 2] = ["input", "triggers_replace"];

impl<'m> Reader<'m> {
    pub(super) fn calls(&mut self) {
        for call in &self.module.calls {
            self.source(call);
            self.handed_over(call);
            self.arguments(call);
        }
    }

    fn call_problem(&mut self, place: Location, message: String, help: Option<String>) {
        let mut problem = eval::Problem::new(place, message);
        problem.help = help;
        self.problems.push(Problem { kind: ProblemKind::Call, problem, contexts: Vec::new() });
    }

    fn source(&mut self, call: &Call) {
        let Some(at) = call.source else { return };
        let Some(tree) = self.model.tree(at.file) else { return };
        let place = self.model.location(at);
        match &call.source_text {
            Some(source) if is_local(source) && call.version.is_some() => {
                let message = "a module at a local path has no version".to_owned();
                let help = "leave out `version`, or name a module of a registry".to_owned();
                self.call_problem(place, message, Some(help));
            }
            Some(_) => {}
            None if tree.kind(at.expr) == ExprKind::Error => {}
            None => {
                let problem = sources::refused(self.model, self.module, at);
                self.problems.extend(problem.map(|problem| Problem {
                    kind: ProblemKind::Call,
                    problem,
                    contexts: Vec::new(),
                }));
            }
        }
    }

    /// The configurations of providers that a call hands over.
    fn handed_over(&mut self, call: &Call) {
        let Some((at, tree)) = call.providers.and_then(|at| Some((at, self.model.tree(at.file)?))) else {
            return;
        };
        if let ExprKind::Object(list) = tree.kind(at.expr) {
            for (_, value) in tree.pairs(list) {
                self.configuration(ExprAt { file: at.file, expr: value });
            }
        }
    }

    fn arguments(&mut self, call: &Call) {
        let model = self.model;
        let Some(called) = call.called().map(|id| model.module(id)) else { return };
        let mut given: Vec<&str> = Vec::new();
        for argument in &call.body.arguments {
            let Some(tree) = model.tree(argument.file) else { continue };
            let name = tree.name(argument.attribute.name);
            given.push(name);
            if CALL_ARGUMENTS.contains(&name)
                || called.variable(name).is_some()
                || swallowed(model, called, name)
            {
                continue;
            }
            let missing = called.variables.iter().map(|it| it.named.name.as_str());
            let known = missing.chain(CALL_ARGUMENTS.iter().copied());
            let help = did_you_mean(name, known);
            let message = format!("the module `{}` has no variable `{name}`", call.named.name);
            self.call_problem(argument.name_location(), message, help);
        }
        if model.is_damaged(&call.named) {
            return;
        }
        for variable in &called.variables {
            if variable.default.is_none()
                && !model.is_damaged(&variable.named)
                && !given.contains(&variable.named.name.as_str())
            {
                let name = &variable.named.name;
                let message = format!("the module `{}` needs a value for `{name}`", call.named.name);
                let mut problem = eval::Problem::new(call.named.location(), message).with_label(
                    variable.named.location(),
                    "the variable is declared here, without a default",
                );
                problem.help = Some(format!("add `{name} = …`"));
                self.problems.push(Problem { kind: ProblemKind::Call, problem, contexts: Vec::new() });
            }
        }
    }

    /// A resource that is built into the language has these arguments and no others.
    pub(super) fn closed(&mut self, resource: &Resource) {
        if !builtin::is_closed(resource.mode, &resource.ty) {
            return;
        }
        let model = self.model;
        for argument in &resource.body.arguments {
            let Some(tree) = model.tree(argument.file) else { continue };
            let name = tree.name(argument.attribute.name);
            if WRITTEN.contains(&name)
                || RESOURCE_ARGUMENTS.contains(&name)
                || is_json_comment(model, argument.file, name)
            {
                continue;
            }
            let help = did_you_mean(name, WRITTEN.into_iter().chain(RESOURCE_ARGUMENTS.iter().copied()));
            let message = format!("`{}` has no argument `{name}`", resource.ty);
            self.problems.push(undeclared(argument.name_location(), message, help));
        }
        for at in &resource.body.blocks {
            let Some(tree) = model.tree(at.file) else { continue };
            let block = tree.block(at.block);
            let kind = tree.name(block.kind);
            if !RESOURCE_BLOCKS.contains(&kind) {
                let place = Location::new(at.file, block.kind.span);
                self.problems.push(undeclared(
                    place,
                    format!("`{}` has no block `{kind}`", resource.ty),
                    None,
                ));
            }
        }
        self.ignored(resource);
    }

    /// `ignore_changes` names attributes of the resource itself.
    fn ignored(&mut self, resource: &Resource) {
        let Some(at) = resource.lifecycle.value(self.model, "ignore_changes") else { return };
        let Some(tree) = self.model.tree(at.file) else { return };
        for element in literal::elements(tree, at.expr).unwrap_or_default() {
            let inner = tree.expression_in(element);
            let (from, expr) = match &inner {
                Some((inner, expr)) => (inner, *expr),
                None => (tree, element),
            };
            let Some(traversal) = from.traversal(expr) else { continue };
            let name = from.slice(traversal.root);
            let _ = attr(from, &traversal, 0);
            if !DATA_ATTRIBUTES.contains(&name) {
                let place = Location::new(at.file, tree.span(element));
                let help = did_you_mean(name, DATA_ATTRIBUTES);
                self.problems.push(undeclared(
                    place,
                    format!("`{}` has no attribute `{name}`", resource.ty),
                    help,
                ));
            }
        }
    }
}

fn is_json_comment(model: &crate::model::Model, file: crate::source::FileId, name: &str) -> bool {
    name == "//" && is_json(&model.sources.get(file).path)
}
