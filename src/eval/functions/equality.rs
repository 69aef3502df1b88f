//! Whether two values are equal, as far as functions that search ask it.

use crate::value::{Kind, Value};

/// Whether the values are equal; `None` if that hangs on what is not known. Values of different types are not, and
/// nulls are, whatever their types. Marks do not matter.
pub(super) fn equal(a: &Value, b: &Value) -> Option<bool> {
    if a.is_null() || b.is_null() {
        let other = if a.is_null() { b } else { a };
        return match other.as_unknown() {
            Some(unknown) if unknown.refinement.not_null => Some(false),
            Some(_) => None,
            None => Some(a.is_null() && b.is_null()),
        };
    }
    if let (Some(_), _) | (_, Some(_)) = (a.as_unknown(), b.as_unknown()) {
        return None;
    }
    match (a.kind(), b.kind()) {
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::Tuple(a), Kind::Tuple(b)) if a.len() != b.len() => Some(false),
        (Kind::Tuple(a), Kind::Tuple(b)) => every(a.iter().zip(b.iter())),
        (Kind::Object(x), Kind::Object(y)) => {
            if x.rest.is_some() || y.rest.is_some() {
                return None;
            }
            let names_differ = x.entries.iter().zip(&y.entries).any(|((a, _), (b, _))| a != b);
            if x.entries.len() != y.entries.len() || names_differ || !alike(a, b) {
                return Some(false);
            }
            every(x.entries.iter().map(|(_, value)| value).zip(y.entries.iter().map(|(_, value)| value)))
        }
        (Kind::List(x), Kind::List(y)) if x.values.len() == y.values.len() && alike(a, b) => {
            every(x.values.iter().zip(&y.values))
        }
        (Kind::Set(x), Kind::Set(y)) if alike(a, b) => {
            if !a.is_wholly_known() || !b.is_wholly_known() {
                return None;
            }
            // Both are in the language's order.
            Some(x.values.len() == y.values.len() && every(x.values.iter().zip(&y.values)) == Some(true))
        }
        (Kind::Map(x), Kind::Map(y)) if alike(a, b) => {
            let keys_differ = x.entries.iter().zip(&y.entries).any(|((a, _), (b, _))| a != b);
            if x.entries.len() != y.entries.len() || keys_differ {
                return Some(false);
            }
            every(x.entries.iter().map(|(_, value)| value).zip(y.entries.iter().map(|(_, value)| value)))
        }
        _ => Some(false),
    }
}

/// Whether the types are the same, as far as they are known.
fn alike(a: &Value, b: &Value) -> bool {
    let (a, b) = (a.ty(), b.ty());
    a == b || a.conforms(&b) || b.conforms(&a) || (a.has_dynamic() && b.has_dynamic())
}

/// Whether all pairs are equal: one that is not decides, whatever the others are.
fn every<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut all = Some(true);
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    #[test]
    fn types_must_be_the_same() {
        let list = Value::list(Type::String, vec![Value::string("a")]);
        assert_eq!(equal(&list, &Value::tuple(vec![Value::string("a")])), Some(false));
        assert_eq!(equal(&list, &list), Some(true));
        assert_eq!(equal(&Value::string("1"), &Value::int(1)), Some(false));
        assert_eq!(equal(&Value::null(), &Value::null_of(Type::String)), Some(true));
    }
}
