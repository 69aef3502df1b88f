//! A plan changes nothing, though it is there to change something.
//!
//! For directories in which a plan is only made after something was changed. What is only read, and what is found changed
//! outside of Terraform, is no change; a move, an import, something forgotten or an output is one.
//!
//! ## Why
//! A wrong workspace, a file that is not loaded, a `count` that is still zero: the pull request says that something will
//! happen, the plan says that nothing will, and all lights are green.
//!
//! ## Example
//! ```hcl
//! resource "aws_sqs_queue" "orders" {
//!   count = var.orders ? 1 : 0   # and nobody sets `orders`
//!   name  = "orders"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_sqs_queue" "orders" {
//!   name = "orders"
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Mode;
use crate::plan::{PlanKind, ResourceChange};
use crate::rules::{PlanSubject, Rule, Sink, Verdict};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct NoChanges {}

impl Rule for NoChanges {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        // What failed or is put off is not empty, but not whole.
        if plan.kind != PlanKind::Plan || plan.errored || !plan.deferred.is_empty() {
            return Ok(());
        }
        let does = |change: &ResourceChange| {
            let moves = change.previous_address.is_some() || change.importing.is_some();
            change.mode == Mode::Managed && (change.action.changes() || moves)
        };
        if plan.changes.iter().any(does) || plan.outputs.iter().any(|output| output.action.changes()) {
            return Ok(());
        }
        sink.report(subject.own_location(), "the plan changes nothing")
            .help("see whether it is of the right directory, workspace and values")
            .fact("nothing");
        Ok(())
    }
}
