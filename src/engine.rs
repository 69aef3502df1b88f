//! Subjects × rules → findings, in parallel.
//!
//! Each subject is judged with the settings of its path; each set of settings is turned into configured rules once.

mod plan;
mod selection;

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use plan::{Active, Plan};
pub use plan::{RuleFilter, looking_at};
pub use selection::{Selection, Unreadable};

use crate::config::Config;
use crate::eval::Problem;
use crate::finding::{Finding, Place, Undecided, settle};
use crate::model::{Beyond, InstanceId, Model, RootId, Unit};
use crate::plan::{Plans, Tie};
use crate::rules::{
    FileSubject, Hook, ModuleSubject, NotKnown, PlanSubject, RootSubject, Sink, UnitSubject, Verdict,
};
use crate::source::{FileId, Location, Span, split};
use crate::value::{Exact, Identity, Origin, Unknown};

/// What the rules found.
#[derive(Debug, Default)]
pub struct Judged {
    /// The findings, sorted, equal ones merged.
    pub findings: Vec<Finding>,
    /// What could not be decided, sorted, without repeats.
    pub undecided: Vec<Undecided>,
    /// How many rules had something to judge by.
    pub rules: usize,
}

/// Judges everything that was asked for.
///
/// # Errors
/// What is wrong with the rules' options.
pub fn judge(
    model: &Model,
    plans: &Plans,
    config: &Config,
    selection: &Selection<'_>,
    filter: &RuleFilter,
) -> Result<Judged, Vec<Problem>> {
    let plan = Plan::new(model, config, filter)?;
    let of_plans = plans.plans.iter().filter_map(|plan| plan.source).collect();
    let run = Run { model, config, selection, plan: &plan, of_plans };
    let mut told: Vec<Told> = Vec::new();
    let files: Vec<FileId> =
        model.sources.iter().map(|(id, _)| id).filter(|&id| selection.file(model, id)).collect();
    told.par_extend(files.par_iter().map(|&file| run.file(file)).filter(Told::is_worth_keeping));
    // What plans alone make up is written nowhere.
    let written = model.modules.par_iter().filter(|module| !module.files.is_empty());
    let modules = written.map(|module| run.module(ModuleSubject { model, module }));
    told.par_extend(modules.filter(Told::is_worth_keeping));
    told.par_extend(
        (0..model.roots.len()).into_par_iter().flat_map_iter(|index| run.root(RootId(index as u32))),
    );
    told.par_extend(model.units.par_iter().map(|unit| run.unit(unit)).filter(Told::is_worth_keeping));
    told.par_extend(plans.plans.par_iter().filter_map(|plan| Some(run.plan(&PlanSubject::of(model, plan)?))));
    told.extend(run.whole());

    let (mut findings, mut undecided) = (Vec::new(), Vec::new());
    for one in told {
        findings.extend(one.findings);
        undecided.extend(one.undecided);
    }
    undecided.sort();
    undecided.dedup();
    Ok(Judged { findings: settle(findings, &model.sources), undecided, rules: plan.rule_count() })
}

/// The hooks that see what a root makes.
const WHAT_IS_MADE: [Hook; 3] = [Hook::Root, Hook::Instance, Hook::Resource(&[])];

/// What was told about one subject.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
}

impl Told {
    /// Whether anything was told: of most subjects there is nothing to tell.
    fn is_worth_keeping(&self) -> bool {
        !self.findings.is_empty() || !self.undecided.is_empty()
    }
}

struct Run<'a> {
    model: &'a Model,
    config: &'a Config,
    selection: &'a Selection<'a>,
    plan: &'a Plan,
    /// The files that plans were read from.
    of_plans: FxHashSet<FileId>,
}

impl<'a> Run<'a> {
    fn file(&self, id: FileId) -> Told {
        let mut told = Told::default();
        let source = self.model.sources.get(id);
        let Some(file) = self.model.files.get(id.0 as usize) else { return told };
        let error = self.selection.unreadable(id);
        let subject = FileSubject { model: self.model, id, source, file, error };
        // What is generated lies where the text is written that it is generated with.
        let path = file.written.map_or(&source.path, |at| &self.model.sources.get(at.file).path);
        let directory = match split(path).0 {
            "" => ".",
            directory => directory,
        };
        let place = Place::in_module(directory);
        for active in self.plan.rules(&source.path, &[Hook::File]) {
            let sink = self.sink(active).about(place.clone(), Some(subject.at(Span::at(0))));
            self.collect(&mut told, sink, false, |sink| active.rule.file(&subject, sink));
        }
        told
    }

