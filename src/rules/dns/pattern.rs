use std::collections::BTreeMap;

/// Values by the names of their captures.
pub(in crate::rules) type Captures = BTreeMap<String, String>;

/// A pattern of names or paths: `{service}-db.{env}.example.local`, `live/{env}/**`. A capture is a run of characters
/// without the separator; `*` is one too, without a name; `**` is anything.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct NamePattern<'a> {
    pattern: &'a str,
    separator: char,
}

impl<'a> NamePattern<'a> {
    /// A pattern whose parts are divided by `separator`.
    pub(in crate::rules) fn new(pattern: &'a str, separator: char) -> Self {
        Self { pattern, separator }
    }

    /// What the captures stand for in `text`, where those in `known` must stand for just that; `None` without a match.
    pub(in crate::rules) fn captures(self, text: &str, known: &Captures) -> Option<Captures> {
        let mut captures = known.clone();
        self.matches(self.pattern, text, &mut captures, &mut STEPS.to_owned()).then_some(captures)
    }

    fn matches(self, pattern: &str, text: &str, captures: &mut Captures, steps: &mut u32) -> bool {
        // Each step looks at one way to go on; a pattern of many captures must not take for ever.
        *steps = steps.saturating_sub(1);
        if *steps == 0 {
            return false;
        }
        if let Some(rest) = pattern.strip_prefix("**") {
            return ends(text, None).any(|end| self.matches(rest, &text[end..], captures, steps));
        }
        if let Some(rest) = pattern.strip_prefix('*') {
            return ends(text, Some(self.separator))
                .any(|end| self.matches(rest, &text[end..], captures, steps));
        }
        if let Some((name, rest)) = pattern.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            if let Some(value) = captures.get(name).cloned() {
                return text
                    .strip_prefix(value.as_str())
                    .is_some_and(|text| self.matches(rest, text, captures, steps));
            }
            for end in ends(text, Some(self.separator)).skip(1) {
                captures.insert(name.to_owned(), text[..end].to_owned());
                if self.matches(rest, &text[end..], captures, steps) {
                    return true;
                }
            }
            captures.remove(name);
            return false;
        }
        match (pattern.chars().next(), text.chars().next()) {
            (None, None) => true,
            (Some(a), Some(b)) if a == b => {
                self.matches(&pattern[a.len_utf8()..], &text[b.len_utf8()..], captures, steps)
            }
            _ => false,
        }
    }
}

const STEPS: u32 = 100_000;

/// Where a run of characters may end that begins with the text: everywhere up to the first separator.
fn ends(text: &str, separator: Option<char>) -> impl Iterator<Item = usize> + '_ {
    let last = separator.and_then(|separator| text.find(separator)).unwrap_or(text.len());
    (0..=last).filter(|&end| text.is_char_boundary(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures(pattern: &str, separator: char, text: &str, known: &[(&str, &str)]) -> Option<String> {
        let known = known.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let captures = NamePattern::new(pattern, separator).captures(text, &known)?;
        Some(captures.iter().map(|(name, value)| format!("{name}={value} ")).collect())
    }

    #[test]
    fn captures_stop_at_the_separator() {
        let pattern = "{service}-db.co.{env}.example.local";
        let found = captures(pattern, '.', "cart-api-db.co.qa.example.local", &[]);
        assert_eq!(found.as_deref(), Some("env=qa service=cart-api "));
        assert_eq!(captures(pattern, '.', "cart-db.co.eu.qa.example.local", &[]), None);
    }

    #[test]
    fn what_is_known_must_stand_there() {
        let known = [("env", "prod")];
        assert_eq!(captures("db.{env}.example.local", '.', "db.qa.example.local", &known), None);
        assert!(captures("db.{env}.example.local", '.', "db.prod.example.local", &known).is_some());
        assert_eq!(captures("{x}.{x}", '.', "a.b", &[]), None);
        assert!(captures("{x}.{x}", '.', "a.a", &[]).is_some());
    }

    #[test]
    fn paths_have_stars() {
        let found = captures("live/{env}/*/{service}/**", '/', "live/qa/us-east-1/cart/db", &[]);
        assert_eq!(found.as_deref(), Some("env=qa service=cart "));
    }

    #[test]
    fn many_captures_end() {
        let pattern = "{a}{b}{c}{d}{e}{f}{g}{h}x";
        assert_eq!(captures(pattern, '.', &"y".repeat(200), &[]), None);
    }
}
