use rustc_hash::FxHashSet;

use super::{Plan, Plans, ResourceChange};
use crate::model::Model;

/// How much a plan holds that no source has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extent {
    /// Module instances.
    pub modules: usize,
    /// Resource instances that will be there.
    pub resources: usize,
}

impl Plans {
    /// How much the plans hold beside what the roots have that they are tied to.
    #[must_use]
    pub fn beside_the_source(&self, model: &Model) -> Extent {
        let mut all = Extent::default();
        for one in self.plans.iter().map(|plan| beside(plan, model)) {
            all.modules += one.modules;
            all.resources += one.resources;
        }
        all
    }
}

fn beside(plan: &Plan, model: &Model) -> Extent {
    let root = plan.root.map(|id| model.root(id));
    let instances = || root.iter().flat_map(|root| &root.instances);
    let known: FxHashSet<&str> = instances()
        .flat_map(|instance| instance.resources.iter().map(|resource| resource.address.as_str()))
        .collect();
    let mut modules: FxHashSet<&str> = instances().map(|instance| instance.address.as_str()).collect();
    let in_source = modules.len();
    // A plan without its source has a root module, be there nothing in it.
    modules.insert("");
    let mut resources = 0;
    for change in plan.changes.iter().filter(|change| change.stays()) {
        resources += usize::from(!known.contains(change.address.as_str()));
        modules.insert(&change.module);
    }
    Extent { modules: modules.len() - in_source, resources }
}

impl ResourceChange {
    /// Whether it says what an instance will be: nothing is left of what is deleted, forgotten or deposed.
    #[must_use]
    pub fn stays(&self) -> bool {
        let gone = matches!(self.action, super::Action::Delete | super::Action::Forget);
        !gone && !self.is_deposed() && self.sides.has_after()
    }
}
