use std::sync::Arc;

use arcstr::ArcStr;

/// A type of the language, or a constraint on one (with [`Type::Dynamic`] and optional attributes in it).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// `any`: not known, or anything goes.
    Dynamic,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(element)`
    List(Arc<Type>),
    /// `set(element)`
    Set(Arc<Type>),
    /// `map(element)`
    Map(Arc<Type>),
    /// `tuple([...])`
    Tuple(Arc<Vec<Type>>),
    /// `object({...})`: sorted by name.
    Object(Arc<Vec<ObjectAttribute>>),
}

/// An attribute of an object type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ObjectAttribute {
    /// Its name.
    pub name: ArcStr,
    /// Its type.
    pub ty: Type,
    /// `optional(...)`: may be left out (constraints only).
    pub optional: bool,
}
