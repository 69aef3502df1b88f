//! Terraform and OpenTofu: from the files of a workspace to a [`Model`].
//!
//! [`load()`] reads directories into symbol tables ([`crate::model::Module`]), checks them without evaluating anything
//! (`structure`, `reference`), says which are roots, and evaluates those in parallel (`evaluate`).

pub mod bounds;
mod builtin;
mod cached;
mod constant;
mod declare;
mod evaluate;
mod handed;
mod hidden_calls;
mod installed;
mod layers;
mod literal;
mod load;
mod lock;
mod made;
mod problems;
mod reference;
mod remote;
mod roots;
mod schema;
mod settings;
mod sources;
mod state;
mod structure;
mod text;
mod units;
mod threads;
mod values;
mod version;
mod vocabulary;
mod world;

pub use handed::{Misfit, hand_over};
pub use lock::read_lock;
pub use made::{Keys, Made};
pub use settings::{Input, ModuleSource, PerRoot, RootSettings, Settings, Variant};
pub use state::{place as state_place, place_arguments};
pub use threads::pool;
pub(crate) use threads::with_room;
pub use units::Relink;
pub use version::{Version, VersionConstraint};

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use arcstr::ArcStr;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::model::{File, Model, Problem, ProblemKind, Root, RootId};
use crate::source::{FileId, FileKind, Workspace};
use crate::value::Value;
use evaluate::{Run, States};
use installed::Installed;
use load::Loader;
use roots::Plan;
use state::Links;
use units::{Linked, Units, Unlinked};
use world::Files;

/// Reads and evaluates the modules of a workspace: those that were asked for, and all they call.
#[must_use]
pub fn load(workspace: &Workspace, settings: &Settings) -> Model {
    Loading::start(workspace, settings).finish(&Unlinked)
}

/// The modules of a workspace, read and not yet evaluated: units may still be added, which are evaluated with them.
pub struct Loading<'w> {
    loader: Loader<'w>,
    settings: &'w Settings,
    directories: Vec<String>,
    made: Vec<Made>,
}

impl<'w> Loading<'w> {
    /// Reads the modules that were asked for, and those in the tree that they call.
    #[must_use]
    pub fn start(workspace: &'w Workspace, settings: &'w Settings) -> Self {
        let directories: Vec<String> =
            workspace.module_directories().into_iter().map(str::to_owned).collect();
        let mut loader = Loader::new(workspace);
        loader.load(directories.clone());
        Self { loader, settings, directories, made: Vec::new() }
    }

    /// What was read so far; who adds files to it gives their expressions the numbers behind those of all others.
    pub fn model(&mut self) -> &mut Model {
        &mut self.loader.model
    }

    /// Has the roots of these plans evaluated as the plans were made.
    pub fn evaluate_as(&mut self, made: Vec<Made>) {
        self.made = made;
    }

    /// Reads what is still missing, and evaluates every root and every unit.
    #[must_use]
    pub fn finish(self, relink: &dyn Relink) -> Model {
        let Self { mut loader, settings, directories, made } = self;
        let workspace = loader.workspace();
        loader.resume();
        let mut units = Units::find(&mut loader, settings);
        let installed = Installed::find(&mut loader, settings, &directories);
        loader.finish();
        installed.tie(workspace, &mut loader.model);
        units.tie(&mut loader.model);
        let plans = roots::plans(&mut loader, settings, &units, &made);
        let mut model = loader.model;
        let checked: Vec<Problem> = model
            .modules
            .par_iter()
            .filter(|module| !units.is_piece(module))
            .flat_map_iter(|module| {
                let mut found = reference::check(&model, module);
                found.extend(problems::settings(&model, module));
                found
            })
            .collect();
        model.problems.extend(checked);
        let outcome = evaluate(workspace, &model, &plans, &installed, relink);
        for (root, found) in outcome {
            let id = RootId(model.roots.len() as u32);
            if let Some(unit) = root.unit.as_ref().and_then(|unit| model.unit_mut(unit)) {
                unit.root = Some(id);
            }
            model.roots.push(root);
            model.problems.extend(found);
        }
        threads::with_room(|| units::settle(&mut model, relink));
        text::add(workspace, &mut model);
        model.revisions = workspace.revisions().known();
        let is_test = |file: &File| file.kind == Some(FileKind::Test);
        let tests = model.files.iter().enumerate().filter(|(_, file)| is_test(file));
        model.tests = tests.map(|(index, _)| FileId(index as u32)).collect();
        model.problems = problems::merged(std::mem::take(&mut model.problems));
        model
    }
}