    fn module(&self, subject: ModuleSubject<'a>) -> Told {
        let mut told = Told::default();
        let dir = &subject.module.dir;
        let whole = self.selection.directory(dir);
        let (place, location) = (Place::in_module(dir.clone()), subject.location());
        for active in self.plan.rules(dir, &[Hook::Module]) {
            let sink = self.sink(active).about(place.clone(), location);
            let sink = sink.in_layers(subject.module.layered.is_some());
            self.collect(&mut told, sink, whole, |sink| active.rule.module(&subject, sink));
        }
        told
    }

    fn root(&self, id: RootId) -> Vec<Told> {
        let root = self.model.root(id);
        let subject = RootSubject { model: self.model, id, root };
        let module = self.model.module(root.module);
        // A unit is judged by the settings of its own directory.
        let dir = root.unit.as_ref().unwrap_or(&module.dir);
        // A plan was asked for, whatever was asked for of its source.
        let whole =
            module.files.is_empty() || self.selection.directory(&module.dir) || self.is_asked_unit(root);
        let mut all = Told::default();
        let location = ModuleSubject { model: self.model, module: self.model.module(root.module) }.location();
        for active in self.plan.rules(dir, &[Hook::Root]) {
            let sink = self.sink(active).in_root(id).about(subject.place(), location);
            self.collect(&mut all, sink, whole, |sink| active.rule.root(&subject, sink));
        }
        let of_instances: Vec<&Active> = self.plan.rules(dir, &[Hook::Instance]).collect();
        let of_resources: Vec<&Active> = self.plan.rules(dir, &[Hook::Resource(&[])]).collect();
        let instances: Vec<_> = subject.instances().collect();
        let mut told: Vec<Told> = instances
            .into_par_iter()
            .map(|instance| {
                let mut told = Told::default();
                let place = instance.place();
                let location = ModuleSubject { model: self.model, module: instance.module }.location();
                for active in &of_instances {
                    let sink = self.sink(active).in_root(id).about(place.clone(), location);
                    self.collect(&mut told, sink, whole, |sink| active.rule.instance(&instance, sink));
                }
                for resource in instance.resources() {
                    for active in
                        of_resources.iter().filter(|active| active.judges_type(&resource.resource.ty))
                    {
                        let sink =
                            self.sink(active).in_root(id).about(resource.place(), Some(resource.header()));
                        self.collect(&mut told, sink, whole, |sink| active.rule.resource(&resource, sink));
                    }
                }
                told
            })
            .collect();
        told.push(all);
        told.extend(root.beyond.iter().map(|beyond| self.beyond(subject, beyond, whole)));
        told.retain(Told::is_worth_keeping);
        told
    }

    /// Whether what is evaluated is a unit that was asked for.
    fn is_asked_unit(&self, root: &crate::model::Root) -> bool {
        let unit = root.unit.as_ref().and_then(|unit| self.model.unit(unit));
        unit.is_some_and(|unit| unit.asked)
    }

    fn unit(&self, unit: &'a Unit) -> Told {
        if !unit.asked {
            return Told::default();
        }
        let mut told = self.absent(unit);
        let subject = UnitSubject { model: self.model, unit };
        for active in self.plan.rules(&unit.dir, &[Hook::Unit]) {
            let sink = self.sink(active).about(subject.place(), Some(subject.location()));
            self.collect(&mut told, sink, true, |sink| active.rule.unit(&subject, sink));
        }
        told
    }

