use arcstr::ArcStr;

use super::{Action, Sides};

/// What becomes of an output of the root module.
#[derive(Clone, Debug)]
pub struct OutputChange {
    /// Its name.
    pub name: ArcStr,
    /// What will be done.
    pub action: Action,
    /// Its value before and after.
    pub sides: Sides,
}
