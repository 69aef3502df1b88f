//! Functions of lists, sets and tuples that give back elements, or sequences of them.

use super::Wants::{Any, List, Number, String as Text};
use super::arguments::{elements, value, whole};
use super::call::unknown;
use super::{Call, Fault, Function, Parameter, results};
use crate::eval::equal;
use crate::value::{Identity, Kind, Meta, Step, Type, Unknown, Value, convert, unify};

const LIST: Parameter = Parameter::new("list", Any);
const ANY_LIST: Parameter = Parameter::new("list", List(&Any));

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chunklist", &[ANY_LIST.marked(), Parameter::new("size", Number)], Any, chunklist)
        .returns(|given| Ok(Type::list(value(given, 0)?.ty()))),
    Function::new("coalescelist", &[], Any, coalescelist)
        .variadic(Parameter::new("vals", Any).null().unknown().dynamic())
        .returns(|_| Ok(Type::Dynamic)),
    Function::new("concat", &[], Any, concat)
        .variadic(Parameter::new("seqs", Any).marked())
        .returns(concat_type),
    Function::new("distinct", &[ANY_LIST], Any, distinct).returns(|given| Ok(value(given, 0)?.ty())),
    Function::new("element", &[LIST.marked().unknown(), Parameter::new("index", Number)], Any, element)
        .returns(element_type)
        .nullable(),
    Function::new("flatten", &[LIST.marked()], Any, flatten).returns(|_| Ok(Type::Dynamic)),
    Function::new(
        "matchkeys",
        &[
            Parameter::new("values", List(&Any)),
            Parameter::new("keys", List(&Any)),
            Parameter::new("searchset", List(&Any)),
        ],
        Any,
        matchkeys,
    )
    .returns(|given| Ok(value(given, 0)?.ty())),
    Function::new("one", &[LIST], Any, one).returns(one_type).nullable(),
    Function::new("reverse", &[LIST.marked()], Any, reverse).returns(reverse_type),
    Function::new(
        "slice",
        &[LIST.marked(), Parameter::new("start_index", Number), Parameter::new("end_index", Number)],
        Any,
        slice,
    )
    .returns(slice_type),
    Function::new("sort", &[Parameter::new("list", List(&Text)).unknown()], List(&Text), sort),
];

type Outcome = Result<Value, Fault>;

/// Marks of a value itself, without those within.
fn own(value: &Value) -> Meta {
    value.meta()
}

/// A list if the given one is a list or set, else a tuple.
fn like(given: &Value, values: Vec<Value>) -> Outcome {
    match given.kind() {
        Kind::List(of) | Kind::Set(of) => results::list(of.element.clone(), values),
        _ => results::tuple(values),
    }
}

fn chunklist(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    let chunk_type = list.ty();
    let values = elements(given, 0)?;
    let size = whole(given, 1)?;
    let size = usize::try_from(size).map_err(|_| Fault::at(1, "must not be negative"))?;
    let chunks = match size {
        _ if values.is_empty() => Vec::new(),
        0 => vec![like(list, values.to_vec())?],
        size => values.chunks(size).map(|chunk| like(list, chunk.to_vec())).collect::<Result<_, _>>()?,
    };
    Ok(results::list(chunk_type, chunks)?.with_marks_of(own(list)))
}

fn coalescelist(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    if given.is_empty() {
        return Err(Fault::new("at least one list must be given"));
    }
    // What stands behind something unknown is not looked at.
    let known = given.iter().take_while(|list| list.as_unknown().is_none());
    for (index, list) in known.enumerate() {
        let fits = match list.kind() {
            Kind::List(_) | Kind::Tuple(_) => true,
            Kind::Null(ty) => matches!(ty.as_deref(), Some(Type::List(_) | Type::Tuple(_))),
            _ => false,
        };
        if !fits {
            return Err(Fault::at(index, "must be a list or tuple"));
        }
    }
    for (index, list) in given.iter().enumerate() {
        if list.as_unknown().is_some() {
            // The last one is the result, or there is none.
            let last = index + 1 == given.len();
            return Ok(if last { list.clone() } else { unknown(Type::Dynamic, true, given) });
        }
        if list.elements().is_some_and(|values| !values.is_empty()) {
            return Ok(list.clone());
        }
    }
    Err(Fault::new("all lists are null or empty"))
}

