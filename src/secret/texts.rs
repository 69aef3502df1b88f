use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashSet;

use crate::source::Span;

/// How long what is looked for is at most: a finder takes long to build from long texts.
const PIECE: usize = 256;

/// The texts of secrets, to be found wherever else they turn up.
#[derive(Debug, Default)]
pub struct Texts {
    finder: Option<AhoCorasick>,
}

impl Texts {
    /// Those of these texts that are too telling to be mistaken for a word.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut pieces = FxHashSet::default();
        texts.into_iter().for_each(|text| keep(text.as_ref(), &mut pieces));
        if pieces.is_empty() {
            return Self::default();
        }
        let mut pieces: Vec<String> = pieces.into_iter().collect();
        pieces.sort_unstable();
        Self { finder: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(pieces).ok() }
    }

    /// Whether one of them stands in a text.
    #[must_use]
    pub fn stand_in(&self, text: &str) -> bool {
        self.finder.as_ref().is_some_and(|finder| finder.is_match(text))
    }

    /// Where they stand in a text.
    pub fn places(&self, text: &str) -> Vec<Span> {
        let Some(finder) = &self.finder else { return Vec::new() };
        finder.find_iter(text).map(|hit| Span::new(hit.start() as u32, hit.end() as u32)).collect()
    }

    /// A text with all of them masked.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(finder) = self.finder.as_ref().filter(|finder| finder.is_match(text)) else {
            return text.into();
        };
        let mut masked = String::with_capacity(text.len());
        finder.replace_all_with(text, &mut masked, |_, secret, masked| {
            masked.extend(secret.chars().map(|_| '*'));
            true
        });
        masked.into()
    }
}

/// Keeps what is looked for: line by line, since printing may escape what is between them, and in pieces.
fn keep(text: &str, pieces: &mut FxHashSet<String>) {
    for line in text.lines().map(str::trim).filter(|line| is_telling(line)) {
        let length = line.len().div_ceil(line.len().div_ceil(PIECE));
        let mut rest = line;
        while !rest.is_empty() {
            let mut end = rest.len().min(length);
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (piece, behind) = rest.split_at(end);
            pieces.insert(piece.to_owned());
            rest = behind;
        }
    }
}

/// Whether a text can be looked for everywhere: `postgres`, however secret, stands in too many places that are none.
fn is_telling(text: &str) -> bool {
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let marks = text.chars().any(|letter| !letter.is_alphanumeric());
    let capitals = text.chars().skip(1).any(char::is_uppercase);
    text.len() >= 12 || text.len() >= 6 && letters && (digits || marks || capitals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(secrets: &[&str], text: &str) -> String {
        Texts::of(secrets).masked(text).into_owned()
    }

    #[test]
    fn words_are_not_looked_for() {
        for word in ["postgres", "admin", "ab1", "12345678"] {
            assert!(!is_telling(word), "{word}");
        }
        for text in ["hunter2", "P@ssword", "correcthorsebattery", "a-b-c-d"] {
            assert!(is_telling(text), "{text}");
        }
    }

    #[test]
    fn texts_are_masked_wherever_they_turn_up() {
        assert_eq!(masked(&["hunter2", "hunter2-prod"], "`hunter2` is no number"), "`*******` is no number");
        assert_eq!(masked(&["hunter2", "hunter2-prod"], "hunter2-prod"), "************");
        assert!(matches!(Texts::of(["hunter2"]).masked("nothing here"), Cow::Borrowed(_)));
        assert_eq!(Texts::of(["hunter2"]).places("a hunter2"), [Span::new(2, 9)]);
    }

    #[test]
    fn long_texts_are_masked_to_their_end() {
        let long: String = (0..1000).map(|number| format!("é{number}")).collect();
        let text = masked(&[&long], &format!("({long})"));
        assert!(text.trim_matches(['(', ')']).chars().all(|letter| letter == '*'), "{text}");
        let same = "x".repeat(1 << 20);
        assert!(!masked(&[&same], &same).contains("xxxxxxxxxxxx"));
        let lines = "first-line\nsecond-line";
        assert_eq!(masked(&[lines], "first-line\\nsecond-line"), "**********\\n***********");
    }
}
