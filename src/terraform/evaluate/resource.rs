//! Resources: their instances, attributes and nested blocks.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use arcstr::{ArcStr, literal};

use super::expansion::Repeated;
use super::instance::Shape;
use super::run::keyed;
use super::unknown::{attribute, derived, identified};
use super::{Instance, InstanceScope, Node, Repetition, Resources, Run, What};
use crate::eval::{Frame, Problem};
use crate::model::{
    Argument, BlockAt, BlockInstance, Body, ExprAt, Key, ProblemKind, Resource, ResourceInstance,
};
use crate::source::Location;
use crate::syntax::{Item, Tree};
use crate::terraform::bounds::DYNAMIC_BLOCKS;
use crate::terraform::vocabulary::{RESOURCE_ARGUMENTS, RESOURCE_BLOCKS};
use crate::value::{self, Exact, Kind, Step, Type, Value};

/// What stands in a body.
pub(super) struct Content<'c> {
    pub(super) arguments: &'c mut dyn Iterator<Item = Argument>,
    pub(super) blocks: &'c mut dyn Iterator<Item = BlockAt>,
    /// How many attributes that makes, at most.
    pub(super) room: usize,
}

/// What a body came to.
#[derive(Default)]
pub(super) struct Made {
    pub(super) entries: Vec<(ArcStr, Value)>,
    pub(super) blocks: Vec<BlockInstance>,
}

impl<'m> Run<'m> {
    /// A resource of an instance, expanded and evaluated.
    pub(super) fn resources(
        &self,
        instance: &Rc<Instance<'m>>,
        index: usize,
        asked: Option<Location>,
    ) -> Rc<Resources> {
        let lost =
            || Rc::new(Resources { shape: Shape::Symbolic, instances: Vec::new(), whole: OnceCell::new() });
        let (Some(resource), Some(cell)) =
            (instance.module.resources.get(index), instance.resources.get(index))
        else {
            return lost();
        };
        let node = Node { instance: instance.id, what: What::Resource(index) };
        self.settle(cell, node, asked, lost, || Rc::new(self.expand_resource(instance, resource, index)))
    }

    fn expand_resource(
        &self,
        instance: &Rc<Instance<'m>>,
        resource: &'m Resource,
        index: usize,
    ) -> Resources {
        self.depend(instance, resource);
        let address = instance.inside(&[&resource.address()]);
        let repeated = Repeated {
            count: resource.count,
            for_each: resource.for_each,
            enabled: resource.lifecycle.value(self.model, "enabled"),
        };
        let expansion = self.expand(instance, repeated, &address, resource.named.location());
        let shape = expansion.shape;
        let instances = expansion
            .each
            .into_iter()
            .map(|(key, repetition)| {
                let address = keyed(&address, &key);
                Arc::new(self.resource_instance(instance, resource, index, key, address, &repetition))
            })
            .collect();
        Resources { shape, instances, whole: OnceCell::new() }
    }

    /// `depends_on` gives no values, but it can close a circle.
    fn depend(&self, instance: &Rc<Instance<'m>>, resource: &Resource) {
        let Some(at) = resource.body.value(self.model, "depends_on") else { return };
        for (found, place) in crate::terraform::reference::dependencies(self.model, instance.module, at) {
            self.resources(instance, found, Some(place));
        }
    }

    fn resource_instance(
        &self,
        instance: &Rc<Instance<'m>>,
        resource: &'m Resource,
        index: usize,
        key: Key,
        address: ArcStr,
        repetition: &Repetition,
    ) -> ResourceInstance {
        let scope = InstanceScope { run: self, instance, repetition, own: None, resource: Some(&address) };
        let identity = self.exact(address.clone());
        let made = self.resource_body(&scope, &resource.body, &identity);
        let attributes = self.attributes(&scope, resource, made.entries, &identity);
        ResourceInstance {
            declaration: index as u32,
            mode: resource.mode,
            ty: resource.ty.clone(),
            name: resource.named.name.clone(),
            symbolic: instance.symbolic || key == Key::Any,
            each_value: repetition.each_value(),
            key,
            attributes,
            references: Vec::new(),
            blocks: made.blocks,
            address,
            unplanned: None,
        }
    }

