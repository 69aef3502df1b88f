//! What a backslash begins.

use super::class::perl;
use super::translate::Invalid;
use super::unicode;

/// What an escape stands for, outside of a class.
pub(super) enum Escape {
    Char(char),
    Class(String),
    Assertion(&'static str),
}

const MALFORMED: &str = "an escape is malformed";
const TRAILING: &str = "the pattern ends with a backslash";

/// The escape that the text begins with, and its length.
pub(super) fn escape(text: &str) -> Result<(usize, Escape), Invalid> {
    let after = text.get(1..).unwrap_or_default();
    let Some(c) = after.chars().next() else { return Err(Invalid::new(TRAILING, text)) };
    let simple = match c {
        'A' => Some(Escape::Assertion("\\A")),
        'z' => Some(Escape::Assertion("\\z")),
        'b' => Some(Escape::Assertion("(?-u:\\b)")),
        'B' => Some(Escape::Assertion("(?-u:\\B)")),
        'p' | 'P' => {
            let (length, class) = unicode::class(text)?;
            return Ok((length, Escape::Class(class)));
        }
        _ => perl(c).map(|class| Escape::Class(class.to_owned())),
    };
    if let Some(escape) = simple {
        return Ok((2, escape));
    }
    let (length, c) = char_escape(text)?;
    Ok((length, Escape::Char(c)))
}

/// An escape that stands for one code point, and its length.
pub(super) fn char_escape(text: &str) -> Result<(usize, char), Invalid> {
    let after = text.get(1..).unwrap_or_default();
    let Some(c) = after.chars().next() else { return Err(Invalid::new(TRAILING, text)) };
    let malformed = || Invalid::new(MALFORMED, text.get(..1 + c.len_utf8()).unwrap_or(text));
    let octal = |bytes: &str| bytes.bytes().take_while(|b| (b'0'..=b'7').contains(b)).count();
    match c {
        '0'..='7' => {
            let digits = octal(after).min(3);
            // A single digit other than zero would refer back to a group, which is not supported.
            if c != '0' && digits < 2 {
                return Err(malformed());
            }
            let value =
                u32::from_str_radix(after.get(..digits).unwrap_or_default(), 8).map_err(|_| malformed())?;
            Ok((1 + digits, char::from_u32(value).ok_or_else(malformed)?))
        }
        'x' => hexadecimal(after.get(1..).unwrap_or_default())
            .map(|(length, c)| (2 + length, c))
            .ok_or_else(malformed),
        'a' => Ok((2, '\x07')),
        'f' => Ok((2, '\x0c')),
        'n' => Ok((2, '\n')),
        'r' => Ok((2, '\r')),
        't' => Ok((2, '\t')),
        'v' => Ok((2, '\x0b')),
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((2, c)),
        _ => Err(malformed()),
    }
}

/// `{10FFFF}` or two digits.
fn hexadecimal(text: &str) -> Option<(usize, char)> {
    let (digits, around) = match text.strip_prefix('{') {
        Some(braced) => (braced.get(..braced.find('}')?)?, 2),
        None => (text.get(..2)?, 0),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits.trim_start_matches('0'), 16).or_else(|error| match error.kind() {
        std::num::IntErrorKind::Empty => Ok(0),
        _ => Err(error),
    });
    let value = value.ok()?;
    // A surrogate is no code point of a text, so nothing can match it; no text holds this one either.
    let c = if (0xD800..0xE000).contains(&value) { '\u{10FFFF}' } else { char::from_u32(value)? };
    Some((digits.len() + around, c))
}
