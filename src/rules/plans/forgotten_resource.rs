//! A plan forgets something, and it goes on running.
//!
//! ## Why
//! What Terraform no longer knows still costs money, still lets traffic in and still holds data, but no code says so any
//! more, and no plan shows what becomes of it.
//!
//! ## Example
//! ```hcl
//! removed {
//!   from = aws_efs_file_system.shared
//!
//!   lifecycle {
//!     destroy = false
//!   }
//! }
//! ```
//!
//! ## Instead
//! Move it to the root module that owns it from now on, with an `import` block there; or destroy it:
//! ```hcl
//! removed {
//!   from = aws_efs_file_system.shared
//! }
//! ```
//! What is handed over on purpose is listed under `ignored`, in the change that lets go of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::planned;
use crate::rules::pattern::Glob;
use crate::rules::{PlanSubject, Rule, Sink, Verdict};

/// Options of `forgotten-resource`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct ForgottenResource {
    /// Types and addresses of what may be forgotten; `*` stands for anything.
    ignored: Vec<Glob>,
}

impl Rule for ForgottenResource {
    fn plan(&self, subject: &PlanSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let ignored = |text: &str| self.ignored.iter().any(|pattern| pattern.matches(text));
        for change in planned::managed(subject.plan) {
            if !change.action.forgets() || ignored(&change.ty) || ignored(&change.address) {
                continue;
            }
            let resource = planned::resource(change);
            let message = if change.action.creates() {
                format!("`{resource}` is made again, and the old one goes on running without Terraform")
            } else {
                format!("`{resource}` is forgotten, and goes on running without Terraform")
            };
            let at = planned::let_go(subject, change).unwrap_or_else(|| subject.location(change));
            sink.report(at, message)
                .help("import it where it is managed from now on, or let it be destroyed")
                .about(subject.place_of(change))
                .fact(format!("{} {resource}", change.action));
        }
        Ok(())
    }
}