    /// The arguments and blocks of a resource that are not the language's own.
    fn resource_body(&self, scope: &InstanceScope<'_, 'm>, body: &Body, identity: &Exact) -> Made {
        let name = |argument: &Argument| {
            self.model.tree(argument.file).map_or("", |tree| tree.name(argument.attribute.name))
        };
        let mut arguments =
            body.arguments.iter().copied().filter(|argument| !RESOURCE_ARGUMENTS.contains(&name(argument)));
        let mut blocks = body.blocks.iter().copied().filter(|at| {
            self.model
                .tree(at.file)
                .is_some_and(|tree| !RESOURCE_BLOCKS.contains(&tree.name(tree.block(at.block).kind)))
        });
        let room = body.arguments.len() + body.blocks.len();
        let content = Content { arguments: &mut arguments, blocks: &mut blocks, room };
        self.body(scope, None, content, identity)
    }

    /// Evaluates a body whose attributes have this identity before their names.
    pub(super) fn body(
        &self,
        scope: &InstanceScope<'_, 'm>,
        frame: Option<&Frame<'_>>,
        content: Content<'_>,
        identity: &Exact,
    ) -> Made {
        let mut made = Made { entries: Vec::with_capacity(content.room), blocks: Vec::new() };
        for argument in content.arguments {
            let Some(tree) = self.model.tree(argument.file) else { continue };
            let name = tree.name(argument.attribute.name);
            match self.evaluate(scope, argument.value(), frame) {
                // Null is as good as not written: what the attribute then is, only the provider knows.
                Some(value) if value.is_null() => {}
                Some(value) => made.entries.push((value::name(name), value)),
                None => {
                    let identity = attribute(identity, name);
                    self.because(identity.to_string(), "an expression is in error");
                    made.entries.push((value::name(name), identified(identity, Type::Dynamic)));
                }
            }
        }
        let mut groups: Vec<(ArcStr, Vec<Value>)> = Vec::new();
        for at in content.blocks {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let block = tree.block(at.block);
            let kind = tree.name(block.kind);
            if kind == "dynamic" {
                let Some(label) = tree.label(block, 0) else { continue };
                let values = group(&mut groups, label);
                let from = values.len();
                let (elements, instances) = self.dynamic(scope, frame, tree, at, identity, from);
                values.extend(elements);
                made.blocks.extend(instances);
            } else {
                let values = group(&mut groups, kind);
                let inner = nested(identity, kind, values.len());
                let (value, blocks) = self.block(scope, frame, tree, at, inner);
                values.push(value);
                made.blocks.push(BlockInstance {
                    kind: value::name(kind),
                    block: at,
                    dynamic: false,
                    symbolic: false,
                    blocks,
                });
            }
        }
        // No block is as good as none written: what the provider makes of that, only it knows.
        groups.retain(|(_, values)| !values.is_empty());
        made.entries.extend(groups.into_iter().map(|(kind, values)| (kind, Value::tuple(values))));
        made
    }

