//! What a comment says to plangate: `plangate:ignore[rule, other-rule, expires=2026-12-31] reason`.

use super::Date;
use crate::source::Span;

/// A comment that speaks to plangate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Directive {
    /// Whether it is for the whole file.
    pub(super) file: bool,
    /// The rules that it names, and where.
    pub(super) rules: Vec<(String, Span)>,
    /// Its last day, and where it is named.
    pub(super) expires: Option<(Date, Span)>,
    /// Why.
    pub(super) reason: Option<String>,
    /// What is wrong with how it is written, and where. It suppresses nothing then: what could not be read may be when
    /// it ends.
    pub(super) mistakes: Vec<(Span, String)>,
}

const MARK: &str = "plangate:";

/// What a comment says, if it speaks to plangate. `text` is the comment with its marks, `start` its offset.
///
/// The comment must begin with `plangate:`; a sentence about the syntax is no suppression.
pub(super) fn read(text: &str, start: u32) -> Option<Directive> {
    if text.starts_with('"') {
        return read_json(text, start);
    }
    let marks = |char: char| char.is_whitespace() || matches!(char, '#' | '/' | '*');
    let body = text.trim_start_matches(marks);
    let start = start + (text.len() - body.len()) as u32;
    let body = if text.starts_with("/*") { body.strip_suffix("*/").unwrap_or(body) } else { body };
    read_body(body, start)
}

/// A string of the JSON syntax: alone, or with the member's name before it. Offsets within it count bytes of the
/// source, which are those of the text as long as nothing before them is escaped, and nothing is in a directive.
fn read_json(text: &str, start: u32) -> Option<Directive> {
    let open = text.find("\"plangate:")?;
    let string = text.get(open..)?.trim_end();
    let body: String = serde_json::Deserializer::from_str(string).into_iter().next()?.ok()?;
    read_body(&body, start + open as u32 + 1)
}

fn read_body(body: &str, start: u32) -> Option<Directive> {
    let after_mark = body.strip_prefix(MARK)?;
    let word_len = after_mark.find(|char: char| !char.is_ascii_alphanumeric() && char != '-');
    let (word, rest) = after_mark.split_at(word_len.unwrap_or(after_mark.len()));
    let head = Span::new(start, start + (MARK.len() + word.len()) as u32);
    let mut directive = Directive {
        file: word == "ignore-file",
        rules: Vec::new(),
        expires: None,
        reason: None,
        mistakes: Vec::new(),
    };
    if !matches!(word, "ignore" | "ignore-file") {
        directive.mistakes.push((head, format!("`{MARK}{word}` is nothing that plangate knows")));
        return Some(directive);
    }
    let inside = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((list, reason)) = inside else {
        let what = if rest.starts_with('[') { "the bracket is never closed" } else { "it names no rule" };
        directive.mistakes.push((head, format!("{what}: write `{MARK}{word}[rule] reason`")));
        return Some(directive);
    };
    directive.read_list(list, head.end + 1);
    if directive.rules.is_empty() && directive.mistakes.is_empty() {
        directive.mistakes.push((head, "it names no rule".to_owned()));
    }
    let reason = reason.lines().next().unwrap_or("");
    let reason =
        reason.trim_matches(|char: char| char.is_whitespace() || matches!(char, ':' | '-' | '–' | '—'));
    directive.reason = (!reason.is_empty()).then(|| reason.to_owned());
    Some(directive)
}

impl Directive {
    fn read_list(&mut self, list: &str, start: u32) {
        for (at, entry) in entries(list) {
            let name = entry.trim();
            let name_at = start + (at + entry.len() - entry.trim_start().len()) as u32;
            let span = Span::new(name_at, name_at + name.len() as u32);
            match name.split_once('=') {
                None if name.is_empty() => {}
                None => self.rules.push((name.to_owned(), span)),
                Some((key, day)) if key.trim() == "expires" => match Date::parse(day.trim()) {
                    Some(date) => self.expires = Some((date, span)),
                    None => {
                        let mistake = format!("`{}` is no day: write `expires=2026-12-31`", day.trim());
                        self.mistakes.push((span, mistake));
                    }
                },
                Some((key, _)) => {
                    self.mistakes.push((span, format!("`{}` is no option of a suppression", key.trim())));
                }
            }
        }
    }
}

