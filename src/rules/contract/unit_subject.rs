use crate::finding::Place;
use crate::model::{Model, Unit};
use crate::source::{FileId, Location, Span};
use crate::syntax::Tree;
use crate::value::Value;

/// A Terragrunt unit, evaluated.
#[derive(Clone, Copy, Debug)]
pub struct UnitSubject<'a> {
    /// All that is known.
    pub model: &'a Model,
    /// The unit.
    pub unit: &'a Unit,
}

impl<'a> UnitSubject<'a> {
    /// Where a finding about the unit as a whole points: the first byte of its file.
    #[must_use]
    pub fn location(&self) -> Location {
        Location::new(self.unit.file, Span::at(0))
    }

    /// Where a value was written; the top of the unit's file if no file wrote it.
    #[must_use]
    pub fn origin(&self, value: &Value) -> Location {
        self.model.locate(value.origin()).unwrap_or_else(|| self.location())
    }

    /// What a finding about it says it is about.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::default().with_unit(self.unit.dir.clone())
    }

    /// Where an entry of an object was written: at its key, if the object is written with one.
    #[must_use]
    pub fn key(&self, value: &Value) -> Location {
        self.model.key_of(value.origin()).unwrap_or_else(|| self.origin(value))
    }

    /// What the unit says of one of its dependencies: the attributes of its block.
    #[must_use]
    pub fn dependency(&self, label: &str) -> Option<&'a Value> {
        self.unit.get("dependency")?.get(label)
    }

    /// The syntax of its own file, of what it includes, and of the stack that generates it.
    pub fn trees(&self) -> impl Iterator<Item = &'a Tree> + use<'a> {
        let model = self.model;
        let stack = self.unit.stack.as_ref().and_then(|dir| {
            let at = model.stacks.binary_search_by(|stack| stack.dir.cmp(dir)).ok()?;
            model.stacks.get(at).map(|stack| stack.file)
        });
        let files = std::iter::once(self.unit.file).chain(self.unit.parts.iter().copied()).chain(stack);
        let mut seen: Vec<FileId> = Vec::new();
        files.filter_map(move |file| {
            if seen.contains(&file) {
                return None;
            }
            seen.push(file);
            model.tree(file)
        })
    }
}
