//! Terragrunt units as roots: the module that each comes from, evaluated with what the unit gives it.

use std::sync::Arc;

use arcstr::ArcStr;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cached;
use super::installed::{mapped, without_query};
use super::layers::Layers;
use super::load::{Loader, path_of, shown};
use super::roots::Plan;
use super::settings::Settings;
use super::values::{self, Source, Values};
use crate::model::{ExprAt, Model, Module, ModuleId, Read, Root, Unit};
use crate::source::{Workspace, join, resolve, seen_from};
use crate::syntax::ExprId;
use crate::value::{Exact, Identity, Kind, Step, Unknown, Value};

/// What a unit gives the variables of its module, by name.
pub(super) type Inputs = FxHashMap<ArcStr, Value>;

/// The module that each unit comes from.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// By unit: the directory, as it prints, or why there is none; nothing if none is wanted.
    sources: Vec<Option<Result<ArcStr, String>>>,
    /// By unit: the module that is made of that by what is laid over it.
    layers: Layers,
    /// The modules that units come from.
    modules: FxHashSet<ModuleId>,
    /// Modules over which something is laid, or that are laid over others, wherever they are used.
    pieces: FxHashSet<ModuleId>,
}

impl Units {
    /// Finds and loads the modules of all units.
    pub(super) fn find(loader: &mut Loader<'_>, settings: &Settings) -> Self {
        let workspace = loader.workspace();
        let mut known: FxHashMap<(ArcStr, ArcStr), Option<Result<ArcStr, String>>> = FxHashMap::default();
        let units = &loader.model.units;
        let sources: Vec<Option<Result<ArcStr, String>>> = units
            .iter()
            .map(|unit| {
                let Some(source) = unit.source() else { return Some(Ok(unit.dir.clone())) };
                let Some(text) = source.as_str() else {
                    return Some(Err("the source of its module is not known".to_owned()));
                };
                // A path is as seen from the unit, everything else from everywhere.
                let from = if text.starts_with('.') { unit.dir.clone() } else { ArcStr::new() };
                let found = known.entry((from, text.into()));
                let found = found.or_insert_with(|| directory(workspace, settings, unit, text)).clone();
                Some(found.unwrap_or_else(|| downloaded(workspace, unit, text)))
            })
            .collect();
        let mut wanted: Vec<String> =
            sources.iter().flatten().flatten().map(|dir| path_of(dir).to_owned()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        loader.load(wanted);
        let directories: Vec<Option<ArcStr>> =
            sources.iter().map(|source| source.as_ref()?.as_ref().ok().cloned()).collect();
        let layers = Layers::lay(loader, &directories);
        Self { sources, layers, ..Self::default() }
    }

    /// Notes at the units which modules they come from.
    pub(super) fn tie(&mut self, model: &mut Model) {
        let layered = model.modules.iter().filter_map(|module| Some((module.layered?, module.id)));
        let layered: FxHashMap<u32, ModuleId> = layered.collect();
        let mut whole: FxHashSet<ModuleId> = FxHashSet::default();
        for module in model.modules.iter().filter(|module| module.layered.is_some()) {
            self.pieces.extend(model.module_at(&module.dir).map(|base| base.id));
        }
        for beside in self.layers.beside.iter().filter_map(|dir| model.module_at(dir)) {
            self.pieces.insert(beside.id);
            self.modules.insert(beside.id);
        }
        for index in 0..model.units.len() {
            let Some(Some(source)) = self.sources.get(index) else { continue };
            let Some(unit) = model.units.get(index) else { continue };
            let own = unit.source().is_none();
            let (module, unavailable) = match source {
                Ok(dir) => match model.module_at(dir) {
                    Some(module) => (Some(module.id), None),
                    // A unit without a source may be there for others to include or to read.
                    None if own => (None, None),
                    None => (None, Some(format!("there is no module in {dir}"))),
                },
                Err(reason) => (None, Some(reason.clone())),
            };
            self.modules.extend(module);
            whole.extend(module.filter(|_| self.layers.of_units.get(index) == Some(&None)));
            let made = self.layers.of_units.get(index).copied().flatten();
            let made = made.and_then(|number| layered.get(&number).copied());
            let (module, unavailable) = match made {
                Some(made) => (Some(made), None),
                None => (module, unavailable),
            };
            self.modules.extend(made);
            if let Some(unit) = model.units.get_mut(index) {
                (unit.module, unit.unavailable) = (module, unavailable);
            }
        }
        self.pieces.retain(|module| !whole.contains(module));
    }

    /// Whether a module is only used with something laid over it, or laid over another: nothing is wrong with a part.
    pub(super) fn is_piece(&self, module: &Module) -> bool {
        self.pieces.contains(&module.id) && !module.called
    }

    /// Whether a module is evaluated as units, and not by itself.
    pub(super) fn take(&self, module: ModuleId) -> bool {
        self.modules.contains(&module)
    }

    /// The units as roots. What they give comes behind files of values, as it does in the environment of a run.
    pub(super) fn plans(
        &self,
        loader: &mut Loader<'_>,
        environment: &Values,
        arguments: &Values,
        named: &[Read],
        settings: &Settings,
    ) -> Vec<Plan> {
        let mut plans = Vec::new();
        for index in 0..loader.model.units.len() {
            let Some(unit) = loader.model.units.get(index) else { continue };
            let Some(id) = unit.module else { continue };
            let model = &loader.model;
            let module = model.module(id);
            let fallback = ExprAt { file: unit.file, expr: ExprId(0) };
            let given = unit.inputs().and_then(Value::entries).unwrap_or_default();
            let mut values = environment.clone();
            let mut inputs = Inputs::default();
            for (name, value) in given.iter().filter(|(name, _)| module.variable(name).is_some()) {
                let at = model.expression(value.origin()).unwrap_or(fallback);
                values.insert(name.clone(), Source::Input(at));
                inputs.insert(name.clone(), value.clone());
            }
            for file in &module.auto_variables {
                values::add_file(model, &mut values, *file);
            }
            let open = unit.inputs().is_some_and(is_open);
            let (scope, base) = (unit.dir.clone(), module.dir.clone());
            let files = var_files(unit);
            let own = unit.dir.clone();
            let mut reads = named.to_vec();
            for path in files {
                let path = seen_from(&loader.workspace().repository.root, &path_from(&own, &path));
                // One that is not there is a problem of the run, or is optional.
                let path = ArcStr::from(path);
                reads.push(match loader.values_file(&path) {
                    Ok(file) => {
                        values::add_file(&loader.model, &mut values, file);
                        Read::File(path)
                    }
                    Err(_) => Read::Absent(path),
                });
            }
            values.extend(arguments.iter().map(|(name, source)| (name.clone(), *source)));
            plans.push(Plan {
                module: id,
                unit: Some(scope.clone()),
                scope,
                base,
                inputs: Some(Arc::new(inputs)),
                variant: None,
                workspace: settings.workspace.as_ref().map(ArcStr::from),
                values,
                files: reads,
                library: false,
                open,
                keys: None,
            });
        }
        plans
    }
}

/// Whether more may be given than is known.
fn is_open(inputs: &Value) -> bool {
    match inputs.kind() {
        Kind::Unknown(_) => true,
        Kind::Object(object) => object.rest.is_some(),
        _ => false,
    }
}

/// A path as seen from a directory; absolute ones stay.
fn path_from(directory: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { join(path_of(directory), path) }
}

/// The directory in which a unit's module was downloaded.
///
/// # Errors
/// Why there is none, in words that group well.
fn downloaded(workspace: &Workspace, unit: &Unit, source: &str) -> Result<ArcStr, String> {
    let unavailable = format!("module {} is not available", without_query(source));
    match cached::find(workspace, unit, source) {
        Ok(Some(directory)) => Ok(shown(&directory)),
        Ok(None) => Err(unavailable),
        Err(why) => Err(format!("{unavailable}: {why}")),
    }
}

/// The directory of the module that a source names, or why there is none, in words that group well; `None` if it is a remote
/// one of which nobody says where it lies.
fn directory(
    workspace: &Workspace,
    settings: &Settings,
    unit: &Unit,
    source: &str,
) -> Option<Result<ArcStr, String>> {
    if source.starts_with(['.', '/']) {
        let path = source.replace("//", "/");
        let path = if path.starts_with('/') {
            seen_from(&workspace.repository.root, &path)
        } else {
            match resolve(path_of(&unit.dir), &path) {
                Some(path) => path,
                None => return Some(Err(format!("module {source} lies outside of the repository"))),
            }
        };
        if path == ".." || path.starts_with("../") {
            return Some(Err(format!("module {source} lies outside of the repository")));
        }
        return Some(Ok(shown(&path)));
    }
    // `tfr://host/name?version=1.2.3`, the host left out for the public registry.
    let (address, version) = match source.strip_prefix("tfr://") {
        Some(rest) => {
            let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
            let version = query.split('&').find_map(|pair| pair.strip_prefix("version="));
            (address.trim_start_matches('/').to_owned(), version.map(ArcStr::from))
        }
        None => (source.to_owned(), None),
    };
    mapped(settings, workspace, &(ArcStr::from(address.as_str()), version))
}

/// The files with values that a unit hands to a plan, in their order.
fn var_files(unit: &Unit) -> Vec<String> {
    let arguments = unit.get("terraform").and_then(|terraform| terraform.get("extra_arguments"));
    let mut found = Vec::new();
    for (_, block) in arguments.and_then(Value::entries).unwrap_or_default() {
        let texts = |name: &str| {
            let all = block.get(name).and_then(Value::elements).unwrap_or_default();
            all.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        if texts("commands").iter().any(|command| command == "plan" || command == "apply") {
            found.extend(texts("required_var_files"));
            found.extend(texts("optional_var_files"));
        }
    }
    found
}

/// The plans in an order in which units come behind those that they depend on: each list needs only those before it.
pub(super) fn levels(model: &Model, plans: &[Plan]) -> Vec<Vec<usize>> {
    let by_unit: FxHashMap<&ArcStr, usize> =
        plans.iter().enumerate().filter_map(|(index, plan)| Some((plan.unit.as_ref()?, index))).collect();
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); plans.len()];
    for (index, plan) in plans.iter().enumerate() {
        let unit = plan.unit.as_ref().and_then(|unit| model.unit(unit));
        for user in unit.into_iter().flat_map(|unit| &unit.used_by) {
            if let Some(needs) = by_unit.get(user).and_then(|&user| needs.get_mut(user)) {
                needs.push(index);
            }
        }
    }
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); plans.len()];
    for (user, needed) in needs.iter().enumerate() {
        for &target in needed {
            if let Some(users) = users.get_mut(target) {
                users.push(user);
            }
        }
    }
    let mut level: Vec<usize> = (0..plans.len()).filter(|&index| missing.get(index) == Some(&0)).collect();
    let mut levels = Vec::new();
    let mut left = plans.len();
    while !level.is_empty() {
        left -= level.len();
        let mut next = Vec::new();
        for user in level.iter().filter_map(|&index| users.get(index)).flatten() {
            if let Some(count) = missing.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    next.push(*user);
                }
            }
        }
        levels.push(std::mem::replace(&mut level, next));
    }
    if left > 0 {
        // Those on a circle, and behind one: what they have of one another is not known.
        levels.push(
            (0..plans.len()).filter(|&index| missing.get(index).is_some_and(|&count| count > 0)).collect(),
        );
    }
    levels
}

