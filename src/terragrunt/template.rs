//! Units and stacks that are there for others: stacks make copies of them, units include their files. Where they are, they lack
//! what a copy is given, and what lies around those who include them.

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Model;
use crate::source::{FileId, Span};
use crate::syntax::{ExprId, ExprKind, Tree};

/// Whether what stands there reads something of `values`.
pub(super) fn reads_values(tree: &Tree, span: Span) -> bool {
    (0..tree.expr_count()).map(ExprId).any(|expr| {
        let whole = tree.span(expr) == span;
        let here = match tree.kind(expr) {
            ExprKind::Attr { name, .. } => whole || name == span,
            ExprKind::Index { key, .. } => whole || tree.span(key) == span,
            ExprKind::Name => whole,
            _ => false,
        };
        here && begins_with_values(tree, expr)
    })
}

fn begins_with_values(tree: &Tree, mut expr: ExprId) -> bool {
    loop {
        match tree.kind(expr) {
            ExprKind::Attr { base, .. } | ExprKind::Index { base, .. } => expr = base,
            ExprKind::Name => return tree.slice(tree.span(expr)) == "values",
            _ => return false,
        }
    }
}

/// The file of the unit or stack in a directory.
pub(super) fn own_file(model: &Model, dir: &str) -> Option<FileId> {
    model.unit(dir).map(|unit| unit.file).or_else(|| model.stack(dir).map(|stack| stack.file))
}

/// What stacks make copies of, and what they say they do.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// By the directory of the stack.
    made: FxHashMap<ArcStr, Vec<ArcStr>>,
    /// By the directory that is copied.
    makers: FxHashMap<ArcStr, Vec<ArcStr>>,
}

impl Copies {
    pub(super) fn of<I: Iterator<Item = ArcStr>>(stacks: impl Iterator<Item = (ArcStr, I)>) -> Self {
        let mut copies = Self::default();
        for (stack, copied) in stacks {
            for dir in copied {
                copies.makers.entry(dir.clone()).or_default().push(stack.clone());
                copies.made.entry(stack.clone()).or_default().push(dir);
            }
        }
        copies
    }

    /// Whether a stack makes copies of a directory that is no copy of its own making, at whatever distance.
    fn hold(&self, dir: &ArcStr) -> bool {
        let makers = self.makers.get(dir).map(Vec::as_slice).unwrap_or_default();
        if makers.is_empty() || !self.made.contains_key(dir) {
            return !makers.is_empty();
        }
        let mut reached: FxHashSet<&ArcStr> = FxHashSet::default();
        let mut work = vec![dir];
        while let Some(at) = work.pop() {
            if reached.insert(at) {
                work.extend(self.made.get(at).into_iter().flatten());
            }
        }
        makers.iter().any(|maker| !reached.contains(maker))
    }
}

/// Notes which units and stacks are templates: those that stacks copy, or say that they do; those that read values
/// which only a stack could give them, where there are stacks; and units whose files others include.
pub(super) fn note(model: &mut Model, copies: &Copies, without_values: &FxHashSet<ArcStr>) {
    let has_stacks = !model.stacks.is_empty();
    let is_copied = |dir: &ArcStr| has_stacks && (copies.hold(dir) || without_values.contains(dir));
    // What a template generates is no more meant to be run. Who generates comes before what is generated.
    let mut templates: FxHashSet<ArcStr> = FxHashSet::default();
    for stack in &mut model.stacks {
        stack.template = match &stack.stack {
            Some(by) => templates.contains(by),
            None => is_copied(&stack.dir),
        };
        if stack.template {
            templates.insert(stack.dir.clone());
        }
    }
    let includes = model.units.iter().flat_map(|unit| &unit.includes);
    let included: FxHashSet<ArcStr> = includes.filter_map(|include| include.path.clone()).collect();
    let sources = &model.sources;
    for unit in &mut model.units {
        unit.template = match &unit.stack {
            Some(by) => templates.contains(by),
            None => is_copied(&unit.dir) || included.contains(sources.get(unit.file).path.as_str()),
        };
    }
}
