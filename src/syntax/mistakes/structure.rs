//! Mistakes in bodies: attributes, blocks, braces.

use super::super::parser::{Broken, Parsed, Parser};
use super::super::structure::Enclosing;
use crate::source::Span;

impl Parser<'_> {
    #[cold]
    pub(in super::super) fn stray_brace(&mut self) {
        let span = self.span_here(1);
        self.pos += 1;
        self.report(span, "this brace closes nothing")
            .help("delete it, or look above for a block that was closed too early");
    }

    /// Something that begins neither an attribute nor a block.
    #[cold]
    pub(in super::super) fn not_an_item(&mut self) -> Parsed<()> {
        let span = self.thing_here();
        let line = self.line_rest();
        if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
            let span = self.span_here(line.trim_end().len());
            self.pos += line.len();
            self.report(span, "this is the mark of an unresolved merge conflict")
                .help("choose one side, and delete the marks");
            return Err(Broken);
        }
        match self.char_here() {
            Some('"') => {
                let length = line[1..].find('"').map_or(1, |at| at + 2);
                let span = self.span_here(length);
                self.report(span, "an argument's name does not stand in quotes");
            }
            Some('-') if line.starts_with("- ") => {
                self.report(span, "a list is not written with dashes here")
                    .help("write name = [first, second]");
            }
            Some('\u{feff}') => {
                self.report(span, "there is an invisible byte-order mark here").help("delete it");
            }
            Some(';') => {
                self.report(span, "`;` ends nothing in this language").help("delete it");
            }
            _ => {
                let found = self.found();
                self.report(span, format!("an argument or a block has to begin here, not {found}"));
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn neither_attribute_nor_block(&mut self, name: Span) -> Parsed<()> {
        let word = self.text_of(name).to_owned();
        let found = self.found();
        let span = self.thing_here();
        match self.peek() {
            b':' => {
                self.report(span, format!("`=` has to stand between `{word}` and its value, not `:`"));
            }
            b'=' => {
                self.report(span, format!("`{word}` is set with a single `=`, not {found}"));
            }
            b'+' | b'-' | b'*' | b'/' if self.peek_at(1) == b'=' => {
                self.report(self.span_here(2), "a value cannot be changed, it is only set")
                    .help("write name = other + more");
            }
            b'.' | b'[' => {
                self.report(span, format!("an argument's name is one word; {found} cannot stand in it"))
                    .help("set the whole value: name = { key = value }");
            }
            _ => {
                self.report(span, format!("`=` or a block has to follow `{word}`, not {found}"))
                    .help(format!("write {word} = value, or {word} {{ … }}"));
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn missing_value(&mut self, name: Span) -> Parsed {
        let word = self.text_of(name).to_owned();
        self.report(Span::at(self.pos as u32), format!("the value of `{word}` is missing"))
            .help("it begins on the line of its name");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn duplicate_attribute(&mut self, name: Span, first: Span) {
        let word = self.text_of(name).to_owned();
        self.report(name, format!("`{word}` is set twice"))
            .label(first, "it was set here first")
            .help("delete one of them");
    }

    #[cold]
    pub(in super::super) fn more_after_attribute(&mut self, name: Span) -> Parsed<()> {
        if self.not_an_operator() {
            return Err(Broken);
        }
        let word = self.text_of(name).to_owned();
        let found = self.found();
        let span = self.thing_here();
        match self.peek() {
            b',' => {
                self.report(span, "an argument ends with its line, not with a comma")
                    .help("delete the comma");
                self.pos += 1;
                self.skip();
                return if self.at_newline() || self.at_end() { Ok(()) } else { Err(Broken) };
            }
            b'}' => {
                self.report(span, "the brace that closes a block stands on a line of its own");
                return Ok(());
            }
            _ => {
                self.report(
                    span,
                    format!("the line should end behind the value of `{word}`, but {found} follows"),
                );
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn bad_block_header(&mut self, kind: Span) -> Parsed<Span> {
        let word = self.text_of(kind).to_owned();
        let found = self.found();
        let span = self.thing_here();
        match self.peek() {
            b'=' => {
                self.report(span, format!("no `=` stands between `{word}` and the brace of its block"));
            }
            _ if self.at_newline() || self.at_end() => {
                let header = Span::new(kind.start, self.pos as u32);
                self.report(header, format!("the `{{` of this `{word}` block is missing on its line"))
                    .help(format!("write {word} … {{ for a block, {word} = … for an argument"));
            }
            _ => {
                self.report(span, format!("a label or `{{` has to stand here, not {found}"));
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn unclosed_block(&mut self, block: &Enclosing) {
        if self.at_end() && std::mem::replace(&mut self.unclosed, true) {
            return;
        }
        let word = self.text_of(block.header).to_owned();
        let brace = self.byte_span(block.brace);
        self.report(brace, "this block is never closed: `}` is missing")
            .label(block.header, format!("the block `{word}`"));
    }

    #[cold]
    pub(in super::super) fn more_after_block(&mut self) -> Parsed<()> {
        let found = self.found();
        let span = self.thing_here();
        self.report(span, format!("the line should end behind the closing brace, but {found} follows"));
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn block_in_one_line(&mut self, name: Span) -> Parsed<()> {
        self.report(name, "a block written in one line holds one argument and no block")
            .help("put the inner block on lines of its own");
        Err(Broken)
    }

    #[cold]
    pub(in super::super) fn more_in_one_line(&mut self, block: &Enclosing) -> Parsed<()> {
        let brace = self.byte_span(block.brace);
        let found = self.found();
        let span = self.thing_here();
        self.report(
            span,
            format!("a block written in one line ends behind its one argument, but {found} follows"),
        )
        .label(brace, "the block begins here")
        .help("put each argument on a line of its own");
        Err(Broken)
    }
}
