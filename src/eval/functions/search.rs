//! Functions that ask something of a collection or of several values: how many, whether, which.

use super::Wants::{Any, Bool, List, Number, String as Text};
use super::arguments::{elements, text, value};
use super::call::unknown;
use super::graphemes::clusters;
use super::{Call, Fault, Function, Parameter, results};
use crate::eval::equal;
use crate::value::{Kind, Type, Unknown, Value, convert, unify};

const LIST: Parameter = Parameter::new("list", Any);
const BOOLS: Parameter = Parameter::new("list", List(&Bool));

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[BOOLS], Bool, alltrue),
    Function::new("anytrue", &[BOOLS], Bool, anytrue),
    Function::new("coalesce", &[], Any, coalesce)
        .variadic(Parameter::new("vals", Any).null().unknown().dynamic())
        .returns(coalesce_type),
    Function::new("compact", &[Parameter::new("list", List(&Text))], List(&Text), compact),
    Function::new("contains", &[LIST, Parameter::new("value", Any)], Bool, contains),
    Function::new("index", &[LIST, Parameter::new("value", Any)], Number, index),
    Function::new("join", &[Parameter::new("separator", Text)], Text, join)
        .variadic(Parameter::new("lists", List(&Text))),
    Function::new("length", &[Parameter::new("value", Any).marked().unknown().dynamic()], Number, length),
];

type Outcome = Result<Value, Fault>;

/// Null is not true.
fn alltrue(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    for element in elements(given, 0)? {
        if element.as_unknown().is_some() {
            return Ok(unknown(Type::Bool, true, given));
        }
        if element.as_bool() != Some(true) {
            return Ok(Value::bool(false));
        }
    }
    Ok(Value::bool(true))
}

fn anytrue(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let values = elements(given, 0)?;
    if values.iter().any(|element| element.as_bool() == Some(true)) {
        return Ok(Value::bool(true));
    }
    if values.iter().any(|element| element.as_unknown().is_some()) {
        return Ok(unknown(Type::Bool, true, given));
    }
    Ok(Value::bool(false))
}

fn coalesce_type(given: &[Value]) -> Result<Type, Fault> {
    let types: Vec<Type> = given.iter().map(Value::ty).collect();
    let common = if types.is_empty() { None } else { unify(&types, true) };
    common.ok_or_else(|| Fault::new("the arguments have no type in common"))
}

/// The first argument that is neither null nor an empty text.
fn coalesce(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let ty = coalesce_type(given)?;
    for (index, argument) in given.iter().enumerate() {
        let converted = convert(argument, &ty).map_err(|error| Fault::at(index, error.to_string()))?;
        if converted.as_unknown().is_some() {
            // The last one is the result, or there is none.
            return Ok(if index + 1 == given.len() { not_null(converted) } else { unknown(ty, true, given) });
        }
        if !converted.is_null() && converted.as_str() != Some("") {
            return Ok(converted);
        }
    }
    Err(Fault::new("all arguments are null or empty texts"))
}

/// The same value, which turned out not to be null.
fn not_null(value: Value) -> Value {
    let Some(known) = value.as_unknown() else { return value };
    let mut refined: Unknown = known.clone();
    refined.refinement.not_null = true;
    Value::unknown(refined).with_meta(value.meta())
}

fn compact(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    if !value(given, 0)?.is_wholly_known() {
        return Ok(unknown(Type::list(Type::String), true, given));
    }
    let kept =
        elements(given, 0)?.iter().filter(|element| element.as_str().is_some_and(|text| !text.is_empty()));
    results::list(Type::String, kept.cloned().collect())
}

fn contains(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let Ok(values) = elements(given, 0) else { return Err(Fault::at(0, "must be a list, set or tuple")) };
    let wanted = value(given, 1)?;
    let mut undecided = false;
    for element in values {
        match equal(wanted, element) {
            Some(true) => return Ok(Value::bool(true)),
            Some(false) => {}
            None => undecided = true,
        }
    }
    Ok(if undecided { unknown(Type::Bool, true, given) } else { Value::bool(false) })
}

fn index(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let values = match value(given, 0)?.kind() {
        Kind::List(_) | Kind::Tuple(_) => elements(given, 0)?,
        _ => return Err(Fault::at(0, "must be a list or tuple")),
    };
    let wanted = value(given, 1)?;
    for (index, element) in values.iter().enumerate() {
        match equal(element, wanted) {
            Some(true) => return Ok(Value::int(i64::try_from(index).unwrap_or(i64::MAX))),
            Some(false) => {}
            None => return Ok(unknown(Type::Number, true, given)),
        }
    }
    Err(Fault::at(1, "is not among the elements"))
}

/// A single element comes out as it is, and so stays what it is even where it is not known.
fn join(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let separator = text(given, 0)?;
    if given.len() < 2 {
        return Err(Fault::new("at least one list must be given"));
    }
    let mut parts: Vec<&Value> = Vec::new();
    for index in 1..given.len() {
        parts.extend(elements(given, index)?);
    }
    if let [only] = parts.as_slice()
        && only.as_unknown().is_some()
    {
        return Ok(not_null((*only).clone()));
    }
    if parts.iter().any(|part| part.as_unknown().is_some()) {
        return Ok(unknown(Type::String, true, given));
    }
    let separators = parts.len().saturating_sub(1).saturating_mul(separator.len());
    let length =
        parts.iter().filter_map(|part| part.as_str()).map(str::len).fold(separators, usize::saturating_add);
    results::within_bytes(length)?;
    let texts: Vec<&str> = parts.iter().filter_map(|part| part.as_str()).collect();
    if texts.len() < parts.len() {
        let with_null =
            |index: &usize| elements(given, *index).is_ok_and(|list| list.iter().any(Value::is_null));
        let at = (1..given.len()).find(with_null).unwrap_or(1);
        return Err(Fault::at(at, "has a null among its elements, which cannot be joined"));
    }
    results::text(texts.join(separator))
}

/// How many elements, attributes or, of a text, grapheme clusters.
fn length(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let whole = value(given, 0)?;
    let counted = match whole.kind() {
        Kind::String(text) => Some(clusters(text).count()),
        Kind::Set(set) if set.values.len() > 1 && !whole.is_wholly_known() => None,
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => whole.elements().map(<[_]>::len),
        Kind::Object(object) if object.rest.is_some() => None,
        Kind::Map(_) | Kind::Object(_) => whole.entries().map(<[_]>::len),
        Kind::Unknown(unknown) => match (&unknown.ty, unknown.refinement.length) {
            (Type::Tuple(parts), _) => Some(parts.len()),
            (Type::Object(attributes), _) => Some(attributes.len()),
            (_, Some((least, Some(most)))) if least == most => usize::try_from(least).ok(),
            (Type::Bool | Type::Number, _) => return Err(no_length()),
            _ => None,
        },
        _ => return Err(no_length()),
    };
    let result = match counted.and_then(|count| i64::try_from(count).ok()) {
        Some(count) => Value::int(count),
        None => unknown(Type::Number, true, given),
    };
    // The length of a collection tells nothing of its elements, but that of a text is in the text.
    Ok(result.with_marks_of(whole.meta()))
}

fn no_length() -> Fault {
    Fault::at(0, "must be a text, a collection, a tuple or an object")
}
