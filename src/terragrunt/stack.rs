//! Stacks: what they would generate, read without writing anything.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use arcstr::ArcStr;

use super::bounds::{EXPANSION, READS_OF_UNIT};
use super::component::{Written, judge_names, judge_places};
use super::config::Config;
use super::document::{Document, Role};
use super::evaluation::Evaluation;
use super::run::Run;
use super::schema::{DEPENDENCY, Phase};
use super::trace::Traces;
use crate::eval::Problem;
use crate::model::{Read, ReadSet, StackComponent};
use crate::source::{FileId, Location, ReadError, Span, join, split};
use crate::syntax::{BodyId, ExprId};
use crate::value::{Kind, Value};

/// A stack's file, and what it would generate.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) dir: ArcStr,
    pub(super) file: FileId,
    pub(super) components: Vec<Component>,
    pub(super) locals: Option<Value>,
    pub(super) problems: Vec<Problem>,
    pub(super) reads: ReadSet,
}

/// A unit or stack that a stack generates.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) is_unit: bool,
    pub(super) name: ArcStr,
    /// Where it is generated, relative to the repository.
    pub(super) dir: ArcStr,
    /// Its `path`, as it is written.
    pub(super) path: ArcStr,
    /// Its `source`, as it is written.
    pub(super) source_text: Option<ArcStr>,
    /// The directory that it is a copy of, if it lies in the repository.
    pub(super) source: Option<ArcStr>,
    /// Its values, if it is given any.
    pub(super) values: Option<Value>,
    /// Where it stands.
    pub(super) header: Location,
    /// What stands in its block.
    pub(super) body: BodyId,
    /// The directory that its `source` names within a repository, whichever that is.
    pub(super) named: Option<ArcStr>,
    pub(super) auto: Option<Auto>,
}

impl Component {
    pub(super) fn for_model(&self) -> StackComponent {
        StackComponent {
            name: self.name.clone(),
            is_unit: self.is_unit,
            dir: super::shown(&self.dir),
            source: self.source.clone(),
            header: self.header,
            body: self.body,
            values: self.values.clone(),
        }
    }
}

/// An `autoinclude` block, and what its names mean.
#[derive(Clone, Debug)]
pub(super) struct Auto {
    document: Arc<Document>,
    body: BodyId,
    outer: Arc<Vec<(&'static str, Value)>>,
    /// The stack's directory.
    at: ArcStr,
}

/// Names by what they mean.
pub(super) type Outer = Vec<(&'static str, Value)>;

/// Reads the stack in a directory.
///
/// # Errors
/// Why its file cannot be read.
pub(super) fn read<'m>(run: &Run<'m>, dir: &ArcStr) -> Result<Stack, ReadError> {
    let path = ArcStr::from(join(dir, super::STACK_NAME));
    let document = run.library.document(&run.ground.real(&path))?;
    let mistakes = document.mistakes(Role::Stack).to_vec();
    let file = document.tree.file;
    let mut own = Config::new(document, dir.clone(), None);
    own.lenient = true;
    let mut evaluation = Evaluation {
        run,
        dir: dir.clone(),
        outputs: None,
        original: dir.clone(),
        path: path.clone(),
        own,
        includes: Vec::new(),
        auto: None,
        features: Value::object(Vec::new()),
        dependencies: RefCell::default(),
        problems: RefCell::new(mistakes),
        reads: RefCell::default(),
        reading: Vec::new(),
        left: Rc::new(Cell::new(READS_OF_UNIT)),
        peculiar: Cell::new(false),
        depth: Cell::new(0),
        traces: Traces::default(),
    };
    evaluation.note(Read::File(path.clone()));
    evaluation.own.values = evaluation.values_beside(dir);
    let components = evaluation.components();
    let locals = evaluation.own.has_locals();
    // A local that nobody uses may be wrong.
    let before = evaluation.problems.borrow().len();
    let locals = locals.then(|| evaluation.locals(&evaluation.own)).and_then(Result::ok);
    evaluation.problems.borrow_mut().truncate(before);
    Ok(Stack {
        dir: dir.clone(),
        file,
        components,
        locals,
        problems: evaluation.problems.into_inner(),
        reads: evaluation.reads.into_inner(),
    })
}

impl Stack {
    /// The directories that it makes copies of, as they print; of other repositories, the directories in those.
    pub(super) fn copies(&self) -> impl Iterator<Item = ArcStr> {
        let real = self.components.iter().filter_map(|component| component.source.as_ref()).map(super::shown);
        real.chain(self.components.iter().filter_map(|component| component.named.clone()))
    }

