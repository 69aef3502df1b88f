//! A unit gives its module a value that the variable cannot take.
//!
//! ## Why
//! Terragrunt hands inputs over as texts, and everything that is no text as JSON. Terraform refuses what does not convert to the
//! variable's type, and says neither which file it comes from nor, of long values, where in them it is.
//!
//! ## Example
//! ```hcl
//! # The module's `subnets` is a list(object({ cidr = string, public = bool })).
//! inputs = {
//!   subnets = [
//!     { cidr = "10.0.0.0/24", public = false },
//!     { cidr = "10.0.1.0/24", public = "yes" },
//!   ]
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! inputs = {
//!   subnets = [
//!     { cidr = "10.0.0.0/24", public = false },
//!     { cidr = "10.0.1.0/24", public = true },
//!   ]
//! }
//! ```
//!
//! ## Not found
//! What Terraform takes: numbers and bools in texts and the other way round, `1` for true, a text of JSON for a list or an object.
//! A list or an object for a string is the text of its JSON, of which some make use: `json_text` tells of those, too.
//! Values, and parts of them, that are not known. Variables without a type, which take everything as a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Given, Variable};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::terraform::hand_over;
use crate::value::{Kind, Type, Value};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct MistypedInput {
    /// Tell of lists and objects that are given to variables of the type string, too: the module gets the text of their JSON.
    json_text: bool,
}

impl Rule for MistypedInput {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(root) = unit.unit.root.map(|id| unit.model.root(id)) else { return Ok(()) };
        let module = unit.model.module(root.module);
        let Some(instance) = root.instances.first() else { return Ok(()) };
        let inputs = unit.unit.inputs();
        for (variable, given) in module.variables.iter().zip(&instance.given) {
            let value = inputs.and_then(|inputs| inputs.get(&variable.named.name));
            if let Some(value) = value.filter(|value| is_given(unit, value, *given)) {
                self.judge(unit, variable, value, sink);
            }
        }
        Ok(())
    }
}

/// Whether it is the input that counts, and not a file of values.
fn is_given(unit: &UnitSubject<'_>, value: &Value, given: Given) -> bool {
    let Given::Expression(at) = given else { return false };
    unit.model.expression(value.origin()).is_none_or(|written| written == at) || at.file == unit.unit.file
}

impl MistypedInput {
    fn judge(&self, unit: &UnitSubject<'_>, variable: &Variable, value: &Value, sink: &mut Sink<'_>) {
        let Some(constraint) = &variable.constraint else { return };
        let name = &variable.named.name;
        let (at, message) = match hand_over(value, constraint) {
            Ok(_) if !self.json_text || constraint.ty != Type::String || !is_collection(value) => return,
            Ok(_) => {
                let message =
                    format!("the input `{name}` is a string to the module, which gets the text of its JSON");
                (unit.origin(value), message)
            }
            Err(misfit) => {
                let path: String = misfit.path.iter().map(ToString::to_string).collect();
                let mut origins = misfit.origins.iter().rev();
                let at = origins.find_map(|origin| unit.model.locate(*origin));
                let message =
                    format!("the input `{name}{path}` does not fit its variable: {}", misfit.message);
                (at.unwrap_or_else(|| unit.location()), message)
            }
        };
        let report =
            sink.report(at, message).label(variable.named.location(), "the variable is declared here");
        report.fact(format!("var.{name}"));
    }
}

fn is_collection(value: &Value) -> bool {
    matches!(value.kind(), Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) | Kind::Map(_) | Kind::Object(_))
}
