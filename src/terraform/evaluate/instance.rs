//! A module instance while it is evaluated.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use arcstr::ArcStr;

use super::Cell;
use crate::model::{CallInstance, InstanceId, Key, Module, OutputValue, ResourceInstance, Target};
use crate::value::Value;

/// What `each` and `count` are.
#[derive(Clone, Debug, Default)]
pub(in super::super) enum Repetition {
    /// Neither.
    #[default]
    None,
    /// `count.index`
    Count(Value),
    /// `each.key`, `each.value`
    Each(Value, Value),
}

impl Repetition {
    pub(super) fn each_value(&self) -> Option<Value> {
        match self {
            Self::Each(_, value) => Some(value.clone()),
            _ => None,
        }
    }
}

/// One instance of a module.
#[derive(Debug)]
pub(in super::super) struct Instance<'m> {
    pub(super) id: InstanceId,
    pub(super) module: &'m Module,
    pub(super) address: ArcStr,
    pub(super) caller: Option<(InstanceId, usize)>,
    pub(super) depth: usize,
    pub(super) key: Key,
    pub(super) symbolic: bool,
    pub(super) repetition: Repetition,
    pub(super) variables: Vec<Cell<Value>>,
    pub(super) locals: Vec<Cell<Value>>,
    pub(super) outputs: Vec<Cell<OutputValue>>,
    pub(super) calls: Vec<Cell<Rc<Expanded<'m>>>>,
    pub(super) resources: Vec<Cell<Rc<Resources>>>,
}

impl<'m> Instance<'m> {
    /// The address that these parts make inside of it.
    pub(super) fn inside(&self, parts: &[&str]) -> String {
        let dot = if self.address.is_empty() { "" } else { "." };
        let mut address = String::with_capacity(self.address.len() + 48);
        [self.address.as_str(), dot].iter().chain(parts).for_each(|part| address.push_str(part));
        address
    }

    pub(super) fn new(
        id: InstanceId,
        module: &'m Module,
        address: ArcStr,
        caller: Option<(InstanceId, usize)>,
        depth: usize,
    ) -> Self {
        Self {
            id,
            module,
            address,
            caller,
            depth,
            key: Key::None,
            symbolic: false,
            repetition: Repetition::None,
            variables: Cell::row(module.variables.len()),
            locals: Cell::row(module.locals.len()),
            outputs: Cell::row(module.outputs.len()),
            calls: Cell::row(module.calls.len()),
            resources: Cell::row(module.resources.len()),
        }
    }
}

/// How the instances of something are kept apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Shape {
    /// There is one, without a key.
    One,
    /// There is one, or it is switched off.
    Disabled,
    /// By number.
    Count,
    /// By key.
    Each,
    /// Not known: one stands for all.
    Symbolic,
}

/// A call, expanded.
#[derive(Debug)]
pub(in super::super) struct Expanded<'m> {
    pub(super) target: Target,
    pub(super) shape: Shape,
    /// The instances; of a module that is not at hand there are only keys and addresses.
    pub(super) instances: Vec<Called<'m>>,
}

/// One instance of what is called.
#[derive(Debug)]
pub(in super::super) struct Called<'m> {
    pub(super) key: Key,
    pub(super) address: ArcStr,
    pub(super) repetition: Repetition,
    pub(super) instance: Option<Rc<Instance<'m>>>,
}

impl Expanded<'_> {
    pub(super) fn summary(&self, handed: Vec<Value>) -> CallInstance {
        CallInstance {
            target: self.target.clone(),
            instances: self
                .instances
                .iter()
                .filter_map(|called| called.instance.as_ref().map(|instance| instance.id))
                .collect(),
            addresses: self.instances.iter().map(|called| called.address.clone()).collect(),
            symbolic: self.shape == Shape::Symbolic,
            handed,
        }
    }
}

/// A resource, expanded.
#[derive(Debug)]
pub(in super::super) struct Resources {
    pub(super) shape: Shape,
    pub(super) instances: Vec<Arc<ResourceInstance>>,
    /// All of them as one value, made when somebody asks.
    pub(super) whole: OnceCell<Value>,
}
