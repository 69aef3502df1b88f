//! An expression names something that is not declared: a variable, a local value, a resource, a module, an output.
//!
//! ## Why
//! Terraform refuses the module. Most often it is a slip, or what was meant has been renamed: the help names what comes
//! nearest.
//!
//! ## Example
//! ```hcl
//! variable "region" {
//!   type = string
//! }
//!
//! provider "aws" {
//!   region = var.regoin
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "region" {
//!   type = string
//! }
//!
//! provider "aws" {
//!   region = var.region
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Looks, RootSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvalidReference {}

impl Rule for InvalidReference {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Reference, sink);
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_root(root, ProblemKind::Reference, sink);
        Ok(())
    }
}
