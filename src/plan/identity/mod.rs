//! Which value it is that a plan does not know: found by the references that its configuration lists.
//!
//! An expression with one reference is taken for what it refers to: a plan does not say what else stands in it. With
//! several, with a splat or a loop (of which the plan only names the resource), or through a local value, what is not
//! known is derived from what they refer to.

mod place;
mod reference;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use arcstr::ArcStr;

use super::bounds::{FOLLOWED, REFERENCES};
use super::{Configuration, Expressions, OutputChange, Plan, ResourceChange};
use crate::model::{Key, Mode};
use crate::value::{Exact, Identity, Step};
use place::Place;
pub(super) use reference::Reference;
use reference::longest;

/// Says which values a plan does not know.
pub(super) struct Identities<'p> {
    configuration: &'p Configuration,
    scope: &'p ArcStr,
    /// How many references may still be followed for the value that is asked for.
    left: Cell<u32>,
}

/// What `each` is in an expression.
#[derive(Clone, Copy)]
struct Repetition<'p> {
    for_each: Option<&'p [ArcStr]>,
    key: &'p Key,
}

/// A way into the value of an expression.
#[derive(Clone, Copy)]
struct Way<'s> {
    steps: &'s [Step],
    /// Every list on the way has one element.
    lone: bool,
}

/// How many references were followed to come here.
type Depth = usize;

