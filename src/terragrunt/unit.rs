//! A unit from its files to what it comes to.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use arcstr::ArcStr;

use rustc_hash::FxHashMap;

use super::bounds::READS_OF_UNIT;
use super::config::Config;
use super::dependency::Resolved;
use super::document::Role;
use super::evaluation::Evaluation;
use super::include::Strategy;
use super::merge;
use super::run::Run;
use super::schema::{FEATURE, Phase};
use super::section::{Block, Section};
use super::trace::Traces;
use crate::eval::{Failed, Problem};
use crate::model::{Read, ReadSet, UnitDependency, UnitOrder};
use crate::source::{FileId, Location, ReadError, Span, join, split};
use crate::value::{Exact, Kind, Type, Value, convert};

/// What a unit comes to.
pub(super) struct Finished {
    pub(super) section: Section,
    pub(super) locals: Option<Value>,
    /// What `dependency` is.
    pub(super) dependency: Value,
    pub(super) dependencies: Vec<UnitDependency>,
    /// The directories that it depends on, by blocks of either kind.
    pub(super) edges: Vec<ArcStr>,
    pub(super) includes: Vec<Included>,
    pub(super) problems: Vec<Problem>,
    /// Where it depends on what is not there.
    pub(super) astray: Vec<Problem>,
    /// What `dependencies` put before it.
    pub(super) orders: Vec<UnitOrder>,
    pub(super) reads: ReadSet,
    /// Whether the result hangs on whose behalf it was evaluated.
    pub(super) peculiar: bool,
    pub(super) file: FileId,
    /// The files that are parts of it beside its own.
    pub(super) parts: Vec<FileId>,
}

/// What a unit depends on, and nothing else of it.
pub(super) struct Outline {
    pub(super) file: FileId,
    pub(super) dependencies: Vec<UnitDependency>,
    pub(super) edges: Vec<ArcStr>,
}

/// An include of a unit.
pub(super) struct Included {
    pub(super) label: ArcStr,
    pub(super) header: Location,
    pub(super) path: Option<ArcStr>,
    pub(super) file: Option<FileId>,
    pub(super) strategy: Strategy,
    pub(super) expose: bool,
}

/// On whose behalf a file is evaluated.
pub(super) struct Reading<'r> {
    /// What other units came to, where that is known, by directory as it prints.
    pub(super) outputs: Option<&'r FxHashMap<ArcStr, Value>>,
    /// The directory of the unit.
    pub(super) original: ArcStr,
    /// The files that are being read one by another, outermost first.
    pub(super) files: Vec<ArcStr>,
    pub(super) left: Rc<Cell<usize>>,
}

impl Reading<'_> {
    /// A unit, on behalf of itself.
    pub(super) fn of_unit(dir: &ArcStr) -> Self {
        Self {
            outputs: None,
            original: dir.clone(),
            files: Vec::new(),
            left: Rc::new(Cell::new(READS_OF_UNIT)),
        }
    }
}

impl<'r, 'm> Evaluation<'r, 'm> {
    /// Opens a file as a unit's: its values, what it includes, its features.
    pub(super) fn open(run: &'r Run<'m>, path: &ArcStr, on: Reading<'r>) -> Result<Self, ReadError> {
        let dir = ArcStr::from(split(path).0);
        let real = run.ground.real(path);
        let document = if on.files.is_empty() {
            run.library.lone_document(&real)?
        } else {
            run.library.document(&real)?
        };
        let mistakes = document.mistakes(Role::Unit);
        let own = Config::new(document, dir.clone(), None);
        let mut evaluation = Self {
            run,
            dir: dir.clone(),
            outputs: on.outputs,
            original: on.original,
            path: path.clone(),
            own,
            includes: Vec::new(),
            auto: None,
            features: Value::object(Vec::new()),
            dependencies: RefCell::default(),
            problems: RefCell::new(mistakes.to_vec()),
            reads: RefCell::default(),
            reading: on.files,
            left: on.left,
            peculiar: Cell::new(on.outputs.is_some()),
            depth: Cell::new(0),
            traces: Traces::default(),
        };
        evaluation.own.values = evaluation.values_beside(&dir);
        evaluation.includes = evaluation.read_includes(&evaluation.own);
        for include in &mut evaluation.includes {
            if let Some(config) = &mut include.config {
                config.sees_dependencies = include.strategy != Strategy::None;
            }
        }
        evaluation.auto = evaluation.autoinclude();
        let features = evaluation.feature_blocks();
        evaluation.features = evaluation.feature_values(&features);
        let of_includes: Vec<Option<Value>> = evaluation
            .includes
            .iter()
            .map(|include| {
                let own = evaluation.written_features(include.config.as_ref()?);
                Some(evaluation.feature_values(&own))
            })
            .collect();
        for (include, features) in evaluation.includes.iter_mut().zip(of_includes) {
            if let (Some(config), Some(features)) = (&mut include.config, features) {
                config.outer.push(("feature", features));
            }
        }
        Ok(evaluation)
    }

