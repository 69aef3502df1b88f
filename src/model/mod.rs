//! What rules see: the declarations of every module directory, and every root evaluated, instance by instance.
//!
//! A [`Module`] is one directory, once, as it is written: the symbol table. A [`Root`] is one evaluation of a root
//! module (under one variant); it holds a [`ModuleInstance`] for each time a module is called in it, and those hold the
//! [`ResourceInstance`]s. Everything is addressed by small ids; nothing here reads files or evaluates.

mod body;
mod declaration;
mod enclosing;
mod file;
mod input_key;
mod instance;
mod interface;
mod lock;
mod module;
mod output_use;
mod problem;
mod reads;
mod secrets;
mod story;
mod unit;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

pub use body::{Argument, BlockAt, Body, ExprAt};
pub use declaration::{
    Backend, Call, Check, Condition, Import, Local, Mode, Moved, Named, Output, Provider, Removed,
    RequiredProvider, RequiredVersion, Resource, Variable,
};
pub use file::File;
pub use input_key::InputKey;
pub use instance::{
    Beyond, BlockInstance, CallInstance, ConditionInstance, Given, InstanceId, Key, ModuleInstance,
    OutputValue, ResourceInstance, Root, RootId, Target, Verdict,
};
pub use interface::Interface;
pub use lock::{Lock, Locked, ProviderAddress};
pub use module::{Module, ModuleId};
pub use output_use::{Guard, OutputUse, UseStep};
pub use problem::{Context, Problem, ProblemKind};
pub use reads::{Read, ReadSet};
pub use story::{Step, StepKind};
pub use unit::{
    Circle, CircleStep, Refusal, RefusalKind, StackComponent, Unit, UnitDependency, UnitInclude, UnitOrder,
    UnitStack,
};

use crate::finding::Place;
use crate::source::{FileId, Location, ReadError, Sources};
use crate::syntax::{ExprId, ExprKind, Tree};
use crate::value::Origin;

/// All that a run knows about its Terraform modules.
#[derive(Debug, Default)]
pub struct Model {
    /// Every file that was read, by id.
    pub sources: Sources,
    /// What each file is, by id.
    pub files: Vec<File>,
    /// What could not be read, and why, by path.
    pub unread: Vec<(String, ReadError)>,
    /// The revisions of other repositories that modules were read from, by the paths that they are known by.
    pub revisions: Vec<String>,
    /// Every directory that holds configuration, sorted by path.
    pub modules: Vec<Module>,
    /// Every root module, evaluated; sorted by directory, then variant.
    pub roots: Vec<Root>,
    /// Every Terragrunt unit, sorted by directory.
    pub units: Vec<Unit>,
    /// Every Terragrunt stack, sorted by directory.
    pub stacks: Vec<UnitStack>,
    /// Why Terragrunt refuses units and stacks, sorted by place in the source.
    pub refusals: Vec<Refusal>,
    /// The names of inputs that files of units and stacks read of others.
    pub inputs_read: FxHashSet<ArcStr>,
    /// Units that depend on one another in circles.
    pub circles: Vec<Circle>,
    /// The test files among the files.
    pub tests: Vec<FileId>,
    /// The dependency lock files of what plans are of, by directory.
    pub locks: FxHashMap<ArcStr, Lock>,
    /// What is wrong, sorted by place in the source. Equal problems of several instances are one.
    pub problems: Vec<Problem>,
}

impl Model {
    /// The syntax of a file; `None` for what is no configuration (a template, a text).
    #[must_use]
    pub fn tree(&self, file: FileId) -> Option<&Tree> {
        self.files.get(file.0 as usize)?.tree.as_deref()
    }

    /// The files of a module's directory, of whatever kind: they were read together, and got their ids together.
    pub fn files_beside(&self, module: &Module) -> impl Iterator<Item = FileId> {
        let first = module.files.first().map_or(0, |file| file.0 as usize);
        let is_beside = |file: &File| file.dir == module.dir;
        let before = self.files.get(..first).unwrap_or_default();
        let start = first - before.iter().rev().take_while(|file| is_beside(file)).count();
        let beside = self.files.get(start..).unwrap_or_default();
        let end = start + beside.iter().take_while(|file| is_beside(file)).count();
        (start..end).map(|index| FileId(index as u32))
    }

    /// Whether a file belongs to another repository: to a revision of one, to what lies beside this one, or to what
    /// Terragrunt has downloaded.
    #[must_use]
    pub fn is_foreign(&self, file: FileId) -> bool {
        let path = self.sources.get(file).path.as_str();
        path.starts_with("../")
            || path.contains(".terragrunt-cache/")
            || self.revisions.iter().any(|revision| is_below(path, revision))
    }

