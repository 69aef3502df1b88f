use std::collections::BTreeMap;

use super::comment::{self, Directive};
use super::{Date, scope};
use crate::finding::{Finding, Severity, Undecided, settle};
use crate::source::{FileId, Location, Sources, Span};
use crate::suggest::did_you_mean;
use crate::syntax::Tree;

const EXPIRED: &str = "expired-suppression";
const MALFORMED: &str = "malformed-suppression";
const MISNAMED: &str = "misnamed-suppression";
const UNEXPLAINED: &str = "unexplained-suppression";
const UNUSED: &str = "unused-suppression";
/// The rules about suppressions: no comment suppresses their findings, configuration switches them off.
pub(super) const ABOUT: [&str; 5] = [EXPIRED, MALFORMED, MISNAMED, UNEXPLAINED, UNUSED];

/// A finding that a comment suppresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The comment.
    pub comment: Location,
    /// Why, as the comment says.
    pub reason: Option<String>,
}

/// Findings that are kept, and those that are not; both settled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Triaged {
    /// Those that stay, with what was found about the suppressions themselves.
    pub findings: Vec<Finding>,
    /// Those that comments suppress.
    pub suppressed: Vec<Suppressed>,
}

/// What judging suppressions takes to know.
pub struct Suppressing<'a> {
    /// Today: the last day of a suppression is its last.
    pub today: Date,
    /// The ids of all rules.
    pub rules: &'a [&'a str],
    /// How severe a rule is at a path; nothing where it is off. A suppression of a rule that is off is not called unused.
    pub severity: &'a dyn Fn(&str, &str) -> Option<Severity>,
}

impl std::fmt::Debug for Suppressing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suppressing").field("today", &self.today).finish_non_exhaustive()
    }
}

/// One rule that one comment suppresses.
struct Suppression<'t> {
    file: FileId,
    comment: Location,
    directive: &'t Directive,
    rule: &'t str,
    rule_span: Span,
    covers: Span,
    active: bool,
    used: bool,
}

/// Takes away what comments suppress, and adds what is found about the suppressions themselves.
///
/// A finding is suppressed if its *primary* location begins in the reach of a comment that names its rule: a finding is
/// suppressed where it is mended. Its labels do not count, because they may lie in files of others. Findings
/// about suppressions cannot be suppressed.
#[must_use]
pub fn suppress<'t>(
    findings: Vec<Finding>,
    undecided: &[Undecided],
    trees: impl IntoIterator<Item = &'t Tree>,
    sources: &Sources,
    with: &Suppressing<'_>,
) -> Triaged {
    let mut about = About { with, sources, findings: Vec::new() };
    let read: Vec<_> = trees.into_iter().flat_map(directives).collect();
    let mut suppressions: Vec<_> = read.iter().flat_map(|found| about.read(found)).collect();
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, suppression) in suppressions.iter().enumerate() {
        by_file.entry(suppression.file).or_default().push(index);
    }
    let mut kept = Vec::with_capacity(findings.len());
    let mut suppressed = Vec::new();
    for finding in findings {
        match first_match(&mut suppressions, &by_file, &finding.rule, finding.primary) {
            Some((comment, reason)) => suppressed.push(Suppressed { finding, comment, reason }),
            None => kept.push(finding),
        }
    }
    // Where a rule could not decide, its suppression is not known to be unused.
    for undecided in undecided {
        first_match(&mut suppressions, &by_file, &undecided.rule, undecided.location);
    }
    for suppression in suppressions.iter().filter(|suppression| suppression.active && !suppression.used) {
        about.unused(suppression, &kept);
    }
    kept.append(&mut about.findings);
    Triaged { findings: settle(kept, sources), suppressed }
}

/// The directives of a file, with what each covers.
fn directives(tree: &Tree) -> Vec<(Location, Directive, Span)> {
    // Most files have none.
    if memchr::memmem::find(tree.source.as_bytes(), b"plangate:").is_none() {
        return Vec::new();
    }
    let comments = tree.comments.iter().filter_map(|comment| {
        let text = tree.source.get(comment.span.start as usize..comment.span.end as usize)?;
        let mut directive = comment::read(text, comment.span.start)?;
        let covers = if directive.file { Span::new(0, u32::MAX) } else { scope::covers(tree, comment) };
        if directive.file && !scope::at_top(tree, comment) {
            let mistake = "`plangate:ignore-file` stands at the top of the file, before the first block";
            directive.mistakes.push((comment.span, mistake.to_owned()));
            directive.rules.clear();
        }
        Some((Location::new(tree.file, comment.span), directive, covers))
    });
    let in_values = scope::in_values(tree).filter_map(|(member, object)| {
        let directive = comment::read(tree.slice(member), member.start)?;
        // At the top of a file there are bodies only.
        (!directive.file).then(|| (Location::new(tree.file, member), directive, object))
    });
    comments.chain(in_values).collect()
}

