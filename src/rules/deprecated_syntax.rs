//! Something is written as old versions of the language wanted it.
//!
//! Each finding stands at the very bytes, and says what to write in their place. A type in quotes is refused by now: that
//! is an error, however severe the rule is elsewhere. It is told here alone; where this rule is off, or does not look
//! for `quoted_type`, `invalid-syntax` tells it.
//!
//! ## Why
//! Old forms still work, some of them only by grace. They hide what is going on (`"${var.x}"` looks like text and need
//! not be any), and the next reader copies them.
//!
//! ## Example
//! ```hcl
//! variable "zones" {
//!   type = "list"
//! }
//!
//! resource "aws_subnet" "private" {
//!   count             = "${length(var.zones)}"
//!   availability_zone = element(var.zones, count.index)
//!   depends_on        = ["aws_vpc.main"]
//! }
//!
//! output "ids" {
//!   value = aws_subnet.private.*.id
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "zones" {
//!   type = list(string)
//! }
//!
//! resource "aws_subnet" "private" {
//!   count             = length(var.zones)
//!   availability_zone = element(var.zones, count.index)
//!   depends_on        = [aws_vpc.main]
//! }
//!
//! output "ids" {
//!   value = aws_subnet.private[*].id
//! }
//! ```
//!
//! ## Not found
//! In the JSON form a reference must be quoted and interpolated, so only old splats, indexes and types count there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::old_form::{self, Kind};
use super::{FileSubject, Rule, Sink, Verdict};
use crate::finding::Severity;
use crate::source::{FileKind, is_json};

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DeprecatedSyntax {
    /// Which old forms to report.
    kinds: Vec<Kind>,
}

impl Default for DeprecatedSyntax {
    fn default() -> Self {
        Self { kinds: Kind::ALL.to_vec() }
    }
}

impl Rule for DeprecatedSyntax {
    fn file(&self, subject: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let module = match subject.file.kind {
            Some(FileKind::Module | FileKind::Override) => true,
            Some(FileKind::Variables(_) | FileKind::Test) => false,
            _ => return Ok(()),
        };
        let Some(tree) = subject.tree() else { return Ok(()) };
        for found in old_form::in_file(tree, module, is_json(&subject.source.path)) {
            if self.kinds.contains(&found.kind) {
                let help = found.replacement.map(|text| format!("write `{text}`"));
                let report = sink
                    .report(subject.at(found.span), found.kind.message())
                    .help(help.unwrap_or_else(|| found.kind.help().to_owned()))
                    .fact(found.kind.name());
                if found.kind.is_refused() {
                    report.at_least(Severity::Error).standing_for("invalid-syntax");
                }
            }
        }
        Ok(())
    }
}
