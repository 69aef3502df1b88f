use arcstr::ArcStr;

use super::{Model, ModuleId, ReadSet, RootId};
use crate::eval;
use crate::source::{FileId, Location};
use crate::syntax::BodyId;
use crate::value::Value;

/// A Terragrunt unit, evaluated.
#[derive(Debug)]
pub struct Unit {
    /// Its directory, relative to the repository, `.` for its top. One that a stack would generate need not exist.
    pub dir: ArcStr,
    /// Its own file; of a generated unit, the one that it is a copy of.
    pub file: FileId,
    /// It was asked for, or the stack that generates it; others are there for what they have to do with those.
    pub asked: bool,
    /// The files that are parts of its configuration beside its own: what it includes, and what a stack adds.
    pub parts: Vec<FileId>,
    /// The directory of the stack that generates it, if one does.
    pub stack: Option<ArcStr>,
    /// What it includes, in the order of the text.
    pub includes: Vec<UnitInclude>,
    /// Its `dependency` blocks, those of what it includes among them; one for each label, sorted by it.
    pub dependencies: Vec<UnitDependency>,
    /// What `dependencies` put before it, in the order of the text.
    pub orders: Vec<UnitOrder>,
    /// The directories of all that it depends on, in whatever way, sorted.
    pub after: Vec<ArcStr>,
    /// All that it says, merged with what it includes: an object by the names of attributes and blocks, labelled blocks by
    /// their labels.
    pub configuration: Value,
    /// The directories of the units that use its outputs, sorted.
    pub used_by: Vec<ArcStr>,
    /// It, evaluated with the module that it comes from.
    pub root: Option<RootId>,
    /// The module that it is evaluated with: that of its `source`, or its own.
    pub module: Option<ModuleId>,
    /// Why there is no such module, in words that group well; `None` if there is one, or none is wanted.
    pub unavailable: Option<String>,
    /// What its evaluation read.
    pub reads: ReadSet,
    /// Terragrunt would refuse it: something in its files is wrong.
    pub refused: bool,
    /// It is there for others: for stacks to make copies of, which get values, or for units to include. Where it is, it is not
    /// meant to be run.
    pub template: bool,
}

/// An `include` of a unit.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitInclude {
    /// Its label; empty if it has none.
    pub label: ArcStr,
    /// The included file, relative to the repository; `None` if it is not known.
    pub path: Option<ArcStr>,
    /// That file, if it was read.
    pub file: Option<FileId>,
    /// `no_merge`, `shallow` or `deep`.
    pub merge_strategy: &'static str,
    /// Whether its configuration can be read.
    pub expose: bool,
    /// Where it stands.
    pub header: Location,
}

/// A `dependency` of a unit.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitDependency {
    /// Its label.
    pub label: ArcStr,
    /// The directory of the unit or stack that it leads to; `None` if it is not known, or lies elsewhere.
    pub path: Option<ArcStr>,
    /// It is not switched off.
    pub enabled: bool,
    /// Where it stands.
    pub header: Location,
}

/// A path of `dependencies`.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitOrder {
    /// The directory that it leads to.
    pub path: ArcStr,
    /// Where it was written.
    pub at: Location,
}

/// Units that depend on one another in a circle.
#[derive(Clone, PartialEq, Debug)]
pub struct Circle {
    /// The way round: each depends on the next, and the last on the first.
    pub way: Vec<CircleStep>,
    /// The directories of the units that cannot be run for it: those on it, and those that use their outputs. Sorted.
    pub units: Vec<ArcStr>,
}

/// A unit on a [`Circle`].
#[derive(Clone, PartialEq, Debug)]
pub struct CircleStep {
    /// Its directory.
    pub unit: ArcStr,
    /// Where it says that it depends on the next.
    pub at: Location,
}

/// A Terragrunt stack.
#[derive(Debug)]
pub struct UnitStack {
    /// Its directory, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// Its file.
    pub file: FileId,
    /// The directory of the stack that generates it, if one does.
    pub stack: Option<ArcStr>,
    /// The directories of the units and stacks that it generates.
    pub generates: Vec<ArcStr>,
    /// The units and stacks that it generates, sorted by directory.
    pub components: Vec<StackComponent>,
    /// What its evaluation read.
    pub reads: ReadSet,
    /// What could not be generated because its source is not at hand: where it stands, and the source.
    pub unavailable: Vec<(Location, ArcStr)>,
    /// Terragrunt would refuse it.
    pub refused: bool,
    /// It is there for other stacks to make copies of.
    pub template: bool,
}

