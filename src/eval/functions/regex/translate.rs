//! RE2's patterns in the words of the `regex` crate.
//!
//! Both crates of thought agree on what a match is (leftmost, first alternative), so only the notation has to be
//! carried over: classes and word boundaries are ASCII, `\Q...\E` quotes, a repeat may not follow a repeat, names of
//! groups may repeat, and the crate's nested classes, set operations and further flags do not exist.

use super::class;
use super::escape::{Escape, escape};
use crate::eval::bounds;

/// A pattern in the notation of the `regex` crate, and the names of its groups.
#[derive(Debug, Default)]
pub(super) struct Translated {
    /// The pattern.
    pub(super) pattern: String,
    /// The name of each group, from the first; `None` for one without.
    pub(super) groups: Vec<Option<String>>,
}

/// Why a pattern is none: what is wrong, and the part of the pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in super::super) struct Invalid {
    pub(in super::super) what: &'static str,
    pub(super) part: String,
}

impl Invalid {
    pub(super) fn new(what: &'static str, part: impl Into<String>) -> Self {
        Self { what, part: part.into() }
    }
}

/// What stands before the cursor, for a repeat to repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing: the pattern, a group or an alternative begins.
    Nothing,
    /// Something, and how often the counted repeats in it repeat it at most.
    Atom(u32),
    /// A repeat, which must not be repeated.
    Repeat(u32),
}

/// What stands before the cursor, and where flags in between begin.
type Behind = (Before, Option<usize>);

/// An open group.
struct Group {
    /// The largest count within it so far.
    count: u32,
}

const MISSING_ARGUMENT: &str = "nothing stands before the repetition operator";
const MISSING_PAREN: &str = "a group is not closed by )";
const UNEXPECTED_PAREN: &str = "a ) closes no group";
const NESTED_REPEAT: &str = "a repetition operator repeats another";
const REPEAT_SIZE: &str = "a repetition counts too high, or to less than it counts from";
const TOO_DEEP: &str = "groups nest too deeply";
const UNSUPPORTED: &str = "this kind of group is not supported";
const GROUP_NAME: &str = "a group's name is malformed";

const GROUP_DEPTH: usize = 250;

/// Translates a pattern.
pub(super) fn translate(pattern: &str) -> Result<Translated, Invalid> {
    let out = Translated::default();
    let mut translator = Translator { rest: pattern, out, open: Vec::new(), count: 1, flags: None };
    translator.run(pattern)?;
    Ok(translator.out)
}

struct Translator<'a> {
    rest: &'a str,
    out: Translated,
    open: Vec<Group>,
    /// The largest count in what is open innermost.
    count: u32,
    /// Where flags begin that were written last: what comes before them is what a repeat behind them repeats.
    flags: Option<usize>,
}

impl<'a> Translator<'a> {
    fn run(&mut self, whole: &'a str) -> Result<(), Invalid> {
        let mut before = Before::Nothing;
        while let Some(c) = self.rest.chars().next() {
            let flags = self.flags.take();
            before = match c {
                '(' => self.open_group((before, flags))?,
                ')' => self.close_group(whole)?,
                '|' => {
                    self.take(1);
                    self.out.pattern.push('|');
                    Before::Nothing
                }
                '*' | '+' | '?' => {
                    let at = self.rest;
                    self.take(1);
                    self.repeat((before, flags), at, c.encode_utf8(&mut [0; 4]), 1)?
                }
                '{' => match counts(self.rest) {
                    Some((length, least, most)) => self.counted((before, flags), length, least, most)?,
                    None => self.literal('{', 1),
                },
                '[' => {
                    let (length, class) = class::class(self.rest)?;
                    self.take(length);
                    self.out.pattern.push_str(&class);
                    Before::Atom(1)
                }
                '.' | '^' | '$' => {
                    self.take(1);
                    self.out.pattern.push(c);
                    Before::Atom(1)
                }
                '\\' => self.escaped(before)?,
                _ => self.literal(c, c.len_utf8()),
            };
            self.count = self.count.max(match before {
                Before::Nothing => 1,
                Before::Atom(count) | Before::Repeat(count) => count,
            });
        }
        if self.open.is_empty() { Ok(()) } else { Err(Invalid::new(MISSING_PAREN, whole)) }
    }