    /// The module of that id.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The module in that directory.
    #[must_use]
    pub fn module_at(&self, dir: &str) -> Option<&Module> {
        // Layered ones come behind, then those without files, of plans alone, in no order.
        let plain = |module: &Module| !module.files.is_empty() && module.layered.is_none();
        let written = self.modules.partition_point(plain);
        let modules = self.modules.get(..written)?;
        let at = modules.binary_search_by(|module| module.dir.as_str().cmp(dir)).ok()?;
        modules.get(at)
    }

    /// The modules that are made of the one in that directory by what is laid over it for units.
    pub fn layered_at<'m>(&'m self, dir: &'m str) -> impl Iterator<Item = &'m Module> {
        let from = self.modules.partition_point(|module| {
            !module.files.is_empty() && (module.layered.is_none() || module.dir.as_str() < dir)
        });
        let rest = self.modules.get(from..).unwrap_or_default().iter();
        rest.take_while(move |module| module.layered.is_some() && module.dir.as_str() == dir)
    }

    /// The root of that id.
    #[must_use]
    pub fn root(&self, id: RootId) -> &Root {
        &self.roots[id.0 as usize]
    }

    /// All roots with their ids.
    pub fn roots(&self) -> impl Iterator<Item = (RootId, &Root)> {
        self.roots.iter().enumerate().map(|(index, root)| (RootId(index as u32), root))
    }

    /// Where an expression stands.
    #[must_use]
    pub fn location(&self, at: ExprAt) -> Location {
        let span = self.tree(at.file).map(|tree| tree.span(at.expr)).unwrap_or_default();
        Location::new(at.file, span)
    }

    /// Where the header of a block stands (its type and labels).
    #[must_use]
    pub fn header(&self, at: BlockAt) -> Location {
        let span = self.tree(at.file).map(|tree| tree.block(at.block).header).unwrap_or_default();
        Location::new(at.file, span)
    }

    /// Whether the block of a declaration may hold more than was read of it, for an error in its syntax.
    #[must_use]
    pub fn is_damaged(&self, named: &Named) -> bool {
        self.tree(named.file)
            .is_some_and(|tree| tree.damage().iter().any(|damaged| damaged.contains(named.header)))
    }

    /// The expression that an origin names.
    #[must_use]
    pub fn expression(&self, origin: Origin) -> Option<ExprAt> {
        let number = origin.number();
        if number == 0 {
            return None;
        }
        // Files got their numbers in the order of their ids; those without a tree hold the number of the next.
        let after = self.files.partition_point(|file| file.origin_base <= number);
        let (index, file) =
            self.files[..after].iter().enumerate().rev().find(|(_, file)| file.tree.is_some())?;
        let expr = number - file.origin_base;
        let tree = file.tree.as_ref()?;
        (expr < tree.expr_count()).then_some(ExprAt { file: FileId(index as u32), expr: ExprId(expr) })
    }

    /// Where an origin stands.
    #[must_use]
    pub fn locate(&self, origin: Origin) -> Option<Location> {
        self.expression(origin).map(|at| self.location(at))
    }

    /// Where the key stands of the object's entry whose value an origin names.
    #[must_use]
    pub fn key_of(&self, origin: Origin) -> Option<Location> {
        let at = self.expression(origin)?;
        let tree = self.tree(at.file)?;
        let objects = (0..tree.expr_count()).filter_map(|expr| match tree.kind(ExprId(expr)) {
            ExprKind::Object(list) => Some(list),
            _ => None,
        });
        let key = objects.flat_map(|list| tree.pairs(list)).find(|(_, value)| *value == at.expr)?.0;
        Some(Location::new(at.file, tree.span(key)))
    }

    /// What a finding about `resource` (or about the module instance, without one) says it is about. The root's
    /// directory tells apart what has one address in several roots.
    #[must_use]
    pub fn place(&self, root: RootId, instance: InstanceId, resource: Option<ArcStr>) -> Place {
        let root = self.root(root);
        let module = root.instances.get(instance.0 as usize).map(|instance| instance.address.clone());
        let resource = resource.or(module.filter(|address| !address.is_empty()));
        let directory = match root.unit {
            Some(_) => self.module(root.module).dir.clone(),
            None => root.scope.clone(),
        };
        Place { unit: root.unit.clone(), module: Some(directory), resource, attribute: None }
    }
}

fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}
