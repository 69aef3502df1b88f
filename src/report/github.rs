//! GitHub's workflow commands, which become annotations.
//!
//! GitHub shows ten annotations of each kind per step. The findings beyond them are printed as plain lines, so that the
//! log has them all, and a notice says how many they are.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::visible::visible;
use super::{Options, Report};
use crate::finding::{Finding, Severity};

const ANNOTATIONS_PER_KIND: usize = 10;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let mut written: BTreeMap<Severity, usize> = BTreeMap::new();
    let mut beyond = 0;
    for finding in report.shown(options) {
        let count = written.entry(finding.severity).or_default();
        *count += 1;
        if *count <= ANNOTATIONS_PER_KIND {
            annotation(report, finding, out)?;
        } else {
            plain(report, finding, out)?;
            beyond += 1;
        }
    }
    if beyond > 0 {
        writeln!(
            out,
            "{beyond} more in the log only: GitHub shows {ANNOTATIONS_PER_KIND} annotations of a kind per step"
        )?;
    }
    Ok(())
}

fn annotation(report: &Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{} ", command(finding.severity))?;
    if let Some(location) = finding.primary {
        let region = report.sources.region(location);
        write!(out, "file={},line={},endLine={},", property(region.file), region.line, region.end_line)?;
        // Columns mean something within one line only.
        if region.line == region.end_line {
            write!(out, "col={},endColumn={},", region.column, region.end_column)?;
        }
    }
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    writeln!(out, "title={}::{}", property(&finding.rule), data(&message))
}

/// A line that is no command, whatever the path or the message holds.
fn plain(report: &Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "- ")?;
    if let Some(location) = finding.primary {
        let region = report.sources.region(location);
        write!(out, "{}:{}:{}: ", disarmed(region.file), region.line, region.column)?;
    }
    let kind = command(finding.severity);
    writeln!(out, "{kind}[{}]: {}", disarmed(&finding.rule), disarmed(&finding.message))
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// Without the older form of commands, which is understood in the middle of a line too.
fn disarmed(text: &str) -> String {
    visible(text).replace("##[", "# #[")
}

/// The message of a command.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(disarmed).collect();
    lines.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command. A path must stay the path that it is, so nothing but control characters is made visible.
fn property(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.replace("##[", "# #[").chars() {
        match char {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' => escaped.push_str("%3A"),
            ',' => escaped.push_str("%2C"),
            char if char.is_control() => escaped.extend(char.escape_unicode()),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stay_one_command() {
        assert_eq!(property("a,line=1:b%\r\n\u{1b}"), "a%2Cline=1%3Ab%25%0D%0A\\u{1b}");
        assert_eq!(
            data("50%\n::set-output name=x::y ##[error]"),
            "50%25%0A::set-output name=x::y # #[error]"
        );
    }
}
