//! Mistakes in JSON.

use super::super::parser::{Broken, Node, Parsed, Parser};
use super::Json;
use crate::source::Span;

impl Json<'_> {
    #[cold]
    pub(super) fn empty_file(&mut self) -> Parsed {
        let span = Span::at(self.parser.pos as u32);
        self.parser.report(span, "a JSON file cannot be empty").help("write {} for no configuration");
        Err(Broken)
    }

    #[cold]
    pub(super) fn more_after_root(&mut self) {
        let found = self.parser.found();
        let span = self.parser.thing_here();
        self.parser.report(span, format!("the file should end behind its one value, but {found} follows"));
    }

    #[cold]
    pub(super) fn no_value(&mut self) -> Parsed {
        let found = self.parser.found();
        let span = self.parser.thing_here();
        let word = self.parser.text_of(span).to_owned();
        let rest = self.parser.line_rest();
        let comment = rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#');
        let error = match self.parser.peek() {
            _ if comment => self
                .parser
                .report(span, "JSON has no comments")
                .help("in a body, a member named \"//\" is a comment"),
            b'\'' => self.parser.report(span, "a string stands in double quotes, not in single ones"),
            b',' => self.parser.report(span, "a value is missing before this comma"),
            _ => self.parser.report(span, format!("a value has to stand here, not {found}")),
        };
        match word.as_str() {
            "True" | "TRUE" | "False" | "FALSE" | "None" | "NULL" | "Null" => {
                error.help("JSON writes true, false and null");
            }
            word if word.starts_with(|c: char| c.is_alphabetic()) => {
                error.help(format!("a text stands in quotes: \"{word}\""));
            }
            _ => {}
        }
        Err(Broken)
    }

    #[cold]
    pub(super) fn not_a_number(&mut self, start: usize) -> Parsed {
        let span = self.parser.span_from(start);
        let text = self.parser.text_of(span).to_owned();
        self.parser
            .report(span, format!("`{text}` is no number in JSON"))
            .help("a number has no leading zero, and digits on both sides of its point");
        Err(Broken)
    }

    #[cold]
    pub(super) fn no_key(&mut self, open: usize) -> Parsed {
        let brace = self.parser.byte_span(open);
        let found = self.parser.found();
        let span = self.parser.thing_here();
        let word = self.parser.text_of(span).to_owned();
        let rest = self.parser.line_rest();
        let comment = rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#');
        if self.parser.at_end() {
            self.parser.report(brace, "this brace is never closed: `}` is missing");
        } else if comment {
            self.parser
                .report(span, "JSON has no comments")
                .help("in a body, a member named \"//\" is a comment");
        } else {
            let error = self.parser.report(span, format!("a key in quotes has to stand here, not {found}"));
            error.label(brace, "within this object");
            if word.starts_with(|c: char| c.is_alphabetic()) {
                error.help(format!("write \"{word}\""));
            }
        }
        Err(Broken)
    }

    #[cold]
    pub(super) fn no_colon(&mut self, key: Node) -> Parsed<()> {
        let key = self.parser.span_of(key);
        let found = self.parser.found();
        let span = self.parser.thing_here();
        let equals = self.parser.peek() == b'=';
        self.parser
            .report(span, format!("`:` has to stand between a key and its value, not {found}"))
            .label(key, "behind this key");
        // With an equals sign the value is as clear as with a colon.
        if equals { Ok(()) } else { Err(Broken) }
    }

    #[cold]
    pub(super) fn trailing_comma(&mut self, comma: usize) {
        let span = self.parser.byte_span(comma);
        self.parser.report(span, "JSON allows no comma behind the last element").help("delete the comma");
    }

    #[cold]
    pub(super) fn no_separator(&mut self, open: usize, close: u8) -> Parsed<()> {
        let bracket = self.parser.byte_span(open);
        let close = char::from(close);
        if self.parser.at_end() {
            self.parser.report(bracket, format!("this bracket is never closed: `{close}` is missing"));
            return Err(Broken);
        }
        let span = self.parser.thing_here();
        if matches!(self.parser.peek(), b'"' | b'{' | b'[') {
            let before = self.parser.bytes[..self.parser.pos].trim_ascii_end().len();
            self.parser
                .report(Span::at(before as u32), "a comma is missing between this element and the next")
                .label(span, "the next element begins here");
            return Ok(());
        }
        let found = self.parser.found();
        self.parser
            .report(span, format!("`,` or `{close}` has to stand here, not {found}"))
            .label(bracket, "within this bracket");
        Err(Broken)
    }

    #[cold]
    pub(super) fn unclosed_string(&mut self, open: usize, end: usize) -> Parsed {
        self.parser.pos = end;
        let span = self.parser.span_from(open);
        self.parser
            .report(span, "this string has no closing quote on its line")
            .help("close it with \", and write a line end within it as \\n");
        Err(Broken)
    }

    #[cold]
    pub(super) fn control_character(&mut self, at: usize) -> Parsed {
        self.parser.pos = at;
        let span = self.parser.byte_span(at);
        let error = self.parser.report(span, "a control character cannot stand in a string as it is");
        error.help("write \\t for a tab, \\n for a line end, \\u00.. for others");
        Err(Broken)
    }
}

impl Parser<'_> {
    #[cold]
    pub(super) fn bad_json_escape<T>(&mut self, at: usize) -> Parsed<T> {
        self.pos = at;
        let next = self.text[at + 1..].chars().next();
        let span = Span::new(at as u32, (at + 1 + next.map_or(0, char::len_utf8)) as u32);
        let shown = self.text_of(span).to_owned();
        self.report(span, format!("`{shown}` is no escape sequence of JSON"))
            .help("there are \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\u with four digits");
        Err(Broken)
    }
}
