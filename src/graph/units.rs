//! Units and roots, and which hang on which.

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{EdgeKind, Graph, Node, NodeKind};
use crate::model::{Model, Unit};

/// The units and roots that were asked for, and all that those hang on.
#[must_use]
pub fn units(model: &Model) -> Graph {
    let mut search = Search { model, nodes: Vec::new(), places: FxHashMap::default(), queue: Vec::new() };
    for unit in model.units.iter().filter(|unit| unit.asked) {
        search.node(&unit.dir);
    }
    for root in model.roots.iter().filter(|root| root.unit.is_none()) {
        if !model.module(root.module).files.is_empty() {
            search.node(&root.scope);
        }
    }
    let mut edges = Vec::new();
    while let Some((at, directory)) = search.queue.pop() {
        for (target, kind, label) in search.targets(&directory) {
            edges.push((at, search.node(&target), kind, label));
        }
    }
    Graph::of(search.nodes, edges)
}

struct Search<'m> {
    model: &'m Model,
    nodes: Vec<Node>,
    places: FxHashMap<ArcStr, usize>,
    queue: Vec<(usize, ArcStr)>,
}

impl Search<'_> {
    /// The node of a directory.
    fn node(&mut self, directory: &ArcStr) -> usize {
        if let Some(&at) = self.places.get(directory) {
            return at;
        }
        let at = self.nodes.len();
        let kind = match self.model.unit(directory) {
            Some(_) => NodeKind::Unit,
            None if self.roots_at(directory).next().is_some() => NodeKind::Root,
            None => NodeKind::Missing,
        };
        self.nodes.push(Node { directory: directory.clone(), address: ArcStr::new(), kind });
        self.places.insert(directory.clone(), at);
        self.queue.push((at, directory.clone()));
        at
    }

    fn roots_at<'s>(&'s self, directory: &'s str) -> impl Iterator<Item = &'s crate::model::Root> {
        let roots = &self.model.roots;
        // Those without files, of plans alone, come behind and are in no order.
        let written = roots.partition_point(|root| !self.model.module(root.module).files.is_empty());
        let from = roots
            .get(..written)
            .unwrap_or_default()
            .partition_point(move |root| root.scope.as_str() < directory);
        let at = roots.get(from..written).unwrap_or_default().iter();
        at.take_while(move |root| root.scope.as_str() == directory)
    }

    /// What the unit or root in a directory hangs on, and how.
    fn targets(&self, directory: &ArcStr) -> Vec<(ArcStr, EdgeKind, ArcStr)> {
        let mut found = Vec::new();
        for state in self.roots_at(directory).flat_map(|root| &root.states) {
            found.push((self.model.root(*state).scope.clone(), EdgeKind::State, ArcStr::new()));
        }
        let Some(unit) = self.model.unit(directory) else { return found };
        for (target, kind, label) in of_unit(unit) {
            for target in self.spread(&target) {
                found.push((target, kind, label.clone()));
            }
        }
        found
    }

    /// The units of a stack, if that is what lies in a directory.
    fn spread(&self, directory: &ArcStr) -> Vec<ArcStr> {
        let stack = |dir: &ArcStr| {
            let stacks = &self.model.stacks;
            let at = stacks.binary_search_by(|stack| stack.dir.cmp(dir)).ok()?;
            stacks.get(at).filter(|_| self.model.unit(dir).is_none())
        };
        let mut found = Vec::new();
        let mut known: FxHashSet<ArcStr> = FxHashSet::default();
        let mut open = vec![directory.clone()];
        while let Some(directory) = open.pop() {
            if !known.insert(directory.clone()) {
                continue;
            }
            match stack(&directory) {
                Some(stack) => open.extend(stack.generates.iter().cloned()),
                None => found.push(directory),
            }
        }
        found
    }
}

/// What a unit depends on, as it says it.
fn of_unit(unit: &Unit) -> Vec<(ArcStr, EdgeKind, ArcStr)> {
    let enabled = unit.dependencies.iter().filter(|dependency| dependency.enabled);
    let named = enabled.filter_map(|one| Some((one.path.clone()?, EdgeKind::Outputs, one.label.clone())));
    let mut found: Vec<_> = named.collect();
    for target in &unit.after {
        if !found.iter().any(|(known, ..)| known == target) {
            found.push((target.clone(), EdgeKind::Order, ArcStr::new()));
        }
    }
    found
}