/// Evaluates all roots: first those that look at no other's state, then the rest, which may look at those.
fn evaluate(
    workspace: &Workspace,
    model: &Model,
    plans: &[Plan],
    installed: &Installed,
    relink: &dyn Relink,
) -> Vec<(Root, Vec<Problem>)> {
    let evaluator = Roots {
        workspace,
        model,
        plans,
        installed,
        relink,
        links: Links::of(model, plans),
        outputs: Mutex::default(),
        of_units: Mutex::default(),
        looks: Mutex::default(),
    };
    let mut outcome = threads::with_room(|| evaluator.all());
    for (asking, index) in evaluator.looks.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if let Some((root, _)) = outcome.get_mut(asking.0 as usize) {
            root.states.push(index);
        }
    }
    outcome
}

/// All that is to be evaluated.
struct Roots<'a> {
    workspace: &'a Workspace,
    model: &'a Model,
    plans: &'a [Plan],
    installed: &'a Installed,
    relink: &'a dyn Relink,
    links: Links,
    /// Outputs of roots whose states others have looked at. Locked to look and to add, never while evaluating.
    outputs: Mutex<FxHashMap<usize, Value>>,
    /// Outputs of the units that are evaluated already, by directory. Locked likewise.
    of_units: Mutex<Arc<FxHashMap<ArcStr, Value>>>,
    /// Which root looks at which other's state. Locked likewise.
    looks: Mutex<BTreeSet<(RootId, RootId)>>,
}

impl Roots<'_> {
    /// Evaluates all, units behind those that they depend on.
    fn all(&self) -> Vec<(Root, Vec<Problem>)> {
        let mut done: Vec<Option<(Root, Vec<Problem>)>> = Vec::new();
        done.resize_with(self.plans.len(), || None);
        for level in units::levels(self.model, self.plans) {
            let evaluated: Vec<(usize, (Root, Vec<Problem>))> =
                level.into_par_iter().map(|index| (index, self.root(index, &[]))).collect();
            let mut outputs = FxHashMap::clone(&self.outputs_of_units());
            let before = outputs.len();
            for (index, (root, problems)) in evaluated {
                if let Some(unit) = units::used(self.model, &root) {
                    outputs.insert(unit, units::outputs(self.model, &root));
                }
                if let Some(slot) = done.get_mut(index) {
                    *slot = Some((root, problems));
                }
            }
            if outputs.len() > before {
                *self.of_units.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(outputs);
            }
        }
        done.into_iter().flatten().collect()
    }

    /// Evaluates one root, on behalf of others (`asking`) that look at its state.
    fn root(&self, index: usize, asking: &[usize]) -> (Root, Vec<Problem>) {
        let plan = &self.plans[index];
        let mut asking = asking.to_vec();
        asking.push(index);
        let states = state::Seen { roots: self, asking };
        let linked = self.linked(plan);
        let plan = linked.as_ref().unwrap_or(plan);
        let files = Files::new(self.workspace, &plan.base);
        let id = RootId(index as u32);
        let run = |plan: &Plan, files: Files<'_>| {
            Run::new(self.model, plan, id, self.installed, &states, files).run()
        };
        let (root, mut problems) = run(plan, files);
        // Who calls a module gives it values as they please: wrong is only what is wrong whatever they are.
        if plan.library && !problems.is_empty() {
            let open = Plan { open: true, ..plan.clone() };
            let (_, always) = run(&open, Files::new(self.workspace, &plan.base));
            problems.retain(|problem| {
                problem.kind == ProblemKind::Check
                    || always
                        .iter()
                        .any(|known| known.kind == problem.kind && known.problem == problem.problem)
            });
        }
        (root, problems)
    }

    fn outputs_of_units(&self) -> Arc<FxHashMap<ArcStr, Value>> {
        self.of_units.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A unit's plan with what is known of the outputs that its inputs are, or are made of.
    fn linked(&self, plan: &Plan) -> Option<Plan> {
        let inputs = plan.inputs.as_ref()?;
        let outputs = self.outputs_of_units();
        if plan.open {
            // All that it is given, or more than is named, is another's.
            let unit = self.model.unit(plan.unit.as_ref()?)?;
            let inputs = units::settled(unit, &outputs, self.relink)?;
            return units::given(self.model, plan, &inputs);
        }
        match units::linked(inputs, &outputs) {
            Linked::Same => None,
            Linked::Other(linked) => Some(Plan { inputs: Some(Arc::new(linked)), ..plan.clone() }),
            Linked::Anew => {
                let unit = plan.unit.as_ref()?;
                let inputs = self.relink.inputs(unit, &outputs)?;
                units::given(self.model, plan, &inputs)
            }
        }
    }

    fn note_look(&self, asking: RootId, index: usize) {
        let look = (asking, RootId(index as u32));
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).insert(look);
    }

    fn known(&self, index: usize) -> Option<Value> {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner).get(&index).cloned()
    }

    fn keep(&self, index: usize, outputs: Value) {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner).insert(index, outputs);
    }
}

#[cfg(test)]
mod tests;