impl<'p> Identities<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        Self { configuration: plan.configuration(), scope: &plan.scope, left: Cell::new(FOLLOWED) }
    }

    /// Which value it is that an object does not know. `lone`: every list on the way has one element.
    pub(super) fn attribute(&self, change: &ResourceChange, path: &[Step], lone: bool) -> Identity {
        self.left.set(FOLLOWED);
        let own = || self.exact(change.address.clone(), path);
        let Some(place) = Place::find(self.configuration, &change.module) else { return own() };
        let name = format!("{}{}.{}", change.mode.prefix(), change.ty, change.name);
        self.of_resource(&place, &name, &change.key, Way { steps: path, lone }, 0)
    }

    /// Which value it is that an output does not know.
    pub(super) fn output(&self, output: &OutputChange, path: &[Step], lone: bool) -> Identity {
        self.left.set(FOLLOWED);
        let root = Place::root(self.configuration);
        self.of_output(&root, &output.name, Way { steps: path, lone }, 0)
    }

    fn exact(&self, address: ArcStr, path: &[Step]) -> Identity {
        let mut exact = Exact::new(self.scope.clone(), address);
        exact.path.extend_from_slice(path);
        Identity::Exact(Arc::new(exact))
    }

    fn derived(&self, address: ArcStr, path: &[Step]) -> Identity {
        Identity::derived([&self.exact(address, path)])
    }

    fn of_resource(
        &self,
        place: &Rc<Place<'p>>,
        name: &str,
        key: &Key,
        way: Way<'_>,
        depth: Depth,
    ) -> Identity {
        let address: ArcStr = format!("{}{key}", place.with(name)).into();
        let Some(resource) = place.module.resources.get(name).filter(|_| depth < REFERENCES) else {
            return self.exact(address, way.steps);
        };
        let repetition = Repetition { for_each: resource.for_each.as_deref(), key };
        let found = self.expression(place, repetition, &resource.expressions, way, depth);
        found.unwrap_or_else(|| {
            let named = way.steps.first().is_some_and(|step| member(&resource.expressions, step).is_some());
            // Nested deeper, it may be in a block that the configuration leaves out because it is a dynamic one.
            if way.steps.len() > 1 && !named && !resource.expressions.is_empty() {
                self.derived(address, way.steps)
            } else {
                self.exact(address, way.steps)
            }
        })
    }

    fn of_output(&self, place: &Rc<Place<'p>>, name: &str, way: Way<'_>, depth: Depth) -> Identity {
        let own = place.with(&format!("output.{name}"));
        let Some(output) = place.module.outputs.get(name).filter(|_| depth < REFERENCES) else {
            return self.derived(own, way.steps);
        };
        let repetition = Repetition { for_each: None, key: &Key::None };
        let found = self.expression(place, repetition, &output.expression, way, depth);
        found.unwrap_or_else(|| self.derived(own, way.steps))
    }

    /// What an expression, or something in a body, refers to; `None` where it is constant or not there.
    fn expression(
        &self,
        place: &Rc<Place<'p>>,
        repetition: Repetition<'_>,
        expressions: &Expressions,
        way: Way<'_>,
        depth: Depth,
    ) -> Option<Identity> {
        match expressions {
            Expressions::Constant => None,
            Expressions::References(references) => self.references(place, repetition, references, way, depth),
            Expressions::Body(entries) => match way.steps.split_first() {
                Some((step, steps)) => {
                    let inner = member(expressions, step)?;
                    self.expression(place, repetition, inner, Way { steps, ..way }, depth)
                }
                None => {
                    let inner = entries.iter().map(|(_, inner)| inner);
                    all(inner.map(|inner| self.expression(place, repetition, inner, way, depth)))
                }
            },
            Expressions::Blocks(blocks) => {
                let (steps, whole) = match way.steps.split_first() {
                    Some((Step::Index(_), steps)) => (steps, false),
                    _ => (way.steps, true),
                };
                let way = Way { steps, ..way };
                let found: Vec<Option<Identity>> = blocks
                    .iter()
                    .map(|block| self.expression(place, repetition, block, way, depth))
                    .collect();
                // Blocks need not have their order in the text: which is which only is known if they are alike.
                match found.split_first() {
                    Some((Some(first), others))
                        if !whole && others.iter().all(|other| other.as_ref() == Some(first)) =>
                    {
                        Some(first.clone())
                    }
                    _ => all(found.into_iter()),
                }
            }
        }
    }

    fn references(
        &self,
        place: &Rc<Place<'p>>,
        repetition: Repetition<'_>,
        references: &[ArcStr],
        way: Way<'_>,
        depth: Depth,
    ) -> Option<Identity> {
        let references = longest(references);
        let one = |text: &str, way| {
            let reference = Reference::parse(text)?;
            self.reference(place, repetition, &reference, way, depth + 1)
        };
        if let [only] = references.as_slice() {
            return one(only, way);
        }
        let nowhere = Way { steps: &[], lone: true };
        all(references.into_iter().map(|text| one(text, nowhere)))
    }

    /// Which value a reference stands for, and within it the way; `None` for what is always known.
    fn reference(
        &self,
        place: &Rc<Place<'p>>,
        repetition: Repetition<'_>,
        reference: &Reference,
        way: Way<'_>,
        depth: Depth,
    ) -> Option<Identity> {
        let left = self.left.get();
        if depth > REFERENCES || left == 0 {
            return Some(Identity::derived([]));
        }
        self.left.set(left - 1);
        let first = reference.name(0)?;
        match first.as_str() {
            "path" | "terraform" | "count" => None,
            "each" if reference.name(1).is_some_and(|name| name == "key") => None,
            "each" => Some(self.each(place, repetition, reference.behind(2), way, depth)),
            "var" => Some(self.variable(place, reference.name(1)?, reference.behind(2), way, depth)),
            "local" => {
                // A plan does not say what a local value is: it may be anything's.
                Some(self.derived(place.with(&format!("local.{}", reference.name(1)?)), reference.behind(2)))
            }
            "module" => Some(self.module(place, reference, way, depth)?),
            "data" | "ephemeral" => {
                let name = format!("{first}.{}.{}", reference.name(1)?, reference.name(2)?);
                Some(self.resource(place, &name, reference, 3, way, depth))
            }
            "self" => Some(Identity::derived([])),
            _ => {
                let name = format!("{first}.{}", reference.name(1)?);
                Some(self.resource(place, &name, reference, 2, way, depth))
            }
        }
    }

    fn resource(
        &self,
        place: &Rc<Place<'p>>,
        name: &str,
        reference: &Reference,
        at: usize,
        way: Way<'_>,
        depth: Depth,
    ) -> Identity {
        let declared = place.module.resources.get(name);
        let repeated = declared.is_some_and(|found| found.count.is_some() || found.for_each.is_some());
        let key = reference.key(at).filter(|_| repeated);
        let steps = reference.behind(at + usize::from(key.is_some()));
        if repeated && key.is_none() {
            // All instances: a splat, a loop, a key that is computed.
            return self.derived(place.with(name), steps);
        }
        let key = key.unwrap_or(Key::None);
        self.further(steps, way, &mut |way| self.of_resource(place, name, &key, way, depth), || {
            self.derived(format!("{}{key}", place.with(name)).into(), &[])
        })
    }

    fn module(
        &self,
        place: &Rc<Place<'p>>,
        reference: &Reference,
        way: Way<'_>,
        depth: Depth,
    ) -> Option<Identity> {
        let name = reference.name(1)?;
        let address = place.with(&format!("module.{name}"));
        let Some(call) = place.module.calls.get(name) else { return Some(self.derived(address, &[])) };
        let repeated = call.count.is_some() || call.for_each.is_some();
        let key = reference.key(2).filter(|_| repeated);
        let at = 2 + usize::from(key.is_some());
        let (Some(output), false) = (reference.name(at), repeated && key.is_none()) else {
            return Some(self.derived(address, reference.behind(2)));
        };
        let inside = place.inside(name, key.unwrap_or(Key::None))?;
        Some(self.within_output(&inside, output, reference.behind(at + 1), way, depth))
    }

    fn within_output(
        &self,
        place: &Rc<Place<'p>>,
        output: &str,
        steps: &[Step],
        way: Way<'_>,
        depth: Depth,
    ) -> Identity {
        let mut inner = |way: Way<'_>| self.of_output(place, output, way, depth);
        let inner_of = |way| self.of_output(place, output, way, depth);
        // An output is an expression of its own: the steps lead into that.
        if steps.is_empty() {
            return unwrapped(way, inner_of(Way { steps: &[], lone: true }));
        }
        self.further(steps, way, &mut inner, || Identity::derived([&inner_of(Way { steps, lone: false })]))
    }

    /// What the steps of a reference lead to, for a value within the expression that holds it. With steps of its own the
    /// reference says which part it means; without, the way may lead into the object itself, if it begins with a name.
    fn further(
        &self,
        steps: &[Step],
        way: Way<'_>,
        into: &mut dyn FnMut(Way<'_>) -> Identity,
        whole: impl FnOnce() -> Identity,
    ) -> Identity {
        if !steps.is_empty() {
            return unwrapped(way, into(Way { steps, lone: true }));
        }
        match way.steps.first() {
            Some(Step::Attr(_) | Step::Key(_)) => into(way),
            _ => whole(),
        }
    }

    fn variable(
        &self,
        place: &Rc<Place<'p>>,
        name: &str,
        steps: &[Step],
        way: Way<'_>,
        depth: Depth,
    ) -> Identity {
        let Some(caller) = &place.caller else {
            return self.derived(place.with(&format!("var.{name}")), steps);
        };
        let repetition = Repetition { for_each: caller.call.for_each.as_deref(), key: &caller.key };
        let given = |way: Way<'_>| {
            let given = caller.call.expressions.get(name);
            let found = given.and_then(|given| self.expression(&caller.place, repetition, given, way, depth));
            found.unwrap_or_else(|| self.derived(place.with(&format!("var.{name}")), way.steps))
        };
        if steps.is_empty() {
            // The value is passed on as it is; what stands around the reference may have made a list of it.
            return match way.steps.first() {
                Some(Step::Attr(_) | Step::Key(_)) => given(way),
                _ => unwrapped(way, given(Way { steps: &[], lone: true })),
            };
        }
        unwrapped(way, given(Way { steps, lone: true }))
    }

    /// `each.value`, and steps into it.
    fn each(
        &self,
        place: &Rc<Place<'p>>,
        repetition: Repetition<'_>,
        steps: &[Step],
        way: Way<'_>,
        depth: Depth,
    ) -> Identity {
        let Some(references) = repetition.for_each else { return Identity::derived([]) };
        let references = longest(references);
        let known = Repetition { for_each: None, key: &Key::None };
        let nowhere = Way { steps: &[], lone: true };
        let from_all = || {
            let parsed = references.iter().filter_map(|text| Reference::parse(text));
            let found = parsed.map(|reference| self.reference(place, known, &reference, nowhere, depth + 1));
            all(found).map_or_else(|| Identity::derived([]), |found| Identity::derived([&found]))
        };
        let ([only], Key::Each(key), false) = (references.as_slice(), repetition.key, steps.is_empty())
        else {
            return from_all();
        };
        let Some(reference) = Reference::parse(only) else { return from_all() };
        let element = self.element(place, &reference, key, steps, depth + 1);
        element.map_or_else(from_all, |found| unwrapped(way, found))
    }

    /// What steps lead to in the element of that key of what a reference names; `None` if a plan cannot say.
    fn element(
        &self,
        place: &Rc<Place<'p>>,
        reference: &Reference,
        key: &ArcStr,
        steps: &[Step],
        depth: Depth,
    ) -> Option<Identity> {
        if depth > REFERENCES {
            return None;
        }
        let way = Way { steps, lone: true };
        let key_of_instance = Key::Each(key.clone());
        match (reference.name(0)?.as_str(), reference.steps.len()) {
            ("var", 2) => {
                let caller = place.caller.as_ref()?;
                let given = caller.call.expressions.get(reference.name(1)?)?;
                let references = longest(given.references());
                let [only] = references.as_slice() else { return None };
                self.element(&caller.place, &Reference::parse(only)?, key, steps, depth + 1)
            }
            ("module", 2) => {
                let name = reference.name(1)?;
                place.module.calls.get(name).filter(|call| call.for_each.is_some())?;
                let inside = place.inside(name, key_of_instance)?;
                let (Step::Attr(output), steps) = steps.split_first()? else { return None };
                let nowhere = Way { steps: &[], lone: true };
                Some(self.within_output(&inside, output, steps, nowhere, depth + 1))
            }
            (first, length) => {
                let data = first == Mode::Data.keyword();
                let name = match (data, length) {
                    (true, 3) => format!("data.{}.{}", reference.name(1)?, reference.name(2)?),
                    (false, 2) => format!("{first}.{}", reference.name(1)?),
                    _ => return None,
                };
                place.module.resources.get(&*name).filter(|found| found.for_each.is_some())?;
                Some(self.of_resource(place, &name, &key_of_instance, way, depth + 1))
            }
        }
    }
}

/// The argument or blocks that a step names.
fn member<'e>(expressions: &'e Expressions, step: &Step) -> Option<&'e Expressions> {
    match step {
        Step::Attr(name) | Step::Key(name) => expressions.get(name),
        _ => None,
    }
}

/// A value within an expression that is one reference. A list of one element around it is taken away; what lies deeper is
/// made of it in a way that a plan does not say.
fn unwrapped(way: Way<'_>, found: Identity) -> Identity {
    let lists = way.steps.iter().all(|step| matches!(step, Step::Index(_)));
    if way.steps.is_empty() || lists && way.lone { found } else { Identity::derived([&found]) }
}

/// What hangs on several values; `None` if on none.
fn all(found: impl Iterator<Item = Option<Identity>>) -> Option<Identity> {
    let found: Vec<Identity> = found.flatten().collect();
    (!found.is_empty()).then(|| Identity::derived(&found))
}
