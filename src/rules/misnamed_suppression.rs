//! A suppression that names a rule which does not exist.
//!
//! ## Why
//! A misspelt or renamed rule is not suppressed, and nobody notices before the finding is looked for. `plangate rules` lists
//! the ids.
//!
//! ## Example
//! ```hcl
//! # plangate:ignore[open-ingres] the bastion is the one way in
//! resource "aws_security_group" "bastion" {}
//! ```
//!
//! ## Instead
//! ```hcl
//! # plangate:ignore[open-ingress] the bastion is the one way in
//! resource "aws_security_group" "bastion" {}
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;

/// The rule's options. It has no hook: applying the suppressions finds what it reports.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MisnamedSuppression {}

impl Rule for MisnamedSuppression {}
