//! A variable takes values of any type.
//!
//! ## Why
//! Without a type, a wrong value is noticed where it is used, with an error about something else, or not at all: the text
//! `"false"` is true to a condition. Values from the command line stay texts, whatever they look like.
//!
//! ## Example
//! ```hcl
//! variable "zones" {
//!   default = ["eu-west-1a", "eu-west-1b"]
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "zones" {
//!   type    = list(string)
//!   default = ["eu-west-1a", "eu-west-1b"]
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::model::{Model, Variable};
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UntypedVariable {
    /// Whether `any` is type enough, alone or as a part of a type.
    allow_any: bool,
}

impl Default for UntypedVariable {
    fn default() -> Self {
        Self { allow_any: true }
    }
}

impl Rule for UntypedVariable {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for variable in &subject.module.variables {
            self.judge(subject.model, variable, sink);
        }
        Ok(())
    }
}

impl UntypedVariable {
    fn judge(&self, model: &Model, variable: &Variable, sink: &mut Sink<'_>) {
        let name = &variable.named.name;
        let Some(ty) = variable.body.value(model, "type") else {
            let default = variable.default.and_then(|at| type_of(model.tree(at.file)?, at.expr));
            let help = match default {
                Some(ty) => format!("add `type = {ty}`, which its default is"),
                None => "add a `type`".to_owned(),
            };
            sink.report(variable.named.location(), format!("the variable `{name}` has no type"))
                .help(help)
                .fact(format!("variable {name}"));
            return;
        };
        let Some(tree) = model.tree(ty.file).filter(|_| !self.allow_any) else { return };
        if let Some(at) = first_any(tree, ty.expr) {
            sink.report(at, format!("the variable `{name}` takes values of any type"))
                .help("say which type it is")
                .fact(format!("variable {name}"));
        }
    }
}

/// Where a type says `any` first. In the JSON form types are texts.
fn first_any(tree: &Tree, ty: ExprId) -> Option<Location> {
    if let Some((inner, root)) = tree.expression_in(ty) {
        return first_any(&inner, root);
    }
    let mut found = None;
    tree.walk(ty, &mut |expr| {
        let node = tree.expr(expr);
        if node.kind == ExprKind::Name && tree.slice(node.span) == "any" {
            found = found.or(Some(Location::new(tree.file, node.span)));
        }
    });
    found
}

/// The type of a default, where it can be read off.
fn type_of(tree: &Tree, expr: ExprId) -> Option<String> {
    Some(match tree.kind(expr) {
        ExprKind::Bool(_) => "bool".to_owned(),
        ExprKind::Number => "number".to_owned(),
        ExprKind::String(_) | ExprKind::JsonString { .. } => "string".to_owned(),
        ExprKind::Tuple(list) => format!("list({})", common_type(tree, tree.list(list))?),
        ExprKind::Object(list) => {
            format!("map({})", common_type(tree, tree.pairs(list).map(|(_, value)| value))?)
        }
        _ => return None,
    })
}

fn common_type(tree: &Tree, elements: impl Iterator<Item = ExprId>) -> Option<String> {
    let mut types = elements.map(|element| type_of(tree, element));
    let first = types.next()??;
    types.all(|other| other.as_deref() == Some(&first)).then_some(first)
}
