//! What rules read off expressions without their values: plain texts, addresses, references.

use smallvec::SmallVec;

use crate::syntax::{Attribute, BodyId, ExprId, ExprKind, Item, StepKind, Tree};

/// The elements of a tuple; an expression that is none stands for a tuple of it.
pub(super) fn elements(tree: &Tree, expr: ExprId) -> Vec<ExprId> {
    match tree.kind(expr) {
        ExprKind::Tuple(list) => tree.list(list).collect(),
        _ => vec![expr],
    }
}

/// One step of an address as it is written: a name, and whether an index follows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) keyed: bool,
}

/// The names of an address (`module.db["a"].aws_db_instance.this`, `aws.west`), quoted or not; `None` for anything else.
pub(super) fn address(tree: &Tree, expr: ExprId) -> Option<Vec<Part>> {
    if let Some((inner, root)) = tree.expression_in(expr) {
        return if inner.errors.is_empty() { bare_address(&inner, root) } else { None };
    }
    bare_address(tree, expr)
}

fn bare_address(tree: &Tree, expr: ExprId) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let (mut at, mut keyed) = (expr, false);
    loop {
        let node = tree.expr(at);
        let name = match node.kind {
            ExprKind::Paren(inner) | ExprKind::Interpolation(inner) => {
                at = inner;
                continue;
            }
            ExprKind::Index { base, .. } => {
                (at, keyed) = (base, true);
                continue;
            }
            ExprKind::Attr { base, name } => {
                at = base;
                name
            }
            ExprKind::Name => node.span,
            _ => return None,
        };
        parts.push(Part { name: tree.slice(name).to_owned(), keyed: std::mem::take(&mut keyed) });
        if node.kind == ExprKind::Name {
            parts.reverse();
            return Some(parts);
        }
    }
}

/// Calls `found` with everything that a body refers to: a name, and the attributes behind it as far as they are known.
pub(super) fn references_of_body(tree: &Tree, body: BodyId, found: &mut dyn FnMut(&str, &[&str])) {
    let mut bodies = vec![body];
    while let Some(body) = bodies.pop() {
        for item in tree.items(body) {
            match item {
                Item::Attribute(attribute) => references_of(tree, *attribute, found),
                Item::Block(block) => bodies.push(tree.block(*block).body),
            }
        }
    }
}

/// The same for one argument. The language reads some arguments' strings as references.
pub(super) fn references_of(tree: &Tree, argument: Attribute, found: &mut dyn FnMut(&str, &[&str])) {
    references_in(tree, argument.value, found);
    if matches!(tree.name(argument.name), "depends_on" | "replace_triggered_by" | "provider") {
        for element in elements(tree, argument.value) {
            if let Some((inner, root)) = tree.expression_in(element) {
                references_in(&inner, root, found);
            }
        }
    }
}

/// The same for an expression.
pub(super) fn references_in(tree: &Tree, expr: ExprId, found: &mut dyn FnMut(&str, &[&str])) {
    if tree.kind(expr).is_literal() {
        return;
    }
    for traversal in tree.references(expr) {
        let names: SmallVec<[&str; 4]> = traversal
            .steps
            .iter()
            .map_while(|step| match step.kind {
                StepKind::Attr(name) => Some(tree.slice(name)),
                StepKind::Index(_) => None,
            })
            .collect();
        found(tree.slice(traversal.root), &names);
    }
}