/// What a list holds, with the offset of each: between commas, and the last day also behind a blank.
fn entries(list: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    list.split(',').flat_map(move |entry| {
        let start = at;
        at += entry.len() + 1;
        let day = entry.find(char::is_whitespace).and_then(|blank| {
            let day = entry.get(blank..)?.find("expires")? + blank;
            let before = entry.get(..day)?;
            (!before.trim().is_empty() && before.ends_with(char::is_whitespace)).then_some(day)
        });
        let (first, last) = entry.split_at(day.unwrap_or(entry.len()));
        [Some((start, first)), day.map(|day| (start + day, last))].into_iter().flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let directive = read(text, 0).unwrap();
        for (name, span) in &directive.rules {
            let at = span.start as usize..span.end as usize;
            assert_eq!(&text[at], name);
        }
        directive.rules.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn every_kind_of_comment() {
        for text in [
            "# plangate:ignore[open-ingress, x] bastion",
            "#plangate:ignore[open-ingress,x]: bastion",
            "// plangate:ignore[ open-ingress , x ] -- bastion",
            "/* plangate:ignore[open-ingress, x] bastion */",
            "/**\n * plangate:ignore[open-ingress, x] bastion\n * more\n */",
            "\"plangate:ignore[open-ingress, x] bastion\"",
            "\"//\": \"plangate:ignore[open-ingress, x] bastion\"",
        ] {
            assert_eq!(names(text), ["open-ingress", "x"], "{text}");
            let directive = read(text, 0).unwrap();
            assert_eq!(directive.reason.as_deref(), Some("bastion"), "{text}");
            assert!(!directive.file && directive.mistakes.is_empty(), "{text}");
        }
    }

    #[test]
    fn prose_is_no_directive() {
        for text in [
            "# see plangate:ignore[x]",
            "# plangate is good",
            "#",
            "\"//\": \"a plangate:ignore[x]\"",
            "\"\\ud800\"",
        ] {
            assert_eq!(read(text, 0), None, "{text}");
        }
    }

    #[test]
    fn a_last_day() {
        let directive = read("# plangate:ignore-file[x, expires=2026-12-31] until the move", 7).unwrap();
        assert!(directive.file);
        let (date, span) = directive.expires.unwrap();
        assert_eq!((date.to_string().as_str(), span), ("2026-12-31", Span::new(33, 51)));
    }

    #[test]
    fn a_last_day_needs_no_comma() {
        for text in
            ["# plangate:ignore[x expires=2026-12-31] y", "# plangate:ignore[z, x  expires = 2026-12-31] y"]
        {
            let directive = read(text, 0).unwrap();
            assert!(directive.mistakes.is_empty(), "{text}");
            let (date, span) = directive.expires.unwrap();
            assert_eq!(date.to_string(), "2026-12-31");
            assert!(text[span.start as usize..span.end as usize].starts_with("expires"), "{text}");
            assert_eq!(directive.rules.last().unwrap().0, "x");
            names(text);
        }
    }

    #[test]
    fn mistakes_are_told() {
        for (text, mistake) in [
            ("# plangate:ignore x", "it names no rule: write `plangate:ignore[rule] reason`"),
            (
                "# plangate:ignore[x reason",
                "the bracket is never closed: write `plangate:ignore[rule] reason`",
            ),
            ("# plangate:ignore[] x", "it names no rule"),
            ("# plangate:disable[x]", "`plangate:disable` is nothing that plangate knows"),
            ("# plangate:ignore[x, expires=tomorrow] y", "`tomorrow` is no day: write `expires=2026-12-31`"),
            ("# plangate:ignore[x, until=2026-12-31] y", "`until` is no option of a suppression"),
        ] {
            let directive = read(text, 0).unwrap();
            let told: Vec<_> = directive.mistakes.iter().map(|(_, mistake)| mistake.as_str()).collect();
            assert_eq!(told, [mistake], "{text}");
        }
    }

    #[test]
    fn reasons_in_json_keep_their_escapes_resolved() {
        let directive = read(r#""//": "plangate:ignore[x] the \"old\" one""#, 0).unwrap();
        assert_eq!(directive.reason.as_deref(), Some("the \"old\" one"));
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_read_and_names_stand_where_it_says(
            text in "(#|//|/\\*|\"//\": \")? ?plangate:(ignore|ignore-file|x)?[\\[\\]a-z=,:\\-é \n\"\\\\0-9*/]{0,40}"
        ) {
            let Some(directive) = read(&text, 0) else { return Ok(()) };
            if !text.starts_with('"') {
                for (name, span) in &directive.rules {
                    proptest::prop_assert_eq!(text.get(span.start as usize..span.end as usize), Some(name.as_str()));
                }
            }
        }
    }
}
