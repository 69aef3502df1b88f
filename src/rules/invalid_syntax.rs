//! A file cannot be read as what it should be: the text is no HCL or JSON, or a block, a label or an argument is none of
//! the language.
//!
//! ## Why
//! Terraform refuses the whole module. What stands around the mistake is checked all the same.
//!
//! ## Example
//! ```hcl
//! resource "aws_sqs_queue" "orders" {
//!   name = 'orders'
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_sqs_queue" "orders" {
//!   name = "orders"
//! }
//! ```
//!
//! ## Not found
//! Files that end in `.hcl`, that no Terragrunt unit reads, and that are neither `root.hcl` nor called `terragrunt`: other
//! programs have such files too.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;
use crate::source::{FileKind, split};

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvalidSyntax {}

impl Rule for InvalidSyntax {
    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let ours = file.file.configures || is_terragrunt(&file.source.path);
        if file.file.kind != Some(FileKind::Terragrunt) || ours {
            problems::of_file(file, ProblemKind::Syntax, sink);
        }
        Ok(())
    }
}

/// Whether a file is Terragrunt's by its name: many programs have files that end in `.hcl`, in dialects of their own.
fn is_terragrunt(path: &str) -> bool {
    let name = split(path).1;
    name.starts_with("terragrunt.") || name == "root.hcl"
}
