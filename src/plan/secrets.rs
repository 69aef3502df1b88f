//! What of plans no output may show.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashSet;

use super::{Plan, Plans, ResourceChange};
use crate::secret::{NAME_KEYS, Recogniser, VALUE_KEYS};
use crate::value::Value;

/// The secrets of plans, wherever their texts turn up: what a mask covers, and what is recognised as a secret although no
/// mask covers it. Building it looks at every value.
#[derive(Debug, Default)]
pub struct PlanSecrets {
    texts: Option<AhoCorasick>,
    recogniser: Recogniser,
}

impl PlanSecrets {
    /// The secrets of these plans.
    #[must_use]
    pub fn of(plans: &Plans) -> Self {
        let recogniser = Recogniser::default();
        let mut found = Found { recogniser: &recogniser, texts: FxHashSet::default() };
        for plan in &plans.plans {
            found.plan(plan);
        }
        let texts = finder(found.texts);
        Self { texts, recogniser }
    }

    /// A text with the secrets in it masked.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(texts) = self.texts.as_ref().filter(|texts| texts.is_match(text)) else {
            return text.into();
        };
        let mut masked = String::with_capacity(text.len());
        texts.replace_all_with(text, &mut masked, |_, secret, masked| {
            masked.extend(secret.chars().map(|_| '*'));
            true
        });
        masked.into()
    }

    /// Whether a value is a secret, or a text that holds one.
    #[must_use]
    pub fn redacts(&self, value: &Value) -> bool {
        let Some(text) = value.as_str() else { return false };
        let holds = |text: &str| self.texts.as_ref().is_some_and(|texts| texts.is_match(text));
        holds(text)
            || crate::secret::from_base64(text).is_some_and(|inner| holds(&inner))
            || self.recogniser.suspects(text)
    }
}

/// How long what is looked for is at most.
const PIECE: usize = 256;

struct Found<'r> {
    recogniser: &'r Recogniser,
    texts: FxHashSet<String>,
}

impl Found<'_> {
    fn plan(&mut self, plan: &Plan) {
        let deferred = plan.deferred.iter().map(|deferred| &deferred.change);
        for change in plan.changes.iter().chain(&plan.drift).chain(deferred) {
            self.change(plan, change);
        }
        for output in &plan.outputs {
            self.value(&output.name, &plan.output_before(output));
            self.value(&output.name, &plan.output_after(output));
        }
        for variable in &plan.variables {
            self.value(&variable.name, &variable.value);
        }
    }

    fn change(&mut self, plan: &Plan, change: &ResourceChange) {
        for value in [plan.before(change), plan.after(change)] {
            self.value("", &value);
        }
    }

    fn value(&mut self, name: &str, value: &Value) {
        if value.meta().sensitive() {
            return self.all(value);
        }
        if let Some(text) = value.as_str() {
            for secret in self.recogniser.in_value(name, text).into_iter().filter(|secret| secret.certain) {
                let (start, end) = (secret.span.start as usize, secret.span.end as usize);
                self.keep(text.get(start..end).unwrap_or_default());
            }
            return;
        }
        let named = NAME_KEYS.iter().find_map(|key| value.get(key)).and_then(Value::as_str);
        for (key, inner) in value.entries().unwrap_or_default() {
            let key = if VALUE_KEYS.contains(&key.as_str()) { named.unwrap_or(key) } else { key };
            self.value(key, inner);
        }
        value.elements().unwrap_or_default().iter().for_each(|element| self.value(name, element));
    }

    /// Keeps what is looked for: line by line, since printing may escape what is between them, and in pieces of a bounded
    /// length, since a finder takes long to build from long texts.
    fn keep(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| is_telling(line)) {
            let length = line.len().div_ceil(line.len().div_ceil(PIECE));
            let mut rest = line;
            while !rest.is_empty() {
                let mut end = rest.len().min(length);
                while !rest.is_char_boundary(end) {
                    end += 1;
                }
                let (piece, behind) = rest.split_at(end);
                self.texts.insert(piece.to_owned());
                rest = behind;
            }
        }
    }

    /// Every text under a mask.
    fn all(&mut self, value: &Value) {
        self.keep(value.as_str().unwrap_or_default());
        value.entries().unwrap_or_default().iter().for_each(|(_, inner)| self.all(inner));
        value.elements().unwrap_or_default().iter().for_each(|element| self.all(element));
    }
}

fn finder(texts: FxHashSet<String>) -> Option<AhoCorasick> {
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort_unstable();
    let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&texts);
    finder.ok().filter(|_| !texts.is_empty())
}

/// Whether a text can be looked for everywhere: a short word, however secret, stands in too many places that are none.
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
        let mut found = Found { recogniser: &Recogniser::default(), texts: FxHashSet::default() };
        secrets.iter().for_each(|secret| found.keep(secret));
        PlanSecrets { texts: finder(found.texts), recogniser: Recogniser::default() }
            .masked(text)
            .into_owned()
    }

    #[test]
    fn long_texts_are_masked_to_their_end() {
        assert_eq!(masked(&["hunter2"], "a hunter2 b"), "a ******* b");
        let long: String = (0..1000).map(|number| format!("é{number}")).collect();
        let text = masked(&[&long], &format!("({long})"));
        assert!(text.trim_matches(['(', ')']).chars().all(|letter| letter == '*'), "{text}");
        let same = "x".repeat(1 << 20);
        assert!(!masked(&[&same], &same).contains("xxxxxxxxxxxx"));
        assert_eq!(
            masked(&["first-line\nsecond-line"], "first-line\\nsecond-line"),
            "**********\\n***********"
        );
    }
}
