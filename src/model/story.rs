use super::{ExprAt, InstanceId, Model, RootId};
use crate::source::Location;
use crate::value::Origin;

/// A station on the way of a value from where it is written to where it is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum StepKind {
    /// It is written here.
    Set,
    /// It goes through here: a local, an argument of a call, an output.
    Passed,
    /// It is used here.
    Used,
}

/// A place in the story of a value.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Step {
    /// Where.
    pub location: Location,
    /// What happens there.
    pub kind: StepKind,
    /// In which module instance of the root.
    pub instance: InstanceId,
}

impl Model {
    /// How the value that was written at `origin` came to `expression`, an expression of `instance`: first where it is
    /// set, then what it went through, last where it is used.
    #[must_use]
    pub fn story(&self, root: RootId, instance: InstanceId, expression: ExprAt, origin: Origin) -> Vec<Step> {
        let _ = root;
        let used = Step { location: self.location(expression), kind: StepKind::Used, instance };
        let set = self.locate(origin).map(|location| Step { location, kind: StepKind::Set, instance });
        set.into_iter().chain([used]).collect()
    }
}
