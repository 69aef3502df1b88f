//! Strings: where they end, and what they say.

use std::borrow::Cow;

use super::{JsonError, JsonFault};

const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// The place of the first byte from `at` on that a string does not hold as it is: a quote, a backslash, a control
/// character. Eight bytes at a time: most strings of a plan are shorter than what a wider search takes to begin.
#[inline]
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        // In each, the lowest byte that is marked is right; a borrow can only mark bytes above it.
        let equals = |byte: u8| {
            let other = word ^ (LOW * u64::from(byte));
            other.wrapping_sub(LOW) & !other
        };
        let control = word.wrapping_sub(LOW * 0x20) & !word;
        let found = (equals(b'"') | equals(b'\\') | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// Reads a string from behind its opening quote; returns the place behind the closing one, and whether there are escapes.
#[inline]
pub(super) fn end(bytes: &[u8], mut at: usize) -> Result<(usize, bool), JsonError> {
    let mut escaped = false;
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok((at + 1, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape(bytes, at)?.0;
            }
            Some(_) => return Err(JsonError { at, fault: JsonFault::Control }),
            None => return Err(JsonError { at, fault: JsonFault::End }),
        }
    }
}

/// Reads the escape at `at`; returns the place behind it and the character that it is.
fn escape(bytes: &[u8], at: usize) -> Result<(usize, char), JsonError> {
    let wrong = |fault| Err(JsonError { at, fault });
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes, at),
        Some(_) => return wrong(JsonFault::Escape),
        None => return wrong(JsonFault::End),
    };
    Ok((at + 2, character))
}

fn unicode(bytes: &[u8], at: usize) -> Result<(usize, char), JsonError> {
    let wrong = |fault| JsonError { at, fault };
    let first = unit(bytes, at)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((at + 6, character));
    }
    if first >= 0xdc00 || bytes.get(at + 6) != Some(&b'\\') || bytes.get(at + 7) != Some(&b'u') {
        return Err(wrong(JsonFault::Surrogate));
    }
    let second = unit(bytes, at + 6)?;
    if !(0xdc00..0xe000).contains(&second) {
        return Err(wrong(JsonFault::Surrogate));
    }
    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    let character = char::from_u32(code).ok_or(wrong(JsonFault::Surrogate))?;
    Ok((at + 12, character))
}

/// The four digits behind `\u`.
fn unit(bytes: &[u8], at: usize) -> Result<u32, JsonError> {
    let digits = bytes.get(at + 2..at + 6).ok_or(JsonError { at, fault: JsonFault::End })?;
    digits.iter().try_fold(0, |code, &digit| {
        let digit = char::from(digit).to_digit(16).ok_or(JsonError { at, fault: JsonFault::Escape })?;
        Ok(code << 4 | digit)
    })
}

/// What a string says that [`end`] found good: `inner` is what stands between its quotes.
pub(super) fn decoded(inner: &str) -> Cow<'_, str> {
    let bytes = inner.as_bytes();
    let Some(mut at) = memchr::memchr(b'\\', bytes) else { return Cow::Borrowed(inner) };
    let mut text = String::with_capacity(inner.len());
    let mut from = 0;
    loop {
        text.push_str(inner.get(from..at).unwrap_or_default());
        let Ok((next, character)) = escape(bytes, at) else { break };
        text.push(character);
        from = next;
        match memchr::memchr(b'\\', bytes.get(from..).unwrap_or_default()) {
            Some(found) => at = from + found,
            None => break,
        }
    }
    text.push_str(inner.get(from..).unwrap_or_default());
    Cow::Owned(text)
}