    /// One nested block as an object.
    fn block(
        &self,
        scope: &InstanceScope<'_, 'm>,
        frame: Option<&Frame<'_>>,
        tree: &Tree,
        at: BlockAt,
        identity: Exact,
    ) -> (Value, Vec<BlockInstance>) {
        let items = tree.items(tree.block(at.block).body);
        let mut arguments = items.iter().filter_map(|item| match item {
            Item::Attribute(found) => Some(Argument { file: at.file, attribute: *found }),
            Item::Block(_) => None,
        });
        let mut blocks = items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(BlockAt { file: at.file, block: *block }),
            Item::Attribute(_) => None,
        });
        let content = Content { arguments: &mut arguments, blocks: &mut blocks, room: items.len() };
        let made = self.body(scope, frame, content, &identity);
        (Value::open_object(made.entries, Arc::new(identity)), made.blocks)
    }

    /// The blocks that a `dynamic` block makes.
    fn dynamic(
        &self,
        scope: &InstanceScope<'_, 'm>,
        frame: Option<&Frame<'_>>,
        tree: &Tree,
        at: BlockAt,
        identity: &Exact,
        from: usize,
    ) -> (Vec<Value>, Vec<BlockInstance>) {
        let block = tree.block(at.block);
        let Some(label) = tree.label(block, 0) else { return Default::default() };
        let content = tree.items(block.body).iter().find_map(|item| match item {
            Item::Block(id) if tree.name(tree.block(*id).kind) == "content" => {
                Some(BlockAt { file: at.file, block: *id })
            }
            _ => None,
        });
        let (Some(content), Some(over)) = (content, tree.attribute(block.body, "for_each")) else {
            return Default::default();
        };
        let iterator =
            tree.attribute(block.body, "iterator").map_or(label, |found| iterator_name(tree, found.value));
        let over = ExprAt { file: at.file, expr: over.value };
        let (elements, symbolic) = self.elements(scope, frame, over, identity, label);
        let mut values = Vec::with_capacity(elements.len());
        let mut instances = Vec::with_capacity(elements.len());
        for (index, (key, value)) in elements.into_iter().enumerate() {
            let item = Value::object(vec![(literal!("key"), key), (literal!("value"), value)]);
            let inside = Frame { name: iterator, value: &item, parent: frame };
            let inner = if symbolic {
                attribute(identity, label).step(Step::Any)
            } else {
                nested(identity, label, from + index)
            };
            let (value, blocks) = self.block(scope, Some(&inside), tree, content, inner);
            values.push(value);
            instances.push(BlockInstance {
                kind: value::name(label),
                block: at,
                dynamic: true,
                symbolic,
                blocks,
            });
        }
        (values, instances)
    }

    /// What a `dynamic` block iterates, as keys and values; one unknown element if it is not known.
    fn elements(
        &self,
        scope: &InstanceScope<'_, 'm>,
        frame: Option<&Frame<'_>>,
        over: ExprAt,
        identity: &Exact,
        label: &str,
    ) -> (Vec<(Value, Value)>, bool) {
        let lost = || {
            let at = attribute(identity, label).step(Step::Any);
            let unknown = identified(at, Type::Dynamic);
            (vec![(unknown.clone(), unknown)], true)
        };
        let Some(value) = self.evaluate(scope, over, frame) else { return lost() };
        let elements: Vec<(Value, Value)> = match value.kind() {
            Kind::List(list) => numbered(&list.values),
            Kind::Tuple(values) => numbered(values),
            Kind::Set(set) => set.values.iter().map(|value| (value.clone(), value.clone())).collect(),
            Kind::Map(map) => keyed_elements(&map.entries),
            Kind::Object(object) => keyed_elements(&object.entries),
            Kind::Unknown(unknown) => {
                let reason = "how many blocks there are is not known";
                self.because(attribute(identity, label).step(Step::Any).to_string(), reason);
                let element = match &unknown.ty {
                    Type::List(of) | Type::Set(of) | Type::Map(of) => (**of).clone(),
                    _ => Type::Dynamic,
                };
                return (vec![(derived(&value, Type::Dynamic), derived(&value, element))], true);
            }
            _ => {
                let message = "`for_each` of a dynamic block must be a list, a set, a map or an object";
                let problem = Problem::new(self.model.location(over), message);
                self.report(ProblemKind::Expression, problem, scope.instance.id, scope.resource.cloned());
                return lost();
            }
        };
        if elements.len() > DYNAMIC_BLOCKS {
            let message = format!("the dynamic block yields more than {DYNAMIC_BLOCKS} blocks");
            let problem = Problem::new(self.model.location(over), message);
            self.report(ProblemKind::Expression, problem, scope.instance.id, scope.resource.cloned());
            return lost();
        }
        (elements, false)
    }
}

/// The values of the blocks of one kind.
fn group<'g>(groups: &'g mut Vec<(ArcStr, Vec<Value>)>, kind: &str) -> &'g mut Vec<Value> {
    let at = match groups.iter().position(|(known, _)| known == kind) {
        Some(at) => at,
        None => {
            groups.push((value::name(kind), Vec::new()));
            groups.len() - 1
        }
    };
    &mut groups[at].1
}

/// The identity of the n-th block of a kind.
fn nested(identity: &Exact, kind: &str, index: usize) -> Exact {
    attribute(identity, kind).step(Step::Index(index as u64))
}

fn numbered(values: &[Value]) -> Vec<(Value, Value)> {
    values.iter().enumerate().map(|(index, value)| (Value::int(index as i64), value.clone())).collect()
}

fn keyed_elements(entries: &[(ArcStr, Value)]) -> Vec<(Value, Value)> {
    entries.iter().map(|(key, value)| (Value::string(key.clone()), value.clone())).collect()
}

/// `iterator = name`; in JSON a text.
pub(in super::super) fn iterator_name(tree: &Tree, expr: crate::syntax::ExprId) -> &str {
    tree.plain_text(expr).unwrap_or_else(|| tree.slice(tree.span(expr)))
}
