//! A suppression whose last day has passed.
//!
//! ## Why
//! Once its day has passed (in UTC; the day itself still counts), a suppression suppresses nothing. The findings are back,
//! and this one says why. Mend what was suppressed, or decide on another day and say why.
//!
//! ## Example
//! ```hcl
//! # plangate:ignore[open-ingress, expires=2020-03-31] until the VPN is there
//! resource "aws_security_group" "bastion" {}
//! ```
//!
//! ## Instead
//! ```hcl
//! # plangate:ignore[open-ingress, expires=2099-03-31] until the VPN is there
//! resource "aws_security_group" "bastion" {}
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;

/// The rule's options. It has no hook: applying the suppressions finds what it reports.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExpiredSuppression {}

impl Rule for ExpiredSuppression {}