/// Lists of one type make a list, all else a tuple.
fn concat_type(given: &[Value]) -> Result<Type, Fault> {
    if given.is_empty() {
        return Err(Fault::new("at least one list must be given"));
    }
    let types: Vec<Type> = given.iter().map(Value::ty).collect();
    if types.iter().all(|ty| matches!(ty, Type::List(_)))
        && let Some(common) = unify(&types, true)
    {
        return Ok(common);
    }
    let mut parts = Vec::new();
    for (index, (value, ty)) in given.iter().zip(&types).enumerate() {
        match ty {
            Type::Tuple(own) => parts.extend(own.iter().cloned()),
            Type::List(element) => match value.elements() {
                Some(values) => parts.extend(values.iter().map(|_| (**element).clone())),
                None => return Ok(Type::Dynamic),
            },
            _ => return Err(Fault::at(index, "must be a list or tuple")),
        }
        results::within_elements(parts.len())?;
    }
    Ok(Type::tuple(parts))
}

fn concat(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let ty = concat_type(given)?;
    let mut values = Vec::new();
    let mut marks = Meta::default();
    for (index, list) in given.iter().enumerate() {
        marks = marks.with_marks_of(own(list));
        let list = match ty {
            Type::List(_) => convert(list, &ty).map_err(|error| Fault::at(index, error.to_string()))?,
            _ => list.clone(),
        };
        values.extend_from_slice(list.elements().unwrap_or_default());
        results::within_elements(values.len())?;
    }
    let result = match ty {
        Type::List(element) => results::list((*element).clone(), values)?,
        _ => results::tuple(values)?,
    };
    Ok(result.with_marks_of(marks))
}

fn distinct(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    if !list.is_wholly_known() {
        return Ok(unknown(list.ty(), true, given));
    }
    let all = elements(given, 0)?;
    let mut kept: Vec<Value> = Vec::new();
    // Texts, of which there may be many, are looked up; all else is compared.
    let mut texts = rustc_hash::FxHashSet::default();
    for element in all {
        let seen = match element.as_str() {
            Some(text) => !texts.insert(text),
            None => kept.iter().any(|other| equal(other, element) == Some(true)),
        };
        if !seen {
            kept.push(element.clone());
        }
    }
    like(list, kept)
}

fn element_type(given: &[Value]) -> Result<Type, Fault> {
    let list = value(given, 0)?;
    match list.ty() {
        Type::List(element) => Ok((*element).clone()),
        Type::Tuple(parts) => match whole(given, 1) {
            Ok(index) => {
                Ok(wrapped(index, parts.len()).and_then(|at| parts.get(at)).cloned().ok_or_else(empty)?)
            }
            Err(_) => Ok(Type::Dynamic),
        },
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(Fault::at(0, "must be a list or tuple")),
    }
}

fn empty() -> Fault {
    Fault::at(0, "is empty, so it has no element")
}

/// The index, begun anew behind the end.
fn wrapped(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok().filter(|length| *length > 0)?;
    usize::try_from(index.rem_euclid(length)).ok()
}

fn element(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    let index = whole(given, 1)?;
    // Known lists are asked in loops, so the types of all elements of a tuple are not worked out.
    if let Kind::List(_) | Kind::Tuple(_) = list.kind() {
        let values = elements(given, 0)?;
        let found = wrapped(index, values.len()).and_then(|at| values.get(at)).ok_or_else(empty)?;
        return Ok(found.clone().with_marks_of(own(list)));
    }
    let ty = element_type(given)?;
    if let Some(list_unknown) = list.as_unknown() {
        // The first is the first, however many there are; of a tuple it is known how many.
        let at = match &list_unknown.ty {
            Type::Tuple(parts) => wrapped(index, parts.len()),
            _ => usize::try_from(index).ok().filter(|index| *index == 0),
        };
        let identity = match (at, list_unknown.identity.exact()) {
            (Some(at), Some(exact)) => Identity::Exact(exact.step(Step::Index(at as u64)).into()),
            _ => Value::derived(given),
        };
        let value = Value::unknown(Unknown { ty, ..Unknown::new(identity) });
        return Ok(value.with_marks_of(own(list)));
    }
    Err(Fault::at(0, "must be a list or tuple"))
}

