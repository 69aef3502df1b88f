//! What lies within a value: marks, and what is not known.

use std::borrow::Cow;
use std::sync::Arc;

use arcstr::ArcStr;

use crate::value::{Identity, Kind, Map, Meta, Object, Sequence, Value};

/// Marks, with no origin.
fn marks_of(meta: Meta) -> Meta {
    Meta::default().with_marks_of(meta)
}

/// The marks of a value and of all within it.
pub(super) fn marks_within(value: &Value) -> Meta {
    let mut marks = marks_of(value.meta());
    for element in value.elements().unwrap_or_default() {
        marks = marks.with_marks_of(marks_within(element));
    }
    for (_, element) in value.entries().unwrap_or_default() {
        marks = marks.with_marks_of(marks_within(element));
    }
    marks
}

/// Whether there are no marks.
pub(super) fn plain(marks: Meta) -> bool {
    !marks.sensitive() && !marks.ephemeral()
}

/// The value without any mark, on itself or within, and which marks those were.
pub(super) fn unmark_deep(value: &Value) -> (Cow<'_, Value>, Meta) {
    let marks = marks_within(value);
    if plain(marks) { (Cow::Borrowed(value), marks) } else { (Cow::Owned(without_marks(value)), marks) }
}

fn without_marks(value: &Value) -> Value {
    let list = |values: &[Value]| values.iter().map(without_marks).collect::<Vec<_>>();
    let map = |entries: &[(ArcStr, Value)]| {
        entries.iter().map(|(key, value)| (key.clone(), without_marks(value))).collect::<Vec<_>>()
    };
    let kind = match value.kind() {
        Kind::List(of) => {
            Kind::List(Arc::new(Sequence { element: of.element.clone(), values: list(&of.values) }))
        }
        Kind::Set(of) => {
            Kind::Set(Arc::new(Sequence { element: of.element.clone(), values: list(&of.values) }))
        }
        Kind::Tuple(values) => Kind::Tuple(Arc::new(list(values))),
        Kind::Map(of) => Kind::Map(Arc::new(Map { element: of.element.clone(), entries: map(&of.entries) })),
        Kind::Object(of) => {
            Kind::Object(Arc::new(Object { entries: map(&of.entries), rest: of.rest.clone() }))
        }
        scalar => scalar.clone(),
    };
    Value::new(kind).with_origin(value.origin())
}

/// Whether all of it is known.
pub(super) fn wholly_known(value: &Value) -> bool {
    match value.kind() {
        Kind::Unknown(_) => false,
        Kind::Object(object) if object.rest.is_some() => false,
        _ => {
            value.elements().unwrap_or_default().iter().all(wholly_known)
                && value.entries().unwrap_or_default().iter().all(|(_, value)| wholly_known(value))
        }
    }
}

/// The identity of what is computed from these.
pub(super) fn derived<'a>(values: impl IntoIterator<Item = &'a Value>) -> Identity {
    let mut found = Vec::new();
    for value in values {
        collect(value, &mut found);
    }
    Identity::derived(&found)
}

fn collect(value: &Value, found: &mut Vec<Identity>) {
    match value.kind() {
        Kind::Unknown(unknown) => found.push(unknown.identity.clone()),
        Kind::Object(object) => found.extend(object.rest.clone().map(Identity::Exact)),
        _ => {}
    }
    for element in value.elements().unwrap_or_default() {
        collect(element, found);
    }
    for (_, element) in value.entries().unwrap_or_default() {
        collect(element, found);
    }
}
