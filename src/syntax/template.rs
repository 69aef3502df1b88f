//! Templates: quoted strings, sequences, and the tree that literals and directives make.

use super::lexer::{CLASS, QUOTED_STOP};
use super::parser::{Node, Parsed, Parser};
use super::places::Places;
use super::tree::{ExprKind, Text};
use crate::source::Span;

/// A part of a template, as it is read.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Literal { span: Span, text: Text },
    Interpolation { value: Node },
    If { span: Span, condition: Node },
    Else { span: Span },
    EndIf { span: Span },
    For { span: Span, key_name: Option<Span>, value_name: Span, collection: Node },
    EndFor { span: Span },
}

/// A run of characters between sequences.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) span: Span,
    /// It holds something that does not stand for itself.
    pub(super) escapes: bool,
    pub(super) ascii: bool,
}

impl Parser<'_> {
    /// A quoted string, a template or not.
    pub(super) fn quoted(&mut self) -> Parsed {
        let open = self.pos;
        self.pos += 1;
        let run = self.quoted_run();
        if self.peek() == b'"' {
            self.pos += 1;
            let text = self.quoted_text(run)?;
            return Ok(self.leaf(ExprKind::String(text), self.span_from(open)));
        }
        self.quoted_template(open, run)
    }

    /// A quoted string that holds more than its first run of characters.
    fn quoted_template(&mut self, open: usize, first: Run) -> Parsed {
        let mark = self.parts.len();
        let mut run = first;
        let mut trim = false;
        loop {
            if !run.span.is_empty() {
                let text = self.quoted_text(run)?;
                self.literal(run.span, text, trim);
            }
            match self.peek() {
                b'"' => break,
                b'$' | b'%' => trim = self.sequence(mark)?,
                _ => return self.unclosed_string(open),
            }
            run = self.quoted_run();
        }
        self.pos += 1;
        self.finish_template(mark, self.span_from(open))
    }

    /// Passes characters up to the closing quote, a sequence or the line's end.
    #[inline]
    pub(super) fn quoted_run(&mut self) -> Run {
        let start = self.pos;
        let (mut escapes, mut ascii) = (false, true);
        while let Some(&byte) = self.bytes.get(self.pos) {
            if CLASS[byte as usize] & QUOTED_STOP == 0 {
                self.pos += 1;
                continue;
            }
            match byte {
                b'"' | b'\n' | b'\r' => break,
                b'\\' => {
                    escapes = true;
                    self.pos += 1;
                    if matches!(self.peek(), b'!'..=b'~' | b' ' | b'\t') {
                        self.pos += 1;
                    }
                }
                b'$' | b'%' => {
                    if self.peek_at(1) == b'{' {
                        break;
                    }
                    if self.peek_at(1) == byte && self.peek_at(2) == b'{' {
                        escapes = true;
                        self.pos += 3;
                    } else {
                        self.pos += 1;
                    }
                }
                _ => {
                    ascii = false;
                    self.pos += 1;
                }
            }
        }
        Run { span: self.span_from(start), escapes, ascii }
    }

    /// What a run of a quoted string stands for.
    pub(super) fn quoted_text(&mut self, run: Run) -> Parsed<Text> {
        if !run.escapes {
            return Ok(self.text_at(run.span, run.ascii));
        }
        let (decoded, _) = self.decode_quoted(run.span)?;
        Ok(self.out.own(&decoded))
    }

    /// Resolves the escapes of a run of a quoted string.
    pub(super) fn decode_quoted(&mut self, span: Span) -> Parsed<(String, Places)> {
        let text = self.text;
        let (mut at, end) = (span.start as usize, span.end as usize);
        let mut decoded = String::with_capacity(end - at);
        let mut places = Places::from(span.start);
        while let Some(length) = memchr::memchr3(b'\\', b'$', b'%', &self.bytes[at..end]) {
            decoded.push_str(&text[at..at + length]);
            at += length;
            let here = &text[at..end];
            places.mark(decoded.len(), at);
            at += if here.starts_with('\\') {
                self.escape(here, at as u32, &mut decoded)?
            } else {
                unescape_sequence(here, &mut decoded)
            };
            places.mark(decoded.len(), at);
        }
        decoded.push_str(&text[at..end]);
        Ok((decoded, places))
    }

    /// Decodes the backslash escape that `text` begins with; says how many bytes it has.
    fn escape(&mut self, text: &str, place: u32, decoded: &mut String) -> Parsed<usize> {
        let digits = match text.as_bytes().get(1) {
            Some(b'n') => return Ok(push(decoded, '\n')),
            Some(b'r') => return Ok(push(decoded, '\r')),
            Some(b't') => return Ok(push(decoded, '\t')),
            Some(b'"') => return Ok(push(decoded, '"')),
            Some(b'\\') => return Ok(push(decoded, '\\')),
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return self.unknown_escape(text, place),
        };
        let code = text.get(2..2 + digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = code.and_then(|code| u32::from_str_radix(code, 16).ok()) else {
            return self.short_unicode_escape(text, place, digits);
        };
        let Some(c) = char::from_u32(code) else { return self.no_character(place, digits) };
        decoded.push(c);
        Ok(2 + digits)
    }

    /// Adds a literal part.
    #[inline]
    pub(super) fn literal(&mut self, span: Span, text: Text, trim: bool) {
        let text = if trim { self.trimmed_start(text) } else { text };
        self.parts.push(Part::Literal { span, text });
    }

    fn trimmed_start(&self, text: Text) -> Text {
        let cut = text.len - self.read_text(text).trim_start().len() as u32;
        Text { start: text.start + cut, len: text.len - cut }
    }

    /// `${…}` or `%{…}`; says whether it trims what follows it.
    pub(super) fn sequence(&mut self, mark: usize) -> Parsed<bool> {
        let start = self.pos;
        let directive = self.peek() == b'%';
        self.pos += 2;
        if self.peek() == b'~' {
            self.pos += 1;
            if self.parts.len() > mark
                && let Some(&Part::Literal { span, text }) = self.parts.last()
            {
                let len = self.read_text(text).trim_end().len() as u32;
                self.parts.pop();
                self.parts.push(Part::Literal { span, text: Text { start: text.start, len } });
            }
        }
        self.nested(|p| {
            p.with_newlines(false, |p| {
                p.skip();
                if directive { p.directive(start) } else { p.interpolation(start) }
            })
        })
    }

    fn interpolation(&mut self, start: usize) -> Parsed<bool> {
        if self.peek() == b'}' {
            return self.empty_interpolation(start);
        }
        let value = self.expression()?;
        let trim = self.sequence_end(start)?;
        self.parts.push(Part::Interpolation { value });
        Ok(trim)
    }

    /// The `}` or `~}` of a sequence.
    fn sequence_end(&mut self, start: usize) -> Parsed<bool> {
        self.skip();
        let trim = self.peek() == b'~' && self.peek_at(1) == b'}';
        if trim {
            self.pos += 1;
        }
        if self.peek() != b'}' {
            return self.unclosed_sequence(start);
        }
        self.pos += 1;
        Ok(trim)
    }

    fn directive(&mut self, start: usize) -> Parsed<bool> {
        let word = self.pos;
        let Some(name) = self.identifier() else { return self.missing_directive(start) };
        let part = match &self.bytes[name.start as usize..name.end as usize] {
            b"if" => {
                self.skip();
                let condition = self.expression()?;
                Part::If { span: Span::default(), condition }
            }
            b"for" => {
                self.pos = word;
                let intro = self.for_intro()?;
                Part::For {
                    span: Span::default(),
                    key_name: intro.key_name,
                    value_name: intro.value_name,
                    collection: intro.collection,
                }
            }
            b"else" => Part::Else { span: Span::default() },
            b"endif" => Part::EndIf { span: Span::default() },
            b"endfor" => Part::EndFor { span: Span::default() },
            _ => return self.unknown_directive(name),
        };
        let trim = self.sequence_end(start)?;
        let span = self.span_from(start);
        self.parts.push(match part {
            Part::If { condition, .. } => Part::If { span, condition },
            Part::For { key_name, value_name, collection, .. } => {
                Part::For { span, key_name, value_name, collection }
            }
            Part::Else { .. } => Part::Else { span },
            Part::EndIf { .. } => Part::EndIf { span },
            _ => Part::EndFor { span },
        });
        Ok(trim)
    }

    /// A text that is a template without quotes: up to the end of what this parser reads.
    pub(super) fn bare_template(&mut self) -> Parsed {
        let start = self.pos;
        let mark = self.parts.len();
        let mut trim = false;
        while !self.at_end() {
            let run = self.line_run();
            if !run.span.is_empty() {
                let text = self.line_text(run)?;
                self.literal(run.span, text, trim);
                trim = false;
            }
            if matches!(self.peek(), b'$' | b'%') && self.peek_at(1) == b'{' {
                trim = self.sequence(mark)?;
            }
        }
        self.finish_template(mark, self.span_from(start))
    }

    /// Passes characters up to a sequence or past the line's end.
    pub(super) fn line_run(&mut self) -> Run {
        let start = self.pos;
        let (mut escapes, mut ascii) = (false, true);
        loop {
            let rest = &self.bytes[self.pos..];
            let Some(at) = memchr::memchr3(b'\n', b'$', b'%', rest) else {
                ascii &= rest.is_ascii();
                self.pos = self.bytes.len();
                break;
            };
            ascii &= rest[..at].is_ascii();
            self.pos += at;
            let byte = self.peek();
            if byte == b'\n' {
                self.pos += 1;
                break;
            }
            if self.peek_at(1) == b'{' {
                break;
            }
            let escape = self.peek_at(1) == byte && self.peek_at(2) == b'{';
            escapes |= escape;
            self.pos += if escape { 3 } else { 1 };
        }
        Run { span: self.span_from(start), escapes, ascii }
    }

    /// What a run of a heredoc or a bare template stands for.
    pub(super) fn line_text(&mut self, run: Run) -> Parsed<Text> {
        let bytes = self.bytes;
        let raw = &bytes[run.span.start as usize..run.span.end as usize];
        if let Some(at) = memchr::memchr_iter(b'\r', raw).find(|&at| raw.get(at + 1) != Some(&b'\n')) {
            return self.lone_carriage_return(run.span.start as usize + at);
        }
        if !run.escapes {
            return Ok(self.text_at(run.span, run.ascii));
        }
        let text = self.text;
        let mut rest = &text[run.span.start as usize..run.span.end as usize];
        let mut decoded = String::with_capacity(rest.len());
        while let Some(at) = memchr::memchr2(b'$', b'%', rest.as_bytes()) {
            decoded.push_str(&rest[..at]);
            let here = &rest[at..];
            rest = &here[unescape_sequence(here, &mut decoded)..];
        }
        decoded.push_str(rest);
        Ok(self.out.own(&decoded))
    }
}

fn push(decoded: &mut String, c: char) -> usize {
    decoded.push(c);
    2
}

/// Decodes the `$${` or `%%{` that `text` may begin with; says how many bytes it took.
fn unescape_sequence(text: &str, decoded: &mut String) -> usize {
    if text.starts_with("$${") || text.starts_with("%%{") {
        decoded.push_str(&text[1..3]);
        return 3;
    }
    decoded.push_str(&text[..1]);
    1
}