fn flatten(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    if list.elements().is_none() {
        return Err(Fault::at(0, "must be a list, set or tuple"));
    }
    let mut flat = Flat { values: Vec::new(), marks: Meta::default(), known: true };
    flat.add(list)?;
    if !flat.known {
        return Ok(unknown(Type::Dynamic, true, given).with_marks_of(flat.marks));
    }
    Ok(results::tuple(flat.values)?.with_marks_of(flat.marks))
}

struct Flat {
    values: Vec<Value>,
    /// Of all the sequences, for they are gone.
    marks: Meta,
    known: bool,
}

impl Flat {
    fn add(&mut self, list: &Value) -> Result<(), Fault> {
        self.marks = self.marks.with_marks_of(own(list));
        // How many elements a set has hangs on which of them are equal.
        if matches!(list.kind(), Kind::Set(_)) && list.children().count() > 1 && !list.is_wholly_known() {
            self.known = false;
            return Ok(());
        }
        for element in list.elements().unwrap_or_default() {
            match element.kind() {
                Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => self.add(element)?,
                Kind::Unknown(inner) => match inner.ty {
                    Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                        self.marks = self.marks.with_marks_of(own(element));
                        self.known = false;
                    }
                    _ => self.values.push(element.clone()),
                },
                _ => self.values.push(element.clone()),
            }
            results::within_elements(self.values.len())?;
        }
        Ok(())
    }
}

fn matchkeys(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let (list, keys, search) = (value(given, 0)?, value(given, 1)?, value(given, 2)?);
    let common = unify(&[keys.ty(), search.ty()], true);
    let common = common.ok_or_else(|| Fault::at(2, "must have elements of the type that the keys have"))?;
    let values = elements(given, 0)?;
    let as_common = |index: usize, value: &Value| {
        convert(value, &common).map_err(|error| Fault::at(index, error.to_string()))
    };
    let (keys, search) = (as_common(1, keys)?, as_common(2, search)?);
    let (keys_known, search) = (keys.is_wholly_known(), search.elements().unwrap_or_default().to_vec());
    let keys = keys.elements().unwrap_or_default();
    if values.len() != keys.len() {
        return Err(Fault::at(
            1,
            format!("must have as many elements as values: {}, not {}", values.len(), keys.len()),
        ));
    }
    if search.is_empty() {
        return like(list, Vec::new());
    }
    if !list.is_wholly_known() || !keys_known || !search.iter().all(Value::is_wholly_known) {
        return Ok(unknown(list.ty(), true, given));
    }
    let found = |key: &Value| search.iter().any(|wanted| equal(key, wanted) == Some(true));
    like(
        list,
        values.iter().zip(keys).filter(|(_, key)| found(key)).map(|(value, _)| value.clone()).collect(),
    )
}

fn not_one() -> Fault {
    Fault::at(0, "must be a list, set or tuple of one element or none")
}

fn one_type(given: &[Value]) -> Result<Type, Fault> {
    match value(given, 0)?.ty() {
        Type::List(element) | Type::Set(element) => Ok((*element).clone()),
        Type::Tuple(parts) => match parts.as_slice() {
            [] => Ok(Type::Dynamic),
            [only] => Ok(only.clone()),
            _ => Err(not_one()),
        },
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(not_one()),
    }
}

