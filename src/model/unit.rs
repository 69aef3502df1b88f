use arcstr::ArcStr;

use super::{Model, ReadSet};
use crate::eval;
use crate::source::{FileId, Location};
use crate::value::Value;

/// A Terragrunt unit, evaluated.
#[derive(Debug)]
pub struct Unit {
    /// Its directory, relative to the repository, `.` for its top. One that a stack would generate need not exist.
    pub dir: ArcStr,
    /// Its own file; of a generated unit, the one that it is a copy of.
    pub file: FileId,
    /// The directory of the stack that generates it, if one does.
    pub stack: Option<ArcStr>,
    /// What it includes, in the order of the text.
    pub includes: Vec<UnitInclude>,
    /// Its `dependency` blocks, those of what it includes among them; one for each label, sorted by it.
    pub dependencies: Vec<UnitDependency>,
    /// The directories of all that it depends on, in whatever way, sorted.
    pub after: Vec<ArcStr>,
    /// All that it says, merged with what it includes: an object by the names of attributes and blocks, labelled blocks by
    /// their labels.
    pub configuration: Value,
    /// What its evaluation read.
    pub reads: ReadSet,
    /// Terragrunt would refuse it: something in its files is wrong.
    pub refused: bool,
}

/// An `include` of a unit.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitInclude {
    /// Its label; empty if it has none.
    pub label: ArcStr,
    /// The included file, relative to the repository; `None` if it is not known.
    pub path: Option<ArcStr>,
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

/// A Terragrunt stack.
#[derive(Debug)]
pub struct UnitStack {
    /// Its directory, relative to the repository, `.` for its top.
    pub dir: ArcStr,
    /// Its file.
    pub file: FileId,
    /// The directories of the units and stacks that it generates.
    pub generates: Vec<ArcStr>,
    /// What could not be generated because its source is not at hand: where it stands, and the source.
    pub unavailable: Vec<(Location, ArcStr)>,
    /// Terragrunt would refuse it.
    pub refused: bool,
}

/// Something that makes Terragrunt refuse a unit or a stack.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
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

    /// What stands in a file and makes Terragrunt refuse units.
    pub fn refusals_in(&self, file: FileId) -> impl Iterator<Item = &Refusal> {
        let of = |refusal: &Refusal| refusal.problem.location.map(|location| location.file);
        let from = self.refusals.partition_point(|refusal| of(refusal) < Some(file));
        self.refusals.iter().skip(from).take_while(move |refusal| of(refusal) == Some(file))
    }
}
