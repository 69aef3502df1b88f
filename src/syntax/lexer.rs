//! Bytes to tokens, on demand: there is no token list, the parser asks for what it expects next.

use super::parser::Parser;
use super::tree::Comment;
use crate::source::Span;

const IDENT_START: u8 = 1;
const IDENT: u8 = 2;
const DIGIT: u8 = 4;
/// What a quoted string cannot simply copy.
pub(super) const QUOTED_STOP: u8 = 8;
/// White space inside a line.
const BLANK: u8 = 16;
/// What white space and comments may begin with.
const SKIPPED: u8 = 32;

/// What each byte can be; bytes beyond ASCII are decided where they are met.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => IDENT_START | IDENT,
            b'0'..=b'9' => IDENT | DIGIT,
            b'-' => IDENT,
            b' ' | b'\t' => BLANK | SKIPPED,
            b'#' | b'/' => SKIPPED,
            b'\n' | b'\r' => SKIPPED | QUOTED_STOP,
            b'"' | b'\\' | b'$' | b'%' | 0x80.. => QUOTED_STOP,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// Whether a text is an identifier of the language: letters, digits, `_` and `-`, no digit or `-` first.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_identifier) && chars.all(continues_identifier)
}

pub(super) fn starts_identifier(c: char) -> bool {
    c == '_'
        || unicode_ident::is_xid_start(c)
        || is_unstable(c)
        || matches!(c, '\u{e33}' | '\u{eb3}' | '\u{ff9e}' | '\u{ff9f}')
}

pub(super) fn continues_identifier(c: char) -> bool {
    c == '-' || unicode_ident::is_xid_continue(c) || is_unstable(c)
}

/// The language takes identifiers by `ID_Start` and `ID_Continue`, which have these characters; the tables at hand
/// leave them out because normalisation may change them.
fn is_unstable(c: char) -> bool {
    matches!(c, '\u{37a}' | '\u{309b}' | '\u{309c}' | '\u{fc5e}'..='\u{fc63}' | '\u{fdfa}' | '\u{fdfb}')
        || matches!(c, '\u{fe70}'..='\u{fe7e}' if (c as u32).is_multiple_of(2))
}

/// Whether a byte can begin an identifier (any byte beyond ASCII may).
pub(super) fn may_start_identifier(byte: u8) -> bool {
    byte >= 0x80 || CLASS[byte as usize] & IDENT_START != 0
}

pub(super) fn is_digit(byte: u8) -> bool {
    CLASS[byte as usize] & DIGIT != 0
}

