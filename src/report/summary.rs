use std::collections::BTreeMap;

use serde::Serialize;

use super::Report;
use crate::finding::{Coverage, Severity};

/// How many there are of what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Counts {
    /// Findings.
    pub findings: usize,
    /// Places that they stand in.
    pub places: usize,
    /// Findings that must be mended.
    pub errors: usize,
    /// Findings that should be mended.
    pub warnings: usize,
    /// Findings worth knowing.
    pub infos: usize,
    /// Findings that a comment suppresses.
    pub suppressed: usize,
    /// Verdicts that could not be given.
    pub undecided: usize,
}

impl Counts {
    /// Of a report.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let mut counts = Self {
            findings: report.findings.len(),
            suppressed: report.suppressed.len(),
            undecided: report.coverage.undecided.len(),
            ..Self::default()
        };
        for finding in report.findings {
            counts.places += finding.place_count();
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }

    /// `2 errors, 1 warning`, or `no findings`.
    #[must_use]
    pub fn by_severity(&self) -> String {
        let kinds = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let parts: Vec<_> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|&(count, noun)| number_of(count, noun))
            .collect();
        if parts.is_empty() { "no findings".into() } else { parts.join(", ") }
    }
}

/// `1 file`, `2 files`.
pub(super) fn number_of(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// `214 files, 31 modules, 902 resources, 20 rules`: files and rules always, the rest where there are any.
pub(super) fn coverage_line(coverage: &Coverage) -> String {
    let kinds = [
        (coverage.files, "file", true),
        (coverage.modules, "module", false),
        (coverage.units, "unit", false),
        (coverage.resources, "resource", false),
        (coverage.plans, "plan", false),
        (coverage.rules, "rule", true),
    ];
    let kinds = kinds.iter().filter(|(count, _, always)| *always || *count > 0);
    kinds.map(|&(count, noun, _)| number_of(count, noun)).collect::<Vec<_>>().join(", ")
}

/// One reason for which rules could not decide, and how often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause<'a> {
    /// The reason.
    pub reason: &'a str,
    /// How often.
    pub count: usize,
    /// The rules that could not decide for it, sorted.
    pub rules: Vec<&'a str>,
}

/// Why rules could not decide, the commonest reason first.
#[must_use]
pub fn causes(coverage: &Coverage) -> Vec<Cause<'_>> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for undecided in &coverage.undecided {
        by_reason.entry(&undecided.reason).or_default().push(&undecided.rule);
    }
    let mut causes: Vec<_> = by_reason
        .into_iter()
        .map(|(reason, mut rules)| {
            let count = rules.len();
            rules.sort_unstable();
            rules.dedup();
            Cause { reason, count, rules }
        })
        .collect();
    causes.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(b.reason)));
    causes
}
