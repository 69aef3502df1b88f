//! From the files of a workspace to the units and stacks of its model.

use std::collections::BTreeMap;

use arcstr::ArcStr;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::{GENERATED, STACK_DEPTH, STACKS_AT_ONCE};
use super::cycle;
use super::evaluation::Evaluation;
use super::part;
use super::run::Run;
use super::settings::Settings;
use super::shape;
use super::shown;
use super::stack::{self, Component, Stack};
use super::template::{self, Copies};
use super::unit::{Finished, Reading};
use crate::eval::Problem;
use crate::model::{
    Circle, Model, ProblemKind, Read, Refusal, RefusalKind, StackComponent, Unit, UnitDependency,
    UnitInclude, UnitOrder, UnitStack,
};
use crate::source::{FileKind, Location, Span, Walk, Workspace, join, split};
use crate::terraform::{Relink, with_room};
use crate::value::Value;

/// Evaluates the units and stacks of a workspace: those that were asked for, and those that stacks would generate.
pub fn load<'w>(workspace: &'w Workspace, settings: &'w Settings, model: &mut Model) -> Evaluated<'w> {
    let found = Found::of(workspace, settings);
    let mut run = Run::new(workspace, model, settings);
    if !found.units.is_empty() || !found.stacks.is_empty() {
        // Chains of references are followed by recursion.
        let outcome = with_room(|| evaluate(&mut run, &found));
        outcome.into_model(model);
    }
    Evaluated { run }
}

/// The units of a workspace, which can be evaluated anew.
pub struct Evaluated<'w> {
    run: Run<'w>,
}

impl Relink for Evaluated<'_> {
    fn inputs(&self, unit: &str, outputs: &FxHashMap<ArcStr, Value>) -> Option<Value> {
        let dir = ArcStr::from(if unit == "." { "" } else { unit });
        let path = self.run.configuration(&dir)?;
        let on = Reading { outputs: Some(outputs), ..Reading::of_unit(&dir) };
        let finished = Evaluation::open(&self.run, &path, on).ok()?.finish();
        finished.section.get("inputs").cloned()
    }
}

/// Where units and stacks are.
struct Found {
    /// The files of units.
    units: Vec<ArcStr>,
    /// The directories of stacks.
    stacks: Vec<ArcStr>,
}

impl Found {
    fn of(workspace: &Workspace, settings: &Settings) -> Self {
        let files = workspace.files.iter().filter(|found| found.kind == FileKind::Terragrunt);
        let mut found = Self { units: Vec::new(), stacks: Vec::new() };
        for file in files {
            match split(&file.path) {
                (_, super::UNIT_NAME) => found.units.push(file.path.as_str().into()),
                (dir, super::STACK_NAME) => found.stacks.push(dir.into()),
                _ => {}
            }
        }
        found.units.extend(settings.configurations.iter().map(ArcStr::from));
        if settings.in_part && !(found.units.is_empty() && found.stacks.is_empty()) {
            found.look_around(workspace);
        }
        found
    }
}

impl Found {
    /// Adds the units and stacks of the whole repository.
    fn look_around(&mut self, workspace: &Workspace) {
        let top = [workspace.repository.root.clone()];
        let walked = Walk::default().run(&workspace.repository, workspace.reader().as_ref(), &top);
        for file in walked.files.iter().filter(|file| !workspace.is_selected(&file.path)) {
            match split(&file.path) {
                (_, super::UNIT_NAME) => self.units.push(file.path.as_str().into()),
                (dir, super::STACK_NAME) => self.stacks.push(dir.into()),
                _ => {}
            }
        }
    }
}

/// All that came of it, before it has a place in the model.
struct Outcome {
    files: Vec<(crate::source::SourceFile, crate::model::File)>,
    units: Vec<Unit>,
    stacks: Vec<UnitStack>,
    refusals: Vec<Refused>,
    circles: Vec<Circle>,
    copies: Copies,
    /// How many files the model has already.
    first: usize,
}

/// Why one unit or stack is refused.
struct Refused {
    kind: RefusalKind,
    problem: Problem,
    /// Its directory.
    of: ArcStr,
}

