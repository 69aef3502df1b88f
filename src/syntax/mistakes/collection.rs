//! Mistakes in tuples, objects and `for`.

use super::super::collection::ForIntro;
use super::super::lexer::may_start_identifier;
use super::super::parser::{Broken, Parsed, Parser};
use crate::source::Span;

impl Parser<'_> {
    /// An element, unless the line tells that the bracket was never closed.
    pub(in super::super) fn tuple_element(&mut self, open: usize) -> Parsed {
        if self.by_indentation && self.body_goes_on(open) {
            return self.unclosed_bracket(open, ']');
        }
        self.expression()
    }

    /// Whether a new item of the body around the expression stands here, first on its line.
    pub(super) fn body_goes_on(&mut self, open: usize) -> bool {
        let blanks =
            self.bytes[open..self.pos].iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let line = self.pos - blanks;
        if line <= open + 1 || self.bytes[line - 1] != b'\n' || !self.looks_like_item(self.pos) {
            return false;
        }
        let indent = self.item_indentation();
        self.line_begins_item(line, indent)
    }

    /// How far the line of the item that is being read is indented.
    fn item_indentation(&mut self) -> usize {
        match self.item_indent {
            Some((start, indent)) if start == self.item_start => indent,
            _ => {
                let indent = self.indentation(self.item_start);
                self.item_indent = Some((self.item_start, indent));
                indent
            }
        }
    }

    #[cold]
    pub(super) fn unclosed_bracket<T>(&mut self, open: usize, close: char) -> Parsed<T> {
        let bracket = self.byte_span(open);
        let (here, at_end) = (self.thing_here(), self.at_end());
        let error = self.report(bracket, format!("this bracket is never closed: `{close}` is missing"));
        if !at_end {
            error.label(here, "this belongs to what stands around it");
        }
        self.exhausted = true;
        // Back to the line above, behind which the next item is found.
        self.pos =
            memchr::memrchr(b'\n', &self.bytes[..self.pos]).filter(|&at| at > open).unwrap_or(self.pos);
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_element_comma(&mut self, open: usize) -> Parsed<()> {
        if self.body_goes_on(open) || self.at_end() {
            return self.unclosed_bracket(open, ']');
        }
        self.missing_comma(open, ']', "element")
    }

    /// No comma where one has to stand; reading goes on if something follows that could be the next element.
    #[cold]
    pub(in super::super) fn missing_comma(&mut self, open: usize, close: char, what: &str) -> Parsed<()> {
        if self.not_an_operator() {
            return Err(Broken);
        }
        let byte = self.peek();
        let span = self.thing_here();
        if self.at_end() || matches!(byte, b'}' | b']' | b')') {
            return self.unclosed_bracket(open, close);
        }
        if byte == b'"' || byte.is_ascii_digit() || matches!(byte, b'{' | b'[') || may_start_identifier(byte)
        {
            let before = self.bytes[..self.pos].trim_ascii_end().len();
            self.report(
                Span::at(before as u32),
                format!("a comma is missing between this {what} and the next"),
            )
            .label(span, format!("the next {what} begins here"));
            return Ok(());
        }
        let found = self.found();
        let bracket = self.byte_span(open);
        self.report(span, format!("`,` or `{close}` has to stand here, not {found}"))
            .label(bracket, "within this bracket");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_item_separator(&mut self, open: usize) -> Parsed<()> {
        if self.at_end() {
            self.unclosed = true;
            return self.unclosed_bracket(open, '}');
        }
        self.missing_comma(open, '}', "item")
    }

    /// What tells that no key stands here; `mark` is where the object's elements begin.
    pub(in super::super) fn check_object_key(&mut self, open: usize, mark: usize) -> Parsed<()> {
        if self.by_indentation
            && self.body_goes_on(open)
            && let Some(&first) = self.elements.get(mark)
            && let Some(key) = self.out.exprs.get(first as usize)
            && self.indentation(key.span.start as usize) > self.indentation(self.pos)
        {
            return self.unclosed_bracket(open, '}');
        }
        if self.at_end() {
            self.unclosed = true;
            return self.unclosed_bracket(open, '}');
        }
        if self.peek() == b',' {
            let span = self.span_here(1);
            self.report(span, "a comma stands behind an item, not at the beginning of a line")
                .help("move it to the end of the line above, or leave it out");
            return Err(Broken);
        }
        Ok(())
    }

    #[cold]
    pub(in super::super) fn missing_item_value(&mut self, open: usize, key: Span) -> Parsed<()> {
        let brace = self.byte_span(open);
        let found = self.found();
        let span = self.thing_here();
        let name = self.text_of(key).to_owned();
        match self.peek() {
            b'=' if self.peek_at(1) == b'>' => {
                self.report(span, "`=>` stands in a `for` only")
                    .help("write `=` between a key and its value");
            }
            b'{' => {
                self.report(span, format!("`=` is missing between the key `{name}` and its value"))
                    .label(brace, "this is an object: it holds keys and values, no blocks");
                self.pos -= 1;
                return Ok(());
            }
            _ => {
                self.report(span, format!("`=` and a value have to follow the key `{name}`, not {found}"))
                    .label(brace, "within this object");
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_for_colon(&mut self, open: usize) -> Parsed {
        let found = self.found();
        let (span, bracket) = (self.thing_here(), self.byte_span(open));
        self.report(span, format!("`:` has to stand between the collection and the result, not {found}"))
            .label(bracket, "of this `for` expression");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_for(&mut self, open: usize, close: u8) -> Parsed {
        let close = char::from(close);
        let bracket = self.byte_span(open);
        if self.not_an_operator() {
            return Err(Broken);
        }
        let found = self.found();
        let span = self.thing_here();
        self.report(span, format!("`{close}` has to end this `for` expression, not {found}"))
            .label(bracket, "it begins here");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn key_in_tuple_for(&mut self, open: usize, arrow: Span) -> Parsed {
        let bracket = self.byte_span(open);
        self.report(arrow, "`=>` makes an object, but this bracket makes a list")
            .label(bracket, "a list begins here")
            .help("write {for …} for an object, or leave the key out");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn group_in_tuple_for(&mut self, dots: Span) -> Parsed {
        self.report(dots, "`...` groups values by key, and a list has no keys");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn no_key_in_object_for(&mut self, open: usize) -> Parsed {
        let span = self.span_from(open);
        self.report(span, "a `for` in braces makes an object and needs a key")
            .help("write {for v in list : key => value}, or brackets for a list");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_for_name(&mut self, start: usize) -> Parsed<ForIntro> {
        let found = self.found();
        let span = self.thing_here();
        let word = Span::new(start as u32, start as u32 + 3);
        let key = matches!(self.peek(), b'=' | b':');
        let error = self.report(span, format!("`for` needs a name for each element, not {found}"));
        error.label(word, "`for` begins here");
        if key {
            error.help("`for` as a key of an object stands in quotes");
        } else {
            error.help("write for value in collection, or for key, value in collection");
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_for_in(&mut self, start: usize) -> Parsed<ForIntro> {
        let found = self.found();
        let span = self.thing_here();
        let word = Span::new(start as u32, start as u32 + 3);
        self.report(span, format!("`in` and a collection have to follow the names of a `for`, not {found}"))
            .label(word, "`for` begins here");
        Err(Broken)
    }
}
