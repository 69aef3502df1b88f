//! A plan and its source made one: the plan's values, with the origins and identities of the source.

use std::cmp::Reverse;
use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Plan, Plans, ResourceChange};
use crate::model::{BlockInstance, Key, Mode, Model, ModuleInstance, ResourceInstance};
use crate::value::{Identity, Kind, Object, Value};

/// How many pairs of elements are compared to find out which of a plan's elements is which of the source's.
const PAIRS: usize = 10_000;

impl Plans {
    /// Gives the instances of tied roots the values that their plans know.
    pub fn fuse(&self, model: &mut Model) {
        for plan in &self.plans {
            let Some(root) = plan.root.and_then(|id| model.roots.get_mut(id.0 as usize)) else { continue };
            let planned = Planned::of(plan);
            for instance in &mut root.instances {
                instance.resources = planned.resources(instance);
            }
        }
    }
}

/// What a plan knows of each instance.
struct Planned<'p> {
    plan: &'p Plan,
    by_address: FxHashMap<&'p str, &'p ResourceChange>,
    /// The instances of each resource, by its address without their keys.
    by_resource: FxHashMap<String, Vec<&'p ResourceChange>>,
    gone: FxHashSet<&'p str>,
}

impl<'p> Planned<'p> {
    fn of(plan: &'p Plan) -> Self {
        let own = plan.changes.iter().filter(|change| !change.is_deposed());
        // A plan that passes over some resources takes others away only for now.
        let is_whole = plan.complete != Some(false) && !plan.errored;
        let gone = own.filter(|it| is_whole && matches!(it.action, Action::Delete | Action::Forget));
        let gone = gone.map(|change| change.address.as_str()).collect();
        let (by_address, by_resource) = (FxHashMap::default(), FxHashMap::default());
        let mut planned = Self { plan, by_address, by_resource, gone };
        // Of an object that will be gone, nothing is left to judge.
        for change in plan.changes.iter().filter(|change| change.stays()) {
            planned.by_address.insert(&change.address, change);
            let resource = resource_address(&change.module, change.mode, &change.ty, &change.name);
            planned.by_resource.entry(resource).or_default().push(change);
        }
        planned
    }

    /// The resources of a module instance, with what the plan knows of them. An instance that stands for others whose
    /// number the source does not know gives way to those that the plan names.
    fn resources(&self, instance: &ModuleInstance) -> Vec<Arc<ResourceInstance>> {
        let mut resources = Vec::with_capacity(instance.resources.len());
        for known in &instance.resources {
            if let Some(change) = self.by_address.get(known.address.as_str()) {
                resources.push(Arc::new(self.one(known, change)));
                continue;
            }
            let address = resource_address(&instance.address, known.mode, &known.ty, &known.name);
            match self.by_resource.get(&address).filter(|_| known.key == Key::Any && !instance.symbolic) {
                Some(changes) => {
                    resources.extend(changes.iter().map(|change| Arc::new(self.one(known, change))));
                }
                // Of what the plan takes away, nothing is left to judge.
                None if self.gone.contains(known.address.as_str()) => {}
                None => resources.push(known.clone()),
            }
        }
        resources
    }

    fn one(&self, known: &Arc<ResourceInstance>, change: &ResourceChange) -> ResourceInstance {
        let after = self.plan.after(change);
        let references = references(&known.attributes, &after);
        ResourceInstance {
            declaration: known.declaration,
            address: change.address.clone(),
            mode: known.mode,
            ty: known.ty.clone(),
            name: known.name.clone(),
            key: change.key.clone(),
            // What the source knows of one that stands for all names no instance.
            symbolic: change.key == Key::Any || known.symbolic,
            each_value: known.each_value.clone(),
            blocks: blocks(&known.blocks, &known.attributes, &after),
            attributes: fused(&known.attributes, after),
            references,
            unplanned: Some(known.clone()),
        }
    }
}

