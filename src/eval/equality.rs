//! The language's `==`.

use crate::value::{Kind, Type, Unknown, Value};

/// Whether two values are equal; `None` if that hangs on what is not known. Values of different types are not, but
/// for nulls, which all are the same.
#[must_use]
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.kind(), b.kind()) {
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Null(_), Kind::Unknown(unknown)) | (Kind::Unknown(unknown), Kind::Null(_)) => {
            if unknown.refinement.not_null { Some(false) } else { None }
        }
        (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
        (Kind::Unknown(_), Kind::Unknown(_)) => None,
        (Kind::Unknown(unknown), _) => may_become(unknown, b),
        (_, Kind::Unknown(unknown)) => may_become(unknown, a),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::Object(object), _) | (_, Kind::Object(object)) if object.rest.is_some() => None,
        (Kind::Tuple(x), Kind::Tuple(y)) => {
            if x.len() == y.len() {
                parts(x.iter().zip(y.iter()))
            } else {
                Some(false)
            }
        }
        (Kind::Object(x), Kind::Object(y)) => {
            if x.entries.len() == y.entries.len() && same_keys(&x.entries, &y.entries) {
                parts(x.entries.iter().map(|(_, value)| value).zip(y.entries.iter().map(|(_, value)| value)))
            } else {
                Some(false)
            }
        }
        (Kind::List(x), Kind::List(y)) if alike(&x.element, &y.element) => {
            if x.values.len() == y.values.len() { all(x.values.iter().zip(&y.values)) } else { Some(false) }
        }
        (Kind::Map(x), Kind::Map(y)) if alike(&x.element, &y.element) => {
            if x.entries.len() == y.entries.len() && same_keys(&x.entries, &y.entries) {
                all(x.entries.iter().map(|(_, value)| value).zip(y.entries.iter().map(|(_, value)| value)))
            } else {
                Some(false)
            }
        }
        (Kind::Set(x), Kind::Set(y)) if alike(&x.element, &y.element) => {
            if !a.is_wholly_known() || !b.is_wholly_known() {
                return None;
            }
            Some(x.values.len() == y.values.len() && all(x.values.iter().zip(&y.values)) == Some(true))
        }
        _ => Some(false),
    }
}

fn same_keys<K: PartialEq>(a: &[(K, Value)], b: &[(K, Value)]) -> bool {
    a.iter().zip(b).all(|((a, _), (b, _))| a == b)
}

/// Elements of one type; what is not known of the types may turn out the same.
fn alike(a: &Type, b: &Type) -> bool {
    a == b || (a.has_dynamic() && b.conforms(a)) || (b.has_dynamic() && a.conforms(b))
}

/// The same for the parts of structures, of which nulls have a type too.
fn parts<'v>(mut pairs: impl Iterator<Item = (&'v Value, &'v Value)> + Clone) -> Option<bool> {
    let differ = |(a, b): (&Value, &Value)| match (a.kind(), b.kind()) {
        (Kind::Null(a), Kind::Null(b)) => a != b,
        _ => false,
    };
    if pairs.clone().any(differ) { Some(false) } else { all(&mut pairs) }
}

/// Whether all pairs are equal, unless one is known not to be.
fn all<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut result = Some(true);
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// Whether an unknown value may become this known one: no, or who knows.
fn may_become(unknown: &Unknown, known: &Value) -> Option<bool> {
    let refinement = &unknown.refinement;
    if let (Some(prefix), Some(text)) = (&refinement.prefix, known.as_str())
        && !text.starts_with(prefix.as_str())
    {
        return Some(false);
    }
    let len = match known.kind() {
        Kind::List(list) => Some(list.values.len()),
        Kind::Set(set) if known.is_wholly_known() => Some(set.values.len()),
        Kind::Map(map) => Some(map.entries.len()),
        _ => None,
    };
    if let (Some((least, most)), Some(len)) = (refinement.length, len) {
        let len = len as u64;
        if len < least || most.is_some_and(|most| len > most) {
            return Some(false);
        }
    }
    let ty = known.ty();
    let possible = unknown.ty.has_dynamic() || ty.has_dynamic() || ty == unknown.ty;
    if possible { None } else { Some(false) }
}
