//! Which declarations of a module anything hangs on.

use crate::model::{Mode, Model, Module, Resource};
use crate::syntax::{BinaryOp, Block, ExprId, ExprKind, Tree};

use super::written::{references_in, references_of, references_of_body};

/// Data sources that do something beside reading: a file is written, a program runs.
const EFFECTS: &[&str] = &["archive_file", "aws_lambda_invocation", "external"];

/// Something declared that is only there to be referred to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Declared {
    /// An index of [`Module::variables`].
    Variable(usize),
    /// An index of [`Module::locals`].
    Local(usize),
    /// An index of [`Module::resources`].
    Data(usize),
}

/// Who refers to whom in a module, and what is reached from where something is made.
#[derive(Debug)]
pub(super) struct Reachability<'a> {
    model: &'a Model,
    module: &'a Module,
    /// By number: who refers to it, the first one.
    referrer: Vec<Option<usize>>,
    /// Who refers to what, by number.
    references: Vec<(usize, usize)>,
    live: Vec<bool>,
    /// What is live and whose references were not followed yet.
    next: Vec<usize>,
}

impl<'a> Reachability<'a> {
    /// Reads the module's configuration, not its tests.
    pub(super) fn of(model: &'a Model, module: &'a Module) -> Self {
        let count = module.variables.len() + module.locals.len() + module.resources.len();
        let mut found = Self {
            model,
            module,
            referrer: vec![None; count],
            references: Vec::new(),
            live: vec![false; count],
            next: Vec::new(),
        };
        for (index, resource) in module.resources.iter().enumerate() {
            if does_something(model, resource) {
                found.reach(found.number(Declared::Data(index)));
            }
        }
        for tree in module.files.iter().filter_map(|&file| model.tree(file)) {
            for block in tree.blocks(tree.root) {
                found.block(tree, block);
            }
            found.broken(tree);
        }
        // What Terragrunt lays over it, or generates, uses it as well.
        let layers = model.layered_at(&module.dir).flat_map(|layered| &layered.files);
        for tree in layers.filter(|file| !module.files.contains(file)).filter_map(|&file| model.tree(file)) {
            tree.blocks(tree.root).for_each(|block| found.block(tree, block));
            found.broken(tree);
        }
        found.follow();
        found.keep_for_callers();
        found
    }

    /// Reads the module's tests as well.
    pub(super) fn read_tests(&mut self) {
        for tree in tests(self.model, self.module) {
            references_of_body(tree, tree.root, &mut |root, steps| self.refer(None, root, steps));
            self.broken(tree);
        }
        self.follow();
    }

    /// What nothing hangs on, in the order of the declarations.
    pub(super) fn unused(&self) -> Vec<Declared> {
        let variables = (0..self.module.variables.len()).map(Declared::Variable);
        let locals = (0..self.module.locals.len()).map(Declared::Local);
        let data = self.module.resources.iter().enumerate();
        let data = data.filter(|(_, it)| it.mode == Mode::Data && it.check.is_none());
        let all = variables.chain(locals).chain(data.map(|(index, _)| Declared::Data(index)));
        all.filter(|&declared| !self.live[self.number(declared)] && self.is_first(declared)).collect()
    }

    /// Whether its name leads to it: of two declarations of one name, only the first is referred to.
    fn is_first(&self, declared: Declared) -> bool {
        let module = self.module;
        let found = match declared {
            Declared::Variable(at) => {
                module.variables.get(at).map(|it| module.variable(&it.named.name) == Some(at))
            }
            Declared::Local(at) => module.locals.get(at).map(|it| module.local(&it.named.name) == Some(at)),
            Declared::Data(at) => module
                .resources
                .get(at)
                .map(|it| module.resource(it.mode, &it.ty, &it.named.name) == Some(at)),
        };
        found.unwrap_or(false)
    }

    /// What refers to something unused, and is unused itself.
    pub(super) fn referrer(&self, declared: Declared) -> Option<Declared> {
        self.referrer[self.number(declared)].map(|number| self.declared(number))
    }

    fn number(&self, declared: Declared) -> usize {
        let variables = self.module.variables.len();
        match declared {
            Declared::Variable(index) => index,
            Declared::Local(index) => variables + index,
            Declared::Data(index) => variables + self.module.locals.len() + index,
        }
    }

    fn declared(&self, number: usize) -> Declared {
        let (variables, locals) = (self.module.variables.len(), self.module.locals.len());
        match number.checked_sub(variables) {
            None => Declared::Variable(number),
            Some(index) if index < locals => Declared::Local(index),
            Some(index) => Declared::Data(index - locals),
        }
    }

    fn block(&mut self, tree: &Tree, block: &Block) {
        let label = |index| tree.label(block, index).unwrap_or_default();
        match tree.name(block.kind) {
            "locals" => {
                for local in tree.attributes(block.body) {
                    let index = self.module.local(tree.name(local.name));
                    let owner = index.map(|index| self.number(Declared::Local(index)));
                    references_of(tree, local, &mut |root, steps| self.refer(owner, root, steps));
                }
            }
            "variable" => self.variable(tree, block),
            kind => {
                let data = (kind == "data").then(|| self.module.resource(Mode::Data, label(0), label(1)));
                let owner = data.flatten().map(|index| self.number(Declared::Data(index)));
                references_of_body(tree, block.body, &mut |root, steps| self.refer(owner, root, steps));
            }
        }
    }

