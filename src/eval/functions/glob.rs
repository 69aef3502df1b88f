//! The globs of `fileset`.

use regex::Regex;

use crate::eval::bounds;

/// A glob, split into the directory that is certain and what is matched below it.
#[derive(Debug)]
pub(super) struct Glob {
    directory: String,
    below: Regex,
}

/// A glob is malformed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Malformed;

impl Glob {
    /// A glob of an absolute, clean path.
    pub(super) fn new(pattern: &str) -> Result<Self, Malformed> {
        let parts = split(pattern);
        let plain = |part: &&&str| !part.contains(['*', '?', '[', ']', '{', '}', '\\']);
        // The last part is always matched, so that what is found is a file of a directory.
        let certain = parts.iter().take(parts.len().saturating_sub(1)).take_while(plain).count();
        let (directory, matched) = parts.split_at_checked(certain).unwrap_or((&[], &parts));
        let mut regex = String::from("^");
        for (index, part) in matched.iter().enumerate() {
            let last = index + 1 == matched.len();
            match (*part, last) {
                ("**", false) => regex.push_str("(?:[^/]+/)*"),
                ("**", true) => regex.push_str("(?:[^/]+/)*[^/]+"),
                (part, _) => {
                    component(part, &mut regex)?;
                    regex.push_str(if last { "" } else { "/" });
                }
            }
        }
        regex.push('$');
        let below = regex::RegexBuilder::new(&regex)
            .dot_matches_new_line(true)
            .size_limit(bounds::PATTERN_BYTES)
            .build();
        Ok(Self { directory: format!("/{}", directory.join("/")), below: below.map_err(|_| Malformed)? })
    }

    /// The directory that all matches lie below.
    pub(super) fn directory(&self) -> &str {
        &self.directory
    }

    /// Whether a path below the directory matches.
    pub(super) fn matches(&self, file: &str) -> bool {
        self.below.is_match(file)
    }
}

/// The components of a path; a slash behind a backslash does not part them.
fn split(pattern: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        if c == '/' && !escaped {
            parts.push(pattern.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(pattern.get(start..).unwrap_or_default());
    parts.retain(|part| !part.is_empty());
    parts
}

/// One component as a regular expression.
fn component(part: &str, out: &mut String) -> Result<(), Malformed> {
    let mut rest = part.chars().peekable();
    let mut open = 0_usize;
    while let Some(c) = rest.next() {
        match c {
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '\\' => literal(rest.next().ok_or(Malformed)?, out),
            '[' => {
                out.push_str("(?:[");
                if rest.next_if(|c| matches!(c, '^' | '!')).is_some() {
                    out.push('^');
                }
                class(&mut rest, out)?;
                out.push_str("])");
            }
            '{' => {
                open += 1;
                out.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                out.push(')');
            }
            ',' if open > 0 => out.push('|'),
            _ => literal(c, out),
        }
    }
    if open == 0 { Ok(()) } else { Err(Malformed) }
}

/// The ranges of a class, up to its closing bracket.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Result<(), Malformed> {
    let one = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| match rest.next() {
        None | Some('-' | ']') => Err(Malformed),
        Some('\\') => rest.next().ok_or(Malformed),
        Some(c) => Ok(c),
    };
    let mut ranges = 0;
    loop {
        if ranges > 0 && rest.next_if_eq(&']').is_some() {
            return Ok(());
        }
        let low = one(rest)?;
        let high = if rest.next_if_eq(&'-').is_some() { one(rest)? } else { low };
        if low > high {
            return Err(Malformed);
        }
        out.push_str(&format!("\\x{{{:X}}}-\\x{{{:X}}}", u32::from(low), u32::from(high)));
        ranges += 1;
    }
}

fn literal(c: char, out: &mut String) {
    out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_stay_within_a_component_unless_doubled() {
        let glob = Glob::new("/r/a/**/*.tf").unwrap();
        assert_eq!(glob.directory(), "/r/a");
        assert!(glob.matches("x.tf") && glob.matches("b/c/.x.tf"));
        assert!(!glob.matches("x.tf/y"));
        assert!(!Glob::new("/r/*.tf").unwrap().matches("a/x.tf"));
        assert!(Glob::new("/r/**").unwrap().matches("a/x.tf"));
    }

    #[test]
    fn braces_and_classes() {
        let glob = Glob::new("/r/{a,b[0-9]}\\{.{t?t,}").unwrap();
        assert!(glob.matches("a{.txt") && glob.matches("b7{.") && !glob.matches("b{.txt"));
        for malformed in ["/r/[", "/r/{a", "/r/a\\", "/r/[b-a]", "/r/[]"] {
            assert_eq!(Glob::new(malformed).err(), Some(Malformed), "{malformed}");
        }
    }

    proptest! {
        #[test]
        fn no_glob_panics(pattern in r"/[\[\]{}*?,\\a-c/!^-]{0,20}", path in "[a-c/]{0,10}") {
            if let Ok(glob) = Glob::new(&pattern) {
                let _ = glob.matches(&path);
            }
        }
    }
}
