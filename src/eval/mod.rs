//! One evaluator for every HCL expression there is: Terraform's, Terragrunt's, policies'.
//!
//! [`Evaluator`] walks an expression of a [`Tree`](crate::syntax::Tree). What names mean is the [`Scope`]'s business, what lies on disk
//! the [`World`]'s. An error is recorded in the [`Log`] and the evaluation goes on with what does not hang on it, so
//! that all errors of an expression are found; [`Failed`] says "reported already".

mod bounds;
mod call;
mod collection;
mod conditional;
mod constraint;
mod equality;
mod evaluator;
pub mod functions;
mod iteration;
mod operation;
mod problem;
mod reference;
mod render;
mod scope;
mod template;

pub use constraint::{ConstraintLog, constraint};
pub use equality::equal;
pub use evaluator::Evaluator;
pub use problem::{Failed, Log, Problem};
pub use scope::{Access, Dialect, Frame, Reference, Resolved, Scope, World};

#[cfg(test)]
mod tests;
