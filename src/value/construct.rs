//! Values made of others.

use std::borrow::Cow;
use std::sync::Arc;

use arcstr::ArcStr;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{
    Exact, Identity, Kind, Map, Meta, Number, Object, Refinement, Sequence, Type, Unknown, Value, set,
};

/// The text in the form that all texts of the language have (NFC).
#[must_use]
pub fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

impl Value {
    /// A text, in any form of Unicode.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::string(ArcStr::from(&*normal(text)))
    }

    /// A number.
    #[must_use]
    pub fn number(number: Number) -> Self {
        Self::new(Kind::Number(number))
    }

    /// A null of that type.
    #[must_use]
    pub fn null_of(ty: Type) -> Self {
        Self::new(Kind::Null((ty != Type::Dynamic).then(|| Arc::new(ty))))
    }

    /// A list. The values must have the elements' type, but for unknown ones of unknown type, which take it on.
    #[must_use]
    pub fn list(element: Type, values: Vec<Self>) -> Self {
        let values = typed(&element, values);
        Self::new(Kind::List(Arc::new(Sequence { element, values })))
    }

    /// A set, of values as for a list, in any order and with repeats. An element's mark becomes the set's: which
    /// element it was on would tell what it is.
    #[must_use]
    pub fn set(element: Type, values: Vec<Self>) -> Self {
        let mut marks = Meta::default();
        let values = typed(&element, values)
            .into_iter()
            .map(|value| {
                let within = value.marks_within();
                marks = marks.with_marks_of(within);
                if within.is_marked() { value.unmarked_deep().into_owned() } else { value }
            })
            .collect();
        let values = set::ordered(&element, values);
        Self::new(Kind::Set(Arc::new(Sequence { element, values }))).with_marks_of(marks)
    }

    /// A map, of values as for a list; of one key the last counts.
    #[must_use]
    pub fn map(element: Type, mut entries: Vec<(ArcStr, Self)>) -> Self {
        if element != Type::Dynamic {
            entries = entries.into_iter().map(|(key, value)| (key, value.taking_on(&element))).collect();
        }
        Self::new(Kind::Map(Arc::new(Map { element, entries: sorted(entries) })))
    }

    /// An object that has more attributes than are written; see [`Object::rest`].
    #[must_use]
    pub fn open_object(entries: Vec<(ArcStr, Self)>, rest: Arc<Exact>) -> Self {
        Self::new(Kind::Object(Arc::new(Object { entries: sorted(entries), rest: Some(rest) })))
    }

    /// An unknown value of that type that is known not to be null.
    #[must_use]
    pub fn unknown_of(ty: Type, identity: Identity) -> Self {
        let refinement = Refinement { not_null: true, ..Refinement::default() };
        Self::unknown(Unknown { ty, identity, refinement })
    }

    /// An untyped unknown or null takes on the type of the collection that it is in.
    fn taking_on(self, element: &Type) -> Self {
        match &self.kind {
            Kind::Unknown(unknown) if unknown.ty == Type::Dynamic => {
                let unknown = Unknown { ty: element.clone(), ..(**unknown).clone() };
                Self { kind: Kind::Unknown(Arc::new(unknown)), meta: self.meta }
            }
            Kind::Null(None) => Self::null_of(element.clone()).with_meta(self.meta),
            _ => self,
        }
    }
}

fn typed(element: &Type, values: Vec<Value>) -> Vec<Value> {
    if *element == Type::Dynamic {
        return values;
    }
    values.into_iter().map(|value| value.taking_on(element)).collect()
}

/// Sorted by key; of one key the last counts.
pub(super) fn sorted(mut entries: Vec<(ArcStr, Value)>) -> Vec<(ArcStr, Value)> {
    if entries.is_sorted_by(|a, b| a.0 < b.0) {
        return entries;
    }
    // The sort is stable, so among equal names the last written is last; it replaces those before it.
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
    entries
}
