//! One type for many.

use std::cmp::Ordering;
use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::Type;
use super::conversion::convertible;

/// Types of different kinds that are weighed against each other. More are more than anybody writes.
const WEIGHED: usize = 256;

/// The most general of these types, or one made of them, to which all of them convert; `None` if there is none. With
/// `hopeful`, also by conversions that may fail for some values. [`Type::Dynamic`] means that it hangs on a type that
/// is not known.
#[must_use]
pub fn unify(types: &[Type], hopeful: bool) -> Option<Type> {
    let types: Vec<&Type> = types.iter().collect();
    unify_all(&types, hopeful)
}

fn unify_all(types: &[&Type], hopeful: bool) -> Option<Type> {
    let mut seen = FxHashSet::default();
    let types: Vec<&Type> = types.iter().copied().filter(|ty| seen.insert(*ty)).collect();
    if let [only] = types.as_slice() {
        return Some((*only).clone());
    }
    let count = |is: fn(&Type) -> bool| types.iter().filter(|ty| is(ty)).count();
    let dynamics = count(|ty| *ty == Type::Dynamic);
    let maps = count(|ty| matches!(ty, Type::Map(_)));
    let lists = count(|ty| matches!(ty, Type::List(_)));
    let sets = count(|ty| matches!(ty, Type::Set(_)));
    let objects = count(|ty| matches!(ty, Type::Object(_)));
    let tuples = count(|ty| matches!(ty, Type::Tuple(_)));
    let all = |kinds: usize| kinds > 0 && kinds + dynamics == types.len();
    if dynamics > 0 && (all(maps) || all(lists) || all(sets) || all(objects) || all(tuples)) {
        return Some(Type::Dynamic);
    }
    if all(maps) {
        return elements(&types, hopeful).map(Type::map);
    }
    if all(lists) {
        return elements(&types, hopeful).map(Type::list);
    }
    if all(sets) {
        return elements(&types, hopeful).map(Type::set);
    }
    if all(objects) {
        return unify_objects(&types, hopeful);
    }
    if all(tuples) {
        return unify_tuples(&types, hopeful);
    }
    // An object is often a map in disguise, and a tuple a list.
    if maps > 0
        && all(maps + objects)
        && let Some(ty @ Type::Map(_)) =
            disguised(&types, |ty| matches!(ty, Type::Object(_)), to_map, hopeful)
    {
        return Some(ty);
    }
    if lists > 0
        && all(lists + tuples)
        && let Some(ty @ Type::List(_)) =
            disguised(&types, |ty| matches!(ty, Type::Tuple(_)), to_list, hopeful)
    {
        return Some(ty);
    }
    if (objects > 0 && tuples > 0) || types.len() > WEIGHED {
        return None;
    }
    by_preference(&types)
        .into_iter()
        .filter_map(|at| types.get(at))
        .find(|wanted| types.iter().all(|ty| ty == *wanted || convertible(ty, wanted, hopeful)))
        .map(|ty| (*ty).clone())
}

/// The common type of the elements of collections.
fn elements(types: &[&Type], hopeful: bool) -> Option<Type> {
    let elements: Vec<&Type> = types.iter().filter_map(|ty| ty.element()).collect();
    unify_all(&elements, hopeful)
}

/// Unifies with the structures replaced by the collection they make.
fn disguised(
    types: &[&Type],
    is_structure: impl Fn(&Type) -> bool,
    to_collection: impl Fn(&[&Type], bool) -> Option<Type>,
    hopeful: bool,
) -> Option<Type> {
    let structures: Vec<&Type> = types.iter().copied().filter(|ty| is_structure(ty)).collect();
    let collection = to_collection(&structures, hopeful)?;
    let replaced: Vec<&Type> =
        types.iter().map(|ty| if is_structure(ty) { &collection } else { *ty }).collect();
    unify_all(&replaced, hopeful)
}

/// An object, if all have the same attributes; else a map.
fn unify_objects(types: &[&Type], hopeful: bool) -> Option<Type> {
    let objects = || {
        types.iter().filter_map(|ty| match ty {
            Type::Object(attributes) => Some(attributes.as_slice()),
            _ => None,
        })
    };
    let first = objects().next()?;
    let alike = objects()
        .all(|other| other.len() == first.len() && other.iter().zip(first).all(|(a, b)| a.name == b.name));
    if !alike {
        return to_map(types, hopeful);
    }
    let mut attributes = Vec::with_capacity(first.len());
    for (index, attribute) in first.iter().enumerate() {
        let across: Vec<&Type> = objects().filter_map(|other| Some(&other.get(index)?.ty)).collect();
        attributes.push((attribute.name.clone(), unify_all(&across, hopeful)?));
    }
    let object = Type::object(attributes);
    if types.iter().all(|ty| **ty == object || convertible(ty, &object, hopeful)) {
        Some(object)
    } else {
        to_map(types, hopeful)
    }
}

