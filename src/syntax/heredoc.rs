//! Heredocs: their introducer, their lines, the indentation that a flush one loses.

use unicode_segmentation::UnicodeSegmentation;

use super::parser::{Parsed, Parser};
use super::template::Part;
use super::tree::Text;

impl Parser<'_> {
    /// A heredoc, from its `<<` on; ends behind the marker that closes it, before that line's end.
    pub(super) fn heredoc(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 2;
        let flush = self.peek() == b'-';
        if flush {
            self.pos += 1;
        }
        let Some(marker) = self.identifier() else { return self.bad_heredoc_start(open) };
        if !self.at_newline() {
            return self.bad_heredoc_start(open);
        }
        self.pos += if self.peek() == b'\r' { 2 } else { 1 };
        let mark = self.parts.len();
        let marker = &self.bytes[marker.start as usize..marker.end as usize];
        let mut line_start = true;
        let mut trim = false;
        loop {
            if line_start && self.at_heredoc_end(marker) {
                break;
            }
            if self.at_end() {
                return self.unclosed_heredoc(open, marker);
            }
            let run = self.line_run();
            if !run.span.is_empty() {
                line_start = self.bytes[run.span.end as usize - 1] == b'\n';
                let text = self.line_text(run)?;
                self.literal(run.span, text, trim);
                trim = false;
            }
            let run_ends_line = line_start && !run.span.is_empty();
            if !run_ends_line && matches!(self.peek(), b'$' | b'%') && self.peek_at(1) == b'{' {
                trim = self.sequence(mark)?;
                line_start = false;
            }
        }
        // The marker's line, up to its end.
        let rest = &self.bytes[self.pos..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        self.pos += length - usize::from(length > 0 && rest[length - 1] == b'\r');
        if flush {
            self.take_indentation(mark);
        }
        self.finish_template(mark, self.span_from(open))
    }

    /// Whether this line holds the marker alone and ends.
    fn at_heredoc_end(&self, marker: &[u8]) -> bool {
        let rest = &self.bytes[self.pos..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let here = &rest[blanks..];
        // Other white space than blanks is rare before a marker, but counts.
        if !here.starts_with(marker) && here.first().is_none_or(|b| (0x21..0x80).contains(b) || *b == b'\n') {
            return false;
        }
        let Some(end) = memchr::memchr(b'\n', rest) else { return false };
        self.text.get(self.pos..self.pos + end).is_some_and(|line| line.trim().as_bytes() == marker)
    }

    /// Takes from the lines of a flush heredoc the indentation that all of them have.
    fn take_indentation(&mut self, mark: usize) {
        let mut least = usize::MAX;
        let mut adjust = Vec::new();
        let mut line_start = true;
        for at in mark..self.parts.len() {
            let literal = match self.parts[at] {
                Part::Literal { text, .. } => Some(self.read_text(text)),
                _ => None,
            };
            if line_start {
                least = least.min(match literal {
                    None => 0,
                    Some(line) => {
                        let words = line.trim_start();
                        if words.is_empty() && line.ends_with('\n') {
                            usize::MAX
                        } else {
                            adjust.push(at);
                            graphemes(&line[..line.len() - words.len()])
                        }
                    }
                });
            }
            line_start = literal.is_some_and(|line| line.ends_with('\n'));
        }
        for at in adjust {
            if let Part::Literal { span, text } = self.parts[at] {
                let line = self.read_text(text);
                let cut = length(line, least) as u32;
                let text = Text { start: text.start + cut, len: text.len - cut };
                self.parts[at] = Part::Literal { span, text };
            }
        }
    }
}

/// How many characters, as people count them, a text has.
fn graphemes(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).count() }
}

/// How many bytes the first `count` characters of a text have.
fn length(text: &str, count: usize) -> usize {
    // A character ends where a plain one follows.
    match text.get(..=count) {
        Some(head) if is_plain(head) => count,
        _ => text.graphemes(true).take(count).map(str::len).sum(),
    }
}

/// Whether each byte is a character of its own.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && byte != b'\r')
}
