//! A unit while it is evaluated: its own file, what it includes, and what they share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::bounds::CHAIN;
use super::config::{Config, Sections, State};
use super::dependency::Dependencies;
use super::include::Include;
use super::names::Names;
use super::run::Run;
use super::schema::{self, Phase};
use super::section::Section;
use super::shape;
use super::trace::Traces;
use crate::eval::{Evaluator, Failed, Log, Problem};
use crate::model::{Read, ReadSet};
use crate::source::{Location, split};
use crate::syntax::{ExprId, ExprKind};
use crate::value::{Exact, Identity, Unknown, Value};

/// A unit, or a file that one reads, while it is evaluated.
pub(super) struct Evaluation<'r, 'm> {
    pub(super) run: &'r Run<'m>,
    /// The directory that path functions and relative paths start from.
    pub(super) dir: ArcStr,
    /// What other units came to, where that is known, by directory as it prints.
    pub(super) outputs: Option<&'r FxHashMap<ArcStr, Value>>,
    /// The directory of the unit on whose behalf this is evaluated.
    pub(super) original: ArcStr,
    /// The file itself.
    pub(super) path: ArcStr,
    pub(super) own: Config,
    /// What it includes, in the order of the text.
    pub(super) includes: Vec<Include>,
    /// What a stack adds to it.
    pub(super) auto: Option<Config>,
    /// What `feature` is.
    pub(super) features: Value,
    pub(super) dependencies: RefCell<Dependencies>,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) reads: RefCell<ReadSet>,
    /// The files that are being read one by another, outermost first.
    pub(super) reading: Vec<ArcStr>,
    /// How many files may still be read on behalf of the unit.
    pub(super) left: Rc<Cell<usize>>,
    /// Whether the result hangs on whose behalf it is evaluated, or on a circle that was met.
    pub(super) peculiar: Cell<bool>,
    pub(super) depth: Cell<usize>,
    pub(super) traces: Traces,
}

impl<'r, 'm> Evaluation<'r, 'm> {
    /// The unit's directory, as identities say it.
    pub(super) fn scope(&self) -> ArcStr {
        if self.dir.is_empty() { arcstr::literal!(".") } else { self.dir.clone() }
    }

    pub(super) fn note(&self, read: Read) {
        // What is generated is a copy: the file that it is a copy of was read.
        let ground = &self.run.ground;
        let read = match read {
            Read::File(path) if ground.is_generating() => Read::File(ground.real(&path)),
            Read::Absent(path) if ground.is_generating() => Read::Absent(ground.real(&path)),
            Read::Listing(path) if ground.is_generating() => Read::Listing(ground.real(&path)),
            read => read,
        };
        self.traces.read(&read);
        self.reads.borrow_mut().reads.insert(read);
    }

    /// Notes what was looked for above a directory. Another unit that shares the value looks from where it lies.
    pub(super) fn note_search(&self, directory: &str, name: &str, found: Option<&ArcStr>) {
        if !directory.is_empty() {
            let from = ArcStr::from(split(directory).0);
            let read = Read::Nearest { name: name.into(), from, found: found.cloned() };
            self.reads.borrow_mut().reads.insert(read);
        }
    }

    pub(super) fn report(&self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.borrow_mut().extend(problems);
    }

    pub(super) fn wrong(&self, location: Location, message: impl Into<String>) {
        self.report([Problem::new(location, message)]);
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.problems.borrow().is_empty()
    }

    /// A value of the unit that is not known.
    pub(super) fn unknown(&self, address: impl Into<ArcStr>) -> Value {
        self.traces.mark();
        let exact = Exact::new(self.scope(), address);
        Value::unknown(Unknown::new(Identity::Exact(exact.into())))
    }

    /// The value of an expression; what is wrong with it is told.
    pub(super) fn value(&self, config: &Config, expr: ExprId, phase: Phase) -> Option<Value> {
        let tree = &config.document.tree;
        // A literal is sooner read again than looked up.
        let is_literal = matches!(
            tree.kind(expr),
            ExprKind::String(_) | ExprKind::Number | ExprKind::Bool(_) | ExprKind::Null
        );
        if !config.shared || is_literal {
            return self.fresh_value(config, expr, phase);
        }
        let at = (tree.file, expr);
        if let Some((value, trace)) = self.run.memory.recall(at, &self.run.ground, &self.dir) {
            self.traces.add(&trace);
            self.reads.borrow_mut().reads.extend(trace.reads().iter().cloned());
            for (name, found) in trace.searches() {
                self.note_search(&self.dir, name, found.as_ref());
            }
            return Some(value);
        }
        let told = self.problems.borrow().len();
        self.traces.open();
        let value = self.fresh_value(config, expr, phase);
        let trace = self.traces.close();
        if let Some(value) = &value
            && self.problems.borrow().len() == told
            && self.outputs.is_none()
        {
            self.run.memory.keep(at, &trace, value);
        }
        value
    }

