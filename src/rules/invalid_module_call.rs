//! A `module` block does not fit the module that it calls: an argument is missing, unknown or of a wrong type, or there
//! is no module where `source` says.
//!
//! ## Why
//! Terraform refuses the root module. The values that a root module itself is given are judged in the same way.
//!
//! ## Example
//! ```hcl
//! # modules/queue declares `name` and `retention`.
//! module "orders" {
//!   source          = "./modules/queue"
//!   retention_hours = 24
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! module "orders" {
//!   source    = "./modules/queue"
//!   name      = "orders"
//!   retention = 24
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Looks, RootSubject, Rule, Sink, Verdict, problems};
use crate::model::{Model, ProblemKind};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvalidModuleCall {}

impl Rule for InvalidModuleCall {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Call, sink);
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_root(root, ProblemKind::Call, sink);
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        problems::nowhere(model, ProblemKind::Call, sink);
        Ok(())
    }
}
