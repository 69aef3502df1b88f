//! What of a file its errors leave in doubt.

use super::tree::Tree;
use crate::source::Span;

impl Tree {
    /// The stretches that may hold more than the tree says: each top-level block with an error in it, and for errors
    /// between blocks what stands from the one to the next. Sorted, without repeats.
    #[must_use]
    pub fn damage(&self) -> Vec<Span> {
        let blocks: Vec<Span> = match self.errors.is_empty() {
            true => Vec::new(),
            false => self.blocks(self.root).map(|block| block.span).collect(),
        };
        let mut damage: Vec<Span> =
            self.errors.iter().map(|error| around(&blocks, error.span, self)).collect();
        damage.sort_unstable();
        damage.dedup();
        damage
    }

    /// The text of what is damaged.
    pub fn damaged_text(&self) -> impl Iterator<Item = &str> {
        self.damage().into_iter().map(|span| self.slice(span))
    }

    /// Whether something is wrong within a span.
    #[must_use]
    pub fn is_damaged(&self, span: Span) -> bool {
        let after = self.errors.partition_point(|error| error.span.start < span.start);
        self.errors.get(after).is_some_and(|error| error.span.start <= span.end)
    }
}

/// The block that holds an error, or the room between blocks that does.
fn around(blocks: &[Span], error: Span, tree: &Tree) -> Span {
    let after = blocks.partition_point(|block| block.start <= error.start);
    let before = after.checked_sub(1).and_then(|index| blocks.get(index));
    if let Some(block) = before.filter(|block| error.start <= block.end) {
        return *block;
    }
    let end = blocks.get(after).map_or(tree.source.len() as u32, |block| block.start);
    Span::new(before.map_or(0, |block| block.end), end)
}
