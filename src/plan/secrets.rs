//! What of plans no output may show.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::{Plan, Plans, ResourceChange};
use crate::secret::{NAME_KEYS, Recogniser, Texts, VALUE_KEYS};
use crate::source::{FileId, Span};
use crate::syntax::{ExprId, parse_hcl};
use crate::value::Value;

/// The secrets of plans, wherever their texts turn up: what a mask covers, and what is recognised as a secret although no
/// mask covers it. Building it looks at every value.
#[derive(Debug, Default)]
pub struct PlanSecrets {
    texts: Texts,
    recogniser: Recogniser,
}

impl PlanSecrets {
    /// The secrets of these plans.
    #[must_use]
    pub fn of(plans: &Plans) -> Self {
        Self::where_shown(plans, |_| true)
    }

    /// What a mask covers anywhere, and what is recognised as a secret in objects at these addresses: what is said of
    /// others shows no value of theirs.
    #[must_use]
    pub fn where_shown(plans: &Plans, is_shown: impl Fn(&str) -> bool) -> Self {
        let recogniser = Recogniser::default();
        let mut found = Found { recogniser: &recogniser, texts: FxHashSet::default() };
        for plan in &plans.plans {
            found.plan(plan, &is_shown);
        }
        Self { texts: Texts::of(found.texts), recogniser }
    }

    /// Their texts alone.
    #[must_use]
    pub fn into_texts(self) -> Texts {
        self.texts
    }

    /// A text with the secrets in it masked.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.texts.masked(text)
    }

    /// A configuration that Terraform wrote, with the secrets in it masked.
    #[must_use]
    pub fn masked_configuration(&self, text: &str) -> String {
        let tree = parse_hcl(FileId(0), text.into());
        let mut covered = vec![false; text.len()];
        let mut cover = |span: Span| {
            let place = covered.get_mut(span.start as usize..span.end as usize).unwrap_or_default();
            place.fill(true);
        };
        self.recogniser.in_tree(&tree).into_iter().for_each(|secret| cover(secret.span));
        for expr in (0..tree.expr_count()).map(ExprId) {
            if tree.plain_text(expr).is_some_and(|text| self.redacts(&Value::text(text))) {
                cover(tree.span(expr));
            }
        }
        let masked = text.char_indices().map(|(at, letter)| match covered.get(at) {
            Some(true) if !matches!(letter, '\n' | '\r' | '"') => '*',
            _ => letter,
        });
        self.masked(&masked.collect::<String>()).into_owned()
    }

    /// Whether a value is a secret, or a text that holds one.
    #[must_use]
    pub fn redacts(&self, value: &Value) -> bool {
        let Some(text) = value.as_str() else { return false };
        self.texts.stand_in(text)
            || crate::secret::from_base64(text).is_some_and(|inner| self.texts.stand_in(&inner))
            || self.recogniser.suspects(text)
    }
}

struct Found<'r> {
    recogniser: &'r Recogniser,
    texts: FxHashSet<String>,
}

impl Found<'_> {
    fn plan(&mut self, plan: &Plan, is_shown: &impl Fn(&str) -> bool) {
        let deferred = plan.deferred.iter().map(|deferred| &deferred.change);
        for change in plan.changes.iter().chain(&plan.drift).chain(deferred) {
            if change.sides.is_masked() || is_shown(&change.address) {
                self.change(plan, change);
            }
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
                self.texts.extend(text.get(start..end).map(str::to_owned));
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

    /// Every text under a mask.
    fn all(&mut self, value: &Value) {
        self.texts.extend(value.as_str().map(str::to_owned));
        value.entries().unwrap_or_default().iter().for_each(|(_, inner)| self.all(inner));
        value.elements().unwrap_or_default().iter().for_each(|element| self.all(element));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Tie, parse};
    use super::*;

    #[test]
    fn written_configurations_show_no_secret() {
        let plans = parse(
            &"plan.json".into(),
            &Tie::None,
            br#"{"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed","type":"a","name":"b",
            "change":{"actions":["no-op"],"before":{"note":"sentinel-one"},"after":{"note":"sentinel-one"},
            "before_sensitive":{"note":true},"after_sensitive":{"note":true}}}]}"#
                .to_vec(),
        );
        let text = "resource \"a\" \"b\" {\n  name     = \"orders\"\n  note     = \"sentinel-one\"\n  \
            password = \"sentinel-two\"\n  script   = <<-EOT\n    export API_TOKEN=sentinel-three-x9\n  EOT\n}\n";
        let masked = PlanSecrets::of(&plans).masked_configuration(text);
        assert!(!masked.contains("sentinel"), "{masked}");
        assert!(masked.contains("name     = \"orders\"\n  note     = \"*"), "{masked}");
        assert_eq!(masked.len(), text.len());
    }
}
