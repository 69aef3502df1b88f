use std::fmt;

use sha2::{Digest, Sha256};

use super::{Finding, Place};
use crate::source::Sources;

/// Knows a finding again in another revision of the tree.
///
/// It is the first half of a SHA-256 over the rule, the unit's or module's directory, the resource's address, the
/// attribute's path without indexes and the material facts, so that it survives moved lines, another order of list
/// elements, another wording and unrelated edits. A finding that names none of resource, attribute and facts (a syntax
/// error) is told apart by its file and message instead. Each part is hashed with its length before it, so that no
/// two different lists of parts are the same text. Nothing secret goes in: facts and messages hold none.
///
/// Two equal findings at two places of one resource (the same rule written twice) share a fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Fingerprint([u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Finding {
    /// The fingerprint of this finding at its first place.
    #[must_use]
    pub fn fingerprint(&self, sources: &Sources) -> Fingerprint {
        self.fingerprint_at(self.place(), sources)
    }

    /// The fingerprint that this finding would have if `place` were its only one: whoever compares two revisions
    /// compares places, because a new call of a bad module is new although the module's own finding is old.
    #[must_use]
    pub fn fingerprint_at(&self, place: &Place, sources: &Sources) -> Fingerprint {
        let mut hash = Parts(Sha256::new());
        hash.part("plangate finding 1");
        hash.part(&self.rule);
        let unit_or_module = place.unit.as_deref().or(place.module.as_deref());
        hash.part(unit_or_module.unwrap_or(""));
        hash.part(place.resource.as_deref().unwrap_or(""));
        hash.part(self.attribute.as_deref().unwrap_or(""));
        self.facts.iter().for_each(|fact| hash.part(fact));
        if place.resource.is_none() && self.attribute.is_none() && self.facts.is_empty() {
            if let Some(location) = self.primary {
                hash.part(&sources.get(location.file).path);
            }
            hash.part(&self.message);
        }
        hash.finish()
    }
}

struct Parts(Sha256);

impl Parts {
    fn part(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn finish(self) -> Fingerprint {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(self.0.finalize()) {
            *to = from;
        }
        Fingerprint(half)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;
    use crate::source::{Location, SourceFile, Span};

    fn open(span: Span, facts: &[&str]) -> (Sources, Finding) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a/main.tf", None, "0123456789".into()));
        let finding = Finding::new("open-ingress", Severity::Error, Location::new(file, span), "open")
            .at(Place::in_module("a").with_resource("aws_security_group.x"))
            .with_attribute("ingress[0].cidr_blocks");
        let finding = facts.iter().fold(finding, |finding, fact| finding.with_fact(*fact));
        (sources, finding)
    }

    fn print(span: Span, facts: &[&str]) -> String {
        let (sources, finding) = open(span, facts);
        finding.fingerprint(&sources).to_string()
    }

    #[test]
    fn moved_lines_do_not_count_and_facts_do() {
        let here = print(Span::new(0, 1), &["22-22 0.0.0.0/0"]);
        assert_eq!(here, print(Span::new(5, 9), &["22-22 0.0.0.0/0"]));
        assert_ne!(here, print(Span::new(0, 1), &["22-22 0.0.0.0/0", "3306-3306 0.0.0.0/0"]));
        assert_ne!(here, print(Span::new(0, 1), &[]));
    }

    #[test]
    fn it_stays_the_same_from_release_to_release() {
        assert_eq!(print(Span::new(0, 1), &["22-22 0.0.0.0/0"]), "d5ee0d00bc7c8261d71ab0390d5c6d0e");
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(print(Span::new(0, 1), &["ab"]), print(Span::new(0, 1), &["a", "b"]));
    }

    #[test]
    fn without_resource_and_facts_the_message_counts() {
        let sources = Sources::default();
        let one = Finding::nowhere("invalid-syntax", Severity::Error, "this");
        let other = Finding::nowhere("invalid-syntax", Severity::Error, "that");
        assert_ne!(one.fingerprint(&sources), other.fingerprint(&sources));
    }

    #[test]
    fn each_place_has_its_own() {
        let (sources, finding) = open(Span::new(0, 1), &[]);
        let other = Place::in_module("b").with_resource("aws_security_group.x");
        assert_ne!(finding.fingerprint(&sources), finding.fingerprint_at(&other, &sources));
        let both = finding.clone().at(other);
        assert_eq!(finding.fingerprint(&sources), both.fingerprint(&sources));
    }
}