/// The unit that a root is, if others use its outputs.
pub(super) fn used(model: &Model, root: &Root) -> Option<ArcStr> {
    let unit = model.unit(root.unit.as_ref()?)?;
    (!unit.used_by.is_empty()).then(|| unit.dir.clone())
}

/// The outputs of a unit, by name.
pub(super) fn outputs(model: &Model, root: &Root) -> Value {
    let Some(instance) = root.instances.first() else { return Value::object(Vec::new()) };
    let declared = model.module(root.module).outputs.iter().zip(&instance.outputs);
    let entries = declared.map(|(output, found)| (output.named.name.clone(), found.value.clone()));
    Value::object(entries.collect())
}

/// Works out the inputs of a unit anew, once it is known what others came to.
pub trait Relink: Sync {
    /// The inputs of the unit in that directory; `outputs` are those of other units, by directory.
    fn inputs(&self, unit: &str, outputs: &FxHashMap<ArcStr, Value>) -> Option<Value>;
}

/// Where there are no units.
pub(super) struct Unlinked;

impl Relink for Unlinked {
    fn inputs(&self, _: &str, _: &FxHashMap<ArcStr, Value>) -> Option<Value> {
        None
    }
}

/// What becomes of inputs once it is known what other units came to.
pub(super) enum Linked {
    /// They hang on no other unit.
    Same,
    /// Outputs among them are what those came to.
    Other(Inputs),
    /// Something in them is computed from what is known by now.
    Anew,
}

