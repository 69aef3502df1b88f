//! A suppression that matches no finding.
//!
//! ## Why
//! What it suppressed has been mended or has moved, and the comment would silently cover the next mistake.
//!
//! A suppression covers findings whose primary location begins in its reach: the comment's own line if it stands at a
//! line's end; else the block, the attribute or the element of a list that begins on the next line; in JSON the object that
//! it is a member of. A finding that begins in a variable's default is suppressed there and not at the resource; the help
//! says so where it can. Rules that did not run are not judged.
//!
//! ## Example
//! ```hcl
//! # plangate:ignore[open-ingress] the bastion is the one way in
//! resource "aws_security_group" "closed" {}
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_security_group" "closed" {}
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rule;

/// The rule's options. It has no hook: applying the suppressions finds what it reports.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnusedSuppression {}

impl Rule for UnusedSuppression {}
