//! What a value of an included file hangs on: units for which that is the same share it.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock};

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::ground::Ground;
use crate::model::Read;
use crate::source::{FileId, split};
use crate::syntax::ExprId;
use crate::value::Value;

/// How many values of one expression are kept: more differ too much to be worth it.
const MOST: usize = 64;

/// What an evaluation asked of the unit that it is made for.
#[derive(Clone, Default, Debug)]
pub(super) struct Trace {
    /// It hangs on the unit itself.
    own: bool,
    /// What was looked for above the unit's directory, and what was found.
    found: Vec<(ArcStr, Option<ArcStr>)>,
    reads: Vec<Read>,
}

/// The evaluations that are being made, each within the one before.
#[derive(Default, Debug)]
pub(super) struct Traces(RefCell<Vec<Trace>>);

impl Traces {
    pub(super) fn open(&self) {
        self.0.borrow_mut().push(Trace::default());
    }

    /// The innermost one is done. What it hangs on, those around it do, too.
    pub(super) fn close(&self) -> Trace {
        let closed = self.0.borrow_mut().pop().unwrap_or_default();
        self.add(&closed);
        closed
    }

    /// The innermost one hangs on all that another does.
    pub(super) fn add(&self, other: &Trace) {
        if let Some(trace) = self.0.borrow_mut().last_mut() {
            trace.own |= other.own;
            if !trace.own {
                trace.found.extend(other.found.iter().cloned());
            }
            trace.reads.extend(other.reads.iter().cloned());
        }
    }

    /// It hangs on the unit itself.
    pub(super) fn mark(&self) {
        if let Some(trace) = self.0.borrow_mut().last_mut() {
            trace.own = true;
        }
    }

    /// It hangs on what is found above the unit's directory.
    pub(super) fn found(&self, name: &str, found: Option<&ArcStr>) {
        if let Some(trace) = self.0.borrow_mut().last_mut() {
            trace.found.push((name.into(), found.cloned()));
        }
    }

    pub(super) fn read(&self, read: &Read) {
        if let Some(trace) = self.0.borrow_mut().last_mut() {
            trace.reads.push(read.clone());
        }
    }
}

/// A value, and what it hangs on.
#[derive(Debug)]
struct Kept {
    trace: Trace,
    value: Value,
}

/// Values of included files, by expression.
#[derive(Default, Debug)]
pub(super) struct Memory(RwLock<FxHashMap<(FileId, ExprId), Vec<Kept>>>);

impl Memory {
    /// The value that an expression has for the unit in a directory, if it had it for another.
    pub(super) fn recall(
        &self,
        at: (FileId, ExprId),
        ground: &Ground<'_>,
        directory: &str,
    ) -> Option<(Value, Trace)> {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let same = |kept: &&Kept| {
            kept.trace.found.iter().all(|(name, found)| look_above(ground, directory, name) == *found)
        };
        let kept = memory.get(&at)?.iter().find(same)?;
        Some((kept.value.clone(), kept.trace.clone()))
    }

    /// Keeps a value for the units for which it is the same.
    pub(super) fn keep(&self, at: (FileId, ExprId), trace: &Trace, value: &Value) {
        if trace.own || !value.is_wholly_known() {
            return;
        }
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let kept = memory.entry(at).or_default();
        let known = kept.iter().any(|known| known.trace.found == trace.found);
        if !known && kept.len() < MOST {
            kept.push(Kept { trace: trace.clone(), value: value.clone() });
        }
    }
}

impl Trace {
    pub(super) fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// What was looked for above the unit's directory, and what was found.
    pub(super) fn searches(&self) -> &[(ArcStr, Option<ArcStr>)] {
        &self.found
    }
}

/// What is called so above a unit's directory, nearest first.
pub(super) fn look_above(ground: &Ground<'_>, directory: &str, name: &str) -> Option<ArcStr> {
    if directory.is_empty() {
        return None;
    }
    ground.find_above(split(directory).0, name)
}
