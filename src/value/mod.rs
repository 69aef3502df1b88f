//! Values: what an expression evaluates to, known or unknown, with marks and with the place it was written at.
//!
//! A [`Value`] is 24 bytes: an inline scalar or a shared collection, and one `u32` for marks and [`Origin`].
//! Equality of Rust's `==` is structural and ignores marks and origins; the language's own `==` lives in `eval`.

mod access;
mod constraint;
mod construct;
mod conversion;
mod convert;
mod identity;
mod json;
mod meta;
mod name;
mod number;
mod set;
mod survey;
mod types;
mod unify;
mod unknown;

use std::sync::Arc;

use arcstr::ArcStr;

pub use access::AccessError;
pub use constraint::{AttributeDefault, Constraint, Defaults};
pub use construct::normal;
pub use convert::{ConversionError, convert};
pub use identity::{Exact, Identity, Step};
pub use meta::{Meta, Origin};
pub use name::name;
pub(crate) use number::Decimal;
pub use number::{BigFloat, Number, Undefined};
pub use types::{ObjectAttribute, Type};
pub use unify::unify;
pub use unknown::{Refinement, Unknown};

/// A value of the language.
#[derive(Clone, Debug)]
pub struct Value {
    kind: Kind,
    meta: Meta,
}

/// What a value is, its marks and origin aside.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `null`; `None` where nothing gave it a type.
    Null(Option<Arc<Type>>),
    /// Not known yet, but known which one it is.
    Unknown(Arc<Unknown>),
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, NFC-normalised.
    String(ArcStr),
    /// A list: elements of one type.
    List(Arc<Sequence>),
    /// A set: elements of one type, without repeats, in the language's order.
    Set(Arc<Sequence>),
    /// A map: elements of one type, by key.
    Map(Arc<Map>),
    /// A tuple: elements of any types.
    Tuple(Arc<Vec<Value>>),
    /// An object: attributes of any types.
    Object(Arc<Object>),
}

/// The elements of a list or set, and their type (which an empty one has too).
#[derive(Clone, PartialEq, Debug)]
pub struct Sequence {
    /// The elements' type.
    pub element: Type,
    /// The elements.
    pub values: Vec<Value>,
}

/// The elements of a map, sorted by key, and their type.
#[derive(Clone, PartialEq, Debug)]
pub struct Map {
    /// The elements' type.
    pub element: Type,
    /// The elements, sorted by key, keys unique.
    pub entries: Vec<(ArcStr, Value)>,
}

/// The attributes of an object, sorted by name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Object {
    /// The attributes, sorted by name, names unique.
    pub entries: Vec<(ArcStr, Value)>,
    /// Present where more attributes exist than are written (a resource without its provider's schema): an attribute
    /// that is not among the entries is then unknown, with this identity and its name behind it.
    pub rest: Option<Arc<Exact>>,
}

thread_local! {
    static EMPTY: Arc<Vec<Value>> = Arc::default();
}

impl Value {
    /// A value without marks and origin.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, meta: Meta::default() }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What it is, the marks and the origin given up.
    #[must_use]
    pub fn into_kind(self) -> Kind {
        self.kind
    }

    /// Its own marks and origin (an element inside may have others).
    #[must_use]
    pub fn meta(&self) -> Meta {
        self.meta
    }

    /// The same value with other marks and origin.
    #[must_use]
    pub fn with_meta(mut self, meta: Meta) -> Self {
        self.meta = meta;
        self
    }

    /// The same value, written at `origin`; marks stay.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.meta = self.meta.with_origin(origin);
        self
    }

    /// Where it was written.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.meta.origin()
    }

    /// A null of no type.
    #[must_use]
    pub fn null() -> Self {
        Self::new(Kind::Null(None))
    }

    /// A boolean.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self::new(Kind::Bool(value))
    }

    /// A whole number, as what is counted is.
    #[must_use]
    pub fn int(value: i64) -> Self {
        Self::new(Kind::Number(Number::from(value)))
    }

    /// A text that is NFC-normalised already.
    #[must_use]
    pub fn string(text: impl Into<ArcStr>) -> Self {
        Self::new(Kind::String(text.into()))
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(values: Vec<Self>) -> Self {
        // Plans are full of empty lists.
        let values = if values.is_empty() { EMPTY.with(Arc::clone) } else { Arc::new(values) };
        Self::new(Kind::Tuple(values))
    }

    /// An object; entries in any order, the last of one name wins.
    #[must_use]
    pub fn object(entries: Vec<(ArcStr, Self)>) -> Self {
        let entries = construct::sorted(entries);
        Self::new(Kind::Object(Arc::new(Object { entries, rest: None })))
    }

    /// An unknown value.
    #[must_use]
    pub fn unknown(unknown: Unknown) -> Self {
        Self::new(Kind::Unknown(Arc::new(unknown)))
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// The text, if it is a known one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is a known one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// What is not known, if it is not.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The elements, if it is a known list, set or tuple.
    #[must_use]
    pub fn elements(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(sequence) | Kind::Set(sequence) => Some(&sequence.values),
            Kind::Tuple(values) => Some(values),
            _ => None,
        }
    }

    /// The entries, if it is a known map or object.
    #[must_use]
    pub fn entries(&self) -> Option<&[(ArcStr, Self)]> {
        match &self.kind {
            Kind::Map(map) => Some(&map.entries),
            Kind::Object(object) => Some(&object.entries),
            _ => None,
        }
    }

    /// The entry of that key, if it is a known map or object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let entries = self.entries()?;
        let at = entries.binary_search_by(|(name, _)| name.as_str().cmp(key)).ok()?;
        entries.get(at).map(|(_, value)| value)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

#[cfg(test)]
pub(crate) mod arbitrary;
#[cfg(test)]
mod tests;
