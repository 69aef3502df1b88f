use std::cmp::Ordering;

use arcstr::ArcStr;

use super::{Finding, Place, Status, standing};
use crate::source::{Location, Sources};

/// Findings as they are reported: those for which others stand left out, equal ones merged into one with many places, sorted by path, place in the file,
/// rule, message and whatever else tells them apart, so that no two runs differ.
///
/// Equal are findings of one rule at one primary location with the same material facts (with the same message, where
/// a rule names no facts). The merged finding tells the story of its first place that has one, is as severe as the worst
/// and is new if one of them is.
#[must_use]
pub fn settle(mut findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    standing::without_repeats(&mut findings);
    for finding in &mut findings {
        if finding.places.is_empty() {
            finding.places.push(Place::NOWHERE);
        }
        finding.places.sort_unstable();
        finding.places.dedup();
        finding.facts.sort_unstable();
        finding.facts.dedup();
    }
    findings.sort_by(|a, b| {
        same(a, b, sources).then_with(|| a.places.cmp(&b.places)).then_with(|| full(a, b, sources))
    });
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match merged.last_mut() {
            Some(last) if same(last, &finding, sources).is_eq() => absorb(last, finding),
            _ => merged.push(finding),
        }
    }
    for finding in &mut merged {
        finding.places.sort_unstable();
        finding.places.dedup();
        forget_whole_modules(&mut finding.places);
    }
    merged.sort_by(|a, b| full(a, b, sources));
    merged
}

fn absorb(into: &mut Finding, finding: Finding) {
    if into.labels.is_empty() && !finding.labels.is_empty() {
        into.labels = finding.labels;
    }
    into.places.extend(finding.places);
    into.severity = into.severity.max(finding.severity);
    if finding.status == Status::New {
        into.status = Status::New;
    }
}

/// Where resources of a module are named, the module as a whole says nothing more.
fn forget_whole_modules(places: &mut Vec<Place>) {
    let named: Vec<(Option<ArcStr>, Option<ArcStr>)> = places
        .iter()
        .filter(|place| place.resource.is_some())
        .map(|place| (place.unit.clone(), place.module.clone()))
        .collect();
    places.retain(|place| {
        place.resource.is_some()
            || !named.iter().any(|(unit, module)| (unit, module) == (&place.unit, &place.module))
    });
}

/// By what makes two findings one.
fn same(a: &Finding, b: &Finding, sources: &Sources) -> Ordering {
    at(a.primary, b.primary, sources)
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| at(a.written, b.written, sources))
        .then_with(|| a.facts.cmp(&b.facts))
        .then_with(|| if a.facts.is_empty() { a.message.cmp(&b.message) } else { Ordering::Equal })
}

/// By everything that can be seen of a finding.
fn full(a: &Finding, b: &Finding, sources: &Sources) -> Ordering {
    at(a.primary, b.primary, sources)
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.message.cmp(&b.message))
        .then_with(|| a.places.cmp(&b.places))
        .then_with(|| b.severity.cmp(&a.severity))
        .then_with(|| a.facts.cmp(&b.facts))
        .then_with(|| a.attribute.cmp(&b.attribute))
        .then_with(|| a.help.cmp(&b.help))
        .then_with(|| a.status.cmp(&b.status))
        .then_with(|| at(a.written, b.written, sources))
        .then_with(|| a.primary_label.cmp(&b.primary_label))
        .then_with(|| labels(a, b, sources))
}

/// By path and place in the file; what has no place comes first.
fn at(a: Option<Location>, b: Option<Location>, sources: &Sources) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if a.file == b.file => a.span.cmp(&b.span),
        (Some(a), Some(b)) => {
            let paths = sources.get(a.file).path.cmp(&sources.get(b.file).path);
            paths.then_with(|| a.span.cmp(&b.span))
        }
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn labels(a: &Finding, b: &Finding, sources: &Sources) -> Ordering {
    for (a, b) in a.labels.iter().zip(&b.labels) {
        let order = at(Some(a.location), Some(b.location), sources).then_with(|| a.message.cmp(&b.message));
        if order.is_ne() {
            return order;
        }
    }
    a.labels.len().cmp(&b.labels.len())
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;
    use crate::source::{FileId, SourceFile, Span};

    fn sources() -> Sources {
        let mut sources = Sources::default();
        // Ids do not follow the paths.
        sources.add(SourceFile::new("z.tf", None, "one\ntwo\n".into()));
        sources.add(SourceFile::new("a.tf", None, "one\ntwo\n".into()));
        sources
    }

    fn finding(file: u32, start: u32, rule: &str, message: &str) -> Finding {
        let location = Location::new(FileId(file), Span::new(start, start + 1));
        Finding::new(rule, Severity::Warning, location, message)
    }

    #[test]
    fn sorted_by_path_place_rule_message() {
        let expected = [
            Finding::nowhere("z", Severity::Error, "no place"),
            finding(1, 0, "a", "m"),
            finding(1, 0, "b", "a"),
            finding(1, 0, "b", "b"),
            finding(1, 4, "a", "m"),
            finding(0, 0, "a", "m"),
        ];
        let mut shuffled = expected.to_vec();
        shuffled.reverse();
        shuffled.swap(1, 4);
        let messages = |findings: &[Finding]| -> Vec<_> {
            findings.iter().map(|finding| (finding.rule.clone(), finding.message.clone())).collect()
        };
        assert_eq!(messages(&settle(shuffled, &sources())), messages(&expected));
    }

    #[test]
    fn equal_findings_are_one_with_many_places() {
        let at = |module: &str| finding(0, 0, "r", module).with_fact("22").at(Place::in_module(module));
        let mut worst = at("b");
        worst.severity = Severity::Error;
        let merged = settle(vec![at("c"), worst, at("a"), at("a")], &sources());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].places, ["a", "b", "c"].map(Place::in_module));
        assert_eq!(merged[0].message, "a", "the story of the first place");
        assert_eq!(merged[0].severity, Severity::Error);
    }

    #[test]
    fn other_facts_or_messages_stay_apart() {
        let apart = settle(
            vec![
                finding(0, 0, "r", "m").with_fact("22"),
                finding(0, 0, "r", "m").with_fact("23"),
                finding(0, 0, "q", "one"),
                finding(0, 0, "q", "two"),
            ],
            &sources(),
        );
        assert_eq!(apart.len(), 4);
    }

    #[test]
    fn every_finding_has_a_place() {
        assert_eq!(settle(vec![finding(0, 0, "r", "m")], &sources())[0].places, [Place::NOWHERE]);
    }

    proptest::proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            seeds in proptest::collection::vec((0u32..2, 0u32..3, 0usize..2, 0usize..2, 0usize..3, 0usize..3), 0..12),
            turns in 0usize..12,
        ) {
            let findings: Vec<_> = seeds.iter().map(|&(file, start, rule, message, fact, place)| {
                let finding = finding(file, start, ["p", "q"][rule], ["one", "two"][message]);
                let finding = finding.at(Place::in_module(["a", "b", "c"][place]));
                if fact == 0 { finding } else { finding.with_fact(["", "22", "23"][fact]) }
            }).collect();
            let mut turned = findings.clone();
            turned.rotate_left(turns.min(findings.len()));
            turned.reverse();
            let settled = settle(findings, &sources());
            proptest::prop_assert_eq!(&settled, &settle(turned, &sources()));
            proptest::prop_assert_eq!(&settled, &settle(settled.clone(), &sources()));
        }
    }
}
