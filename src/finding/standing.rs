//! One mistake is told once, by the rule that has most to say about it.
//!
//! Where two rules see the same thing, one of them says so in its finding ([`Finding::stands_for`]), and the other knows
//! nothing of it. That is resolved among the findings that are there in the end: where the rule that stands in is off,
//! has its paths or its kinds narrowed, or is left out by the command line, it tells nothing, and so the other is heard.

use rustc_hash::FxHashSet;

use super::Finding;
use crate::source::Location;

/// Takes away each finding for which another one stands: of the rule that it names, at the very same place.
pub(super) fn without_repeats(findings: &mut Vec<Finding>) {
    let told: FxHashSet<(&str, Location)> =
        findings.iter().filter_map(|one| Some((one.stands_for?, one.primary?))).collect();
    if !told.is_empty() {
        findings
            .retain(|one| one.primary.is_none_or(|primary| !told.contains(&(one.rule.as_str(), primary))));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;
    use crate::source::{FileId, Span};

    fn finding(rule: &str, start: u32) -> Finding {
        let location = Location::new(FileId(0), Span::new(start, start + 1));
        Finding::new(rule.to_owned(), Severity::Error, location, "m")
    }

    fn told(mut findings: Vec<Finding>) -> Vec<String> {
        without_repeats(&mut findings);
        findings.iter().map(|finding| finding.rule.to_string()).collect()
    }

    #[test]
    fn the_other_is_silent_at_the_very_same_place_only() {
        let stands = finding("old", 0).standing_for("wrong");
        assert_eq!(told(vec![finding("wrong", 0), stands.clone()]), ["old"]);
        assert_eq!(told(vec![stands.clone(), finding("wrong", 1)]), ["old", "wrong"]);
        assert_eq!(told(vec![stands, finding("third", 0)]), ["old", "third"]);
    }

    #[test]
    fn the_other_is_heard_where_nothing_stands_for_it() {
        assert_eq!(told(vec![finding("wrong", 0)]), ["wrong"]);
        assert_eq!(told(vec![finding("old", 0), finding("wrong", 0)]), ["old", "wrong"]);
    }
}
