//! A Terragrunt unit or stack that Terragrunt refuses: a block, a name or a value in its files, or in those that it
//! includes or reads, is wrong.
//!
//! ## Why
//! Terragrunt stops at it, before anything is planned. A mistake in a file that many units include or read stops them all.
//!
//! ## Example
//! ```hcl
//! # live/prod/app/terragrunt.hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//!
//! inputs = {
//!   region = include.root.locals.region # the include is not exposed
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! include "root" {
//!   path   = find_in_parent_folders("root.hcl")
//!   expose = true
//! }
//!
//! inputs = {
//!   region = include.root.locals.region
//! }
//! ```
//!
//! ## Not found
//! Units that are there for others, for stacks to copy or for units to include: those others are judged. Dependencies that lead
//! nowhere, circles and values that a stack does not give have rules of their own.
//!
//! What only a run shows: outputs of other units that do not exist, a state that cannot be reached, modules of other
//! repositories. What hangs on a command (`run_cmd`), a secret file (`sops_decrypt_file`), a cloud account or a variable of the
//! environment is not known; the `terragrunt` block of the configuration may say what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refusals;
use crate::model::{Model, RefusalKind};
use crate::rules::{FileSubject, Looks, Rule, Sink, Verdict};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct InvalidUnit {}

impl Rule for InvalidUnit {
    /// Attributes of resources say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        // Of values that a stack should give, the rule about those tells.
        let is_written = |dir: &str| file.model.component(dir).is_none();
        for refusal in file.model.refusals_in(file.id) {
            let told = match refusal.kind {
                RefusalKind::Configuration => refusals::report(file.model, refusal, &|_| true, sink),
                RefusalKind::Values => refusals::report(file.model, refusal, &is_written, sink),
                RefusalKind::Target => None,
            };
            drop(told);
        }
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        for refusal in model.refusals.iter().filter(|refusal| refusal.problem.location.is_none()) {
            drop(refusals::report(model, refusal, &|_| true, sink));
        }
        Ok(())
    }
}