/// Inputs in which outputs of other units are what those came to.
pub(super) fn linked(inputs: &Inputs, outputs: &FxHashMap<ArcStr, Value>) -> Linked {
    if outputs.is_empty() || inputs.values().all(Value::is_wholly_known) {
        return Linked::Same;
    }
    if inputs.values().any(|value| is_computed(value, outputs)) {
        return Linked::Anew;
    }
    Linked::Other(inputs.iter().map(|(name, value)| (name.clone(), link(value, outputs))).collect())
}

/// Whether something in a value is computed from an output of which more is known by now.
fn is_computed(value: &Value, outputs: &FxHashMap<ArcStr, Value>) -> bool {
    if let Kind::Unknown(unknown) = value.kind() {
        let Identity::Derived(from) = &unknown.identity else { return false };
        let is_known = |exact: &Arc<Exact>| {
            // What all outputs are computed into may hang on any of them.
            let whole =
                exact.address == OUTPUT && exact.path.is_empty() && outputs.contains_key(&exact.scope);
            whole || output(exact, outputs).is_some_and(|value| value.as_unknown().is_none())
        };
        return from.iter().any(is_known);
    }
    value.children().any(|child| is_computed(child, outputs))
}

/// The inputs of a unit, as far as outputs of others tell more about them.
pub(super) fn settled(unit: &Unit, outputs: &FxHashMap<ArcStr, Value>, relink: &dyn Relink) -> Option<Value> {
    let inputs = unit.inputs().filter(|inputs| !inputs.is_wholly_known())?;
    if is_computed(inputs, outputs) { relink.inputs(&unit.dir, outputs) } else { Some(link(inputs, outputs)) }
}

