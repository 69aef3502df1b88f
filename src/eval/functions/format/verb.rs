//! Reading a format: the text in it, and its verbs.

use crate::eval::functions::Fault;
use crate::eval::functions::arguments::quoted;

/// What `%-10.2f` says.
#[derive(Clone, Default, Debug)]
pub(super) struct Verb<'a> {
    /// As it is written.
    pub(super) raw: &'a str,
    /// The letter.
    pub(super) mode: char,
    /// Which argument, from 1.
    pub(super) argument: usize,
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// A piece of a format.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Verb(Verb<'a>),
}

/// Widths and precisions beyond this serve nobody.
const MOST: usize = 1_000_000;

/// The pieces of a format, in order.
pub(super) fn pieces(format: &str) -> Result<Vec<Piece<'_>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = format;
    let mut next = 1;
    while !rest.is_empty() {
        let at = rest.find('%').unwrap_or(rest.len());
        if at > 0 {
            pieces.push(Piece::Text(rest.get(..at).unwrap_or_default()));
            rest = rest.get(at..).unwrap_or_default();
            continue;
        }
        if rest.starts_with("%%") {
            pieces.push(Piece::Text("%"));
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        let verb = verb(rest, next)?;
        next = verb.argument + 1;
        rest = rest.get(verb.raw.len()..).unwrap_or_default();
        pieces.push(Piece::Verb(verb));
    }
    Ok(pieces)
}

/// The verb that the text begins with.
fn verb(text: &str, next: usize) -> Result<Verb<'_>, Fault> {
    let mut verb = Verb { argument: next, ..Verb::default() };
    let mut at = 1;
    let peek = |at: usize| text.as_bytes().get(at).copied();
    loop {
        match peek(at) {
            Some(b'0') => verb.zero = true,
            Some(b'#') => verb.sharp = true,
            Some(b'-') => verb.minus = true,
            Some(b'+') => verb.plus = true,
            Some(b' ') => verb.space = true,
            _ => break,
        }
        at += 1;
    }
    if peek(at).is_some_and(|byte| byte.is_ascii_digit()) {
        verb.width = Some(number(text, &mut at)?);
    }
    if peek(at) == Some(b'.') {
        at += 1;
        verb.precision = Some(number(text, &mut at)?);
    }
    if peek(at) == Some(b'[') {
        at += 1;
        let begins = peek(at);
        let argument = number(text, &mut at)?;
        if !begins.is_some_and(|byte| (b'1'..=b'9').contains(&byte)) || peek(at) != Some(b']') {
            return Err(malformed(text, at));
        }
        verb.argument = argument;
        at += 1;
    }
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(mode) if mode.is_ascii_alphabetic() => {
            verb.mode = mode;
            verb.raw = text.get(..=at).unwrap_or(text);
            Ok(verb)
        }
        Some(_) => Err(malformed(text, at)),
        None => Err(Fault::at(0, "ends within a verb").showing(quoted(text))),
    }
}

fn malformed(text: &str, at: usize) -> Fault {
    let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
    Fault::at(0, "has a malformed verb").showing(quoted(text.get(..end).unwrap_or(text)))
}

/// Digits, none of which mean zero.
fn number(text: &str, at: &mut usize) -> Result<usize, Fault> {
    let digits = text.bytes().skip(*at).take_while(u8::is_ascii_digit).count();
    let number = text.get(*at..*at + digits).unwrap_or_default();
    *at += digits;
    let number = if number.is_empty() { Some(0) } else { number.parse().ok() };
    number.filter(|number| *number <= MOST).ok_or_else(|| Fault::at(0, format!("has a number above {MOST}")))
}
