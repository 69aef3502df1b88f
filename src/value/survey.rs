//! What lies within a value: its type, marks, and what is not known.

use std::borrow::Cow;
use std::sync::Arc;

use arcstr::ArcStr;

use super::{Identity, Kind, Map, Meta, Object, Sequence, Type, Value};

impl Value {
    /// Its type. That of an object with a [`Object::rest`] is not known, nor is that of an untyped null.
    #[must_use]
    pub fn ty(&self) -> Type {
        match &self.kind {
            Kind::Null(ty) => ty.as_deref().cloned().unwrap_or(Type::Dynamic),
            Kind::Unknown(unknown) => unknown.ty.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(sequence) => Type::list(sequence.element.clone()),
            Kind::Set(sequence) => Type::set(sequence.element.clone()),
            Kind::Map(map) => Type::map(map.element.clone()),
            Kind::Tuple(values) => Type::tuple(values.iter().map(Self::ty).collect()),
            Kind::Object(object) if object.rest.is_some() => Type::Dynamic,
            Kind::Object(object) => {
                Type::object(object.entries.iter().map(|(name, value)| (name.clone(), value.ty())))
            }
        }
    }

    /// Whether the value has this type, without making its own.
    #[must_use]
    pub fn has_type(&self, ty: &Type) -> bool {
        match (&self.kind, ty) {
            (Kind::Null(own), _) => own.as_deref().unwrap_or(&Type::Dynamic) == ty,
            (Kind::Unknown(unknown), _) => unknown.ty == *ty,
            (Kind::Bool(_), Type::Bool)
            | (Kind::Number(_), Type::Number)
            | (Kind::String(_), Type::String) => true,
            (Kind::List(sequence), Type::List(element)) | (Kind::Set(sequence), Type::Set(element)) => {
                sequence.element == **element
            }
            (Kind::Map(map), Type::Map(element)) => map.element == **element,
            (Kind::Tuple(values), Type::Tuple(types)) => {
                values.len() == types.len()
                    && values.iter().zip(types.iter()).all(|(value, ty)| value.has_type(ty))
            }
            (Kind::Object(object), Type::Object(attributes)) => {
                object.rest.is_none()
                    && object.entries.len() == attributes.len()
                    && object.entries.iter().zip(attributes.iter()).all(|((name, value), attribute)| {
                        *name == attribute.name && !attribute.optional && value.has_type(&attribute.ty)
                    })
            }
            (Kind::Object(object), Type::Dynamic) => object.rest.is_some(),
            _ => false,
        }
    }

    /// The values directly in it.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let elements = self.elements().unwrap_or_default();
        let entries = self.entries().unwrap_or_default();
        elements.iter().chain(entries.iter().map(|(_, value)| value))
    }

    /// Whether it consists of at most so many values, itself included, nested at most so deep.
    #[must_use]
    pub fn is_within(&self, most: usize, depth: usize) -> bool {
        self.count_within(&mut { most }, depth)
    }

    /// Of how many values it consists, itself included; from so many on they are not counted.
    #[must_use]
    pub fn count(&self, most: usize) -> usize {
        let mut left = most;
        self.count_within(&mut left, usize::MAX);
        most - left
    }

    fn count_within(&self, left: &mut usize, depth: usize) -> bool {
        match (left.checked_sub(1), depth.checked_sub(1)) {
            (Some(rest), Some(depth)) => {
                *left = rest;
                self.children().all(|child| child.count_within(left, depth))
            }
            _ => false,
        }
    }

    /// Whether neither it nor anything in it is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Unknown(_) => false,
            Kind::Object(object) if object.rest.is_some() => false,
            _ => self.children().all(Self::is_wholly_known),
        }
    }

    /// The marks of it and of all in it, without an origin.
    #[must_use]
    pub fn marks_within(&self) -> Meta {
        let own = Meta::default().with_marks_of(self.meta);
        self.children().fold(own, |marks, child| marks.with_marks_of(child.marks_within()))
    }

    /// The value with the marks of `meta` added to its own.
    #[must_use]
    pub fn with_marks_of(mut self, meta: Meta) -> Self {
        self.meta = self.meta.with_marks_of(meta);
        self
    }

    /// The value without its own marks.
    #[must_use]
    pub fn unmarked(mut self) -> Self {
        self.meta = Meta::default().with_origin(self.meta.origin());
        self
    }

    /// The value without marks, on it and in it.
    #[must_use]
    pub fn unmarked_deep(&self) -> Cow<'_, Self> {
        if self.marks_within().is_marked() {
            Cow::Owned(self.map_within(&Self::unmarked))
        } else {
            Cow::Borrowed(self)
        }
    }

    /// The value with `change` made to all in it, then to itself.
    fn map_within(&self, change: &impl Fn(Self) -> Self) -> Self {
        let list = |values: &[Self]| values.iter().map(|value| value.map_within(change)).collect::<Vec<_>>();
        let map = |entries: &[(ArcStr, Self)]| {
            entries.iter().map(|(key, value)| (key.clone(), value.map_within(change))).collect::<Vec<_>>()
        };
        let sequence =
            |of: &Sequence| Arc::new(Sequence { element: of.element.clone(), values: list(&of.values) });
        let kind = match &self.kind {
            Kind::List(of) => Kind::List(sequence(of)),
            Kind::Set(of) => Kind::Set(sequence(of)),
            Kind::Tuple(values) => Kind::Tuple(Arc::new(list(values))),
            Kind::Map(of) => {
                Kind::Map(Arc::new(Map { element: of.element.clone(), entries: map(&of.entries) }))
            }
            Kind::Object(of) => {
                Kind::Object(Arc::new(Object { entries: map(&of.entries), rest: of.rest.clone() }))
            }
            scalar => scalar.clone(),
        };
        change(Self { kind, meta: self.meta })
    }

    /// The identities of all that is unknown in it.
    pub fn collect_identities(&self, found: &mut Vec<Identity>) {
        match &self.kind {
            Kind::Unknown(unknown) => found.push(unknown.identity.clone()),
            Kind::Object(object) => found.extend(object.rest.clone().map(Identity::Exact)),
            _ => {}
        }
        self.children().for_each(|child| child.collect_identities(found));
    }

    /// The identity of what is computed from these.
    #[must_use]
    pub fn derived<'a>(values: impl IntoIterator<Item = &'a Self>) -> Identity {
        let mut found = Vec::new();
        for value in values {
            value.collect_identities(&mut found);
        }
        Identity::derived(&found)
    }
}

impl Meta {
    /// Whether there is any mark.
    #[must_use]
    pub fn is_marked(self) -> bool {
        self.sensitive() || self.ephemeral()
    }
}
