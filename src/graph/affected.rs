//! What a changed file can reach.

use std::collections::VecDeque;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::changed::Changed;
use crate::model::{Model, ModuleId, ReadSet, Root, Target, Unit, UnitStack};
use crate::source::{resolve, split};

/// The units and roots that changed files can reach.
///
/// A file reaches what reads it: as its own configuration, an include, a template, values for variables, or a part of a
/// module that it runs. It reaches as well what would read it if it were there, or looked for it and found another
/// further above; and what hangs on the outputs, the order or the state of anything that is reached.
#[derive(Debug)]
pub struct Affected {
    /// Each once, sorted by directory. Among them may be some that were not asked for.
    pub reached: Vec<Reached>,
}

/// A unit or a root that is reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Its directory.
    pub directory: ArcStr,
    /// It is a Terragrunt unit; otherwise a root module that no unit runs.
    pub is_unit: bool,
    /// It was asked for.
    pub asked: bool,
    /// Why: of several reasons the nearest.
    pub because: Because,
}

/// Why something is reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Because {
    /// It hangs on this path, which has changed.
    Changed(ArcStr),
    /// It hangs on the unit, root or stack in this directory, which is reached.
    HangsOn(ArcStr),
}

impl Affected {
    /// What files can reach; paths are relative to the repository, and need not exist. A directory stands for all in it.
    #[must_use]
    pub fn by(model: &Model, paths: &[ArcStr]) -> Self {
        let search = Search::new(model, paths);
        let found = search.run();
        let mut reached: Vec<Reached> =
            found.into_iter().filter_map(|(node, because)| search.reached(node, because)).collect();
        // Of a root's variants, one is enough.
        reached.sort_by(|a, b| (&a.directory, a.is_unit).cmp(&(&b.directory, b.is_unit)));
        reached.dedup_by(|b, a| (&a.directory, a.is_unit) == (&b.directory, b.is_unit));
        Self { reached }
    }

    /// Whether the unit or root in a directory is reached.
    #[must_use]
    pub fn holds(&self, directory: &str) -> bool {
        self.reached.binary_search_by(|reached| reached.directory.as_str().cmp(directory)).is_ok()
    }
}

/// Something that can be reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Node {
    Unit(usize),
    Stack(usize),
    Root(usize),
}

struct Search<'m> {
    model: &'m Model,
    changed: Changed<'m>,
    /// By directory: the units that depend on it, in whatever way.
    users: FxHashMap<&'m str, Vec<usize>>,
    /// By place in the model: the roots that look at its state.
    readers: FxHashMap<u32, Vec<usize>>,
    /// By directory: the stack that generates it.
    makers: FxHashMap<&'m str, usize>,
    /// For each module the changed path that belongs to it, or to one that it calls.
    modules: Vec<Option<ArcStr>>,
}

impl<'m> Search<'m> {
    fn new(model: &'m Model, paths: &[ArcStr]) -> Self {
        let changed = Changed::new(model, paths);
        let mut users: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (index, unit) in model.units.iter().enumerate() {
            for target in &unit.after {
                users.entry(target).or_default().push(index);
            }
        }
        let mut readers: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for (index, root) in model.roots.iter().enumerate() {
            for other in &root.states {
                readers.entry(other.0).or_default().push(index);
            }
        }
        let stacks = model.stacks.iter().enumerate();
        let makers =
            stacks.flat_map(|(index, stack)| stack.generates.iter().map(move |dir| (dir.as_str(), index)));
        let modules = modules(model, &changed);
        Self { model, users, readers, makers: makers.collect(), modules, changed }
    }

    /// All that is reached, nearest first.
    fn run(&self) -> Vec<(Node, Because)> {
        let mut found: Vec<(Node, Because)> = Vec::new();
        let mut known: FxHashMap<Node, ()> = FxHashMap::default();
        let mut queue: VecDeque<(Node, Because)> = self.direct().into();
        while let Some((node, because)) = queue.pop_front() {
            if known.insert(node, ()).is_none() {
                queue.extend(self.next(node));
                found.push((node, because));
            }
        }
        found
    }

    /// What changed files reach without anything between.
    fn direct(&self) -> Vec<(Node, Because)> {
        let model = self.model;
        let because = |path: &ArcStr| Because::Changed(path.clone());
        let stacks = model.stacks.iter().enumerate();
        let stacks = stacks.filter_map(|(at, it)| Some((Node::Stack(at), because(self.stack(it)?))));
        let units = model.units.iter().enumerate();
        let units = units.filter_map(|(at, it)| Some((Node::Unit(at), because(self.unit(it)?))));
        let roots = model.roots.iter().enumerate();
        let roots = roots.filter_map(|(at, it)| {
            let because = because(self.root(it)?);
            Some((self.unit_of(at).unwrap_or(Node::Root(at)), because))
        });
        let mut found: Vec<(Node, Because)> = stacks.chain(units).chain(roots).collect();
        // What depends on a unit that is no longer there.
        for path in self.changed.paths() {
            let (directory, name) = split(path);
            if matches!(name, "terragrunt.hcl" | "terragrunt.stack.hcl") {
                let users = self.users.get(shown(directory)).into_iter().flatten();
                found.extend(users.map(|&unit| (Node::Unit(unit), because(path))));
            }
        }
        found
    }

    fn reads(&self, reads: &ReadSet) -> Option<&ArcStr> {
        reads.reads.iter().find_map(|read| self.changed.read(read))
    }