fn evaluate(run: &mut Run<'_>, found: &Found) -> Outcome {
    let mut refusals: Vec<Refused> = Vec::new();
    generate(run, &found.stacks);
    let run = &*run;
    let mut stacks = Vec::with_capacity(run.stacks.len());
    for stack in run.stacks.values() {
        let problems = stack.problems.iter().cloned();
        refusals.extend(refused(RefusalKind::Configuration, problems, &shown(&stack.dir)));
        let mut components: Vec<StackComponent> = stack.components.iter().map(Component::for_model).collect();
        components.sort_by(|a, b| a.dir.cmp(&b.dir));
        stacks.push(UnitStack {
            dir: shown(&stack.dir),
            file: stack.file,
            stack: run.generated.get(&stack.dir).map(|(by, _)| shown(by)),
            generates: stack.components.iter().map(|component| shown(&component.dir)).collect(),
            components,
            reads: stack.reads.clone(),
            unavailable: unavailable(stack),
            refused: !stack.problems.is_empty(),
            template: false,
        });
    }
    stacks.sort_by(|a, b| a.dir.cmp(&b.dir));
    let paths = unit_paths(run, &found.units);
    let first = |path: &ArcStr| {
        let sketched = run.settings.in_part.then(|| part::sketch(run, path)).flatten();
        sketched.map(|unit| (unit, Vec::new())).or_else(|| unit(run, path))
    };
    let evaluated: Vec<(Unit, Vec<Refused>)> = paths.par_iter().filter_map(first).collect();
    let mut units = Vec::with_capacity(evaluated.len());
    for (unit, of_unit) in evaluated {
        refusals.extend(of_unit);
        units.push(unit);
    }
    units.sort_by(|a: &Unit, b: &Unit| a.dir.cmp(&b.dir));
    let mut circles = cycle::circles(&mut units, &stacks);
    note_users(&mut units, &stacks);
    if run.settings.in_part {
        let asked: FxHashSet<ArcStr> =
            units.iter().filter(|unit| unit.asked).map(|unit| unit.dir.clone()).collect();
        let is_stack = |dir: &ArcStr| stacks.binary_search_by(|stack| stack.dir.cmp(dir)).is_ok();
        refusals.retain(|refused| asked.contains(&refused.of) || is_stack(&refused.of));
        circles.retain(|circle| circle.units.iter().any(|unit| asked.contains(unit)));
        part::keep_related(&mut units);
        complete(run, &paths, &mut units);
    }
    for (unit, stack) in both(&units, &stacks) {
        let place = Location::new(unit, Span::at(0));
        let message = format!("there is a `{}` in the same directory", super::STACK_NAME);
        let problem = Problem::new(place, message).with_help("a directory is a unit or a stack, not both");
        refusals.extend(refused(RefusalKind::Configuration, [problem], &stack));
    }
    let copies = run.stacks.values().map(|stack| (shown(&run.ground.real(&stack.dir)), stack.copies()));
    let copies = Copies::of(copies);
    Outcome { files: run.library.take_added(), units, stacks, refusals, circles, copies, first: 0 }
}

/// Evaluates those units in full of which only an outline was made.
fn complete(run: &Run<'_>, paths: &[ArcStr], units: &mut [Unit]) {
    let by_dir: FxHashMap<ArcStr, &ArcStr> =
        paths.iter().map(|path| (shown(&split(path).0.into()), path)).collect();
    units.par_iter_mut().filter(|unit| unit.configuration.is_null()).for_each(|outlined| {
        let path = by_dir.get(&outlined.dir);
        if let Some((whole, _)) = path.and_then(|path| unit(run, path)) {
            let refused = outlined.refused || whole.refused;
            *outlined = Unit { used_by: std::mem::take(&mut outlined.used_by), refused, ..whole };
        }
    });
}

fn refused(
    kind: RefusalKind,
    problems: impl IntoIterator<Item = Problem>,
    of: &ArcStr,
) -> impl Iterator<Item = Refused> {
    problems.into_iter().map(move |problem| Refused { kind, problem, of: of.clone() })
}

/// Notes at each unit who uses its outputs. Units are sorted.
fn note_users(units: &mut [Unit], stacks: &[UnitStack]) {
    let mut users: Vec<(ArcStr, ArcStr)> = Vec::new();
    for unit in units.iter() {
        let enabled = unit.dependencies.iter().filter(|dependency| dependency.enabled);
        users.extend(enabled.filter_map(|one| Some((one.path.clone()?, unit.dir.clone()))));
    }
    users.sort();
    users.dedup();
    // Who uses a stack uses all its units.
    let of_stack = |target: &ArcStr| {
        let at = stacks.binary_search_by(|stack| stack.dir.cmp(target)).ok();
        at.and_then(|at| stacks.get(at)).map(|stack| stack.generates.clone()).unwrap_or_default()
    };
    let through: Vec<(ArcStr, ArcStr)> = users
        .iter()
        .flat_map(|(target, user)| of_stack(target).into_iter().map(move |unit| (unit, user.clone())))
        .collect();
    users.extend(through);
    for (target, user) in users {
        if let Ok(at) = units.binary_search_by(|unit| unit.dir.cmp(&target))
            && let Some(unit) = units.get_mut(at)
        {
            unit.used_by.push(user);
        }
    }
    for unit in units {
        unit.used_by.sort();
        unit.used_by.dedup();
    }
}

