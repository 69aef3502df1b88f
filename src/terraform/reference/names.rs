//! One reference: is it of a form that exists, and is what it names declared?

use super::{attr, undeclared};
use crate::model::{Mode, Model, Module, Problem};
use crate::source::{Location, Span};
use crate::suggest::did_you_mean;
use crate::syntax::{ExprId, StepKind, Traversal, Tree};

/// Names that hold at a place beside those of the module.
#[derive(Clone, Default)]
pub(super) struct Names<'n> {
    /// Iterators of the `dynamic` blocks around.
    pub(super) iterators: Vec<&'n str>,
    /// `each`
    pub(super) each: bool,
    /// `count`
    pub(super) count: bool,
    /// `self`
    pub(super) own: bool,
}

/// Gathers what is wrong with the references of a module.
pub(super) struct Reader<'m> {
    pub(super) model: &'m Model,
    pub(super) module: &'m Module,
    pub(super) problems: Vec<Problem>,
}

impl<'m> Reader<'m> {
    pub(super) fn new(model: &'m Model, module: &'m Module) -> Self {
        Self { model, module, problems: Vec::new() }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Checks all that an expression refers to.
    pub(super) fn expression(&mut self, tree: &Tree, expr: ExprId, names: &Names<'_>) {
        for traversal in tree.references(expr) {
            self.reference(tree, &traversal, names);
        }
    }

    fn wrong(&mut self, tree: &Tree, span: Span, message: String, help: Option<String>) {
        self.problems.push(undeclared(Location::new(tree.file, span), message, help));
    }

    /// Up to which step a reference is shown.
    fn up_to(traversal: &Traversal, steps: usize) -> Span {
        match steps.checked_sub(1) {
            Some(last) => traversal.steps.get(last).map_or(traversal.span, |step| step.span),
            None => traversal.root,
        }
    }

    pub(super) fn reference(&mut self, tree: &Tree, traversal: &Traversal, names: &Names<'_>) {
        let root = tree.slice(traversal.root);
        if names.iterators.contains(&root) {
            return;
        }
        match root {
            "var" | "local" => self.single(tree, traversal, root),
            "module" => self.call(tree, traversal),
            "data" => self.resource(tree, traversal, Mode::Data, 0),
            "ephemeral" => self.resource(tree, traversal, Mode::Ephemeral, 0),
            "resource" => self.resource(tree, traversal, Mode::Managed, 0),
            "each" => self.fixed(tree, traversal, &["key", "value"], names.each, "for_each"),
            "count" => self.fixed(tree, traversal, &["index"], names.count, "count"),
            "self" if names.own => {}
            "self" => {
                let message = "`self` has no meaning here".to_owned();
                let help = "it is for postconditions, provisioners and connections";
                self.wrong(tree, traversal.root, message, Some(help.to_owned()));
            }
            "path" => self.fixed(tree, traversal, &["cwd", "module", "root"], true, ""),
            "terraform" | "tofu" => {
                if attr(tree, traversal, 0) == Some("env") {
                    let help = format!("use `{root}.workspace`");
                    let message = format!("there is no `{root}.env` any more");
                    self.wrong(tree, Self::up_to(traversal, 1), message, Some(help));
                } else {
                    self.fixed(tree, traversal, &["applying", "workspace"], true, "");
                }
            }
            _ => self.resource(tree, traversal, Mode::Managed, usize::MAX),
        }
    }

    /// `each`, `count`, `path`, `terraform`: what is behind the dot is one of a few words.
    fn fixed(&mut self, tree: &Tree, traversal: &Traversal, known: &[&str], holds: bool, needs: &str) {
        let root = tree.slice(traversal.root);
        if !holds {
            let message = format!("`{root}` has no meaning here: there is no `{needs}`");
            self.wrong(tree, Self::up_to(traversal, 1), message, None);
            return;
        }
        match attr(tree, traversal, 0) {
            None => {
                let names: Vec<String> = known.iter().map(|name| format!("{root}.{name}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = crate::suggest::one_of("use", &names);
                self.wrong(tree, traversal.root, format!("`{root}` cannot be used as a whole"), Some(help));
            }
            Some(name) if !known.contains(&name) => {
                let help = did_you_mean(name, known.iter().copied());
                self.wrong(tree, Self::up_to(traversal, 1), format!("there is no `{root}.{name}`"), help);
            }
            Some(_) => {}
        }
    }

    /// `var.name`, `local.name`
    fn single(&mut self, tree: &Tree, traversal: &Traversal, root: &str) {
        let Some(name) = attr(tree, traversal, 0) else {
            let help = format!("name one: `{root}.name`");
            self.wrong(tree, traversal.root, format!("`{root}` cannot be used as a whole"), Some(help));
            return;
        };
        let module = self.module;
        let (declared, what) = match root {
            "var" => (module.variable(name).is_some(), "variable"),
            _ => (module.local(name).is_some(), "local value"),
        };
        if declared || self.swallowed(name) {
            return;
        }
        let variables = || module.variables.iter().map(|it| it.named.name.as_str());
        let locals = || module.locals.iter().map(|it| it.named.name.as_str());
        let (same, other) = match root {
            "var" => (did_you_mean(name, variables()), module.local(name).map(|_| "local")),
            _ => (did_you_mean(name, locals()), module.variable(name).map(|_| "var")),
        };
        let help = other.map(|other| format!("did you mean `{other}.{name}`?")).or(same);
        self.wrong(tree, Self::up_to(traversal, 1), format!("there is no {what} `{name}`"), help);
    }

    /// `module.name`, `module.name[key].output`
    fn call(&mut self, tree: &Tree, traversal: &Traversal) {
        let Some(name) = attr(tree, traversal, 0) else {
            let help = "name one: `module.name`".to_owned();
            self.wrong(tree, traversal.root, "`module` cannot be used as a whole".to_owned(), Some(help));
            return;
        };
        let module = self.module;
        let Some(call) = module.call(name).and_then(|index| module.calls.get(index)) else {
            if !self.swallowed(name) {
                let names = module.calls.iter().map(|it| it.named.name.as_str());
                let help = did_you_mean(name, names);
                self.wrong(tree, Self::up_to(traversal, 1), format!("there is no module `{name}`"), help);
            }
            return;
        };
        let Some(called) = call.called().map(|id| self.model.module(id)) else { return };
        let step = match traversal.steps.get(1).map(|step| step.kind) {
            Some(StepKind::Index(_)) if call.count.is_some() || call.for_each.is_some() => 2,
            Some(StepKind::Attr(_)) if call.count.is_none() && call.for_each.is_none() => 1,
            _ => return,
        };
        let Some(output) = attr(tree, traversal, step) else { return };
        if called.output(output).is_none() && !swallowed(self.model, called, output) {
            let names = called.outputs.iter().map(|it| it.named.name.as_str());
            let help = did_you_mean(output, names);
            let message = format!("the module `{name}` has no output `{output}`");
            self.wrong(tree, Self::up_to(traversal, step + 1), message, help);
        }
    }

    /// `type.name`, or with `from` steps before that.
    fn resource(&mut self, tree: &Tree, traversal: &Traversal, mode: Mode, from: usize) {
        let root = tree.slice(traversal.root);
        let (ty, name, steps) = match from {
            usize::MAX => (Some(root), attr(tree, traversal, 0), 1),
            from => (attr(tree, traversal, from), attr(tree, traversal, from + 1), from + 2),
        };
        let module = self.module;
        let (Some(ty), Some(name)) = (ty, name) else {
            let (message, help) = if from == usize::MAX {
                let help = if traversal.steps.is_empty() {
                    "write it in quotes if it is meant as text, or name the resource: `type.name`"
                } else {
                    "name the resource: `type.name`"
                };
                (format!("`{root}` is no value: only resources have such names"), help)
            } else {
                (format!("`{root}` must be followed by a type and a name"), "write `type.name` behind it")
            };
            self.wrong(tree, traversal.root, message, Some(help.to_owned()));
            return;
        };
        if module.resource(mode, ty, name).is_some() || self.swallowed(name) {
            return;
        }
        let what = match mode {
            Mode::Managed => "resource",
            Mode::Data => "data source",
            Mode::Ephemeral => "ephemeral resource",
        };
        let others = [Mode::Managed, Mode::Data, Mode::Ephemeral];
        let other = others.into_iter().find(|other| module.resource(*other, ty, name).is_some());
        let help = match other {
            Some(other) => Some(format!("did you mean `{}{ty}.{name}`?", other.prefix())),
            None => {
                let known: Vec<String> = module
                    .resources
                    .iter()
                    .filter(|resource| resource.mode == mode)
                    .map(crate::model::Resource::address)
                    .collect();
                did_you_mean(&format!("{}{ty}.{name}", mode.prefix()), known.iter().map(String::as_str))
            }
        };
        let message = format!("there is no {what} `{ty}.{name}`");
        self.wrong(tree, Self::up_to(traversal, steps), message, help);
    }

    fn swallowed(&self, name: &str) -> bool {
        swallowed(self.model, self.module, name)
    }
}

/// Whether a name may be declared in a part of the module that its syntax errors hide.
pub(super) fn swallowed(model: &Model, module: &Module, name: &str) -> bool {
    module.files.iter().filter_map(|file| model.tree(*file)).any(|tree| {
        let hidden = !tree.errors.is_empty()
            && (tree.source.contains(&format!("\"{name}\""))
                || tree.damaged_text().any(|text| is_word_of(text, name)));
        hidden || is_block_of_locals(tree, name)
    })
}

/// Whether a local value lacks its `=`, which makes a block of it.
fn is_block_of_locals(tree: &Tree, name: &str) -> bool {
    let mut locals = tree.blocks_of(tree.root, "locals");
    locals.any(|block| tree.blocks_of(block.body, name).next().is_some())
}

/// Whether a text holds the name as a word of its own: what is declared there may have lost its `=`.
fn is_word_of(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}
