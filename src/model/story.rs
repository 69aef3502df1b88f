//! How a value came from where it is written to where it is used, found again by following references.

use rustc_hash::FxHashSet;

use super::enclosing::Enclosing;
use super::{ExprAt, Given, InstanceId, Mode, Model, Module, ModuleInstance, Root, RootId};
use crate::source::Location;
use crate::syntax::{StepKind as Access, Traversal, Tree};
use crate::value::{Origin, Value};

/// How many references a story follows at most.
const LONGEST: usize = 1_000;

/// A station on the way of a value from where it is written to where it is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum StepKind {
    /// It is written here.
    Set,
    /// It goes through here: a local, an argument of a call, an output.
    Passed,
    /// It is used here.
    Used,
}

/// A place in the story of a value.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Step {
    /// Where.
    pub location: Location,
    /// What happens there.
    pub kind: StepKind,
    /// In which module instance of the root.
    pub instance: InstanceId,
}

impl Model {
    /// How the value that was written at `origin` came to `expression`, an expression of `instance`: first where it is
    /// set, then what it went through, last where it is used. A value that is written where it is used has one step.
    #[must_use]
    pub fn story(&self, root: RootId, instance: InstanceId, expression: ExprAt, origin: Origin) -> Vec<Step> {
        let mut search = Search {
            model: self,
            root: self.root(root),
            origin,
            literal: self.expression(origin),
            seen: FxHashSet::default(),
        };
        if let Some(mut steps) = search.trace(instance, expression) {
            steps.reverse();
            if steps.len() > 1
                && let Some(last) = steps.last_mut()
            {
                last.kind = StepKind::Used;
            }
            return steps;
        }
        // The way is not in this tree (a state of another root, a function's own work): both ends of it are known.
        let used = Step { location: self.location(expression), kind: StepKind::Used, instance };
        let set = self.locate(origin).map(|location| Step { location, kind: StepKind::Set, instance });
        set.into_iter().chain([used]).collect()
    }
}

/// What a reference leads to.
struct Lead {
    instance: InstanceId,
    expression: ExprAt,
}

struct Search<'m> {
    model: &'m Model,
    root: &'m Root,
    origin: Origin,
    literal: Option<ExprAt>,
    seen: FxHashSet<(InstanceId, ExprAt)>,
}

