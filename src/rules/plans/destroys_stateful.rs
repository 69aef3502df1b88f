//! A plan deletes or replaces something that holds data.
//!
//! Databases, volumes, buckets, file systems, queues, keys, zones, registries, secrets: whatever is gone with its
//! content once it is destroyed. What is only forgotten or moved stays as it is, and so does what an earlier replacement
//! left behind: the data is with the object that came after.
//!
//! ## Why
//! A replacement looks like an update in a long plan, but the new database is empty. Nobody means that by changing a
//! name, a subnet or an availability zone.
//!
//! ## Example
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   identifier = "orders-v2"   # was "orders": the provider makes another database
//!   engine     = "postgres"
//! }
//! ```
//!
//! ## Instead
//! Keep what cannot be changed in place, and follow what moved in the code:
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   identifier = "orders"
//!   engine     = "postgres"
//! }
//!
//! moved {
//!   from = aws_db_instance.main
//!   to   = aws_db_instance.orders
//! }
//! ```
//! What is to live on without Terraform is taken out with a `removed` block that says `destroy = false`. What really is
//! to go is listed under `ignored`, in the change that deletes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{place, planned, stateful};
use crate::plan::ResourceChange;
use crate::rules::pattern::Glob;
use crate::rules::{PlanSubject, Rule, Sink, Verdict};

/// Options of `destroys-stateful`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct DestroysStateful {
    /// Types of what holds data; `*` stands for anything.
    types: Vec<Glob>,
    /// More such types, beside those of `types`.
    more_types: Vec<Glob>,
    /// Types and addresses of what may go; `*` stands for anything.
    ignored: Vec<Glob>,
}

impl Default for DestroysStateful {
    fn default() -> Self {
        Self { types: stateful::types(), more_types: Vec::new(), ignored: Vec::new() }
    }
}

impl Rule for DestroysStateful {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for change in planned::managed(subject.plan) {
            if change.action.destroys() && self.concerns(change) {
                report(subject, change, sink);
            }
        }
        Ok(())
    }
}

impl DestroysStateful {
    fn concerns(&self, change: &ResourceChange) -> bool {
        let any = |patterns: &[Glob], text: &str| patterns.iter().any(|pattern| pattern.matches(text));
        (any(&self.types, &change.ty) || any(&self.more_types, &change.ty))
            && !any(&self.ignored, &change.ty)
            && !any(&self.ignored, &change.address)
    }
}

fn report(subject: &PlanSubject<'_>, change: &ResourceChange, sink: &mut Sink<'_>) {
    let replaced = change.action.replaces();
    let resource = planned::resource(change);
    let forcing = planned::forcing(change);
    let what = if replaced { "replaced" } else { "deleted" };
    let why = match forcing.len() {
        0 => planned::reason(change).map(str::to_owned),
        _ => Some(format!("{} cannot be changed in place", planned::listed(&forcing))),
    };
    let message = match why {
        Some(why) => format!("`{resource}` is {what}, with the data that it holds: {why}"),
        None => format!("`{resource}` is {what}, with the data that it holds"),
    };
    let declared = subject.declared(change).or_else(|| planned::let_go(subject, change));
    let mut report = sink
        .report(declared.unwrap_or_else(|| subject.own_location()), message)
        .help(help(subject, change, replaced))
        .about(subject.place_of(change))
        .fact(format!("{} {resource}", change.action))
        .fact(change.action_reason.as_deref().unwrap_or("no reason"));
    for attribute in &forcing {
        report = report.fact(format!("forced by {attribute}"));
    }
    if let Some(attribute) = forcing.first() {
        report = report.attribute(attribute);
    }
    for steps in &change.replace_paths {
        if let Some(at) = place::written(subject, change, steps) {
            report = report.label(at, format!("`{}` forces the replacement", planned::path(steps)));
        }
    }
}

/// What can be done, and what stands in the way of the loss or helps it along.
fn help(subject: &PlanSubject<'_>, change: &ResourceChange, replaced: bool) -> String {
    let mut help = if replaced {
        "leave what cannot be changed in place as it is, or take the data over first".to_owned()
    } else {
        "to keep it, declare it, follow it with a `moved` block, or take it out with `removed` and `destroy = false`"
            .to_owned()
    };
    let before = subject.plan.before(change);
    let is =
        |name: &str, wanted: bool| before.get(name).and_then(crate::value::Value::as_bool) == Some(wanted);
    if ["deletion_protection", "deletion_protection_enabled"].iter().any(|name| is(name, true)) {
        help.push_str("; its deletion protection is on, so that the apply should fail here");
    } else if is("skip_final_snapshot", true) {
        help.push_str("; `skip_final_snapshot` is on, so that no snapshot is left");
    } else if is("skip_final_snapshot", false) {
        help.push_str("; a final snapshot should be left");
    } else if is("force_destroy", true) {
        help.push_str("; `force_destroy` is on, so that it goes even if it is not empty");
    }
    help
}