/// The directories that are unit and stack at once.
fn both(units: &[Unit], stacks: &[UnitStack]) -> Vec<(crate::source::FileId, ArcStr)> {
    let stack_at = |dir: &ArcStr| stacks.binary_search_by(|stack| stack.dir.cmp(dir)).is_ok();
    let both = units.iter().filter(|unit| unit.stack.is_none() && stack_at(&unit.dir));
    both.map(|unit| (unit.file, unit.dir.clone())).collect()
}

fn unavailable(stack: &Stack) -> Vec<(Location, ArcStr)> {
    let missing = stack.components.iter().filter(|component| component.source.is_none());
    missing.filter_map(|component| Some((component.header, component.source_text.clone()?))).collect()
}

/// Reads all stacks, those that are generated too, level by level.
fn generate(run: &mut Run<'_>, stacks: &[ArcStr]) {
    // What an earlier run generated is generated anew, unless its stack is gone.
    let is_generated = |dir: &ArcStr| dir.split('/').any(|name| name == super::STACK_DIRECTORY);
    let (later, first): (Vec<ArcStr>, Vec<ArcStr>) = stacks.iter().cloned().partition(is_generated);
    levels(run, first);
    let later = later.into_iter().filter(|dir| run.ground.real(dir) == *dir).collect();
    levels(run, later);
}

fn levels(run: &mut Run<'_>, first: Vec<ArcStr>) {
    let mut wanted = first;
    for _ in 0..STACK_DEPTH {
        let mut next = Vec::new();
        // No more at once than may still be generated, lest what is too much be made before it is refused.
        for some in wanted.chunks(STACKS_AT_ONCE) {
            if run.generated.len() >= GENERATED {
                some.iter().for_each(|dir| refuse(run, dir, too_many()));
                continue;
            }
            let read: Vec<Stack> = {
                let run = &*run;
                some.par_iter().filter_map(|dir| stack::read(run, dir).ok()).collect()
            };
            for stack in read {
                take(run, stack, &mut next);
            }
        }
        if next.is_empty() {
            return;
        }
        wanted = next;
    }
    for dir in wanted {
        refuse(run, &dir, format!("stacks generate stacks more than {STACK_DEPTH} levels deep"));
    }
}

/// Generates what a stack says; the stacks among it are read next.
fn take(run: &mut Run<'_>, mut stack: Stack, next: &mut Vec<ArcStr>) {
    for (index, component) in stack.components.iter().enumerate() {
        let Some(source) = &component.source else { continue };
        if run.generated.len() >= GENERATED {
            stack.problems.push(Problem::new(component.header, too_many()));
            stack.components.truncate(index);
            break;
        }
        run.ground.mount(component.dir.clone(), source.clone());
        run.generated.insert(component.dir.clone(), (stack.dir.clone(), index));
        if !component.is_unit {
            next.push(component.dir.clone());
        }
    }
    run.stacks.insert(stack.dir.clone(), stack);
}

fn too_many() -> String {
    format!("the stacks of this tree generate more than {GENERATED} units and stacks")
}

/// Says at the stack that generates another why that one is not read.
fn refuse(run: &mut Run<'_>, dir: &ArcStr, message: String) {
    let Some((stack, index)) = run.generated.get(dir).cloned() else { return };
    let Some(stack) = run.stacks.get_mut(&stack) else { return };
    let Some(header) = stack.components.get(index).map(|component| component.header) else { return };
    stack.problems.push(Problem::new(header, message));
}