    /// What `read_terragrunt_config` makes of it.
    pub(super) fn as_value(&self) -> Value {
        let of = |is_unit: bool| -> Vec<(ArcStr, Value)> {
            let chosen = self.components.iter().filter(|component| component.is_unit == is_unit);
            let value = |component: &Component| {
                let text = |name: &'static str, text: &ArcStr| (ArcStr::from(name), Value::text(text));
                let mut entries = vec![text("name", &component.name), text("path", &component.path)];
                entries.extend(component.source_text.as_ref().map(|source| text("source", source)));
                entries.extend(component.values.clone().map(|values| (arcstr::literal!("values"), values)));
                (component.name.clone(), Value::object(entries))
            };
            chosen.map(value).collect()
        };
        let mut entries = Vec::new();
        entries.extend(self.locals.clone().map(|locals| (arcstr::literal!("local"), locals)));
        for (name, is_unit) in [("unit", true), ("stack", false)] {
            let components = of(is_unit);
            if !components.is_empty() {
                entries.push((ArcStr::from(name), Value::object(components)));
            }
        }
        Value::object(entries)
    }
}

/// The directory in a repository that a source names as it is written: `git::…/catalog.git//units/net?ref=…`.
fn within_repository(source: &str) -> Option<&str> {
    let behind = source.rsplit_once("//").filter(|(before, _)| !before.ends_with(':'))?.1;
    let end = behind.find(['?', '"', '$']).unwrap_or(behind.len());
    behind.get(..end).map(|path| path.trim_end_matches('/')).filter(|path| !path.is_empty())
}

impl Auto {
    /// The block as a part of a unit's configuration.
    pub(super) fn config(&self, values: Option<Value>) -> Config {
        let mut config = Config::within(self.document.clone(), self.body, self.at.clone(), values);
        config.outer.clone_from(&self.outer);
        config.functions_at = Some(self.at.clone());
        config
    }

    pub(super) fn mistakes(&self) -> Vec<Problem> {
        super::structure::check(&self.document.tree, self.body, &super::schema::UNIT)
    }
}

impl<'m> Evaluation<'_, 'm> {
    /// What the stack and those that it includes would generate.
    fn components(&self) -> Vec<Component> {
        let included = self.included_stacks();
        let added = self.added_stack();
        let configs: Vec<&Config> = std::iter::once(&self.own).chain(&included).collect();
        let mut written: Vec<Written<'_>> = Vec::new();
        for config in configs {
            written.extend(self.written_components(config));
        }
        if let Some(added) = &added {
            // What the stack around it adds takes the place of what is called the same.
            let added = self.written_components(added);
            let same = |one: &Written<'_>, other: &Written<'_>| {
                one.is_unit == other.is_unit && one.name == other.name
            };
            written.retain(|one| !added.iter().any(|other| same(one, other)));
            written.extend(added);
        }
        if written.is_empty() && !self.has_failed() {
            let problem = Problem::new(
                Location::new(self.own.document.tree.file, Span::at(0)),
                "the stack has neither units nor stacks",
            );
            self.report([problem]);
        }
        judge_names(&written, self);
        let placed: Vec<_> = written.into_iter().filter_map(|written| self.place(written)).collect();
        judge_places(&placed, self);
        let paths = |is_unit: bool| {
            let chosen = placed.iter().filter(|(written, ..)| written.is_unit == is_unit);
            let path = |(written, _, dir): &(Written<'_>, ArcStr, ArcStr)| {
                let path = (arcstr::literal!("path"), Value::text(&self.run.ground.absolute(dir)));
                (written.name.clone(), Value::object(vec![path]))
            };
            Value::object(chosen.map(path).collect())
        };
        let outer: Outer = vec![("unit", paths(true)), ("stack", paths(false))];
        placed.into_iter().map(|(written, path, dir)| self.component(written, path, dir, &outer)).collect()
    }

    /// What the stack that generates this one adds to it.
    fn added_stack(&self) -> Option<Config> {
        let component = self.run.component(&self.dir).filter(|component| !component.is_unit);
        let Some(auto) = component.and_then(|component| component.auto.as_ref()) else {
            // A copy has what lies beside that which it is a copy of.
            let beside = component.map_or(Some(&self.dir), |component| component.source.as_ref());
            return beside.and_then(|beside| self.added_file(beside));
        };
        self.report(super::structure::check(&auto.document.tree, auto.body, &super::schema::STACK));
        let stack = self.run.generated.get(&self.dir).map(|(stack, _)| stack.clone());
        let mut config = auto.config(stack.and_then(|stack| self.values_beside(&stack)));
        config.lenient = true;
        Some(config)
    }

