use super::{Identity, Kind, Refinement, Step, Type, Unknown, Value};
use crate::suggest::did_you_mean;

/// An attribute or element that is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessError {
    /// What is wrong: lower case, no full stop. Tells names and types, and a key only if it is not sensitive.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// It is an object's attribute that is not there.
    pub absent: bool,
}

impl AccessError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, absent: false }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Value {
    /// The attribute of that name, with the marks of the whole. What is not known of an unknown value is one step
    /// further in.
    ///
    /// # Errors
    /// [`AccessError`] if there is none.
    pub fn attr(&self, name: &str) -> Result<Self, AccessError> {
        let found = match self.kind() {
            Kind::Object(object) => match (self.get(name), &object.rest) {
                (Some(value), _) => value.clone(),
                (None, Some(rest)) => {
                    Self::unknown(Unknown::new(Identity::Exact(rest.step(Step::Attr(name.into())).into())))
                }
                (None, None) => {
                    let names = object.entries.iter().map(|(name, _)| name.as_str());
                    return Err(no_attribute(name, names));
                }
            },
            Kind::Map(map) => match self.get(name) {
                Some(value) => value.clone(),
                None => {
                    let names = map.entries.iter().map(|(name, _)| name.as_str());
                    let hide = self.meta().sensitive();
                    return Err(no_element(name, names, hide));
                }
            },
            Kind::Unknown(unknown) => {
                let ty = match &unknown.ty {
                    Type::Dynamic => Type::Dynamic,
                    Type::Map(element) => (**element).clone(),
                    Type::Object(attributes) => match unknown.ty.attribute(name) {
                        Some(attribute) => attribute.ty.clone(),
                        None => {
                            let names = attributes.iter().map(|attribute| attribute.name.as_str());
                            return Err(no_attribute(name, names));
                        }
                    },
                    other => return Err(no_attributes(other, name)),
                };
                further(unknown, ty, Step::Attr(name.into()))
            }
            Kind::Null(_) => {
                return Err(AccessError::new(format!("this is null, so it has no attribute `{name}`")));
            }
            _ => return Err(no_attributes(&self.ty(), name)),
        };
        Ok(found.with_marks_of(self.meta()))
    }

    /// The element of that key, with the marks of both.
    ///
    /// # Errors
    /// [`AccessError`] if there is none.
    pub fn index(&self, key: &Self) -> Result<Self, AccessError> {
        let hide = key.marks_within().sensitive() || self.meta().sensitive();
        if key.is_null() {
            return Err(AccessError::new("the key is null"));
        }
        let found = match self.kind() {
            Kind::Null(_) => return Err(AccessError::new("this is null, so it has no elements")),
            Kind::List(_) | Kind::Tuple(_) => self.numbered(key, hide)?,
            Kind::Map(_) | Kind::Object(_) => self.named(key, hide)?,
            Kind::Set(_) => {
                return Err(AccessError::new("the elements of a set have neither order nor key")
                    .with_help("iterate over it with `for`, take the only one with `one(…)`, or convert it with `tolist(…)`"));
            }
            Kind::Unknown(unknown) => unknown_element(self, unknown, key, hide)?,
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                return Err(AccessError::new(format!("a {} has no elements", self.ty())));
            }
        };
        let found = found.with_marks_of(self.meta());
        // Which attribute of an object is asked for is taken for part of the program, not of the data.
        Ok(if matches!(self.kind(), Kind::Object(_)) { found } else { found.with_marks_of(key.meta()) })
    }

    fn numbered(&self, key: &Self, hide: bool) -> Result<Self, AccessError> {
        let elements = self.elements().unwrap_or_default();
        let Some(index) = position(key, hide)? else {
            let ty = match self.kind() {
                Kind::List(list) => list.element.clone(),
                _ => Type::Dynamic,
            };
            return Ok(some_of(ty, self, key));
        };
        let found = usize::try_from(index).ok().and_then(|index| elements.get(index));
        found.cloned().ok_or_else(|| out_of_range(index, elements.len(), hide))
    }

    fn named(&self, key: &Self, hide: bool) -> Result<Self, AccessError> {
        let key_text = super::convert(key, &Type::String)
            .map_err(|error| AccessError::new(format!("the key of an element: {}", error.message)))?;
        let Some(name) = key_text.as_str() else {
            let ty = match self.kind() {
                Kind::Map(map) => map.element.clone(),
                _ => Type::Dynamic,
            };
            return Ok(some_of(ty, self, key));
        };
        if let Some(value) = self.get(name) {
            return Ok(value.clone());
        }
        if let Kind::Object(object) = self.kind()
            && let Some(rest) = &object.rest
        {
            let identity = Identity::Exact(rest.step(Step::Attr(name.into())).into());
            return Ok(Self::unknown(Unknown::new(identity)));
        }
        let names = self.entries().unwrap_or_default().iter().map(|(name, _)| name.as_str());
        Err(no_element(name, names, hide))
    }
}