    /// A unit whose module is not at hand is undecided for every rule that would have judged what it makes.
    fn absent(&self, unit: &Unit) -> Told {
        let mut told = Told::default();
        let Some(reason) = &unit.unavailable else { return told };
        let written = unit.source().and_then(|source| self.model.locate(source.origin()));
        let location = written.unwrap_or(Location::new(unit.file, Span::at(0)));
        let place = Place::default().with_unit(unit.dir.clone());
        for active in self.plan.rules(&unit.dir, &WHAT_IS_MADE) {
            let exact = Exact::new(unit.dir.clone(), "terraform.source");
            let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
            let what = NotKnown { unknown, origin: Origin::default(), reason: Some(reason.clone()) };
            let sink = self.sink(active).about(place.clone(), Some(location));
            self.collect(&mut told, sink, false, |_| Err(what));
        }
        told
    }

    /// What was not evaluated is undecided for every rule that would have judged it.
    fn beyond(&self, subject: RootSubject<'a>, beyond: &Beyond, whole: bool) -> Told {
        let mut told = Told::default();
        let dir = &self.model.module(subject.root.module).dir;
        let mut resources = self.model.modules.iter().flat_map(|module| &module.resources);
        let resource = resources.find(|resource| resource.named.location() == beyond.at);
        let place = self.model.place(subject.id, InstanceId(0), Some(beyond.address.clone()));
        for active in self.plan.rules(dir, &WHAT_IS_MADE) {
            if !active.is_concerned_with(resource.map(|resource| resource.ty.as_str())) {
                continue;
            }
            let exact = Exact::new(subject.root.scope.clone(), beyond.address.clone());
            let unknown = Arc::new(Unknown::new(Identity::Exact(Arc::new(exact))));
            let what = NotKnown { unknown, origin: Origin::default(), reason: Some(beyond.reason.clone()) };
            let sink = self.sink(active).in_root(subject.id).about(place.clone(), Some(beyond.at));
            self.collect(&mut told, sink, whole, |_| Err(what));
        }
        told
    }

    fn plan(&self, subject: &PlanSubject<'a>) -> Told {
        let mut told = Told::default();
        let dir = match (subject.root, &subject.plan.tie) {
            (Some(root), _) => self.model.module(root.root.module).dir.as_str(),
            (None, Tie::Directory(directory) | Tie::Unit(directory)) => directory.as_str(),
            (None, Tie::None) => "",
        };
        for active in self.plan.rules(dir, &[Hook::Plan]) {
            let sink = self.sink(active).about(subject.place(), Some(subject.own_location()));
            let sink = match subject.root {
                Some(root) => sink.in_root(root.id),
                None => sink,
            };
            self.collect(&mut told, sink, true, |sink| active.rule.plan(subject, sink));
        }
        told
    }

    fn whole(&self) -> Vec<Told> {
        let rules: Vec<&Active> = self.plan.rules("", &[Hook::Model]).collect();
        let judge = |active: &&Active| {
            let mut told = Told::default();
            self.collect(&mut told, self.sink(active), false, |sink| active.rule.model(self.model, sink));
            told
        };
        rules.par_iter().map(judge).collect()
    }

    fn sink(&self, active: &Active) -> Sink<'a> {
        Sink::new(active.id, active.severity, self.model)
    }

    /// Runs a hook, and keeps what concerns files or roots that were asked for and places at which the rule is on.
    /// With `whole`, everything about the subject was asked for.
    fn collect(
        &self,
        told: &mut Told,
        mut sink: Sink<'a>,
        whole: bool,
        hook: impl FnOnce(&mut Sink<'a>) -> Verdict,
    ) {
        if let Err(what) = hook(&mut sink) {
            sink.undecided(what);
        }
        let (findings, undecided) = sink.into_parts();
        told.findings
            .extend(findings.into_iter().filter(|finding| self.keeps(&finding.rule, finding.primary, whole)));
        told.undecided
            .extend(undecided.into_iter().filter(|what| self.keeps(&what.rule, what.location, whole)));
    }

    fn keeps(&self, rule: &str, location: Option<Location>, whole: bool) -> bool {
        let Some(location) = location else { return true };
        // What stands in a plan is judged by the settings of what it is a plan of, wherever its file lies.
        if self.of_plans.contains(&location.file) {
            return true;
        }
        let asked = whole || self.selection.file(self.model, location.file);
        asked && self.plan.is_on(self.config, rule, &self.model.sources.get(location.file).path)
    }
}
