//! SARIF 2.1.0, for code scanning.
//!
//! A finding is a result of kind `fail`; a verdict that could not be given is one of kind `open`, which is what SARIF
//! has for it, and is written if asked for. The labels are related locations and, in the order of the story, a code flow.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::visible::visible_lines;
use super::{Options, Region, Report};
use crate::finding::{Finding, Place, Severity, Status, Undecided};
use crate::source::Location;
use crate::triage::Suppressed;

mod wire;

use wire::{
    ArtifactLocation, Artifacts, CodeFlow, Descriptor, Document, Driver, Flow, Invocation, Level,
    LogicalLocation, Notification, PhysicalLocation, ReportingConfiguration, Run, Suppression, Text,
    ThreadFlow, Tool,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let shown = report.shown(options);
    let undecided = if options.show_undecided { &*report.coverage.undecided } else { &[] };
    let rules = Rules::of(report, shown, undecided);
    // A baseline state stands at every result or at none.
    let compared = shown.iter().any(|finding| finding.status != Status::New);
    let mut results: Vec<_> = shown.iter().map(|finding| result(report, &rules, finding, compared)).collect();
    for suppressed in report.suppressed {
        let mut result = result(report, &rules, &suppressed.finding, compared);
        result.suppressions = Some(vec![suppression(report, suppressed)]);
        results.push(result);
    }
    results.extend(undecided.iter().map(|undecided| open(report, &rules, undecided)));
    let document = Document {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "plangate",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.descriptors,
                },
            },
            original_uri_base_ids: BTreeMap::from([(
                wire::ROOT,
                Artifacts { description: Text { text: "the root of the repository".into() } },
            )]),
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: true,
                notifications: report.coverage.skipped.iter().map(notification).collect(),
            }],
            results,
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The rules that the document describes, and the index of each.
struct Rules<'a> {
    descriptors: Vec<Descriptor<'a>>,
    indexes: BTreeMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    /// All that are known, and those that are only named.
    fn of(report: &'a Report<'_>, shown: &'a [Finding], undecided: &'a [Undecided]) -> Self {
        let mut descriptors: Vec<_> = report.rules.iter().map(descriptor).collect();
        let mut indexes: BTreeMap<_, _> =
            report.rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
        let named = shown.iter().map(|finding| finding.rule.as_str());
        let named = named.chain(report.suppressed.iter().map(|suppressed| suppressed.finding.rule.as_str()));
        for id in named.chain(undecided.iter().map(|undecided| undecided.rule.as_str())) {
            indexes.entry(id).or_insert_with(|| {
                descriptors.push(Descriptor { id, ..Descriptor::default() });
                descriptors.len() - 1
            });
        }
        Self { descriptors, indexes }
    }

    fn index(&self, id: &str) -> Option<usize> {
        self.indexes.get(id).copied()
    }
}

fn descriptor(rule: &super::RuleInfo) -> Descriptor<'_> {
    let text = |text: &str| (!text.is_empty()).then(|| Text { text: text.to_owned() });
    Descriptor {
        id: &rule.id,
        short_description: text(&rule.summary),
        help: (!rule.page.is_empty()).then(|| wire::Help { text: &rule.page, markdown: &rule.page }),
        help_uri: rule.docs_url.as_deref().filter(|url| is_uri(url)),
        default_configuration: Some(ReportingConfiguration { level: level(rule.severity) }),
        properties: (!rule.tags.is_empty()).then(|| wire::Tags { tags: &rule.tags }),
    }
}

/// Whether every character may stand in a URI.
fn is_uri(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte))
}

const fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    }
}

fn result<'a>(
    report: &'a Report<'_>,
    rules: &Rules<'_>,
    finding: &'a Finding,
    compared: bool,
) -> wire::Finding<'a> {
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let related = finding.labels.iter().enumerate().map(|(index, label)| wire::Location {
        id: Some(index + 1),
        physical: Some(physical(report, label.location)),
        message: Some(message(&label.message)),
        logical: Vec::new(),
    });
    let related: Vec<_> = related.collect();
    wire::Finding {
        rule_id: &finding.rule,
        rule_index: rules.index(&finding.rule),
        kind: "fail",
        level: level(finding.severity),
        message: message(&text),
        locations: locations(report, finding.primary, &finding.places),
        code_flows: story(report, finding),
        related_locations: related,
        partial_fingerprints: Some(BTreeMap::from([(
            "plangate/v1",
            report.sources.fingerprint(finding).to_string(),
        )])),
        baseline_state: compared.then_some(match finding.status {
            Status::New => "new",
            Status::Existing => "unchanged",
            Status::Fixed => "absent",
        }),
        suppressions: None,
    }
}

