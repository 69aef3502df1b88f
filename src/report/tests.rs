use clap::ValueEnum;

use super::sample::{SENTINEL, Sample, shop};
use super::{Format, Masked, Options, write_problem};
use crate::eval::Problem;
use crate::finding::{Finding, Severity, settle};
use crate::source::{Location, Span};

mod hostile;
mod schema;

fn print(format: Format) -> String {
    shop().print(format, &Options::default())
}

#[test]
fn human() {
    insta::assert_snapshot!(print(Format::Human));
}

#[test]
fn human_in_colour() {
    let options = Options { color: true, links: true, ..Options::default() };
    insta::assert_snapshot!(shop().print(Format::Human, &options));
}

#[test]
fn human_on_a_narrow_terminal() {
    insta::assert_snapshot!(shop().print(Format::Human, &Options { width: 42, ..Options::default() }));
}

#[test]
fn human_in_ascii() {
    let printed = shop().print(Format::Human, &Options { unicode: false, ..Options::default() });
    assert!(printed.is_ascii());
    insta::assert_snapshot!(printed);
}

#[test]
fn human_for_a_screen_reader() {
    let options = Options { narrated: true, show_undecided: true, ..Options::default() };
    insta::assert_snapshot!(shop().print(Format::Human, &options));
}

#[test]
fn human_without_findings() {
    insta::assert_snapshot!(Sample::empty().print(Format::Human, &Options::default()));
}

#[test]
fn json() {
    insta::assert_snapshot!(print(Format::Json));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(print(Format::Jsonl));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(
        shop().print(Format::Sarif, &Options { show_undecided: true, ..Options::default() })
    );
}

#[test]
fn github() {
    insta::assert_snapshot!(print(Format::Github));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(print(Format::Gitlab));
}

#[test]
fn junit() {
    insta::assert_snapshot!(
        shop().print(Format::Junit, &Options { show_undecided: true, ..Options::default() })
    );
}

#[test]
fn checkstyle() {
    insta::assert_snapshot!(print(Format::Checkstyle));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(print(Format::Markdown));
}

#[test]
fn tap() {
    insta::assert_snapshot!(
        shop().print(Format::Tap, &Options { show_undecided: true, ..Options::default() })
    );
}

#[test]
fn without_findings_every_format_is_whole() {
    for format in Format::value_variants() {
        let printed = Sample::empty().print(*format, &Options::default());
        schema::parses(*format, &printed);
    }
}

/// Every way in which a report may be written.
fn every_way() -> Vec<(Format, Options)> {
    let mut ways = Vec::new();
    for &format in Format::value_variants() {
        for show_undecided in [false, true] {
            ways.push((format, Options { show_undecided, ..Options::default() }));
        }
    }
    for width in [20, 80, 200] {
        let terminal =
            Options { color: true, links: true, width, unicode: width != 20, ..Options::default() };
        ways.push((Format::Human, Options { narrated: true, ..terminal.clone() }));
        ways.push((Format::Human, terminal));
    }
    ways
}

