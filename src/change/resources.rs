use std::collections::BTreeMap;

use arcstr::ArcStr;

use super::differences::Places;
use super::subjects::{Pair, Subject};
use super::{Action, ResourceChange};
use crate::model::{ExprAt, Mode, Model, ModuleInstance, ResourceInstance, Root, Target};
use crate::value::Value;

/// Adds what of a unit's or root's resources is not what it was.
pub(super) fn compare<'m>(pair: &Pair<'m>, places: &Places<'m>, changes: &mut Vec<ResourceChange>) {
    let Some(subject) = pair.subject() else { return };
    let roots = |side: &Option<Subject<'m>>| -> BTreeMap<Option<ArcStr>, Made<'m>> {
        let made = |side: &Subject<'m>| -> BTreeMap<Option<ArcStr>, Made<'m>> {
            side.roots.iter().map(|root| (root.variant.clone(), Made::of(side.model, root))).collect()
        };
        side.as_ref().map(made).unwrap_or_default()
    };
    let (mut before, after) = (roots(&pair.base), roots(&pair.head));
    let unit = ArcStr::from(subject.path);
    for (variant, head) in after {
        let base = before.remove(&variant).unwrap_or_default();
        let told = Told { unit: &unit, variant: &variant };
        between(base, &head, places, told, changes);
    }
    for (variant, base) in before {
        between(base, &Made::default(), places, Told { unit: &unit, variant: &variant }, changes);
    }
}

/// All that a root makes, by address, and where things moved in it.
#[derive(Default)]
struct Made<'m> {
    things: BTreeMap<ArcStr, Thing<'m>>,
    /// Addresses that became others, whatever lies in them with them; later ones first.
    moved: Vec<(String, String)>,
}

/// A resource, or the call of a module that is not at hand.
enum Thing<'m> {
    Resource(&'m ResourceInstance),
    Opaque(Opaque<'m>),
}

/// The call of a module that is not at hand: what it is given stands for what it makes.
struct Opaque<'m> {
    source: Option<&'m ArcStr>,
    version: Option<&'m ArcStr>,
    /// The names of its arguments; none where an argument is in error, so that values cannot be told apart.
    names: Vec<&'m str>,
    values: &'m [Value],
}

impl Opaque<'_> {
    fn differences(&self, head: &Self, places: &Places<'_>) -> Vec<String> {
        let mut found = Vec::new();
        found.extend((self.source != head.source).then(|| "source".to_owned()));
        found.extend((self.version != head.version).then(|| "version".to_owned()));
        if self.names != head.names || self.values.len() != head.values.len() {
            found.push("arguments".to_owned());
            return found;
        }
        for (index, (before, after)) in self.values.iter().zip(head.values).enumerate() {
            let name = self.names.get(index).copied().unwrap_or("arguments");
            found.extend(places.differences(before, after).iter().map(|path| match path.as_str() {
                "" => name.to_owned(),
                inner if inner.starts_with('[') => format!("{name}{inner}"),
                inner => format!("{name}.{inner}"),
            }));
        }
        found.dedup();
        found
    }
}

/// Arguments of a call that are not the module's.
const OF_THE_LANGUAGE: [&str; 6] = ["count", "depends_on", "for_each", "providers", "source", "version"];

impl<'m> Thing<'m> {
    fn ty(&self) -> ArcStr {
        match self {
            Self::Resource(resource) => resource.ty.clone(),
            Self::Opaque(_) => ArcStr::new(),
        }
    }

    fn differences(&self, head: &Self, places: &Places<'_>) -> Vec<String> {
        match (self, head) {
            (Self::Resource(base), Self::Resource(head)) => {
                places.differences(&base.attributes, &head.attributes)
            }
            (Self::Opaque(base), Self::Opaque(head)) => base.differences(head, places),
            _ => vec!["source".to_owned()],
        }
    }
}