    fn stack(&self, stack: &UnitStack) -> Option<&ArcStr> {
        self.reads(&stack.reads)
    }

    fn unit(&self, unit: &Unit) -> Option<&ArcStr> {
        let own = || self.changed.module_in(path_of(&unit.dir));
        let lost = || {
            let source = unit.source().filter(|_| unit.module.is_none())?.as_str()?;
            let directory = resolve(path_of(&unit.dir), &source.replace("//", "/"))?;
            self.changed.module_in(&directory)
        };
        let module = || self.modules.get(unit.module?.0 as usize)?.as_ref();
        self.reads(&unit.reads).or_else(own).or_else(module).or_else(lost)
    }

    fn root(&self, root: &Root) -> Option<&ArcStr> {
        let of = |module: ModuleId| self.modules.get(module.0 as usize)?.as_ref();
        let called = root.instances.iter().flat_map(|instance| &instance.calls);
        let mut called = called.filter_map(|call| match call.target {
            Target::Module(module) => of(module),
            _ => None,
        });
        self.reads(&root.reads).or_else(|| of(root.module)).or_else(|| called.next())
    }

    /// What hangs on something that is reached.
    fn next(&self, node: Node) -> Vec<(Node, Because)> {
        let because = |directory: &ArcStr| Because::HangsOn(directory.clone());
        let users = |directory: &ArcStr| {
            let users = self.users.get(directory.as_str()).into_iter().flatten().copied();
            let because = because(directory);
            users.map(move |unit| (Node::Unit(unit), because.clone()))
        };
        let mut found = Vec::new();
        match node {
            Node::Stack(index) => {
                let Some(stack) = self.model.stacks.get(index) else { return found };
                found.extend(users(&stack.dir));
                for directory in &stack.generates {
                    let unit = self.model.units.binary_search_by(|unit| unit.dir.cmp(directory));
                    let nested = self.model.stacks.binary_search_by(|stack| stack.dir.cmp(directory));
                    let node = unit.map(Node::Unit).or(nested.map(Node::Stack));
                    found.extend(node.map(|node| (node, because(&stack.dir))));
                }
            }
            Node::Unit(index) => {
                let Some(unit) = self.model.units.get(index) else { return found };
                found.extend(users(&unit.dir));
                // Who uses a stack uses all its units.
                let mut directory = unit.dir.as_str();
                while let Some(stack) = self.makers.get(directory).and_then(|&at| self.model.stacks.get(at)) {
                    found.extend(users(&stack.dir));
                    directory = &stack.dir;
                }
                found.extend(unit.root.map(|root| (Node::Root(root.0 as usize), because(&unit.dir))));
            }
            Node::Root(index) => {
                let Some(root) = self.model.roots.get(index) else { return found };
                let readers = self.readers.get(&(index as u32)).into_iter().flatten();
                found.extend(readers.map(|&reader| (Node::Root(reader), because(&root.scope))));
            }
        }
        // Whoever reads a state may be a unit.
        let of_units: Vec<(Node, Because)> = found
            .iter()
            .filter_map(|(node, because)| {
                let Node::Root(root) = node else { return None };
                Some((self.unit_of(*root)?, because.clone()))
            })
            .collect();
        found.extend(of_units);
        found
    }

    /// The unit that a root is.
    fn unit_of(&self, root: usize) -> Option<Node> {
        let unit = self.model.roots.get(root)?.unit.as_ref()?;
        self.model.units.binary_search_by(|known| known.dir.cmp(unit)).ok().map(Node::Unit)
    }

    fn reached(&self, node: Node, because: Because) -> Option<Reached> {
        match node {
            Node::Stack(_) => None,
            Node::Unit(index) => {
                let unit = self.model.units.get(index)?;
                Some(Reached { directory: unit.dir.clone(), is_unit: true, asked: unit.asked, because })
            }
            Node::Root(index) => {
                let root = self.model.roots.get(index).filter(|root| root.unit.is_none())?;
                let module = self.model.module(root.module);
                // What only a plan has lies in no file.
                (!module.files.is_empty()).then(|| Reached {
                    directory: root.scope.clone(),
                    is_unit: false,
                    asked: true,
                    because,
                })
            }
        }
    }
}

/// For each module the changed path that belongs to it, or to one that it calls.
fn modules(model: &Model, changed: &Changed<'_>) -> Vec<Option<ArcStr>> {
    let mut found: Vec<Option<ArcStr>> =
        model.modules.iter().map(|module| changed.module(module).cloned()).collect();
    let mut callers: Vec<Vec<ModuleId>> = vec![Vec::new(); found.len()];
    for module in &model.modules {
        for called in module.calls.iter().filter_map(crate::model::Call::called) {
            if let Some(callers) = callers.get_mut(called.0 as usize) {
                callers.push(module.id);
            }
        }
    }
    let mut queue: VecDeque<usize> = (0..found.len()).filter(|&at| found[at].is_some()).collect();
    while let Some(at) = queue.pop_front() {
        for caller in &callers[at] {
            let caller = caller.0 as usize;
            if found[caller].is_none() {
                found[caller] = found[at].clone();
                queue.push_back(caller);
            }
        }
    }
    found
}

/// How a directory prints, its top as `.`.
pub(super) fn shown(directory: &str) -> &str {
    if directory.is_empty() { "." } else { directory }
}

/// The path of a directory as it prints.
fn path_of(shown: &str) -> &str {
    if shown == "." { "" } else { shown }
}
