use arcstr::ArcStr;

use super::{InstanceId, RootId};
use crate::eval;

/// What kind of thing is wrong: which rule speaks of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ProblemKind {
    /// The text is no HCL or JSON, or a block, label or argument is none of the language.
    Syntax,
    /// A name that is not declared, or a reference of a wrong form.
    Reference,
    /// A call that does not fit its module: missing or unknown arguments, wrong types, no such source.
    Call,
    /// An expression fails.
    Expression,
    /// Values hang on one another in a circle, whatever they are.
    Circle,
    /// The same thing is declared twice.
    Duplicate,
    /// A validation, precondition or postcondition does not hold.
    Condition,
    /// A sensitive value leaves through an output of a root module that does not say so.
    Exposure,
    /// A `required_version` that no current version fits.
    Version,
    /// A `check` does not hold: Terraform only warns.
    Check,
    /// Something would become an error, or is ignored: Terraform only warns.
    Warning,
}

/// Something wrong with the configuration.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// What and where.
    pub problem: eval::Problem,
    /// The instances in which it shows, sorted; empty where it needs no evaluation to be seen.
    pub contexts: Vec<Context>,
}

/// Where in an evaluation a problem shows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Context {
    /// The root.
    pub root: RootId,
    /// The module instance in it.
    pub instance: InstanceId,
    /// The whole address of the resource instance.
    pub resource: Option<ArcStr>,
}
