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
    let mut parser = Parser::new(&source, Output::sized(source.len()));
    parser.pass_byte_order_mark();
    let mut root = parser.file_body();
    if parser.unclosed {
        // Something is never closed: look again, and take indentation as a sign of where it should have ended.
        parser = Parser::new(&source, Output::sized(source.len()));
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
        parser.newlines = false;
        parser.pass_byte_order_mark();
        parser.skip();
        let node = parser.expression()?;
        parser.skip();
        if parser.at_end() { Ok(node) } else { parser.more_after_expression() }
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
    let mut parser = Parser::new(&source, Output::default());
    let id = match read(&mut parser) {
        Ok(node) => node.id,
        Err(Broken) => parser.hole(Span::at(0)).id,
    };
    let root = parser.empty_body(Span::at(0));
    let out = std::mem::take(&mut parser.out);
    (out.into_tree(file, source, root), id)
}

/// The answer to a text that offsets cannot count.
fn too_long(file: FileId, source: &Arc<str>) -> Option<Tree> {
    if source.len() < MAX_BYTES {
        return None;
    }
    let mut parser = Parser::new("", Output::default());
    parser.hole(Span::at(0));
    let root = parser.empty_body(Span::at(0));
    let mut out = std::mem::take(&mut parser.out);
    out.errors.push(SyntaxError::new(Span::at(0), "this file is larger than 2 GiB"));
    Some(out.into_tree(file, source.clone(), root))
}

impl Parser<'_> {
    /// Passes the byte-order mark that may begin a text.
    pub(super) fn pass_byte_order_mark(&mut self) {
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.pos = 3;
        }
    }
}
