//! A suppression without a reason.
//!
//! ## Why
//! Whoever reads the suppression in a year wants to know whether it still holds. It does its work without a reason, but one
//! is due.
//!
//! ## Example
//! ```hcl
//! # plangate:ignore[open-ingress]
//! resource "aws_security_group" "bastion" {}
//! ```
//!
//! ## Instead
//! ```hcl
//! # plangate:ignore[open-ingress] the bastion is the one way in, see ADR 12
//! resource "aws_security_group" "bastion" {}
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;

/// The rule's options. It has no hook: applying the suppressions finds what it reports.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnexplainedSuppression {}

impl Rule for UnexplainedSuppression {}