    fn fresh_value(&self, config: &Config, expr: ExprId, phase: Phase) -> Option<Value> {
        let names = Names { evaluation: self, config, phase };
        let mut log = Log::default();
        let outcome = Evaluator::new(&config.document.tree, &names, &mut log).evaluate(expr, None);
        if !log.problems.is_empty() {
            // Whoever reads a file forgives what is not there, but not among its locals.
            let told = log.problems.into_iter();
            self.report(told.map(|told| Problem { absent: told.absent && phase == Phase::Late, ..told }));
        }
        outcome.ok()
    }

    /// The value of a local that is there.
    pub(super) fn local(&self, config: &Config, name: &str, at: Location) -> Result<Value, Failed> {
        let Some(attribute) = config.local(name) else { return Err(Failed) };
        let key = attribute.value.0;
        let known = config.states.borrow().get(&key).cloned();
        match known {
            Some(State::Done(value, trace)) => {
                self.traces.add(&trace);
                return value.ok_or(Failed);
            }
            Some(State::Busy) => {
                let place = config.document.at(attribute.name.span);
                let problem = Problem::new(place, format!("the local value `{name}` hangs on itself"))
                    .with_label(at, "through this reference");
                self.report([problem]);
                return Err(Failed);
            }
            None => {}
        }
        if self.depth.get() >= CHAIN {
            let message = format!("more than {CHAIN} local values hang on one another in a chain");
            self.wrong(at, message);
            return Err(Failed);
        }
        config.states.borrow_mut().insert(key, State::Busy);
        self.depth.set(self.depth.get() + 1);
        self.traces.open();
        let value = self.value(config, attribute.value, Phase::Locals);
        let trace = Rc::new(self.traces.close());
        self.depth.set(self.depth.get() - 1);
        config.states.borrow_mut().insert(key, State::Done(value.clone(), trace));
        value.ok_or(Failed)
    }

    /// All locals of a file, as an object; those that failed are not known.
    pub(super) fn locals(&self, config: &Config) -> Result<Value, Failed> {
        let tree = &config.document.tree;
        let entries = config.locals().into_iter().map(|attribute| {
            let name = tree.name(attribute.name);
            let at = config.document.at(attribute.name.span);
            let value = self.local(config, name, at);
            let value = value.unwrap_or_else(|Failed| self.unknown(format!("local.{name}")));
            (crate::value::name(name), value)
        });
        Ok(Value::object(entries.collect()))
    }

    /// What a file says, evaluated; of dependencies and features nothing.
    pub(super) fn section(&self, config: &Config) -> Result<Rc<Section>, Failed> {
        let known = config.section.borrow().clone();
        match known {
            Sections::Done(section) => return Ok(section),
            Sections::Busy => {
                let message = "this file is read while it is evaluated: it hangs on itself";
                self.wrong(config.document.at(config.document.tree.body(config.body).span), message);
                return Err(Failed);
            }
            Sections::Open => {}
        }
        *config.section.borrow_mut() = Sections::Busy;
        let section = Rc::new(self.body(config, config.body, &schema::UNIT));
        *config.section.borrow_mut() = Sections::Done(section.clone());
        Ok(section)
    }

    /// What `include` is as a whole.
    pub(super) fn exposed(&self, phase: Phase) -> Result<Value, Failed> {
        if let [include] = self.includes.as_slice()
            && include.label.is_empty()
        {
            return match &include.config {
                Some(config) if include.expose => self.shape_of(config, phase),
                _ => Ok(Value::object(Vec::new())),
            };
        }
        let mut entries = Vec::new();
        for include in self.includes.iter().filter(|include| include.expose) {
            if let Some(config) = &include.config {
                entries.push((include.label.clone(), self.shape_of(config, phase)?));
            }
        }
        Ok(Value::object(entries))
    }

    /// The inputs of an included file. Where dependencies are not known yet, those of a file that has some are not there.
    pub(super) fn inputs_of(&self, config: &Config, phase: Phase) -> Result<Value, Failed> {
        if phase < Phase::Late && config.has_dependencies() {
            return Ok(Value::null());
        }
        let section = self.section(config)?;
        Ok(section.get("inputs").cloned().unwrap_or_else(Value::null))
    }

    /// An included file as a value.
    pub(super) fn shape_of(&self, config: &Config, phase: Phase) -> Result<Value, Failed> {
        let mut section = Section::clone(&*self.section(config)?);
        if phase < Phase::Late && config.has_dependencies() {
            section.remove("inputs");
        }
        section.blocks.extend(self.dependency_blocks_of(config));
        let locals = if config.has_locals() { Some(self.locals(config)?) } else { None };
        Ok(shape::whole(&section, locals, None))
    }
}
