use super::assignment::{self, Prose};
use super::recogniser::Recogniser;
use super::sight::Sights;
use super::{Secret, encoded, format};
use crate::source::Span;

impl Recogniser {
    /// Secrets in a text without structure of its own: a script, a template, a value that was put together.
    #[must_use]
    pub fn in_text(&self, text: &str) -> Vec<Secret> {
        // `pw=1234` is the shortest that could be told.
        if text.len() < 7 {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.search(text, Prose::No, &mut found);
        if let Some(inner) = encoded::decoded(text) {
            self.search_encoded(&inner, text, &mut found);
        }
        settled(found)
    }

    /// Secrets that are all of a value under this name, or stand in it.
    #[must_use]
    pub fn in_value(&self, name: &str, text: &str) -> Vec<Secret> {
        let mut found = self.in_text(text);
        if let Some(judged) = self.judge(self.suspicion(name), name, text) {
            let start = text.len() - text.trim_start().len();
            let whole = Span::new(start as u32, (start + text.trim().len()) as u32);
            found.push(Secret { span: whole, sign: judged.sign, certain: judged.certain });
        }
        settled(found)
    }

    /// Whether a text holds something that looks like a secret, in Base64 too.
    #[must_use]
    pub fn suspects(&self, text: &str) -> bool {
        self.in_text(text).iter().any(|secret| secret.certain)
    }

    pub(super) fn search(&self, text: &str, prose: Prose, found: &mut Vec<Secret>) {
        let sights = Sights::of(text);
        format::find(text, &sights, found);
        if self.has_own_names() || sights.names_in(Span::new(0, text.len() as u32)) {
            assignment::find(self, text, prose, found);
        }
    }

    /// Secrets of a decoded text make one of all that it was decoded from.
    pub(super) fn search_encoded(&self, inner: &str, outer: &str, found: &mut Vec<Secret>) {
        let mut decoded = Vec::new();
        self.search(inner, Prose::No, &mut decoded);
        decoded.sort_by_key(|secret| !secret.certain);
        if let Some(secret) = decoded.into_iter().next() {
            found.push(Secret { span: Span::new(0, outer.len() as u32), ..secret });
        }
    }
}

/// Sorted; of secrets that overlap the surest one, and of those the first and longest. Whatever is left out lies within
/// what stays, or what stays grows by it.
pub(super) fn settled(mut found: Vec<Secret>) -> Vec<Secret> {
    found.sort_by_key(|secret| (secret.span.start, std::cmp::Reverse(secret.span.end), !secret.certain));
    let mut settled: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match settled.last_mut() {
            Some(last) if secret.span.start < last.span.end => {
                if secret.certain && !last.certain {
                    last.sign = secret.sign;
                    last.certain = true;
                }
                last.span = last.span.to(secret.span);
            }
            _ => settled.push(secret),
        }
    }
    settled
}
