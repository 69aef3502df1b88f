use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::{
    Backend, Call, Check, Import, Local, Mode, Moved, Output, Provider, Removed, RequiredProvider,
    RequiredVersion, Resource, Variable,
};
use crate::source::FileId;

/// Names one module directory of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

/// A directory with configuration, as it is written: its symbol table. Override files are merged in.
///
/// Each list is in the order of the files' names and of the text; of declarations that share a name, only the first
/// is found by it (the others are problems).
#[derive(Debug)]
pub struct Module {
    /// Its id.
    pub id: ModuleId,
    /// The directory, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// The configuration files: ordinary ones, then overrides, each by name. Those shadowed are not among them.
    pub files: Vec<FileId>,
    /// The files with variable values that are read without being asked for, later wins.
    pub auto_variables: Vec<FileId>,
    /// `variable`
    pub variables: Vec<Variable>,
    /// `locals`
    pub locals: Vec<Local>,
    /// `resource`, `data`, `ephemeral`
    pub resources: Vec<Resource>,
    /// `output`
    pub outputs: Vec<Output>,
    /// `module`
    pub calls: Vec<Call>,
    /// `provider`
    pub providers: Vec<Provider>,
    /// `terraform.required_providers`
    pub required_providers: Vec<RequiredProvider>,
    /// `terraform.required_version`
    pub required_versions: Vec<RequiredVersion>,
    /// `terraform.backend`, `terraform.cloud`
    pub backends: Vec<Backend>,
    /// `moved`
    pub moved: Vec<Moved>,
    /// `removed`
    pub removed: Vec<Removed>,
    /// `import`
    pub imports: Vec<Import>,
    /// `check`
    pub checks: Vec<Check>,
    /// The number of what is laid over the module in its directory, if that is what makes it. Such modules come behind all
    /// others, and only as what units are run with.
    pub layered: Option<u32>,
    /// Another module of the tree calls it.
    pub called: bool,
    /// Broken syntax in another module of the tree names its directory: it may be a call.
    pub perhaps_called: bool,
    pub(crate) names: Names,
}

/// Declarations by name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) variables: FxHashMap<ArcStr, u32>,
    pub(crate) locals: FxHashMap<ArcStr, u32>,
    pub(crate) outputs: FxHashMap<ArcStr, u32>,
    pub(crate) calls: FxHashMap<ArcStr, u32>,
    /// By type, then name; one table for each mode.
    pub(crate) resources: [FxHashMap<ArcStr, FxHashMap<ArcStr, u32>>; 3],
}

impl Module {
    /// An empty module.
    #[must_use]
    pub(crate) fn new(id: ModuleId, dir: ArcStr) -> Self {
        Self {
            id,
            dir,
            files: Vec::new(),
            auto_variables: Vec::new(),
            variables: Vec::new(),
            locals: Vec::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            calls: Vec::new(),
            providers: Vec::new(),
            required_providers: Vec::new(),
            required_versions: Vec::new(),
            backends: Vec::new(),
            moved: Vec::new(),
            removed: Vec::new(),
            imports: Vec::new(),
            checks: Vec::new(),
            layered: None,
            called: false,
            perhaps_called: false,
            names: Names::default(),
        }
    }

    /// The variable of that name, as an index of `variables`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.names.variables.get(name).map(|&index| index as usize)
    }

    /// The local of that name, as an index of `locals`.
    #[must_use]
    pub fn local(&self, name: &str) -> Option<usize> {
        self.names.locals.get(name).map(|&index| index as usize)
    }

    /// The output of that name, as an index of `outputs`.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<usize> {
        self.names.outputs.get(name).map(|&index| index as usize)
    }

    /// The call of that name, as an index of `calls`.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<usize> {
        self.names.calls.get(name).map(|&index| index as usize)
    }

    /// The resource of that mode, type and name, as an index of `resources`.
    #[must_use]
    pub fn resource(&self, mode: Mode, ty: &str, name: &str) -> Option<usize> {
        self.names.resources[mode as usize].get(ty)?.get(name).map(|&index| index as usize)
    }
}
