//! Calls of functions, as they are written.

use crate::source::Span;
use crate::syntax::{ExprId, ExprKind, List, Tree};

/// A call as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'t> {
    tree: &'t Tree,
    /// The whole of it.
    pub(super) expr: ExprId,
    /// The function, as it is written.
    pub(super) name: &'t str,
    args: List,
}

impl<'t> Call<'t> {
    /// The arguments, in their order.
    pub(super) fn args(&self) -> impl ExactSizeIterator<Item = ExprId> + use<'t> {
        let (tree, args) = (self.tree, self.args);
        tree.list(args)
    }

    /// The text of an argument; `None` if there is none, or it is computed.
    pub(super) fn text(&self, index: usize) -> Option<&'t str> {
        self.args().nth(index).and_then(|arg| self.tree.plain_text(arg))
    }

    /// From the name's first byte to the closing parenthesis.
    pub(super) fn span(&self) -> Span {
        self.tree.span(self.expr)
    }
}

/// All calls of a file, inner ones too.
pub(super) fn of_file(tree: &Tree) -> impl Iterator<Item = Call<'_>> {
    (0..tree.expr_count()).filter_map(|expr| of(tree, ExprId(expr)))
}

/// All calls within an expression, outermost first.
pub(super) fn within(tree: &Tree, expr: ExprId) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    tree.walk(expr, &mut |expr| found.extend(of(tree, expr)));
    found
}

/// The expression as a call, if it is one.
pub(super) fn of(tree: &Tree, expr: ExprId) -> Option<Call<'_>> {
    match tree.kind(expr) {
        ExprKind::Call { name, args, .. } => Some(Call { tree, expr, name: tree.slice(name), args }),
        _ => None,
    }
}
