//! For people: findings by file, each with excerpts of the source, and a summary.

use std::io::{self, Write};
use std::time::Duration;

use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler, ThemeCharacters, ThemeStyles};
use unicode_width::UnicodeWidthStr;

use super::summary::{coverage_line, number_of};
use super::visible::{visible, visible_lines};
use super::{Counts, Masked, Options, Report, causes};
use crate::eval::Problem;
use crate::finding::{Coverage, Finding, Place, Severity, Status};

mod excerpt;
mod message;
mod paint;
mod wrap;

use excerpt::Excerpt;
use message::Message;
use paint::Paint;
use wrap::wrap;

/// Lines of prose are no longer than that, however wide the terminal is; excerpts take what there is.
const WIDEST: usize = 120;
/// Nor shorter than that, however narrow it is.
const NARROWEST: usize = 30;
/// How many places of a finding, causes and skipped files are listed.
const LISTED: usize = 5;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let page =
        Page { report, options, paint: Paint(options.color && !options.narrated), width: width(options) };
    let shown = report.shown(options);
    let by_file = shown.chunk_by(|a, b| a.primary.map(|at| at.file) == b.primary.map(|at| at.file));
    for findings in by_file {
        page.put(out, &page.heading(findings))?;
        for finding in findings {
            page.put(out, &page.finding(finding))?;
        }
    }
    page.put(out, &page.undecided())?;
    page.put(out, &page.skipped())?;
    page.put(out, &page.summary())
}

/// Writes a problem that is no finding, as one looks: a mistake in the configuration.
pub(super) fn write_problem(
    problem: &Problem,
    sources: &Masked<'_>,
    out: &mut dyn Write,
    options: &Options,
) -> io::Result<()> {
    let report = Report {
        findings: &[],
        suppressed: &[],
        coverage: &Coverage::default(),
        elapsed: Duration::ZERO,
        sources,
        rules: &[],
    };
    let page = Page {
        report: &report,
        options,
        paint: Paint(options.color && !options.narrated),
        width: width(options),
    };
    page.put(out, &page.finding(&Finding::from_problem("", Severity::Error, problem)))
}

fn width(options: &Options) -> usize {
    options.width.clamp(NARROWEST, WIDEST)
}

struct Page<'a> {
    report: &'a Report<'a>,
    options: &'a Options,
    paint: Paint,
    width: usize,
}

