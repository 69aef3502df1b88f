//! Values built from a plan's text, with what is not known and what is sensitive in its place.

use arcstr::ArcStr;
use rustc_hash::FxHashSet;

use super::alone::Wanted;
use super::json::{Cursor, JsonError};
use super::mask::{Mask, NOTHING};
use crate::value::{Identity, Kind, Number, Step, Unknown, Value, name};

/// Says which value it is that is not known at a path, and whether every list on the way has one element.
pub(super) type Identify<'i> = dyn FnMut(&[Step], bool) -> Identity + 'i;

/// Up to which length texts are shared.
const MAX_SHARED: usize = 20;

/// Builds one value.
pub(super) struct Builder<'i> {
    /// Which attributes of the whole are built.
    wanted: &'i Wanted,
    identify: &'i mut Identify<'i>,
    /// How many objects and lists are open.
    depth: usize,
    /// The attribute of the whole that is being read.
    attribute: ArcStr,
    path: Vec<Step>,
    /// How many lists on the way have several elements.
    crowds: usize,
    /// What was read of objects and lists that are not whole yet: theirs is made once, in the size it needs.
    entries: Vec<(ArcStr, Value)>,
    values: Vec<Value>,
}

impl<'i> Builder<'i> {
    fn new(wanted: &'i Wanted, identify: &'i mut Identify<'i>) -> Self {
        Self {
            wanted,
            identify,
            depth: 0,
            attribute: ArcStr::new(),
            path: Vec::new(),
            crowds: 0,
            entries: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Reads the value that comes.
    pub(super) fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        unknown: &Mask,
        sensitive: &Mask,
    ) -> Result<Value, JsonError> {
        if *unknown == Mask::All {
            cursor.skip()?;
            return Ok(marked(self.unknown(), sensitive));
        }
        let value = match cursor.peek() {
            Some(b'{') => self.object(cursor, unknown, sensitive)?,
            Some(b'[') => self.tuple(cursor, unknown, sensitive)?,
            Some(b'"') => text(&cursor.string()?),
            Some(b't' | b'f') => Value::bool(cursor.boolean()?),
            Some(b'n') => {
                cursor.null()?;
                return Ok(self.absent(unknown, sensitive));
            }
            _ => number(cursor.number()?),
        };
        Ok(marked(value, sensitive))
    }

    /// Whether what stands under a key is built, in an object in which so many others are open.
    fn wants(&self, depth: usize, key: &str) -> bool {
        match depth {
            0 => self.wanted.has(key),
            // A block, in the list of blocks that an attribute is.
            2 => self.wanted.has_part(&self.attribute, key),
            _ => true,
        }
    }

    fn unknown(&mut self) -> Value {
        Value::unknown(Unknown::new((self.identify)(&self.path, self.crowds == 0)))
    }

    fn object(
        &mut self,
        cursor: &mut Cursor<'_>,
        unknown: &Mask,
        sensitive: &Mask,
    ) -> Result<Value, JsonError> {
        let first = self.entries.len();
        // The way is told only where something is not known.
        let told = *unknown != Mask::Nothing;
        let depth = self.depth;
        self.depth += 1;
        cursor.object(|cursor, key| {
            if !self.wants(depth, key) {
                return cursor.skip().map(|_| ());
            }
            let key = name(key);
            if depth == 0 {
                self.attribute = key.clone();
            }
            if told {
                self.path.push(Step::Attr(key.clone()));
            }
            let value = self.value(cursor, unknown.member(&key), sensitive.member(&key));
            if told {
                self.path.pop();
            }
            self.entries.push((key, value?));
            Ok(())
        })?;
        self.depth -= 1;
        let mut entries: Vec<(ArcStr, Value)> = self.entries.drain(first..).collect();
        self.missing_members(&mut entries, unknown, sensitive);
        Ok(Value::object(entries))
    }

    fn tuple(
        &mut self,
        cursor: &mut Cursor<'_>,
        unknown: &Mask,
        sensitive: &Mask,
    ) -> Result<Value, JsonError> {
        let crowd = usize::from(matches!(unknown, Mask::Elements(elements) if elements.len() > 1));
        self.crowds += crowd;
        let first = self.values.len();
        self.depth += 1;
        cursor.array(|cursor| {
            let index = self.values.len() - first;
            self.path.push(Step::Index(index as u64));
            let value = self.value(cursor, unknown.element(index), sensitive.element(index));
            self.path.pop();
            self.values.push(value?);
            Ok(())
        })?;
        self.depth -= 1;
        let mut values: Vec<Value> = self.values.drain(first..).collect();
        self.missing_elements(&mut values, unknown, sensitive);
        self.crowds -= crowd;
        Ok(Value::tuple(values))
    }

    /// What is there only as something that is not known: null stands in its place, or nothing at all.
    pub(super) fn absent(&mut self, unknown: &Mask, sensitive: &Mask) -> Value {
        let value = match unknown {
            Mask::Nothing => Value::null(),
            Mask::All => self.unknown(),
            Mask::Members(_) => {
                let mut entries = Vec::new();
                self.missing_members(&mut entries, unknown, sensitive);
                Value::object(entries)
            }
            Mask::Elements(masks) => {
                let mut values = Vec::new();
                let crowd = usize::from(masks.len() > 1);
                self.crowds += crowd;
                self.missing_elements(&mut values, unknown, sensitive);
                self.crowds -= crowd;
                Value::tuple(values)
            }
        };
        marked(value, sensitive)
    }

    fn missing_members(&mut self, entries: &mut Vec<(ArcStr, Value)>, unknown: &Mask, sensitive: &Mask) {
        let Mask::Members(members) = unknown else { return };
        let there: FxHashSet<ArcStr> = entries.iter().map(|(name, _)| name.clone()).collect();
        let depth = self.depth;
        for (key, mask) in members {
            if there.contains(&**key) || !self.wants(depth, key) {
                continue;
            }
            let key = ArcStr::from(&**key);
            if depth == 0 {
                self.attribute = key.clone();
            }
            self.path.push(Step::Attr(key.clone()));
            self.depth += 1;
            let value = self.absent(mask, sensitive.member(&key));
            self.depth -= 1;
            self.path.pop();
            entries.push((key, value));
        }
    }

    fn missing_elements(&mut self, values: &mut Vec<Value>, unknown: &Mask, sensitive: &Mask) {
        let Mask::Elements(masks) = unknown else { return };
        for (index, mask) in masks.iter().enumerate().skip(values.len()) {
            self.path.push(Step::Index(index as u64));
            self.depth += 1;
            values.push(self.absent(mask, sensitive.element(index)));
            self.depth -= 1;
            self.path.pop();
        }
    }
}

/// Sensitive, if the mask holds for the value itself; its parts have marks of their own.
fn marked(value: Value, sensitive: &Mask) -> Value {
    let collection = matches!(value.kind(), Kind::Tuple(_) | Kind::Object(_));
    // A mask that looks deeper than the value goes means what is here all the same.
    let holds = match sensitive {
        Mask::Nothing => false,
        Mask::All => true,
        _ => !collection && !value.is_null(),
    };
    if !holds {
        return value;
    }
    let meta = value.meta().with_sensitive(true);
    value.with_meta(meta)
}

/// Short texts come again as often as names do: protocols, ranges, regions, environments.
fn text(text: &str) -> Value {
    if text.len() <= MAX_SHARED { Value::string(name(text)) } else { Value::text(text) }
}

/// The number that a text of JSON says. One beyond all bounds is not zero either: it stays a text.
fn number(text: &str) -> Value {
    Number::parse(text).map_or_else(|| Value::text(text), Value::number)
}

/// Builds a value that was checked; of an object these attributes alone. `identify` says which value is not known at a path.
pub(super) fn build(
    value: Option<&str>,
    wanted: &Wanted,
    unknown: &Mask,
    sensitive: &Mask,
    identify: &mut Identify<'_>,
) -> Value {
    let mut builder = Builder::new(wanted, identify);
    let built = value.and_then(|text| builder.value(&mut Cursor::new(text), unknown, sensitive).ok());
    built.unwrap_or_else(|| builder.absent(unknown, sensitive))
}

/// Builds a value in which everything is known.
pub(super) fn known(value: Option<&str>, sensitive: &Mask) -> Value {
    build(value, &Wanted::All, NOTHING, sensitive, &mut |_, _| Identity::derived([]))
}
