//! A part of the tree that was asked for, and the units around it with which it has to do.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::evaluation::Evaluation;
use super::run::Run;
use super::shown;
use super::unit::{Outline, Reading};
use crate::model::{ReadSet, Unit};
use crate::source::{join, split};
use crate::value::Value;

/// Whether a unit was asked for, or the stack that generates it.
pub(super) fn is_asked(run: &Run<'_>, path: &str) -> bool {
    let (mut dir, mut name) = split(path);
    while let Some((stack, _)) = run.generated.get(dir) {
        (dir, name) = (stack, super::STACK_NAME);
    }
    run.library.is_selected(&join(dir, name))
}

/// Leaves those units that were asked for, and those that hang on them or that they hang on. Units are sorted.
pub(super) fn keep_related(units: &mut Vec<Unit>) {
    let index: FxHashMap<&ArcStr, usize> =
        units.iter().enumerate().map(|(index, unit)| (&unit.dir, index)).collect();
    let mut kept: Vec<bool> = units.iter().map(|unit| unit.asked).collect();
    // First all that hang on them, then all that any of those hangs on.
    let users = |unit: &Unit| unit.used_by.clone();
    let used = |unit: &Unit| unit.after.clone();
    for next in [&users as &dyn Fn(&Unit) -> Vec<ArcStr>, &used] {
        let mut work: Vec<usize> = (0..units.len()).filter(|&at| kept.get(at) == Some(&true)).collect();
        while let Some(at) = work.pop() {
            for other in units.get(at).map(next).unwrap_or_default() {
                if let Some(&other) = index.get(&other)
                    && let Some(known) = kept.get_mut(other).filter(|known| !**known)
                {
                    *known = true;
                    work.push(other);
                }
            }
        }
    }
    let mut kept = kept.into_iter();
    units.retain(|_| kept.next().unwrap_or(false));
}

/// A unit that was not asked for, of which it is only known what it depends on: its configuration is null. `None` if it must be
/// evaluated in full.
pub(super) fn sketch(run: &Run<'_>, path: &ArcStr) -> Option<Unit> {
    if is_asked(run, path) {
        return None;
    }
    let dir = ArcStr::from(split(path).0);
    let Outline { file, mut dependencies, edges } =
        Evaluation::open(run, path, Reading::of_unit(&dir)).ok()?.outline()?;
    let mut after: Vec<ArcStr> = edges.iter().map(shown).collect();
    after.sort();
    after.dedup();
    dependencies.sort_by(|a, b| a.label.cmp(&b.label));
    Some(Unit {
        dir: shown(&dir),
        file,
        parts: Vec::new(),
        asked: false,
        stack: run.generated.get(&dir).map(|(stack, _)| shown(stack)),
        includes: Vec::new(),
        dependencies,
        orders: Vec::new(),
        after,
        configuration: Value::null(),
        used_by: Vec::new(),
        root: None,
        module: None,
        unavailable: None,
        reads: ReadSet::default(),
        refused: false,
        template: false,
    })
}