/// Marks every suppression that matches as used, and says the comment and the reason of the first.
fn first_match(
    suppressions: &mut [Suppression<'_>],
    by_file: &BTreeMap<FileId, Vec<usize>>,
    rule: &str,
    primary: Option<Location>,
) -> Option<(Location, Option<String>)> {
    let primary = primary?;
    if ABOUT.contains(&rule) {
        return None;
    }
    let mut first = None;
    for &index in by_file.get(&primary.file)? {
        let Some(suppression) = suppressions.get_mut(index) else { continue };
        let reach =
            suppression.covers.start <= primary.span.start && primary.span.start <= suppression.covers.end;
        if suppression.active && reach && suppression.rule == rule {
            suppression.used = true;
            first.get_or_insert_with(|| (suppression.comment, suppression.directive.reason.clone()));
        }
    }
    first
}

/// Collects what is found about suppressions.
struct About<'a> {
    with: &'a Suppressing<'a>,
    sources: &'a Sources,
    findings: Vec<Finding>,
}

impl About<'_> {
    /// What a directive suppresses; reports what is wrong with it.
    fn read<'t>(&mut self, found: &'t (Location, Directive, Span)) -> Vec<Suppression<'t>> {
        let (comment, directive, covers) = found;
        let at = |span: &Span| Location::new(comment.file, *span);
        for (span, mistake) in &directive.mistakes {
            let message = format!("a suppression cannot be read: {mistake}");
            self.report(MALFORMED, at(span), |finding| finding, &message);
        }
        if directive.rules.is_empty() || !directive.mistakes.is_empty() {
            return Vec::new();
        }
        if directive.reason.is_none() {
            let help = "write the reason behind the closing bracket";
            let names: Vec<_> = directive.rules.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("the suppression of {} has no reason", names.join(", "));
            self.report(UNEXPLAINED, *comment, |finding| finding.with_help(help), &message);
        }
        let expired = directive.expires.as_ref().filter(|(last, _)| *last < self.with.today);
        if let Some((last, span)) = expired {
            let help = "mend what it suppressed, or decide on another day and say why";
            let message = format!("this suppression ended on {last}");
            self.report(EXPIRED, at(span), |finding| finding.with_help(help), &message);
        }
        let mut suppressions = Vec::new();
        for (rule, span) in &directive.rules {
            if !self.with.rules.contains(&rule.as_str()) {
                let help = did_you_mean(rule, self.with.rules.iter().copied())
                    .unwrap_or_else(|| "`plangate rules` lists the rules".to_owned());
                let message = format!("there is no rule `{rule}` to suppress");
                self.report(MISNAMED, at(span), |finding| finding.with_help(help), &message);
                continue;
            }
            suppressions.push(Suppression {
                file: comment.file,
                comment: *comment,
                directive,
                rule,
                rule_span: *span,
                covers: *covers,
                active: expired.is_none(),
                used: false,
            });
        }
        suppressions
    }

    /// Reports a suppression that matched nothing, and where the finding stands that it may have been meant for.
    fn unused(&mut self, suppression: &Suppression<'_>, kept: &[Finding]) {
        let path = &self.sources.get(suppression.file).path;
        if (self.with.severity)(suppression.rule, path).is_none() {
            return;
        }
        let reaches = |location: Location| {
            location.file == suppression.file
                && suppression.covers.start <= location.span.start
                && location.span.start <= suppression.covers.end
        };
        let elsewhere = kept.iter().find(|finding| {
            finding.rule == suppression.rule && finding.labels.iter().any(|label| reaches(label.location))
        });
        let at = Location::new(suppression.file, suppression.rule_span);
        let message = format!("no finding of `{}` is suppressed here", suppression.rule);
        let meant = elsewhere.and_then(|finding| finding.primary);
        let sources = self.sources;
        self.report(
            UNUSED,
            at,
            |finding| match meant {
                Some(primary) => {
                    let file = sources.get(primary.file);
                    let line = file.line_column(primary.span.start).line;
                    finding
                        .with_label(primary, "the finding stands here")
                        .with_help(format!("suppress it where it is mended: {}:{line}", file.path))
                }
                None => finding.with_help("remove it: it would cover the next mistake"),
            },
            &message,
        );
    }

    fn report(
        &mut self,
        rule: &'static str,
        at: Location,
        more: impl FnOnce(Finding) -> Finding,
        message: &str,
    ) {
        if let Some(severity) = (self.with.severity)(rule, &self.sources.get(at.file).path) {
            self.findings.push(more(Finding::new(rule, severity, at, message)));
        }
    }
}
