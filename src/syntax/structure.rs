//! Bodies: attributes and blocks.

use rustc_hash::FxHashMap;

use super::lexer::may_start_identifier;
use super::parser::{Broken, Parsed, Parser};
use super::tree::{Attribute, Block, BlockId, Body, BodyId, Item, Label, Name, Text};
use crate::source::Span;

/// How many attributes of a body are compared one by one; beyond that a map is worth its while.
const FEW: usize = 24;

/// How far back a line's beginning is looked for.
const LONG_LINE: usize = 1 << 16;

/// Where each attribute of a large body stands.
type Names<'s> = FxHashMap<&'s [u8], Span>;

/// The block that a body belongs to.
#[derive(Clone, Copy)]
pub(super) struct Enclosing {
    /// From the type's first byte to the last label's last.
    pub(super) header: Span,
    /// The opening brace.
    pub(super) brace: usize,
    /// How far the header's line is indented.
    pub(super) indent: usize,
}

impl<'s> Parser<'s> {
    /// The body of a whole file.
    pub(super) fn file_body(&mut self) -> BodyId {
        let mark = self.items.len();
        while self.body_items(mark, None).is_err() {}
        self.finish_body(mark, Span::new(0, self.bytes.len() as u32))
    }

    pub(super) fn finish_body(&mut self, mark: usize, span: Span) -> BodyId {
        let start = self.out.items.len() as u32;
        self.out.items.extend_from_slice(&self.items[mark..]);
        self.items.truncate(mark);
        let id = BodyId(self.out.bodies.len() as u32);
        self.out.bodies.push(Body { items: (start, self.out.items.len() as u32), span });
        id
    }

    /// The items of a body, up to its closing brace (which it leaves) or the text's end.
    fn body_items(&mut self, mark: usize, block: Option<&Enclosing>) -> Parsed<()> {
        let mut names = Names::default();
        loop {
            if self.gave_up {
                self.pos = self.bytes.len();
            }
            self.skip_lines();
            let byte = self.peek();
            if byte == b'}' {
                if block.is_some() {
                    return Ok(());
                }
                self.stray_brace();
                continue;
            }
            if self.at_end() {
                return Ok(());
            }
            if self.by_indentation
                && let Some(block) = block
                && self.ends_by_indentation(block, mark)
            {
                return Ok(());
            }
            let start = self.pos;
            self.item_start = start;
            let result =
                if may_start_identifier(byte) { self.item(mark, &mut names) } else { self.not_an_item() };
            if result.is_err() {
                self.recover_item(start);
            }
        }
    }

    /// An attribute or a block, with the end of its line.
    fn item(&mut self, mark: usize, names: &mut Names<'s>) -> Parsed<()> {
        let Some(name) = self.identifier() else { return self.not_an_item() };
        self.skip();
        match self.peek() {
            b'=' if !matches!(self.peek_at(1), b'=' | b'>') => {
                self.attribute(name, mark, names)?;
                self.skip();
                if self.at_newline() || self.at_end() { Ok(()) } else { self.more_after_attribute(name) }
            }
            b'"' | b'{' => self.block(name),
            byte if may_start_identifier(byte) => self.block(name),
            _ => self.neither_attribute_nor_block(name),
        }
    }

    fn attribute(&mut self, name: Span, mark: usize, names: &mut Names<'s>) -> Parsed<()> {
        self.pos += 1;
        self.skip();
        let value = match self.peek() {
            b'\n' | b'\r' | b'}' | 0 => match self.missing_value(name) {
                Ok(()) => self.expression(),
                Err(Broken) => Err(Broken),
            },
            _ => self.expression(),
        };
        let ascii = self.bytes[name.start as usize..name.end as usize].is_ascii();
        let text = if ascii { Text::at(name) } else { self.text_at(name, false) };
        let value = match value {
            Ok(value) => value,
            Err(Broken) => {
                // The attribute is there, whatever its value is.
                let hole = self.leaf(super::tree::ExprKind::Error, Span::at(name.end));
                let name = Name { text, span: name };
                self.items.push(Item::Attribute(Attribute { name, value: hole.id, span: name.span }));
                return Err(Broken);
            }
        };
        if let Some(first) = self.declared(name, mark, names) {
            self.duplicate_attribute(name, first);
        }
        let span = name.to(self.span_of(value));
        self.items.push(Item::Attribute(Attribute {
            name: Name { text, span: name },
            value: value.id,
            span,
        }));
        Ok(())
    }

