//! Where reading goes on behind something broken.

use super::lexer::may_start_identifier;
use super::parser::{Broken, Parsed, Parser};
use super::structure::Enclosing;
use crate::source::Span;

/// How many times over a file may be skimmed for the ends of broken elements.
const SKIM_FACTOR: usize = 8;

/// Where to stop skimming.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    /// The bracket that closes what is around.
    pub(super) close: u8,
    /// Commas end an element.
    pub(super) commas: bool,
    /// Line ends do.
    pub(super) lines: bool,
}

/// What skimming found.
enum Found {
    /// The end that was looked for.
    Here(usize),
    /// Something that belongs further out.
    Lost(usize),
}

impl Parser<'_> {
    /// Passes the rest of an item of a body that could not be read; `start` is its first byte.
    pub(super) fn recover_item(&mut self, start: usize) {
        self.elements.clear();
        self.parts.clear();
        self.newlines = true;
        self.exhausted = false;
        if self.gave_up || self.skimmed > SKIM_FACTOR * self.bytes.len() {
            self.pos = self.bytes.len();
            return;
        }
        let reached = self.pos.max(start + 1);
        let stop = Stop { close: b'}', commas: false, lines: true };
        self.pos = match self.skim(start, reached, self.indentation(start), stop) {
            Found::Here(at) | Found::Lost(at) => at,
        };
    }

    /// Passes the rest of an element of a collection that could not be read, and says whether what follows it was
    /// found; `start` is the element's first byte, `elements` how many were held before it.
    #[cold]
    pub(super) fn recover_element(&mut self, start: usize, held: (usize, usize), stop: Stop) -> Parsed {
        self.elements.truncate(held.0);
        self.parts.truncate(held.1);
        if self.exhausted || self.skimmed > SKIM_FACTOR * self.bytes.len() {
            return Err(Broken);
        }
        let reached = self.pos.max(start);
        match self.skim(start, reached, self.indentation(self.item_start), stop) {
            Found::Here(at) => {
                self.skimmed += at - start;
                self.pos = at;
                Ok(self.hole(Span::new(start as u32, at as u32)))
            }
            Found::Lost(at) => {
                self.skimmed += at - start;
                Err(Broken)
            }
        }
    }

    /// Looks from `start` on for where what begins there ends, `reached` at the earliest.
    fn skim(&self, start: usize, reached: usize, indent: usize, stop: Stop) -> Found {
        let mut at = start;
        let mut open = Vec::new();
        // How many heredocs that never end may still be looked through.
        let mut patience = 4u8;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\n' if at >= reached => {
                    if open.is_empty() && stop.lines {
                        return Found::Here(at);
                    }
                    if self.line_begins_item(at + 1, indent) {
                        return Found::Lost(at);
                    }
                    at += 1;
                }
                b',' if at >= reached && open.is_empty() && stop.commas => return Found::Here(at),
                b'{' | b'[' | b'(' => {
                    open.push(byte);
                    at += 1;
                }
                b'}' | b']' | b')' => {
                    let opener = match byte {
                        b'}' => b'{',
                        b']' => b'[',
                        _ => b'(',
                    };
                    // A closing bracket also ends what was left open within it.
                    if let Some(depth) = open.iter().rposition(|&bracket| bracket == opener) {
                        open.truncate(depth);
                    } else if at >= reached && byte == stop.close {
                        return Found::Here(at);
                    } else if at >= reached && byte == b'}' {
                        return Found::Lost(at);
                    }
                    at += 1;
                }
                b'<' if patience > 0 && self.bytes.get(at + 1) == Some(&b'<') => {
                    match self.past_heredoc(at) {
                        Some(end) => at = end,
                        None => {
                            patience -= 1;
                            at += 2;
                        }
                    }
                }
                _ => at = self.past_token(at),
            }
        }
        Found::Lost(self.bytes.len())
    }

    /// The end of the string, comment or single byte at `at`; a string ends with its line at the latest.
    fn past_token(&self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        let line_end = || memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |length| at + length);
        match rest {
            [b'"', ..] => self.past_string(at),
            [b'#', ..] | [b'/', b'/', ..] => line_end(),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(at + 2, |length| at + length + 2),
            _ => at + 1,
        }
    }

    /// Past the closing quote of the string at `at`, or its line's end.
    fn past_string(&self, at: usize) -> usize {
        let mut at = at + 1;
        // For each interpolation that is open: how many braces are open in it.
        let mut open: Vec<usize> = Vec::new();
        let mut in_string = true;
        while let Some(&byte) = self.bytes.get(at) {
            let next = self.bytes.get(at + 1).copied();
            match byte {
                b'\n' => return at,
                b'"' if in_string && open.is_empty() => return at + 1,
                b'"' => in_string = !in_string,
                b'\\' if in_string && next != Some(b'\n') => at += 1,
                b'$' | b'%' if in_string && next == Some(byte) && self.bytes.get(at + 2) == Some(&b'{') => {
                    at += 2
                }
                b'$' | b'%' if in_string && next == Some(b'{') => {
                    open.push(0);
                    in_string = false;
                    at += 1;
                }
                b'{' if !in_string => {
                    if let Some(braces) = open.last_mut() {
                        *braces += 1;
                    }
                }
                b'}' if !in_string => match open.last_mut() {
                    Some(0) => {
                        open.pop();
                        in_string = true;
                    }
                    Some(braces) => *braces -= 1,
                    None => {}
                },
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// Past the closing marker of the heredoc at `at`, if it is one that ends.
    fn past_heredoc(&self, at: usize) -> Option<usize> {
        let mut start = at + 2;
        if self.bytes.get(start) == Some(&b'-') {
            start += 1;
        }
        let length = memchr::memchr(b'\n', self.bytes.get(start..)?)?;
        let marker = self.text.get(start..start + length)?.trim_end_matches('\r');
        if !super::lexer::is_identifier(marker) {
            return None;
        }
        let mut line = start + length + 1;
        while let Some(length) = memchr::memchr(b'\n', self.bytes.get(line..)?) {
            if self.text.get(line..line + length)?.trim() == marker {
                return Some(line + length);
            }
            line += length + 1;
        }
        None
    }

    /// Whether the line at `line` begins a new item (or ends the body) although brackets are open: it is indented no
    /// further than the item that is being passed.
    pub(super) fn line_begins_item(&self, line: usize, indent: usize) -> bool {
        let rest = &self.bytes[line.min(self.bytes.len())..];
        let own = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if own > indent {
            return false;
        }
        if rest.get(own) == Some(&b'}') {
            return own < indent;
        }
        self.looks_like_item(line + own)
    }

    /// Whether `name =`, `name {` or `name "label"` stands there.
    pub(super) fn looks_like_item(&self, at: usize) -> bool {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        if !rest.first().copied().is_some_and(may_start_identifier) {
            return false;
        }
        let name = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || **b >= 0x80)
            .count();
        let blanks = rest[name..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match rest.get(name + blanks) {
            Some(b'=') => !matches!(rest.get(name + blanks + 1), Some(b'=' | b'>')),
            Some(b'{' | b'"') => true,
            _ => false,
        }
    }

    /// Whether the item here cannot belong to `block`, judging by its indentation: the block was never closed.
    pub(super) fn ends_by_indentation(&self, block: &Enclosing, mark: usize) -> bool {
        let own = self.indentation(self.pos);
        if own > block.indent {
            return false;
        }
        // Where the block's other items are not indented either, indentation tells nothing, but a header at the
        // margin with labels of its own does.
        let indented = match self.items.get(mark) {
            Some(super::tree::Item::Attribute(first)) => {
                self.indentation(first.name.span.start as usize) > block.indent
            }
            Some(super::tree::Item::Block(first)) => self
                .out
                .blocks
                .get(first.0 as usize)
                .is_some_and(|first| self.indentation(first.kind.span.start as usize) > block.indent),
            None => true,
        };
        indented || own == 0 && self.is_labelled_header(self.pos)
    }

    /// Whether `name "label" … {` stands there.
    pub(super) fn is_labelled_header(&self, at: usize) -> bool {
        let rest = &self.bytes[at.min(self.bytes.len())..];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        name > 0
            && line[name..].trim_ascii_start().starts_with(b"\"")
            && line.trim_ascii_end().ends_with(b"{")
    }
}
