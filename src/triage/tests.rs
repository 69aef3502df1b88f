use super::suppression::ABOUT;
use super::{Date, Suppressing, Triaged, suppress};
use crate::finding::{Finding, Place, Severity, Undecided};
use crate::rules;
use crate::source::{FileId, Location, SourceFile, Sources, Span};
use crate::syntax::{Schema, Tree, parse_hcl, parse_json};

/// A rule reports every `BAD` of a file; another one, every `WORSE`.
struct Case {
    sources: Sources,
    trees: Vec<Tree>,
    findings: Vec<Finding>,
}

const RULES: [&str; 8] = [
    "bad",
    "worse",
    "silent",
    "expired-suppression",
    "malformed-suppression",
    "misnamed-suppression",
    "unexplained-suppression",
    "unused-suppression",
];

fn case(files: &[(&str, &str)]) -> Case {
    let mut case = Case { sources: Sources::default(), trees: Vec::new(), findings: Vec::new() };
    for &(path, text) in files {
        let file = case.sources.add(SourceFile::new(path, None, text.into()));
        let tree = if path.ends_with(".json") {
            parse_json(file, text.into(), &SCHEMA)
        } else {
            parse_hcl(file, text.into())
        };
        assert_eq!(tree.errors, [], "{path}");
        case.trees.push(tree);
        for (word, rule) in [("BAD", "bad"), ("WORSE", "worse")] {
            for (at, _) in text.match_indices(word) {
                let span = Span::new(at as u32, (at + word.len()) as u32);
                case.findings.push(Finding::new(
                    rule,
                    Severity::Error,
                    Location::new(file, span),
                    "bad things",
                ));
            }
        }
    }
    case
}

static SCHEMA: Schema =
    Schema { blocks: &[crate::syntax::BlockSchema { kind: "resource", labels: 2, body: &Schema::NONE }] };

impl Case {
    fn triage(&self) -> Triaged {
        self.triage_with(&[], &|rule, _| (rule != "silent").then_some(Severity::Warning))
    }

    fn triage_with(
        &self,
        undecided: &[Undecided],
        severity: &dyn Fn(&str, &str) -> Option<Severity>,
    ) -> Triaged {
        let today = Date::new(2026, 6, 15).unwrap();
        let with = Suppressing { today, rules: &RULES, severity };
        suppress(self.findings.clone(), undecided, &self.trees, &self.sources, &with)
    }

    /// Findings as `rule line: message`.
    fn told(&self, triaged: &Triaged) -> Vec<String> {
        let told = triaged.findings.iter().map(|finding| {
            let primary = finding.primary.unwrap();
            let line = self.sources.get(primary.file).line_column(primary.span.start).line;
            format!("{} {line}: {}", finding.rule, finding.message)
        });
        told.collect()
    }
}

/// Which lines of a file keep their `bad` finding, and what is said about its suppressions.
fn kept(text: &str) -> (Vec<u32>, Vec<String>) {
    let case = case(&[("main.tf", text)]);
    let triaged = case.triage();
    let (bad, about): (Vec<_>, Vec<_>) = case
        .told(&triaged)
        .into_iter()
        .partition(|told| told.starts_with("bad ") || told.starts_with("worse "));
    let line = |told: &String| told.split([' ', ':']).nth(1).unwrap().parse().unwrap();
    (bad.iter().map(line).collect(), about)
}

fn suppressed(text: &str) {
    assert_eq!(kept(text), (vec![], vec![]), "{text}");
}

#[test]
fn at_the_end_of_its_line() {
    suppressed("a = \"BAD\" # plangate:ignore[bad] why\n");
    suppressed("a = \"BAD\" // plangate:ignore[bad] why");
    suppressed("a = \"BAD\" /* plangate:ignore[bad] why */\r\n");
    let (lines, about) = kept("a = \"x\" # plangate:ignore[bad] why\nb = \"BAD\"\n");
    assert_eq!(lines, [2], "not the line below");
    assert_eq!(about, ["unused-suppression 1: no finding of `bad` is suppressed here"]);
}