impl Page<'_> {
    /// Prints text in which no line is a command to a build server, or ends with spaces.
    fn put(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        for line in text.lines() {
            let line = line.trim_end().replace("##[", "# #[");
            let text = line.trim_start();
            let (indent, text) = line.split_at(line.len() - text.len());
            let guard = if text.starts_with("::") { "." } else { "" };
            writeln!(out, "{indent}{guard}{text}")?;
        }
        Ok(())
    }

    /// The file's name and what was found in it.
    fn heading(&self, findings: &[Finding]) -> String {
        let file =
            findings.first().and_then(|finding| finding.primary).map(|at| self.report.sources.path(at.file));
        let path = file.map_or("the tree as a whole".into(), visible);
        let counts = Counts::of(&Report { findings, suppressed: &[], ..*self.report }).by_severity();
        if self.options.narrated {
            return format!("File {path}: {counts}\n\n");
        }
        let bar = if self.options.unicode { "─" } else { "-" };
        let used = path.width() + counts.width() + 8;
        let rule = bar.repeat(self.width.saturating_sub(used).max(2));
        let (path, ends) = (self.paint.bold(&path), self.paint.dim(&bar.repeat(2)));
        format!("{ends} {path} {} {} {ends}\n\n", self.paint.dim(&rule), self.paint.dim(&counts))
    }

    fn finding(&self, finding: &Finding) -> String {
        let excerpt =
            Excerpt::of(self.report.sources, finding, self.options.width.max(NARROWEST), self.options);
        let (mut text, mut ok) = (String::new(), Ok(()));
        let help = finding.help.as_deref().map(visible_lines);
        let title = visible(&finding.message).into_owned();
        if self.options.narrated {
            let message = Message {
                title,
                severity: finding.severity,
                rule: Some(visible(&finding.rule)).filter(|rule| !rule.is_empty()),
                url: self.report.docs_url(&finding.rule).map(visible),
                help,
                excerpt,
            };
            ok = NarratableReportHandler::new().render_report(&mut text, &message);
        } else {
            let theme = self.theme(finding, &excerpt);
            let message = Message { title, severity: finding.severity, rule: None, url: None, help, excerpt };
            ok = ok.and_then(|()| {
                GraphicalReportHandler::new_themed(theme)
                    .with_width(self.width)
                    .with_links(false)
                    .without_syntax_highlighting()
                    .render_report(&mut text, &message)
            });
        }
        if ok.is_err() {
            // An excerpt that cannot be drawn is no reason to keep the finding back.
            text = format!("{}: {}\n", self.kind(finding), visible(&finding.message));
        }
        if let Some(left) = finding.labels.len().checked_sub(excerpt::LABELS).filter(|&left| left > 0) {
            let left = format!("  {} of this story not shown", number_of(left, "more place"));
            text.push_str(&self.paint.dim(&left));
            text.push('\n');
        }
        // What stands in no excerpt is said all the same.
        if finding.primary.is_some_and(|at| self.report.sources.is_empty(at.file))
            && !finding.primary_label.is_empty()
        {
            text.push_str(&self.paint.dim(&format!("    what: {}", visible(&finding.primary_label))));
            text.push('\n');
        }
        text.push_str(&self.places(finding));
        text.push('\n');
        text
    }

    /// Drawing characters and colours: the primary location has the severity's colour, the others one of their own.
    fn theme(&self, finding: &Finding, excerpt: &Excerpt) -> GraphicalTheme {
        let mut characters =
            if self.options.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let mut styles = if self.options.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        if self.options.color {
            for style in [&mut styles.error, &mut styles.warning, &mut styles.advice] {
                *style = style.bold();
            }
            let own = match finding.severity {
                Severity::Error => styles.error,
                Severity::Warning => styles.warning,
                Severity::Info => styles.advice,
            };
            let other = if finding.severity == Severity::Info { styles.linum } else { styles.help };
            styles.highlights =
                excerpt.labels.iter().map(|label| if label.primary() { own } else { other }).collect();
            if styles.highlights.is_empty() {
                styles.highlights.push(own);
            }
        }
        let kind = format!("{}:", self.kind(finding));
        characters.error.clone_from(&kind);
        characters.warning.clone_from(&kind);
        characters.advice = kind;
        GraphicalTheme { characters, styles }
    }

    /// `error[open-ingress]`
    fn kind(&self, finding: &Finding) -> String {
        let severity = finding.severity.word();
        let rule = visible(&finding.rule);
        if rule.is_empty() {
            return severity.to_owned();
        }
        let rule = match self.report.docs_url(&finding.rule) {
            Some(url) if self.options.links => paint::link(url, &rule),
            _ => rule.into_owned(),
        };
        let status = match finding.status {
            Status::New => "",
            Status::Existing => " (was there before)",
            Status::Fixed => " (mended)",
        };
        format!("{severity}[{rule}]{status}")
    }

    /// What the finding is about, where the excerpt does not say.
    fn places(&self, finding: &Finding) -> String {
        let places: Vec<_> = self.report.sources.places(finding).collect();
        if places.is_empty() || self.says_its_place(finding) {
            return String::new();
        }
        let mut text = places.iter().take(LISTED).map(|place| visible(place)).collect::<Vec<_>>().join(", ");
        if let Some(left) = places.len().checked_sub(LISTED).filter(|&left| left > 0) {
            text.push_str(&format!(" and {}", number_of(left, "more place")));
        }
        if self.options.narrated {
            return format!("diagnostic place: {text}\n");
        }
        let lines = wrap(&text, self.width.saturating_sub(8));
        let mut written = String::new();
        for (index, line) in lines.iter().enumerate() {
            let head = if index == 0 { self.paint.dim("    in: ") } else { " ".repeat(8) };
            written.push_str(&format!("{head}{line}\n"));
        }
        written
    }

    /// Whether the message names the only resource, and the file's path the module or unit.
    fn says_its_place(&self, finding: &Finding) -> bool {
        let ([place], Some(primary)) = (finding.places.as_slice(), finding.primary) else { return false };
        let directory =
            self.report.sources.path(primary.file).rsplit_once('/').map_or(".", |(directory, _)| directory);
        let scope = place.unit.as_deref().or(place.module.as_deref()).unwrap_or(".");
        (scope == directory || scope == self.report.sources.path(primary.file))
            && place.subject().is_none_or(|subject| finding.message.contains(&subject))
    }

    fn undecided(&self) -> String {
        let coverage = self.report.coverage;
        if coverage.undecided.is_empty() {
            return String::new();
        }
        let mut text = format!("{}\n", self.paint.bold("undecided, because something is not known:"));
        if self.options.show_undecided {
            for undecided in &coverage.undecided {
                let at = undecided.location.map(|location| {
                    let region = self.report.sources.region(location);
                    format!("{}:{}:{}: ", visible(region.file), region.line, region.column)
                });
                // What is not known may be all of what it is about.
                let place = Some(&undecided.place)
                    .filter(|place| place.resource.as_deref() != Some(undecided.unknown.as_str()));
                let about = place.and_then(Place::describe).map(|place| format!(", in {}", visible(&place)));
                text.push_str(&self.item(&format!(
                    "{}{}: {}: {}{}",
                    at.unwrap_or_default(),
                    visible(&undecided.rule),
                    visible(&undecided.unknown),
                    visible(&undecided.reason),
                    about.unwrap_or_default(),
                )));
            }
            text.push('\n');
            return text;
        }
        let causes = causes(coverage);
        for cause in causes.iter().take(LISTED) {
            let rules = cause.rules.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let more = if cause.rules.len() > 3 { ", ..." } else { "" };
            text.push_str(&self.item(&format!(
                "{} × {} ({}{more})",
                cause.count,
                visible(cause.reason),
                visible(&rules)
            )));
        }
        if let Some(left) = causes.len().checked_sub(LISTED).filter(|&left| left > 0) {
            text.push_str(&self.item(&format!("and {}", number_of(left, "other cause"))));
        }
        text.push_str(&self.paint.dim("  --show-undecided lists each"));
        text.push_str("\n\n");
        text
    }

    fn skipped(&self) -> String {
        let skipped = &self.report.coverage.skipped;
        if skipped.is_empty() {
            return String::new();
        }
        let mut text = format!("{}\n", self.paint.bold("not read:"));
        for skipped in skipped.iter().take(LISTED) {
            text.push_str(&self.item(&format!("{}: {}", visible(&skipped.path), visible(&skipped.reason))));
        }
        if let Some(left) = skipped.len().checked_sub(LISTED).filter(|&left| left > 0) {
            text.push_str(&self.item(&format!("and {left} more")));
        }
        text.push('\n');
        text
    }

    /// An indented item of a list.
    fn item(&self, text: &str) -> String {
        let text = if self.options.unicode { text.to_owned() } else { text.replace(" × ", " x ") };
        let lines = wrap(&text, self.width.saturating_sub(4));
        let mut written = String::new();
        for (index, line) in lines.iter().enumerate() {
            written.push_str(&format!("{}{line}\n", if index == 0 { "  " } else { "    " }));
        }
        written
    }

    /// What was found in what, in one line.
    fn summary(&self) -> String {
        let counts = Counts::of(self.report);
        let found = counts.by_severity();
        let found = match (counts.errors, counts.warnings, counts.infos) {
            (0, 0, 0) => self.paint.green(&found),
            (0, 0, _) => self.paint.cyan(&found),
            (0, ..) => self.paint.yellow(&found),
            _ => self.paint.red(&found),
        };
        let mut parts = Vec::new();
        if counts.places > counts.findings {
            parts.push(format!("in {}", number_of(counts.places, "place")));
        }
        let left = counts.findings - self.report.shown(self.options).len();
        if left > 0 {
            parts.push(format!("{left} not shown"));
        }
        if counts.suppressed > 0 {
            parts.push(format!("{} suppressed", counts.suppressed));
        }
        if counts.undecided > 0 {
            parts.push(format!("{} undecided", counts.undecided));
        }
        parts.push(format!("{} in {}", coverage_line(self.report.coverage), elapsed(self.report.elapsed)));
        let separator = if self.options.unicode && !self.options.narrated { " · " } else { "; " };
        let mut text = format!("{found}{separator}{}\n", parts.join(separator));
        let worst = self.report.shown(self.options).iter().rev().max_by_key(|finding| finding.severity);
        if let Some(finding) = worst {
            let hint = format!("plangate explain {} says more", visible(&finding.rule));
            text.push_str(&self.paint.dim(&hint));
            text.push('\n');
        }
        text
    }
}

fn elapsed(time: Duration) -> String {
    match time.as_millis() {
        millis @ 0..1000 => format!("{millis}ms"),
        millis @ 1000..60_000 => format!("{}.{:02}s", millis / 1000, millis % 1000 / 10),
        millis => format!("{}m{:02}s", millis / 60_000, millis % 60_000 / 1000),
    }
}
