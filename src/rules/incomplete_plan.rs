//! A plan does not say all that is to be done.
//!
//! Planning ended in an error, changes are put off, only some resources were looked at (`-target`, `-exclude`), or
//! Terraform says that the plan cannot be applied. A plan with nothing to do is whole.
//!
//! ## Why
//! A gate that reads half a plan lets the other half through. After applying it, the code and what runs differ, and the
//! next plan brings what nobody reviewed.
//!
//! ## Example
//! ```text
//! terraform plan -target=module.app -out=plan.bin
//! ```
//!
//! ## Instead
//! ```text
//! terraform plan -out=plan.bin
//! ```
//!
//! ## Not found
//! Plans of Terraform before 1.8 do not say whether they are complete: they are left undecided.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlanSubject, Rule, Sink, Verdict, planned};
use crate::plan::{Plan, PlanKind};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct IncompletePlan {}

impl Rule for IncompletePlan {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        if plan.kind != PlanKind::Plan {
            return Ok(());
        }
        let Some((why, help)) = why(plan) else {
            return match plan.complete {
                Some(_) => Ok(()),
                None => Err(planned::not_known(
                    plan,
                    "complete",
                    "the plan is of a format that does not say whether it is complete",
                )),
            };
        };
        sink.report(subject.own_location(), format!("the plan is not whole: {why}")).help(help).fact(why);
        Ok(())
    }
}

/// Why a plan is not whole, and what to do.
fn why(plan: &Plan) -> Option<(String, &'static str)> {
    if plan.errored {
        return Some(("planning ended in an error".into(), "mend what Terraform reports, and plan again"));
    }
    if !plan.deferred.is_empty() {
        let mut put_off: Vec<String> =
            plan.deferred.iter().map(|deferred| planned::resource(&deferred.change)).collect();
        put_off.sort();
        put_off.dedup();
        let why = format!("{} can only be planned after it is applied", planned::listed(&put_off));
        return Some((why, "apply it, plan again, and judge that plan too"));
    }
    if plan.complete == Some(false) {
        let why = "only some resources were looked at, as with `-target` or `-exclude`".to_owned();
        return Some((why, "plan without `-target` and `-exclude`"));
    }
    let does = plan.changes.iter().chain(&plan.drift).any(|change| change.action.changes())
        || plan.outputs.iter().any(|output| output.action.changes());
    (plan.applyable == Some(false) && does).then(|| {
        ("Terraform says that it cannot be applied".into(), "see what Terraform printed while planning")
    })
}
