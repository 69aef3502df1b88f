//! What a suppression covers.

use crate::source::Span;
use crate::syntax::{BodyId, Comment, ExprId, ExprKind, Item, Tree};

/// Members named `//` of objects that are values, each with its object. Without schemas, a nested block of the JSON form
/// is one; the tree's own comments stand in bodies.
pub(super) fn in_values(tree: &Tree) -> impl Iterator<Item = (Span, Span)> + '_ {
    let objects = (0..tree.expr_count()).map(|index| tree.expr(ExprId(index)));
    let members = objects.flat_map(|object| {
        let pairs = match object.kind {
            ExprKind::Object(list) => Some(tree.pairs(list)),
            _ => None,
        };
        pairs.into_iter().flatten().map(move |(key, value)| (key, value, object.span))
    });
    members.filter_map(|(key, value, object)| {
        let member = tree.span(key).to(tree.span(value));
        let named = matches!(tree.expr(key).kind, ExprKind::JsonString { .. })
            && tree.slice(tree.span(key)) == r#""//""#;
        let known = || tree.comments.iter().any(|comment| comment.span == member);
        (named && !known()).then_some((member, object))
    })
}

/// The bytes in which a finding's primary location must begin.
///
/// - A comment at a line's end covers its line.
/// - A comment on lines of its own covers what begins on the next line that is no comment: a whole block, a whole
///   attribute, a whole element of a list or an object; else that line.
/// - A comment in JSON covers the object that it is a member of.
pub(super) fn covers(tree: &Tree, comment: &Comment) -> Span {
    if tree.source.get(comment.span.start as usize..).is_some_and(|text| text.starts_with('"')) {
        return enclosing_block(tree, comment.span).unwrap_or(Span::new(0, u32::MAX));
    }
    let lines = Lines(&tree.source);
    if !comment.own_line {
        return lines.around(comment.span.start);
    }
    let mut line = lines.after(comment.span.end);
    while let Some(next) =
        tree.comments.iter().find(|next| next.own_line && line.contains(next.span.start_only()))
    {
        line = lines.after(next.span.end);
    }
    let text = tree.source.get(line.start as usize..line.end as usize).unwrap_or("");
    let first = line.start + (text.len() - text.trim_start().len()) as u32;
    let end = extents_from(tree, first).max().unwrap_or(line.end);
    Span::new(line.start, end.max(line.end))
}

/// Where whatever begins at that byte ends.
fn extents_from(tree: &Tree, start: u32) -> impl Iterator<Item = u32> + '_ {
    let items = bodies(tree).into_iter().flat_map(|body| tree.items(body)).map(|item| match item {
        Item::Attribute(attribute) => attribute.span,
        Item::Block(block) => tree.block(*block).span,
    });
    let elements = (0..tree.expr_count()).map(|index| tree.expr(ExprId(index)));
    let pairs = elements.clone().filter_map(|expr| match expr.kind {
        ExprKind::Object(list) => Some(tree.pairs(list)),
        _ => None,
    });
    let pairs = pairs.flatten().map(|(key, value)| tree.span(key).to(tree.span(value)));
    let spans = items.chain(elements.map(|expr| expr.span)).chain(pairs);
    spans.filter(move |span| span.start == start).map(|span| span.end)
}

/// The innermost block that holds a span.
fn enclosing_block(tree: &Tree, inner: Span) -> Option<Span> {
    let blocks = bodies(tree).into_iter().flat_map(|body| tree.blocks(body)).map(|block| block.span);
    blocks.filter(|block| block.contains(inner)).min_by_key(|block| block.len())
}

/// The file's body and those of all its blocks.
fn bodies(tree: &Tree) -> Vec<BodyId> {
    let mut bodies = vec![tree.root];
    let mut at = 0;
    while let Some(&body) = bodies.get(at) {
        bodies.extend(tree.blocks(body).map(|block| block.body));
        at += 1;
    }
    bodies
}

/// Whether a comment stands before everything else in its file.
pub(super) fn at_top(tree: &Tree, comment: &Comment) -> bool {
    let first = tree.items(tree.root).first().map(|item| match item {
        Item::Attribute(attribute) => attribute.span.start,
        Item::Block(block) => tree.block(*block).span.start,
    });
    first.is_none_or(|first| comment.span.start < first)
}

/// Lines of a text, without their endings.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    /// The line that holds an offset.
    fn around(&self, offset: u32) -> Span {
        let before = self.0.get(..offset as usize).unwrap_or("");
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        self.from(start)
    }

    /// The line behind the one that holds an offset.
    fn after(&self, offset: u32) -> Span {
        let end = self.from(offset as usize).end as usize;
        let rest = self.0.get(end..).unwrap_or("");
        let ending = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        self.from(end + ending)
    }

    fn from(&self, start: usize) -> Span {
        let rest = self.0.get(start..).unwrap_or("");
        let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Span::new(start as u32, (start + len) as u32)
    }
}

impl Span {
    const fn start_only(self) -> Self {
        Self::at(self.start)
    }
}
