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
//! Plans of Terraform before 1.8, and of OpenTofu, do not say whether they are complete. Such a plan is told by resources that
//! its source declares and that it says nothing of; where all that it passes over is repeated by `count` or `for_each`, that
//! is not seen.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::model::Mode;
use crate::plan::{Plan, PlanKind};
use crate::rules::{NotKnown, PlanSubject, Rule, Sink, Verdict};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct IncompletePlan {}

const NOT_TARGETED: &str = "plan without `-target` and `-exclude`";

impl Rule for IncompletePlan {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let plan = subject.plan;
        if plan.kind != PlanKind::Plan {
            return Ok(());
        }
        let found = match why(plan) {
            Some(why) => Some(why),
            None => targeted(subject)?,
        };
        if let Some((why, help)) = found {
            sink.report(subject.own_location(), format!("the plan is not whole: {why}")).help(help).fact(why);
        }
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
        return Some((why, NOT_TARGETED));
    }
    let does = plan.changes.iter().chain(&plan.drift).any(|change| change.action.changes())
        || plan.outputs.iter().any(|output| output.action.changes());
    (plan.applyable == Some(false) && does).then(|| {
        ("Terraform says that it cannot be applied".into(), "see what Terraform printed while planning")
    })
}

/// Whether a plan that does not say so itself passes over some resources.
fn targeted(subject: &PlanSubject<'_>) -> Result<Option<(String, &'static str)>, NotKnown> {
    let plan = subject.plan;
    let mut missing = if plan.complete.is_none() { passed_over(plan) } else { Vec::new() };
    if subject.root.is_some() {
        missing.retain(|address| {
            let declaration = subject.resource(address).map(|found| found.declaration);
            declaration.is_some_and(|it| it.count.is_none() && it.for_each.is_none())
        });
    } else if let Some(first) = missing.first() {
        let why = "only its source says whether the plan passes it over, or there is none of it";
        return Err(planned::not_known(plan, first, why));
    }
    let why = || format!("it says nothing of {}", planned::listed(&missing));
    Ok((!missing.is_empty()).then(|| (why(), NOT_TARGETED)))
}

/// What a plan configures, as far as it says once, and says nothing of. Repetition that refers to nothing, it leaves out.
fn passed_over(plan: &Plan) -> Vec<String> {
    // A plan that destroys everything says nothing of what was never made, and one that only looks, nothing at all.
    if plan.changes.iter().all(|change| change.action.destroys()) {
        return Vec::new();
    }
    let said: FxHashSet<String> = plan.changes.iter().map(planned::resource).collect();
    let mut found = Vec::new();
    let mut next = vec![(String::new(), &plan.configuration().root)];
    while let Some((prefix, module)) = next.pop() {
        let once = module.resources.iter().filter(|(_, it)| it.count.is_none() && it.for_each.is_none());
        let addresses = once.map(|(address, _)| format!("{prefix}{address}"));
        let is_managed = |address: &String| !address[prefix.len()..].starts_with(Mode::Data.prefix());
        found.extend(addresses.filter(is_managed).filter(|address| !said.contains(address)));
        let calls = module.calls.iter().filter(|(_, it)| it.count.is_none() && it.for_each.is_none());
        next.extend(calls.map(|(name, call)| (format!("{prefix}module.{name}."), &call.module)));
    }
    found.sort();
    found
}
