//! Which directories are roots, and with which inputs each is evaluated.

use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use super::load::{Loader, path_of};
use super::made::{self, Keys, Made};
use super::settings::{Settings, Variant};
use super::units::{Inputs, Units};
use super::values::{self, Values};
use crate::eval;
use crate::model::{File, Model, Module, ModuleId, Problem, ProblemKind, Read};
use crate::source::{FileKind, Location};

/// One evaluation that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The root module.
    pub(super) module: ModuleId,
    /// Its directory, or that of the unit: the scope of the identities that it makes.
    pub(super) scope: ArcStr,
    /// The directory that it runs in.
    pub(super) base: ArcStr,
    /// The unit that it is evaluated as.
    pub(super) unit: Option<ArcStr>,
    /// What the unit gives its variables, if it is evaluated as one.
    pub(super) inputs: Option<Arc<Inputs>>,
    /// The variant.
    pub(super) variant: Option<ArcStr>,
    /// The workspace: the variant's own, or else that of the run.
    pub(super) workspace: Option<ArcStr>,
    /// Where its variables have their values from.
    pub(super) values: Values,
    /// The files of values that somebody names.
    pub(super) files: Vec<Read>,
    /// It is a root only because nobody calls it, and needs values that nobody gives: a module for others.
    pub(super) library: bool,
    /// Variables that are not given a value are unknown, whatever their defaults.
    pub(super) open: bool,
    /// The keys of instances, where a plan says them.
    pub(super) keys: Option<Arc<Keys>>,
}

/// What is to be evaluated, sorted by directory and variant.
pub(super) fn plans(loader: &mut Loader<'_>, settings: &Settings, units: &Units, made: &[Made]) -> Vec<Plan> {
    let roots: Vec<ModuleId> = {
        let surroundings = Surroundings::of(&loader.model, units);
        let modules = loader.model.modules.iter();
        modules.filter(|module| surroundings.is_root(module, settings)).map(|module| module.id).collect()
    };
    let (environment, arguments, named) = outside(loader, settings);
    let mut plans = Vec::new();
    for id in roots {
        let (dir, automatic) = {
            let module = loader.model.module(id);
            (module.dir.clone(), module.auto_variables.clone())
        };
        let mut common = environment.clone();
        for file in automatic {
            values::add_file(&loader.model, &mut common, file);
            undeclared(loader, id, file);
        }
        let own = settings.root(path_of(&dir));
        let files = values::add(loader, &mut common, &own.inputs, "variables of plangate.hcl:");
        let has_variants = !own.variants.is_empty();
        let variants = if has_variants { own.variants } else { vec![Variant::default()] };
        let first = plans.len();
        for variant in variants {
            let mut values = common.clone();
            let of_variant = values::add(loader, &mut values, &variant.inputs, "variables of plangate.hcl:");
            values.extend(arguments.iter().map(|(name, source)| (name.clone(), *source)));
            let name = (!variant.name.is_empty()).then(|| variant.name.as_str().into());
            let library = is_library(loader.model.module(id), &values);
            let workspace = variant.workspace.as_ref().or(settings.workspace.as_ref());
            plans.push(Plan {
                module: id,
                scope: dir.clone(),
                base: dir.clone(),
                unit: None,
                inputs: None,
                variant: name,
                workspace: workspace.map(ArcStr::from),
                values,
                files: [&files[..], &of_variant, &named].concat(),
                library,
                open: false,
                keys: None,
            });
        }
        // Of a plan, everything is known: what the tree says alone counts for its variants only.
        let made: Vec<&Made> = made.iter().filter(|made| made.directory == dir).collect();
        let Some(common) = plans.get(first).filter(|_| !made.is_empty()).cloned() else { continue };
        if !has_variants {
            plans.truncate(first);
        }
        let alone = made.len() == 1 && !has_variants;
        for made in made {
            let variant = (!alone).then(|| made.name.clone());
            plans.push(Plan { variant, ..made::evaluation(loader, &common, made) });
        }
    }
    let mut of_units = units.plans(loader, &environment, &arguments, &named, settings);
    for plan in &mut of_units {
        // What a unit is given it knows better than a plan: which value it is.
        let mut own = made.iter().filter(|made| made.directory == plan.scope);
        plan.keys = own.next().filter(|_| own.next().is_none()).map(|made| made.keys.clone());
    }
    plans.extend(of_units);
    plans.sort_by(|a, b| (&a.scope, &a.variant).cmp(&(&b.scope, &b.variant)));
    plans
}

