//! What a rule is, what it is shown, and how it speaks.

mod entry;
mod options;
mod plan_subject;
mod reading;
mod rule;
mod sink;
mod subject;
mod unit_subject;

pub use entry::{Hook, OptionDoc, Page, RuleEntry};
pub use plan_subject::PlanSubject;
pub use reading::{NotKnown, Reading};
pub use rule::{Looks, Rule, RuleOptions, Verdict};
pub use sink::{Report, Sink};
pub use subject::{FileSubject, InstanceSubject, ModuleSubject, ResourceSubject, RootSubject};
pub use unit_subject::UnitSubject;
