//! The stable machine output, `"version": 1`; its schema is `docs/schema/lint.v1.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Counts, Options, Region, Report};
use crate::finding::{self, Severity, Status};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    coverage: Coverage<'a>,
    summary: Counts,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    docs_url: Option<&'a str>,
    location: Option<Region<'a>>,
    labels: Vec<Label<'a>>,
    resource: Option<&'a str>,
    module: Option<&'a str>,
    unit: Option<&'a str>,
    places: Vec<Place<'a>>,
    fingerprint: String,
    status: Status,
}

#[derive(Serialize)]
struct Label<'a> {
    message: &'a str,
    location: Region<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    resource: Option<&'a str>,
    module: Option<&'a str>,
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn of(place: &'a finding::Place) -> Self {
        Self {
            resource: place.resource.as_deref(),
            module: place.module.as_deref(),
            unit: place.unit.as_deref(),
            attribute: place.attribute.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Coverage<'a> {
    files: usize,
    modules: usize,
    units: usize,
    resources: usize,
    plans: usize,
    rules: usize,
    undecided: Vec<Undecided<'a>>,
    skipped: Vec<Skipped<'a>>,
}

#[derive(Serialize)]
struct Undecided<'a> {
    rule: &'a str,
    place: Place<'a>,
    location: Option<Region<'a>>,
    unknown: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Skipped<'a> {
    path: &'a str,
    reason: &'a str,
}

/// A line of `jsonl`: a finding, and behind them all the summary.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Finding<'a>),
    Summary { version: u32, coverage: Coverage<'a>, summary: Counts },
}

const VERSION: u32 = 1;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        findings: report.shown(options).iter().map(|finding| wire(report, finding)).collect(),
        coverage: coverage(report),
        summary: Counts::of(report),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

pub(super) fn write_lines(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    for finding in report.shown(options) {
        serde_json::to_writer(&mut *out, &Line::Finding(wire(report, finding)))?;
        writeln!(out)?;
    }
    let last = Line::Summary { version: VERSION, coverage: coverage(report), summary: Counts::of(report) };
    serde_json::to_writer(&mut *out, &last)?;
    writeln!(out)
}

fn wire<'a>(report: &'a Report<'_>, finding: &'a finding::Finding) -> Finding<'a> {
    let sources = report.sources;
    let place = finding.place();
    let places = if finding.places.is_empty() { std::slice::from_ref(place) } else { &finding.places };
    Finding {
        rule: &finding.rule,
        severity: finding.severity,
        message: &finding.message,
        help: finding.help.as_deref(),
        docs_url: report.docs_url(&finding.rule),
        location: finding.primary.map(|location| sources.region(location)),
        labels: finding
            .labels
            .iter()
            .map(|label| Label { message: &label.message, location: sources.region(label.location) })
            .collect(),
        resource: place.resource.as_deref(),
        module: place.module.as_deref(),
        unit: place.unit.as_deref(),
        places: places.iter().map(Place::of).collect(),
        fingerprint: sources.fingerprint(finding).to_string(),
        status: finding.status,
    }
}

fn coverage<'a>(report: &'a Report<'_>) -> Coverage<'a> {
    let coverage = report.coverage;
    let undecided = coverage.undecided.iter().map(|undecided| Undecided {
        rule: &undecided.rule,
        place: Place::of(&undecided.place),
        location: undecided.location.map(|location| report.sources.region(location)),
        unknown: &undecided.unknown,
        reason: &undecided.reason,
    });
    Coverage {
        files: coverage.files,
        modules: coverage.modules,
        units: coverage.units,
        resources: coverage.resources,
        plans: coverage.plans,
        rules: coverage.rules,
        undecided: undecided.collect(),
        skipped: coverage
            .skipped
            .iter()
            .map(|skipped| Skipped { path: &skipped.path, reason: &skipped.reason })
            .collect(),
    }
}
