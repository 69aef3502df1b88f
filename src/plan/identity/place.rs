use std::rc::Rc;

use arcstr::ArcStr;

use super::reference::Reference;
use crate::model::Key;
use crate::plan::{Configuration, ConfiguredCall, ConfiguredModule};

/// An instance of a module.
#[derive(Debug)]
pub(super) struct Place<'p> {
    /// `module.a["k"].module.b`; empty for the root module.
    pub(super) address: String,
    pub(super) module: &'p ConfiguredModule,
    /// Who calls it.
    pub(super) caller: Option<Caller<'p>>,
}

#[derive(Debug)]
pub(super) struct Caller<'p> {
    pub(super) place: Rc<Place<'p>>,
    pub(super) call: &'p ConfiguredCall,
    /// The key of the instance among the call's.
    pub(super) key: Key,
}

impl<'p> Place<'p> {
    /// The root module's own.
    pub(super) fn root(configuration: &'p Configuration) -> Rc<Self> {
        Rc::new(Self { address: String::new(), module: &configuration.root, caller: None })
    }

    /// The instance at an address; `None` if the configuration has no such module.
    pub(super) fn find(configuration: &'p Configuration, address: &str) -> Option<Rc<Self>> {
        let mut place = Self::root(configuration);
        if address.is_empty() {
            return Some(place);
        }
        let reference = Reference::parse(address)?;
        let mut at = 0;
        while reference.name(at).is_some_and(|name| name == "module") {
            let name = reference.name(at + 1)?;
            let key = reference.key(at + 2);
            at += 2 + usize::from(key.is_some());
            place = place.inside(name, key.unwrap_or(Key::None))?;
        }
        (at == reference.steps.len()).then_some(place)
    }

    /// The instance of that key of a module that it calls.
    pub(super) fn inside(self: &Rc<Self>, name: &str, key: Key) -> Option<Rc<Self>> {
        let call = self.module.calls.get(name)?;
        let address = format!("{}{key}", self.with(&format!("module.{name}")));
        let caller = Some(Caller { place: self.clone(), call, key });
        Some(Rc::new(Self { address, module: &call.module, caller }))
    }

    /// The whole address of something in it.
    pub(super) fn with(&self, address: &str) -> ArcStr {
        if self.address.is_empty() { address.into() } else { format!("{}.{address}", self.address).into() }
    }
}
