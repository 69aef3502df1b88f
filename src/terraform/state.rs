//! `terraform_remote_state`: which root's state it is.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

use super::roots::Plan;
use super::{Roots, States, constant};
use crate::eval::Log;
use crate::model::{Model, RootId};
use crate::value::Value;

/// The arguments that say where in a backend a state lies, by type; what is not listed is all compared.
const PLACES: &[(&str, &[&str])] = &[
    ("s3", &["bucket", "key", "workspace_key_prefix"]),
    ("gcs", &["bucket", "prefix"]),
    ("azurerm", &["storage_account_name", "container_name", "key"]),
    ("local", &["path"]),
    ("http", &["address"]),
    ("consul", &["address", "path"]),
    ("remote", &["hostname", "organization", "workspaces"]),
    ("cloud", &["hostname", "organization", "workspaces"]),
];

/// How many roots may look at one another's states in a chain.
const CHAIN: usize = 16;

/// Where the states of the roots lie.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// By backend and place: the roots, in the order of the plans.
    places: FxHashMap<(ArcStr, String), Vec<usize>>,
}

impl Links {
    pub(super) fn of(model: &Model, plans: &[Plan]) -> Self {
        let mut links = Self::default();
        let mut resources = model.modules.iter().flat_map(|module| &module.resources);
        if !resources.any(|resource| resource.ty == "terraform_remote_state") {
            return links;
        }
        for (index, plan) in plans.iter().enumerate() {
            if let Some((backend, place)) = of_unit(model, plan) {
                links.places.entry((backend, place)).or_default().push(index);
                continue;
            }
            let module = model.module(plan.module);
            let Some(backend) = module.backends.last() else { continue };
            let Some(tree) = model.tree(backend.block.file) else { continue };
            let body = tree.block(backend.block.block).body;
            let mut entries = Vec::new();
            for attribute in tree.attributes(body) {
                // What is no constant may be given on the command line of `init`: then nobody knows where it lies.
                if let Ok(value) = constant::value(tree, attribute.value, &mut Log::default()) {
                    entries.push((ArcStr::from(tree.name(attribute.name)), value));
                }
            }
            if let Some(place) = place(&backend.ty, &Value::object(entries)) {
                links.places.entry((backend.ty.clone(), place)).or_default().push(index);
            }
        }
        links
    }

    fn find(&self, backend: &str, config: &Value) -> Option<&[usize]> {
        let place = place(backend, config)?;
        self.places.get(&(backend.into(), place)).map(Vec::as_slice)
    }
}

/// Where the state of a unit lies, if its configuration says it.
fn of_unit(model: &Model, plan: &Plan) -> Option<(ArcStr, String)> {
    let state = model.unit(plan.unit.as_ref()?)?.get("remote_state")?;
    let backend = state.get("backend")?.as_str()?;
    Some((backend.into(), place(backend, state.get("config")?)?))
}

/// The arguments that say where in a backend of that type a state lies; `None` if that is not known of the type.
#[must_use]
pub fn place_arguments(backend: &str) -> Option<&'static [&'static str]> {
    PLACES.iter().find(|(known, _)| *known == backend).map(|(_, names)| *names)
}

/// Where in its backend a state lies, as a text to compare; `None` if that is not known.
#[must_use]
pub fn place(backend: &str, config: &Value) -> Option<String> {
    let entries = config.entries()?;
    let names = place_arguments(backend);
    let mut parts = Vec::new();
    for (name, value) in entries {
        if names.is_some_and(|names| !names.contains(&name.as_str())) || value.is_null() {
            continue;
        }
        if !value.is_wholly_known() {
            return None;
        }
        parts.push(format!("{name}={}", value.unmarked_deep().to_json()?));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The other roots as one root sees them, which is being evaluated for those that are `asking`.
pub(super) struct Seen<'a, 'r> {
    pub(super) roots: &'a Roots<'r>,
    pub(super) asking: Vec<usize>,
}

impl States for Seen<'_, '_> {
    fn outputs(
        &self,
        backend: &str,
        config: &Value,
        workspace: Option<&str>,
        asking: RootId,
    ) -> Option<Value> {
        if self.asking.len() > CHAIN {
            return None;
        }
        let plan = |index: usize| self.roots.plans.get(index);
        let mut found = self.roots.links.find(backend, config)?.to_vec();
        found.retain(|&index| plan(index).is_some_and(|plan| plan.workspace.as_deref() == workspace));
        let variant = self.roots.plans.get(asking.0 as usize).and_then(|plan| plan.variant.as_ref());
        // Of several evaluations of one root, the one of the same variant.
        let index = found
            .iter()
            .copied()
            .find(|index| self.roots.plans.get(*index).is_some_and(|plan| plan.variant.as_ref() == variant))
            .or_else(|| found.first().copied())?;
        self.roots.note_look(asking, index);
        if self.asking.contains(&index) {
            return None;
        }
        if let Some(known) = self.roots.known(index) {
            return Some(known);
        }
        let (root, _) = self.roots.root(index, &self.asking);
        let module = self.roots.model.module(root.module);
        let outputs = root.instances.first()?.outputs.iter();
        let entries = module.outputs.iter().zip(outputs);
        let value = Value::object(
            entries.map(|(output, found)| (output.named.name.clone(), found.value.clone())).collect(),
        );
        self.roots.keep(index, value.clone());
        Some(value)
    }
}
