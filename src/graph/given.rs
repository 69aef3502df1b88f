//! Where a unit has from what it gives its module.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use crate::model::{Model, Unit};
use crate::source::FileId;
use crate::syntax::{ExprId, ExprKind, StepKind, Tree};
use crate::value::{Exact, Identity, Value};

/// Something of another unit that an input is, or is made of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Source {
    /// An output of the unit in a directory; without a name all of them.
    Output(ArcStr, Option<ArcStr>),
    /// What is at an address of the unit or root in a directory.
    Address(ArcStr, ArcStr),
}

/// Where the inputs of a unit are from.
#[derive(Debug, Default)]
pub(super) struct Given {
    by_name: FxHashMap<ArcStr, Vec<Source>>,
    /// What may be in any input.
    any: Vec<Source>,
}

impl Given {
    pub(super) fn to(model: &Model, unit: &Unit) -> Self {
        let mut given = Self::default();
        for file in std::iter::once(&unit.file).chain(&unit.parts) {
            given.read(model, unit, *file);
        }
        for (name, value) in unit.inputs().and_then(Value::entries).unwrap_or_default() {
            let sources = given.by_name.entry(name.clone()).or_default();
            let mut identities = Vec::new();
            value.collect_identities(&mut identities);
            for exact in identities.iter().flat_map(exacts).filter(|exact| exact.scope != unit.dir) {
                if exact.address != "output" {
                    sources.push(Source::Address(exact.scope.clone(), exact.address.clone()));
                }
            }
        }
        given
    }

    /// Where the input of that name is from.
    pub(super) fn sources(&self, name: &str) -> impl Iterator<Item = &Source> {
        self.by_name.get(name).into_iter().flatten().chain(&self.any)
    }

    /// Where all inputs are from.
    pub(super) fn all(&self) -> impl Iterator<Item = &Source> {
        self.by_name.values().flatten().chain(&self.any)
    }

    /// Reads what is written behind `inputs` of a file.
    fn read(&mut self, model: &Model, unit: &Unit, file: FileId) {
        let Some(tree) = model.tree(file) else { return };
        let Some(inputs) = tree.attribute(tree.root, "inputs") else { return };
        let ExprKind::Object(pairs) = tree.kind(inputs.value) else {
            self.any.extend(outputs(tree, inputs.value, unit));
            return;
        };
        for (key, value) in tree.pairs(pairs) {
            let name = match tree.kind(key) {
                ExprKind::Key => Some(tree.slice(tree.span(key))),
                _ => tree.plain_text(key),
            };
            let found = outputs(tree, value, unit);
            match name {
                Some(name) => self.by_name.entry(name.into()).or_default().extend(found),
                None => self.any.extend(found),
            }
        }
    }
}

/// The outputs of other units to which an expression refers.
fn outputs(tree: &Tree, expr: ExprId, unit: &Unit) -> Vec<Source> {
    let references = tree.references(expr).filter(|reference| tree.slice(reference.root) == "dependency");
    let found = references.filter_map(|reference| {
        let name = |index: usize| match reference.steps.get(index)?.kind {
            StepKind::Attr(name) => Some(tree.slice(name)),
            StepKind::Index(key) => tree.plain_text(key),
        };
        let named = |label: &str| unit.dependencies.iter().find(|one| one.label == label && one.enabled);
        let target = named(name(0)?)?.path.clone()?;
        Some(Source::Output(target, name(2).map(ArcStr::from)))
    });
    found.collect()
}

fn exacts(identity: &Identity) -> Vec<&Exact> {
    match identity {
        Identity::Exact(exact) => vec![exact],
        Identity::Derived(exacts) => exacts.iter().map(|exact| &**exact).collect(),
    }
}
