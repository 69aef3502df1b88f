//! Type constraints of variables.

use super::super::constant;
use super::super::structure::wrong;
use crate::eval::{self, ConstraintLog};
use crate::model::{Problem, ProblemKind};
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::{Constraint, Type};

/// The constraint that an expression spells; `None` if it spells none, which is then a problem.
pub(super) fn constraint(tree: &Tree, expr: ExprId, problems: &mut Vec<Problem>) -> Option<Constraint> {
    // What is left of a type that is broken would take away what it does not name.
    if tree.is_damaged(tree.span(expr)) {
        return None;
    }
    // The JSON form has no other way to write a type than in a string.
    if let (ExprKind::JsonString { .. }, Some((inner, root))) = (tree.kind(expr), tree.expression_in(expr)) {
        if inner.errors.is_empty() {
            return spelt(&inner, root, problems);
        }
        problems.push(wrong(tree.file, tree.span(expr), "this is no type", None));
        return None;
    }
    if let Some(text) = tree.plain_text(expr) {
        let message = "a type is written without quotes";
        let help = match text {
            "list" | "map" => format!("write `{text}(string)`"),
            _ => format!("write `{text}`"),
        };
        problems.push(wrong(tree.file, tree.span(expr), message, Some(help)));
        // Old configuration means well: read it.
        let ty = match text {
            "string" => Type::String,
            "list" => Type::list(Type::String),
            "map" => Type::map(Type::String),
            _ => return None,
        };
        return Some(Constraint::new(ty));
    }
    spelt(tree, expr, problems)
}

fn spelt(tree: &Tree, expr: ExprId, problems: &mut Vec<Problem>) -> Option<Constraint> {
    let mut log = ConstraintLog::default();
    let constraint = eval::constraint(tree, expr, constant::SCOPE, &mut log);
    let mut tell = |kind, log: eval::Log| {
        problems.extend(log.problems.into_iter().map(|problem| Problem {
            kind,
            problem,
            contexts: Vec::new(),
        }));
    };
    tell(ProblemKind::Syntax, log.types);
    tell(ProblemKind::Expression, log.defaults);
    constraint.ok()
}
