//! What no output may show: secrets that are recognised, and literals that become sensitive values.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::finding::{Finding, Undecided};
use crate::model::{Model, ResourceInstance};
use crate::secret::{NAME_KEYS, Recogniser, Texts, VALUE_KEYS, from_base64};
use crate::source::{FileId, Location, Span};
use crate::syntax::{ExprId, ExprKind};
use crate::value::Value;

/// The secrets of a run: where they are written, and their texts wherever else they turn up.
#[derive(Debug, Default)]
pub struct Concealed {
    /// Where secrets stand in the sources, sorted; those that are sure, then all.
    certain: Vec<Location>,
    places: Vec<Location>,
    /// Finds the texts of secrets that are too telling to be mistaken for a word.
    texts: Texts,
    /// Texts that other inputs than the sources hold in secret.
    more: Texts,
    recogniser: Recogniser,
}

impl Concealed {
    /// What is to be concealed in everything that is said of this model. `sensitive` are the places of literals that
    /// become sensitive values, `reported` those of secrets that were found in other ways.
    #[must_use]
    pub fn of(model: &Model, sensitive: &[Location], reported: &[Location]) -> Self {
        let recogniser = Recogniser::default();
        let found: Vec<(Location, bool)> = (0..model.files.len())
            .into_par_iter()
            .flat_map_iter(|index| {
                let id = FileId(index as u32);
                let secrets = model.secrets(id).iter();
                secrets.map(move |secret| (Location::new(id, secret.span), secret.certain))
            })
            .collect();
        let reported = reported.iter().copied().filter(|&at| !is_computed(model, at));
        let mut certain: Vec<Location> =
            found.iter().filter(|(_, certain)| *certain).map(|(at, _)| *at).chain(reported).collect();
        let mut places: Vec<Location> =
            found.into_iter().map(|(at, _)| at).chain(certain.iter().copied()).collect();
        places.extend_from_slice(sensitive);
        for list in [&mut certain, &mut places] {
            list.sort_unstable();
            list.dedup();
        }
        let texts = Texts::of(places.iter().map(|at| unquoted(model.sources.get(at.file).slice(at.span))));
        Self { certain, places, texts, more: Texts::default(), recogniser }
    }

    /// The same, and these texts.
    #[must_use]
    pub fn and(self, more: Texts) -> Self {
        Self { more, ..self }
    }

    /// The same, and what values hold that no file shows as a secret: the contents of a file under the name of a
    /// password, a text that was put together.
    #[must_use]
    pub fn with_values(model: &Model, sensitive: &[Location]) -> Self {
        let mut concealed = Self::of(model, sensitive, &[]);
        let mut texts = FxHashSet::default();
        for &at in &concealed.places {
            texts.insert(unquoted(model.sources.get(at.file).slice(at.span)).to_owned());
        }
        for root in &model.roots {
            for instance in &root.instances {
                let module = model.module(instance.module);
                let variables =
                    module.variables.iter().map(|variable| &variable.named.name).zip(&instance.variables);
                let locals = module.locals.iter().map(|local| &local.named.name).zip(&instance.locals);
                let outputs = instance.outputs.iter().map(|output| &output.value);
                let outputs = module.outputs.iter().map(|output| &output.named.name).zip(outputs);
                for (name, value) in variables.chain(locals).chain(outputs) {
                    concealed.texts_in(name, value, &mut texts);
                }
                for resource in &instance.resources {
                    concealed.texts_of(resource, &mut texts);
                }
            }
        }
        concealed.texts = Texts::of(texts);
        concealed
    }

    fn texts_of(&self, resource: &ResourceInstance, texts: &mut FxHashSet<String>) {
        for (name, value) in resource.attributes.entries().unwrap_or_default() {
            self.texts_in(name, value, texts);
        }
    }

