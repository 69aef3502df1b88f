//! Grapheme clusters as the language has them: those of Unicode 15.0.
//!
//! Later versions also join the consonants of a conjunct in Indic scripts, which would make texts of these scripts
//! shorter than Terraform says.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The clusters of a text, in order.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = &str> + Clone {
    // Of plain letters each is one.
    let is_plain = text.is_ascii() && !text.contains('\r');
    let (plain, other) = if is_plain { (text, "") } else { ("", text) };
    let letters = (0..plain.len()).filter_map(|at| plain.get(at..=at));
    letters.chain(other.graphemes(true).flat_map(Parts))
}

/// A cluster, cut where only the later rule joins it.
#[derive(Clone)]
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let cut = if self.0.is_ascii() { self.0.len() } else { conjunct(self.0).unwrap_or(self.0.len()) };
        let (part, rest) = self.0.split_at_checked(cut)?;
        self.0 = rest;
        Some(part)
    }
}

/// Where the next consonant of a conjunct begins: a letter without case behind a mark or a joiner.
fn conjunct(cluster: &str) -> Option<usize> {
    let letter = |c: char| {
        let marks = is_combining_mark(c) || matches!(c, '\u{e33}' | '\u{eb3}');
        c.is_alphabetic() && !marks && !c.is_lowercase() && !c.is_uppercase()
    };
    let pairs = cluster.chars().zip(cluster.char_indices().skip(1));
    let mut joins =
        pairs.filter(|(before, (_, c))| (is_combining_mark(*before) || *before == '\u{200d}') && letter(*c));
    joins.next().map(|(_, (at, _))| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conjuncts_are_cut() {
        for (text, count) in [
            ("ក្រ", 2),
            ("नमस्ते", 4),
            ("क्षि", 2),
            ("👨‍👩‍👧‍👦", 1),
            ("🇩🇪🇫🇷", 2),
            ("a\u{301}\u{302}b", 2),
            ("\r\n", 1),
            ("각", 1),
            ("กำ", 1),
        ] {
            assert_eq!(clusters(text).count(), count, "{text}");
            assert_eq!(clusters(text).collect::<String>(), text);
        }
    }
}