/// A tuple, if all have the same length; else a list.
fn unify_tuples(types: &[&Type], hopeful: bool) -> Option<Type> {
    let tuples = || {
        types.iter().filter_map(|ty| match ty {
            Type::Tuple(elements) => Some(elements.as_slice()),
            _ => None,
        })
    };
    let first = tuples().next()?;
    if tuples().any(|other| other.len() != first.len()) {
        return to_list(types, hopeful);
    }
    let mut parts = Vec::with_capacity(first.len());
    for index in 0..first.len() {
        let across: Vec<&Type> = tuples().filter_map(|other| other.get(index)).collect();
        parts.push(unify_all(&across, hopeful)?);
    }
    let tuple = Type::tuple(parts);
    if types.iter().all(|ty| **ty == tuple || convertible(ty, &tuple, hopeful)) {
        Some(tuple)
    } else {
        to_list(types, hopeful)
    }
}

fn to_map(objects: &[&Type], hopeful: bool) -> Option<Type> {
    let mut parts = Vec::new();
    for object in objects {
        if let Type::Object(attributes) = object {
            parts.extend(attributes.iter().map(|attribute| &attribute.ty));
        }
    }
    collection(objects, Type::map(unify_all(&parts, hopeful)?), hopeful)
}

fn to_list(tuples: &[&Type], hopeful: bool) -> Option<Type> {
    let mut parts = Vec::new();
    for tuple in tuples {
        if let Type::Tuple(elements) = tuple {
            parts.extend(elements.iter());
        }
    }
    collection(tuples, Type::list(unify_all(&parts, hopeful)?), hopeful)
}

fn collection(structures: &[&Type], collection: Type, hopeful: bool) -> Option<Type> {
    structures.iter().all(|ty| convertible(ty, &collection, hopeful)).then_some(collection)
}

/// The order in which types are tried: a more general one before those that it can stand for, else as given.
fn by_preference(types: &[&Type]) -> Vec<usize> {
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut waiting_for = vec![0usize; types.len()];
    let mut edge = |first: usize, then: usize| {
        if let Some(list) = behind.get_mut(first) {
            list.push(then);
        }
        if let Some(count) = waiting_for.get_mut(then) {
            *count += 1;
        }
    };
    for (i, a) in types.iter().enumerate() {
        for (j, b) in types.iter().enumerate().skip(i + 1) {
            match generality(a, b) {
                Ordering::Less => edge(i, j),
                Ordering::Greater => edge(j, i),
                Ordering::Equal => {}
            }
        }
    }
    let mut ready: VecDeque<usize> =
        waiting_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    let mut order = Vec::with_capacity(types.len());
    while let Some(next) = ready.pop_front() {
        order.push(next);
        for &then in behind.get(next).map(Vec::as_slice).unwrap_or_default() {
            if let Some(count) = waiting_for.get_mut(then) {
                *count -= 1;
                if *count == 0 {
                    ready.push_back(then);
                }
            }
        }
    }
    order
}

/// `Less` if `a` is the more general: then it is tried first.
fn generality(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        // Anything becomes of what is not known; so all else goes first.
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        (Type::Dynamic, _) => Ordering::Greater,
        (_, Type::Dynamic) => Ordering::Less,
        (Type::String, Type::Number | Type::Bool) => Ordering::Less,
        (Type::Number | Type::Bool, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            generality(a, b)
        }
        (Type::Tuple(_) | Type::List(_), Type::Set(_))
        | (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Set(_), Type::Tuple(_) | Type::List(_))
        | (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Object(a), Type::Object(b)) if a.len() == b.len() => {
            if a.iter().zip(b.iter()).any(|(a, b)| a.name != b.name) {
                return Ordering::Equal;
            }
            of_parts(a.iter().zip(b.iter()).map(|(a, b)| generality(&a.ty, &b.ty)))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            of_parts(a.iter().zip(b.iter()).map(|(a, b)| generality(a, b)))
        }
        _ => Ordering::Equal,
    }
}

/// Neither is more general if each is in some part.
fn of_parts(parts: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for part in parts {
        less |= part.is_lt();
        greater |= part.is_gt();
    }
    match (less, greater) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
