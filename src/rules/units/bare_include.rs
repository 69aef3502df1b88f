//! An `include` without a label.
//!
//! ## Why
//! Terragrunt takes it for the sake of old trees, and `terragrunt hcl validate` refuses it. Without a label the unit can have
//! no second include, and what is exposed is reached as `include.locals`, which a label changes.
//!
//! ## Example
//! ```hcl
//! include {
//!   path = find_in_parent_folders("root.hcl")
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! include "root" {
//!   path = find_in_parent_folders("root.hcl")
//! }
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Sink, UnitSubject, Verdict};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct BareInclude {}

impl Rule for BareInclude {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for include in unit.unit.includes.iter().filter(|include| include.label.is_empty()) {
            sink.report(include.header, "the include has no label")
                .help("write `include \"root\" { … }`; what is exposed is then `include.root`")
                .fact("include");
        }
        Ok(())
    }
}
