//! The file that units include is itself called `terragrunt.hcl`.
//!
//! ## Why
//! Every `terragrunt.hcl` is a unit: commands for many units run in the directory of the shared file as well, and looking for
//! it without a name finds whichever comes first. Terragrunt calls the layout obsolete, and will refuse it.
//!
//! ## Example
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders()
//! }
//! ```
//!
//! ## Instead
//! Call the file `root.hcl`.
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Sink, UnitSubject, Verdict};
use crate::source::split;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct RootTerragruntHcl {}

impl Rule for RootTerragruntHcl {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for include in &unit.unit.includes {
            let Some(path) = include.path.as_deref().filter(|path| split(path).1 == "terragrunt.hcl") else {
                continue;
            };
            sink.report(include.header, format!("what is included is a unit itself: `{path}`"))
                .help("call the shared file `root.hcl`, and look for it by that name")
                .fact(path);
        }
        Ok(())
    }
}