    fn texts_in(&self, name: &str, value: &Value, texts: &mut FxHashSet<String>) {
        if let Some(text) = value.as_str() {
            for secret in self.recogniser.in_value(name, text).into_iter().filter(|secret| secret.certain) {
                let Span { start, end } = secret.span;
                texts.extend(text.get(start as usize..end as usize).map(str::to_owned));
            }
            return;
        }
        let named = NAME_KEYS.iter().find_map(|key| value.get(key)).and_then(Value::as_str);
        for (key, inner) in value.entries().unwrap_or_default() {
            let key = if VALUE_KEYS.contains(&key.as_str()) { named.unwrap_or(key) } else { key };
            self.texts_in(key, inner, texts);
        }
        value.elements().unwrap_or_default().iter().for_each(|element| self.texts_in(name, element, texts));
    }

    /// Every place to mask in these files: where secrets are written, and wherever their texts stand besides.
    #[must_use]
    pub fn places(&self, model: &Model, files: &FxHashSet<FileId>) -> Vec<Location> {
        let mut places: Vec<Location> =
            self.places.iter().filter(|at| files.contains(&at.file)).copied().collect();
        for &file in files {
            let found = self.texts.places(&model.sources.get(file).text);
            places.extend(found.into_iter().map(|span| Location::new(file, span)));
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A text with the secrets in it masked.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.texts.masked(text) {
            Cow::Borrowed(text) => self.more.masked(text),
            Cow::Owned(masked) => Cow::Owned(self.more.masked(&masked).into_owned()),
        }
    }

    /// Masks what a finding says. Rules do not show secrets that they know, but they name what they find in a tree.
    pub fn mask(&self, finding: &mut Finding) {
        let texts = finding.labels.iter_mut().map(|label| &mut label.message);
        let texts =
            texts.chain([&mut finding.message]).chain(&mut finding.help).chain([&mut finding.primary_label]);
        for text in texts {
            self.mask_text(text);
        }
        for place in &mut finding.places {
            for name in place.resource.iter_mut().chain(&mut place.attribute) {
                if let Cow::Owned(masked) = self.masked(name) {
                    *name = masked.into();
                }
            }
        }
    }

    /// Masks what is said of something undecided.
    pub fn mask_undecided(&self, undecided: &mut Undecided) {
        self.mask_text(&mut undecided.unknown);
        self.mask_text(&mut undecided.reason);
    }

    fn mask_text(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.masked(text) {
            *text = masked;
        }
    }

    /// Whether a value is a secret, or a text that holds one.
    #[must_use]
    pub fn redacts(&self, model: &Model, value: &Value) -> bool {
        let Some(text) = value.as_str() else { return false };
        let holds = |text: &str| self.texts.stand_in(text);
        let written = || {
            let at = model.locate(value.origin());
            at.is_some_and(|at| self.certain.iter().any(|secret| overlap(at, *secret)))
        };
        holds(text)
            || from_base64(text).is_some_and(|inner| holds(&inner))
            || written()
            || self.recogniser.suspects(text)
    }
}

/// Whether an expression stands there that only makes a secret: a call, a template.
fn is_computed(model: &Model, at: Location) -> bool {
    let Some(tree) = model.tree(at.file) else { return false };
    let whole = (0..tree.expr_count()).map(ExprId).find(|&expr| tree.span(expr) == at.span);
    whole.is_some_and(|expr| !matches!(tree.kind(expr), ExprKind::String(_) | ExprKind::JsonString { .. }))
}

fn overlap(a: Location, b: Location) -> bool {
    a.file == b.file && a.span.start < b.span.end && b.span.start < a.span.end
}

/// A literal without its quotes.
fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concealed(texts: &[&str]) -> Concealed {
        Concealed { texts: Texts::of(texts), ..Concealed::default() }
    }

    #[test]
    fn what_a_finding_says_is_masked() {
        use crate::finding::{Place, Severity};
        let mut finding = Finding::nowhere("rule", Severity::Error, "`hunter2` is no number")
            .with_help("not hunter2")
            .at(Place::in_module("a").with_resource("aws_instance.x[\"hunter2\"]"));
        concealed(&["hunter2"]).mask(&mut finding);
        assert!(!format!("{finding:?}").contains("hunter2"));
    }
}