/// What the source does not know and the plan does: which value it is.
fn references(source: &Value, planned: &Value) -> Vec<(ArcStr, Identity)> {
    fn lone(value: &Value) -> &Value {
        match value.elements() {
            Some([only]) => only,
            _ => value,
        }
    }
    let known = |planned: Option<&Value>| planned.is_some_and(|it| lone(it).as_str().is_some());
    let mut found = Vec::new();
    for (name, value) in source.entries().unwrap_or_default() {
        let (value, planned) = (lone(value), planned.get(name));
        match value.as_unknown() {
            Some(unknown) if known(planned) => found.push((name.clone(), unknown.identity.clone())),
            Some(_) => {}
            None => {
                for (inner, value) in value.entries().unwrap_or_default() {
                    let planned = planned.and_then(|planned| lone(planned).get(inner));
                    if let Some(unknown) = value.as_unknown()
                        && known(planned)
                    {
                        found.push((format!("{name}.{inner}").into(), unknown.identity.clone()));
                    }
                }
            }
        }
    }
    found
}

fn resource_address(module: &str, mode: Mode, ty: &str, name: &str) -> String {
    let dot = if module.is_empty() { "" } else { "." };
    format!("{module}{dot}{}{ty}.{name}", mode.prefix())
}

/// The plan's value with the source's origin. Where the plan does not know it, what the source knows: it has the finer
/// identity, and of a set with one unknown element a plan knows nothing.
pub(super) fn fused(source: &Value, planned: Value) -> Value {
    let marks = source.meta().with_marks_of(planned.meta());
    if planned.as_unknown().is_some() {
        let is_simple = !matches!(
            source.kind(),
            Kind::Unknown(_) | Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) | Kind::Map(_) | Kind::Object(_)
        );
        return if is_simple { planned.with_meta(marks) } else { source.clone().with_meta(marks) };
    }
    let kind = match (source.entries(), source.elements()) {
        (Some(_), _) if planned.entries().is_some() => entries(source, planned),
        (_, Some(known)) if planned.elements().is_some() => elements(known, planned),
        // A block that there is one of at most is an object to some providers.
        (_, Some([known])) if planned.entries().is_some() => {
            Kind::Tuple(Arc::new(vec![fused(known, planned)]))
        }
        _ => planned.into_kind(),
    };
    Value::new(kind).with_meta(marks)
}

fn entries(source: &Value, planned: Value) -> Kind {
    let rest = match source.kind() {
        Kind::Object(object) => object.rest.clone(),
        _ => None,
    };
    let mut entries: Vec<_> = planned
        .entries()
        .unwrap_or_default()
        .iter()
        .map(|(name, value)| match source.get(name) {
            Some(known) => (name.clone(), fused(known, value.clone())),
            None => (name.clone(), value.clone()),
        })
        .collect();
    // What only the source has is the language's own, or of a kind that plans leave out.
    let more = source.entries().unwrap_or_default().iter();
    entries.extend(more.filter(|(name, _)| planned.get(name).is_none()).cloned());
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    Kind::Object(Arc::new(Object { entries, rest }))
}

/// The source's elements in their order, each with the plan's element that is most like it, then those that only the
/// plan has: sets have an order of their own there.
fn elements(known: &[Value], planned: Value) -> Kind {
    let mut left: Vec<Option<Value>> =
        planned.elements().unwrap_or_default().iter().cloned().map(Some).collect();
    let mut values: Vec<Value> = Vec::with_capacity(left.len());
    for (source, at) in known.iter().zip(pairs(known, planned.elements().unwrap_or_default())) {
        let planned = at.and_then(|at| left.get_mut(at)?.take());
        values.extend(planned.map(|planned| fused(source, planned)));
    }
    values.extend(left.into_iter().flatten());
    Kind::Tuple(Arc::new(values))
}

