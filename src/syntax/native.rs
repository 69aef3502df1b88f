//! The ways into the parser of the native syntax.

use std::sync::Arc;

use super::parser::{Broken, Output, Parsed, Parser};
use super::tree::{ExprId, SyntaxError, Tree};
use crate::source::{FileId, Span};

/// The longest text that offsets can count, one bit of which says where a text is kept.
const MAX_BYTES: usize = (u32::MAX >> 1) as usize;

/// Reads a file of HCL's native syntax. What is broken is in the tree's `errors`; everything else is in its bodies.
#[must_use]
pub fn parse_hcl(file: FileId, source: Arc<str>) -> Tree {
    if let Some(tree) = too_long(file, &source) {
        return tree;
    }
    let mut parser = Parser::new(&source, Output::roomy());
    parser.pass_byte_order_mark();
    let mut root = parser.file_body();
    if parser.unclosed {
        // Something is never closed: look again, and take indentation as a sign of where it should have ended.
        parser = Parser::new(&source, Output::roomy());
        parser.by_indentation = true;
        parser.pass_byte_order_mark();
        root = parser.file_body();
    }
    let out = std::mem::take(&mut parser.out);
    out.into_tree(file, source, root)
}

/// Reads one expression; it may span lines.
#[must_use]
pub fn parse_expression(file: FileId, source: Arc<str>) -> (Tree, ExprId) {
    parse_one(file, source, |parser| {
        parser.pass_byte_order_mark();
        parser.whole_expression()
    })
}

/// Reads a text that is a template as a whole, without quotes: a file for `templatefile`.
#[must_use]
pub fn parse_template(file: FileId, source: Arc<str>) -> (Tree, ExprId) {
    parse_one(file, source, |parser| parser.bare_template())
}

fn parse_one(file: FileId, source: Arc<str>, read: impl FnOnce(&mut Parser<'_>) -> Parsed) -> (Tree, ExprId) {
    if let Some(tree) = too_long(file, &source) {
        return (tree, ExprId(0));
    }
    let mut parser = Parser::new(&source, Output::roomy());
    let result = read(&mut parser);
    finish(parser, result, file, &source, Span::at(0))
}

/// Reads the expression that stands at `range` of a file.
pub(super) fn parse_range(file: FileId, source: &Arc<str>, range: Span) -> (Tree, ExprId) {
    let mut parser = Parser::new(&source[..range.end as usize], Output::roomy());
    parser.pos = range.start as usize;
    let result = parser.whole_expression();
    finish(parser, result, file, source, range)
}

/// Reads the expression in the string at `string` of a file, which holds escapes.
pub(super) fn parse_escaped(file: FileId, source: &Arc<str>, string: Span, json: bool) -> (Tree, ExprId) {
    let mut parser = Parser::new(source, Output::roomy());
    let inner = Span::new(string.start + 1, string.end.saturating_sub(1).max(string.start + 1));
    let decoded = if json { parser.decode_json(inner) } else { parser.decode_quoted(inner) };
    let Ok((text, places)) = decoded else { return finish(parser, Err(Broken), file, source, string) };
    let mut parser = Parser::new(&text, Output::roomy());
    parser.detached = true;
    let held = parser.out.held();
    let result = parser.whole_expression();
    parser.move_to_file(&places, held);
    finish(parser, result, file, source, string)
}

fn finish(
    mut parser: Parser<'_>,
    result: Parsed,
    file: FileId,
    source: &Arc<str>,
    place: Span,
) -> (Tree, ExprId) {
    let id = match result {
        Ok(node) => node.id,
        Err(Broken) => parser.hole(place).id,
    };
    let root = parser.empty_body(Span::at(place.start));
    let out = std::mem::take(&mut parser.out);
    (out.into_tree(file, source.clone(), root), id)
}

/// The answer to a text that offsets cannot count.
pub(super) fn too_long(file: FileId, source: &Arc<str>) -> Option<Tree> {
    if source.len() < MAX_BYTES {
        return None;
    }
    let mut parser = Parser::new("", Output::roomy());
    parser.hole(Span::at(0));
    let root = parser.empty_body(Span::at(0));
    let mut out = std::mem::take(&mut parser.out);
    out.errors.push(SyntaxError::new(Span::at(0), "this file is larger than 2 GiB"));
    Some(out.into_tree(file, source.clone(), root))
}

impl Parser<'_> {
    /// An expression and nothing else.
    fn whole_expression(&mut self) -> Parsed {
        self.newlines = false;
        self.skip();
        let node = self.expression()?;
        self.skip();
        if self.at_end() { Ok(node) } else { self.more_after_expression() }
    }

    /// Passes the byte-order mark that may begin a text.
    pub(super) fn pass_byte_order_mark(&mut self) {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.pos = 3;
        }
    }
}
