use arcstr::ArcStr;

use super::{BlockAt, Body, ExprAt};
use crate::source::{FileId, Location, Span};
use crate::value::{Constraint, Value};

/// The name of a declaration, and where it is declared.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    /// The name.
    pub name: ArcStr,
    /// The file.
    pub file: FileId,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the declaration's header stands: where findings about it point.
    pub header: Span,
}

impl Named {
    /// Where the name stands.
    #[must_use]
    pub fn name_location(&self) -> Location {
        Location::new(self.file, self.name_span)
    }

    /// Where the declaration's header stands.
    #[must_use]
    pub fn location(&self) -> Location {
        Location::new(self.file, self.header)
    }
}

/// A rule that a declaration states about itself: `validation`, `precondition`, `postcondition`, `assert`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Condition {
    /// The block.
    pub block: BlockAt,
    /// What must be true.
    pub condition: Option<ExprAt>,
    /// What to say if it is not.
    pub message: Option<ExprAt>,
}

/// `variable "name" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Variable {
    /// Its name.
    pub named: Named,
    /// What stands in it.
    pub body: Body,
    /// Its type; `None` if none is written, or none that can be read.
    pub constraint: Option<Constraint>,
    /// `default`
    pub default: Option<ExprAt>,
    /// Its value, converted to the type; `None` if there is none, or none that fits.
    pub default_value: Option<Value>,
    /// `nullable` (true if not written).
    pub nullable: bool,
    /// `sensitive`
    pub sensitive: bool,
    /// `ephemeral`
    pub ephemeral: bool,
    /// `validation` blocks.
    pub validations: Vec<Condition>,
}

/// `name = value` in a `locals` block.
#[derive(Clone, PartialEq, Debug)]
pub struct Local {
    /// Its name.
    pub named: Named,
    /// Its value.
    pub value: ExprAt,
}

/// `output "name" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Output {
    /// Its name.
    pub named: Named,
    /// What stands in it.
    pub body: Body,
    /// `value`
    pub value: Option<ExprAt>,
    /// `sensitive`
    pub sensitive: bool,
    /// `ephemeral`
    pub ephemeral: bool,
    /// `precondition` blocks.
    pub preconditions: Vec<Condition>,
}

/// Which of the three a resource is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Mode {
    /// `resource`
    Managed,
    /// `data`
    Data,
    /// `ephemeral`
    Ephemeral,
}

impl Mode {
    /// What its addresses begin with: nothing, `data.`, `ephemeral.`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Managed => "",
            Self::Data => "data.",
            Self::Ephemeral => "ephemeral.",
        }
    }

    /// Its block type; also how machine output names it.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Managed => "resource",
            Self::Data => "data",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// `resource "type" "name" { … }`, `data`, `ephemeral`.
#[derive(Clone, PartialEq, Debug)]
pub struct Resource {
    /// Which of the three.
    pub mode: Mode,
    /// Its type: `aws_instance`.
    pub ty: ArcStr,
    /// Where the type stands.
    pub type_span: Span,
    /// Its name.
    pub named: Named,
    /// What stands in it; the language's own arguments and blocks are among these.
    pub body: Body,
    /// The arguments and blocks of its `lifecycle` blocks.
    pub lifecycle: Body,
    /// `count`
    pub count: Option<ExprAt>,
    /// `for_each`
    pub for_each: Option<ExprAt>,
    /// `provider`
    pub provider: Option<ExprAt>,
    /// `lifecycle.precondition` blocks.
    pub preconditions: Vec<Condition>,
    /// `lifecycle.postcondition` blocks.
    pub postconditions: Vec<Condition>,
    /// The `check` it is nested in, as an index of [`super::Module::checks`].
    pub check: Option<u32>,
}

impl Resource {
    /// Its address inside of its module, without instance key: `aws_instance.web`, `data.aws_ami.base`.
    #[must_use]
    pub fn address(&self) -> String {
        [self.mode.prefix(), &self.ty, ".", &self.named.name].concat()
    }
}

/// `module "name" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Its name.
    pub named: Named,
    /// What stands in it; the language's own arguments are among these.
    pub body: Body,
    /// `source`
    pub source: Option<ExprAt>,
    /// The text of `source`, if it is a literal, or hangs on nothing but what is known before anything is evaluated.
    pub source_text: Option<ArcStr>,
    /// The variables on which that text hangs.
    pub source_inputs: Vec<ArcStr>,
    /// `version`
    pub version: Option<ExprAt>,
    /// The text of `version`; the same holds for it.
    pub version_text: Option<ArcStr>,
    /// `count`
    pub count: Option<ExprAt>,
    /// `for_each`
    pub for_each: Option<ExprAt>,
    /// `providers`
    pub providers: Option<ExprAt>,
    /// The module it calls, where the source is a local path that exists.
    pub local: Option<super::ModuleId>,
    /// Why it leads to no module that can be read, where that is not the call's own fault.
    pub unavailable: Option<String>,
    /// The module it calls, where the source names a revision of another repository that was read.
    pub fetched: Option<super::ModuleId>,
}

impl Call {
    /// The module it calls, as far as that does not hang on who asks: what is installed may differ from root to root,
    /// and a plain directory in a module's place may be another version.
    #[must_use]
    pub fn called(&self) -> Option<super::ModuleId> {
        self.local.or(self.fetched)
    }
}

/// `provider "name" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Provider {
    /// Its local name.
    pub named: Named,
    /// `alias`
    pub alias: Option<ArcStr>,
    /// What stands in it.
    pub body: Body,
    /// `for_each`
    pub for_each: Option<ExprAt>,
}

/// An entry of `required_providers`.
#[derive(Clone, PartialEq, Debug)]
pub struct RequiredProvider {
    /// Its local name.
    pub named: Named,
    /// The entry's value: a version, or an object.
    pub value: ExprAt,
    /// The source address as written.
    pub source: Option<ArcStr>,
    /// The version constraint as written, and where.
    pub version: Option<(ArcStr, ExprAt)>,
    /// The aliases of `configuration_aliases`.
    pub aliases: Vec<ArcStr>,
}

/// `required_version` in a `terraform` block.
#[derive(Clone, PartialEq, Debug)]
pub struct RequiredVersion {
    /// The constraint as written.
    pub text: ArcStr,
    /// Where.
    pub at: ExprAt,
}

/// `backend "type" { … }` or `cloud { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Backend {
    /// The backend's type (`cloud` for the latter).
    pub ty: ArcStr,
    /// The block.
    pub block: BlockAt,
}

/// `moved { from = …, to = … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Moved {
    /// The block.
    pub block: BlockAt,
    /// `from`
    pub from: Option<ExprAt>,
    /// `to`
    pub to: Option<ExprAt>,
}

/// `removed { from = … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Removed {
    /// The block.
    pub block: BlockAt,
    /// `from`
    pub from: Option<ExprAt>,
}

/// `import { to = …, id = … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// The block.
    pub block: BlockAt,
    /// `to`
    pub to: Option<ExprAt>,
    /// `id`
    pub id: Option<ExprAt>,
    /// `for_each`
    pub for_each: Option<ExprAt>,
}

/// `check "name" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// Its name.
    pub named: Named,
    /// What stands in it.
    pub body: Body,
    /// `assert` blocks.
    pub asserts: Vec<Condition>,
}
