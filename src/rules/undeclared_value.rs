//! A file of variable values sets a variable that the root module does not declare.
//!
//! ## Why
//! The value goes nowhere, and Terraform only warns. Either the name is wrong, and the variable has another value than
//! the file says, or the variable is gone and its value has been forgotten.
//!
//! ## Example
//! ```hcl
//! # terraform.tfvars; the variable is `instance_type`
//! instancetype = "t3.large"
//! ```
//!
//! ## Instead
//! ```hcl
//! instance_type = "t3.large"
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UndeclaredValue {}

impl Rule for UndeclaredValue {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Warning, sink);
        Ok(())
    }
}
