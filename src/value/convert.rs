use std::fmt;

use arcstr::ArcStr;

use super::conversion::{convertible, mismatch, settled, with_article};
use super::unify::unify;
use super::{Kind, Number, Object, ObjectAttribute, Refinement, Sequence, Step, Type, Unknown, Value};

/// A value cannot become what it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConversionError {
    /// Where in the value.
    pub path: Vec<Step>,
    /// Why: lower case, no full stop. Tells types and names, but not what a value is.
    pub message: String,
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            f.write_str("at ")?;
            self.path.iter().try_for_each(|step| step.fmt(f))?;
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConversionError {}

/// The value as one of that type. Where the type is open ([`Type::Dynamic`]) the value keeps its own; attributes
/// that may be left out become null. Marks, origin and identity stay.
///
/// # Errors
/// [`ConversionError`] if it cannot be one.
pub fn convert(value: &Value, wanted: &Type) -> Result<Value, ConversionError> {
    if *wanted == Type::Dynamic || value.has_type(wanted) {
        return Ok(value.clone());
    }
    let from = value.ty();
    if from == wanted.without_optional() {
        return Ok(value.clone());
    }
    let mut path = Vec::new();
    if convertible(&from, wanted, true) {
        into(value, wanted, &mut path).map_err(|error| discreet(error, value, 0))
    } else if value.meta().sensitive() {
        let message = format!("{} is required, but this is {}", with_article(wanted), with_article(&from));
        Err(ConversionError { path, message })
    } else {
        Err(ConversionError { path, message: mismatch(&from, wanted) })
    }
}

/// The keys in a sensitive value are no less sensitive than what they lead to.
fn discreet(mut error: ConversionError, value: &Value, depth: usize) -> ConversionError {
    if value.meta().sensitive() {
        error.path.truncate(depth);
    }
    error
}

type Result<T, E = ConversionError> = std::result::Result<T, E>;
type Path = Vec<Step>;

fn into(value: &Value, wanted: &Type, path: &mut Path) -> Result<Value> {
    let converted = match (value.kind(), wanted) {
        (_, Type::Dynamic)
        | (Kind::Bool(_), Type::Bool)
        | (Kind::Number(_), Type::Number)
        | (Kind::String(_), Type::String) => return Ok(value.clone()),
        (Kind::Unknown(unknown), _) => unknown_into(unknown, wanted),
        (Kind::Null(ty), _) => {
            Value::null_of(settled(ty.as_deref().unwrap_or(&Type::Dynamic), &wanted.without_optional()))
        }
        (Kind::Number(number), Type::String) => Value::string(number.to_string()),
        (Kind::Bool(bool), Type::String) => Value::string(if *bool { "true" } else { "false" }),
        (Kind::String(text), Type::Number) => match Number::parse(text) {
            Some(number) => Value::number(number),
            None => return fail(path, "a number is required"),
        },
        (Kind::String(text), Type::Bool) => Value::bool(to_bool(text, path)?),
        (Kind::List(from), Type::List(element)) => {
            list_into(&from.values, element, Some(&from.element), path)?
        }
        (Kind::Set(from), Type::List(element)) => set_into_list(value, from, element, path)?,
        (Kind::Tuple(from), Type::List(element)) => list_into(from, element, None, path)?,
        (Kind::List(from) | Kind::Set(from), Type::Set(element)) => {
            set_into(&from.values, element, Some(&from.element), path)?
        }
        (Kind::Tuple(from), Type::Set(element)) => set_into(from, element, None, path)?,
        (Kind::Map(from), Type::Map(element)) => map_into(&from.entries, element, Some(&from.element), path)?,
        (Kind::Object(from), Type::Map(element)) => match &from.rest {
            Some(rest) => Value::unknown_of(
                Type::map((**element).clone()).without_optional(),
                super::Identity::Exact(rest.clone()),
            ),
            None => map_into(&from.entries, element, None, path)?,
        },
        (Kind::Tuple(from), Type::Tuple(types)) if from.len() == types.len() => {
            let mut values = Vec::with_capacity(from.len());
            for (index, (value, ty)) in from.iter().zip(types.iter()).enumerate() {
                values.push(within(Step::Index(index as u64), value, ty, path)?);
            }
            Value::tuple(values)
        }
        (Kind::Object(from), Type::Object(wanted)) => object_into(from, wanted, path)?,
        (Kind::Map(from), Type::Object(wanted)) => map_into_object(&from.entries, wanted, path)?,
        _ => return fail(path, mismatch(&value.ty(), wanted)),
    };
    Ok(converted.with_marks_of(value.meta()).with_origin(value.origin()))
}