    /// What `values` is in a directory: what a stack hands over, or what is written there.
    pub(super) fn values_beside(&self, dir: &ArcStr) -> Option<Value> {
        if let Some(given) = self.run.given_values(dir) {
            return Some(given.clone());
        }
        let path = ArcStr::from(join(dir, super::VALUES_NAME));
        if !self.run.ground.is_file(&path) {
            self.note(Read::Absent(path));
            return None;
        }
        self.note(Read::File(path.clone()));
        let document = match self.run.library.document(&self.run.ground.real(&path)) {
            Ok(document) => document,
            Err(error) => {
                let top = Location::new(self.own.document.tree.file, Span::at(0));
                self.wrong(top, super::include::unreadable(&path, &error));
                return None;
            }
        };
        self.report(document.mistakes(Role::Values).iter().cloned());
        let config = Config::new(document, dir.clone(), None);
        Some(self.attributes(&config))
    }

    /// All attributes of a file as an object, evaluated without any names.
    pub(super) fn attributes(&self, config: &Config) -> Value {
        let tree = &config.document.tree;
        let entries = tree.attributes(config.body).map(|attribute| {
            let name = tree.name(attribute.name);
            let value = self.value(config, attribute.value, Phase::Include);
            (ArcStr::from(name), value.unwrap_or_else(|| self.unknown(format!("values.{name}"))))
        });
        Value::object(entries.collect())
    }

    /// The features of the unit and of what it includes.
    fn feature_blocks(&self) -> Vec<Block> {
        let mut merged = self.written_features(&self.own);
        for include in self.includes.iter().rev().filter(|include| include.strategy != Strategy::None) {
            let Some(config) = &include.config else { continue };
            for block in self.written_features(config) {
                match merged.iter_mut().find(|known| known.label == block.label) {
                    None => merged.push(block),
                    Some(known) if include.strategy == Strategy::Deep => self.deep_feature(known, &block),
                    Some(_) => {}
                }
            }
        }
        merged
    }

    fn deep_feature(&self, child: &mut Block, parent: &Block) {
        let (Some(below), Some(above)) = (parent.section.get("default"), child.section.get("default")) else {
            return;
        };
        if below.entries().is_some() && above.entries().is_some() {
            if let Ok(merged) = merge::deep_values(below, above) {
                child.section.set("default", merged);
            }
            return;
        }
        let message = format!("the feature `{}` is in both files, and no object", child.label);
        let problem = Problem::new(child.header, message).with_label(parent.header, "the other is here");
        self.report([problem]);
    }

    fn written_features(&self, config: &Config) -> Vec<Block> {
        let tree = &config.document.tree;
        let mut found: Vec<Block> = Vec::new();
        for block in tree.blocks(config.body).filter(|block| tree.name(block.kind) == "feature") {
            let label = ArcStr::from(tree.label(block, 0).unwrap_or_default());
            let section = self.fields(config, block.body, &FEATURE, Phase::Include);
            let header = config.document.at(block.header);
            found.push(Block { kind: "feature", label, header, section });
        }
        found
    }

    fn feature_values(&self, blocks: &[Block]) -> Value {
        // Of one label the first counts.
        let entries = blocks.iter().rev().map(|block| {
            let default = block.section.get("default").cloned().unwrap_or_else(Value::null);
            let value = match self.run.settings.features.get(block.label.as_str()) {
                None => default,
                Some(text) if default.as_bool().is_some() => match parse_bool(text) {
                    Some(value) => Value::bool(value),
                    None => {
                        let message = format!("the feature `{}` is a bool, and is given none", block.label);
                        self.wrong(block.header, message);
                        return (block.label.clone(), Value::null());
                    }
                },
                Some(text) => Value::text(text),
            };
            (block.label.clone(), Value::object(vec![(arcstr::literal!("value"), value)]))
        });
        Value::object(entries.collect())
    }

