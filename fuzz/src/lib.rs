//! What the targets check of everything that the parser makes.

use plangate::source::Span;
use plangate::syntax::{BodyId, ExprId, Item, Tree};

/// Spans lie in the file and within what is around them, texts can be read, and no tree is higher than promised.
pub fn check(tree: &Tree) {
    let whole = Span::new(0, tree.source.len() as u32);
    let fits = |span: Span| {
        span.start <= span.end && tree.source.get(span.start as usize..span.end as usize).is_some()
    };
    let mut heights = vec![0u32; tree.expr_count() as usize];
    let mut inner = vec![false; tree.expr_count() as usize];
    let mut children = Vec::new();
    for id in (0..tree.expr_count()).map(ExprId) {
        let span = tree.span(id);
        assert!(fits(span));
        children.clear();
        tree.children(id, &mut children);
        for child in &children {
            assert!(child.0 < id.0 && span.contains(tree.span(*child)));
            heights[id.0 as usize] = heights[id.0 as usize].max(heights[child.0 as usize] + 1);
            inner[child.0 as usize] = true;
        }
        assert!(heights[id.0 as usize] <= plangate::syntax::MAX_HEIGHT);
    }
    for id in (0..tree.expr_count()).map(ExprId).filter(|id| !inner[id.0 as usize]) {
        assert!(tree.references(id).all(|reference| tree.span(id).contains(reference.span)));
    }
    body(tree, tree.root, whole);
    assert!(
        tree.errors.iter().all(|error| fits(error.span) && error.labels.iter().all(|(span, _)| fits(*span)))
    );
    assert!(tree.comments.iter().all(|comment| fits(comment.span)));
}

fn body(tree: &Tree, id: BodyId, around: Span) {
    let span = tree.body(id).span;
    assert!(around.contains(span));
    for item in tree.items(id) {
        match item {
            Item::Attribute(attribute) => {
                assert!(attribute.span.contains(attribute.name.span));
                let _ = tree.name(attribute.name);
            }
            Item::Block(id) => {
                let block = tree.block(*id);
                let _ = (tree.name(block.kind), tree.label(block, 0));
                body(tree, block.body, block.span);
            }
        }
    }
}