    /// The file beside it that adds to it, in which its locals mean what they mean in it.
    fn added_file(&self, beside: &str) -> Option<Config> {
        let path = ArcStr::from(join(beside, super::STACK_AUTOINCLUDE_NAME));
        if !self.run.ground.is_file(&path) {
            return None;
        }
        self.note(Read::File(path.clone()));
        let document = match self.run.library.document(&self.run.ground.real(&path)) {
            Ok(document) => document,
            Err(error) => {
                let top = self.own.document.at(Span::at(0));
                self.wrong(top, super::include::unreadable(&path, &error));
                return None;
            }
        };
        self.report(document.mistakes(Role::Stack).iter().cloned());
        let mut config = Config::new(document, self.dir.clone(), self.own.values.clone());
        config.lenient = true;
        if let Ok(locals) = self.locals(&self.own) {
            config.outer.push(("local", locals));
        }
        Some(config)
    }

    /// The stack files that it includes, whose names mean what they mean in it.
    fn included_stacks(&self) -> Vec<Config> {
        let tree = &self.own.document.tree;
        let mut found = Vec::new();
        for block in tree.blocks_of(self.own.body, "include") {
            let Some(attribute) = tree.attribute(block.body, "path") else { continue };
            let place = self.own.document.at(tree.span(attribute.value));
            let Some(value) = self.value(&self.own, attribute.value, Phase::Locals) else { continue };
            let Some(text) = value.as_str() else { continue };
            let path = self.run.ground.resolve(&self.dir, text);
            let Some(path) = path.filter(|path| self.run.ground.is_file(path)) else {
                if let Some(path) = self.run.ground.resolve(&self.dir, text) {
                    self.note(Read::Absent(path.into()));
                }
                self.wrong(place, format!("there is no file {text:?} to include"));
                continue;
            };
            self.note(Read::File(path.as_str().into()));
            let document = match self.run.library.document(&self.run.ground.real(&path)) {
                Ok(document) => document,
                Err(error) => {
                    self.wrong(place, super::include::unreadable(&path, &error));
                    continue;
                }
            };
            self.report(document.mistakes(Role::Stack).iter().cloned());
            for kind in ["locals", "include"] {
                if let Some(block) = document.tree.blocks_of(document.tree.root, kind).next() {
                    let message = format!("a stack file that another includes may not have `{kind}`");
                    self.wrong(document.at(block.header), message);
                }
            }
            let mut config = Config::new(document, split(&path).0.into(), self.own.values.clone());
            config.lenient = true;
            if let Ok(locals) = self.locals(&self.own) {
                config.outer.push(("local", locals));
            }
            found.push(config);
        }
        found
    }

