//! A module does not say which versions of Terraform or OpenTofu it works with.
//!
//! What a root module says holds for all that it calls, so a module that is called from the same tree need not say it
//! again, unless the options ask for it.
//!
//! ## Why
//! Without `required_version`, whoever runs the module finds out by its errors that their version is too old or too new,
//! in the worst case after the newer version has rewritten the state.
//!
//! ## Example
//! ```hcl
//! terraform {
//!   required_providers {
//!     aws = {
//!       source  = "hashicorp/aws"
//!       version = "~> 5.60"
//!     }
//!   }
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   required_version = ">= 1.6"
//!
//!   required_providers {
//!     aws = {
//!       source  = "hashicorp/aws"
//!       version = "~> 5.60"
//!     }
//!   }
//! }
//! ```
//!
//! ## Not found
//! A directory with a `terragrunt.hcl`: that may generate what is missing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModuleSubject, Rule, Sink, Verdict, unit};
use crate::source::Location;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MissingRequiredVersion {
    /// Whether modules that are called from this tree must say it themselves.
    called_modules: bool,
}

impl Rule for MissingRequiredVersion {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        if is_said(subject) {
            return Ok(());
        }
        // Something in broken syntax may say it.
        let mut damaged = subject.trees().flat_map(|tree| tree.damaged_text());
        let broken = damaged.any(|text| text.contains("required_version"));
        if !broken
            && let Some(location) = terraform_block(subject).or_else(|| first_block(subject))
            && (self.called_modules || !(subject.module.called || subject.module.perhaps_called))
            && unit::beside(subject.model, subject.module).is_none()
        {
            sink.report(location, "the module does not say which versions it works with")
                .help("add `required_version = \">= 1.6\"` to its `terraform` block");
        }
        Ok(())
    }
}

/// Whether it is said, be it in words that are in error.
fn is_said(subject: &ModuleSubject<'_>) -> bool {
    subject.trees().any(|tree| {
        let mut blocks = tree.blocks_of(tree.root, "terraform");
        blocks.any(|block| tree.attribute(block.body, "required_version").is_some())
    })
}

/// The block that would say it: one about providers, before one about the state.
fn terraform_block(subject: &ModuleSubject<'_>) -> Option<Location> {
    let mut first = None;
    for tree in subject.trees() {
        for block in tree.blocks_of(tree.root, "terraform") {
            let location = Location::new(tree.file, block.header);
            if tree.blocks_of(block.body, "required_providers").next().is_some() {
                return Some(location);
            }
            first = first.or(Some(location));
        }
    }
    first
}

fn first_block(subject: &ModuleSubject<'_>) -> Option<Location> {
    subject.trees().find_map(|tree| {
        let block = tree.blocks(tree.root).next()?;
        Some(Location::new(tree.file, block.header))
    })
}