#[test]
fn on_the_line_above() {
    suppressed("# plangate:ignore[bad] why\na = \"BAD\"\n");
    suppressed("\u{feff}# plangate:ignore[bad] why\na = \"BAD\"\n");
    suppressed("# plangate:ignore[bad] why\r\na = \"BAD\"\r\n");
    suppressed("# plangate:ignore[bad] why\n# and more words\n// of another kind\na = \"BAD\"\n");
    suppressed("# plangate:ignore[bad] why\n# plangate:ignore[worse] why\na = \"BAD\" + \"WORSE\"\n");
    let (lines, about) = kept("# plangate:ignore[bad] why\n\na = \"BAD\"\n");
    assert_eq!((lines.as_slice(), about.len()), (&[3][..], 1), "a blank line parts them");
}

#[test]
fn above_whatever_begins_there() {
    suppressed("# plangate:ignore[bad] why\na = [\n  \"BAD\",\n]\n");
    suppressed("a = [\n  # plangate:ignore[bad] why\n  {\n    b = \"BAD\"\n  },\n]\n");
    suppressed("a = {\n  # plangate:ignore[bad] why\n  b = {\n    c = \"BAD\"\n  }\n}\n");
    suppressed("a = [\n  # plangate:ignore[bad] why\n  \"BAD\",\n]\n");
    let (lines, _) = kept("a = [\n  # plangate:ignore[bad] why\n  \"BAD\",\n  \"BAD\",\n]\n");
    assert_eq!(lines, [4], "the next element is another one");
}

#[test]
fn in_front_of_a_block() {
    let block = "resource \"a\" \"b\" {\n  c {\n    d = \"BAD\"\n  }\n  e = \"BAD\"\n}\n";
    suppressed(&format!("# plangate:ignore[bad] why\n{block}"));
    let (lines, about) = kept(&format!("# plangate:ignore[bad] why\n{block}f = \"BAD\"\n"));
    assert_eq!((lines, about), (vec![8], vec![]), "not behind the block");
    let (lines, _) = kept("a \"b\" { # plangate:ignore[bad] why\n  c = \"BAD\"\n}\n");
    assert_eq!(lines, [2], "at the end of the opening line it is for that line");
    suppressed("a {\n  # plangate:ignore[bad] why\n  c {\n    d = \"BAD\"\n  }\n}\n");
}

#[test]
fn for_a_file() {
    suppressed("# words\n\n# plangate:ignore-file[bad] why\na = \"BAD\"\nb {\n  c = \"BAD\"\n}\n");
    let (lines, about) = kept("a = \"BAD\"\n# plangate:ignore-file[bad] why\n");
    assert_eq!(lines, [1]);
    assert_eq!(
        about,
        [
            "malformed-suppression 2: a suppression cannot be read: `plangate:ignore-file` stands at the top of the \
          file, before the first block"
        ]
    );
}

#[test]
fn in_json() {
    let text = r#"{
        "//": "plangate:ignore-file[worse] why",
        "resource": {
            "a": {
                "b": {"//": "plangate:ignore[bad] the \"old\" one", "c": "BAD"},
                "d": {"c": ["BAD", "WORSE"]}
            }
        }
    }"#;
    let case = case(&[("main.tf.json", text)]);
    let triaged = case.triage();
    assert_eq!(case.told(&triaged), ["bad 6: bad things"]);
    let reasons: Vec<_> = triaged.suppressed.iter().map(|suppressed| suppressed.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("the \"old\" one"), Some("why")]);
}

#[test]
fn in_json_inside_of_a_value() {
    let text = r#"{
        "resource": {
            "a": {
                "b": {
                    "c": [{"//": "plangate:ignore[bad] old", "d": {"e": "BAD"}},
                        {"e": "BAD"}]
                },
                "f": {"g": {"//": "plangate:ignore[bad, expires=2001-01-01] old",
                    "h": "BAD"}}
            }
        }
    }"#;
    let case = case(&[("main.tf.json", text)]);
    let triaged = case.triage();
    let told = case.told(&triaged);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().any(|line| line == "bad 6: bad things"), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("expired-suppression 8")), "{told:?}");
    assert!(told.iter().any(|line| line == "bad 9: bad things"), "{told:?}");
    assert_eq!(triaged.suppressed.len(), 1);
}

#[test]
fn only_the_named_rules() {
    let (lines, about) = kept("# plangate:ignore[bad] why\na = \"BAD\" + \"WORSE\"\n");
    assert_eq!((lines, about), (vec![2], vec![]));
    suppressed("# plangate:ignore[bad, worse] why\na = \"BAD\" + \"WORSE\"\n");
}

