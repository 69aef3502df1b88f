//! A module asks for a version of Terraform that has not been maintained for years: no release since 1.0 fits.
//!
//! ## Why
//! Nobody can run the module with a current Terraform or OpenTofu, nor call it from a module that needs one. There are
//! no security releases for the versions it asks for.
//!
//! ## Example
//! ```hcl
//! terraform {
//!   required_version = "~> 0.14.0"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   required_version = ">= 1.5"
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ObsoleteRequiredVersion {}

impl Rule for ObsoleteRequiredVersion {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Version, sink);
        Ok(())
    }
}
