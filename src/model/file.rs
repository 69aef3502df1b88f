use arcstr::ArcStr;

use crate::syntax::Tree;

/// What a file is to Terraform, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum FileKind {
    /// `*.tf`, `*.tofu` and their JSON forms.
    Configuration,
    /// The same, named `override.*` or `*_override.*`.
    Override,
    /// `terraform.tfvars`, `*.auto.tfvars` and their JSON forms: read without being asked for.
    AutoVariables,
    /// Any other `*.tfvars`, `*.tfvars.json`: read when named.
    Variables,
    /// `*.tftest.hcl`, `*.tofutest.hcl` and their JSON forms.
    Test,
    /// Anything else.
    Other,
}

/// A file of the run.
#[derive(Debug)]
pub struct File {
    /// What it is.
    pub kind: FileKind,
    /// The directory it lies in, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// Its syntax, if it has one.
    pub tree: Option<Tree>,
    /// The origin number of its first expression.
    pub origin_base: u32,
    /// A later version of the same configuration hides it (`main.tofu` hides `main.tf`).
    pub shadowed: bool,
}