fn one(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    match list.elements() {
        Some([]) => Ok(Value::null_of(one_type(given)?)),
        Some([only]) => Ok(only.clone()),
        Some(_) if matches!(list.kind(), Kind::Set(_)) && !list.is_wholly_known() => {
            Ok(unknown(one_type(given)?, false, given))
        }
        _ => Err(not_one()),
    }
}

fn reverse_type(given: &[Value]) -> Result<Type, Fault> {
    match value(given, 0)?.ty() {
        Type::List(element) | Type::Set(element) => Ok(Type::list((*element).clone())),
        Type::Tuple(parts) => Ok(Type::tuple(parts.iter().rev().cloned().collect())),
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err(Fault::at(0, "must be a list, set or tuple")),
    }
}

fn reverse(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    reverse_type(given)?;
    Ok(like(list, elements(given, 0)?.iter().rev().cloned().collect())?.with_marks_of(own(list)))
}

/// Start and end of a slice, each as far as it is known.
fn bounds(given: &[Value]) -> Result<(Option<usize>, Option<usize>), Fault> {
    let length = match value(given, 0)?.ty() {
        Type::Tuple(parts) => Some(parts.len()),
        Type::List(_) => value(given, 0)?.elements().map(<[_]>::len),
        Type::Dynamic => None,
        Type::Set(_) => {
            return Err(Fault::at(0, "is a set, whose elements have no order")
                .with_help("convert it to a list with tolist"));
        }
        _ => return Err(Fault::at(0, "must be a list or tuple")),
    };
    let one = |index: usize| -> Result<Option<usize>, Fault> {
        if value(given, index)?.as_unknown().is_some() {
            return Ok(None);
        }
        let at =
            usize::try_from(whole(given, index)?).map_err(|_| Fault::at(index, "must not be negative"))?;
        match length {
            Some(length) if at > length => {
                Err(Fault::at(index, format!("is beyond the {length} elements there are")))
            }
            _ => Ok(Some(at)),
        }
    };
    let (start, end) = (one(1)?, one(2)?);
    match (start, end) {
        (Some(start), Some(end)) if start > end => Err(Fault::at(1, "must not be greater than the end")),
        both => Ok(both),
    }
}

fn slice_type(given: &[Value]) -> Result<Type, Fault> {
    let (start, end) = bounds(given)?;
    match (value(given, 0)?.ty(), start, end) {
        (ty @ Type::List(_), ..) => Ok(ty),
        (Type::Tuple(parts), Some(start), Some(end)) => {
            Ok(Type::tuple(parts.get(start..end).unwrap_or_default().to_vec()))
        }
        _ => Ok(Type::Dynamic),
    }
}

fn slice(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    let (start, end) = bounds(given)?;
    let range = start.unwrap_or(0)..end.unwrap_or(0);
    let values = elements(given, 0)?.get(range).unwrap_or_default().to_vec();
    Ok(like(list, values)?.with_marks_of(own(list)))
}

/// Of what is not wholly known the length is, and stays.
fn sort(_: &mut Call<'_>, given: &[Value]) -> Outcome {
    let list = value(given, 0)?;
    if !list.is_wholly_known() {
        let mut sorted = Unknown { ty: Type::list(Type::String), ..Unknown::new(Value::derived(given)) };
        sorted.refinement.not_null = true;
        sorted.refinement.length = match (list.elements(), list.as_unknown()) {
            (Some(values), _) => Some((values.len() as u64, Some(values.len() as u64))),
            (None, Some(unknown)) => unknown.refinement.length,
            (None, None) => None,
        };
        // A list of known length is known as one, whatever is in it.
        if let Some((least, Some(most))) = sorted.refinement.length
            && least == most
        {
            let element = Value::unknown_of(Type::String, sorted.identity);
            return results::list(Type::String, vec![element; usize::try_from(least).unwrap_or_default()]);
        }
        return Ok(Value::unknown(sorted));
    }
    let mut values = elements(given, 0)?.to_vec();
    if let Some(index) = values.iter().position(Value::is_null) {
        return Err(Fault::at(0, format!("has null at index {index}, which has no place in an order")));
    }
    values.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    results::list(Type::String, values)
}