fn fail<T>(path: &Path, message: impl Into<String>) -> Result<T> {
    Err(ConversionError { path: path.clone(), message: message.into() })
}

fn within(step: Step, value: &Value, wanted: &Type, path: &mut Path) -> Result<Value> {
    path.push(step);
    let converted = into(value, wanted, path).map_err(|error| discreet(error, value, path.len()))?;
    path.pop();
    Ok(converted)
}

fn to_bool(text: &str, path: &Path) -> Result<bool> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            fail(path, "a bool is required; as a string it is written in lower case")
        }
        _ => fail(path, "a bool is required"),
    }
}

fn unknown_into(unknown: &Unknown, wanted: &Type) -> Value {
    let ty = settled(&unknown.ty, &wanted.without_optional());
    let refinement = if ty == unknown.ty {
        unknown.refinement.clone()
    } else {
        let own = unknown.refinement.length;
        let length = match (&unknown.ty, &ty) {
            (Type::Object(attributes), Type::Map(_)) => exactly(attributes.len()),
            (Type::Tuple(elements), Type::List(_)) => exactly(elements.len()),
            // Elements may turn out to be the same.
            (Type::Tuple(elements), Type::Set(_)) => {
                Some((elements.len().min(1) as u64, Some(elements.len() as u64)))
            }
            (Type::List(_), Type::Set(_)) => own.map(|(least, most)| (least.min(1), most)),
            (Type::List(_) | Type::Set(_) | Type::Map(_), Type::List(_) | Type::Set(_) | Type::Map(_)) => own,
            _ => None,
        };
        Refinement { not_null: unknown.refinement.not_null, prefix: None, length }
    };
    Value::unknown(Unknown { ty, identity: unknown.identity.clone(), refinement })
}

fn exactly(len: usize) -> Option<(u64, Option<u64>)> {
    Some((len as u64, Some(len as u64)))
}

/// The type to which elements convert one by one, given what is wanted and, of a structure, all of them.
fn element_type(wanted: &Type, parts: &[&Value], collection: Option<&Type>) -> Option<Type> {
    if *wanted != Type::Dynamic {
        return Some(wanted.clone());
    }
    if let Some(element) = collection {
        return Some(element.clone());
    }
    if parts.is_empty() {
        return Some(Type::Dynamic);
    }
    let types: Vec<Type> = parts.iter().map(|part| part.ty()).collect();
    match unify(&types, true) {
        Some(ty) if ty != Type::Dynamic || types.iter().all(|ty| *ty == Type::Dynamic) => Some(ty),
        // What is not known may turn out to fit; then the elements stay as they are. A null does not.
        _ => {
            let open = parts.iter().zip(&types).any(|(part, ty)| *ty == Type::Dynamic && !part.is_null());
            open.then_some(Type::Dynamic)
        }
    }
}

fn elements_into(
    values: &[Value],
    wanted: &Type,
    collection: Option<&Type>,
    path: &mut Path,
) -> Result<(Type, Vec<Value>)> {
    let parts: Vec<&Value> = values.iter().collect();
    let Some(element) = element_type(wanted, &parts, collection) else {
        return fail(path, "all elements must have the same type");
    };
    let mut converted = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        converted.push(within(Step::Index(index as u64), value, &element, path)?);
    }
    Ok((element.without_optional(), converted))
}

fn list_into(values: &[Value], wanted: &Type, collection: Option<&Type>, path: &mut Path) -> Result<Value> {
    let (element, values) = elements_into(values, wanted, collection, path)?;
    let (element, values) = alike(element, values, true, path)?;
    Ok(Value::list(element, values))
}

fn set_into(values: &[Value], wanted: &Type, collection: Option<&Type>, path: &mut Path) -> Result<Value> {
    let (element, values) = elements_into(values, wanted, collection, path)?;
    let (element, values) = alike(element, values, false, path)?;
    Ok(Value::set(element, values))
}

