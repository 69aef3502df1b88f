use arcstr::ArcStr;

use super::{Identity, Type};

/// A value that is not known: its type, which one it is, and what is known of it all the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Unknown {
    /// Its type; [`Type::Dynamic`] if that is not known either.
    pub ty: Type,
    /// Which value it is.
    pub identity: Identity,
    /// What is known of it.
    pub refinement: Refinement,
}

/// What is known of an unknown value.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Refinement {
    /// It is not null.
    pub not_null: bool,
    /// The text begins so.
    pub prefix: Option<ArcStr>,
    /// The collection has at least so many elements, and at most so many.
    pub length: Option<(u64, Option<u64>)>,
}

impl Unknown {
    /// An unknown value of unknown type.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Self { ty: Type::Dynamic, identity, refinement: Refinement::default() }
    }
}
