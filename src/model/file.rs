use arcstr::ArcStr;

use crate::source::FileKind;
use crate::syntax::Tree;

/// A file of the run.
#[derive(Debug)]
pub struct File {
    /// What it is; `None` for what is no file of ours (a template, the command line).
    pub kind: Option<FileKind>,
    /// The directory it lies in, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// Its syntax, if it has one.
    pub tree: Option<Tree>,
    /// The origin number of its first expression.
    pub origin_base: u32,
    /// An OpenTofu file beside it takes its place (`main.tofu` that of `main.tf`).
    pub shadowed: bool,
    /// It was asked for: findings stand in these only.
    pub selected: bool,
}

impl File {
    /// Whether it is no file, but a text that was given: as an argument, in a variable of the environment.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.kind.is_none() && self.tree.is_some()
    }
}
