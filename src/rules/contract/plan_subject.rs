use rustc_hash::FxHashMap;

use super::{ResourceSubject, RootSubject};
use crate::finding::Place;
use crate::model::{InstanceId, Model, Resource};
use crate::plan::{Plan, ResourceChange};
use crate::source::{FileId, Location, Span};

/// A plan, and what its source says of the same resources.
#[derive(Debug)]
pub struct PlanSubject<'a> {
    /// All that is known of the source.
    pub model: &'a Model,
    /// The plan.
    pub plan: &'a Plan,
    /// The root module that it is a plan of, if that is at hand.
    pub root: Option<RootSubject<'a>>,
    file: FileId,
    resources: FxHashMap<&'a str, ResourceSubject<'a>>,
    instances: FxHashMap<&'a str, InstanceId>,
}

impl<'a> PlanSubject<'a> {
    /// A plan, once it is tied to its root module.
    pub fn of(model: &'a Model, plan: &'a Plan) -> Option<Self> {
        let file = plan.source?;
        let root = plan.root.map(|id| RootSubject { model, id, root: model.root(id) });
        let resources = root.into_iter().flat_map(|root| root.resources());
        let instances = root.into_iter().flat_map(|root| root.instances());
        Some(Self {
            model,
            plan,
            root,
            file,
            resources: resources.map(|subject| (subject.resource.address.as_str(), subject)).collect(),
            instances: instances.map(|subject| (subject.instance.address.as_str(), subject.id)).collect(),
        })
    }

    /// The instance of that address in the source.
    #[must_use]
    pub fn resource(&self, address: &str) -> Option<ResourceSubject<'a>> {
        self.resources.get(address).copied()
    }

    /// Where a finding about a change points: to the declaration of its resource, be the instance itself gone; where
    /// there is none, to the plan's own file.
    #[must_use]
    pub fn location(&self, change: &ResourceChange) -> Location {
        self.declared(change).unwrap_or_else(|| self.own_location())
    }

    /// Where the resource of a change is declared.
    #[must_use]
    pub fn declared(&self, change: &ResourceChange) -> Option<Location> {
        self.declaration(change).map(|resource| resource.named.location())
    }

    /// The declaration of a change's resource, be the instance itself gone.
    #[must_use]
    pub fn declaration(&self, change: &ResourceChange) -> Option<&'a Resource> {
        if let Some(subject) = self.resource(&change.address) {
            return Some(subject.declaration);
        }
        let root = self.root?;
        let instance = root.root.instances.get(self.instances.get(change.module.as_str())?.0 as usize)?;
        let module = self.model.module(instance.module);
        let index = module.resource(change.mode, &change.ty, &change.name)?;
        module.resources.get(index)
    }

    /// Where a finding about the plan as a whole points.
    #[must_use]
    pub fn own_location(&self) -> Location {
        Location::new(self.file, Span::at(0))
    }

    /// What a finding about a change says it is about.
    #[must_use]
    pub fn place_of(&self, change: &ResourceChange) -> Place {
        let place = self.place();
        place.with_resource(change.address.clone())
    }

    /// What a finding about a value of a change says it is about. Where the plan is all that is known of it, the path tells
    /// which value it is; else the source does.
    #[must_use]
    pub fn place_of_value(&self, change: &ResourceChange, path: &str) -> Place {
        let place = self.place_of(change);
        if self.declared(change).is_none() { place.with_attribute(path) } else { place }
    }

    /// What a finding about the plan as a whole says it is about.
    #[must_use]
    pub fn place(&self) -> Place {
        match self.root {
            Some(root) => self.model.place(root.id, InstanceId(0), None),
            None => Place::in_module(self.plan.scope.clone()),
        }
    }
}