impl Search<'_> {
    /// The steps from an expression back to the literal, the expression's own first.
    fn trace(&mut self, instance: InstanceId, at: ExprAt) -> Option<Vec<Step>> {
        if self.seen.len() > LONGEST || !self.seen.insert((instance, at)) {
            return None;
        }
        let literal = self.literal?;
        let tree = self.model.tree(at.file)?;
        let here = |span| Location::new(at.file, span);
        if literal.file == at.file && tree.span(at.expr).contains(tree.span(literal.expr)) {
            return Some(vec![Step {
                location: here(tree.span(literal.expr)),
                kind: StepKind::Set,
                instance,
            }]);
        }
        let traversals: Vec<Traversal> = tree.references(at.expr).collect();
        for traversal in traversals {
            for lead in self.leads(instance, at, tree, &traversal) {
                if let Some(mut steps) = self.trace(lead.instance, lead.expression) {
                    let step = Step { location: here(traversal.span), kind: StepKind::Passed, instance };
                    steps.insert(0, step);
                    return Some(steps);
                }
            }
        }
        None
    }

    fn holds(&self, value: &Value) -> bool {
        value.origin() == self.origin || value.children().any(|child| self.holds(child))
    }

    /// The expressions that a reference may have the value from.
    fn leads(&self, id: InstanceId, at: ExprAt, tree: &Tree, traversal: &Traversal) -> Vec<Lead> {
        let Some(instance) = self.root.instances.get(id.0 as usize) else { return Vec::new() };
        let module = self.model.module(instance.module);
        let same = |expression| Lead { instance: id, expression };
        let name = |index: usize| match traversal.steps.get(index)?.kind {
            Access::Attr(name) => Some(tree.slice(name)),
            Access::Index(_) => None,
        };
        let enclosing = || Enclosing::of(self.model, module, at);
        match (tree.slice(traversal.root), name(0)) {
            ("var", Some(variable)) => self.variable(instance, module, variable, id),
            ("local", Some(local)) => module
                .local(local)
                .filter(|index| instance.locals.get(*index).is_some_and(|value| self.holds(value)))
                .and_then(|index| module.locals.get(index))
                .map(|local| same(local.value))
                .into_iter()
                .collect(),
            ("each", _) => enclosing().for_each.map(same).into_iter().collect(),
            ("count", _) => enclosing().count.map(same).into_iter().collect(),
            ("module", Some(call)) => self.outputs(instance, module, call, traversal, tree),
            ("data", Some(ty)) => self.resource(instance, module, (Mode::Data, ty, name(1)), id),
            ("ephemeral", Some(ty)) => self.resource(instance, module, (Mode::Ephemeral, ty, name(1)), id),
            ("resource", Some(ty)) => self.resource(instance, module, (Mode::Managed, ty, name(1)), id),
            (root, found) => {
                if let Some(over) = enclosing().iterated(root) {
                    return vec![same(over)];
                }
                self.resource(instance, module, (Mode::Managed, root, found), id)
            }
        }
    }

    fn variable(&self, instance: &ModuleInstance, module: &Module, name: &str, id: InstanceId) -> Vec<Lead> {
        let Some(index) = module.variable(name) else { return Vec::new() };
        if !instance.variables.get(index).is_some_and(|value| self.holds(value)) {
            return Vec::new();
        }
        let given = match instance.given.get(index) {
            Some(Given::Expression(at)) => {
                Some(Lead { instance: instance.caller.map_or(id, |(caller, _)| caller), expression: *at })
            }
            Some(Given::Outside(at)) => Some(Lead { instance: id, expression: *at }),
            _ => None,
        };
        // What is optional may be filled in by the type, what is null by the default.
        let variable = module.variables.get(index);
        let declared = variable.into_iter().flat_map(|variable| {
            let body = &variable.body;
            [variable.default, body.value(self.model, "type")].into_iter().flatten()
        });
        let declared = declared.map(|expression| Lead { instance: id, expression });
        given.into_iter().chain(declared).collect()
    }

    fn outputs(
        &self,
        instance: &ModuleInstance,
        module: &Module,
        call: &str,
        traversal: &Traversal,
        tree: &Tree,
    ) -> Vec<Lead> {
        let Some(called) = module.call(call).and_then(|index| instance.calls.get(index)) else {
            return Vec::new();
        };
        let wanted = traversal.steps.iter().skip(1).find_map(|step| match step.kind {
            Access::Attr(name) => Some(tree.slice(name)),
            Access::Index(_) => None,
        });
        let mut leads = Vec::new();
        for id in &called.instances {
            let Some(child) = self.root.instances.get(id.0 as usize) else { continue };
            let declared = &self.model.module(child.module).outputs;
            for (output, found) in declared.iter().zip(&child.outputs) {
                if wanted.is_none_or(|wanted| wanted == output.named.name) && self.holds(&found.value) {
                    leads.extend(output.value.map(|expression| Lead { instance: *id, expression }));
                }
            }
        }
        leads
    }

    fn resource(
        &self,
        instance: &ModuleInstance,
        module: &Module,
        (mode, ty, name): (Mode, &str, Option<&str>),
        id: InstanceId,
    ) -> Vec<Lead> {
        let Some(index) = name.and_then(|name| module.resource(mode, ty, name)) else { return Vec::new() };
        let made = instance.resources.iter().filter(|made| made.declaration as usize == index);
        if !made.into_iter().any(|made| self.holds(&made.attributes)) {
            return Vec::new();
        }
        let Some(resource) = module.resources.get(index) else { return Vec::new() };
        let mut leads: Vec<Lead> = Vec::new();
        let mut add = |expression| leads.push(Lead { instance: id, expression });
        resource.body.arguments.iter().for_each(|argument| add(argument.value()));
        for at in &resource.body.blocks {
            if let Some(tree) = self.model.tree(at.file) {
                let mut bodies = vec![tree.block(at.block).body];
                while let Some(body) = bodies.pop() {
                    tree.attributes(body)
                        .for_each(|attribute| add(ExprAt { file: at.file, expr: attribute.value }));
                    bodies.extend(tree.blocks(body).map(|block| block.body));
                }
            }
        }
        leads
    }
}
