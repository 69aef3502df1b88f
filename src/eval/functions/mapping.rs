//! Functions of maps and objects.

use std::collections::BTreeMap;

use arcstr::ArcStr;

use super::Wants::{Any, List, Map, String as Text};
use super::arguments::{elements, quoted, value};
use super::call::unknown;
use super::{Call, Fault, Function, Parameter, results};
use crate::value::{Kind, Meta, Type, Value, convert};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[Parameter::new("inputMap", Any).marked().unknown()], Any, keys)
        .returns(keys_type),
    Function::new(
        "lookup",
        &[Parameter::new("inputMap", Any).marked().unknown(), Parameter::new("key", Text).marked().unknown()],
        Any,
        lookup,
    )
    .variadic(Parameter::new("default", Any).null().marked().unknown().dynamic())
    .returns(lookup_type)
    .nullable(),
    Function::new("merge", &[], Any, merge)
        .variadic(Parameter::new("maps", Any).null().marked().dynamic())
        .returns(merge_type),
    Function::new("transpose", &[Parameter::new("values", Map(&List(&Text)))], Map(&List(&Text)), transpose),
    Function::new("values", &[Parameter::new("mapping", Any).marked()], Any, values).returns(values_type),
    Function::new(
        "zipmap",
        &[Parameter::new("keys", List(&Text)).marked(), Parameter::new("values", Any).marked()],
        Any,
        zipmap,
    )
    .returns(zipmap_type),
];

type Outcome = Result<Value, Fault>;

fn no_map(index: usize) -> Fault {
    Fault::at(index, "must be a map or an object")
}

/// Whether an object may have attributes that are not written.
fn is_open(value: &Value) -> bool {
    matches!(value.kind(), Kind::Object(object) if object.rest.is_some())
}

fn keys_type(given: &[Value]) -> Result<Type, Fault> {
    match value(given, 0)?.ty() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(attributes) => Ok(Type::tuple(vec![Type::String; attributes.len()])),
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(no_map(0)),
    }
}

/// The names of an object's attributes are in its type, so they are known even where the values are not.
fn keys(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let map = value(given, 0)?;
    let text = |key: &ArcStr| Value::string(key.clone());
    let result = match map.kind() {
        Kind::Map(of) => results::list(Type::String, of.entries.iter().map(|(key, _)| text(key)).collect())?,
        Kind::Object(of) if of.rest.is_none() => {
            Value::tuple(of.entries.iter().map(|(key, _)| text(key)).collect())
        }
        _ => match map.ty() {
            Type::Object(attributes) => {
                Value::tuple(attributes.iter().map(|attribute| text(&attribute.name)).collect())
            }
            _ => unknown(keys_type(given)?, true, given),
        },
    };
    Ok(result.with_marks_of(map.meta()))
}

fn values_type(given: &[Value]) -> Result<Type, Fault> {
    match value(given, 0)?.ty() {
        Type::Map(element) => Ok(Type::list((*element).clone())),
        Type::Object(attributes) => {
            Ok(Type::tuple(attributes.iter().map(|attribute| attribute.ty.clone()).collect()))
        }
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(no_map(0)),
    }
}

fn values(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let map = value(given, 0)?;
    let values = || map.children().cloned().collect();
    let result = match map.kind() {
        Kind::Map(of) => results::list(of.element.clone(), values())?,
        Kind::Object(of) if of.rest.is_none() => results::tuple(values())?,
        _ => unknown(values_type(given)?, true, given),
    };
    Ok(result.with_marks_of(map.meta()))
}

fn lookup_type(given: &[Value]) -> Result<Type, Fault> {
    if given.len() > 3 {
        return Err(Fault::new(format!("takes a map, a key and a default, not {} arguments", given.len())));
    }
    let (map, key, default) = (value(given, 0)?, value(given, 1)?, given.get(2));
    match map.ty() {
        Type::Map(element) => {
            default_of(&element, default)?;
            Ok((*element).clone())
        }
        Type::Object(attributes) => match (key.as_str(), default) {
            (None, _) => Ok(Type::Dynamic),
            (Some(key), default) => {
                match (attributes.iter().find(|attribute| attribute.name == key), default) {
                    (Some(attribute), _) => Ok(attribute.ty.clone()),
                    (None, Some(default)) => Ok(default.ty()),
                    (None, None) => Err(no_attribute(key)),
                }
            }
        },
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(no_map(0)),
    }
}

