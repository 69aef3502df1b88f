//! A variable does not say what it is for.
//!
//! ## Why
//! Variables are what others see of a module. Without a description, whoever calls it has to read it, and what is
//! generated from it (documentation, the registry's page, the prompt for a missing value) stays empty.
//!
//! ## Example
//! ```hcl
//! variable "retention" {
//!   type = number
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "retention" {
//!   description = "Days for which backups are kept."
//!   type        = number
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::model::{Body, Named};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UndocumentedVariable {
    /// Whether outputs need a description too.
    outputs: bool,
}

impl Rule for UndocumentedVariable {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for variable in &subject.module.variables {
            judge(subject, "variable", &variable.named, &variable.body, sink);
        }
        if self.outputs {
            for output in &subject.module.outputs {
                judge(subject, "output", &output.named, &output.body, sink);
            }
        }
        Ok(())
    }
}

fn judge(subject: &ModuleSubject<'_>, kind: &str, named: &Named, body: &Body, sink: &mut Sink<'_>) {
    let model = subject.model;
    let (at, problem) = match body.value(model, "description") {
        None => (named.location(), "has no description"),
        Some(at) => {
            let text = model.tree(at.file).and_then(|tree| tree.plain_text(at.expr));
            // What is no plain text is in error, which is not the business of this rule.
            if text.is_none_or(|text| !text.trim().is_empty()) {
                return;
            }
            (model.location(at), "has an empty description")
        }
    };
    sink.report(at, format!("the {kind} `{}` {problem}", named.name))
        .help("say in `description` what it is for, and what may be given")
        .fact(format!("{kind} {}", named.name));
}