/// Which of the plan's elements is which of the source's.
fn pairs(known: &[Value], planned: &[Value]) -> Vec<Option<usize>> {
    let in_order = known.len() * planned.len() > PAIRS;
    let mut taken = vec![false; planned.len()];
    let mut found: Vec<Option<usize>> = vec![None; known.len()];
    // Those that are sure first, so that none of them is taken by one that is merely alike; then those of which the
    // provider has rewritten something.
    for how in [Match::Sure, Match::Alike, Match::Similar] {
        for (index, (source, found)) in known.iter().zip(&mut found).enumerate() {
            if found.is_some() {
                continue;
            }
            let places = if in_order { index..index + 1 } else { 0..planned.len() };
            let free = |at: &usize| taken.get(*at) == Some(&false);
            // Of equally good ones, the one at the same place.
            let best = places
                .filter(free)
                .filter_map(|at| Some((how.score(source, planned.get(at)?)?, at == index, Reverse(at))))
                .max()
                .map(|(_, _, Reverse(at))| at);
            if let Some(taken) = best.and_then(|at| taken.get_mut(at)) {
                *taken = true;
            }
            *found = best;
        }
    }
    found
}

/// How two elements are found to be one.
#[derive(Clone, Copy)]
enum Match {
    /// They are the same in all that the source knows.
    Sure,
    /// Nothing in them contradicts the other.
    Alike,
    /// They have something in common.
    Similar,
}

impl Match {
    fn score(self, source: &Value, planned: &Value) -> Option<usize> {
        match self {
            Self::Sure => likeness(source, planned).filter(|found| found.is_whole()).map(|found| found.equal),
            Self::Alike => likeness(source, planned).map(|found| found.equal),
            Self::Similar => {
                let entries = source.entries()?.iter();
                let same = entries.filter(|(name, value)| {
                    !value.is_null()
                        && planned.get(name).is_some_and(|planned| likeness(value, planned).is_some())
                });
                Some(same.count()).filter(|&same| same > 0)
            }
        }
    }
}

/// The blocks of the elements that the plan has, too: the n-th of one kind stays the n-th element.
fn blocks(known: &[BlockInstance], source: &Value, planned: &Value) -> Vec<BlockInstance> {
    let mut kept = Vec::with_capacity(known.len());
    let mut seen: FxHashMap<&str, (usize, Vec<Option<usize>>)> = FxHashMap::default();
    for block in known {
        let (Some(sources), Some(plans)) = (
            source.get(&block.kind).and_then(Value::elements),
            planned.get(&block.kind).and_then(Value::elements),
        ) else {
            kept.push(block.clone());
            continue;
        };
        let (next, pairs) = seen.entry(block.kind.as_str()).or_insert_with(|| (0, pairs(sources, plans)));
        let index = std::mem::replace(next, *next + 1);
        let pair = pairs.get(index).copied().flatten().and_then(|at| plans.get(at));
        if let (Some(source), Some(planned)) = (sources.get(index), pair) {
            let blocks = blocks(&block.blocks, source, planned);
            kept.push(BlockInstance { blocks, ..block.clone() });
        }
    }
    kept
}

/// How much two values have in common.
#[derive(Clone, Copy)]
struct Likeness {
    equal: usize,
    open: usize,
}

impl Likeness {
    fn is_whole(self) -> bool {
        self.open == 0
    }
}

