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
//! What only a run shows: outputs of other units that do not exist, a state that cannot be reached, modules of other
//! repositories. What hangs on a command (`run_cmd`), a secret file (`sops_decrypt_file`), a cloud account or a variable of the
//! environment is not known; the `terragrunt` block of the configuration may say what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Looks, Rule, Sink, Verdict};
use crate::finding::Place;
use crate::model::{Model, Refusal};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvalidUnit {}

impl Rule for InvalidUnit {
    /// Attributes of resources say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        file.model.refusals_in(file.id).for_each(|refusal| report(refusal, sink));
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        let nowhere = model.refusals.iter().filter(|refusal| refusal.problem.location.is_none());
        nowhere.for_each(|refusal| report(refusal, sink));
        Ok(())
    }
}

fn report(refusal: &Refusal, sink: &mut Sink<'_>) {
    let mut report = sink.report_problem(&refusal.problem);
    for unit in &refusal.units {
        report = report.about(Place { unit: Some(unit.clone()), ..Place::default() });
    }
    report.fact(refusal.problem.message.clone());
}
