//! A comment that begins with `plangate:` and cannot be read.
//!
//! ## Why
//! A suppression that is written wrongly suppresses nothing, or less than its author meant. `plangate:ignore-file` stands
//! before the first block of its file.
//!
//! ## Example
//! ```hcl
//! # plangate:ignore open-ingress the bastion
//! resource "aws_security_group" "bastion" {}
//! ```
//!
//! ## Instead
//! ```hcl
//! # plangate:ignore[open-ingress, expires=2099-12-31] the bastion is the one way in
//! resource "aws_security_group" "bastion" {}
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;

/// The rule's options. It has no hook: applying the suppressions finds what it reports.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MalformedSuppression {}

impl Rule for MalformedSuppression {}
