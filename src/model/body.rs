use super::Model;
use crate::source::{FileId, Location};
use crate::syntax::{Attribute, BlockId, ExprId};

/// An expression of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprAt {
    /// The file.
    pub file: FileId,
    /// The expression in its tree.
    pub expr: ExprId,
}

/// A block of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockAt {
    /// The file.
    pub file: FileId,
    /// The block in its tree.
    pub block: BlockId,
}

/// `name = value` in the body of a declaration.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Argument {
    /// The file (an override file's arguments join those of the base).
    pub file: FileId,
    /// Name, value and place.
    pub attribute: Attribute,
}

impl Argument {
    /// Its value.
    #[must_use]
    pub fn value(&self) -> ExprAt {
        ExprAt { file: self.file, expr: self.attribute.value }
    }

    /// Where its name stands.
    #[must_use]
    pub fn name_location(&self) -> Location {
        Location::new(self.file, self.attribute.name.span)
    }

    /// Where all of it stands.
    #[must_use]
    pub fn location(&self) -> Location {
        Location::new(self.file, self.attribute.span)
    }
}

/// What stands in a declaration, after override files have had their say.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Body {
    /// The arguments, in the order of the text.
    pub arguments: Vec<Argument>,
    /// The blocks, in the order of the text.
    pub blocks: Vec<BlockAt>,
}

impl Body {
    /// The argument of that name.
    #[must_use]
    pub fn argument(&self, model: &Model, name: &str) -> Option<Argument> {
        self.arguments
            .iter()
            .find(|argument| {
                model.tree(argument.file).is_some_and(|tree| tree.name(argument.attribute.name) == name)
            })
            .copied()
    }

    /// The value of the argument of that name.
    #[must_use]
    pub fn value(&self, model: &Model, name: &str) -> Option<ExprAt> {
        self.argument(model, name).map(|argument| argument.value())
    }

    /// The blocks of that type.
    pub fn blocks_of<'a>(&'a self, model: &'a Model, kind: &'a str) -> impl Iterator<Item = BlockAt> + 'a {
        self.blocks.iter().copied().filter(move |at| {
            model.tree(at.file).is_some_and(|tree| tree.name(tree.block(at.block).kind) == kind)
        })
    }
}
