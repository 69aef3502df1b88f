//! Which root module a plan is of.

use std::path::{Component, Path, PathBuf};

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use super::{ConfiguredModule, Plan, PlanFault, PlanProblem, Plans, Tie};
use crate::model::{Context, Mode, Model, Module, Resource, Root, RootId};
use crate::source::{Repository, SourceFile, join, split};
use crate::terraform::Made;

impl Plans {
    /// With which values each plan was made, where one module of the tree is known to be its root module, before anything is
    /// evaluated.
    #[must_use]
    pub fn made(&self, model: &Model, repository: &Repository, here: &Path) -> Vec<Made> {
        let of = |plan: &Plan| {
            let path = shown(repository, here, &plan.file);
            let directory = made_of(plan, model, repository, here, &path)?;
            // Of one that the plan does not declare, nobody knows whether it is sensitive.
            let declared = &plan.configuration().root.variables;
            let known = plan.variables.iter().filter(|it| declared.contains_key(&it.name));
            let variables = known.map(|it| (it.name.clone(), it.value.clone()));
            let name = plan.describe().into();
            let keys = std::sync::Arc::new(plan.keys());
            Some(Made { directory, name, variables: variables.collect(), keys })
        };
        self.plans.iter().filter_map(of).collect()
    }

    /// Finds the root module of each plan: where its place says which directory it is of, by that; else by what it
    /// configures. A plan that fits none is judged alone; of one that fits several, that is said. Of a directory that several
    /// plans are of, or that has several variants, each plan gets a root of its own: none takes the place of another's
    /// values. `here` is where the program was started: an absolute path.
    pub fn tie(&mut self, model: &mut Model, repository: &Repository, here: &Path) {
        let mut taken = FxHashSet::default();
        for plan in &mut self.plans {
            let path = shown(repository, here, &plan.file);
            match root_of(plan, model, repository, here, &path) {
                Fit::One(id) => {
                    let (id, is_one_of_several) = match own_root(plan, model, id) {
                        Some(own) => (own, false),
                        None => (id, model.root(id).variant.is_some()),
                    };
                    let id = if is_one_of_several || !taken.insert(id) { copied(model, id) } else { id };
                    let root = model.root(id);
                    plan.root = Some(id);
                    plan.scope = root.scope.clone();
                    plan.directory = Some(root.scope.clone());
                }
                Fit::Several(directories) => self.problems.push(PlanProblem {
                    file: plan.file.clone(),
                    document: plan.document,
                    fault: PlanFault::Ambiguous(directories),
                }),
                Fit::None => {
                    if let Tie::Directory(directory) = &plan.tie {
                        let directory = shown(repository, here, directory);
                        let directory = if directory.is_empty() { "." } else { &directory };
                        // What lies outside of the repository is nobody's here.
                        plan.directory = (!directory.starts_with('/')).then(|| directory.into());
                    }
                }
            }
            // What is said of the plan as a whole stands in its file, of which no line is shown.
            plan.source = Some(model.add_text(SourceFile::new(path, None, "".into()), false));
        }
    }
}

/// Another root that is the same, with all that is wrong with it.
fn copied(model: &mut Model, id: RootId) -> RootId {
    let copy = RootId(model.roots.len() as u32);
    for problem in &mut model.problems {
        let same = problem.contexts.iter().filter(|context| context.root == id);
        let same: Vec<_> = same.map(|context| Context { root: copy, ..context.clone() }).collect();
        problem.contexts.extend(same);
    }
    model.roots.push(model.root(id).clone());
    copy
}

/// Of the variants of a root, the one that was evaluated as the plan was made.
fn own_root(plan: &Plan, model: &Model, id: RootId) -> Option<RootId> {
    let (root, name) = (model.root(id), plan.describe());
    let is_own = |other: &Root| other.scope == root.scope && other.variant.as_deref() == Some(name.as_str());
    model.roots().find(|(_, other)| is_own(other)).map(|(id, _)| id)
}

enum Fit {
    One(RootId),
    Several(Vec<String>),
    None,
}

/// The path of a plan as findings name it: relative to the repository, where it lies in there.
fn shown(repository: &Repository, here: &Path, file: &str) -> String {
    if file == "-" {
        return file.to_owned();
    }
    let mut path = PathBuf::new();
    for part in here.join(file).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(path.pop()),
            other => path.push(other),
        }
    }
    repository.relative(&path).unwrap_or_else(|_| file.to_owned())
}

