//! Conversions and marks.

use std::sync::Arc;

use super::Wants::{Any, Bool};
use super::arguments::value;
use super::call::unknown;
use super::{Call, Fault, Function, Parameter};
use crate::eval::equal;
use crate::value::{Kind, Map, Object, Sequence, Type, Value, convert};

/// Everything goes through as it is: marks, nulls, what is not known.
const V: &[Parameter] = &[Parameter::new("v", Any).null().marked().unknown().dynamic()];
const VALUE: &[Parameter] = &[Parameter::new("value", Any).null().marked().unknown().dynamic()];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "assumeequal",
        &[ASSUMED, Parameter::new("expected", Any).null().marked().unknown().dynamic()],
        Any,
        assumeequal,
    )
    .returns(|_| Ok(Type::Dynamic))
    .nullable(),
    Function::new("assumenotnull", VALUE, Any, assumenotnull).returns(|_| Ok(Type::Dynamic)),
    Function::new("ephemeralasnull", VALUE, Any, |_, given| Ok(ephemeral_as_null(value(given, 0)?)))
        .nullable(),
    Function::new("issensitive", VALUE, Bool, issensitive),
    Function::new("nonsensitive", VALUE, Any, |_, given| marked(given, false)).nullable(),
    Function::new("sensitive", VALUE, Any, |_, given| marked(given, true)).nullable(),
    Function::new("tobool", V, Any, |_, given| to(given, &Type::Bool)).nullable(),
    Function::new("tolist", V, Any, |_, given| to(given, &Type::list(Type::Dynamic))).nullable(),
    Function::new("tomap", V, Any, |_, given| to(given, &Type::map(Type::Dynamic))).nullable(),
    Function::new("tonumber", V, Any, |_, given| to(given, &Type::Number)).nullable(),
    Function::new("toset", V, Any, |_, given| to(given, &Type::set(Type::Dynamic))).nullable(),
    Function::new("tostring", V, Any, |_, given| to(given, &Type::String)).nullable(),
];

const ASSUMED: Parameter = Parameter::new("value", Any).null().marked().unknown().dynamic();

/// A conversion keeps marks, origin and identity.
fn to(given: &[Value], ty: &Type) -> Result<Value, Fault> {
    convert(value(given, 0)?, ty).map_err(|error| Fault::at(0, error.to_string()))
}

fn marked(given: &[Value], sensitive: bool) -> Result<Value, Fault> {
    let value = value(given, 0)?;
    Ok(value.clone().with_meta(value.meta().with_sensitive(sensitive)))
}

/// Something unknown may turn out to be sensitive.
fn issensitive(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let value = value(given, 0)?;
    if value.meta().sensitive() {
        return Ok(Value::bool(true));
    }
    Ok(if value.as_unknown().is_some() { unknown(Type::Bool, true, given) } else { Value::bool(false) })
}

/// The value with null in place of all that is ephemeral.
fn ephemeral_as_null(value: &Value) -> Value {
    if !value.marks_within().ephemeral() {
        return value.clone();
    }
    let meta = value.meta();
    if meta.ephemeral() {
        return Value::null_of(value.ty()).with_meta(meta.with_ephemeral(false));
    }
    let all = |values: &[Value]| values.iter().map(ephemeral_as_null).collect::<Vec<_>>();
    let kind = match value.kind() {
        Kind::List(of) => {
            Kind::List(Arc::new(Sequence { element: of.element.clone(), values: all(&of.values) }))
        }
        Kind::Set(of) => {
            Kind::Set(Arc::new(Sequence { element: of.element.clone(), values: all(&of.values) }))
        }
        Kind::Tuple(values) => Kind::Tuple(Arc::new(all(values))),
        Kind::Map(of) => {
            let entries =
                of.entries.iter().map(|(key, value)| (key.clone(), ephemeral_as_null(value))).collect();
            Kind::Map(Arc::new(Map { element: of.element.clone(), entries }))
        }
        Kind::Object(of) => {
            let entries =
                of.entries.iter().map(|(key, value)| (key.clone(), ephemeral_as_null(value))).collect();
            Kind::Object(Arc::new(Object { entries, rest: of.rest.clone() }))
        }
        scalar => scalar.clone(),
    };
    Value::new(kind).with_meta(meta)
}

/// OpenTofu: what the author promises not to be null.
fn assumenotnull(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let assumed = value(given, 0)?;
    if assumed.is_null() {
        return Err(Fault::at(0, "is null, although it is assumed not to be"));
    }
    let Some(known) = assumed.as_unknown() else { return Ok(assumed.clone()) };
    let mut refined = known.clone();
    refined.refinement.not_null = true;
    Ok(Value::unknown(refined).with_meta(assumed.meta()))
}

/// OpenTofu: what the author promises to be equal to something that may be known sooner.
fn assumeequal(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let (assumed, expected) = (value(given, 0)?, value(given, 1)?);
    let result = match equal(assumed, expected) {
        Some(true) => assumed,
        Some(false) => return Err(Fault::at(0, "is not equal to what it is assumed to be")),
        None if assumed.as_unknown().is_some() => expected,
        None => assumed,
    };
    Ok(result.clone().with_marks_of(assumed.meta()).with_marks_of(expected.meta()))
}
