//! Strings of the JSON form: their escapes, the templates in them, and how both lead back to the file's bytes.

use super::super::parser::{Broken, Node, Parsed, Parser};
use super::super::places::Places;
use super::super::tree::{ExprKind, Text};
use super::Json;
use crate::source::Span;

impl Json<'_> {
    pub(super) fn string(&mut self) -> Parsed {
        let open = self.parser.pos;
        let (mut escapes, mut ascii, mut sequences) = (false, true, false);
        let mut at = open + 1;
        loop {
            match self.parser.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escapes = true;
                    at += 1;
                    if self.parser.bytes.get(at).is_some_and(u8::is_ascii) {
                        at += 1;
                    }
                    continue;
                }
                Some(b'\n') | None => return self.unclosed_string(open, at),
                Some(byte) if *byte < 0x20 && *byte != b'\t' => return self.control_character(at),
                Some(b'\t') => return self.control_character(at),
                Some(b'{') => sequences |= matches!(self.parser.bytes[at - 1], b'$' | b'%'),
                Some(byte) => ascii &= byte.is_ascii(),
            }
            at += 1;
        }
        let inner = Span::new(open as u32 + 1, at as u32);
        self.parser.pos = at + 1;
        let span = self.parser.span_from(open);
        let (text, template) = if escapes {
            self.escaped(inner)?
        } else {
            let text = self.parser.text_at(inner, ascii);
            let template = if self.templates && (sequences || self.parser.bytes[open..at].contains(&b'\r')) {
                let (text, end) = (self.parser.text, inner.end as usize);
                self.template(&text[..end], inner.start as usize, None)
            } else {
                self.parser.leaf(ExprKind::String(text), inner)
            };
            (text, template)
        };
        self.parser.branch(ExprKind::JsonString { text, template: template.id }, span, template.height)
    }

    /// A string with escapes.
    fn escaped(&mut self, inner: Span) -> Parsed<(Text, Node)> {
        let (decoded, places) = self.parser.decode_json(inner)?;
        let text = self.parser.out.own(&decoded);
        let sequences = memchr::memchr3(b'$', b'%', b'\r', decoded.as_bytes()).is_some();
        let template = if self.templates && sequences {
            self.template(&decoded, 0, Some(&places))
        } else {
            self.parser.leaf(ExprKind::String(text), inner)
        };
        Ok((text, template))
    }

    /// Reads the template that stands in `text` from `start` on; with `places`, `text` is not the file's.
    fn template(&mut self, text: &str, start: usize, places: Option<&Places>) -> Node {
        let out = std::mem::take(&mut self.parser.out);
        let held = out.held();
        let mut inner = Parser::new(text, out);
        inner.pos = start;
        inner.nesting = self.parser.nesting;
        inner.detached = places.is_some();
        let node = match inner.bare_template() {
            Ok(node) => node,
            Err(Broken) => inner.hole(Span::new(start as u32, text.len() as u32)),
        };
        if let Some(places) = places {
            inner.move_to_file(places, held);
        }
        self.parser.out = inner.out;
        node
    }
}

impl Parser<'_> {
    /// Resolves the escapes of a JSON string.
    pub(in super::super) fn decode_json(&mut self, inner: Span) -> Parsed<(String, Places)> {
        let text = self.text;
        let mut at = inner.start as usize;
        let end = inner.end as usize;
        let mut decoded = String::with_capacity(inner.len());
        let mut places = Places::from(inner.start);
        while let Some(length) = memchr::memchr(b'\\', &self.bytes[at..end]) {
            decoded.push_str(&text[at..at + length]);
            at += length;
            let Some((c, length)) = escape(&text[at..end]) else { return self.bad_json_escape(at) };
            places.mark(decoded.len(), at);
            decoded.push(c);
            at += length;
            places.mark(decoded.len(), at);
        }
        decoded.push_str(&text[at..end]);
        Ok((decoded, places))
    }
}

/// The character that a JSON escape stands for, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = code_unit(text)?;
            if (0xD800..0xDC00).contains(&high)
                && let Some(low) = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(code_unit)
                && (0xDC00..0xE000).contains(&low)
            {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Some((char::from_u32(code)?, 12));
            }
            return Some((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// The code unit of the `\uXXXX` that `text` begins with.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.get(2..6)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
