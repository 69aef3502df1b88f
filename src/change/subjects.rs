use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::differences::Places;
use super::{Action, Scope, UnitChange};
use crate::model::{Model, Root, Unit};

/// A unit, or a root that no unit runs, in one state of the tree.
#[derive(Clone)]
pub(super) struct Subject<'m> {
    pub(super) model: &'m Model,
    pub(super) path: &'m str,
    pub(super) unit: Option<&'m Unit>,
    /// What it is evaluated to: once for each of its variants.
    pub(super) roots: Vec<&'m Root>,
}

/// One and the same, before and after.
pub(super) struct Pair<'m> {
    pub(super) base: Option<Subject<'m>>,
    pub(super) head: Option<Subject<'m>>,
}

impl<'m> Subject<'m> {
    /// The text of its own file, by which it is known at another place.
    fn text(&self) -> Option<&'m str> {
        Some(&*self.model.sources.get(self.unit?.file).text)
    }

    /// Whether what it runs lies in the tree: then only what is in it counts, not how the way to it is written.
    fn runs_what_is_here(&self) -> bool {
        let module = self.unit.and_then(|unit| unit.module).map(|id| self.model.module(id));
        module.is_some_and(|module| module.files.iter().all(|&file| !self.model.is_foreign(file)))
    }
}

/// The subjects of two states that may differ, each with what it was before.
pub(super) fn pair<'m>(base: &'m Model, head: &'m Model, scope: &Scope<'_>) -> Vec<Pair<'m>> {
    let mut before = subjects(base, scope);
    let mut after = subjects(head, scope);
    if let Some((_, reached)) = scope.changed {
        after.retain(|&(path, _), _| reached.holds(path));
        // What is there and not reached is as it was; it was read for what hangs on it.
        let units = head.units.iter().map(|unit| (unit.dir.as_str(), true));
        let roots = head.roots.iter().filter(|root| root.unit.is_none());
        let there: FxHashSet<(&str, bool)> =
            units.chain(roots.map(|root| (root.scope.as_str(), false))).collect();
        before.retain(|key, _| after.contains_key(key) || !there.contains(key));
    }
    let mut pairs = Vec::new();
    for (key, head) in after {
        pairs.push(Pair { base: before.remove(&key), head: Some(head) });
    }
    let mut gone: FxHashMap<&str, Vec<Subject<'_>>> = FxHashMap::default();
    for subject in before.into_values() {
        match subject.text() {
            Some(text) => gone.entry(text).or_default().push(subject),
            None => pairs.push(Pair { base: Some(subject), head: None }),
        }
    }
    let mut new: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, pair) in pairs.iter().enumerate() {
        if let (None, Some(text)) = (&pair.base, pair.head.as_ref().and_then(Subject::text)) {
            new.entry(text).or_default().push(index);
        }
    }
    for (text, subjects) in gone {
        // Where several look alike, nobody knows which went where.
        match (subjects.as_slice(), new.get(text).map(Vec::as_slice)) {
            ([one], Some([index])) => {
                if let Some(pair) = pairs.get_mut(*index) {
                    pair.base = Some(one.clone());
                }
            }
            _ => pairs.extend(subjects.into_iter().map(|one| Pair { base: Some(one), head: None })),
        }
    }
    // Whether a module is a root hangs on who calls it: those who call it have changed, it has not.
    pairs.retain(|pair| {
        let alone = pair.base.as_ref().xor(pair.head.as_ref()).filter(|subject| subject.unit.is_none());
        alone.is_none_or(|subject| !is_the_same_module(base, head, subject.path))
    });
    pairs.sort_by_key(|pair| pair.subject().map(|subject| subject.path));
    pairs
}

/// Whether a directory holds a module of the same text in both states.
fn is_the_same_module(base: &Model, head: &Model, path: &str) -> bool {
    let texts = |model: &Model| -> Option<Vec<(String, String)>> {
        let files = model.module_at(path)?.files.iter().map(|&file| model.sources.get(file));
        Some(files.map(|source| (source.path.clone(), source.text.to_string())).collect())
    };
    texts(base).is_some_and(|before| texts(head) == Some(before))
}

/// What was asked for, by directory and whether it is a unit.
fn subjects<'m>(model: &'m Model, scope: &Scope<'_>) -> FxHashMap<(&'m str, bool), Subject<'m>> {
    let asked = model.units.iter().filter(|unit| unit.asked && (scope.asked)(&unit.dir));
    let units = asked.map(|unit| {
        let roots = unit.root.iter().map(|&id| model.root(id)).collect();
        ((unit.dir.as_str(), true), Subject { model, path: unit.dir.as_str(), unit: Some(unit), roots })
    });
    let mut found: FxHashMap<(&str, bool), Subject<'_>> = units.collect();
    for root in model.roots.iter().filter(|root| root.unit.is_none() && (scope.asked)(&root.scope)) {
        let path = root.scope.as_str();
        if is_asked(model, root) {
            let subject = || Subject { model, path, unit: None, roots: Vec::new() };
            found.entry((path, false)).or_insert_with(subject).roots.push(root);
        }
    }
    found
}

fn is_asked(model: &Model, root: &Root) -> bool {
    let files = &model.module(root.module).files;
    files.iter().filter_map(|file| model.files.get(file.0 as usize)).any(|file| file.selected)
}

/// What of a unit's configuration says nothing of what it makes.
const NAMES_ONLY: [&str; 1] = ["locals"];

impl<'m> Pair<'m> {
    /// It as it is, or as it was if it is gone.
    pub(super) fn subject(&self) -> Option<&Subject<'m>> {
        self.head.as_ref().or(self.base.as_ref())
    }

    /// What became of it; nothing if it is what it was. `reached` says that what it runs has changed.
    pub(super) fn change(&self, places: &Places<'m>, reached: bool) -> Option<UnitChange> {
        let subject = self.subject()?;
        let (action, attributes) = match (&self.base, &self.head) {
            (None, _) => (Action::Added, Vec::new()),
            (_, None) => (Action::Removed, Vec::new()),
            (Some(base), Some(head)) => {
                let attributes = configuration(base, head, places);
                match base.path != head.path {
                    true => (Action::Moved, attributes),
                    false if reached || !attributes.is_empty() => (Action::Altered, attributes),
                    false => return None,
                }
            }
        };
        let from = self.base.as_ref().filter(|_| action == Action::Moved);
        let from = from.map(|base| ArcStr::from(base.path));
        Some(UnitChange {
            path: subject.path.into(),
            is_unit: subject.unit.is_some(),
            action,
            from,
            attributes,
        })
    }
}

/// What of two units' configurations is another.
fn configuration(base: &Subject<'_>, head: &Subject<'_>, places: &Places<'_>) -> Vec<String> {
    let (Some(before), Some(after)) = (base.unit, head.unit) else { return Vec::new() };
    let mut found = places.differences(&before.configuration, &after.configuration);
    let here = base.runs_what_is_here() && head.runs_what_is_here();
    found.retain(|path| {
        let top = path.split(['.', '[']).next().unwrap_or_default();
        let says_nothing = NAMES_ONLY.contains(&top) || here && path == "terraform.source";
        !says_nothing
    });
    found
}
