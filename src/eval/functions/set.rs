//! Functions of sets.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::Wants::{Any, Set};
use super::arguments::elements;
use super::call::unknown;
use super::{Call, Fault, Function, Parameter, Wants, results};
use crate::eval::equal;
use crate::value::{Kind, Meta, Type, Value, convert, unify};

const SET: Wants = Set(&Any);
const FIRST: &[Parameter] = &[Parameter::new("first_set", SET).dynamic()];
const OTHERS: Parameter = Parameter::new("other_sets", SET).dynamic();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", FIRST, SET, setintersection).variadic(OTHERS).returns(common_type),
    Function::new("setproduct", &[], SET, setproduct)
        .variadic(Parameter::new("sets", Any).marked().unknown())
        .returns(product_type),
    Function::new(
        "setsubtract",
        &[Parameter::new("a", SET).dynamic(), Parameter::new("b", SET).dynamic()],
        SET,
        setsubtract,
    )
    .returns(common_type),
    Function::new("setunion", FIRST, SET, setunion).variadic(OTHERS).returns(common_type),
];

type Outcome = Result<Value, Fault>;

/// The type to which all of the sets convert. An empty set of no type in particular is of any.
fn common_type(given: &[Value]) -> Result<Type, Fault> {
    let mut types = Vec::new();
    for set in given {
        match (set.ty(), set.elements()) {
            (Type::Set(element), Some([])) if *element == Type::Dynamic => {}
            (Type::Set(element), _) => types.push((*element).clone()),
            _ => types.push(Type::Dynamic),
        }
    }
    if types.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    unify(&types, true).map(Type::set).ok_or_else(|| Fault::new("the sets' elements have no type in common"))
}

/// The sets, all of one type.
fn alike(given: &[Value]) -> Result<(Type, Vec<Value>), Fault> {
    let ty = common_type(given)?;
    let mut sets = Vec::with_capacity(given.len());
    for (index, set) in given.iter().enumerate() {
        sets.push(convert(set, &ty).map_err(|error| Fault::at(index, error.to_string()))?);
    }
    let element = ty.element().cloned().unwrap_or(Type::Dynamic);
    Ok((element, sets))
}

fn setunion(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (element, sets) = alike(given)?;
    let values: Vec<Value> = sets.iter().flat_map(Value::children).cloned().collect();
    results::within_elements(values.len())?;
    Ok(Value::set(element, values))
}

fn setintersection(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    sifted(given, |found| found)
}

fn setsubtract(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    sifted(given, |found| !found)
}

/// The elements of the first set of which, for each other set, it is right that they are or are not in it.
fn sifted(given: &[Value], keep: impl Fn(bool) -> bool) -> Outcome {
    let (element, sets) = alike(given)?;
    if !sets.iter().all(Value::is_wholly_known) {
        return Ok(unknown(Type::set(element), true, given));
    }
    let Some((first, others)) = sets.split_first() else { return Ok(Value::set(element, Vec::new())) };
    // Texts, of which there may be many, are looked up; all else is compared.
    let texts: Vec<FxHashSet<&str>> =
        others.iter().map(|set| set.children().filter_map(Value::as_str).collect()).collect();
    let within = |value: &Value, (set, texts): (&Value, &FxHashSet<&str>)| match value.as_str() {
        Some(text) => texts.contains(text),
        None => set.children().any(|other| equal(value, other) == Some(true)),
    };
    let kept = first.children().filter(|value| others.iter().zip(&texts).all(|set| keep(within(value, set))));
    Ok(Value::set(element, kept.cloned().collect()))
}

/// Lists and tuples alone make a list, in order; with a set among them it is a set.
fn product_type(given: &[Value]) -> Result<Type, Fault> {
    if given.len() < 2 {
        return Err(Fault::new("at least two sets must be given"));
    }
    let mut parts = Vec::with_capacity(given.len());
    let mut ordered = true;
    for (index, argument) in given.iter().enumerate() {
        parts.push(match argument.ty() {
            Type::Set(element) => {
                ordered = false;
                (*element).clone()
            }
            Type::List(element) => (*element).clone(),
            Type::Tuple(own) if own.is_empty() => Type::Dynamic,
            Type::Tuple(own) => {
                unify(&own, true).ok_or_else(|| Fault::at(index, "must have elements of one type"))?
            }
            Type::Dynamic => return Ok(Type::Dynamic),
            _ => return Err(Fault::at(index, "must be a list, set or tuple")),
        });
    }
    let tuple = Type::tuple(parts);
    Ok(if ordered { Type::list(tuple) } else { Type::set(tuple) })
}

fn setproduct(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let ty = product_type(given)?;
    let marks = given.iter().fold(Meta::default(), |marks, argument| marks.with_marks_of(argument.meta()));
    let countable = |argument: &Value| match argument.kind() {
        Kind::Unknown(_) => false,
        Kind::Set(set) => set.values.len() < 2 || argument.is_wholly_known(),
        _ => true,
    };
    if !given.iter().all(countable) {
        return Ok(unknown(ty, true, given).with_marks_of(marks));
    }
    let tuple = ty.element().cloned().unwrap_or(Type::Dynamic);
    let parts: Cow<'_, [Type]> = match &tuple {
        Type::Tuple(parts) => Cow::Borrowed(parts),
        _ => Cow::Owned(vec![Type::Dynamic; given.len()]),
    };
    let mut columns = Vec::with_capacity(given.len());
    let mut total = 1_usize;
    for (index, part) in parts.iter().enumerate() {
        let values = elements(given, index)?.iter().map(|value| convert(value, part));
        let values: Vec<Value> =
            values.collect::<Result<_, _>>().map_err(|error| Fault::at(index, error.to_string()))?;
        total = total.saturating_mul(values.len());
        columns.push(values);
    }
    results::within_elements(total.saturating_mul(columns.len()))?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in &columns {
        let extended = rows.iter().flat_map(|row| {
            column.iter().map(|value| [row.as_slice(), std::slice::from_ref(value)].concat())
        });
        rows = extended.collect();
    }
    let rows = rows.into_iter().map(Value::tuple).collect();
    let product =
        if matches!(ty, Type::List(_)) { Value::list(tuple, rows) } else { Value::set(tuple, rows) };
    Ok(product.with_marks_of(marks))
}