    /// Where this body has an attribute of that name already.
    fn declared(&self, name: Span, mark: usize, names: &mut Names<'s>) -> Option<Span> {
        let bytes = self.bytes;
        let text = |span: Span| &bytes[span.start as usize..span.end as usize];
        let mut others = self.items[mark..].iter().filter_map(|item| match item {
            Item::Attribute(other) => Some(other.name.span),
            Item::Block(_) => None,
        });
        if self.items.len() - mark <= FEW {
            return others.find(|&other| other.len() == name.len() && text(other) == text(name));
        }
        if names.is_empty() {
            names.extend(others.map(|other| (text(other), other)));
        }
        let first = *names.entry(text(name)).or_insert(name);
        (first != name).then_some(first)
    }

    /// A block, behind its type.
    fn block(&mut self, kind: Span) -> Parsed<()> {
        let indent = self.indentation(kind.start as usize);
        let labels_start = self.out.labels.len() as u32;
        let header = self.labels(kind)?;
        let labels = (labels_start, self.out.labels.len() as u32);
        let brace = self.pos;
        // It is missing where the body was found without it.
        if self.peek() == b'{' {
            self.pos += 1;
        }
        let block = Enclosing { header, brace, indent };
        self.skip();
        let mark = self.items.len();
        let one_line = !(self.at_newline() || self.at_end() || self.peek() == b'}');
        let result = if one_line { self.one_line_body(&block, mark) } else { self.block_body(&block, mark) };
        let inner = Span::new((brace + 1).min(self.pos) as u32, self.pos as u32);
        let body = self.finish_body(mark, inner);
        let closed = result.is_ok() && self.peek() == b'}';
        if closed {
            self.pos += 1;
        }
        let text = self.text_at(kind, self.bytes[kind.start as usize..kind.end as usize].is_ascii());
        let id = BlockId(self.out.blocks.len() as u32);
        let span = Span::new(kind.start, self.pos as u32);
        self.out.blocks.push(Block { kind: Name { text, span: kind }, labels, body, span, header });
        self.items.push(Item::Block(id));
        result?;
        if !closed {
            return Ok(());
        }
        self.skip();
        if self.at_newline() || self.at_end() { Ok(()) } else { self.more_after_block() }
    }

    fn block_body(&mut self, block: &Enclosing, mark: usize) -> Parsed<()> {
        self.nested(|p| p.body_items(mark, Some(block)))?;
        if self.peek() != b'}' {
            self.unclosed_block(block);
        }
        Ok(())
    }

    /// `{ name = value }`
    fn one_line_body(&mut self, block: &Enclosing, mark: usize) -> Parsed<()> {
        let Some(name) = self.identifier() else { return self.not_an_item() };
        self.skip();
        match self.peek() {
            b'=' if !matches!(self.peek_at(1), b'=' | b'>') => {
                self.attribute(name, mark, &mut Names::default())?
            }
            byte if byte == b'"' || byte == b'{' || may_start_identifier(byte) => {
                return self.block_in_one_line(name);
            }
            _ => return self.neither_attribute_nor_block(name),
        }
        self.skip();
        if self.peek() == b'}' { Ok(()) } else { self.more_in_one_line(block) }
    }

    /// The labels of a block, up to its brace; says the header's span.
    fn labels(&mut self, kind: Span) -> Parsed<Span> {
        let mut header = kind;
        loop {
            self.skip();
            let start = self.pos;
            match self.peek() {
                b'{' => return Ok(header),
                b'\n' | b'\r' if self.body_follows(header, kind) => {
                    self.missing_opening_brace(header);
                    return Ok(header);
                }
                b'"' => {
                    let Ok(text) = self.quoted_label() else {
                        self.pos = start;
                        self.pass_to_brace_of_line()?;
                        continue;
                    };
                    let span = self.span_from(start);
                    self.out.labels.push(Label { text, span });
                    header = header.to(span);
                }
                byte if may_start_identifier(byte) => {
                    let Some(span) = self.identifier() else {
                        self.bad_block_header(kind)?;
                        continue;
                    };
                    let ascii = self.bytes[start..self.pos].is_ascii();
                    let text = self.text_at(span, ascii);
                    self.out.labels.push(Label { text, span });
                    header = header.to(span);
                }
                _ => self.bad_block_header(kind)?,
            }
        }
    }

    fn quoted_label(&mut self) -> Parsed<Text> {
        let open = self.pos;
        self.pos += 1;
        let run = self.quoted_run();
        match self.peek() {
            b'"' => {
                self.pos += 1;
                self.quoted_text(run)
            }
            b'$' | b'%' => self.template_in_label(),
            _ => self.unclosed_label(open),
        }
    }

    /// How far the line of a byte is indented, if only blanks stand before it; how far in it stands otherwise.
    pub(super) fn indentation(&self, at: usize) -> usize {
        let near = at.saturating_sub(LONG_LINE);
        let line = memchr::memrchr(b'\n', &self.bytes[near..at]).map_or(near, |newline| near + newline + 1);
        self.bytes[line..at].iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }
}
