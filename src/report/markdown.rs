//! Markdown as GitHub and GitLab show it: a summary and one table, for a comment or a job's summary.

use std::io::{self, Write};

use super::summary::{coverage_line, number_of};
use super::visible::visible;
use super::{Counts, Options, Report, causes};
use crate::finding::{Finding, Severity};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let counts = Counts::of(report);
    writeln!(out, "### plangate: {}\n", counts.by_severity())?;
    let findings = report.shown(options);
    if !findings.is_empty() {
        writeln!(out, "| | rule | where | what |\n| --- | --- | --- | --- |")?;
        findings.iter().try_for_each(|finding| row(report, finding, out))?;
        writeln!(out)?;
    }
    let left = report.findings.len() - findings.len();
    if left > 0 {
        writeln!(out, "{} not shown.\n", number_of(left, "more finding"))?;
    }
    undecided(report, options, out)?;
    write!(out, "Looked at {}.", coverage_line(report.coverage))?;
    if counts.suppressed > 0 {
        write!(out, " {} suppressed.", number_of(counts.suppressed, "finding"))?;
    }
    writeln!(out)
}

fn row(report: &Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let severity = match finding.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "ℹ️ info",
    };
    let rule = match report.docs_url(&finding.rule) {
        Some(url) => format!("[{}]({})", escape(&finding.rule), link(url)),
        None => escape(&finding.rule),
    };
    write!(out, "| {severity} | {rule} | ")?;
    if let Some(location) = finding.primary {
        let region = report.sources.region(location);
        write!(out, "{}:{}:{}", escape(region.file), region.line, region.column)?;
    }
    write!(out, " | {}", sentence(&finding.message))?;
    if let Some(help) = &finding.help {
        write!(out, "<br><sub>{}</sub>", sentence(help))?;
    }
    let places: Vec<_> = report.sources.places(finding).collect();
    for place in places.iter().take(PLACES) {
        write!(out, "<br><sub>in {}</sub>", escape(place))?;
    }
    if places.len() > PLACES {
        write!(out, "<br><sub>and {}</sub>", number_of(places.len() - PLACES, "more place"))?;
    }
    writeln!(out, " |")
}

/// How many places a row names.
const PLACES: usize = 3;

fn undecided(report: &Report<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let undecided = &report.coverage.undecided;
    if undecided.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details><summary>{} undecided</summary>\n", undecided.len())?;
    if options.show_undecided {
        for undecided in undecided {
            write!(out, "- {}", escape(&undecided.rule))?;
            if let Some(location) = undecided.location {
                let region = report.sources.region(location);
                write!(out, " at {}:{}:{}", escape(region.file), region.line, region.column)?;
            }
            writeln!(out, ": {}", escape(&undecided.reason))?;
        }
    } else {
        for cause in causes(report.coverage) {
            writeln!(out, "- {} × {}", cause.count, escape(cause.reason))?;
        }
    }
    writeln!(out, "\n</details>\n")
}

/// A sentence in which names stand in backticks: they become code, as long as each has its partner.
fn sentence(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    if parts.len() % 2 == 0 {
        return escape(text);
    }
    let mut written = String::with_capacity(text.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 0 {
            written.push_str(&escape(part));
        } else {
            written.push_str(&format!("<code>{}</code>", escape(part)));
        }
    }
    written
}

/// Text of others within a line: markup, HTML, mentions, references and links are taken for what they are, text.
pub(crate) fn escape(text: &str) -> String {
    let shown = visible(text);
    let mut escaped = String::with_capacity(shown.len());
    let mut rest = &*shown;
    while let Some(char) = rest.chars().next() {
        let next = &rest[char.len_utf8()..];
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', char]),
            // An empty comment ends a mention, a reference or a link before it has begun.
            '@' | '#' | '!' => escaped.extend([&rest[..char.len_utf8()], "<!-- -->"]),
            ':' if next.starts_with("//") => escaped.push_str(":<!-- -->"),
            'w' | 'W' if next.get(..3).is_some_and(|next| next.eq_ignore_ascii_case("ww.")) => {
                escaped.push(char);
                escaped.push_str("<!-- -->");
            }
            char => escaped.push(char),
        }
        rest = next;
    }
    escaped
}

/// A link's target: our own addresses, yet nothing in one may end the link.
fn link(url: &str) -> String {
    let mut target = String::with_capacity(url.len());
    for char in url.chars() {
        match char {
            '(' | ')' | '<' | '>' | '|' | '\\' | '"' | ' ' => {
                target.push_str(&format!("%{:02X}", u32::from(char)))
            }
            char if char.is_control() => {}
            char => target.push(char),
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code() {
        assert_eq!(sentence("`a_b` is `<x>`"), "<code>a\\_b</code> is <code>&lt;x&gt;</code>");
        assert_eq!(sentence("a ` alone"), "a \\` alone");
    }

    #[test]
    fn text_is_text() {
        assert_eq!(
            escape("a|b `c` <img> &lt; *d* [e](f) @octo #12 https://x www.y.z $k$\n!"),
            "a\\|b \\`c\\` &lt;img&gt; &amp;lt; \\*d\\* \\[e\\](f) @<!-- -->octo #<!-- -->12 \
             https:<!-- -->//x w<!-- -->ww.y.z \\$k\\$\\\\u{a}!<!-- -->"
        );
    }
}