/// The default as the map's elements are.
fn default_of(element: &Type, default: Option<&Value>) -> Result<Option<Value>, Fault> {
    let fault = |_| Fault::at(2, "must have the type of the map's elements");
    default.map(|default| convert(default, element).map_err(fault)).transpose()
}

fn no_attribute(key: &str) -> Fault {
    Fault::at(0, "has no such attribute, and no default is given").showing(quoted(key))
}

fn lookup(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (map, key, default) = (value(given, 0)?, value(given, 1)?, given.get(2));
    let marks = |found: Value| found.with_marks_of(map.meta()).with_marks_of(key.meta());
    let name = match key.as_str() {
        Some(name) if given.len() <= 3 => name,
        _ => return Ok(marks(unknown(lookup_type(given)?, false, given))),
    };
    // Lookups stand in loops, so the types of large objects are not worked out.
    match map.kind() {
        Kind::Map(of) => {
            let default = default_of(&of.element, default)?;
            match map.get(name).cloned().or(default) {
                Some(found) => Ok(marks(found)),
                None => {
                    Err(Fault::at(1, "is no key of the map, and no default is given").showing(quoted(name)))
                }
            }
        }
        Kind::Object(of) => match (map.get(name), default) {
            (Some(found), _) => Ok(marks(found.clone())),
            (None, Some(_)) if of.rest.is_some() => Ok(marks(unknown(Type::Dynamic, false, given))),
            (None, Some(default)) => Ok(marks(default.clone())),
            // Without a default the attribute must be there, and so is one that is known by its name.
            (None, None) if of.rest.is_some() => map.index(key).map_err(|error| Fault::new(error.message)),
            (None, None) => Err(no_attribute(name)),
        },
        _ => {
            let ty = lookup_type(given)?;
            if default.is_none() {
                return map.index(key).map_err(|error| Fault::new(error.message));
            }
            Ok(marks(unknown(ty, false, given)))
        }
    }
}

fn merge_type(given: &[Value]) -> Result<Type, Fault> {
    let mut attributes: BTreeMap<ArcStr, Type> = BTreeMap::new();
    let mut types = Vec::with_capacity(given.len());
    let mut certain = true;
    for (index, map) in given.iter().enumerate() {
        let ty = match (map.ty(), map.is_null()) {
            (Type::Dynamic, _) => return Ok(Type::Dynamic),
            (Type::Object(_), true) => Type::object([]),
            (ty @ (Type::Map(_) | Type::Object(_)), _) => ty,
            _ => return Err(no_map(index)),
        };
        match &ty {
            Type::Object(own) => {
                attributes.extend(own.iter().map(|attribute| (attribute.name.clone(), attribute.ty.clone())));
            }
            Type::Map(element) => match map.entries() {
                Some(entries) => {
                    attributes.extend(entries.iter().map(|(key, _)| (key.clone(), (**element).clone())))
                }
                None => certain &= map.is_null(),
            },
            _ => {}
        }
        types.push(ty);
    }
    match types.split_first() {
        Some((first, rest)) if rest.iter().all(|ty| ty == first) => Ok(first.clone()),
        _ if certain => Ok(Type::object(attributes)),
        _ => Ok(Type::Dynamic),
    }
}

