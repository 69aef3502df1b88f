//! An expression cannot be evaluated: a function is called in a wrong way, a type does not fit, a key does not exist.
//!
//! ## Why
//! The plan fails there. It is judged with the values that the roots of the tree pass, through variables and modules, so
//! that it may be the value's fault: the finding says in which of them it fails.
//!
//! ## Example
//! ```hcl
//! locals {
//!   sizes = { small = "t3.micro", large = "t3.large" }
//!   size  = local.sizes["medium"]
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! locals {
//!   sizes = { small = "t3.micro", large = "t3.large" }
//!   size  = local.sizes["large"]
//! }
//! ```
//!
//! ## Not found
//! What fails only with the default of a variable, in a root module that is given no values here, or only if there is an
//! instance of something whose number is not known. It is left undecided;
//! so is a missing archive or package, which may be built before the plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Looks, RootSubject, Rule, Sink, Verdict, problems};
use crate::model::ProblemKind;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InvalidExpression {}

impl Rule for InvalidExpression {
    /// Attributes say nothing to it.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_file(file, ProblemKind::Expression, sink);
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        problems::of_root(root, ProblemKind::Expression, sink);
        problems::of_root(root, ProblemKind::Circle, sink);
        Ok(())
    }
}