/// How much of a source's value the plan's has; `None` if they contradict each other.
fn likeness(source: &Value, planned: &Value) -> Option<Likeness> {
    if source.as_unknown().is_some() || planned.as_unknown().is_some() {
        return Some(Likeness { equal: 0, open: 1 });
    }
    if let (Some(entries), Some(_)) = (source.entries(), planned.entries()) {
        let mut all = Likeness { equal: 0, open: 0 };
        for (name, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
            let one = likeness(value, planned.get(name)?)?;
            all = Likeness { equal: all.equal + one.equal, open: all.open + one.open };
        }
        return Some(all);
    }
    if let (Some(ours), Some(theirs)) = (source.elements(), planned.elements()) {
        // The order may differ: as many of them must be there.
        let same = ours.len() == theirs.len();
        let equal = ours.iter().filter(|value| theirs.iter().any(|other| likeness(value, other).is_some()));
        let equal = equal.count();
        return (same && equal == ours.len()).then_some(Likeness { equal, open: 0 });
    }
    let text = |value: &Value| match value.kind() {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    match (text(source), text(planned)) {
        (Some(a), Some(b)) if a == b => Some(Likeness { equal: 1, open: 0 }),
        (None, None) if source.is_null() && planned.is_null() => Some(Likeness { equal: 0, open: 0 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Exact, Identity, Origin, Unknown};

    fn unknown() -> Value {
        Value::unknown(Unknown::new(Identity::Exact(Arc::new(Exact::new("", "a.b")))))
    }

    fn written(value: Value, origin: u32) -> Value {
        value.with_origin(Origin::new(origin))
    }

    fn object(entries: &[(&str, Value)]) -> Value {
        Value::object(entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    }

    #[test]
    fn values_are_the_plans_and_origins_the_sources() {
        let source = object(&[("port", written(Value::int(22), 7)), ("host", written(unknown(), 8))]);
        let planned = object(&[
            ("port", Value::int(22)),
            ("host", Value::string("db.local")),
            ("made", Value::bool(true)),
        ]);
        let fused = fused(&source, planned.clone());
        assert_eq!(fused, planned);
        assert_eq!(fused.get("port").map(Value::origin), Some(Origin::new(7)));
        assert_eq!(fused.get("host").map(Value::origin), Some(Origin::new(8)));
        assert_eq!(fused.get("made").map(Value::origin), Some(Origin::NONE));
    }

    #[test]
    fn the_source_is_kept_where_the_plan_knows_less() {
        let source = Value::tuple(vec![written(Value::string("10.0.0.0/8"), 3), unknown()]);
        let fused = fused(&source, unknown());
        assert_eq!(fused, source);
        // What a provider decides alone is its own.
        assert!(super::fused(&Value::int(1), unknown()).as_unknown().is_some());
    }

    #[test]
    fn elements_of_sets_find_their_source_in_any_order() {
        let rule =
            |port: i64, note: &str| object(&[("port", Value::int(port)), ("note", Value::string(note))]);
        let of = |port: i64, origin| object(&[("port", written(Value::int(port), origin))]);
        let source = Value::tuple(vec![of(22, 1), of(443, 2)]);
        let planned = Value::tuple(vec![rule(80, "more"), rule(443, ""), rule(22, "")]);
        let fused = fused(&source, planned);
        let ports: Vec<_> = fused.elements().unwrap_or_default().iter().map(|it| it.get("port")).collect();
        assert_eq!(ports, [Some(&Value::int(22)), Some(&Value::int(443)), Some(&Value::int(80))]);
        let origins: Vec<_> = ports.iter().map(|port| port.map(Value::origin)).collect();
        assert_eq!(origins, [Some(Origin::new(1)), Some(Origin::new(2)), Some(Origin::NONE)]);
    }

    #[test]
    fn what_a_provider_rewrites_stays_at_its_place() {
        let rule = |port: i64, protocol: &str, origin| {
            object(&[("port", written(Value::int(port), origin)), ("protocol", Value::string(protocol))])
        };
        let source = Value::tuple(vec![rule(22, "6", 1), rule(80, "tcp", 2), rule(80, "tcp", 3)]);
        // A set keeps what is there twice once.
        let planned = Value::tuple(vec![rule(80, "tcp", 0), rule(22, "tcp", 0)]);
        let values = fused(&source, planned.clone());
        let ports: Vec<_> = values.elements().unwrap_or_default().iter().map(|it| it.get("port")).collect();
        assert_eq!(ports, [Some(&Value::int(22)), Some(&Value::int(80))]);
        let block = |number| BlockInstance {
            kind: "ingress".into(),
            block: crate::model::BlockAt {
                file: crate::source::FileId(0),
                block: crate::syntax::BlockId(number),
            },
            dynamic: false,
            symbolic: false,
            blocks: Vec::new(),
        };
        let all = [block(0), block(1), block(2)];
        let kept = blocks(&all, &object(&[("ingress", source)]), &object(&[("ingress", planned)]));
        assert_eq!(kept, all[..2]);
    }

    #[test]
    fn marks_of_both_hold() {
        let secret = Value::string("x").with_meta(crate::value::Meta::default().with_sensitive(true));
        assert!(fused(&secret, Value::string("x")).meta().sensitive());
        assert!(fused(&Value::string("x"), secret).meta().sensitive());
    }
}
