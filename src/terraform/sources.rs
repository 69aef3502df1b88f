//! Module sources that are no plain text. OpenTofu reads variables and locals there, newer versions of Terraform those
//! variables that say `const = true`: all that is known before anything is evaluated.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use arcstr::ArcStr;

use super::load::{Loader, is_local, target};
use super::settings::Settings;
use super::values::{self, Values};
use super::{constant, roots};
use crate::eval::{Access, Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use crate::model::{Call, ExprAt, Model, Module, ModuleId};
use crate::source::{Location, is_json};
use crate::syntax::{ExprKind, StepKind};
use crate::value::{Type, Value};

/// How many locals may hang on one another before a source counts as not known.
const DEPTH: usize = 64;

/// Reads the sources that can be known, loads what they lead to, and notes at the other calls why they lead nowhere.
pub(super) fn settle(loader: &mut Loader<'_>, settings: &Settings) {
    let workspace = loader.workspace();
    loop {
        let model = &loader.model;
        let pending: Vec<(usize, usize)> = model
            .modules
            .iter()
            .enumerate()
            .flat_map(|(at, module)| {
                let calls = module.calls.iter().enumerate();
                calls.filter(|(_, call)| is_open(model, module, call)).map(move |(call, _)| (at, call))
            })
            .collect();
        if pending.is_empty() {
            return;
        }
        let mut wanted = Vec::new();
        for (module, call) in pending {
            let read = read(loader, settings, module, call);
            let Some(module) = loader.model.modules.get_mut(module) else { continue };
            let Some(call) = module.calls.get_mut(call) else { continue };
            match read {
                Ok(read) => {
                    if is_local(&read.source) {
                        wanted.extend(target(workspace, &module.dir, &read.source));
                    }
                    call.source_text = Some(read.source);
                    call.version_text = read.version.or(call.version_text.take());
                    call.source_inputs = read.inputs.into_iter().collect();
                }
                Err(reason) => call.unavailable = Some(reason),
            }
        }
        loader.load(wanted);
    }
}

/// Whether a call's source is still to be read.
fn is_open(model: &Model, module: &Module, call: &Call) -> bool {
    let is_damaged = |at: ExprAt| {
        model
            .tree(at.file)
            .is_none_or(|tree| tree.kind(at.expr) == ExprKind::Error || tree.is_damaged(tree.span(at.expr)))
    };
    call.source_text.is_none()
        && call.unavailable.is_none()
        && call.source.is_some_and(|at| !is_damaged(at) && refused(model, module, at).is_none())
}

/// What a source came to.
struct Read {
    source: ArcStr,
    version: Option<ArcStr>,
    /// The variables that it hangs on.
    inputs: BTreeSet<ArcStr>,
}

fn read(loader: &mut Loader<'_>, settings: &Settings, module: usize, call: usize) -> Result<Read, String> {
    let given = roots::given(loader, settings, module);
    let mut found: Option<Read> = None;
    let model = &loader.model;
    let nothing = || "its source cannot be read".to_owned();
    let module = model.modules.get(module).ok_or_else(nothing)?;
    let call = module.calls.get(call).ok_or_else(nothing)?;
    for (values, workspace) in &given {
        let names = Names {
            model,
            module,
            values,
            workspace: workspace.as_deref(),
            inputs: RefCell::default(),
            why: RefCell::default(),
            depth: Cell::new(0),
        };
        let source = call.source.map_or(Err(nothing()), |at| names.text(at))?;
        let version = call.version.filter(|_| call.version_text.is_none());
        let version = version.map(|at| names.text(at)).transpose()?;
        match &found {
            Some(known) if known.source != source || known.version != version => {
                return Err("the source of a module differs from variant to variant".to_owned());
            }
            Some(_) => {}
            None => found = Some(Read { source, version, inputs: names.inputs.take() }),
        }
    }
    found.ok_or_else(nothing)
}

/// The names that a source may use.
struct Names<'a> {
    model: &'a Model,
    module: &'a Module,
    values: &'a Values,
    workspace: Option<&'a str>,
    inputs: RefCell<BTreeSet<ArcStr>>,
    /// Why something is not known.
    why: RefCell<Option<String>>,
    depth: Cell<usize>,
}

impl Names<'_> {
    fn text(&self, at: ExprAt) -> Result<ArcStr, String> {
        let mut log = Log::default();
        let value = self.value(at, &mut log);
        if let Some(text) = value.ok().as_ref().and_then(Value::as_str) {
            return Ok(text.into());
        }
        Err(match self.why.take() {
            Some(why) => format!("the source of a module hangs on {why}"),
            None => "the source of a module comes to no text".to_owned(),
        })
    }

    fn value(&self, at: ExprAt, log: &mut Log) -> Result<Value, Failed> {
        let tree = self.model.tree(at.file).ok_or(Failed)?;
        Evaluator::new(tree, self, log).evaluate(at.expr, None)
    }

    fn lost(&self, why: String) -> Failed {
        self.why.borrow_mut().get_or_insert(why);
        Failed
    }

    fn variable(&self, name: &str, log: &mut Log) -> Result<Value, Failed> {
        let unknown = || self.lost(format!("`var.{name}`, for which no value is known"));
        let index = self.module.variable(name).ok_or_else(unknown)?;
        let variable = self.module.variables.get(index).ok_or(Failed)?;
        self.inputs.borrow_mut().insert(variable.named.name.clone());
        let Some(source) = self.values.get(&variable.named.name) else {
            return variable.default_value.clone().ok_or_else(unknown);
        };
        let plain = variable.constraint.as_ref().is_none_or(|constraint| constraint.ty == Type::String);
        let value = values::evaluate(self.model, *source, plain, log)?;
        match &variable.constraint {
            Some(constraint) => constraint.apply(&value).map_err(|_| Failed),
            None => Ok(value),
        }
    }

    fn local(&self, name: &str, log: &mut Log) -> Result<Value, Failed> {
        let local = self.module.local(name).and_then(|index| self.module.locals.get(index)).ok_or(Failed)?;
        if self.depth.get() > DEPTH {
            return Err(self.lost(format!("`local.{name}`, which hangs on too many others")));
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.value(local.value, log);
        self.depth.set(self.depth.get().saturating_sub(1));
        value
    }
}