/// The files of all units, those that are generated too.
fn unit_paths(run: &Run<'_>, found: &[ArcStr]) -> Vec<ArcStr> {
    let mut paths: Vec<ArcStr> =
        found.iter().filter(|path| run.ground.real(path) == **path).cloned().collect();
    // JSON comes first where both lie together.
    for path in &mut paths {
        if let (dir, super::UNIT_NAME) = split(path)
            && let Some(chosen) = run.configuration(dir)
        {
            *path = chosen;
        }
    }
    for dir in run.generated.keys() {
        if run.component(dir).is_some_and(|component| component.is_unit) {
            paths.push(run.configuration(dir).unwrap_or_else(|| join(dir, super::UNIT_NAME).into()));
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

fn unit(run: &Run<'_>, path: &ArcStr) -> Option<(Unit, Vec<Refused>)> {
    let dir = ArcStr::from(split(path).0);
    // A file that cannot be read is told of where files are read.
    let evaluation = Evaluation::open(run, path, Reading::of_unit(&dir)).ok()?;
    evaluation.note(Read::File(path.clone()));
    let finished = evaluation.finish();
    let Finished { section, locals, edges, includes, reads, file, parts, dependencies, .. } = finished;
    let mut refusals: Vec<Refused> =
        refused(RefusalKind::Configuration, finished.problems, &shown(&dir)).collect();
    refusals.extend(refused(RefusalKind::Target, finished.astray, &shown(&dir)));
    let order = |order: UnitOrder| UnitOrder { path: shown(&order.path), ..order };
    let mut all: Vec<ArcStr> = edges.iter().map(shown).collect();
    all.sort();
    all.dedup();
    let mut named: Vec<UnitDependency> = dependencies;
    named.sort_by(|a, b| a.label.cmp(&b.label));
    let includes = includes.into_iter().map(|include| UnitInclude {
        label: include.label,
        path: include.path,
        file: include.file,
        merge_strategy: include.strategy.word(),
        expose: include.expose,
        header: include.header,
    });
    let unit = Unit {
        dir: shown(&dir),
        file,
        parts,
        asked: part::is_asked(run, path),
        stack: run.generated.get(&dir).map(|(stack, _)| shown(stack)),
        includes: includes.collect(),
        dependencies: named,
        orders: finished.orders.into_iter().map(order).collect(),
        after: all,
        configuration: shape::whole(&section, locals, None),
        used_by: Vec::new(),
        root: None,
        module: None,
        unavailable: None,
        reads,
        refused: !refusals.is_empty(),
        template: false,
    };
    Some((unit, refusals))
}

impl Outcome {
    fn into_model(mut self, model: &mut Model) {
        self.first = model.files.len();
        for (source, file) in std::mem::take(&mut self.files) {
            model.sources.add(source);
            model.files.push(file);
        }
        model.units = self.units;
        model.stacks = self.stacks;
        model.circles = self.circles;
        let paths: FxHashMap<&str, u32> =
            model.sources.iter().map(|(id, source)| (source.path.as_str(), id.0)).collect();
        let read = model.units.iter().flat_map(|unit| unit.reads.files());
        let mut ids: Vec<u32> = read.filter_map(|path| paths.get(path).copied()).collect();
        ids.extend(model.units.iter().map(|unit| unit.file.0));
        ids.extend(model.stacks.iter().map(|stack| stack.file.0));
        for id in ids {
            if let Some(file) = model.files.get_mut(id as usize) {
                file.configures = true;
            }
        }
        model.note_inputs_read();
        let told = |at: Location, message: &str| {
            let errors = model.tree(at.file).map(|tree| tree.errors.as_slice()).unwrap_or_default();
            errors.iter().any(|error| error.span == at.span && error.message == message)
        };
        // What is wrong with the text is told of the file itself.
        let mut refusals = self.refusals;
        refusals
            .retain(|refused| refused.problem.location.is_none_or(|at| !told(at, &refused.problem.message)));
        for refused in refusals.iter_mut().filter(|refused| refused.kind == RefusalKind::Configuration) {
            let Some(at) = refused.problem.location else { continue };
            let reads = model.tree(at.file).is_some_and(|tree| template::reads_values(tree, at.span));
            if reads && template::own_file(model, &refused.of) == Some(at.file) {
                refused.kind = RefusalKind::Values;
            }
        }
        let without_values = refusals.iter().filter(|refused| refused.kind == RefusalKind::Values);
        let without_values = without_values.map(|refused| refused.of.clone()).collect();
        template::note(model, &self.copies, &without_values);
        model.refusals = merged(refusals);
        add_syntax_errors(model, self.first);
    }
}

/// What is wrong with the text of the files from a number on.
fn add_syntax_errors(model: &mut Model, first: usize) {
    let added = model.files.iter().skip(first).filter_map(|file| file.tree.as_deref());
    let found: Vec<crate::model::Problem> = added
        .flat_map(|tree| {
            tree.errors.iter().map(|error| crate::model::Problem {
                kind: ProblemKind::Syntax,
                problem: super::document::problem(tree.file, error),
                contexts: Vec::new(),
            })
        })
        .collect();
    if found.is_empty() {
        return;
    }
    model.problems.extend(found);
    let key = |problem: &crate::model::Problem| {
        (problem.problem.location, problem.kind, problem.problem.message.clone())
    };
    model.problems.sort_by_cached_key(key);
}

/// Equal problems as one, sorted by their place.
fn merged(found: Vec<Refused>) -> Vec<Refusal> {
    let mut merged: BTreeMap<(Option<Location>, String), Refusal> = BTreeMap::new();
    for Refused { kind, problem, of } in found {
        let key = (problem.location, problem.message.clone());
        let refusal = merged.entry(key).or_insert_with(|| Refusal { kind, problem, units: Vec::new() });
        refusal.units.push(of);
    }
    let mut refusals: Vec<Refusal> = merged.into_values().collect();
    for refusal in &mut refusals {
        refusal.units.sort();
        refusal.units.dedup();
    }
    refusals
}
