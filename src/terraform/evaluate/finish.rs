//! What else a root must have right, and how an evaluation becomes a part of the model.

use std::rc::Rc;
use std::sync::Arc;

use super::resource::Content;
use super::{Instance, InstanceScope, Repetition, Run};
use crate::eval::Problem;
use crate::model::{
    Argument, BlockAt, Body, CallInstance, ModuleInstance, OutputValue, ProblemKind, Root, Target,
};
use crate::value::{Exact, Value};

impl<'m> Run<'m> {
    /// The configurations of providers, and what resources hand to provisioners: only their errors matter.
    pub(super) fn providers(&self, instance: &Rc<Instance<'m>>) {
        let nowhere = Exact::new("", "");
        for provider in &instance.module.providers {
            let scope = self.scope(instance);
            let each = Repetition::Each(self.unknown("each.key"), self.unknown("each.value"));
            let scope = match provider.for_each {
                Some(at) => {
                    self.evaluate(&scope, at, None);
                    InstanceScope { repetition: &each, ..scope }
                }
                None => scope,
            };
            let Body { arguments, blocks } = &provider.body;
            let content = Content {
                arguments: &mut arguments.iter().copied(),
                blocks: &mut blocks.iter().copied(),
                room: arguments.len() + blocks.len(),
            };
            self.body(&scope, None, content, &nowhere);
        }
        for (index, resource) in instance.module.resources.iter().enumerate() {
            let handed: Vec<BlockAt> = resource
                .body
                .blocks
                .iter()
                .copied()
                .filter(|at| {
                    self.model.tree(at.file).is_some_and(|tree| {
                        matches!(tree.name(tree.block(at.block).kind), "provisioner" | "connection")
                    })
                })
                .collect();
            if handed.is_empty() {
                continue;
            }
            for made in &self.resources(instance, index, None).instances {
                let repetition = self.repetition(made);
                let scope = InstanceScope {
                    run: self,
                    instance,
                    repetition: &repetition,
                    own: Some(&made.attributes),
                    resource: Some(&made.address),
                };
                self.provisioners(&scope, &handed, &nowhere);
            }
        }
    }

    fn provisioners(&self, scope: &InstanceScope<'_, 'm>, handed: &[BlockAt], nowhere: &Exact) {
        for at in handed {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let body = tree.block(at.block).body;
            let mut arguments = tree
                .attributes(body)
                // These two are words of the language, not values.
                .filter(|attribute| !matches!(tree.name(attribute.name), "when" | "on_failure"))
                .map(|attribute| Argument { file: at.file, attribute });
            let content = Content { arguments: &mut arguments, blocks: &mut std::iter::empty(), room: 0 };
            self.body(scope, None, content, nowhere);
        }
    }

    /// Outputs that would show what must not be shown.
    fn exposures(&self, instance: &Rc<Instance<'m>>) {
        for (index, output) in instance.module.outputs.iter().enumerate() {
            let value = self.output(instance, index, None).value;
            let marks = value.marks_within();
            if marks.ephemeral() && !output.ephemeral {
                let message = format!("the output `{}` is ephemeral but does not say so", output.named.name);
                let problem = Problem::new(output.named.location(), message)
                    .with_help("add `ephemeral = true`, which a root module cannot, or leave the value out");
                self.report(ProblemKind::Expression, problem, instance.id, None);
            }
            if instance.caller.is_none() && marks.sensitive() && !output.sensitive {
                let message = format!("the output `{}` shows a sensitive value", output.named.name);
                let problem = Problem::new(output.named.location(), message)
                    .with_help("add `sensitive = true`, or leave the value out");
                self.report(ProblemKind::Exposure, problem, instance.id, None);
            }
        }
    }

    /// Everything as a part of the model.
    pub(super) fn finish(self) -> (Root, Vec<crate::model::Problem>) {
        let instances = self.instances.borrow().clone();
        for instance in &instances {
            self.exposures(instance);
        }
        let mut conditions = self.conditions.take();
        let finished = instances
            .iter()
            .map(|instance| ModuleInstance {
                module: instance.module.id,
                address: instance.address.clone(),
                caller: instance.caller.map(|(id, call)| (id, call as u32)),
                key: instance.key.clone(),
                symbolic: instance.symbolic,
                each_value: instance.repetition.each_value(),
                variables: instance
                    .variables
                    .iter()
                    .map(|cell| cell.get().unwrap_or_else(Value::null))
                    .collect(),
                given: instance
                    .module
                    .variables
                    .iter()
                    .map(|variable| self.given(instance, variable))
                    .collect(),
                locals: instance.locals.iter().map(|cell| cell.get().unwrap_or_else(Value::null)).collect(),
                outputs: instance
                    .outputs
                    .iter()
                    .map(|cell| cell.get().unwrap_or(OutputValue { value: Value::null(), sensitive: false }))
                    .collect(),
                calls: instance
                    .calls
                    .iter()
                    .zip(self.handed(instance))
                    .map(|(cell, handed)| match cell.get() {
                        Some(expanded) => expanded.summary(handed),
                        None => CallInstance {
                            target: Target::Invalid,
                            instances: Vec::new(),
                            addresses: Vec::new(),
                            symbolic: false,
                            handed,
                        },
                    })
                    .collect(),
                resources: instance
                    .resources
                    .iter()
                    .filter_map(super::Cell::get)
                    .flat_map(|resources| resources.instances.iter().map(Arc::clone).collect::<Vec<_>>())
                    .collect(),
                conditions: conditions.remove(&instance.id).unwrap_or_default(),
            })
            .collect();
        for (text, reason) in self.files.elsewhere() {
            self.because(text, reason);
        }
        let mut reads = self.files.reads();
        reads.reads.extend(self.plan.files.iter().cloned());
        let root = Root {
            module: self.plan.module,
            scope: self.plan.scope.clone(),
            unit: self.plan.unit.clone(),
            variant: self.plan.variant.clone(),
            instances: finished,
            reasons: self.reasons.take().into_iter().collect(),
            beyond: self.beyond.take().into_values().collect(),
            reads,
            states: Vec::new(),
        };
        (root, self.problems.take())
    }
}
