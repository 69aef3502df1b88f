use std::sync::Arc;

use crate::value::{Kind, Type, Value};

/// What a function takes in one place.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name, as error messages say it.
    pub name: &'static str,
    /// What an argument is converted to.
    pub wants: Wants,
    /// Whether null is let through.
    pub null: bool,
    /// Whether an unknown value is let through.
    pub unknown: bool,
    /// Whether a value whose type is not known is let through, if `unknown` or `null` are.
    pub dynamic: bool,
    /// Whether marks stay on the argument; the function then sees to the result's marks.
    pub marked: bool,
}

/// The type that a parameter converts to, or that a result has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wants {
    /// Anything.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(...)`
    List(&'static Wants),
    /// `set(...)`
    Set(&'static Wants),
    /// `map(...)`
    Map(&'static Wants),
}

impl Wants {
    /// As a type.
    #[must_use]
    pub fn ty(self) -> Type {
        match self {
            Self::Any => Type::Dynamic,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::String => Type::String,
            Self::List(of) => Type::List(Arc::new(of.ty())),
            Self::Set(of) => Type::Set(Arc::new(of.ty())),
            Self::Map(of) => Type::Map(Arc::new(of.ty())),
        }
    }

    /// Whether the value has this type already.
    pub(super) fn fits(self, value: &Value) -> bool {
        match (self, value.kind()) {
            (Self::Any, _)
            | (Self::Bool, Kind::Bool(_))
            | (Self::Number, Kind::Number(_))
            | (Self::String, Kind::String(_)) => true,
            (Self::List(Self::Any), Kind::List(_))
            | (Self::Set(Self::Any), Kind::Set(_))
            | (Self::Map(Self::Any), Kind::Map(_)) => true,
            (Self::List(of), Kind::List(sequence)) | (Self::Set(of), Kind::Set(sequence)) => {
                sequence.element == of.ty()
            }
            (Self::Map(of), Kind::Map(map)) => map.element == of.ty(),
            _ => false,
        }
    }
}

impl Parameter {
    /// A parameter that takes known values, and no null.
    #[must_use]
    pub const fn new(name: &'static str, wants: Wants) -> Self {
        Self { name, wants, null: false, unknown: false, dynamic: false, marked: false }
    }

    /// Null is let through.
    #[must_use]
    pub const fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// What is not known is let through.
    #[must_use]
    pub const fn unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// A value whose type is not known is let through.
    #[must_use]
    pub const fn dynamic(mut self) -> Self {
        self.dynamic = true;
        self
    }

    pub(super) const fn marked(mut self) -> Self {
        self.marked = true;
        self
    }
}
