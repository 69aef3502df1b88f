//! Members of objects, as plans have them: null is as good as not there.

use std::ops::Range;

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use super::super::json::{Cursor, JsonError, JsonFault};
use crate::value::Step;

pub(super) type Result<T> = std::result::Result<T, JsonError>;

/// Keeps what a member holds; it may be there once.
pub(super) fn once<T>(slot: &mut Option<T>, name: &'static str, at: usize, value: T) -> Result<()> {
    if slot.is_some() {
        return Err(JsonError { at, fault: JsonFault::Twice(name) });
    }
    *slot = Some(value);
    Ok(())
}

/// What must be there.
pub(super) fn needed<T>(slot: Option<T>, name: &'static str, at: usize) -> Result<T> {
    slot.ok_or(JsonError { at, fault: JsonFault::Missing(name) })
}

pub(super) fn text(cursor: &mut Cursor<'_>) -> Result<Option<ArcStr>> {
    if cursor.null()? {
        return Ok(None);
    }
    Ok(Some(ArcStr::from(&*cursor.string()?)))
}

/// Texts that come again and again, each kept once: types, names, providers.
#[derive(Default)]
pub(super) struct Names(FxHashSet<ArcStr>);

impl Names {
    pub(super) fn text(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<ArcStr>> {
        if cursor.null()? {
            return Ok(None);
        }
        let text = cursor.string()?;
        if let Some(known) = self.0.get(&*text) {
            return Ok(Some(known.clone()));
        }
        let text = ArcStr::from(&*text);
        self.0.insert(text.clone());
        Ok(Some(text))
    }
}

pub(super) fn boolean(cursor: &mut Cursor<'_>) -> Result<Option<bool>> {
    if cursor.null()? {
        return Ok(None);
    }
    cursor.boolean().map(Some)
}

/// The elements of an array; none of null.
pub(super) fn array(
    cursor: &mut Cursor<'_>,
    element: impl FnMut(&mut Cursor<'_>) -> Result<()>,
) -> Result<()> {
    if cursor.null()? { Ok(()) } else { cursor.array(element) }
}

/// The members of an object; none of null.
pub(super) fn object(
    cursor: &mut Cursor<'_>,
    member: impl FnMut(&mut Cursor<'_>, &str) -> Result<()>,
) -> Result<()> {
    if cursor.null()? { Ok(()) } else { cursor.object(member) }
}

pub(super) fn texts(cursor: &mut Cursor<'_>) -> Result<Vec<ArcStr>> {
    let mut texts = Vec::new();
    array(cursor, |cursor| {
        texts.push(ArcStr::from(&*cursor.string()?));
        Ok(())
    })?;
    Ok(texts)
}

/// A way into a value: names and numbers.
pub(super) fn path(cursor: &mut Cursor<'_>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    array(cursor, |cursor| {
        let step = if cursor.peek() == Some(b'"') {
            let name = ArcStr::from(&*cursor.string()?);
            // A plan does not say whether it is an attribute or the key of a map; what reads as a name is shown as one.
            if is_name(&name) { Step::Attr(name) } else { Step::Key(name) }
        } else {
            cursor.number()?.parse().map_or(Step::Any, Step::Index)
        };
        steps.push(step);
        Ok(())
    })?;
    Ok(steps)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

/// Where each element of an array stands.
pub(super) fn places(cursor: &mut Cursor<'_>) -> Result<Vec<Range<u32>>> {
    let mut places = Vec::new();
    cursor.array(|cursor| {
        places.push(cursor.skip()?);
        Ok(())
    })?;
    Ok(places)
}
