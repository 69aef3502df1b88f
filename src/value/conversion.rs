//! Which types convert to which.

use super::Type;
use super::unify::unify;

/// Whether values of a type convert to another: all of them, or with `hopeful` perhaps only some (a string to a
/// number).
pub(super) fn convertible(from: &Type, to: &Type, hopeful: bool) -> bool {
    match (from, to) {
        (_, Type::Dynamic) => true,
        (Type::Dynamic, _) => hopeful,
        (Type::Number | Type::Bool, Type::String) => true,
        (Type::String, Type::Number | Type::Bool) => hopeful,
        (Type::Object(_), Type::Object(wanted)) => {
            wanted.iter().all(|wanted| match from.attribute(&wanted.name) {
                Some(given) => same_or_convertible(&given.ty, &wanted.ty, hopeful),
                None => wanted.optional,
            })
        }
        (Type::Tuple(given), Type::Tuple(wanted)) => {
            given.len() == wanted.len()
                && given.iter().zip(wanted.iter()).all(|(from, to)| same_or_convertible(from, to, hopeful))
        }
        (Type::List(from) | Type::Set(from), Type::List(to)) => same_or_convertible(from, to, hopeful),
        (Type::Set(from), Type::Set(to)) => same_or_convertible(from, to, hopeful),
        // The order would be lost, and repeats.
        (Type::List(from), Type::Set(to)) => hopeful && same_or_convertible(from, to, hopeful),
        (Type::Map(from), Type::Map(to)) => same_or_convertible(from, to, hopeful),
        (Type::Tuple(given), Type::List(to) | Type::Set(to)) => to_elements(given.iter(), to, hopeful),
        (Type::Object(given), Type::Map(to)) => {
            to_elements(given.iter().map(|attribute| &attribute.ty), to, hopeful)
        }
        (Type::Map(from), Type::Object(wanted)) => {
            hopeful
                && wanted
                    .iter()
                    .all(|wanted| wanted.optional || same_or_convertible(from, &wanted.ty, hopeful))
        }
        _ => false,
    }
}

fn same_or_convertible(from: &Type, to: &Type, hopeful: bool) -> bool {
    from == to || convertible(from, to, hopeful)
}

/// Whether the parts of a structure can become the elements of a collection.
fn to_elements<'a>(parts: impl Iterator<Item = &'a Type> + Clone, to: &Type, hopeful: bool) -> bool {
    if *to != Type::Dynamic {
        return parts.clone().all(|part| same_or_convertible(part, to, hopeful));
    }
    // Where a part's type is not known it may turn out to be what the others need.
    parts.clone().any(|part| *part == Type::Dynamic)
        || parts.clone().next().is_none()
        || unify(&parts.cloned().collect::<Vec<_>>(), hopeful).is_some()
}

/// The type that a value of type `from` has once it is converted to `to`: what `to` leaves open is as it was.
pub(super) fn settled(from: &Type, to: &Type) -> Type {
    let unified = |types: Vec<Type>, to: &Type| match unify(&types, true) {
        Some(found) => settled(&found, to),
        None => to.clone(),
    };
    match (from, to) {
        (Type::Dynamic, _) => to.clone(),
        (_, Type::Dynamic) => from.clone(),
        (Type::Map(from), Type::Map(to)) => Type::map(settled(from, to)),
        (Type::List(from) | Type::Set(from), Type::List(to)) => Type::list(settled(from, to)),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => Type::set(settled(from, to)),
        (Type::Tuple(from), Type::List(to)) => Type::list(unified(from.to_vec(), to)),
        (Type::Tuple(from), Type::Set(to)) => Type::set(unified(from.to_vec(), to)),
        (Type::Object(from), Type::Map(to)) => {
            Type::map(unified(from.iter().map(|attribute| attribute.ty.clone()).collect(), to))
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            Type::tuple(from.iter().zip(to.iter()).map(|(from, to)| settled(from, to)).collect())
        }
        (Type::Map(from), Type::Object(to)) => {
            Type::object(to.iter().map(|wanted| (wanted.name.clone(), settled(from, &wanted.ty))))
        }
        (Type::Object(_), Type::Object(to)) => Type::object(to.iter().map(|wanted| {
            let ty = match from.attribute(&wanted.name) {
                Some(given) => settled(&given.ty, &wanted.ty),
                None => wanted.ty.clone(),
            };
            (wanted.name.clone(), ty)
        })),
        _ => to.clone(),
    }
}

/// Why a type does not convert to another.
pub(super) fn mismatch(from: &Type, to: &Type) -> String {
    match (from, to) {
        (Type::Object(_), Type::Object(wanted)) => {
            let missing: Vec<_> = wanted
                .iter()
                .filter(|wanted| !wanted.optional && from.attribute(&wanted.name).is_none())
                .map(|wanted| format!("`{}`", wanted.name))
                .collect();
            if !missing.is_empty() {
                let attributes = if missing.len() == 1 { "attribute" } else { "attributes" };
                return format!("required {attributes} {} not set", missing.join(", "));
            }
            let wrong = wanted.iter().find_map(|wanted| {
                let given = from.attribute(&wanted.name)?;
                let fits = same_or_convertible(&given.ty, &wanted.ty, true);
                (!fits).then(|| format!("attribute `{}`: {}", wanted.name, mismatch(&given.ty, &wanted.ty)))
            });
            wrong.unwrap_or_else(|| format!("{to} is required"))
        }
        (Type::Tuple(_), Type::List(element)) if **element == Type::Dynamic => {
            "all elements of a list must have the same type".to_owned()
        }
        (Type::Tuple(_), Type::Set(element)) if **element == Type::Dynamic => {
            "all elements of a set must have the same type".to_owned()
        }
        (Type::Object(_), Type::Map(element)) if **element == Type::Dynamic => {
            "all elements of a map must have the same type".to_owned()
        }
        (Type::Tuple(parts), Type::List(element) | Type::Set(element)) => {
            let wrong = parts.iter().position(|part| !same_or_convertible(part, element, true));
            match wrong.and_then(|index| Some((index, parts.get(index)?))) {
                Some((index, part)) => format!("element {index}: {}", mismatch(part, element)),
                None => format!("{to} is required"),
            }
        }
        (Type::Object(parts), Type::Map(element)) => {
            match parts.iter().find(|part| !same_or_convertible(&part.ty, element, true)) {
                Some(part) => format!("element `{}`: {}", part.name, mismatch(&part.ty, element)),
                None => format!("{to} is required"),
            }
        }
        _ => format!("{} is required, but this is {}", with_article(to), with_article(from)),
    }
}

/// The type in a sentence; what a structure holds is left out.
pub(super) fn with_article(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "a value of any type".to_owned(),
        Type::Object(_) => "an object".to_owned(),
        Type::Tuple(_) => "a tuple".to_owned(),
        Type::List(element) if element.is_primitive() => format!("a list of {element}"),
        Type::Set(element) if element.is_primitive() => format!("a set of {element}"),
        Type::Map(element) if element.is_primitive() => format!("a map of {element}"),
        Type::List(_) => "a list".to_owned(),
        Type::Set(_) => "a set".to_owned(),
        Type::Map(_) => "a map".to_owned(),
        _ => format!("a {ty}"),
    }
}