#[test]
fn only_in_its_own_file() {
    let case = case(&[("a.tf", "# plangate:ignore-file[bad] why\na = \"BAD\"\n"), ("b.tf", "a = \"BAD\"\n")]);
    let triaged = case.triage();
    assert_eq!((triaged.findings.len(), triaged.suppressed.len()), (1, 1));
    assert_eq!(triaged.findings[0].primary.unwrap().file, FileId(1));
}

#[test]
fn without_a_reason_it_works_and_is_told() {
    assert_eq!(
        kept("a = \"BAD\" # plangate:ignore[bad]\n"),
        (vec![], vec!["unexplained-suppression 1: the suppression of `bad` has no reason".to_owned()])
    );
}

#[test]
fn it_holds_up_to_its_last_day() {
    suppressed("a = \"BAD\" # plangate:ignore[bad, expires=2026-06-15] why\n");
    assert_eq!(
        kept("a = \"BAD\" # plangate:ignore[bad, expires=2026-06-14] why\n"),
        (vec![1], vec!["expired-suppression 1: this suppression ended on 2026-06-14".to_owned()])
    );
}

#[test]
fn what_cannot_be_read_holds_nothing_and_is_told_once() {
    let text = "a = \"BAD\" # plangate:ignore[bad, expires=soon] why\n";
    let message = "a suppression cannot be read: `soon` is no day: write `expires=2026-12-31`";
    assert_eq!(kept(text), (vec![1], vec![format!("malformed-suppression 1: {message}")]));
    assert_eq!(kept(&text.replace("BAD", "GOOD")).1.len(), 1);
}

#[test]
fn a_rule_that_does_not_exist() {
    let case = case(&[("a.tf", "a = \"BAD\" # plangate:ignore[bad, wrse] why\n")]);
    let triaged = case.triage();
    assert_eq!(case.told(&triaged), ["misnamed-suppression 1: there is no rule `wrse` to suppress"]);
    assert_eq!(triaged.findings[0].help.as_deref(), Some("did you mean `worse`?"));
    assert_eq!(triaged.suppressed.len(), 1, "the other one still holds");
}

#[test]
fn unused_only_if_the_rule_had_its_say() {
    suppressed("a = 1 # plangate:ignore[silent] why\n");
    let case = case(&[("a.tf", "a = 1 # plangate:ignore[bad] why\n")]);
    let undecided = Undecided {
        rule: "bad".into(),
        place: Place::NOWHERE,
        location: Some(Location::new(FileId(0), Span::new(4, 5))),
        unknown: "var.x".into(),
        reason: "because".into(),
    };
    let triaged = case.triage_with(&[undecided], &|_, _| Some(Severity::Warning));
    assert_eq!(triaged.findings, []);
}

#[test]
fn a_label_is_no_primary_location_but_the_help_says_where_that_is() {
    let mut case = case(&[
        ("main.tf", "# plangate:ignore[bad] why\nresource \"a\" \"b\" {\n  c = var.d\n}\n"),
        ("vars.tf", "d = \"BAD\"\n"),
    ]);
    let used = Location::new(FileId(0), Span::new(51, 56));
    case.findings = case.findings.into_iter().map(|finding| finding.with_label(used, "used here")).collect();
    let triaged = case.triage();
    assert_eq!(
        case.told(&triaged),
        ["unused-suppression 1: no finding of `bad` is suppressed here", "bad 1: bad things"]
    );
    assert_eq!(triaged.findings[0].help.as_deref(), Some("suppress it where it is mended: vars.tf:1"));
}

#[test]
fn findings_about_suppressions_stay() {
    let (_, about) =
        kept("# plangate:ignore-file[unused-suppression] quiet\n# plangate:ignore[bad] why\na = 1\n");
    assert_eq!(
        about,
        [
            "unused-suppression 1: no finding of `unused-suppression` is suppressed here",
            "unused-suppression 2: no finding of `bad` is suppressed here",
        ]
    );
    let case = case(&[("a.tf", "a = 1 # plangate:ignore[bad]\n")]);
    assert_eq!(case.triage_with(&[], &|_, _| None), Triaged::default(), "configuration switches them off");
}

#[test]
fn the_rules_about_suppressions_are_registered_and_need_no_hook() {
    for id in ABOUT {
        assert!(rules::find(id).is_some_and(|rule| rule.hooks.is_empty()), "{id}");
    }
}