/// What the environment says, what arguments do, and the files among those.
fn outside(loader: &mut Loader<'_>, settings: &Settings) -> (Values, Values, Vec<Read>) {
    let environment: Values = settings
        .environment
        .iter()
        .map(|(name, text)| {
            let at = values::text_file(loader, &format!("TF_VAR_{name}"), text);
            (name.as_str().into(), values::Source::Text(at))
        })
        .collect();
    let mut arguments = Values::default();
    let named = values::add(loader, &mut arguments, &settings.arguments, "--var");
    (environment, arguments, named)
}

/// The values that a module is evaluated with where it is a root, and the workspace: once for each variant.
pub(super) fn given(
    loader: &mut Loader<'_>,
    settings: &Settings,
    module: usize,
) -> Vec<(Values, Option<String>)> {
    let Some(module) = loader.model.modules.get(module) else { return Vec::new() };
    let (dir, automatic) = (module.dir.clone(), module.auto_variables.clone());
    let (mut common, arguments, _) = outside(loader, settings);
    for file in automatic {
        values::add_file(&loader.model, &mut common, file);
    }
    let own = settings.root(path_of(&dir));
    values::add(loader, &mut common, &own.inputs, "variables of plangate.hcl:");
    let variants = if own.variants.is_empty() { vec![Variant::default()] } else { own.variants };
    let of = |variant: Variant| {
        let mut values = common.clone();
        values::add(loader, &mut values, &variant.inputs, "variables of plangate.hcl:");
        values.extend(arguments.iter().map(|(name, source)| (name.clone(), *source)));
        (values, variant.workspace.or_else(|| settings.workspace.clone()))
    };
    variants.into_iter().map(of).collect()
}

/// A value for a variable that nobody declares: Terraform warns.
fn undeclared(loader: &mut Loader<'_>, id: ModuleId, file: crate::source::FileId) {
    let model = &mut loader.model;
    let module = model.module(id);
    let found: Vec<Problem> = values::entries(model, file)
        .into_iter()
        .filter(|(name, ..)| module.variable(name).is_none())
        .map(|(name, span, _)| {
            let message = format!("there is no variable `{name}` that would take this value");
            let mut problem = eval::Problem::new(Location::new(file, span), message);
            let names = module.variables.iter().map(|variable| variable.named.name.as_str());
            problem.help = crate::suggest::did_you_mean(&name, names);
            Problem { kind: ProblemKind::Warning, problem, contexts: Vec::new() }
        })
        .collect();
    model.problems.extend(found);
}

fn is_library(module: &Module, values: &Values) -> bool {
    module.backends.is_empty()
        && module.variables.iter().any(|it| it.default.is_none() && !values.contains_key(&it.named.name))
}

/// What lies around modules and tells which are roots.
struct Surroundings<'m> {
    /// The modules that others call.
    called: FxHashSet<ModuleId>,
    units: &'m Units,
    /// The directories with files that were asked for: configuration, or values for variables.
    asked: FxHashSet<&'m str>,
    /// The directories with values for variables.
    with_values: FxHashSet<&'m str>,
}

impl<'m> Surroundings<'m> {
    fn of(model: &'m Model, units: &'m Units) -> Self {
        let calls = model.modules.iter().flat_map(|module| &module.calls);
        let is_values = |file: &File| matches!(file.kind, Some(FileKind::Variables(_)));
        let is_ours = |file: &File| is_values(file) || file.kind.is_some_and(FileKind::is_module);
        let directories = |wanted: &dyn Fn(&File) -> bool| {
            model.files.iter().filter(|file| wanted(file)).map(|file| file.dir.as_str()).collect()
        };
        Self {
            called: calls.filter_map(|call| call.local).collect(),
            units,
            asked: directories(&|file| file.selected && is_ours(file)),
            with_values: directories(&is_values),
        }
    }

    fn is_root(&self, module: &Module, settings: &Settings) -> bool {
        let directory = path_of(&module.dir);
        if settings.named_roots.iter().any(|named| named == directory) {
            return true;
        }
        self.asked.contains(module.dir.as_str())
            && !self.units.take(module.id)
            && (!self.called.contains(&module.id)
                || !module.backends.is_empty()
                || !module.providers.is_empty()
                || self.with_values.contains(module.dir.as_str()))
    }
}