/// A set whose elements are not all known may have fewer than it seems, so a list of them is not known.
fn set_into_list(value: &Value, set: &Sequence, wanted: &Type, path: &mut Path) -> Result<Value> {
    if set.values.len() < 2 || value.is_wholly_known() {
        return list_into(&set.values, wanted, Some(&set.element), path);
    }
    let ty = settled(&value.ty(), &Type::list(wanted.without_optional()));
    let length = Some((1, Some(set.values.len() as u64)));
    let refinement = Refinement { not_null: true, prefix: None, length };
    Ok(Value::unknown(Unknown { ty, identity: Value::derived([value]), refinement }))
}

fn map_into(
    entries: &[(ArcStr, Value)],
    wanted: &Type,
    collection: Option<&Type>,
    path: &mut Path,
) -> Result<Value> {
    let parts: Vec<&Value> = entries.iter().map(|(_, value)| value).collect();
    let Some(element) = element_type(wanted, &parts, collection) else {
        return fail(path, "all elements of a map must have the same type");
    };
    let mut values = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        values.push(within(Step::Key(key.clone()), value, &element, path)?);
    }
    let (element, values) = alike(element.without_optional(), values, true, path)?;
    let entries = entries.iter().map(|(key, _)| key.clone()).zip(values).collect();
    Ok(Value::map(element, entries))
}

/// Settles what the elements' type left open: all must come to the same.
fn alike(element: Type, values: Vec<Value>, unified: bool, path: &mut Path) -> Result<(Type, Vec<Value>)> {
    if element == Type::Dynamic || !element.has_dynamic() || values.is_empty() {
        return Ok((element, values));
    }
    let mut types: Vec<Type> = values.iter().map(Value::ty).filter(|ty| *ty != Type::Dynamic).collect();
    types.dedup();
    match types.as_slice() {
        [] => return Ok((element, values)),
        [only] => return Ok((only.clone(), values)),
        _ => {}
    }
    match unify(&types, true).filter(|_| unified) {
        // An element whose type is not known yet: so is that of all.
        Some(Type::Dynamic) => Ok((Type::Dynamic, values)),
        Some(common) => {
            let values = values.iter().map(|value| into(value, &common, path)).collect::<Result<_>>()?;
            Ok((common, values))
        }
        None => fail(path, "all elements must have the same type"),
    }
}

fn object_into(from: &Object, wanted: &[ObjectAttribute], path: &mut Path) -> Result<Value> {
    let mut entries = Vec::with_capacity(wanted.len());
    for attribute in wanted {
        let name = &attribute.name;
        let given = from.entries.binary_search_by(|(given, _)| given.cmp(name)).ok();
        let value = match (given.and_then(|at| from.entries.get(at)), &from.rest) {
            (Some((_, value)), _) => within(Step::Attr(name.clone()), value, &attribute.ty, path)?,
            (None, Some(rest)) => {
                let identity = super::Identity::Exact(rest.step(Step::Attr(name.clone())).into());
                let ty = attribute.ty.without_optional();
                Value::unknown(Unknown { ty, identity, refinement: Refinement::default() })
            }
            (None, None) if attribute.optional => Value::null_of(attribute.ty.without_optional()),
            (None, None) => return fail(path, format!("required attribute `{name}` not set")),
        };
        entries.push((name.clone(), value));
    }
    Ok(Value::object(entries))
}

fn map_into_object(from: &[(ArcStr, Value)], wanted: &[ObjectAttribute], path: &mut Path) -> Result<Value> {
    let mut entries = Vec::with_capacity(wanted.len());
    for attribute in wanted {
        let name = &attribute.name;
        let given = from.binary_search_by(|(given, _)| given.cmp(name)).ok();
        let value = match given.and_then(|at| from.get(at)) {
            Some((_, value)) => {
                let ty = value.ty();
                if ty != attribute.ty && !convertible(&ty, &attribute.ty, true) {
                    let message = format!(
                        "{} is required, but the elements of this map are {}",
                        with_article(&attribute.ty),
                        with_article(&ty)
                    );
                    path.push(Step::Key(name.clone()));
                    return fail(path, message);
                }
                within(Step::Key(name.clone()), value, &attribute.ty, path)?
            }
            None if attribute.optional => Value::null_of(attribute.ty.without_optional()),
            None => {
                return fail(path, format!("the map has no element for required attribute `{name}`"));
            }
        };
        entries.push((name.clone(), value));
    }
    Ok(Value::object(entries))
}
