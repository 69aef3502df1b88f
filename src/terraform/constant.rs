//! Expressions that may use no names: defaults, files of variable values.

use std::path::Path;
use std::sync::Arc;

use crate::eval::{Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use crate::source::Location;
use crate::syntax::{ExprId, Tree};
use crate::value::{Constraint, Value};

/// No names and no files.
struct Nothing;

/// The scope of what must be constant.
pub(super) const SCOPE: &dyn Scope = &Nothing;

impl Scope for Nothing {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let message = format!("`{}` cannot be used here: the value must be a constant", reference.root);
        Err(log.report(Problem::new(reference.location, message)))
    }

    fn world(&self) -> &dyn World {
        self
    }
}

impl World for Nothing {
    fn base(&self) -> &Path {
        Path::new("/")
    }

    fn read(&self, _: &Path) -> Result<Arc<[u8]>, String> {
        Err("files cannot be read here".to_owned())
    }

    fn is_file(&self, _: &Path) -> Result<bool, String> {
        Err("files cannot be read here".to_owned())
    }

    fn files_below(&self, _: &Path) -> Result<Vec<String>, String> {
        Err("files cannot be read here".to_owned())
    }
}

/// The value of a constant expression.
pub(super) fn value(tree: &Tree, expr: ExprId, log: &mut Log) -> Result<Value, Failed> {
    Evaluator::new(tree, &Nothing, log).evaluate(expr, None)
}

/// The value of a constant expression, as a constraint wants it. What goes wrong may have been said by the parser
/// already: then there is nothing more to say.
pub(super) fn constrained(tree: &Tree, expr: ExprId, constraint: &Constraint) -> Result<Value, Vec<Problem>> {
    let mut log = Log::default();
    let place = Location::new(tree.file, tree.span(expr));
    match value(tree, expr, &mut log) {
        Ok(value) => constraint.apply(&value).map_err(|error| vec![Problem::new(place, error.to_string())]),
        Err(Failed) => Err(log.problems),
    }
}
