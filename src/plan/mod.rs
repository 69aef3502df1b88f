//! Plans: from the bytes of a file to what Terraform says it will do.
//!
//! A [`Plan`] keeps the text that it was read from. The values of an instance are found and checked when the plan is
//! read, but built only when somebody asks for them: most rules look at few of them, and a plan can be large.

pub mod bounds;
mod action;
mod alone;
mod build;
mod change;
mod check;
mod configuration;
mod document;
mod extent;
mod fault;
mod fuse;
mod identity;
mod json;
mod keys;
mod load;
mod mask;
mod output;
mod read;
mod recognise;
mod secrets;
mod sides;
mod spare;
mod tie;

pub use action::Action;
pub use alone::Wanted;
pub use change::{Deferred, Importing, ResourceChange};
pub use check::{Check, CheckInstance, CheckStatus};
pub use configuration::{
    Configuration, ConfiguredCall, ConfiguredModule, ConfiguredOutput, ConfiguredProvider,
    ConfiguredResource, ConfiguredVariable, Expressions,
};
pub use document::{FormatVersion, Plan, PlanKind, PlanVariable, RelevantAttribute, Tie};
pub use extent::Extent;
pub use fault::{PlanFault, PlanProblem};
pub use json::{JsonError, JsonFault};
pub use load::{load, parse};
pub use output::OutputChange;
pub use recognise::looks_like_a_plan;
pub use secrets::PlanSecrets;
pub use sides::Sides;

/// What was read of all that was asked for.
#[derive(Debug, Default)]
pub struct Plans {
    /// The plans, sorted by file, then by their order in it.
    pub plans: Vec<Plan>,
    /// What could not be read, and what must be known of what was; sorted by file.
    pub problems: Vec<PlanProblem>,
}

impl Plans {
    /// What no plan could be made of.
    pub fn unread(&self) -> impl Iterator<Item = &PlanProblem> {
        self.problems.iter().filter(|problem| problem.fault.is_fatal() && problem.fault != PlanFault::Errored)
    }

    /// Whether all that was asked for was read, so that a verdict can rest on it.
    #[must_use]
    pub fn can_be_trusted(&self) -> bool {
        !self.problems.iter().any(|problem| problem.fault.is_fatal())
    }
}

#[cfg(test)]
mod tests;