    /// Variables that nothing here uses may be there for callers, and say so.
    fn keep_for_callers(&mut self) {
        let (model, module) = (self.model, self.module);
        if self.live[..module.variables.len()].iter().all(|&live| live) {
            return;
        }
        for tree in module.files.iter().filter_map(|&file| model.tree(file)) {
            for block in tree.blocks_of(tree.root, "variable") {
                let index = tree.label(block, 0).and_then(|name| module.variable(name));
                let Some(number) = index.map(|index| self.number(Declared::Variable(index))) else {
                    continue;
                };
                if !self.live[number] && is_kept_for_callers(tree, block) {
                    self.reach(number);
                }
            }
        }
        self.follow();
    }

    /// A variable may refer to itself and to others where it is validated.
    fn variable(&mut self, tree: &Tree, block: &Block) {
        let name = tree.label(block, 0).unwrap_or_default();
        let Some(index) = self.module.variable(name) else { return };
        let owner = self.number(Declared::Variable(index));
        for validation in tree.blocks_of(block.body, "validation") {
            // One that looks at other things guards these. One that wants null announces that the variable is gone.
            let mut guards =
                tree.attribute(validation.body, "condition").is_some_and(|it| is_null_test(tree, it.value));
            references_of_body(tree, validation.body, &mut |root, steps| {
                guards |= root != "var" || steps.first() != Some(&name);
            });
            if guards {
                self.reach(owner);
            }
        }
        references_of_body(tree, block.body, &mut |root, steps| {
            if root != "var" || steps.first() != Some(&name) {
                self.refer(Some(owner), root, steps);
            }
        });
    }

    /// What stands in broken syntax is in no tree. Whatever it might refer to counts as referred to.
    fn broken(&mut self, tree: &Tree) {
        for text in tree.damaged_text() {
            for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))) {
                let mut names = word.split('.');
                let root = names.next().unwrap_or_default();
                self.refer(None, root, &names.collect::<Vec<_>>());
            }
        }
    }

    fn refer(&mut self, owner: Option<usize>, root: &str, steps: &[&str]) {
        let module = self.module;
        let target = match (root, steps) {
            ("var", [name, ..]) => module.variable(name).map(Declared::Variable),
            ("local", [name, ..]) => module.local(name).map(Declared::Local),
            ("data", [ty, name, ..]) => module.resource(Mode::Data, ty, name).map(Declared::Data),
            _ => None,
        };
        let Some(target) = target.map(|target| self.number(target)) else { return };
        match owner {
            None => self.reach(target),
            Some(owner) if owner != target => {
                self.references.push((owner, target));
                self.referrer[target].get_or_insert(owner);
            }
            Some(_) => {}
        }
    }

    fn reach(&mut self, number: usize) {
        if !std::mem::replace(&mut self.live[number], true) {
            self.next.push(number);
        }
    }

    fn follow(&mut self) {
        let mut references = std::mem::take(&mut self.references);
        references.sort_unstable();
        while let Some(number) = self.next.pop() {
            let from = references.partition_point(|&(owner, _)| owner < number);
            let own = references.get(from..).unwrap_or_default();
            for &(_, target) in own.iter().take_while(|&&(owner, _)| owner == number) {
                self.reach(target);
            }
        }
        self.references = references;
    }
}

/// The syntax of a module's tests: beside it, or in `tests` below.
pub(super) fn tests<'a>(model: &'a Model, module: &Module) -> Vec<&'a Tree> {
    let below = match module.dir.as_str() {
        "." => "tests".to_owned(),
        dir => format!("{dir}/tests"),
    };
    let files = model.tests.iter().filter(|file| {
        model.files.get(file.0 as usize).is_some_and(|file| file.dir == module.dir || file.dir == below)
    });
    files.filter_map(|&file| model.tree(file)).collect()
}

/// Whether a data source is there for more than to be referred to.
fn does_something(model: &Model, resource: &Resource) -> bool {
    resource.check.is_some()
        || EFFECTS.contains(&resource.ty.as_str())
        || !resource.preconditions.is_empty()
        || !resource.postconditions.is_empty()
        || resource.body.argument(model, "depends_on").is_some()
}

/// Whether a variable says itself that it is there only for those who still set it.
fn is_kept_for_callers(tree: &Tree, block: &Block) -> bool {
    let description = tree.attribute(block.body, "description").map(|it| tree.slice(tree.span(it.value)));
    let text = description.unwrap_or_default().to_lowercase();
    tree.attribute(block.body, "deprecated").is_some()
        || ["deprecated", "obsolete", "no longer"].iter().any(|word| text.contains(word))
}

/// `var.old == null`
fn is_null_test(tree: &Tree, condition: ExprId) -> bool {
    let ExprKind::Binary { op: BinaryOp::Equal, left, right } = tree.kind(condition) else { return false };
    let mut names = 0;
    for side in [left, right] {
        references_in(tree, side, &mut |_, _| names += 1);
    }
    names == 1 && (tree.kind(left) == ExprKind::Null || tree.kind(right) == ExprKind::Null)
}
