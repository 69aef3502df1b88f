//! Bracketed classes.

use super::escape::char_escape;
use super::translate::Invalid;
use super::unicode;

const MISSING_BRACKET: &str = "a class is not closed by ]";
const RANGE: &str = "a range of a class is the wrong way round, or names no class";

/// `\d` and its kind, by the letter.
pub(super) fn perl(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t\\n\\f\\r ]",
        'S' => "[^\\t\\n\\f\\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        _ => return None,
    })
}

/// `[:alpha:]` and its kind, by the name between the colons.
fn posix(name: &str) -> Option<String> {
    let (caret, name) = match name.strip_prefix('^') {
        Some(name) => ("^", name),
        None => ("", name),
    };
    let known = matches!(
        name,
        "alnum"
            | "alpha"
            | "ascii"
            | "blank"
            | "cntrl"
            | "digit"
            | "graph"
            | "lower"
            | "print"
            | "punct"
            | "space"
            | "upper"
            | "word"
            | "xdigit"
    );
    known.then(|| format!("[[:{caret}{name}:]]"))
}

/// The class that the text begins with: its length, and the same in the other notation.
pub(super) fn class(text: &str) -> Result<(usize, String), Invalid> {
    let mut rest = text.get(1..).unwrap_or_default();
    let mut out = String::from("[");
    if let Some(negated) = rest.strip_prefix('^') {
        rest = negated;
        out.push('^');
    }
    let mut first = true;
    loop {
        if rest.is_empty() {
            return Err(Invalid::new(MISSING_BRACKET, text));
        }
        if let (Some(after), false) = (rest.strip_prefix(']'), first) {
            out.push(']');
            return Ok((text.len() - after.len(), out));
        }
        first = false;
        if let Some((length, nested)) = named(rest)? {
            out.push_str(&nested);
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let at = rest;
        let low = one(text, &mut rest)?;
        let mut high = low;
        if rest.starts_with('-') && !rest.starts_with("-]") && rest.len() > 1 {
            rest = rest.get(1..).unwrap_or_default();
            high = one(text, &mut rest)?;
            if high < low {
                return Err(Invalid::new(RANGE, at.get(..at.len() - rest.len()).unwrap_or(at)));
            }
        }
        push(&mut out, low);
        if high != low {
            out.push('-');
            push(&mut out, high);
        }
    }
}

/// A class within the class, by name or by letter.
fn named(rest: &str) -> Result<Option<(usize, String)>, Invalid> {
    if let Some(inner) = rest.strip_prefix("[:")
        && let Some(end) = inner.find(":]")
    {
        let name = inner.get(..end).unwrap_or_default();
        let length = end + 4;
        return match posix(name) {
            Some(class) => Ok(Some((length, class))),
            None => Err(Invalid::new(RANGE, rest.get(..length).unwrap_or(rest))),
        };
    }
    let Some(letter) = rest.strip_prefix('\\').and_then(|after| after.chars().next()) else {
        return Ok(None);
    };
    if matches!(letter, 'p' | 'P') {
        return unicode::class(rest).map(Some);
    }
    Ok(perl(letter).map(|class| (2, class.to_owned())))
}

/// The one code point that comes next.
fn one(class: &str, rest: &mut &str) -> Result<char, Invalid> {
    let (length, c) = match rest.chars().next() {
        None => return Err(Invalid::new(MISSING_BRACKET, class)),
        Some('\\') => char_escape(rest)?,
        Some(c) => (c.len_utf8(), c),
    };
    *rest = rest.get(length..).unwrap_or_default();
    Ok(c)
}

fn push(out: &mut String, c: char) {
    out.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
}
