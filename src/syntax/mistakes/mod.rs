//! What people get wrong, said in plain words: one function per mistake. Those that return `Parsed` say whether
//! reading can go on as if it had been right.

mod collection;
mod expression;
mod structure;
mod template;

use super::parser::{MAX_ERRORS, Parser};
use super::tree::SyntaxError;
use crate::source::Span;

/// How much of a line is looked at for what it means.
const LONG_LINE: usize = 4096;

impl SyntaxError {
    /// Says what to do.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a place that belongs to the story.
    pub(super) fn label(&mut self, span: Span, label: impl Into<String>) -> &mut Self {
        self.labels.push((span, label.into()));
        self
    }

    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, labels: Vec::new() }
    }
}

impl Parser<'_> {
    /// Reports an error. After very many of them nothing more is read.
    #[cold]
    pub(super) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut SyntaxError {
        let errors = &mut self.out.errors;
        if errors.len() >= MAX_ERRORS {
            errors.truncate(MAX_ERRORS - 1);
        }
        let at = errors.len();
        let full = at + 1 == MAX_ERRORS;
        let message =
            if full { "there are too many errors: the rest is not read".into() } else { message.into() };
        errors.push(SyntaxError::new(span, message));
        self.gave_up |= full;
        self.exhausted |= full;
        &mut errors[at]
    }

    /// The thing that stands at the position: a word, a number, an operator or one character.
    pub(super) fn thing_here(&self) -> Span {
        let rest = self.text.get(self.pos..).unwrap_or("");
        let word = rest.find(|c: char| !super::lexer::continues_identifier(c)).unwrap_or(rest.len());
        let length = match rest.as_bytes() {
            _ if word > 0 => word,
            [b'=', b'=', b'=', ..] => 3,
            [b'=', b'=' | b'>', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] | [b':', b':', ..] => 2,
            [b'.', b'.', b'.', ..] => 3,
            [b'\n', ..] | [b'\r', b'\n', ..] => 0,
            _ => rest.chars().next().map_or(0, char::len_utf8),
        };
        self.span_here(length)
    }

    /// What stands at the position, for a message.
    pub(super) fn found(&self) -> String {
        if self.at_end() {
            return if self.detached { "the end of the text".into() } else { "the end of the file".into() };
        }
        if self.at_newline() {
            return "the end of the line".into();
        }
        let span = self.thing_here();
        match &self.text[span.start as usize..span.end as usize] {
            "\"" => "a quote".into(),
            "`" => "a backtick".into(),
            thing => format!("`{}`", thing.escape_debug()),
        }
    }

    /// The rest of the line from the position on (of a very long line its beginning).
    pub(super) fn line_rest(&self) -> &str {
        let mut end = self.bytes.len().min(self.pos + LONG_LINE);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(self.pos..end).and_then(|rest| rest.lines().next()).unwrap_or("")
    }

    /// The word or number that stands before the position, blanks aside.
    pub(super) fn word_before(&self) -> Span {
        let before = self.bytes[..self.pos].trim_ascii_end();
        let word = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        Span::new((before.len() - word) as u32, before.len() as u32)
    }

    pub(super) fn text_of(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// One byte, as a span.
    pub(super) fn byte_span(&self, at: usize) -> Span {
        Span::new(at as u32, at as u32 + 1)
    }
}