/// Lets every unit say what its inputs are, now that it is known what others came to.
pub(super) fn settle(model: &mut Model, relink: &dyn Relink) {
    let of = |root: &Root| Some((used(model, root)?, outputs(model, root)));
    let outputs: FxHashMap<ArcStr, Value> = model.roots.iter().filter_map(of).collect();
    if outputs.is_empty() {
        return;
    }
    let settled: Vec<Option<Value>> =
        model.units.par_iter().map(|unit| settled(unit, &outputs, relink)).collect();
    for (unit, inputs) in model.units.iter_mut().zip(settled) {
        let (Some(inputs), Some(entries)) = (inputs, unit.configuration.entries()) else { continue };
        let mut entries = entries.to_vec();
        if let Some((_, known)) = entries.iter_mut().find(|(name, _)| name == "inputs") {
            *known = inputs;
        }
        unit.configuration = Value::object(entries);
    }
}

/// A unit's plan with other inputs.
pub(super) fn given(model: &Model, plan: &Plan, inputs: &Value) -> Option<Plan> {
    let unit = model.unit(plan.unit.as_ref()?)?;
    let module = model.module(plan.module);
    let mut values = plan.values.clone();
    let mut kept = Inputs::default();
    values.retain(|_, source| !matches!(source, Source::Input(_)));
    for (name, value) in inputs.entries().unwrap_or_default() {
        if module.variable(name).is_none() {
            continue;
        }
        let at = model.expression(value.origin());
        let at = at.unwrap_or(ExprAt { file: unit.file, expr: ExprId(0) });
        values.entry(name.clone()).or_insert(Source::Input(at));
        kept.insert(name.clone(), value.clone());
    }
    Some(Plan { inputs: Some(Arc::new(kept)), values, open: is_open(inputs), ..plan.clone() })
}

fn link(value: &Value, outputs: &FxHashMap<ArcStr, Value>) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let linked = match value.kind() {
        Kind::Unknown(unknown) => match &unknown.identity {
            Identity::Exact(exact) => output(exact, outputs),
            Identity::Derived(from) => derived(unknown, from, outputs),
        },
        Kind::Tuple(values) => Some(Value::tuple(values.iter().map(|value| link(value, outputs)).collect())),
        Kind::Object(object) if object.rest.is_none() => {
            let entries = object.entries.iter().map(|(key, value)| (key.clone(), link(value, outputs)));
            Some(Value::object(entries.collect()))
        }
        Kind::List(list) => {
            let values = list.values.iter().map(|value| link(value, outputs)).collect();
            Some(Value::list(list.element.clone(), values))
        }
        Kind::Map(map) => {
            let entries = map.entries.iter().map(|(key, value)| (key.clone(), link(value, outputs)));
            Some(Value::map(map.element.clone(), entries.collect()))
        }
        // All outputs of a unit at once.
        Kind::Object(object) => object
            .rest
            .as_ref()
            .filter(|rest| rest.address == OUTPUT && rest.path.is_empty())
            .and_then(|rest| outputs.get(&rest.scope).cloned()),
        _ => None,
    };
    match linked {
        Some(linked) => linked.with_origin(value.origin()).with_marks_of(value.meta()),
        None => value.clone(),
    }
}

/// What the outputs of a unit are called before they are known.
const OUTPUT: &str = "output";

/// What an output of another unit came to.
fn output(exact: &Exact, outputs: &FxHashMap<ArcStr, Value>) -> Option<Value> {
    if exact.address != OUTPUT {
        return None;
    }
    let mut value = outputs.get(&exact.scope)?.clone();
    for step in &exact.path {
        value = match step {
            Step::Attr(name) => value.attr(name).ok()?,
            Step::Index(index) => value.index(&Value::int(i64::try_from(*index).ok()?)).ok()?,
            Step::Key(key) => value.index(&Value::string(key.clone())).ok()?,
            Step::Any => return None,
        };
    }
    Some(value)
}

/// What is computed from outputs is computed from what those came to.
fn derived(unknown: &Unknown, from: &[Arc<Exact>], outputs: &FxHashMap<ArcStr, Value>) -> Option<Value> {
    let mut found = Vec::new();
    let mut changed = false;
    for exact in from {
        match output(exact, outputs) {
            Some(value) => {
                changed = true;
                value.collect_identities(&mut found);
            }
            None => found.push(Identity::Exact(exact.clone())),
        }
    }
    changed.then(|| Value::unknown(Unknown { identity: Identity::derived(&found), ..unknown.clone() }))
}
