//! Reading JSON with numbers as exact as the language's.

use arcstr::ArcStr;

use crate::eval::bounds;
use crate::eval::functions::results;
use crate::value::{Number, Value};

/// Reads a document.
///
/// # Errors
/// What is wrong with it and where.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0, elements: 0 };
    let value = reader.value(0)?;
    reader.space();
    // A closing bracket that closes nothing ends the document, and what follows it is not looked at: Go's decoder, which
    // is asked whether there is more, takes it for the end.
    match reader.peek() {
        None | Some(b']' | b'}') => Ok(value),
        Some(_) => reader.fail("something follows the value"),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    elements: usize,
}

impl Reader<'_> {
    fn fail<T>(&self, what: &str) -> Result<T, String> {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Err(format!("{what} (line {line}, column {column})"))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > bounds::VALUE_DEPTH {
            return self.fail("values nest too deeply");
        }
        self.elements += 1;
        if self.elements > bounds::COLLECTION_ELEMENTS {
            return self.fail("there are too many values");
        }
        self.space();
        match self.peek() {
            None => self.fail("it ends where a value is expected"),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::string(results::normalised(&self.string()?))),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                for (word, value) in
                    [("true", Value::bool(true)), ("false", Value::bool(false)), ("null", Value::null())]
                {
                    if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.fail("this begins no value")
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::tuple(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::tuple(values));
            }
            if !self.take(b',') {
                return self.fail("a comma or a closing bracket is expected");
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut entries: Vec<(ArcStr, Value)> = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(Value::object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.fail("a key in double quotes is expected");
            }
            let key = results::normalised(&self.string()?);
            self.space();
            if !self.take(b':') {
                return self.fail("a colon is expected behind the key");
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            if self.take(b'}') {
                return Ok(Value::object(entries));
            }
            if !self.take(b',') {
                return self.fail("a comma or a closing brace is expected");
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return self.fail("digits are expected");
        }
        if self.take(b'.') && self.digits() == 0 {
            return self.fail("digits are expected behind the point");
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return self.fail("digits are expected in the exponent");
            }
        }
        match self.text.get(start..self.at).and_then(Number::parse) {
            Some(number) => Ok(Value::number(number)),
            None => self.fail("this number cannot be read"),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(end) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
                self.at = self.text.len();
                return self.fail("a string is not closed");
            };
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            if self.take(b'"') {
                return Ok(out);
            }
            if !self.take(b'\\') {
                return self.fail("a control character must be escaped in a string");
            }
            out.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let escaped = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return self.fail("this is no escape"),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit =
            digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())??;
        self.at += 4;
        Some(unit)
    }

    /// The code point of one or two `\u` escapes. Half a pair stands for the replacement character.
    fn unicode(&mut self) -> Result<char, String> {
        let Some(unit) = self.unit() else { return self.fail("four hexadecimal digits are expected") };
        if (0xD800..0xDC00).contains(&unit) {
            let back = self.at;
            if self.take(b'\\') && self.take(b'u') {
                match self.unit() {
                    Some(low @ 0xDC00..0xE000) => {
                        let pair = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some(_) => {}
                    None => return self.fail("four hexadecimal digits are expected"),
                }
            }
            self.at = back;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
