use super::{ExprAt, Mode, Model, Module};
use crate::source::Span;
use crate::syntax::{Block, ExprKind, Tree};

/// What stands around an expression and gives names their meaning.
#[derive(Debug, Default)]
pub(super) struct Enclosing<'t> {
    /// `count` of the declaration.
    pub(super) count: Option<ExprAt>,
    /// `for_each` of the declaration.
    pub(super) for_each: Option<ExprAt>,
    /// The `dynamic` blocks around, outermost first: the iterator's name and what is iterated.
    dynamics: Vec<(&'t str, ExprAt)>,
}

impl<'t> Enclosing<'t> {
    /// What stands around an expression of a module.
    pub(super) fn of(model: &'t Model, module: &Module, at: ExprAt) -> Self {
        let mut found = Self::default();
        let Some(tree) = model.tree(at.file) else { return found };
        let span = tree.span(at.expr);
        let Some(block) = tree.blocks(tree.root).find(|block| block.span.contains(span)) else {
            return found;
        };
        let (first, second) = (tree.label(block, 0), tree.label(block, 1));
        let resource = |mode| {
            let index = module.resource(mode, first?, second?)?;
            module.resources.get(index).map(|resource| (resource.count, resource.for_each))
        };
        let repeated = match tree.name(block.kind) {
            "resource" => resource(Mode::Managed),
            "data" => resource(Mode::Data),
            "ephemeral" => resource(Mode::Ephemeral),
            "module" => first
                .and_then(|name| module.calls.get(module.call(name)?))
                .map(|call| (call.count, call.for_each)),
            _ => None,
        };
        (found.count, found.for_each) = repeated.unwrap_or_default();
        found.descend(tree, block, at, span);
        found
    }

    fn descend(&mut self, tree: &'t Tree, block: &'t Block, at: ExprAt, span: Span) {
        let mut block = block;
        while let Some(inner) = tree.blocks(block.body).find(|inner| inner.span.contains(span)) {
            if tree.name(inner.kind) == "dynamic"
                && let (Some(label), Some(over)) =
                    (tree.label(inner, 0), tree.attribute(inner.body, "for_each"))
            {
                let iterator = tree.attribute(inner.body, "iterator").map_or(label, |found| {
                    match tree.kind(found.value) {
                        ExprKind::JsonString { text, .. } | ExprKind::String(text) => tree.text(text),
                        _ => tree.slice(tree.span(found.value)),
                    }
                });
                // What is iterated is outside of its own scope.
                if over.value != at.expr && !tree.span(over.value).contains(span) {
                    self.dynamics.push((iterator, ExprAt { file: at.file, expr: over.value }));
                }
            }
            block = inner;
        }
    }

    /// What the iterator of that name goes over.
    pub(super) fn iterated(&self, name: &str) -> Option<ExprAt> {
        self.dynamics.iter().rev().find(|(known, _)| *known == name).map(|(_, over)| *over)
    }
}
