//! Terragrunt units depend on one another in a circle.
//!
//! ## What it does
//! Follows `dependency` and `dependencies` blocks from unit to unit, also those that an include or a stack contributes, and through
//! stacks to the units that they generate.
//!
//! ## Why
//! None of them can be the first. Terragrunt refuses to run them, and leaves out of its lists whatever hangs on them.
//!
//! ## Example
//! ```hcl
//! # live/app/terragrunt.hcl
//! dependency "network" {
//!   config_path = "../network"
//! }
//!
//! # live/network/terragrunt.hcl
//! dependencies {
//!   paths = ["../app"]
//! }
//! ```
//!
//! ## Instead
//! Take one of them out. What both need may be a unit of its own, on which both depend.
//!
//! ## Not found
//! A dependency that is switched off, and paths that are not known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Place;
use crate::model::{Circle, Model};
use crate::rules::{Rule, Sink, Verdict};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct DependencyCycle {}

/// From how many units on a circle is told with its beginning and its end.
const MANY: usize = 12;

impl Rule for DependencyCycle {
    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        for circle in &model.circles {
            let [first, others @ ..] = circle.way.as_slice() else { continue };
            let way = way(circle);
            let message = match others {
                [] => format!("the unit depends on itself: {way}"),
                _ => format!("units depend on one another in a circle: {way}"),
            };
            let next = |index: usize| circle.way.get(index).unwrap_or(first).unit.as_str();
            let mut report = sink.report(first.at, message).fact(format!("circle {way}"));
            if !others.is_empty() {
                report = report
                    .primary_label(format!("`{}` depends on `{}`", first.unit, next(1)))
                    .help("take one of them out; what both need may be a unit of its own");
            }
            for (index, step) in others.iter().enumerate() {
                let text = format!("`{}` depends on `{}`", step.unit, next(index + 2));
                report = report.label(step.at, text);
            }
            for unit in &circle.units {
                report = report.about(Place::default().with_unit(unit.clone()));
            }
        }
        Ok(())
    }
}

/// The units of a circle, and the first once more.
fn way(circle: &Circle) -> String {
    let mut units: Vec<&str> = circle.way.iter().map(|step| step.unit.as_str()).collect();
    units.extend(units.first().copied());
    if units.len() > MANY {
        let end = units.split_off(units.len() - MANY / 2);
        units.truncate(MANY / 2);
        units.push("…");
        units.extend(end);
    }
    units.join(" -> ")
}
