//! A condition that the configuration states about itself does not hold: a `validation`, a `precondition`, a
//! `postcondition`.
//!
//! ## Why
//! The plan fails with the message that the condition gives. Nothing has to be planned to know it: it is judged with the
//! values that the tree passes, and left undecided where one of them is not known.
//!
//! ## Example
//! ```hcl
//! variable "retention" {
//!   type    = number
//!   default = 0
//!
//!   validation {
//!     condition     = var.retention >= 7
//!     error_message = "Keep backups for a week at least."
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "retention" {
//!   type    = number
//!   default = 7
//!
//!   validation {
//!     condition     = var.retention >= 7
//!     error_message = "Keep backups for a week at least."
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
pub(super) struct FailedCondition {}

impl Rule for FailedCondition {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Condition, sink);
        Ok(())
    }

    fn plan(&self, plan: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        checks::of_plan(plan, ProblemKind::Condition, sink);
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_root(root, ProblemKind::Condition, sink);
        Ok(())
    }
}
