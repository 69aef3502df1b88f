//! The places of a module where expressions stand, and which names hold there.

use super::names::{Names, Reader};
use super::{attr, each_traversal, undeclared};
use crate::model::{Argument, BlockAt, Body, Condition, ExprAt, Resource};
use crate::source::Location;
use crate::syntax::{BlockId, ExprKind, Item, StepKind, Tree};
use crate::terraform::literal;
use crate::terraform::vocabulary::{CALL_ARGUMENTS, RESOURCE_BLOCKS};

impl<'m> Reader<'m> {
    /// Checks every expression of the module.
    pub(super) fn places(&mut self) {
        let module = self.module;
        let plain = Names::default();
        for variable in &module.variables {
            self.conditions(&variable.validations, &plain);
        }
        for local in &module.locals {
            self.at(Some(local.value), &plain);
        }
        for output in &module.outputs {
            self.at(output.value, &plain);
            self.depends_on(&output.body);
            self.conditions(&output.preconditions, &plain);
        }
        for provider in &module.providers {
            self.at(provider.for_each, &plain);
            let names = Names { each: provider.for_each.is_some(), ..Names::default() };
            self.body(
                &provider.body.arguments,
                &provider.body.blocks,
                &names,
                &["alias", "for_each", "version"],
            );
        }
        for resource in &module.resources {
            self.resource_places(resource);
        }
        for call in &module.calls {
            self.at(call.count, &plain);
            self.at(call.for_each, &plain);
            let names =
                Names { each: call.for_each.is_some(), count: call.count.is_some(), ..Names::default() };
            self.body(&call.body.arguments, &[], &names, CALL_ARGUMENTS);
            self.depends_on(&call.body);
        }
        for check in &module.checks {
            self.conditions(&check.asserts, &plain);
        }
        for import in &module.imports {
            self.at(import.for_each, &plain);
            let names = Names { each: import.for_each.is_some(), ..Names::default() };
            self.at(import.id, &names);
        }
    }

    /// The expression at a place.
    fn at(&mut self, at: Option<ExprAt>, names: &Names<'_>) {
        if let Some(at) = at
            && let Some(tree) = self.model.tree(at.file)
        {
            self.expression(tree, at.expr, names);
        }
    }

    fn conditions(&mut self, conditions: &[Condition], names: &Names<'_>) {
        for condition in conditions {
            self.at(condition.condition, names);
            self.at(condition.message, names);
        }
    }

    fn resource_places(&mut self, resource: &'m Resource) {
        let plain = Names::default();
        self.at(resource.count, &plain);
        self.at(resource.for_each, &plain);
        let names =
            Names { each: resource.for_each.is_some(), count: resource.count.is_some(), ..Names::default() };
        let own = Names { own: true, ..names.clone() };
        let kind =
            |at: &BlockAt| self.model.tree(at.file).map_or("", |tree| tree.name(tree.block(at.block).kind));
        let (language, blocks): (Vec<BlockAt>, Vec<BlockAt>) =
            resource.body.blocks.iter().copied().partition(|at| RESOURCE_BLOCKS.contains(&kind(at)));
        let handed: Vec<BlockAt> =
            language.into_iter().filter(|at| matches!(kind(at), "provisioner" | "connection")).collect();
        const META: &[&str] = &["count", "for_each", "provider", "depends_on"];
        self.body(&resource.body.arguments, &blocks, &names, META);
        self.body(&[], &handed, &own, &[]);
        self.conditions(&resource.preconditions, &names);
        self.conditions(&resource.postconditions, &own);
        self.depends_on(&resource.body);
        if let Some(at) = resource.provider {
            self.configuration(at);
        }
        self.lifecycle(resource, &names);
        self.closed(resource);
    }

    /// The expressions of a body, but for these arguments.
    fn body(&mut self, arguments: &[Argument], blocks: &[BlockAt], names: &Names<'_>, but: &[&str]) {
        for argument in arguments {
            let Some(tree) = self.model.tree(argument.file) else { continue };
            if !but.contains(&tree.name(argument.attribute.name)) {
                self.expression(tree, argument.attribute.value, names);
            }
        }
        for at in blocks {
            if let Some(tree) = self.model.tree(at.file) {
                self.block(tree, at.block, names);
            }
        }
    }

