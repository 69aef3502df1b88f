//! The same thing is declared twice in one module.
//!
//! ## Why
//! Terraform refuses the module. It happens where two branches that add the same thing are merged, or where a file was
//! copied instead of moved.
//!
//! ## Example
//! ```hcl
//! variable "region" {
//!   type = string
//! }
//!
//! variable "region" {
//!   type    = string
//!   default = "eu-west-1"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "region" {
//!   type    = string
//!   default = "eu-west-1"
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DuplicateDeclaration {}

impl Rule for DuplicateDeclaration {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Duplicate, sink);
        Ok(())
    }
}