    /// The components as one file has them, expanded.
    fn written_components<'c>(&self, config: &'c Config) -> Vec<Written<'c>> {
        let tree = &config.document.tree;
        let mut found = Vec::new();
        for block in tree.blocks(config.body) {
            let is_unit = match tree.name(block.kind) {
                "unit" => true,
                "stack" => false,
                _ => continue,
            };
            let name = ArcStr::from(tree.label(block, 0).unwrap_or_default());
            let header = config.document.at(block.header);
            let one = Written { config, body: block.body, header, is_unit, name, outer: Vec::new() };
            let expansion = tree.blocks_of(block.body, "expansion").next();
            let switch = tree.attribute(block.body, "enabled");
            if (expansion.is_some() || switch.is_some())
                && !self.run.settings.has_experiment("block-iteration")
            {
                let message = "`expansion` and `enabled` need the experiment `block-iteration`";
                self.wrong(header, message);
                continue;
            }
            match expansion {
                None => found.push(one),
                Some(expansion) => found.extend(self.expanded(&one, expansion.body)),
            }
        }
        let switched_on = |written: &Written<'_>| {
            let switch = tree.attribute(written.body, "enabled");
            let value = switch.and_then(|switch| self.value_with(written, switch.value, &[]));
            value.and_then(|value| value.as_bool()) != Some(false)
        };
        found.retain(switched_on);
        found
    }

    /// One component for each that its expansion stands for.
    fn expanded<'c>(&self, one: &Written<'c>, body: BodyId) -> Vec<Written<'c>> {
        let tree = &one.config.document.tree;
        let object = |entries: Vec<(ArcStr, Value)>| Value::object(entries);
        let with = |suffix: &str, name: &'static str, value: Value| Written {
            name: format!("{}[{suffix}]", one.name).into(),
            outer: vec![(name, value)],
            ..one.clone()
        };
        if let Some(each) = tree.attribute(body, "for_each") {
            let Some(value) = self.value_with(one, each.value, &[]) else { return Vec::new() };
            let pairs: Vec<(Value, Value)> = match (value.entries(), value.elements()) {
                (Some(entries), _) => {
                    entries.iter().map(|(key, value)| (Value::text(key), value.clone())).collect()
                }
                (_, Some(elements)) => elements.iter().map(|value| (value.clone(), value.clone())).collect(),
                _ => Vec::new(),
            };
            if pairs.len() > EXPANSION {
                self.wrong(one.header, format!("this expands to more than {EXPANSION}"));
                return Vec::new();
            }
            let each = |(key, value): (Value, Value)| {
                let suffix = key.as_str().unwrap_or_default().to_owned();
                let entries = vec![(arcstr::literal!("key"), key), (arcstr::literal!("value"), value)];
                with(&suffix, "each", object(entries))
            };
            return pairs.into_iter().map(each).collect();
        }
        let Some(count) = tree.attribute(body, "count") else { return vec![one.clone()] };
        let value = self.value_with(one, count.value, &[]);
        let count = match value.as_ref().map(Value::kind) {
            Some(Kind::Number(number)) => number.to_i64().and_then(|count| usize::try_from(count).ok()),
            _ => None,
        };
        match count {
            Some(count) if count <= EXPANSION => {
                let index = |at: usize| object(vec![(arcstr::literal!("index"), Value::int(at as i64))]);
                (0..count).map(|at| with(&at.to_string(), "count", index(at))).collect()
            }
            _ => {
                self.wrong(one.header, format!("`count` must be a number up to {EXPANSION}"));
                Vec::new()
            }
        }
    }

    /// The value of an expression of a component, where more names have a meaning.
    pub(super) fn value_with(
        &self,
        written: &Written<'_>,
        expr: ExprId,
        outer: &[(&'static str, Value)],
    ) -> Option<Value> {
        let config = written.config;
        if written.outer.is_empty() && outer.is_empty() {
            return self.value(config, expr, Phase::Late);
        }
        let mut own = Config::new(config.document.clone(), config.beside.clone(), config.values.clone());
        own.lenient = true;
        own.functions_at.clone_from(&config.functions_at);
        own.outer.extend(config.outer.iter().cloned());
        own.outer.extend(written.outer.iter().cloned());
        own.outer.extend(outer.iter().cloned());
        own.states.clone_from(&config.states);
        self.value(&own, expr, Phase::Late)
    }

    /// A component with all that it says.
    fn component(&self, written: Written<'_>, path: ArcStr, dir: ArcStr, outer: &Outer) -> Component {
        let (document, tree) = (&written.config.document, &written.config.document.tree);
        let source_text = self.component_text(&written, "source", outer);
        let source = source_text.as_ref().and_then(|text| self.component_source(&written, text));
        let values = tree.attribute(written.body, "values").and_then(|attribute| {
            // What they are where something in them fails is told of that, and of nothing that reads them.
            let value = self.value_with(&written, attribute.value, outer);
            let value = value.unwrap_or_else(|| self.unknown(format!("{}.values", written.name)));
            let place = document.at(tree.span(attribute.value));
            self.component_values(&value, place)
        });
        let auto = tree.blocks_of(written.body, "autoinclude").next().map(|block| {
            let mut names: Outer = outer.clone();
            names.extend(written.outer.iter().cloned());
            names.extend(written.config.outer.iter().cloned());
            if !names.iter().any(|(name, _)| *name == "local")
                && let Ok(locals) = self.locals(written.config)
            {
                names.push(("local", locals));
            }
            if let Some(locals) = tree.blocks_of(block.body, "locals").next() {
                let problem =
                    Problem::new(document.at(locals.header), "an `autoinclude` has no locals of its own");
                self.report([problem.with_help("declare them in the stack's own `locals`")]);
            }
            for dependency in tree.blocks_of(block.body, "dependency") {
                if let Some(path) = tree.attribute(dependency.body, DEPENDENCY.fields[0].name) {
                    let _ = self.value_with(&written, path.value, outer);
                }
            }
            Auto {
                document: document.clone(),
                body: block.body,
                outer: Arc::new(names),
                at: self.dir.clone(),
            }
        });
        let Written { is_unit, name, header, body, .. } = written;
        let source_expr =
            tree.attribute(body, "source").map(|attribute| tree.slice(tree.span(attribute.value)));
        let named = source_expr.filter(|_| source.is_none()).and_then(within_repository).map(ArcStr::from);
        Component { is_unit, name, dir, path, source_text, source, values, header, body, named, auto }
    }
}
