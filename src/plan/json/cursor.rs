use std::borrow::Cow;
use std::ops::Range;

use super::super::bounds::DEPTH;
use super::{JsonError, JsonFault, string};

/// A place in a JSON text, from which values are read one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

type Result<T> = std::result::Result<T, JsonError>;

impl<'t> Cursor<'t> {
    /// At the beginning of a text.
    pub(crate) fn new(text: &'t str) -> Self {
        Self::at(text, 0)
    }

    /// At some place of a text, from which its other places are told.
    pub(crate) fn at(text: &'t str, at: usize) -> Self {
        Self { text, at, depth: 0 }
    }

    /// How many bytes stand before it.
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    #[inline]
    fn wrong<T>(&self, fault: JsonFault) -> Result<T> {
        Err(JsonError { at: self.at, fault })
    }

    /// Something else had to come, or nothing does.
    #[cold]
    fn expected<T>(&self, what: &'static str) -> Result<T> {
        self.wrong(if self.at >= self.text.len() { JsonFault::End } else { JsonFault::Expected(what) })
    }

    /// The first byte of what comes, blanks aside.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        let mut byte = *bytes.get(self.at)?;
        while matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
            byte = *bytes.get(self.at)?;
        }
        Some(byte)
    }

    /// Whether that byte comes; it is taken if so.
    #[inline]
    fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Nothing may follow but blanks.
    #[cfg(test)]
    pub(crate) fn end(&mut self) -> Result<()> {
        if self.peek().is_none() { Ok(()) } else { self.wrong(JsonFault::Trailing) }
    }

    /// Reads an object: `member` reads the value of each key.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        if !self.takes(b'{') {
            return self.expected("an object");
        }
        self.deeper()?;
        if !self.takes(b'}') {
            loop {
                let key = self.key()?;
                member(self, &key)?;
                if self.takes(b',') {
                    continue;
                }
                if self.takes(b'}') {
                    break;
                }
                return self.expected("`,` or `}`");
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Reads a key and the colon behind it.
    #[inline]
    fn key(&mut self) -> Result<Cow<'t, str>> {
        if self.peek() != Some(b'"') {
            return self.expected("a key");
        }
        let key = self.string()?;
        if self.takes(b':') { Ok(key) } else { self.expected("`:`") }
    }

    /// Reads an array: `element` reads each of its values.
    pub(crate) fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        if !self.takes(b'[') {
            return self.expected("an array");
        }
        self.deeper()?;
        if !self.takes(b']') {
            loop {
                element(self)?;
                if self.takes(b',') {
                    continue;
                }
                if self.takes(b']') {
                    break;
                }
                return self.expected("`,` or `]`");
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn deeper(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH { self.wrong(JsonFault::Depth) } else { Ok(()) }
    }

    /// Reads a string.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'t, str>> {
        if !self.takes(b'"') {
            return self.expected("a string");
        }
        let start = self.at;
        let (end, escaped) = string::end(self.text.as_bytes(), start)?;
        self.at = end;
        let inner = self.text.get(start..end - 1).unwrap_or_default();
        Ok(if escaped { string::decoded(inner) } else { Cow::Borrowed(inner) })
    }

    /// Reads a number, as it is written.
    pub(crate) fn number(&mut self) -> Result<&'t str> {
        self.peek();
        let start = self.at;
        self.skip_number()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    #[inline]
    fn skip_number(&mut self) -> Result<()> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        let digits = |mut at: usize| {
            let from = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            (at, at > from)
        };
        at += usize::from(bytes.get(at) == Some(&b'-'));
        let zero = bytes.get(at) == Some(&b'0');
        let (mut end, some) = if zero { (at + 1, true) } else { digits(at) };
        let mut good = some;
        if bytes.get(end) == Some(&b'.') {
            let (behind, some) = digits(end + 1);
            end = behind;
            good &= some;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let (behind, some) = digits(end + 1 + sign);
            end = behind;
            good &= some;
        }
        if !good {
            return if end >= bytes.len() {
                self.wrong(JsonFault::End)
            } else {
                self.wrong(JsonFault::Number)
            };
        }
        self.at = end;
        Ok(())
    }

    /// Reads `true` or `false`.
    pub(crate) fn boolean(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            _ => self.expected("`true` or `false`"),
        }
    }

    /// Whether `null` comes; it is taken if so.
    pub(crate) fn null(&mut self) -> Result<bool> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal("null").map(|()| true)
    }

    #[inline]
    fn literal(&mut self, word: &'static str) -> Result<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        if word.as_bytes().starts_with(rest) {
            self.at = self.text.len();
        }
        self.expected("a value")
    }

    /// Skips a value, which is checked like any other; returns where it stands.
    pub(crate) fn skip(&mut self) -> Result<Range<u32>> {
        self.peek();
        let start = self.at;
        self.pass()?;
        Ok(start as u32..self.at as u32)
    }

    /// Passes one value. Without recursion: whether each collection is an object is a bit of a stack of bits.
    fn pass(&mut self) -> Result<()> {
        const WORDS: usize = DEPTH / 64 + 1;
        let mut objects = [0u64; WORDS];
        let mut depth = self.depth;
        let outer = depth;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at = string::end(self.text.as_bytes(), self.at + 1)?.0;
                }
                Some(open @ (b'{' | b'[')) => {
                    let object = open == b'{';
                    self.at += 1;
                    depth += 1;
                    let Some(word) = objects.get_mut(depth / 64).filter(|_| depth <= DEPTH) else {
                        return self.wrong(JsonFault::Depth);
                    };
                    if self.takes(open + 2) {
                        depth -= 1;
                    } else {
                        let bit = 1 << (depth % 64);
                        *word = if object { *word | bit } else { *word & !bit };
                        if object {
                            self.pass_key()?;
                        }
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.skip_number()?,
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                Some(b'n') => self.literal("null")?,
                _ => return self.expected("a value"),
            }
            // Behind a value: what follows in what it stands in.
            loop {
                if depth == outer {
                    return Ok(());
                }
                let object = objects.get(depth / 64).is_some_and(|word| word >> (depth % 64) & 1 == 1);
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if object {
                            self.pass_key()?;
                        }
                        break;
                    }
                    Some(b'}') if object => {
                        self.at += 1;
                        depth -= 1;
                    }
                    Some(b']') if !object => {
                        self.at += 1;
                        depth -= 1;
                    }
                    _ => return self.expected(if object { "`,` or `}`" } else { "`,` or `]`" }),
                }
            }
        }
    }

    #[inline]
    fn pass_key(&mut self) -> Result<()> {
        if self.peek() != Some(b'"') {
            return self.expected("a key");
        }
        self.at = string::end(self.text.as_bytes(), self.at + 1)?.0;
        if self.takes(b':') { Ok(()) } else { self.expected("`:`") }
    }
}