    /// Evaluates all that there is.
    pub(super) fn finish(self) -> Finished {
        let mut merged = self.cloned_section(&self.own);
        for include in self.includes.iter().rev() {
            let Some(config) = &include.config else { continue };
            // What is not merged must be right all the same.
            let parent = self.cloned_section(config);
            let tell = &mut |problem| self.report([problem]);
            merged = match include.strategy {
                Strategy::None => merged,
                Strategy::Shallow => merge::shallow(parent, merged, tell),
                Strategy::Deep => merge::deep(parent, merged, tell),
            };
        }
        if let Some(auto) = &self.auto {
            let added = self.cloned_section(auto);
            merged = merge::shallow(merged, added, &mut |problem| self.report([problem]));
        }
        if let Some(unseen) = self
            .includes
            .iter()
            .find(|include| include.strategy != Strategy::None && include.config.is_none())
        {
            // What is included and not known may give any input.
            let known = merged.remove("inputs");
            let entries = known.as_ref().and_then(Value::entries).unwrap_or_default().to_vec();
            let origin = known.as_ref().map(Value::origin).unwrap_or_default();
            let exact = Exact::new(self.scope(), format!("include.{}.inputs", unseen.label));
            merged.set("inputs", Value::open_object(entries, exact.into()).with_origin(origin));
        }
        let dependencies = self.dependencies();
        let mut astray = Vec::new();
        if let Some(resolved) = &dependencies {
            astray.extend(self.astray_dependencies(resolved));
            self.judge_mocks(resolved);
            merged.blocks.extend(resolved.blocks.iter().cloned());
        }
        merged.blocks.extend(self.feature_blocks());
        let orders = self.orders(&merged, &mut astray);
        let locals = self.own.has_locals().then(|| self.locals(&self.own)).and_then(Result::ok);
        for value in locals.iter().chain(merged.get("inputs")) {
            self.judge_numbers(value);
        }
        for config in self.includes.iter().filter_map(|include| include.config.as_ref()).chain(&self.auto) {
            let _: Result<Value, Failed> = self.locals(config);
        }
        let mut edges: Vec<ArcStr> = dependencies.iter().flat_map(|of| of.edges.iter().cloned()).collect();
        edges.extend(orders.iter().map(|order| order.path.clone()));
        let named = dependencies.as_ref().map(|resolved| self.named(resolved)).unwrap_or_default();
        let configs = self.includes.iter().filter_map(|include| include.config.as_ref()).chain(&self.auto);
        let parts = configs.map(|config| config.document.tree.file).collect();
        let includes = self.includes.into_iter().map(|include| Included {
            label: include.label,
            header: include.header,
            path: include.path,
            file: include.config.as_ref().map(|config| config.document.tree.file),
            strategy: include.strategy,
            expose: include.expose,
        });
        Finished {
            section: merged,
            locals,
            dependency: dependencies.as_ref().map_or_else(Value::null, |resolved| resolved.value.clone()),
            dependencies: named,
            edges,
            includes: includes.collect(),
            problems: self.problems.into_inner(),
            astray,
            orders,
            reads: self.reads.into_inner(),
            peculiar: self.peculiar.get(),
            file: self.own.document.tree.file,
            parts,
        }
    }

    /// What the unit depends on, evaluated no further than that takes; `None` if all of it must be for that.
    pub(super) fn outline(&self) -> Option<Outline> {
        let included = self.includes.iter().filter_map(|include| include.config.as_ref());
        let mut configs = std::iter::once(&self.own).chain(included).chain(&self.auto);
        let orders =
            |config: &Config| config.document.tree.blocks_of(config.body, "dependencies").next().is_some();
        if configs.any(orders) {
            return None;
        }
        let resolved = self.dependencies()?;
        let dependencies = self.named(&resolved);
        Some(Outline { file: self.own.document.tree.file, dependencies, edges: resolved.edges.clone() })
    }

    /// The dependencies that have a name, in the order of the text.
    fn named(&self, resolved: &Resolved) -> Vec<UnitDependency> {
        let named = resolved.blocks.iter().map(|block| UnitDependency {
            label: block.label.clone(),
            path: self.target(block).map(|path| super::shown(&path)),
            enabled: block.section.get("enabled").and_then(Value::as_bool) != Some(false),
            header: block.header,
        });
        named.collect()
    }

    fn cloned_section(&self, config: &Config) -> Section {
        self.section(config).map(|section| Section::clone(&section)).unwrap_or_default()
    }

    /// What is infinite cannot be handed to anybody.
    fn judge_numbers(&self, value: &Value) {
        if let Kind::Number(number) = value.kind()
            && number.is_infinite()
        {
            let location = self.locate(value).unwrap_or_else(|| self.own.document.at(Span::at(0)));
            self.wrong(location, "this number is infinite");
        }
        value.children().for_each(|child| self.judge_numbers(child));
    }

    /// Where `dependencies` lead; those directories must be there.
    fn orders(&self, section: &Section, astray: &mut Vec<Problem>) -> Vec<UnitOrder> {
        let Some(block) = section.block("dependencies") else { return Vec::new() };
        let paths = block.section.get("paths").and_then(Value::elements).unwrap_or_default();
        let order = |value: &Value| {
            let path = value.as_str()?;
            let at = self.locate(value).unwrap_or(block.header);
            let target = self.run.ground.resolve(&self.dir, path)?;
            if self.run.ground.kind(&target).is_none() {
                astray.push(Problem::new(at, format!("there is no directory `{path}`")));
            }
            Some(UnitOrder { path: target.into(), at })
        };
        paths.iter().filter_map(order).collect()
    }

    /// Where a value of the unit's own file was written.
    fn locate(&self, value: &Value) -> Option<Location> {
        let included = self.includes.iter().filter_map(|include| include.config.as_ref());
        let mut documents = std::iter::once(&self.own).chain(included).map(|config| &config.document);
        documents.find_map(|document| {
            let tree = &document.tree;
            let expr = value.origin().number().checked_sub(tree.origin_base)?;
            (value.origin().number() != 0 && expr < tree.expr_count())
                .then(|| document.at(tree.span(crate::syntax::ExprId(expr))))
        })
    }
}

/// A bool as Go reads one.
fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => convert(&Value::text(text), &Type::Bool).ok().and_then(|value| value.as_bool()),
    }
}
