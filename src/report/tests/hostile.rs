//! Names, paths and messages of an author who wishes the reader ill.

use proptest::prelude::*;

use super::super::sample::Sample;
use super::super::{Format, RuleInfo};
use super::{every_way, schema};
use crate::finding::{Finding, Place, Severity, Skipped, Undecided};
use crate::source::{Location, Span};
use crate::triage::Suppressed;

/// A report in which every text is this one.
fn of(text: &str, start: u32, len: u32) -> Sample {
    let mut sample = Sample::empty();
    let file = sample.file(text, &format!("a = \"{text}\"\n# {text}"));
    let other = sample.file("other.tf", text);
    let at = Location::new(file, Span::new(start, start + len));
    let place = Place::in_module(text).with_resource(text).with_unit(text);
    let mut finding = Finding::new(text, Severity::Error, at, text)
        .with_primary_label(text)
        .with_help(text)
        .with_label(Location::new(other, Span::new(start, start + len)), text)
        .with_fact(text)
        .at(place.clone());
    // Nothing may rest on the builder's care.
    text.clone_into(&mut finding.message);
    sample.suppressed.push(Suppressed { finding: finding.clone(), comment: at, reason: Some(text.into()) });
    sample.findings.push(finding);
    sample.findings.push(Finding::nowhere(text, Severity::Info, text));
    sample.coverage.skipped.push(Skipped { path: text.into(), reason: text.into() });
    sample.coverage.undecided.push(Undecided {
        rule: text.into(),
        place,
        location: Some(at),
        unknown: text.into(),
        reason: text.into(),
    });
    sample.rules.push(RuleInfo {
        id: text.into(),
        severity: Severity::Error,
        summary: text.into(),
        page: text.into(),
        docs_url: Some(format!("https://plangate.example/{text}")),
        tags: vec![text.into()],
    });
    sample
}

fn holds(text: &str, start: u32, len: u32) {
    let sample = of(text, start, len);
    for (format, options) in every_way() {
        schema::parses(format, &sample.print(format, &options));
    }
}

#[test]
fn known_attacks_fail() {
    for text in [
        "\u{1b}[2J\u{1b}]0;title\u{7}",
        "a\n::set-output name=x::y\n##[set-env name=PATH]x",
        "::error file=x::y",
        "]]></failure><x/>&amp;",
        "x | y | <script>alert(1)</script> `code` [a](javascript:x) @octo #1",
        "\u{202e}gnp.exe\u{2066}\u{200b}",
        "# SKIP\nok 1 - fine\n1..0\nBail out!",
        "\"},{\"rule\":\"x\"",
        "a\r\nb\rc\0\u{85}\u{2028}\u{feff}\u{fffe}",
        "file=a,line=1::x %0A %",
        "\\[\\]{0}{{1}}",
        "",
        " ",
    ] {
        holds(text, 0, 3);
        holds(text, 7, 4);
    }
}

#[test]
fn attributes_come_back_as_they_were() {
    let text = "]]> \"'<&>\t\n é";
    let printed = of(text, 0, 1).print(Format::Checkstyle, &super::Options::default());
    let document = roxmltree::Document::parse(&printed).unwrap();
    let error = document.descendants().find(|node| node.has_tag_name("error")).unwrap();
    assert_eq!(error.attribute("message"), Some(text));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_a_format(text in "\\PC{0,12}[\u{0}-\u{ff}\u{202a}-\u{202e}\u{fff0}-\u{ffff}]{0,12}", start in 0u32..40, len in 0u32..20) {
        holds(&text, start, len);
    }

    #[test]
    fn no_mixture_of_marks_breaks_a_format(text in "[\\[\\](){}<>|`*_#@:%,\"'\\\\&!\\-\n\r\t a0]{0,24}", start in 0u32..40, len in 0u32..20) {
        holds(&text, start, len);
    }

    #[test]
    fn no_secret_is_shown_wherever_it_stands(
        text in "([a-z\"= ]{0,6}(☢{1,4}|é|\r\n|\n|\r|\t|東)){0,14}",
        spans in proptest::collection::vec((0u32..150, 0u32..60), 1..4),
    ) {
        let mut sample = Sample::empty();
        let file = sample.file("a.tf", &text);
        for (at, secret) in text.match_indices('☢') {
            sample.secrets.push(Location::new(file, Span::new(at as u32, (at + secret.len()) as u32)));
        }
        let at = |&(start, len): &(u32, u32)| Location::new(file, Span::new(start, start + len));
        let finding = Finding::new("r", Severity::Error, at(&spans[0]), "m").with_primary_label("here");
        sample.findings.push(spans.iter().fold(finding, |finding, span| finding.with_label(at(span), "there")));
        for (format, options) in every_way() {
            let printed = sample.print(format, &options);
            schema::parses(format, &printed);
            prop_assert!(!printed.contains('☢') && !printed.contains("2622"), "{format:?} {printed}");
        }
    }
}