/// A unit or stack that a stack generates.
#[derive(Clone, Debug)]
pub struct StackComponent {
    /// Its name.
    pub name: ArcStr,
    /// It is a unit.
    pub is_unit: bool,
    /// Where it is generated, relative to the repository.
    pub dir: ArcStr,
    /// The directory that it is a copy of, if that lies in the repository; its top is the empty path.
    pub source: Option<ArcStr>,
    /// Where its block stands.
    pub header: Location,
    /// What stands in its block.
    pub body: BodyId,
    /// The values that the stack gives it; `None` if it gives none.
    pub values: Option<Value>,
}

/// What makes Terragrunt refuse a unit or a stack: which rule speaks of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum RefusalKind {
    /// Something in its files is wrong.
    Configuration,
    /// There is no unit where one of its dependencies leads.
    Target,
    /// It reads a value that it is not given.
    Values,
}

/// Something that makes Terragrunt refuse a unit or a stack.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// What kind of thing.
    pub kind: RefusalKind,
    /// What and where.
    pub problem: eval::Problem,
    /// The directories of the units and stacks, sorted.
    pub units: Vec<ArcStr>,
}

impl Unit {
    /// An attribute or block of its configuration; `None` if it is not written.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.configuration.get(name).filter(|value| !value.is_null())
    }

    /// `terraform.source`
    #[must_use]
    pub fn source(&self) -> Option<&Value> {
        self.get("terraform")?.get("source").filter(|source| !source.is_null())
    }

    /// `inputs`
    #[must_use]
    pub fn inputs(&self) -> Option<&Value> {
        self.get("inputs")
    }
}

impl Model {
    /// The unit in that directory.
    #[must_use]
    pub fn unit(&self, dir: &str) -> Option<&Unit> {
        let at = self.units.binary_search_by(|unit| unit.dir.as_str().cmp(dir)).ok()?;
        self.units.get(at)
    }

    /// The stack in that directory.
    #[must_use]
    pub fn stack(&self, dir: &str) -> Option<&UnitStack> {
        let at = self.stacks.binary_search_by(|stack| stack.dir.as_str().cmp(dir)).ok()?;
        self.stacks.get(at)
    }

    /// What a stack says of the unit or stack in that directory, if one generates it.
    #[must_use]
    pub fn component(&self, dir: &str) -> Option<&StackComponent> {
        let of_unit = self.unit(dir).and_then(|unit| unit.stack.as_ref());
        let stack = of_unit.or_else(|| self.stack(dir)?.stack.as_ref())?;
        let components = &self.stack(stack)?.components;
        let at = components.binary_search_by(|component| component.dir.as_str().cmp(dir)).ok()?;
        components.get(at)
    }

    pub(crate) fn unit_mut(&mut self, dir: &str) -> Option<&mut Unit> {
        let at = self.units.binary_search_by(|unit| unit.dir.as_str().cmp(dir)).ok()?;
        self.units.get_mut(at)
    }

    /// The units that use outputs of the one in that directory, and those that use theirs, nearest first.
    #[must_use]
    pub fn users_of(&self, dir: &str) -> Vec<&Unit> {
        let mut found: Vec<&Unit> = Vec::new();
        let mut next: Vec<&Unit> = self.unit(dir).into_iter().collect();
        while !next.is_empty() {
            let users = next.iter().flat_map(|unit| &unit.used_by).filter_map(|user| self.unit(user));
            let mut new: Vec<&Unit> = Vec::new();
            for user in users {
                let known = |other: &&Unit| other.dir == user.dir;
                if user.dir != dir && !found.iter().any(known) {
                    found.push(user);
                    new.push(user);
                }
            }
            next = new;
        }
        found
    }

    /// Whether the unit or stack in that directory is there for others, and not meant to be run where it is.
    #[must_use]
    pub fn is_template(&self, dir: &str) -> bool {
        self.unit(dir).is_some_and(|unit| unit.template)
            || self.stack(dir).is_some_and(|stack| stack.template)
    }

    /// What stands in a file and makes Terragrunt refuse units.
    pub fn refusals_in(&self, file: FileId) -> impl Iterator<Item = &Refusal> {
        let of = |refusal: &Refusal| refusal.problem.location.map(|location| location.file);
        let from = self.refusals.partition_point(|refusal| of(refusal) < Some(file));
        self.refusals.iter().skip(from).take_while(move |refusal| of(refusal) == Some(file))
    }
}
