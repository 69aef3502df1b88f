use std::borrow::Cow;

/// Text of others with every character visible that would otherwise act on a terminal or deceive the reader: control
/// characters, bidirectional overrides, invisible and private ones are written `\u{202e}`; line breaks too, so that
/// the text stays on its line.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(deceives) { Cow::Owned(text.chars().map(Shown).collect()) } else { text.into() }
}

/// As [`visible`], but with the line breaks and tabs of a text that has several lines.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(|line| visible(line.trim_end())).collect::<Vec<_>>().join("\n")
}

/// Whether a character does something else than to be seen. Joiners and variation selectors pass: words and emoji
/// need them.
pub(super) fn deceives(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

/// A character as it is shown.
pub(super) struct Shown(pub(super) char);

impl FromIterator<Shown> for String {
    fn from_iter<I: IntoIterator<Item = Shown>>(chars: I) -> Self {
        let mut text = Self::new();
        chars.into_iter().for_each(|char| char.push_to(&mut text));
        text
    }
}

impl Shown {
    /// Writes it at the end of a text.
    pub(super) fn push_to(&self, text: &mut String) {
        match self.0 {
            char if deceives(char) => text.extend(char.escape_unicode()),
            char => text.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_instead() {
        let hostile = "\u{1b}[31mred\u{202e}\r\nnext\ttab\u{9b}\u{200b}";
        assert_eq!(visible(hostile), "\\u{1b}[31mred\\u{202e}\\u{d}\\u{a}next\\u{9}tab\\u{9b}\\u{200b}");
        assert_eq!(visible_lines("a\u{1b}\r\nb\n"), "a\\u{1b}\nb");
    }

    #[test]
    fn letters_of_all_scripts_stay() {
        for text in ["größe", "東京", "שלום", "🚀", "a b"] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
