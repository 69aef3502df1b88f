//! What can be read off an expression without evaluating it.

use arcstr::ArcStr;

use crate::syntax::{ExprId, ExprKind, Tree};

/// The same, to keep.
pub(super) fn kept(tree: &Tree, expr: ExprId) -> Option<ArcStr> {
    tree.plain_text(expr).map(ArcStr::from)
}

/// The boolean, if it is a literal one (also as a text, which the language converts).
pub(super) fn boolean(tree: &Tree, expr: ExprId) -> Option<bool> {
    match tree.kind(expr) {
        ExprKind::Bool(value) => Some(value),
        ExprKind::Paren(inner) => boolean(tree, inner),
        _ => match tree.plain_text(expr)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
    }
}

/// The entries of an object whose keys are literal.
pub(super) fn entries(tree: &Tree, expr: ExprId) -> Vec<(String, ExprId)> {
    let ExprKind::Object(list) = tree.kind(expr) else { return Vec::new() };
    tree.pairs(list)
        .filter_map(|(key, value)| {
            let name = match tree.kind(key) {
                ExprKind::Key | ExprKind::Name => tree.slice(tree.span(key)).to_owned(),
                _ => tree.plain_text(key)?.to_owned(),
            };
            Some((name, value))
        })
        .collect()
}

/// The elements of a tuple.
pub(super) fn elements(tree: &Tree, expr: ExprId) -> Option<Vec<ExprId>> {
    match tree.kind(expr) {
        ExprKind::Tuple(list) => Some(tree.list(list).collect()),
        _ => None,
    }
}
