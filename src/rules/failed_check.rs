//! An assertion of a `check` block does not hold.
//!
//! ## Why
//! Terraform warns at every plan and applies all the same. What somebody found worth a check should not be lost among
//! the lines of a plan.
//!
//! ## Example
//! ```hcl
//! locals {
//!   zones = ["eu-west-1a"]
//! }
//!
//! check "zones" {
//!   assert {
//!     condition     = length(local.zones) > 1
//!     error_message = "One zone is not enough."
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! locals {
//!   zones = ["eu-west-1a", "eu-west-1b"]
//! }
//!
//! check "zones" {
//!   assert {
//!     condition     = length(local.zones) > 1
//!     error_message = "One zone is not enough."
//!   }
//! }
//! ```
//!
//! ## Not found
//! What fails only with the default of a variable, in a root module that is given no values here, or only if there is an
//! instance of something whose number is not known. It is left undecided. A plan decides it; what the plan itself cannot
//! know is undecided still.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plans::checks;
use super::{FileSubject, Looks, PlanSubject, RootSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FailedCheck {}

impl Rule for FailedCheck {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Check, sink);
        Ok(())
    }

    fn plan(&self, plan: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        checks::of_plan(plan, ProblemKind::Check, sink);
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_root(root, ProblemKind::Check, sink);
        Ok(())
    }
}
