//! What may make an alias, for all that can be known.

use std::sync::Arc;

use super::not_known;
use crate::model::Target;
use crate::rules::dns::{Listener, Owner};
use crate::rules::{NotKnown, ResourceSubject, RootSubject};
use crate::source::{Location, Span};
use crate::value::{Exact, Identity, Kind, Origin, Unknown, Value};

/// Whether a root calls modules that are not at hand.
pub(super) fn calls_opaque_modules(root: &RootSubject<'_>) -> bool {
    let mut calls = root.instances().flat_map(|instance| &instance.instance.calls);
    calls.any(|call| matches!(call.target, Target::Opaque(_)))
}

/// A call of a module that is not at hand and is given the host name: it may well make the alias.
pub(super) fn handed_to_opaque_module(
    root: &RootSubject<'_>,
    owner: &Owner,
    listener: &Listener,
) -> Option<(NotKnown, Location)> {
    for instance in root.instances() {
        for (call, made) in instance.module.calls.iter().zip(&instance.instance.calls) {
            let Target::Opaque(reason) = &made.target else { continue };
            let given = made.handed.iter().find_map(|value| host_in(value, owner, listener));
            if let Some(unknown) = given {
                let what = NotKnown { unknown, origin: Origin::NONE, reason: Some(reason.clone()) };
                return Some((what, call.named.location()));
            }
        }
    }
    None
}

/// A unit whose module is not at hand and that uses outputs of this one: it may well make the alias.
pub(super) fn handed_to_opaque_unit(root: &RootSubject<'_>, owner: &Owner) -> Option<(NotKnown, Location)> {
    let unit = root.root.unit.as_ref()?;
    let users = root.model.users_of(unit);
    let user = users.into_iter().find(|user| user.unavailable.is_some())?;
    let dependency = user.dependencies.iter().find(|one| one.path.as_ref() == Some(unit));
    let exact = Exact::new(owner.0.clone(), owner.1.clone());
    let what = not_known(Identity::derived([&Identity::Exact(exact.into())]));
    let reason = user.unavailable.clone().unwrap_or_default();
    let header = dependency.or(user.dependencies.first()).map(|one| one.header)?;
    Some((what.because(reason), header))
}

/// Whether a line begins a block that may make a record.
fn may_make_record(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("module ") || line.starts_with("resource") && line.contains("record")
}

/// Broken syntax that speaks of records, or of modules that may make them.
pub(super) fn damaged_record(
    root: &RootSubject<'_>,
    subject: ResourceSubject<'_>,
    owner: &Owner,
) -> Option<(NotKnown, Location)> {
    let because = |reason: &str| {
        let exact = Exact::new(owner.0.clone(), owner.1.clone());
        not_known(Identity::derived([&Identity::Exact(exact.into())])).because(reason)
    };
    if root.model.module(root.root.module).perhaps_called {
        let what = because("the syntax is broken where the module may be called");
        return Some((what, subject.header()));
    }
    let model = root.model;
    let files = root.instances().flat_map(|instance| &instance.module.files);
    for tree in files.filter_map(|&file| model.tree(file)) {
        let mut damage = tree.damage().into_iter();
        let found = damage.find(|&span| tree.slice(span).lines().any(may_make_record));
        if let Some(span) = found {
            let what = because("the syntax is broken where a record may be declared");
            return Some((what, Location::new(tree.file, Span::at(span.start))));
        }
    }
    None
}

/// The host name of `owner` in a value, however deep.
fn host_in(value: &Value, owner: &Owner, listener: &Listener) -> Option<Arc<Unknown>> {
    if let Kind::Unknown(unknown) = value.kind() {
        let exact = unknown.identity.exact()?;
        let is_host =
            (&exact.scope, &exact.address) == (&owner.0, &owner.1) && listener.host(&exact.path).is_some();
        return is_host.then(|| unknown.clone());
    }
    let elements = value.elements().unwrap_or_default().iter();
    let entries = value.entries().unwrap_or_default().iter().map(|(_, value)| value);
    elements.chain(entries).find_map(|value| host_in(value, owner, listener))
}
