//! Mistakes in bodies: attributes, blocks, braces.

use super::super::lexer::may_start_identifier;
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
        let line = self.line_rest().trim_end();
        if is_conflict_mark(line) {
            return self.merge_conflict();
        }
        if self.continues_line_above() {
            return self.broken_line(span);
        }
        match self.char_here() {
            Some('"') => {
                let length = line[1..].find('"').map_or(1, |at| at + 2);
                let (span, after) = (self.span_here(length), line[length..].trim_start());
                let colon = after.starts_with(':');
                let error = self.report(span, "an argument's name does not stand in quotes");
                error.help(if colon {
                    "write name = value, as this is not JSON"
                } else {
                    "write name = value"
                });
            }
            Some('-') if line.starts_with("- ") || line == "-" => {
                self.report(span, "a list is not written with dashes here")
                    .help("write name = [first, second]");
            }
            Some('-') if line.starts_with("---") => {
                let span = self.span_here(line.len());
                self.report(span, "this looks like YAML, which is not read here");
            }
            Some('\u{feff}') => {
                self.report(span, "there is an invisible byte-order mark here").help("delete it");
            }
            Some(';') => {
                self.report(span, "`;` ends nothing in this language").help("delete it");
            }
            Some(']' | ')') => {
                let found = self.found();
                self.report(span, format!("{found} closes nothing here"))
                    .help("delete it, or look above for its opening");
            }
            Some('/') if line.starts_with("/*") => {
                // What follows was not meant to be a comment, at least not all of it.
                let end = self.pos + line.len();
                self.report(self.span_here(2), "this comment never ends").help("close it with */");
                self.pos = end;
            }
            Some('$') if line.starts_with("${") => {
                self.report(self.span_here(2), "`${` means something within a string only");
            }
            Some('{')
                if line[1..].trim_start().starts_with(['"', '}']) || line == "{" && self.nesting == 0 =>
            {
                self.report(span, "this looks like JSON")
                    .help("a file in JSON's form has a name that ends with .json; here a block begins with its type");
            }
            Some('{') => {
                self.report(span, "a block has to begin with its type").help("write type \"label\" {");
            }
            Some('\u{a0}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}') => {
                self.report(span, "there is an invisible character here that is no plain space")
                    .help("delete it");
            }
            Some('\r') => {
                self.report(span, "a carriage return stands here without a line feed")
                    .help("end the file's lines with \\n or \\r\\n");
            }
            Some('\0') => {
                self.report(span, "there is a NUL byte here: this is no text, or one in UTF-16");
            }
            _ => {
                let found = self.found();
                self.report(span, format!("an argument or a block has to begin here, not {found}"));
            }
        }
        Err(Broken)
    }

    /// One error for a whole conflict: its marks are passed, what both sides say is read.
    fn merge_conflict(&mut self) -> Parsed<()> {
        let line = self.line_rest();
        let (length, whole) = (line.trim_end().len(), line.len());
        let (begins, span) = (line.starts_with('<'), self.span_here(length));
        self.pos += whole;
        if begins {
            self.report(span, "this is the mark of an unresolved merge conflict")
                .help("choose one side, and delete the marks");
        } else {
            self.report(span, "this mark belongs to an unresolved merge conflict").help("delete it");
        }
        Err(Broken)
    }

    /// Whether a line begins with what can only go on with an expression.
    fn continues_line_above(&self) -> bool {
        let next = self.peek_at(1);
        match self.peek() {
            b'?' | b'.' | b'+' | b'*' | b'%' => true,
            b':' => next != b':',
            b'&' => next == b'&',
            b'|' => next == b'|',
            b'=' | b'!' => next == b'=',
            b'<' | b'>' => matches!(next, b' ' | b'='),
            b'-' => next == b' ' && self.at_operand_line(),
            b'/' => next == b' ',
            _ => false,
        }
    }

    /// Whether a dash is an operator: the line above ended within an expression, not with a colon or brace.
    fn at_operand_line(&self) -> bool {
        let above = self.bytes[..self.pos].trim_ascii_end();
        above.last().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b')' | b']' | b'"' | b'_'))
            && above.iter().rev().take_while(|&&b| b != b'\n').any(|&b| b == b'=')
    }

    /// An expression that was broken into lines: one error for all of them.
    fn broken_line(&mut self, span: Span) -> Parsed<()> {
        let found = self.found();
        self.report(
            span,
            format!("a line cannot begin with {found}: the expression ended with the line above"),
        )
        .help("put the expression into parentheses: name = ( … )");
        loop {
            let rest = &self.bytes[self.pos..];
            self.pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let end = self.pos;
            self.skip_lines();
            if self.at_end() || !self.continues_line_above() {
                self.pos = end;
                return Err(Broken);
            }
        }
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
            _ if self.bytes[..self.pos].ends_with(b" ")
                && (self.peek().is_ascii_digit() || matches!(self.peek(), b'[' | b'(' | b'\'')) =>
            {
                self.report(Span::at(name.end), format!("`=` is missing between `{word}` and its value"));
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

    /// Nothing behind the `=` of an attribute; reading goes on if the value stands on the next line.
    #[cold]
    pub(in super::super) fn missing_value(&mut self, name: Span) -> Parsed<()> {
        let word = self.text_of(name).to_owned();
        let place = Span::at(self.pos as u32);
        let here = self.pos;
        if self.at_newline() {
            self.skip_lines();
            let byte = self.peek();
            let value =
                byte.is_ascii_digit() || matches!(byte, b'"' | b'[' | b'{' | b'(' | b'-' | b'!' | b'<');
            if value || may_start_identifier(byte) && !self.looks_like_item(self.pos) {
                let value = self.thing_here();
                self.report(place, format!("the value of `{word}` has to begin on this line"))
                    .label(value, "not on the next one")
                    .help("parentheses let an expression span lines: name = ( … )");
                return Ok(());
            }
            self.pos = here;
        }
        self.report(place, format!("the value of `{word}` is missing"));
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
            b'"' if !self.bytes[..self.pos].ends_with(b" ") => {
                let text = self.word_before();
                let word = self.text_of(text).to_owned();
                self.report(span, "this closing quote has no opening one").help(format!("write \"{word}\""));
            }
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

    /// No brace behind a block's labels. Reading goes on if one follows that can only be the block's.
    #[cold]
    pub(in super::super) fn bad_block_header(&mut self, kind: Span) -> Parsed<()> {
        let word = self.text_of(kind).to_owned();
        let found = self.found();
        let span = self.thing_here();
        let header = Span::new(kind.start, self.bytes[..self.pos].trim_ascii_end().len() as u32);
        if self.peek() == b'=' {
            self.pos += 1;
            self.skip();
            if self.peek() == b'{' {
                self.report(span, format!("no `=` stands between a `{word}` block's labels and its brace"))
                    .help("delete the `=`");
                return Ok(());
            }
            self.report(span, format!("an argument has no labels, and a `{word}` block no `=`"))
                .label(header, "this begins a block");
            return Err(Broken);
        }
        if self.at_newline() || self.at_end() {
            let end = self.pos;
            self.skip_lines();
            if self.peek() == b'{' {
                let brace = self.span_here(1);
                self.report(brace, "the brace of a block stands on the line of the block's type")
                    .label(header, "move it to the end of this line");
                return Ok(());
            }
            self.pos = end;
            let labels = self.text_of(header).matches('"').count() / 2;
            if self.nesting > 0 && labels == 1 {
                self.report(Span::at(kind.end), format!("`=` is missing between `{word}` and its value"));
                return Err(Broken);
            }
            let labelled = labels > 0;
            let error = self.report(header, format!("neither `=` nor `{{` follows `{word}` on its line"));
            if labelled {
                error.help(format!("write {word} = … for an argument, {word} … {{ for a block"));
            }
            return Err(Broken);
        }
        let (quoted, comma) = (matches!(self.peek(), b'\'' | 0x80..), self.peek() == b',');
        let error = self.report(span, format!("a label or `{{` has to stand here, not {found}"));
        if quoted {
            error.help("a label stands in plain double quotes: \"name\"");
        } else if comma {
            error.help("labels stand side by side, without commas");
        }
        self.pass_to_brace_of_line()
    }

    /// Whether the lines behind a block's labels are its body, judging by their indentation: only its brace is missing.
    pub(in super::super) fn body_follows(&self, header: Span, kind: Span) -> bool {
        let rest = &self.text[self.pos..];
        let Some(blanks) = rest.find(|c: char| !c.is_ascii_whitespace()) else { return false };
        let first = self.pos + blanks;
        header != kind
            && self.indentation(first) > self.indentation(kind.start as usize)
            && self.looks_like_item(first)
    }

    #[cold]
    pub(in super::super) fn missing_opening_brace(&mut self, header: Span) {
        let word = self.text_of(header).to_owned();
        self.report(header, format!("`{{` is missing behind `{word}`"));
    }

    /// Goes to the `{` that ends this line, if one does.
    pub(in super::super) fn pass_to_brace_of_line(&mut self) -> Parsed<()> {
        let line = self.line_rest();
        let content = line.split('#').next().unwrap_or("").trim_end();
        if !content.ends_with('{') || content.ends_with("${") || content.ends_with("%{") {
            return Err(Broken);
        }
        self.pos += content.len() - 1;
        Ok(())
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

/// Whether a line is one that `git` leaves where two sides differ.
fn is_conflict_mark(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}
