use arcstr::ArcStr;

use super::{ConversionError, Kind, Type, Value, convert};

/// What `type = …` says: a type, and the defaults of attributes that may be left out.
#[derive(Clone, PartialEq, Debug)]
pub struct Constraint {
    /// The type.
    pub ty: Type,
    /// The defaults in it, if any.
    pub defaults: Option<Defaults>,
}

/// The defaults that `optional(type, default)` sets, at the place of the type where they stand.
#[derive(Clone, PartialEq, Debug)]
pub enum Defaults {
    /// In the elements of a collection.
    Elements(Box<Defaults>),
    /// In the elements of a tuple, one by one.
    Tuple(Vec<Option<Defaults>>),
    /// In the attributes of an object.
    Object(Vec<AttributeDefault>),
}

/// The defaults of an attribute and in it.
#[derive(Clone, PartialEq, Debug)]
pub struct AttributeDefault {
    /// The attribute's name.
    pub name: ArcStr,
    /// What it is if it is left out or null.
    pub default: Option<Value>,
    /// The defaults within.
    pub within: Option<Defaults>,
}

impl Constraint {
    /// A type without defaults.
    #[must_use]
    pub fn new(ty: Type) -> Self {
        Self { ty, defaults: None }
    }

    /// `any`
    #[must_use]
    pub fn any() -> Self {
        Self::new(Type::Dynamic)
    }

    /// The value with the defaults filled in, as one of the type.
    ///
    /// # Errors
    /// [`ConversionError`] if it cannot be one.
    pub fn apply(&self, value: &Value) -> Result<Value, ConversionError> {
        match &self.defaults {
            Some(defaults) => convert(&defaults.fill(value), &self.ty),
            None => convert(value, &self.ty),
        }
    }
}

impl Defaults {
    /// The value with what is left out or null set to its default. Collections become structures, because the
    /// elements may differ in type until they are converted.
    fn fill(&self, value: &Value) -> Value {
        let filled = match (self, value.kind()) {
            (Self::Elements(within), Kind::List(of) | Kind::Set(of)) if !of.values.is_empty() => {
                Value::tuple(of.values.iter().map(|value| within.fill(value)).collect())
            }
            (Self::Elements(within), Kind::Tuple(values)) => {
                Value::tuple(values.iter().map(|value| within.fill(value)).collect())
            }
            (Self::Elements(within), Kind::Map(of)) if !of.entries.is_empty() => Value::object(
                of.entries.iter().map(|(key, value)| (key.clone(), within.fill(value))).collect(),
            ),
            (Self::Elements(within), Kind::Object(of)) if of.rest.is_none() => Value::object(
                of.entries.iter().map(|(key, value)| (key.clone(), within.fill(value))).collect(),
            ),
            (Self::Tuple(parts), Kind::Tuple(values)) => Value::tuple(
                values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| match parts.get(index) {
                        Some(Some(within)) => within.fill(value),
                        _ => value.clone(),
                    })
                    .collect(),
            ),
            (Self::Object(attributes), Kind::Object(of)) => {
                let entries = fill_attributes(attributes, &of.entries, of.rest.is_some());
                match &of.rest {
                    Some(rest) => Value::open_object(entries, rest.clone()),
                    None => Value::object(entries),
                }
            }
            (Self::Object(attributes), Kind::Map(of)) => {
                Value::object(fill_attributes(attributes, &of.entries, false))
            }
            _ => return value.clone(),
        };
        filled.with_meta(value.meta())
    }
}

/// An attribute that is not written of an object that is open is unknown, and not its default.
fn fill_attributes(
    attributes: &[AttributeDefault],
    given: &[(ArcStr, Value)],
    open: bool,
) -> Vec<(ArcStr, Value)> {
    let mut entries = given.to_vec();
    for attribute in attributes {
        let at = entries.iter().position(|(name, _)| *name == attribute.name);
        let given = at.and_then(|at| entries.get_mut(at)).map(|(_, value)| value);
        let within = |value: &Value| match &attribute.within {
            Some(within) => within.fill(value),
            None => value.clone(),
        };
        match (given, &attribute.default) {
            (Some(value), Some(default)) if value.is_null() => *value = within(default),
            (Some(value), _) => *value = within(value),
            (None, Some(default)) if !open => entries.push((attribute.name.clone(), within(default))),
            (None, _) => {}
        }
    }
    entries
}