    fn take(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn literal(&mut self, c: char, bytes: usize) -> Before {
        self.take(bytes);
        push_literal(&mut self.out.pattern, c);
        Before::Atom(1)
    }

    fn escaped(&mut self, before: Before) -> Result<Before, Invalid> {
        if let Some(quoted) = self.rest.strip_prefix("\\Q") {
            let (text, length) = match quoted.find("\\E") {
                Some(end) => (quoted.get(..end).unwrap_or_default(), end + 4),
                None => (quoted, self.rest.len()),
            };
            text.chars().for_each(|c| push_literal(&mut self.out.pattern, c));
            self.take(length);
            return Ok(if text.is_empty() { before } else { Before::Atom(1) });
        }
        let (length, escape) = escape(self.rest)?;
        match escape {
            Escape::Char(c) => push_literal(&mut self.out.pattern, c),
            Escape::Class(class) => self.out.pattern.push_str(&class),
            Escape::Assertion(assertion) => self.out.pattern.push_str(assertion),
        }
        self.take(length);
        Ok(Before::Atom(1))
    }

    fn counted(
        &mut self,
        before: Behind,
        length: usize,
        least: u32,
        most: Option<u32>,
    ) -> Result<Before, Invalid> {
        let at = self.rest;
        let part = at.get(..length).unwrap_or_default();
        if least > bounds::PATTERN_REPEAT
            || most.is_some_and(|most| most > bounds::PATTERN_REPEAT || most < least)
        {
            return Err(Invalid::new(REPEAT_SIZE, part));
        }
        self.take(length);
        let operator = match most {
            Some(most) if most == least => format!("{{{least}}}"),
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.repeat(before, at, &operator, most.unwrap_or(least).max(1))
    }

    /// Writes a repetition operator whose notation begins at `at` and has been taken.
    fn repeat(
        &mut self,
        (before, flags): Behind,
        at: &str,
        operator: &str,
        times: u32,
    ) -> Result<Before, Invalid> {
        let lazy = self.rest.starts_with('?');
        if lazy {
            self.take(1);
        }
        let part = at.get(..at.len().saturating_sub(self.rest.len())).unwrap_or_default();
        let count = match before {
            Before::Nothing => return Err(Invalid::new(MISSING_ARGUMENT, part)),
            Before::Repeat(_) => return Err(Invalid::new(NESTED_REPEAT, part)),
            Before::Atom(count) => count.saturating_mul(times),
        };
        if times > 1 && count > bounds::PATTERN_REPEAT {
            return Err(Invalid::new(REPEAT_SIZE, part));
        }
        let whole = format!("{operator}{}", if lazy { "?" } else { "" });
        match flags {
            Some(place) if self.out.pattern.is_char_boundary(place) => {
                self.out.pattern.insert_str(place, &whole)
            }
            _ => self.out.pattern.push_str(&whole),
        }
        Ok(Before::Repeat(count))
    }

    fn open_group(&mut self, before: Behind) -> Result<Before, Invalid> {
        let Some(special) = self.rest.strip_prefix("(?") else {
            self.take(1);
            self.out.groups.push(None);
            return self.enter("(");
        };
        let named = special.strip_prefix("P<").or_else(|| special.strip_prefix('<'));
        if let Some(named) = named {
            let Some(end) = named.find('>') else { return Err(Invalid::new(GROUP_NAME, self.rest)) };
            let name = named.get(..end).unwrap_or_default();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(Invalid::new(GROUP_NAME, name));
            }
            self.out.groups.push(Some(name.to_owned()));
            self.rest = named.get(end + 1..).unwrap_or_default();
            return self.enter("(");
        }
        self.flags(special, before)
    }

    fn enter(&mut self, notation: &str) -> Result<Before, Invalid> {
        if self.open.len() >= GROUP_DEPTH {
            return Err(Invalid::new(TOO_DEEP, ""));
        }
        self.open.push(Group { count: self.count });
        self.count = 1;
        self.out.pattern.push_str(notation);
        Ok(Before::Nothing)
    }

    fn close_group(&mut self, whole: &str) -> Result<Before, Invalid> {
        let Some(group) = self.open.pop() else { return Err(Invalid::new(UNEXPECTED_PAREN, whole)) };
        self.take(1);
        self.out.pattern.push(')');
        let count = self.count;
        self.count = group.count;
        Ok(Before::Atom(count))
    }

    /// `(?flags)` or `(?flags:`, behind the question mark.
    fn flags(&mut self, special: &str, (before, place): Behind) -> Result<Before, Invalid> {
        let malformed = |length: usize| {
            let part = self.rest.get(..length + 2).unwrap_or(self.rest);
            Err(Invalid::new(UNSUPPORTED, part))
        };
        let (mut negated, mut since) = (false, false);
        for (at, c) in special.char_indices() {
            match c {
                'i' | 'm' | 's' | 'U' => since = true,
                '-' if !negated => (negated, since) = (true, false),
                ':' | ')' => {
                    if negated && !since {
                        return malformed(at + 1);
                    }
                    let flags = special.get(..at).unwrap_or_default().to_owned();
                    self.take(at + 3);
                    if c == ':' {
                        return self.enter(&format!("(?{}:", once(&flags)));
                    }
                    self.flags = Some(place.unwrap_or(self.out.pattern.len()));
                    if !flags.is_empty() {
                        self.out.pattern.push_str(&format!("(?{})", once(&flags)));
                    }
                    // What stands before the flags can be repeated behind them, even if it was already.
                    return Ok(match before {
                        Before::Repeat(count) => Before::Atom(count),
                        other => other,
                    });
                }
                _ => return malformed(at + c.len_utf8()),
            }
        }
        Err(Invalid::new(MISSING_PAREN, self.rest))
    }
}

/// Flags, each no more than once: what comes last counts.
fn once(flags: &str) -> String {
    let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
    let pick = |from: &str, but: &str| {
        "imsU".chars().filter(|&c| from.contains(c) && !but.contains(c)).collect::<String>()
    };
    let (on, off) = (pick(on, off), pick(off, ""));
    if off.is_empty() { on } else { format!("{on}-{off}") }
}

/// A code point that stands for itself.
pub(super) fn push_literal(out: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        // Letters and digits are never special, and every special character is ASCII punctuation.
        out.push_str(&format!("\\x{:02X}", u32::from(c)));
    } else {
        out.push(c);
    }
}

/// `{n}`, `{n,}` or `{n,m}`: its length, and from and to how often; `None` if it is not that but text.
fn counts(text: &str) -> Option<(usize, u32, Option<u32>)> {
    let end = text.find('}')?;
    let inner = text.get(1..end)?;
    let (least, most) = match inner.split_once(',') {
        None => (inner, Some(inner)),
        Some((least, "")) => (least, None),
        Some((least, most)) => (least, Some(most)),
    };
    let number = |digits: &str| {
        let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        // Zeros in front are not a number here; a number too large is one all the same.
        (fits && (digits.len() == 1 || !digits.starts_with('0'))).then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let most = match most {
        Some(most) => Some(number(most)?),
        None => None,
    };
    Some((end + 1, number(least)?, most))
}
