//! Addresses as `moved`, `removed` and `import` write them.

use crate::syntax::{ExprId, ExprKind, Tree};

/// A part of an address.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Part<'t> {
    /// A name.
    Name(&'t str),
    /// A key, to be evaluated.
    Key(ExprId),
}

/// The parts of an address, first one first; `None` if it is none.
pub(in super::super) fn parts(tree: &Tree, expr: ExprId) -> Option<Vec<Part<'_>>> {
    let mut found = Vec::new();
    let mut at = expr;
    loop {
        match tree.kind(at) {
            ExprKind::Attr { base, name } => {
                found.push(Part::Name(tree.slice(name)));
                at = base;
            }
            ExprKind::Index { base, key, .. } => {
                found.push(Part::Key(key));
                at = base;
            }
            ExprKind::Name => {
                found.push(Part::Name(tree.slice(tree.span(at))));
                found.reverse();
                return Some(found);
            }
            ExprKind::Paren(inner) | ExprKind::Interpolation(inner) => at = inner,
            _ => return None,
        }
    }
}
