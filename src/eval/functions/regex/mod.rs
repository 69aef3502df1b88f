//! Regular expressions: RE2's, matched by the `regex` crate.

mod class;
mod escape;
mod functions;
mod translate;
mod unicode;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use regex::bytes::{Captures, Regex, RegexBuilder};

pub(super) use functions::FUNCTIONS;

use super::{Fault, arguments, results};
use crate::eval::bounds;
use translate::{Invalid, translate};

/// A pattern, ready to match.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    groups: Vec<Option<String>>,
}

impl Invalid {
    /// As the fault of the argument that holds the pattern.
    pub(super) fn fault(&self, argument: usize) -> Fault {
        let fault = Fault::at(argument, format!("is not a valid regular expression: {}", self.what));
        if self.part.is_empty() { fault } else { fault.showing(arguments::quoted(&self.part)) }
    }
}

/// How many patterns a thread keeps.
const KEPT: usize = 64;

thread_local! {
    /// A pattern is used again and again, in a `for` or in one validation per instance, and is dear to compile.
    static COMPILED: RefCell<Vec<(String, Rc<Pattern>)>> = const { RefCell::new(Vec::new()) };
}

/// The pattern, compiled.
pub(super) fn compile(pattern: &str) -> Result<Rc<Pattern>, Invalid> {
    let kept = COMPILED.with_borrow_mut(|kept| {
        let at = kept.iter().position(|(text, _)| text == pattern)?;
        let found = kept.remove(at);
        let compiled = found.1.clone();
        kept.push(found);
        Some(compiled)
    });
    if let Some(compiled) = kept {
        return Ok(compiled);
    }
    let translated = translate(pattern)?;
    let regex = RegexBuilder::new(&translated.pattern).size_limit(bounds::PATTERN_BYTES).build();
    let regex = regex.map_err(|_| Invalid::new("it is too large", ""))?;
    let compiled = Rc::new(Pattern { regex, groups: translated.groups });
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((pattern.to_owned(), compiled.clone()));
    });
    Ok(compiled)
}

impl Pattern {
    /// The first match at or behind `from`, on the borders of code points.
    fn captures_at<'t>(&self, text: &'t str, from: usize) -> Option<Captures<'t>> {
        let mut from = from;
        loop {
            let captures = self.regex.captures_at(text.as_bytes(), from)?;
            let whole = captures.get(0)?;
            // A word boundary of bytes may be met within a code point, where nothing is to be matched.
            if text.is_char_boundary(whole.start()) && text.is_char_boundary(whole.end()) {
                return Some(captures);
            }
            from = (whole.start() + 1..=text.len()).find(|&at| text.is_char_boundary(at))?;
        }
    }

    /// All matches that do not overlap; an empty one that touches the match before it is none.
    fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        let mut from = 0;
        let mut last_end = None;
        std::iter::from_fn(move || {
            loop {
                if from > text.len() {
                    return None;
                }
                let captures = self.captures_at(text, from)?;
                let whole = captures.get(0)?;
                let (start, end) = (whole.start(), whole.end());
                if start == end {
                    from =
                        end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                    if last_end == Some(end) {
                        continue;
                    }
                } else {
                    from = end;
                }
                last_end = Some(end);
                return Some(captures);
            }
        })
    }

    /// Replaces all matches; `$1`, `$name` and `${name}` in `by` stand for groups.
    pub(super) fn replace_all(&self, text: &str, by: &str) -> Result<String, Fault> {
        let mut out = String::new();
        let mut done = 0;
        for captures in self.all(text) {
            let Some(whole) = captures.get(0) else { continue };
            out.push_str(text.get(done..whole.start()).unwrap_or_default());
            self.expand(text, &captures, by, &mut out);
            done = whole.end();
            results::within_bytes(out.len())?;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Ok(out)
    }

    fn expand(&self, text: &str, captures: &Captures<'_>, by: &str, out: &mut String) {
        let mut rest = by;
        while let Some(at) = rest.find('$') {
            out.push_str(rest.get(..at).unwrap_or_default());
            let after = rest.get(at + 1..).unwrap_or_default();
            if let Some(behind) = after.strip_prefix('$') {
                out.push('$');
                rest = behind;
            } else if let Some((name, behind)) = reference(after) {
                out.push_str(self.group(text, captures, name));
                rest = behind;
            } else {
                out.push('$');
                rest = after;
            }
        }
        out.push_str(rest);
    }

    /// What the group of that number or name matched; of several of one name, the first that took part.
    fn group<'t>(&self, text: &'t str, captures: &Captures<'_>, name: &str) -> &'t str {
        let matched = |index: usize| {
            let group = captures.get(index)?;
            text.get(group.start()..group.end())
        };
        let found = if name.bytes().all(|b| b.is_ascii_digit()) && (name.len() == 1 || !name.starts_with('0'))
        {
            name.parse().ok().and_then(matched)
        } else {
            let named = self.groups.iter().enumerate().filter(|(_, group)| group.as_deref() == Some(name));
            named.map(|(index, _)| index + 1).find_map(matched)
        };
        found.unwrap_or_default()
    }
}

/// The name behind a dollar sign, and what follows it.
fn reference(after: &str) -> Option<(&str, &str)> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let (inner, braced) = match after.strip_prefix('{') {
        Some(inner) => (inner, true),
        None => (after, false),
    };
    let end = inner.find(|c| !word(c)).unwrap_or(inner.len());
    let (name, behind) = inner.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    if braced { behind.strip_prefix('}').map(|behind| (name, behind)) } else { Some((name, behind)) }
}
