//! Bodies of files, evaluated: attributes and blocks.

use arcstr::ArcStr;

use crate::source::Location;
use crate::value::Value;

/// What stands in a body, with its values.
#[derive(Clone, Default, Debug)]
pub(super) struct Section {
    /// The attributes that are written and not null.
    pub(super) fields: Vec<(&'static str, Value)>,
    pub(super) blocks: Vec<Block>,
}

/// A block with its values.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: &'static str,
    /// Empty if it has none.
    pub(super) label: ArcStr,
    /// Where it stands.
    pub(super) header: Location,
    pub(super) section: Section,
}

impl Section {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The text of an attribute, if it is known and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        match self.fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.fields.push((name, value)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.fields.iter().position(|(known, _)| *known == name)?;
        Some(self.fields.remove(at).1)
    }

    pub(super) fn blocks_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Block> + 's {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// The one block of that kind.
    pub(super) fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }
}
