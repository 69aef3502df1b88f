//! A module does not say which versions of Terraform or OpenTofu it works with.
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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::source::Location;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MissingRequiredVersion {}

impl Rule for MissingRequiredVersion {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        if subject.module.required_versions.is_empty()
            && let Some(location) = terraform_block(subject).or_else(|| first_block(subject))
        {
            sink.report(location, "the module does not say which versions it works with")
                .help("add `required_version = \">= 1.6\"` to its `terraform` block");
        }
        Ok(())
    }
}

fn terraform_block(subject: &ModuleSubject<'_>) -> Option<Location> {
    subject.trees().find_map(|tree| {
        let block = tree.blocks_of(tree.root, "terraform").next()?;
        Some(Location::new(tree.file, block.header))
    })
}

fn first_block(subject: &ModuleSubject<'_>) -> Option<Location> {
    subject.trees().find_map(|tree| {
        let block = tree.blocks(tree.root).next()?;
        Some(Location::new(tree.file, block.header))
    })
}
