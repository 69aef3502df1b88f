//! GitLab's code quality report: one array, one object per finding.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Options, Report};
use crate::finding::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    // GitLab shows one of those that share a fingerprint, so the second and further ones are numbered.
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    let issues = report.shown(options).iter().map(|finding| {
        let fingerprint = report.sources.fingerprint(finding);
        let count = seen.entry(fingerprint).or_default();
        *count += 1;
        let fingerprint =
            if *count == 1 { fingerprint.to_string() } else { format!("{fingerprint}-{count}") };
        let region = finding.primary.map(|location| report.sources.region(location));
        Issue {
            description: &finding.message,
            check_name: &finding.rule,
            fingerprint,
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location {
                // A path and a line are compulsory.
                path: region.map_or(".", |region| region.file),
                lines: Lines {
                    begin: region.map_or(1, |region| region.line),
                    end: region.map_or(1, |region| region.end_line),
                },
            },
        }
    });
    let issues: Vec<_> = issues.collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
