//! Two states of a tree, compared by what they come to.
//!
//! Files, formatting, comments, names of locals and the ways of values through modules are no change by themselves: units
//! and resources are compared as they were evaluated. What is not known on both sides and is the same unknown has not
//! changed.

mod differences;
mod resources;
mod subjects;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::graph::Affected;
use crate::model::Model;
use differences::Places;

/// What lies between two states of a tree. All lists are sorted by path, then address.
#[derive(Debug, Default)]
pub struct Change {
    /// Units, and root modules that no unit runs, that are not what they were.
    pub units: Vec<UnitChange>,
    /// Resources that are not what they were.
    pub resources: Vec<ResourceChange>,
    /// The files that were read and whose text is another.
    pub files: Vec<FileChange>,
    /// What could not be read on one side or the other, and why: what it holds may have changed unseen.
    pub unread: Vec<Unread>,
}

/// What became of something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It is there, and another.
    Altered,
    /// It is the same, at another place.
    Moved,
}

impl Action {
    /// Its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Altered => "altered",
            Self::Moved => "moved",
        }
    }
}

/// A unit or a root that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitChange {
    /// Its directory; of one that is gone, where it was.
    pub path: ArcStr,
    /// It is a Terragrunt unit; otherwise a root module that no unit runs.
    pub is_unit: bool,
    /// What became of it.
    pub action: Action,
    /// Where it was, if it moved.
    pub from: Option<ArcStr>,
    /// What of its configuration is another: `inputs.size`, `dependency.vpc.config_path`. None where only what it runs has
    /// changed.
    pub attributes: Vec<String>,
}

/// A resource that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResourceChange {
    /// The directory of the unit or root that it belongs to.
    pub unit: ArcStr,
    /// The variant under which it is another, if the root has variants.
    pub variant: Option<ArcStr>,
    /// Its address; of one that is gone, that which it had.
    pub address: ArcStr,
    /// Its type; empty for a call of a module that is not at hand, which stands for all that may be in it.
    pub ty: ArcStr,
    /// What became of it.
    pub action: Action,
    /// The address that it had, if that is another.
    pub from: Option<ArcStr>,
    /// What of it is another: `instance_class`, `ingress[0].cidr_blocks`.
    pub attributes: Vec<String>,
}

/// A file whose text is another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FileChange {
    /// Relative to the repository.
    pub path: String,
    /// What became of it.
    pub action: Action,
}

/// What could not be read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unread {
    /// Relative to the repository.
    pub path: String,
    /// It is the later state that lacks it.
    pub in_head: bool,
    /// Why.
    pub reason: String,
}

/// Where to look for a change.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// The files that are not the same, sorted, and what they can reach in the later state: what is not reached is what it was,
    /// whether or not the earlier state was read so far. `None` if that is not known.
    pub changed: Option<(&'s [ArcStr], &'s Affected)>,
    /// Whether a directory is among those that were asked for.
    pub asked: &'s dyn Fn(&str) -> bool,
}

impl Scope<'_> {
    fn holds_file(&self, path: &str) -> bool {
        let is_changed =
            |changed: &[ArcStr]| changed.binary_search_by(|known| known.as_str().cmp(path)).is_ok();
        self.changed.is_none_or(|(changed, _)| is_changed(changed))
    }
}

impl Change {
    /// What lies between two states of one tree.
    #[must_use]
    pub fn between(base: &Model, head: &Model, scope: &Scope<'_>) -> Self {
        let subjects = subjects::pair(base, head, scope);
        let moved =
            subjects.iter().filter_map(|pair| Some((pair.base.as_ref()?.path, pair.head.as_ref()?.path)));
        let places = Places::new(moved.filter(|(from, to)| from != to).collect());
        let files = files(base, head, scope);
        let mut change = Self { unread: unread(base, head, &files, scope), files, ..Self::default() };
        for pair in &subjects {
            let from = change.resources.len();
            resources::compare(pair, &places, &mut change.resources);
            let reached = change.resources.len() > from;
            change.units.extend(pair.change(&places, reached));
        }
        change.units.sort_by(|a, b| (&a.path, a.is_unit).cmp(&(&b.path, b.is_unit)));
        let key = |it: &ResourceChange| (it.unit.clone(), it.address.clone(), it.variant.clone());
        change.resources.sort_by_cached_key(key);
        change
    }

    /// Whether nothing has changed that is more than text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.resources.is_empty()
    }
}

/// The repository's own files that were read, by path.
fn texts(model: &Model) -> FxHashMap<&str, &str> {
    let files = model.sources.iter().zip(&model.files);
    let own =
        files.filter(|((id, _), file)| !file.is_given() && file.written.is_none() && !model.is_foreign(*id));
    own.map(|((_, source), _)| (source.path.as_str(), &*source.text)).collect()
}

fn files(base: &Model, head: &Model, scope: &Scope<'_>) -> Vec<FileChange> {
    let (before, after) = (texts(base), texts(head));
    let changed = after.iter().filter_map(|(path, text)| match before.get(path) {
        None => Some((*path, Action::Added)),
        Some(known) if known != text => Some((*path, Action::Altered)),
        Some(_) => None,
    });
    let gone = before.keys().filter(|path| !after.contains_key(*path)).map(|path| (*path, Action::Removed));
    let all = changed.chain(gone).filter(|(path, _)| scope.holds_file(path));
    let all = all.map(|(path, action)| FileChange { path: path.to_owned(), action });
    let mut all: Vec<FileChange> = all.collect();
    all.sort();
    all
}

/// What cannot be compared: what was not read, what of changed files is no syntax, what is more than is looked at.
fn unread(base: &Model, head: &Model, changed: &[FileChange], scope: &Scope<'_>) -> Vec<Unread> {
    let has_changed = |path: &str| changed.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
    let of = |model: &Model, in_head| -> Vec<Unread> {
        let told = |path: &str, reason: String| Unread { path: path.to_owned(), in_head, reason };
        let missing = model.unread.iter().filter(|(path, _)| scope.holds_file(path));
        let missing = missing.map(|(path, error)| told(path, error.to_string()));
        let files = model.sources.iter().zip(&model.files);
        let broken = files.filter_map(|((_, source), file)| {
            let broken = file.tree.as_ref().is_some_and(|tree| !tree.errors.is_empty());
            let path = source.path.as_str();
            let reason = "has syntax errors: what stands there is not compared".to_owned();
            (broken && has_changed(path)).then(|| told(path, reason))
        });
        let beyond = model.roots.iter().flat_map(|root| &root.beyond).map(|beyond| {
            let path = &model.sources.get(beyond.at.file).path;
            told(path, format!("declares more than is looked at: {}", beyond.reason))
        });
        missing.chain(broken).chain(beyond).collect()
    };
    let mut all = of(base, false);
    all.extend(of(head, true));
    all.sort();
    all.dedup();
    all
}
