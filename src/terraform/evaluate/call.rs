//! Calls of modules: what they call, and their instances.

use std::rc::Rc;

use super::expansion::Repeated;
use super::instance::{Called, Shape};
use super::run::keyed;
use super::{Expanded, Instance, InstanceScope, Node, Repetition, Run, What};
use crate::eval::Problem;
use crate::model::{Argument, Call, ModuleId, ProblemKind, Target};
use crate::source::Location;
use crate::terraform::bounds::MODULE_DEPTH;
use crate::terraform::vocabulary::CALL_ARGUMENTS;
use crate::value::Value;

impl<'m> Run<'m> {
    /// A call of an instance, expanded.
    pub(super) fn call(
        &self,
        instance: &Rc<Instance<'m>>,
        index: usize,
        asked: Option<Location>,
    ) -> Rc<Expanded<'m>> {
        let lost =
            || Rc::new(Expanded { target: Target::Invalid, shape: Shape::Symbolic, instances: Vec::new() });
        let (Some(call), Some(cell)) = (instance.module.calls.get(index), instance.calls.get(index)) else {
            return lost();
        };
        let node = Node { instance: instance.id, what: What::Call(index) };
        self.settle(cell, node, asked, lost, || Rc::new(self.expand_call(instance, call, index)))
    }

    fn expand_call(&self, instance: &Rc<Instance<'m>>, call: &'m Call, index: usize) -> Expanded<'m> {
        let address = instance.inside(&["module.", &call.named.name]);
        let repeated =
            Repeated { count: call.count, for_each: call.for_each, enabled: self.enabled(&call.body) };
        let expansion = self.expand(instance, repeated, &address, call.named.location());
        let mut target = self.target(instance, call);
        if let Target::Module(id) = target
            && self.within(instance, id)
        {
            let message = "the module calls itself, by this or by other calls".to_owned();
            self.report(ProblemKind::Call, Problem::new(call.named.location(), message), instance.id, None);
            target = Target::Invalid;
        }
        if instance.depth >= MODULE_DEPTH && !matches!(target, Target::Invalid) {
            let message = format!("modules call one another more than {MODULE_DEPTH} deep");
            let problem = Problem::new(call.named.location(), message);
            self.report(ProblemKind::Call, problem, instance.id, None);
            target = Target::Invalid;
        }
        let reason = match &target {
            Target::Module(_) => None,
            Target::Opaque(reason) => Some(reason.clone()),
            Target::Invalid => Some("the module cannot be found".to_owned()),
        };
        let instances = expansion
            .each
            .into_iter()
            .map(|(key, repetition)| {
                let address = keyed(&address, &key);
                if let Some(reason) = &reason {
                    self.because(address.clone(), reason.clone());
                }
                let module = match &target {
                    Target::Module(id) => Some(self.model.module(*id)),
                    Target::Opaque(_) | Target::Invalid => None,
                };
                let symbolic = instance.symbolic || expansion.shape == Shape::Symbolic;
                let called = module.map(|module| {
                    let caller = Some((instance.id, index));
                    self.add(module, address.clone(), caller, instance.depth + 1, |called| {
                        called.key = key.clone();
                        called.symbolic = symbolic;
                        called.repetition = repetition.clone();
                    })
                });
                Called { key, address, repetition, instance: called }
            })
            .collect();
        Expanded { target, shape: expansion.shape, instances }
    }

    /// Whether an instance is of that module, or lies in one that is.
    fn within(&self, instance: &Instance<'m>, id: ModuleId) -> bool {
        let mut module = Some((instance.module.id, instance.caller));
        while let Some((known, caller)) = module {
            if known == id {
                return true;
            }
            module =
                caller.and_then(|(id, _)| self.instance(id)).map(|found| (found.module.id, found.caller));
        }
        false
    }

    /// The arguments of the calls whose module is not at hand, by call: nobody takes them, but their errors are errors,
    /// and rules want to know who is handed what.
    pub(super) fn handed(&self, instance: &Rc<Instance<'m>>) -> Vec<Vec<Value>> {
        let handed = instance.module.calls.iter().enumerate().map(|(index, call)| {
            let called = self.call(instance, index, None);
            let opaque = called.instances.iter().filter(|called| called.instance.is_none());
            opaque.flat_map(|called| self.arguments(instance, call, &called.repetition)).collect()
        });
        handed.collect()
    }

    fn arguments(&self, instance: &Rc<Instance<'m>>, call: &Call, repetition: &Repetition) -> Vec<Value> {
        let scope = InstanceScope { run: self, instance, repetition, own: None, resource: None };
        let name = |argument: &Argument| {
            self.model.tree(argument.file).map_or("", |tree| tree.name(argument.attribute.name))
        };
        let theirs = call.body.arguments.iter().filter(|argument| !CALL_ARGUMENTS.contains(&name(argument)));
        theirs.filter_map(|argument| self.evaluate(&scope, argument.value(), None)).collect()
    }

    /// What a call calls.
    fn target(&self, instance: &Instance<'m>, call: &Call) -> Target {
        if let Some(id) = call.local {
            return Target::Module(id);
        }
        if let Some(reason) = &call.unavailable {
            return Target::Opaque(reason.clone());
        }
        let Some(source) = call.source_text.as_deref() else { return Target::Invalid };
        if crate::terraform::load::is_local(source) {
            return Target::Invalid;
        }
        self.installed.target(self.model, &self.plan.base, &self.names(instance), call, source)
    }

    /// The names of the calls that lead to an instance, as Terraform's list of installed modules has them.
    fn names(&self, instance: &Instance<'m>) -> String {
        let mut names = Vec::new();
        let mut at = instance.caller;
        while let Some((id, call)) = at {
            let Some(caller) = self.instance(id) else { break };
            if let Some(call) = caller.module.calls.get(call) {
                names.push(call.named.name.clone());
            }
            at = caller.caller;
        }
        names.reverse();
        names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".")
    }

    /// `lifecycle.enabled`
    pub(super) fn enabled(&self, body: &crate::model::Body) -> Option<crate::model::ExprAt> {
        body.blocks_of(self.model, "lifecycle").find_map(|at| {
            let tree = self.model.tree(at.file)?;
            let found = tree.attribute(tree.block(at.block).body, "enabled")?;
            Some(crate::model::ExprAt { file: at.file, expr: found.value })
        })
    }
}
