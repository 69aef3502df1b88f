//! JUnit's XML: a test suite per file, a failed test case per finding, a skipped one for what a comment suppresses and
//! (if asked for) for what could not be decided. Without any of them there is one case that passed, because
//! readers take an empty report for a broken one.

use std::io::{self, Write};

use super::xml::{declaration, escape};
use super::{Options, Report};
use crate::finding::Finding;
use crate::source::Location;

struct Case<'a> {
    path: &'a str,
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Failed { kind: &'static str, message: String, text: String },
    Skipped(String),
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let mut cases: Vec<Case<'_>> =
        report.shown(options).iter().map(|finding| failed(report, finding)).collect();
    for suppressed in report.suppressed {
        let finding = &suppressed.finding;
        let (path, name) = title(report, &finding.rule, finding.primary);
        let why = suppressed.reason.as_deref().unwrap_or("without a reason");
        cases.push(Case { path, name, outcome: Outcome::Skipped(format!("suppressed: {why}")) });
    }
    if options.show_undecided {
        for undecided in &report.coverage.undecided {
            let (path, name) = title(report, &undecided.rule, undecided.location);
            cases.push(Case {
                path,
                name,
                outcome: Outcome::Skipped(format!("undecided: {}", undecided.reason)),
            });
        }
    }
    cases.sort_by(|a, b| a.path.cmp(b.path));
    declaration(out)?;
    if cases.is_empty() {
        writeln!(
            out,
            "<testsuites name=\"plangate\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"
        )?;
        writeln!(
            out,
            "  <testsuite name=\"plangate\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"
        )?;
        writeln!(out, "    <testcase name=\"no findings\" classname=\"plangate\"/>")?;
        writeln!(out, "  </testsuite>")?;
    } else {
        writeln!(out, "<testsuites name=\"plangate\" {}>", counts(&cases))?;
        for cases in cases.chunk_by(|a, b| a.path == b.path) {
            suite(cases, out)?;
        }
    }
    writeln!(out, "</testsuites>")
}

fn failed<'a>(report: &'a Report<'_>, finding: &'a Finding) -> Case<'a> {
    let (path, name) = title(report, &finding.rule, finding.primary);
    let mut text = finding.message.clone();
    for place in report.sources.places(finding) {
        text.push_str("\nin: ");
        text.push_str(&place);
    }
    if let Some(help) = &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let kind = finding.severity.word();
    Case { path, name, outcome: Outcome::Failed { kind, message: finding.message.clone(), text } }
}

fn title<'a>(report: &Report<'a>, rule: &str, location: Option<Location>) -> (&'a str, String) {
    location.map_or_else(
        || ("plangate", rule.to_owned()),
        |location| {
            let region = report.sources.region(location);
            (region.file, format!("{rule} {}:{}", region.line, region.column))
        },
    )
}

fn counts(cases: &[Case<'_>]) -> String {
    let failures = cases.iter().filter(|case| matches!(case.outcome, Outcome::Failed { .. })).count();
    let skipped = cases.len() - failures;
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", cases.len())
}

fn suite(cases: &[Case<'_>], out: &mut dyn Write) -> io::Result<()> {
    let path = escape(cases.first().map_or("", |case| case.path));
    writeln!(out, "  <testsuite name=\"{path}\" {}>", counts(cases))?;
    for case in cases {
        writeln!(out, "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\">", escape(&case.name))?;
        match &case.outcome {
            Outcome::Failed { kind, message, text } => writeln!(
                out,
                "      <failure type=\"{kind}\" message=\"{}\">{}</failure>",
                escape(message),
                escape(text)
            )?,
            Outcome::Skipped(why) => writeln!(out, "      <skipped message=\"{}\"/>", escape(why))?,
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}
