//! A unit gives its module no value for a variable that needs one.
//!
//! ## Why
//! Terraform asks for the value, and where nobody can answer, in a pipeline, the run fails.
//!
//! ## Example
//! ```hcl
//! # modules/queue declares `name` without a default.
//! terraform {
//!   source = "../../modules/queue"
//! }
//!
//! inputs = {
//!   retention = 24
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   source = "../../modules/queue"
//! }
//!
//! inputs = {
//!   name      = "orders"
//!   retention = 24
//! }
//! ```
//!
//! ## Not found
//! Where more inputs are given than can be known, where arguments or files that the unit makes hand over values, and variables
//! of the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Given;
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::value::{Kind, Value};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct MissingInput {}

impl Rule for MissingInput {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(id) = unit.unit.root.filter(|_| !unit.unit.refused) else { return Ok(()) };
        let root = unit.model.root(id);
        let module = unit.model.module(root.module);
        let Some(instance) = root.instances.first() else { return Ok(()) };
        let given = module.variables.iter().zip(&instance.given);
        let mut missing = given
            .filter(|(variable, given)| {
                **given == Given::Missing
                    && variable.default.is_none()
                    && !unit.model.is_damaged(&variable.named)
            })
            .peekable();
        if missing.peek().is_none() || may_give_more(unit) {
            return Ok(());
        }
        // What a stack makes copies of gets its values there.
        if unit.unit.template {
            return Ok(());
        }
        for (variable, _) in missing {
            let name = &variable.named.name;
            // What a shared file gives is not the place for what this unit alone needs.
            let inputs = unit.unit.inputs().map(|inputs| unit.origin(inputs));
            let at = inputs.filter(|at| at.file == unit.unit.file).unwrap_or_else(|| unit.location());
            sink.report(at, format!("the unit gives no value for `{name}`, which its module needs"))
                .label(variable.named.location(), "declared here without a default")
                .help(format!("add `{name}` to `inputs`"))
                .fact(format!("var.{name}"));
        }
        Ok(())
    }
}

/// Whether values may come from where nobody can look.
fn may_give_more(unit: &UnitSubject<'_>) -> bool {
    let open = |value: &Value| match value.kind() {
        Kind::Unknown(_) => true,
        Kind::Object(object) => object.rest.is_some(),
        _ => false,
    };
    if unit.unit.inputs().is_some_and(open) {
        return true;
    }
    let texts = |value: &Value, name: &str| -> Option<Vec<String>> {
        let Some(found) = value.get(name).filter(|found| !found.is_null()) else { return Some(Vec::new()) };
        let elements = found.elements()?;
        elements.iter().map(|element| element.as_str().map(str::to_owned)).collect()
    };
    let arguments = unit.unit.get("terraform").and_then(|terraform| terraform.get("extra_arguments"));
    let arguments = arguments.and_then(Value::entries).unwrap_or_default();
    let by_arguments = arguments.iter().any(|(_, block)| {
        let handed = texts(block, "arguments");
        let handed = handed.is_none_or(|handed| handed.iter().any(|one| one.starts_with("-var")));
        let files = ["required_var_files", "optional_var_files"];
        let unread = files.iter().any(|name| texts(block, name).is_none_or(|files| !files.is_empty()));
        handed || unread || block.get("env_vars").is_some_and(|vars| !vars.is_null())
    });
    let generated = unit.unit.get("generate").and_then(Value::entries).unwrap_or_default();
    by_arguments
        || generated.iter().any(|(_, block)| {
            let path = block.get("path").and_then(Value::as_str);
            path.is_none_or(|path| path.contains(".tfvars") || path.contains("variable"))
        })
}