impl Parser<'_> {
    /// The byte at the position; 0 at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.bytes.get(self.pos).copied().unwrap_or(0)
    }

    /// The byte `ahead` bytes further; 0 past the end.
    #[inline]
    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.bytes.len()
    }

    /// Whether a line ends here.
    #[inline]
    pub(super) fn at_newline(&self) -> bool {
        match self.peek() {
            b'\n' => true,
            b'\r' => self.peek_at(1) == b'\n',
            _ => false,
        }
    }

    /// Passes white space and comments; line ends too where they mean nothing.
    #[inline(always)]
    pub(super) fn skip(&mut self) {
        if CLASS[self.peek() as usize] & SKIPPED != 0 {
            self.skip_some();
        }
    }

    #[inline(never)]
    fn skip_some(&mut self) {
        while let Some(&byte) = self.bytes.get(self.pos) {
            if byte == b' ' {
                self.pass_spaces();
            } else if byte == b'\n' {
                if self.newlines {
                    return;
                }
                self.pos += 1;
            } else if CLASS[byte as usize] & SKIPPED == 0 || !self.skip_rare(byte) {
                return;
            }
        }
    }

    /// Passes a comment or what else is not a space or a line feed.
    fn skip_rare(&mut self, byte: u8) -> bool {
        match byte {
            b'\t' => self.pos += 1,
            b'\r' if !self.newlines && self.peek_at(1) == b'\n' => self.pos += 2,
            b'#' => self.line_comment(),
            b'/' if self.peek_at(1) == b'/' => self.line_comment(),
            b'/' if self.peek_at(1) == b'*' => return self.block_comment(),
            _ => return false,
        }
        true
    }

    /// Passes a run of spaces, eight at a time.
    #[inline]
    fn pass_spaces(&mut self) {
        while let Some(word) = self.bytes[self.pos..].first_chunk::<8>() {
            let others = u64::from_le_bytes(*word) ^ u64::from_le_bytes([b' '; 8]);
            if others != 0 {
                self.pos += (others.trailing_zeros() / 8) as usize;
                return;
            }
            self.pos += 8;
        }
        while self.peek() == b' ' {
            self.pos += 1;
        }
    }

    /// Passes white space, comments and line ends.
    pub(super) fn skip_lines(&mut self) {
        let newlines = std::mem::replace(&mut self.newlines, false);
        self.skip();
        self.newlines = newlines;
    }

    fn line_comment(&mut self) {
        let start = self.pos;
        let end = memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |at| start + at);
        self.pos = end;
        let text_end = if end > start && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
        self.comment(start, text_end);
    }

    /// Passes `/* … */`; says whether it ends at all.
    fn block_comment(&mut self) -> bool {
        let start = self.pos;
        let Some(length) = memchr::memmem::find(&self.bytes[start + 2..], b"*/") else {
            return false;
        };
        self.pos = start + 2 + length + 2;
        self.comment(start, self.pos);
        true
    }

    fn comment(&mut self, start: usize, end: usize) {
        let before = &self.bytes[..start];
        let blanks = before.iter().rev().take_while(|&&b| CLASS[b as usize] & BLANK != 0).count();
        let rest = &before[..start - blanks];
        let own_line = rest.is_empty() || rest.ends_with(b"\n") || rest == "\u{feff}".as_bytes();
        self.out.comments.push(Comment { span: Span::new(start as u32, end as u32), own_line });
    }

    /// Passes an identifier, if one stands here.
    #[inline]
    pub(super) fn identifier(&mut self) -> Option<Span> {
        let start = self.pos;
        let first = self.peek();
        if CLASS[first as usize] & IDENT_START == 0 {
            if first < 0x80 || !self.char_here().is_some_and(starts_identifier) {
                return None;
            }
            self.wide_identifier();
            return Some(Span::new(start as u32, self.pos as u32));
        }
        let mut at = start + 1;
        while let Some(&byte) = self.bytes.get(at)
            && CLASS[byte as usize] & IDENT != 0
        {
            at += 1;
        }
        self.pos = at;
        if self.peek() >= 0x80 {
            self.wide_identifier();
        }
        Some(Span::new(start as u32, self.pos as u32))
    }

    /// Passes what continues an identifier that holds characters beyond ASCII.
    #[cold]
    fn wide_identifier(&mut self) {
        while let Some(c) = self.char_here()
            && continues_identifier(c)
        {
            self.pos += c.len_utf8();
        }
    }

    /// The character at the position.
    pub(super) fn char_here(&self) -> Option<char> {
        self.text.get(self.pos..)?.chars().next()
    }

    /// Passes a number as the language cuts it: digits, dots and exponents as far as they go.
    pub(super) fn number_token(&mut self) -> Span {
        let start = self.pos;
        let mut at = start;
        let mut end = start;
        loop {
            match self.bytes.get(at).copied().unwrap_or(0) {
                b'0'..=b'9' => {
                    at += 1;
                    end = at;
                }
                b'.' => at += 1,
                b'e' | b'E' => {
                    let sign = matches!(self.bytes.get(at + 1), Some(b'+' | b'-'));
                    let digit = at + 1 + usize::from(sign);
                    if !self.bytes.get(digit).copied().is_some_and(is_digit) {
                        break;
                    }
                    at = digit + 1;
                    end = at;
                }
                _ => break,
            }
        }
        self.pos = end;
        Span::new(start as u32, end as u32)
    }

    /// Whether an identifier stands here that is exactly `word`; does not pass it.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.bytes[self.pos.min(self.bytes.len())..].starts_with(word.as_bytes())
            && !self.bytes.get(self.pos + word.len()).is_some_and(|&b| {
                CLASS[b as usize] & IDENT != 0
                    || b >= 0x80
                        && self
                            .text
                            .get(self.pos + word.len()..)
                            .is_some_and(|t| t.starts_with(continues_identifier))
            })
    }
}

/// Whether a number token is a number: one dot at most, one exponent at its end.
pub(super) fn is_number(token: &[u8]) -> bool {
    let digits = |from: usize| token[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    if token.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1);
    }
    if matches!(token.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(token.get(at), Some(b'+' | b'-')));
        let exponent = digits(at);
        // An exponent beyond 32 bits fits no number of the language.
        if exponent == 0 || token[at..at + exponent].iter().skip_while(|&&b| b == b'0').count() > 9 {
            return false;
        }
        at += exponent;
    }
    at == token.len()
}
