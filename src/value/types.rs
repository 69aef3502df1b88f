use std::fmt;
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

impl Type {
    /// `list(element)`
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([...])`
    #[must_use]
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(elements))
    }

    /// `object({...})` of attributes that must be there; of one name the last counts.
    #[must_use]
    pub fn object(attributes: impl IntoIterator<Item = (ArcStr, Self)>) -> Self {
        Self::object_of(
            attributes.into_iter().map(|(name, ty)| ObjectAttribute { name, ty, optional: false }).collect(),
        )
    }

    /// `object({...})`; of one name the last counts.
    #[must_use]
    pub fn object_of(mut attributes: Vec<ObjectAttribute>) -> Self {
        attributes.reverse();
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        attributes.dedup_by(|a, b| a.name == b.name);
        Self::Object(Arc::new(attributes))
    }

    /// The type of the elements of a list, set or map.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// The attribute of that name, of an object type.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&ObjectAttribute> {
        let Self::Object(attributes) = self else { return None };
        let at = attributes.binary_search_by(|attribute| attribute.name.as_str().cmp(name)).ok()?;
        attributes.get(at)
    }

    /// Whether it is `bool`, `number` or `string`.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether it is, or has in it, what is not known.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
            Self::Object(attributes) => attributes.iter().any(|attribute| attribute.ty.has_dynamic()),
        }
    }

    fn has_optional(&self) -> bool {
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_optional(),
            Self::Tuple(elements) => elements.iter().any(Self::has_optional),
            Self::Object(attributes) => {
                attributes.iter().any(|attribute| attribute.optional || attribute.ty.has_optional())
            }
        }
    }

    /// The type that values have which meet this constraint: every attribute is there.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional).collect()),
            Self::Object(attributes) => Self::object(
                attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty.without_optional())),
            ),
        }
    }

    /// Whether a value of this type is one of `wanted`, in which [`Type::Dynamic`] stands for anything.
    #[must_use]
    pub fn conforms(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (_, Self::Dynamic) => true,
            (Self::List(a), Self::List(b)) | (Self::Set(a), Self::Set(b)) | (Self::Map(a), Self::Map(b)) => {
                a.conforms(b)
            }
            (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.conforms(b))
            }
            (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(a, b)| a.name == b.name && a.ty.conforms(&b.ty))
            }
            _ => self == wanted,
        }
    }

    /// The type as `type()` prints it: structures on lines of their own, indented by four.
    #[must_use]
    pub fn indented(&self) -> String {
        let mut text = String::new();
        self.write_indented(&mut text, 0);
        text
    }

    fn write_indented(&self, text: &mut String, depth: usize) {
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("    ", depth));
        };
        match self {
            Self::Dynamic => text.push_str("dynamic"),
            Self::Bool => text.push_str("bool"),
            Self::Number => text.push_str("number"),
            Self::String => text.push_str("string"),
            Self::List(element) | Self::Set(element) | Self::Map(element) => {
                text.push_str(self.collection());
                text.push('(');
                // A structure's own lines would hide the collection around it.
                if matches!(**element, Self::Object(_) | Self::Tuple(_)) {
                    line(text, depth + 1);
                    element.write_indented(text, depth + 1);
                    text.push(',');
                    line(text, depth);
                } else {
                    element.write_indented(text, depth);
                }
                text.push(')');
            }
            Self::Tuple(elements) => {
                text.push_str("tuple([");
                for element in elements.iter() {
                    line(text, depth + 1);
                    element.write_indented(text, depth + 1);
                    text.push(',');
                }
                if !elements.is_empty() {
                    line(text, depth);
                }
                text.push_str("])");
            }
            Self::Object(attributes) => {
                text.push_str("object({");
                for attribute in attributes.iter() {
                    line(text, depth + 1);
                    text.push_str(&attribute.name);
                    text.push_str(": ");
                    attribute.ty.write_indented(text, depth + 1);
                    text.push(',');
                }
                if !attributes.is_empty() {
                    line(text, depth);
                }
                text.push_str("})");
            }
        }
    }

    fn collection(&self) -> &'static str {
        match self {
            Self::List(_) => "list",
            Self::Set(_) => "set",
            _ => "map",
        }
    }
}

impl fmt::Display for Type {
    /// The type as a constraint is written, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dynamic => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::List(element) | Self::Set(element) | Self::Map(element) => {
                write!(f, "{}({element})", self.collection())
            }
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (index, attribute) in attributes.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    match attribute.optional {
                        true => write!(f, "{comma}{}=optional({})", attribute.name, attribute.ty)?,
                        false => write!(f, "{comma}{}={}", attribute.name, attribute.ty)?,
                    }
                }
                f.write_str("})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_in_two_forms() {
        let object = Type::object([("b".into(), Type::Dynamic), ("a".into(), Type::set(Type::Number))]);
        let ty = Type::list(object);
        assert_eq!(ty.to_string(), "list(object({a=set(number), b=any}))");
        assert_eq!(
            ty.indented(),
            "list(\n    object({\n        a: set(number),\n        b: dynamic,\n    }),\n)"
        );
        assert_eq!(Type::tuple(vec![]).indented(), "tuple([])");
    }

    #[test]
    fn a_constraint_is_met_by_what_it_leaves_open() {
        let wanted = Type::list(Type::Dynamic);
        assert!(Type::list(Type::String).conforms(&wanted));
        assert!(!Type::set(Type::String).conforms(&wanted));
        assert!(!wanted.conforms(&Type::list(Type::String)));
    }
}
