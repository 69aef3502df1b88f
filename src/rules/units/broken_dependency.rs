//! A Terragrunt unit depends on what is not there, or is never applied.
//!
//! ## Why
//! Terragrunt refuses the unit where no other lies in the directory that a `dependency` names, and where a directory of
//! `dependencies` is missing. A unit that is excluded never gets outputs, and so neither do those that need them.
//!
//! ## Example
//! ```hcl
//! dependency "database" {
//!   config_path = "../databse"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! dependency "database" {
//!   config_path = "../database"
//! }
//! ```
//!
//! ## Not found
//! A dependency that is switched off or has `skip_outputs = true`, directories of `dependencies` without a unit, which Terragrunt
//! takes, and exclusions that hang on a feature or on the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refusals;
use crate::model::{Model, RefusalKind, Unit};
use crate::rules::{FileSubject, Rule, Sink, UnitSubject, Verdict};
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::Value;

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct BrokenDependency {
    /// Tell of units that are excluded from being applied, too, where a unit that is not excluded needs their outputs.
    excluded: bool,
}

impl Default for BrokenDependency {
    fn default() -> Self {
        Self { excluded: true }
    }
}

impl Rule for BrokenDependency {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        refusals::of_file(file, RefusalKind::Target, sink);
        Ok(())
    }

    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        if !self.excluded || unit.unit.dependencies.is_empty() || is_excluded(unit.model, unit.unit) {
            return Ok(());
        }
        for dependency in unit.unit.dependencies.iter().filter(|dependency| dependency.enabled) {
            let Some(target) = dependency.path.as_ref().and_then(|path| unit.model.unit(path)) else {
                continue;
            };
            let skip = unit.dependency(&dependency.label).and_then(|written| written.get("skip"));
            let skips = skip.is_some_and(|skip| !skip.is_null() && skip.as_bool() != Some(false));
            if skips || !is_excluded(unit.model, target) {
                continue;
            }
            let message = format!(
                "`{}` leads to `{}`, which is excluded from being applied",
                dependency.label, target.dir
            );
            let subject = UnitSubject { model: unit.model, unit: target };
            let switch = target.get("exclude").and_then(|exclude| exclude.get("if"));
            let report = sink
                .report(dependency.header, message)
                .help("its outputs are there only if somebody applies it by hand")
                .fact(format!("excluded {}", target.dir));
            if let Some(switch) = switch {
                report.label(subject.origin(switch), "it is excluded here");
            }
        }
        Ok(())
    }
}

/// Whether a unit is excluded from being applied, however it is run.
fn is_excluded(model: &Model, unit: &Unit) -> bool {
    let Some(exclude) = unit.get("exclude") else { return false };
    let Some(switch) = exclude.get("if").filter(|switch| switch.as_bool() == Some(true)) else {
        return false;
    };
    let actions = exclude.get("actions").and_then(Value::elements).unwrap_or_default();
    let applies = |action: &Value| {
        let action = action.as_str().map(str::to_ascii_lowercase);
        matches!(action.as_deref(), Some("all" | "all_except_output" | "apply"))
    };
    actions.iter().any(applies)
        && model
            .expression(switch.origin())
            .is_some_and(|at| model.tree(at.file).is_some_and(|tree| !may_change(tree, at.expr)))
}

/// Whether an expression may come to something else in another run.
fn may_change(tree: &Tree, expr: ExprId) -> bool {
    let mut changes = false;
    tree.walk(expr, &mut |expr| {
        changes |= match tree.kind(expr) {
            ExprKind::Call { name, .. } => tree.slice(name).starts_with("get_"),
            ExprKind::Name => tree.slice(tree.span(expr)) == "feature",
            _ => false,
        };
    });
    // The default of a feature is written as a literal.
    changes || tree.blocks_of(tree.root, "feature").any(|block| block.span.contains(tree.span(expr)))
}