impl<'m> Made<'m> {
    fn of(model: &'m Model, root: &'m Root) -> Self {
        let mut made = Self::default();
        for instance in &root.instances {
            let resources = instance.resources.iter().filter(|resource| resource.mode == Mode::Managed);
            made.things.extend(
                resources.map(|resource| (resource.address.clone(), Thing::Resource(resource.as_ref()))),
            );
            made.calls(model, instance);
            let module = model.module(instance.module);
            let text = |at: Option<ExprAt>| {
                let at = at?;
                let tree = model.tree(at.file)?;
                let written: String = tree.slice(tree.span(at.expr)).split_whitespace().collect();
                Some(if instance.address.is_empty() {
                    written
                } else {
                    format!("{}.{written}", instance.address)
                })
            };
            let moved = module.moved.iter().rev();
            made.moved.extend(moved.filter_map(|moved| Some((text(moved.from)?, text(moved.to)?))));
        }
        made
    }

    /// Modules that are not at hand: what they are given stands for what they make.
    fn calls(&mut self, model: &'m Model, instance: &'m ModuleInstance) {
        let declared = &model.module(instance.module).calls;
        for (call, made) in declared.iter().zip(&instance.calls) {
            let Target::Opaque(_) = made.target else { continue };
            let names = call
                .body
                .arguments
                .iter()
                .filter_map(|argument| Some(model.tree(argument.file)?.name(argument.attribute.name)));
            let names: Vec<&str> = names.filter(|name| !OF_THE_LANGUAGE.contains(name)).collect();
            let told_apart = names.len() * made.addresses.len() == made.handed.len();
            for (index, address) in made.addresses.iter().enumerate() {
                let own = made.handed.get(index * names.len()..(index + 1) * names.len());
                let thing = Thing::Opaque(Opaque {
                    source: call.source_text.as_ref(),
                    version: call.version_text.as_ref(),
                    values: own.filter(|_| told_apart).unwrap_or(&made.handed),
                    names: if told_apart { names.clone() } else { Vec::new() },
                });
                self.things.insert(address.clone(), thing);
            }
        }
    }

    /// The address that something had which lies at `address` now, if a block says that it moved.
    fn before(&self, address: &str) -> Option<String> {
        let mut at = address.to_owned();
        // Each block counts once: what moves in circles comes to an end.
        for (from, to) in &self.moved {
            if let Some(rest) = at.strip_prefix(to.as_str())
                && (rest.is_empty() || rest.starts_with(['.', '[']))
            {
                at = format!("{from}{rest}");
            }
        }
        (at != address).then_some(at)
    }
}

/// Whose resources are compared.
#[derive(Clone, Copy)]
struct Told<'t> {
    unit: &'t ArcStr,
    variant: &'t Option<ArcStr>,
}

fn between(
    mut base: Made<'_>,
    head: &Made<'_>,
    places: &Places<'_>,
    told: Told<'_>,
    changes: &mut Vec<ResourceChange>,
) {
    let change = |address: &ArcStr, thing: &Thing<'_>, action, from, attributes| ResourceChange {
        unit: told.unit.clone(),
        variant: told.variant.clone(),
        address: address.clone(),
        ty: thing.ty(),
        action,
        from,
        attributes,
    };
    let mut new = Vec::new();
    for (address, thing) in &head.things {
        match base.things.remove(address) {
            Some(before) => {
                let attributes = before.differences(thing, places);
                if !attributes.is_empty() {
                    changes.push(change(address, thing, Action::Altered, None, attributes));
                }
            }
            None => new.push((address, thing)),
        }
    }
    for (address, thing) in new {
        let from = head.before(address).map(ArcStr::from);
        let before = from.as_ref().and_then(|from| base.things.remove(from));
        match before {
            Some(before) => {
                let attributes = before.differences(thing, places);
                let action = if attributes.is_empty() { Action::Moved } else { Action::Altered };
                changes.push(change(address, thing, action, from, attributes));
            }
            None => changes.push(change(address, thing, Action::Added, None, Vec::new())),
        }
    }
    for (address, thing) in &base.things {
        changes.push(change(address, thing, Action::Removed, None, Vec::new()));
    }
}