/// The entries of all, those of later ones in place of earlier ones' of the same key.
fn merge(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    for (index, map) in given.iter().enumerate() {
        let fits = match map.kind() {
            Kind::Null(ty) => {
                ty.as_deref().is_none_or(|ty| matches!(ty, Type::Dynamic | Type::Map(_) | Type::Object(_)))
            }
            _ => map.entries().is_some(),
        };
        if !fits {
            return Err(no_map(index));
        }
    }
    let marks = given.iter().fold(Meta::default(), |marks, map| marks.with_marks_of(map.meta()));
    let mut open = given.iter().enumerate().filter(|(_, map)| is_open(map));
    let rest = match (open.next(), open.next()) {
        (None, _) => None,
        // Attributes that are not written would stand behind what came before, so only the first may have them.
        (Some((0, map)), None) => match map.kind() {
            Kind::Object(object) => object.rest.clone(),
            _ => None,
        },
        _ => return Ok(unknown(Type::Dynamic, true, given).with_marks_of(marks)),
    };
    let mut merged: BTreeMap<ArcStr, Value> = BTreeMap::new();
    for map in given {
        merged.extend(map.entries().unwrap_or_default().iter().cloned());
    }
    results::within_elements(merged.len())?;
    let entries = merged.into_iter().collect();
    let result = match (common_map(given), rest) {
        (_, Some(rest)) => Value::open_object(entries, rest),
        (Some(element), None) => Value::map(element, entries),
        (None, None) => Value::object(entries),
    };
    Ok(result.with_marks_of(marks))
}

/// The type of the elements, if all are maps of one.
fn common_map(maps: &[Value]) -> Option<Type> {
    let element = |map: &Value| match map.kind() {
        Kind::Map(of) => Some(of.element.clone()),
        Kind::Null(Some(ty)) => ty.element().filter(|_| matches!(**ty, Type::Map(_))).cloned(),
        _ => None,
    };
    let (first, rest) = maps.split_first()?;
    let common = element(first)?;
    rest.iter().all(|map| element(map).as_ref() == Some(&common)).then_some(common)
}

fn transpose(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let map = value(given, 0)?;
    let list = Type::list(Type::String);
    if !map.is_wholly_known() {
        return Ok(unknown(Type::map(list), true, given));
    }
    let mut turned: BTreeMap<ArcStr, Vec<Value>> = BTreeMap::new();
    for (key, names) in map.entries().unwrap_or_default() {
        let Some(names) = names.elements() else { return Err(Fault::at(0, "must not have a null list")) };
        for name in names {
            let Kind::String(name) = name.kind() else {
                return Err(Fault::at(0, "must not have a null text in a list"));
            };
            turned.entry(name.clone()).or_default().push(Value::string(key.clone()));
        }
    }
    // The keys come in order, so the lists are sorted.
    let entries = turned.into_iter().map(|(key, keys)| (key, Value::list(Type::String, keys))).collect();
    Ok(Value::map(list, entries))
}

fn zipmap_type(given: &[Value]) -> Result<Type, Fault> {
    match value(given, 1)?.ty() {
        Type::List(element) => Ok(Type::map((*element).clone())),
        Type::Tuple(parts) => {
            let keys = value(given, 0)?;
            if !keys.is_wholly_known() {
                return Ok(Type::Dynamic);
            }
            let keys = texts(given)?;
            same_length(keys.len(), parts.len())?;
            Ok(Type::object(keys.into_iter().zip(parts.iter().cloned())))
        }
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(Fault::at(1, "must be a list or tuple")),
    }
}

fn texts(given: &[Value]) -> Result<Vec<ArcStr>, Fault> {
    let text = |key: &Value| match key.kind() {
        Kind::String(text) => Ok(text.clone()),
        _ => Err(Fault::at(0, "must not have a null among the keys")),
    };
    elements(given, 0)?.iter().map(text).collect()
}

fn same_length(keys: usize, values: usize) -> Result<(), Fault> {
    if keys == values {
        return Ok(());
    }
    Err(Fault::at(1, format!("must have as many elements as keys: {keys}, not {values}")))
}

fn zipmap(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (keys, list) = (value(given, 0)?, value(given, 1)?);
    let ty = zipmap_type(given)?;
    // Keys carry no marks, so the map does in their place.
    let marks = keys.marks_within().with_marks_of(list.meta());
    if !keys.is_wholly_known() {
        return Ok(unknown(ty, true, given).with_marks_of(marks));
    }
    let (keys, values) = (texts(given)?, elements(given, 1)?);
    same_length(keys.len(), values.len())?;
    let entries = keys.into_iter().zip(values.iter().cloned()).collect();
    let result = match ty {
        Type::Map(element) => Value::map((*element).clone(), entries),
        _ => Value::object(entries),
    };
    Ok(result.with_marks_of(marks))
}
