//! One file per output format, each through wire types of its own.
//!
//! A format gets a [`Report`] and sees source text through [`Masked`] only. Every text in it may be hostile: the names
//! and paths come from the tree under judgement; each format escapes for the place where its output is shown.

mod checkstyle;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod masked;
mod sarif;
mod summary;
mod tap;
mod visible;
mod xml;

use std::io::{self, Write};
use std::time::Duration;

use arcstr::ArcStr;

use crate::eval::Problem;
use crate::finding::{Coverage, Finding, Severity};
use crate::triage::Suppressed;

pub(crate) use markdown::escape as markdown_text;
pub use masked::{Masked, Region};
pub use summary::{Cause, Counts, causes};
pub(crate) use visible::visible;

/// What a run has to say.
#[derive(Debug)]
pub struct Report<'a> {
    /// Findings, settled: see [`crate::finding::settle`].
    pub findings: &'a [Finding],
    /// Findings that a comment suppresses.
    pub suppressed: &'a [Suppressed],
    /// What was looked at, and what could not be decided.
    pub coverage: &'a Coverage,
    /// How long it took. Machine formats leave it out: two runs over one tree print the same.
    pub elapsed: Duration,
    /// Where excerpts come from.
    pub sources: &'a Masked<'a>,
    /// What is known of the rules.
    pub rules: &'a [RuleInfo],
}

/// What a report says about a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// Its id.
    pub id: ArcStr,
    /// Its severity if nothing else is configured.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub summary: String,
    /// Its page, as Markdown.
    pub page: String,
    /// Where its page stands on the web.
    pub docs_url: Option<String>,
    /// What it is about: `security`, `style`.
    pub tags: Vec<String>,
}

impl Report<'_> {
    /// What is known of a rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Where a rule's page stands on the web.
    #[must_use]
    pub fn docs_url(&self, id: &str) -> Option<&str> {
        self.rule(id)?.docs_url.as_deref()
    }

    /// The findings to print: the first `max_findings`.
    #[must_use]
    pub fn shown(&self, options: &Options) -> &[Finding] {
        let count = options.max_findings.unwrap_or(usize::MAX).min(self.findings.len());
        self.findings.get(..count).unwrap_or_default()
    }
}

/// A way to write a report.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: excerpts, colours, a summary
    #[default]
    Human,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// GitHub workflow commands: annotations
    Github,
    /// GitLab code quality
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Markdown, for a comment or a job's summary
    Markdown,
    /// Test Anything Protocol, version 14
    Tap,
}

/// How a report is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// With colours.
    pub color: bool,
    /// With links that a terminal lets one click.
    pub links: bool,
    /// How many columns there are.
    pub width: usize,
    /// With drawing characters beyond ASCII.
    pub unicode: bool,
    /// For a screen reader: no drawing at all.
    pub narrated: bool,
    /// With each thing that could not be decided.
    pub show_undecided: bool,
    /// How many findings at most; the counts are still of all.
    pub max_findings: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            links: false,
            width: 100,
            unicode: true,
            narrated: false,
            show_undecided: false,
            max_findings: None,
        }
    }
}

/// Writes a report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, format: Format, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, out, options),
        Format::Json => json::write(report, out, options),
        Format::Jsonl => json::write_lines(report, out, options),
        Format::Sarif => sarif::write(report, out, options),
        Format::Github => github::write(report, out, options),
        Format::Gitlab => gitlab::write(report, out, options),
        Format::Junit => junit::write(report, out, options),
        Format::Checkstyle => checkstyle::write(report, out, options),
        Format::Markdown => markdown::write(report, out, options),
        Format::Tap => tap::write(report, out, options),
    }
}

/// Writes a problem that is no finding, as a finding is shown to people: a mistake in the configuration.
///
/// # Errors
/// What `out` fails with.
pub fn write_problem(
    problem: &Problem,
    sources: &Masked<'_>,
    out: &mut dyn Write,
    options: &Options,
) -> io::Result<()> {
    human::write_problem(problem, sources, out, options)
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