#[test]
fn no_report_shows_a_secret_of_a_neighbouring_line() {
    let mut sample = shop();
    // A finding over the secret's own line, and one about the secret itself.
    let file = sample.secrets[0].file;
    let line = sample.at(file, "database_password = \"hunter2-S3NT1NEL\"");
    for (rule, location) in [("whole-line", line), ("hardcoded-secret", sample.secrets[0])] {
        let finding = Finding::new(rule, Severity::Error, location, "a password stands in the source");
        let everything = Location::new(file, Span::new(0, 10_000));
        sample.findings.push(finding.with_primary_label("here").with_label(everything, "all of it"));
    }
    for (format, options) in every_way() {
        let printed = sample.print(format, &options);
        for part in [SENTINEL, "S3NT1NEL", "hunter2"] {
            assert!(!printed.contains(part), "{format:?} {options:?}");
        }
    }
    let sarif = sample.print(Format::Sarif, &Options::default());
    assert!(sarif.contains(r#"database_password = \"****************\""#), "the masked line is shown");
}

#[test]
fn reports_of_many_findings_end_where_asked() {
    let mut sample = Sample::empty();
    let file = sample.file("a.tf", &"x = 1\n".repeat(40));
    for line in 0..40 {
        let at = Location::new(file, Span::new(line * 6, line * 6 + 1));
        sample.findings.push(Finding::new("r", Severity::Error, at, "m"));
    }
    let human = sample.print(Format::Human, &Options { max_findings: Some(2), ..Options::default() });
    assert_eq!(human.matches("error[r]").count(), 2);
    assert!(human.contains("40 errors · 38 not shown · "), "{human}");
    let github = sample.print(Format::Github, &Options::default());
    assert_eq!(github.matches("::error ").count(), 10);
    assert_eq!(github.lines().filter(|line| line.starts_with("- a.tf:")).count(), 30);
    assert!(github.ends_with("30 more in the log only: GitHub shows 10 annotations of a kind per step\n"));
}

#[test]
fn a_problem_looks_like_a_finding() {
    let mut sample = Sample::empty();
    let own = sample.file("live/plangate.hcl", "treshold = \"error\"\n");
    let other = sample.file("plangate.hcl", "threshold = \"warning\"\n");
    let problem = Problem::new(sample.at(own, "treshold"), "there is no setting `treshold` here")
        .with_label(sample.at(other, "threshold"), "spelt well there\u{1b}")
        .with_help("did you mean `threshold`?");
    let masked = Masked::new(&sample.sources, &[]);
    let printed = |narrated| {
        let mut out = Vec::new();
        write_problem(&problem, &masked, &mut out, &Options { narrated, ..Options::default() }).unwrap();
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!(format!("{}{}", printed(false), printed(true)));
}

/// Labels over several lines, of several widths, at ends of lines, over one another.
fn shapes() -> Sample {
    let mut sample = Sample::empty();
    let text = "resource \"a\" \"b\" {\n\tname = \"東京 é\"\n  tags = {\n    a = 1\n    b = 2\n  }\n  x =\n}\n\n# end";
    let file = sample.file("a.tf", text);
    let at = |needle: &str| sample.at(file, needle);
    let behind = |needle: &str| Location::new(file, Span::at(at(needle).span.end));
    let new = |rule: &str, location: Location| Finding::new(rule, Severity::Warning, location, "words");
    let long = "set here, in words that take more room than there is on a terminal of eighty columns or so";
    let findings = vec![
        new("several-lines", at("{\n    a = 1\n    b = 2\n  }"))
            .with_primary_label("all of this")
            .with_label(at("resource \"a\" \"b\""), "in this resource"),
        new("wide-characters-and-a-tab", at("é"))
            .with_primary_label("this é")
            .with_label(at("name"), "the name")
            .with_label(at("\"東京 é\""), "the value"),
        new("end-of-line", behind("x =")).with_primary_label("expected here"),
        new("end-of-file", behind("# end")).with_primary_label("here"),
        new("over-one-another", at("a = 1"))
            .with_primary_label(long)
            .with_label(at("1\n    b"), "two lines of it")
            .with_label(at("b = 2"), ""),
    ];
    sample.findings = settle(findings, &sample.sources);
    sample
}

#[test]
fn labels_of_all_shapes() {
    insta::assert_snapshot!(shapes().print(Format::Human, &Options { width: 80, ..Options::default() }));
}

#[test]
fn labels_of_all_shapes_for_a_screen_reader() {
    insta::assert_snapshot!(shapes().print(Format::Human, &Options { narrated: true, ..Options::default() }));
}

#[test]
fn a_long_line_is_cut_around_its_label() {
    let mut sample = Sample::empty();
    let text = format!("policy = \"{}needle{}\"\n", "a".repeat(9000), "b".repeat(9000));
    let file = sample.file("a.tf", &text);
    let finding =
        Finding::new("r", Severity::Warning, sample.at(file, "needle"), "m").with_primary_label("here");
    sample.findings.push(finding);
    let printed = sample.print(Format::Human, &Options { width: 60, ..Options::default() });
    assert!(printed.lines().all(|line| line.chars().count() <= 60), "{printed}");
    insta::assert_snapshot!(printed);
}

#[test]
fn a_long_story_is_cut_and_says_so() {
    let mut sample = Sample::empty();
    let file = sample.file("a.tf", &"x = 1\n".repeat(40));
    let at = |line: u32| Location::new(file, Span::new(line * 6, line * 6 + 1));
    let finding = Finding::new("r", Severity::Warning, at(0), "m");
    sample
        .findings
        .push((1..12).fold(finding, |finding, line| finding.with_label(at(3 * line), "passed here")));
    let printed = sample.print(Format::Human, &Options::default());
    assert_eq!(printed.matches("passed here").count(), 8);
    assert!(printed.contains("3 more places of this story not shown"), "{printed}");
}

#[test]
fn spans_of_all_shapes_are_drawn() {
    let text = "a = 1\r\nb = <<EOT\r\n\tété\r\n東京\r\nEOT\r\n\r\n\rc = 3\r".to_owned() + &"x".repeat(5000);
    let len = text.len() as u32;
    for start in 0..60.min(len) {
        for end in [start, start + 1, start + 3, start + 20, len, len + 7] {
            let mut sample = Sample::empty();
            let file = sample.file("a.tf", &text);
            let at = Location::new(file, Span::new(start, end));
            let finding = Finding::new("r", Severity::Error, at, "m").with_primary_label("here");
            sample.findings.push(finding.with_label(Location::new(file, Span::at(len - 2)), "far away"));
            for (format, options) in every_way() {
                let printed = sample.print(format, &options);
                schema::parses(format, &printed);
                assert!(!printed.contains("Failed to read"), "{start}..{end} {printed}");
                if format == Format::Human && !options.narrated {
                    assert!(printed.contains("here"), "{start}..{end} {printed}");
                }
            }
        }
    }
}
