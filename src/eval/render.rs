//! Templates that are values or files.

use std::sync::Arc;

use arcstr::ArcStr;

use super::functions::{Template, Templates, Within};
use super::{Dialect, Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use crate::source::{Location, SourceFile, Span};
use crate::suggest::did_you_mean;
use crate::syntax::{Tree, parse_template};
use crate::value::Value;

/// Renders templates for one call.
pub(super) struct Renderer<'a> {
    pub(super) world: &'a dyn World,
    pub(super) directory: ArcStr,
    /// The call.
    pub(super) location: Location,
    /// What the call stands in.
    pub(super) within: Within,
    /// The dialect that it is written in, which is its templates', too.
    pub(super) dialect: Option<&'a dyn Dialect>,
}

impl Templates for Renderer<'_> {
    fn render(&self, template: Template<'_>, variables: &Value, log: &mut Log) -> Result<Value, Failed> {
        let (mut tree, root) = parse_template(self.location.file, Arc::from(template.text));
        // No value is to look as if a file of the run had written it.
        tree.origin_base = u32::MAX;
        let mut inner = Log::default();
        for error in &tree.errors {
            let location = Location::new(tree.file, error.span);
            inner.report(Problem {
                help: error.help.clone(),
                ..Problem::new(location, error.message.clone())
            });
        }
        let scope = Variables { renderer: self, variables };
        scope.check(&tree, root, &mut inner);
        let result = if inner.problems.is_empty() {
            let mut evaluator = Evaluator::new(&tree, &scope, &mut inner);
            evaluator.within = template.within;
            evaluator.evaluate(root, None)
        } else {
            Err(Failed)
        };
        self.tell(&template, inner, log);
        result
    }

    fn within(&self) -> Within {
        self.within
    }
}

impl Renderer<'_> {
    /// Problems in a template stand at the call, and say where in the template they are.
    fn tell(&self, template: &Template<'_>, inner: Log, log: &mut Log) {
        if inner.problems.is_empty() {
            return;
        }
        let file = SourceFile::new(template.name, None, Arc::from(template.text));
        for problem in inner.problems {
            let span = problem.location.map_or(Span::at(0), |location| location.span);
            let at = file.line_column(span.start);
            let message =
                format!("in {}, line {}, column {}: {}", template.name, at.line, at.column, problem.message);
            // The labels are places of the template, which is no file of the run.
            log.report(Problem { help: problem.help, ..Problem::new(self.location, message) });
        }
    }
}

/// The names that a template may use.
struct Variables<'a> {
    renderer: &'a Renderer<'a>,
    variables: &'a Value,
}

impl Variables<'_> {
    /// All names must be there, also in branches that are not taken.
    fn check(&self, tree: &Tree, root: crate::syntax::ExprId, log: &mut Log) {
        for reference in tree.references(root) {
            let name = tree.slice(reference.root);
            if self.variables.get(name).is_none() {
                log.report(self.missing(name, Location::new(tree.file, reference.root)));
            }
        }
    }

    fn missing(&self, name: &str, location: Location) -> Problem {
        let problem = Problem::new(location, format!("the template is given no `{name}`"));
        let names = self.variables.entries().unwrap_or_default().iter().map(|(name, _)| name.as_str());
        Problem { help: did_you_mean(name, names), ..problem }
    }
}

impl Scope for Variables<'_> {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        match self.variables.get(reference.root) {
            Some(value) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => Err(log.report(self.missing(reference.root, reference.location))),
        }
    }

    fn world(&self) -> &dyn World {
        self.renderer.world
    }

    fn directory(&self) -> ArcStr {
        self.renderer.directory.clone()
    }

    fn dialect(&self) -> Option<&dyn Dialect> {
        self.renderer.dialect
    }
}