/// The directory of the module or the unit that a plan must be of, if only one fits.
fn made_of(plan: &Plan, model: &Model, repository: &Repository, here: &Path, path: &str) -> Option<ArcStr> {
    let at = |wanted: &str| {
        let wanted = if wanted.is_empty() { "." } else { wanted };
        model.modules.iter().find(|module| module.dir == wanted)
    };
    match &plan.tie {
        Tie::Directory(directory) => {
            let directory = shown(repository, here, directory);
            let unit = model.units.iter().find(|unit| unit.dir == directory.as_str());
            unit.map(|unit| unit.dir.clone()).or_else(|| Some(at(&directory)?.dir.clone()))
        }
        Tie::Unit(unit) => {
            let below = format!("/{unit}");
            let fits = |dir: &str| dir == unit.as_str() || dir.ends_with(&below);
            let mut all = model.units.iter().filter(|unit| fits(&unit.dir));
            all.next().filter(|_| all.next().is_none()).map(|unit| unit.dir.clone())
        }
        Tie::None => {
            let fitting = |module: &&Module| fits(&plan.configuration().root, module);
            let beside = at(split(path).0).filter(|module| fitting(module));
            let only = || {
                let mut all = model.modules.iter().filter(fitting);
                all.next().filter(|_| all.next().is_none())
            };
            beside.or_else(only).map(|module| module.dir.clone())
        }
    }
}

fn root_of(plan: &Plan, model: &Model, repository: &Repository, here: &Path, path: &str) -> Fit {
    let dir = |id: RootId| model.root(id).scope.as_str();
    let at = |wanted: &str| -> Vec<RootId> {
        let wanted = if wanted.is_empty() { "." } else { wanted };
        model.roots().map(|(id, _)| id).filter(|&id| dir(id) == wanted).collect()
    };
    match &plan.tie {
        Tie::Directory(directory) => one(model, at(&shown(repository, here, directory))),
        Tie::Unit(unit) => {
            let exact = at(unit);
            let below = format!("/{unit}");
            let ends = || model.roots().map(|(id, _)| id).filter(|&id| dir(id).ends_with(&below)).collect();
            one(model, if exact.is_empty() { ends() } else { exact })
        }
        Tie::None => {
            let fitting: Vec<RootId> = model
                .roots()
                .map(|(id, _)| id)
                .filter(|&id| fits(&plan.configuration().root, model.module(model.root(id).module)))
                .collect();
            // Of several that look the same, the one that it lies in.
            let beside = join("", split(path).0);
            let beside: Vec<RootId> = at(&beside).into_iter().filter(|id| fitting.contains(id)).collect();
            one(model, if beside.is_empty() { fitting } else { beside })
        }
    }
}

/// The one root of these. Variants of one directory have the same source: the first stands for all.
fn one(model: &Model, roots: Vec<RootId>) -> Fit {
    let mut directories: Vec<String> = roots.iter().map(|&id| model.root(id).scope.to_string()).collect();
    directories.sort();
    directories.dedup();
    match (roots.first(), directories.len()) {
        (Some(&root), 1) => Fit::One(root),
        (Some(_), _) => Fit::Several(directories),
        (None, _) => Fit::None,
    }
}

/// Whether a plan's configuration may be that of a module: it calls the same modules and declares the same resources,
/// but for those that plans leave out.
fn fits(configured: &ConfiguredModule, module: &Module) -> bool {
    let declared: FxHashSet<String> = module.resources.iter().map(|resource| resource.address()).collect();
    let kept = |resource: &&Resource| resource.mode != Mode::Ephemeral && resource.check.is_none();
    let mut kept = module.resources.iter().filter(kept);
    let calls: FxHashSet<&str> = module.calls.iter().map(|call| call.named.name.as_str()).collect();
    kept.all(|resource| configured.resources.contains_key(resource.address().as_str()))
        && configured.resources.keys().all(|address| declared.contains(address.as_str()))
        && calls.len() == configured.calls.len()
        && configured.calls.keys().all(|name| calls.contains(name.as_str()))
}