impl Scope for Names<'_> {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let value = match (reference.root, reference.steps.first()) {
            ("var", Some(Access::Attr(name, _))) => self.variable(name, log),
            ("local", Some(Access::Attr(name, _))) => self.local(name, log),
            ("terraform" | "tofu", Some(Access::Attr("workspace", _))) => match self.workspace {
                Some(workspace) => Ok(Value::text(workspace)),
                None => Err(self.lost("the workspace, and none is named".to_owned())),
            },
            // A source is read from where its module lies.
            ("path", Some(Access::Attr("module", _))) => Ok(Value::text(".")),
            (root, _) => Err(self.lost(format!("`{root}`"))),
        }?;
        Ok(Resolved { value, consumed: 1 })
    }

    fn world(&self) -> &dyn World {
        constant::SCOPE.world()
    }
}

/// Sources that hang on what callers of their module give are not known once and for all.
pub(super) fn doubt(model: &mut Model) {
    let mut given: BTreeSet<(ModuleId, ArcStr)> = BTreeSet::new();
    for call in model.modules.iter().flat_map(|module| &module.calls) {
        let Some(target) = call.local else { continue };
        for argument in &call.body.arguments {
            let name = model.tree(argument.file).map(|tree| tree.name(argument.attribute.name));
            given.extend(name.map(|name| (target, name.into())));
        }
    }
    for module in &mut model.modules {
        for call in module.calls.iter_mut().filter(|call| !call.source_inputs.is_empty()) {
            let input = call.source_inputs.iter().find(|name| given.contains(&(module.id, (*name).clone())));
            if let Some(name) = input {
                let why = format!("`var.{name}`, which whoever calls its module gives");
                call.unavailable = Some(format!("the source of a module hangs on {why}"));
                call.local = None;
            }
        }
    }
}

/// What is wrong with a source that hangs on what may not stand there; nothing if it may.
pub(super) fn refused(model: &Model, module: &Module, at: ExprAt) -> Option<Problem> {
    let path = &model.sources.get(at.file).path;
    let is_tofu = path.strip_suffix(if is_json(path) { ".json" } else { "" })?.ends_with(".tofu");
    // Who declares constant variables has a Terraform that reads such sources.
    let newer = is_tofu || module.variables.iter().any(|variable| is_const(model, variable));
    let place = model.location(at);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next = vec![at];
    let mut labels = Vec::new();
    while let Some(at) = next.pop() {
        let Some(tree) = model.tree(at.file) else { continue };
        for reference in tree.references(at.expr) {
            let root = tree.slice(reference.root);
            let name = reference.steps.first().and_then(|step| match step.kind {
                StepKind::Attr(name) => Some(tree.slice(name)),
                StepKind::Index(_) => None,
            });
            let why = match (root, name) {
                ("var", Some(name)) => match module.variable(name).and_then(|it| module.variables.get(it)) {
                    None => Some("is not declared"),
                    Some(_) if is_tofu => None,
                    Some(variable) if is_const(model, variable) => None,
                    Some(_) => Some("does not say `const = true`"),
                },
                ("local", Some(name)) => match module.local(name).and_then(|it| module.locals.get(it)) {
                    None => Some("is not declared"),
                    Some(_) if !newer => Some("is no plain text"),
                    Some(local) => {
                        if seen.insert(name.to_owned()) {
                            next.push(local.value);
                        }
                        None
                    }
                },
                ("terraform" | "tofu", Some(_)) if is_tofu => None,
                ("path", Some(_)) => (!newer).then_some("is no plain text"),
                _ => Some("is known only later"),
            };
            if let Some(why) = why {
                let shown = name.map_or(root.to_owned(), |name| format!("{root}.{name}"));
                labels.push((Location::new(at.file, reference.span), format!("`{shown}` {why}")));
            }
        }
    }
    let (message, help) = if is_tofu {
        (
            "the source of a module must be known before anything is evaluated",
            "use plain text, variables and locals",
        )
    } else {
        (
            "the source of a module must be plain text",
            "write it out, in quotes: variables may stand here in newer versions of Terraform if they say \
             `const = true`, and in OpenTofu, in a `.tofu` file",
        )
    };
    if labels.is_empty() {
        return None;
    }
    let problem = Problem::new(place, message).with_help(help);
    Some(labels.into_iter().fold(problem, |problem, (at, text)| problem.with_label(at, text)))
}

/// Whether a variable says `const = true`.
fn is_const(model: &Model, variable: &crate::model::Variable) -> bool {
    variable.body.value(model, "const").is_some_and(|at| {
        model.tree(at.file).is_some_and(|tree| super::literal::boolean(tree, at.expr) == Some(true))
    })
}