/// The element of an unknown collection.
fn unknown_element(
    collection: &Value,
    unknown: &Unknown,
    key: &Value,
    hide: bool,
) -> Result<Value, AccessError> {
    let (ty, step) = match &unknown.ty {
        Type::Dynamic => (Type::Dynamic, any_step(key)),
        Type::List(element) => ((**element).clone(), position(key, hide)?.map(Step::Index)),
        Type::Tuple(types) => match position(key, hide)? {
            None => (Type::Dynamic, None),
            Some(index) => match usize::try_from(index).ok().and_then(|index| types.get(index)) {
                Some(ty) => (ty.clone(), Some(Step::Index(index))),
                None => return Err(out_of_range(index, types.len(), hide)),
            },
        },
        Type::Map(element) => ((**element).clone(), any_step(key)),
        Type::Object(attributes) => match key.as_str() {
            None => (Type::Dynamic, None),
            Some(name) => match unknown.ty.attribute(name) {
                Some(attribute) => (attribute.ty.clone(), Some(Step::Attr(name.into()))),
                None => {
                    let names = attributes.iter().map(|attribute| attribute.name.as_str());
                    return Err(no_element(name, names, hide));
                }
            },
        },
        Type::Set(_) => return Err(AccessError::new("the elements of a set have neither order nor key")),
        other => return Err(AccessError::new(format!("a {other} has no elements"))),
    };
    Ok(match step {
        Some(step) => further(unknown, ty, step),
        None => some_of(ty, collection, key),
    })
}

/// The step that a known key is, where it is not known of what.
fn any_step(key: &Value) -> Option<Step> {
    match key.kind() {
        Kind::String(text) => Some(Step::Key(text.clone())),
        Kind::Number(number) => number.to_i64().and_then(|index| u64::try_from(index).ok()).map(Step::Index),
        _ => None,
    }
}

/// What lies one step further in an unknown value.
fn further(unknown: &Unknown, ty: Type, step: Step) -> Value {
    let identity = match &unknown.identity {
        Identity::Exact(exact) => Identity::Exact(exact.step(step).into()),
        derived @ Identity::Derived(_) => derived.clone(),
    };
    Value::unknown(Unknown { ty, identity, refinement: Refinement::default() })
}

/// An element of a collection, but it is not known which one.
fn some_of(ty: Type, collection: &Value, key: &Value) -> Value {
    let identity = Value::derived([collection, key]);
    Value::unknown(Unknown { ty, identity, refinement: Refinement::default() })
}

/// The number that a key is; `None` if it is not known.
fn position(key: &Value, hide: bool) -> Result<Option<u64>, AccessError> {
    let number = super::convert(key, &Type::Number)
        .map_err(|_| AccessError::new("the key of an element here is a number"))?;
    let Kind::Number(number) = number.kind() else { return Ok(None) };
    match number.to_i64().map(u64::try_from) {
        Some(Ok(index)) => Ok(Some(index)),
        _ if !number.is_whole() => Err(AccessError::new("the key of an element here is a whole number")),
        _ if hide => Err(AccessError::new("there is no such element")),
        _ if number.is_negative() => Err(AccessError::new(format!("there is no element {number}"))
            .with_help("elements count from 0; `element(…, -1)` counts from the end")),
        _ => Err(AccessError::new(format!("there is no element {number}"))),
    }
}

fn out_of_range(index: u64, len: usize, hide: bool) -> AccessError {
    if hide {
        return AccessError::new("there is no such element");
    }
    let has = match len {
        0 => "it is empty".to_owned(),
        1 => "it has one, number 0".to_owned(),
        len => format!("it has {len}, from 0 to {}", len - 1),
    };
    AccessError::new(format!("there is no element {index}: {has}"))
}

fn no_attribute<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> AccessError {
    let error = AccessError::new(format!("this object has no attribute `{name}`"));
    AccessError { help: did_you_mean(name, names), absent: true, ..error }
}

fn no_element<'a>(name: &str, names: impl Iterator<Item = &'a str>, hide: bool) -> AccessError {
    if hide {
        return AccessError::new("there is no element of that key");
    }
    let error = AccessError::new(format!("there is no element of key `{name}`"));
    AccessError { help: did_you_mean(name, names), ..error }
}

fn no_attributes(ty: &Type, name: &str) -> AccessError {
    let error = AccessError::new(format!("{} has no attributes", super::conversion::with_article(ty)));
    match ty {
        Type::List(element) | Type::Set(element) if matches!(**element, Type::Object(_)) => error.with_help(
            format!("did you mean attribute `{name}` of one of its elements, or of all, with `[*].{name}`?"),
        ),
        _ => error,
    }
}
