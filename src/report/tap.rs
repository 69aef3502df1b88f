//! Test Anything Protocol, version 14: a test point that failed per finding.

use std::io::{self, Write};

use super::visible::visible;
use super::{Options, Report};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let findings = report.shown(options);
    let undecided = if options.show_undecided { &*report.coverage.undecided } else { &[] };
    writeln!(out, "TAP version 14")?;
    let points = findings.len() + report.suppressed.len() + undecided.len();
    writeln!(out, "1..{}", points.max(1))?;
    if points == 0 {
        return writeln!(out, "ok 1 - no findings");
    }
    let mut number = 0;
    for finding in findings {
        number += 1;
        writeln!(out, "not ok {number} - {}: {}", description(&finding.rule), description(&finding.message))?;
        writeln!(out, "  ---")?;
        let severity = finding.severity.word();
        writeln!(out, "  severity: {severity}")?;
        if let Some(location) = finding.primary {
            let region = report.sources.region(location);
            writeln!(out, "  file: {}", yaml(region.file))?;
            writeln!(out, "  line: {}", region.line)?;
            writeln!(out, "  column: {}", region.column)?;
        }
        if let Some(resource) = &finding.place().resource {
            writeln!(out, "  resource: {}", yaml(resource))?;
        }
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {}", yaml(help))?;
        }
        writeln!(out, "  ...")?;
    }
    for suppressed in report.suppressed {
        number += 1;
        let finding = &suppressed.finding;
        let why = suppressed.reason.as_deref().unwrap_or("without a reason");
        writeln!(
            out,
            "ok {number} - {}: {} # SKIP suppressed: {}",
            description(&finding.rule),
            description(&finding.message),
            description(why)
        )?;
    }
    for undecided in undecided {
        number += 1;
        let (rule, reason) = (description(&undecided.rule), description(&undecided.reason));
        writeln!(out, "ok {number} - {rule} # SKIP undecided: {reason}")?;
    }
    Ok(())
}

/// A test point's description: `#` would begin a directive.
fn description(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('#', "\\#")
}

/// A scalar of YAML in double quotes, which takes JSON's escapes.
fn yaml(text: &str) -> String {
    let mut escaped = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            char if super::visible::deceives(char) || !(' '..='\u{d7ff}').contains(&char) => {
                escaped.push_str(&format!("\\U{:08x}", u32::from(char)));
            }
            char => escaped.push(char),
        }
    }
    escaped.push('"');
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_directive_and_no_document_comes_from_text() {
        assert_eq!(description("x # SKIP\nok 2"), "x \\\\# SKIP\\\\u{a}ok 2".replace("\\\\#", "\\#"));
        assert_eq!(yaml("a\"\\\n...\u{1b}é🚀"), "\"a\\\"\\\\\\n...\\U0000001bé\\U0001f680\"");
    }
}
