//! A plan changes more than one review can answer for.
//!
//! Limits on how many objects one plan deletes, replaces, changes and creates, and of how many types. What an earlier
//! replacement left behind, what is read and what stays as it is do not count.
//!
//! ## Why
//! A renamed module, a wrong workspace or a provider upgrade shows as a plan of hundreds of lines, and nobody reads
//! hundreds of lines. A number is seen.
//!
//! ## Example
//! ```hcl
//! module "network" {          # was module "vpc": 60 objects are destroyed and made again
//!   source = "./network"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! module "network" {
//!   source = "./network"
//! }
//!
//! moved {
//!   from = module.vpc
//!   to   = module.network
//! }
//! ```
//! Where many changes are usual, `plangate.hcl` sets other limits for that path.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::rules::{PlanSubject, Rule, Sink, Verdict};

/// Options of `large-blast-radius`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct LargeBlastRadius {
    /// How many objects may be deleted, without those that are replaced; null for any number.
    deletes: Option<usize>,
    /// How many objects may be replaced; null for any number.
    replaces: Option<usize>,
    /// How many objects that are there may be updated, replaced, deleted or forgotten; null for any number.
    changes: Option<usize>,
    /// How many objects may be made that were not there, without those that are replaced; null for any number.
    creates: Option<usize>,
    /// Of how many types the objects may be that are updated, replaced, deleted or forgotten; null for any number.
    types: Option<usize>,
}

impl Default for LargeBlastRadius {
    fn default() -> Self {
        Self { deletes: Some(10), replaces: Some(10), changes: Some(50), creates: None, types: None }
    }
}

#[derive(Default)]
struct Counts<'p> {
    deletes: usize,
    replaces: usize,
    changes: usize,
    creates: usize,
    types: BTreeSet<&'p str>,
}

impl Rule for LargeBlastRadius {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let mut counts = Counts::default();
        for change in planned::managed(subject.plan).filter(|change| change.action.changes()) {
            let action = &change.action;
            counts.replaces += usize::from(action.replaces());
            counts.deletes += usize::from(action.destroys() && !action.creates());
            let creates = action.creates() && !action.destroys() && !action.forgets();
            counts.creates += usize::from(creates);
            if !creates {
                counts.changes += 1;
                counts.types.insert(&change.ty);
            }
        }
        let limits = [
            ("deletes", "object", counts.deletes, self.deletes),
            ("replaces", "object", counts.replaces, self.replaces),
            ("changes", "object", counts.changes, self.changes),
            ("creates", "object", counts.creates, self.creates),
            ("touches", "type", counts.types.len(), self.types),
        ];
        let exceeded: Vec<_> = limits
            .into_iter()
            .filter_map(|(verb, what, count, limit)| Some((verb, what, count, limit?)))
            .filter(|(_, _, count, limit)| count > limit)
            .collect();
        if exceeded.is_empty() {
            return Ok(());
        }
        let told: Vec<String> = exceeded
            .iter()
            .map(|(verb, what, count, limit)| {
                let plural = if *count == 1 { "" } else { "s" };
                format!("{verb} {count} {what}{plural} (at most {limit})")
            })
            .collect();
        let mut report = sink.report(subject.own_location(), format!("the plan {}", told.join(", "))).help(
            "apply it in parts, follow what only moved with `moved` blocks, or raise the limit for this path",
        );
        for (verb, ..) in exceeded {
            report = report.fact(verb);
        }
        Ok(())
    }
}
