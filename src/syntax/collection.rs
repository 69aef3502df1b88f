//! Tuples, objects and the `for` expressions that build them.

use super::parser::{Broken, Node, Parsed, Parser};
use super::recovery::Stop;
use super::tree::{ExprKind, For};
use crate::source::Span;

const IN_TUPLE: Stop = Stop { close: b']', commas: true, lines: false };
const IN_OBJECT: Stop = Stop { close: b'}', commas: true, lines: true };

/// What stands between `for` and the colon.
pub(super) struct ForIntro {
    pub(super) key_name: Option<Span>,
    pub(super) value_name: Span,
    pub(super) collection: Node,
}

impl Parser<'_> {
    pub(super) fn tuple(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        self.with_newlines(false, |p| {
            p.skip();
            if p.at_word("for") {
                return p.for_expression(open, b']');
            }
            let mark = p.elements.len();
            let mut height = 0;
            loop {
                p.skip();
                if p.peek() == b']' {
                    break;
                }
                let (start, held) = (p.pos, (p.elements.len(), p.parts.len()));
                let element = match p.tuple_element(open) {
                    Ok(element) => element,
                    Err(Broken) => p.recover_element(start, held, IN_TUPLE)?,
                };
                p.elements.push(element.id.0);
                height = height.max(element.height);
                p.skip();
                match p.peek() {
                    b',' => p.pos += 1,
                    b']' => break,
                    _ => {
                        if p.missing_element_comma(open).is_err() {
                            p.recover_element(start, (held.0 + 1, held.1), IN_TUPLE)?;
                        }
                    }
                }
            }
            p.pos += 1;
            let list = p.finish_list(mark);
            p.branch(ExprKind::Tuple(list), p.span_from(open), height)
        })
    }

    pub(super) fn object(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        self.skip_lines();
        if self.at_word("for") {
            return self.with_newlines(false, |p| p.for_expression(open, b'}'));
        }
        self.with_newlines(true, |p| {
            let mark = p.elements.len();
            let mut height = 0;
            loop {
                p.skip_lines();
                if p.peek() == b'}' {
                    break;
                }
                let (start, held) = (p.pos, (p.elements.len(), p.parts.len()));
                let (key, value) = match p.object_item(open, mark) {
                    Ok(item) => item,
                    Err(Broken) => {
                        let hole = p.recover_element(start, held, IN_OBJECT)?;
                        (hole, hole)
                    }
                };
                p.elements.extend([key.id.0, value.id.0]);
                height = height.max(key.height).max(value.height);
                p.skip();
                match p.peek() {
                    b',' | b'\n' => p.pos += 1,
                    b'\r' if p.peek_at(1) == b'\n' => p.pos += 2,
                    b'}' => break,
                    _ => {
                        if p.missing_item_separator(open).is_err() {
                            p.recover_element(start, (held.0 + 2, held.1), IN_OBJECT)?;
                        }
                    }
                }
            }
            p.pos += 1;
            let list = p.finish_list(mark);
            p.branch(ExprKind::Object(list), p.span_from(open), height)
        })
    }

    fn object_item(&mut self, open: usize, mark: usize) -> Parsed<(Node, Node)> {
        let key = self.object_key(open, mark)?;
        self.skip();
        match self.peek() {
            b'=' if !matches!(self.peek_at(1), b'=' | b'>') => {}
            b':' if self.peek_at(1) != b':' => {}
            _ => self.missing_item_value(open, self.span_of(key))?,
        }
        self.pos += 1;
        self.skip();
        let value = self.expression()?;
        Ok((key, value))
    }

    fn object_key(&mut self, open: usize, mark: usize) -> Parsed {
        if self.by_indentation {
            self.check_object_key(open, mark)?;
        }
        let start = self.pos;
        let comments = self.out.comments.len();
        if let Some(name) = self.identifier() {
            // Nearly every key is a bare name.
            self.skip();
            let next = self.peek_at(1);
            let bare = match self.peek() {
                b'=' => next != b'=',
                b':' => next != b':',
                _ => false,
            };
            if bare {
                return Ok(self.leaf(ExprKind::Key, name));
            }
            self.pos = start;
            self.out.comments.truncate(comments);
        }
        self.check_object_key(open, mark)?;
        let key = self.expression()?;
        if let Some(node) = self.out.exprs.get_mut(key.id.0 as usize)
            && node.kind == ExprKind::Name
        {
            node.kind = ExprKind::Key;
        }
        Ok(key)
    }

    /// A `for` expression, from its `for` on; `close` is the bracket that ends it.
    fn for_expression(&mut self, open: usize, close: u8) -> Parsed {
        let intro = self.for_intro()?;
        self.skip();
        if self.peek() != b':' || self.peek_at(1) == b':' {
            return self.missing_for_colon(open);
        }
        self.pos += 1;
        self.skip();
        let mut value = self.expression()?;
        let mut key = None;
        self.skip();
        let arrow = self.span_here(2);
        if self.peek() == b'=' && self.peek_at(1) == b'>' {
            self.pos += 2;
            self.skip();
            key = Some(value);
            value = self.expression()?;
            self.skip();
        }
        let dots = self.span_here(3);
        let group = self.bytes[self.pos..].starts_with(b"...");
        if group {
            self.pos += 3;
            self.skip();
        }
        let mut condition = None;
        if self.at_word("if") {
            self.pos += 2;
            self.skip();
            condition = Some(self.expression()?);
            self.skip();
        }
        if self.peek() != close {
            return self.unclosed_for(open, close);
        }
        self.pos += 1;
        match (close, key) {
            (b']', Some(_)) => return self.key_in_tuple_for(open, arrow),
            (b']', None) if group => return self.group_in_tuple_for(dots),
            (b'}', None) => return self.no_key_in_object_for(open),
            _ => {}
        }
        let nodes = [Some(intro.collection), key, Some(value), condition];
        let height = nodes.iter().flatten().map(|node| node.height).max().unwrap_or(0);
        let index = self.out.fors.len() as u32;
        self.out.fors.push(For {
            key_name: intro.key_name,
            value_name: intro.value_name,
            collection: intro.collection.id,
            key: key.map(|node| node.id),
            value: value.id,
            condition: condition.map(|node| node.id),
            group,
        });
        self.branch(ExprKind::For(index), self.span_from(open), height)
    }

    /// `for k, v in collection`
    pub(super) fn for_intro(&mut self) -> Parsed<ForIntro> {
        let start = self.pos;
        self.pos += 3;
        self.skip();
        let Some(first) = self.identifier() else { return self.missing_for_name(start) };
        let (mut key_name, mut value_name) = (None, first);
        self.skip();
        if self.peek() == b',' {
            self.pos += 1;
            self.skip();
            let Some(second) = self.identifier() else { return self.missing_for_name(start) };
            (key_name, value_name) = (Some(first), second);
            self.skip();
        }
        if !self.at_word("in") {
            return self.missing_for_in(start);
        }
        self.pos += 2;
        self.skip();
        let collection = self.expression()?;
        Ok(ForIntro { key_name, value_name, collection })
    }
}