fn open<'a>(report: &'a Report<'_>, rules: &Rules<'_>, undecided: &'a Undecided) -> wire::Finding<'a> {
    wire::Finding {
        rule_id: &undecided.rule,
        rule_index: rules.index(&undecided.rule),
        kind: "open",
        level: Level::None,
        message: message(&format!(
            "undecided, because {} is not known: {}",
            undecided.unknown, undecided.reason
        )),
        locations: locations(report, undecided.location, std::slice::from_ref(&undecided.place)),
        code_flows: Vec::new(),
        related_locations: Vec::new(),
        partial_fingerprints: None,
        baseline_state: None,
        suppressions: None,
    }
}

/// One location, with what the finding is about as its logical locations.
fn locations<'a>(
    report: &Report<'a>,
    primary: Option<Location>,
    places: &'a [Place],
) -> Vec<wire::Location<'a>> {
    let logical = places.iter().filter_map(|place| {
        let name = place.resource.as_deref()?;
        let scope = place.unit.as_deref().or(place.module.as_deref());
        let subject = place.subject()?;
        let full = scope.map_or_else(|| subject.clone(), |scope| format!("{scope}//{subject}"));
        Some(LogicalLocation { name, fully_qualified_name: full, kind: "resource" })
    });
    let location = wire::Location {
        id: None,
        physical: primary.map(|location| physical(report, location)),
        message: None,
        logical: logical.collect(),
    };
    if location.physical.is_none() && location.logical.is_empty() { Vec::new() } else { vec![location] }
}

/// The labels and then the primary location, as steps.
fn story<'a>(report: &Report<'a>, finding: &Finding) -> Vec<CodeFlow<'a>> {
    let (Some(primary), false) = (finding.primary, finding.labels.is_empty()) else {
        return Vec::new();
    };
    let last = if finding.primary_label.is_empty() {
        finding.message.as_str()
    } else {
        finding.primary_label.as_str()
    };
    let steps = finding.labels.iter().map(|label| (label.location, label.message.as_str()));
    let steps = steps.chain([(primary, last)]).map(|(location, text)| Flow {
        location: wire::Location {
            id: None,
            physical: Some(physical(report, location)),
            message: Some(message(text)),
            logical: Vec::new(),
        },
    });
    vec![CodeFlow { thread_flows: [ThreadFlow { locations: steps.collect() }] }]
}

fn suppression<'a>(report: &Report<'a>, suppressed: &'a Suppressed) -> Suppression<'a> {
    Suppression {
        kind: "inSource",
        status: "accepted",
        justification: suppressed.reason.as_deref(),
        location: wire::Location {
            id: None,
            physical: Some(physical(report, suppressed.comment)),
            message: None,
            logical: Vec::new(),
        },
    }
}

fn notification(skipped: &crate::finding::Skipped) -> Notification {
    Notification {
        level: Level::Note,
        message: message(&format!("{} was skipped: {}", skipped.path, skipped.reason)),
    }
}

fn physical(report: &Report<'_>, location: Location) -> PhysicalLocation {
    let Region { file, line, column, end_line, end_column } = report.sources.region(location);
    PhysicalLocation {
        artifact: ArtifactLocation { uri: uri(file), uri_base_id: wire::ROOT },
        region: wire::Region {
            start_line: line,
            start_column: column,
            end_line,
            end_column,
            snippet: (!location.span.is_empty()).then(|| Text { text: report.sources.text(location) }),
        },
    }
}

/// A message in plain text. Only where brackets could be read as a link are they escaped, because viewers that know
/// no links show the backslashes.
fn message(text: &str) -> Text {
    let text = visible_lines(text);
    if !text.contains("](") {
        return Text { text };
    }
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    Text { text: escaped }
}

/// A path as a relative reference: everything but unreserved characters and `/` is encoded, so that a colon makes no
/// scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_no_links() {
        assert_eq!(message("x[\"a\"] is open").text, "x[\"a\"] is open");
        assert_eq!(message("[click](https://x)").text, "\\[click\\](https://x)");
    }

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("live/a b:c/ü%.tf"), "live/a%20b%3Ac/%C3%BC%25.tf");
    }
}