    /// The expressions of a nested block. Blocks nest no deeper than the parser lets them.
    fn block(&mut self, tree: &Tree, id: BlockId, names: &Names<'_>) {
        let block = tree.block(id);
        let kind = tree.name(block.kind);
        if kind == "dynamic" {
            if let Some(over) = tree.attribute(block.body, "for_each") {
                self.expression(tree, over.value, names);
            }
            let label = tree.label(block, 0).unwrap_or("");
            let iterator = tree
                .attribute(block.body, "iterator")
                .map_or(label, |found| crate::terraform::evaluate::iterator_name(tree, found.value));
            let mut names = names.clone();
            names.iterators.push(iterator);
            if let Some(labels) = tree.attribute(block.body, "labels") {
                self.expression(tree, labels.value, &names);
            }
            for item in tree.items(block.body) {
                if let Item::Block(inner) = item {
                    self.block(tree, *inner, &names);
                }
            }
            return;
        }
        for item in tree.items(block.body) {
            match item {
                // Words of the language, not values.
                Item::Attribute(found)
                    if kind == "provisioner" && matches!(tree.name(found.name), "when" | "on_failure") => {}
                Item::Attribute(found) => self.expression(tree, found.value, names),
                Item::Block(inner) => self.block(tree, *inner, names),
            }
        }
    }

    /// References to whole objects that must exist.
    fn depends_on(&mut self, body: &Body) {
        let Some(at) = body.value(self.model, "depends_on") else { return };
        let Some(tree) = self.model.tree(at.file) else { return };
        if literal::elements(tree, at.expr).is_none() {
            if tree.kind(at.expr) != ExprKind::Error {
                let place = self.model.location(at);
                self.problems.push(undeclared(place, "`depends_on` must be a list of references", None));
            }
            return;
        }
        let mut found = Vec::new();
        each_traversal(tree, at.expr, &mut |tree, traversal, span| {
            let names = Names::default();
            let mut inner = Reader::new(self.model, self.module);
            inner.reference(tree, traversal, &names);
            // What stands in a string has no place of its own in this file.
            for problem in &mut inner.problems {
                let inside = problem.problem.location.is_some_and(|place| span.contains(place.span));
                if !inside {
                    problem.problem.location = Some(Location::new(at.file, span));
                }
            }
            let whole = match tree.slice(traversal.root) {
                "data" | "ephemeral" | "resource" => 2,
                _ => 1,
            };
            // An output of a module is an object of its own.
            let output = usize::from(tree.slice(traversal.root) == "module");
            let keyed = matches!(traversal.steps.get(whole).map(|step| step.kind), Some(StepKind::Index(_)));
            if inner.problems.is_empty() && traversal.steps.len() > whole + usize::from(keyed) + output {
                let message = "`depends_on` names whole resources and modules, not what is in them";
                let mut problem = undeclared(Location::new(at.file, span), message, None);
                problem.problem.help = attr(tree, traversal, whole)
                    .filter(|_| output == 0)
                    .map(|name| format!("leave out `.{name}`"));
                inner.problems.push(problem);
            }
            found.append(&mut inner.problems);
        });
        self.problems.append(&mut found);
    }

    /// `name.alias`, behind `provider` or in the `providers` of a call.
    pub(super) fn configuration(&mut self, at: ExprAt) {
        let Some(tree) = self.model.tree(at.file) else { return };
        let inner = tree.expression_in(at.expr);
        let (tree, expr) = match &inner {
            Some((inner, expr)) => (inner, *expr),
            None => (tree, at.expr),
        };
        let Some(traversal) = tree.traversal(expr) else { return };
        let name = tree.slice(traversal.root);
        let Some(alias) = attr(tree, &traversal, 0) else { return };
        let module = self.module;
        let configured = module
            .providers
            .iter()
            .any(|known| known.named.name == name && known.alias.as_deref() == Some(alias));
        let required = module
            .required_providers
            .iter()
            .any(|known| known.named.name == name && known.aliases.iter().any(|known| known == alias));
        // Who calls the module may hand the configuration over without its being declared.
        let called = || {
            let mut calls = self.model.modules.iter().flat_map(|module| &module.calls);
            calls.any(|call| call.local == Some(module.id))
        };
        if !configured && !required && !called() && !super::names::swallowed(self.model, module, alias) {
            let aliases = module
                .providers
                .iter()
                .filter(|known| known.named.name == name)
                .filter_map(|known| known.alias.as_deref());
            let help = crate::suggest::did_you_mean(alias, aliases);
            let message = format!("there is no configuration `{name}.{alias}` of that provider");
            self.problems.push(undeclared(self.model.location(at), message, help));
        }
    }

    fn lifecycle(&mut self, resource: &Resource, names: &Names<'_>) {
        let model = self.model;
        if let Some(at) = resource.lifecycle.value(model, "replace_triggered_by")
            && let Some(tree) = model.tree(at.file)
        {
            let mut inner = Reader::new(model, self.module);
            each_traversal(tree, at.expr, &mut |tree, traversal, _| inner.reference(tree, traversal, names));
            self.problems.append(&mut inner.problems);
        }
        for name in ["enabled", "prevent_destroy", "create_before_destroy"] {
            self.at(resource.lifecycle.value(model, name), names);
        }
    }
}
