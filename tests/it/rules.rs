//! Every rule on its fixtures: `bad*/` yields exactly the findings that lie beside it, as people see them; `good*/` none.
//!
//! `fixtures/rules/<id>/bad*/` and `good*/` are trees. One with a `plangate.hcl` is judged with it; without one, the rule
//! runs alone, with its defaults. A `plan.json` in it is the plan of the tree.

use std::path::{Path, PathBuf};
use std::time::Duration;

use plangate::engine::RuleFilter;
use plangate::report::{Format, Masked, Options, Report, write};
use plangate::rules::RULES;
use plangate::source::{PlanArgument, PlanContent, PlanFile, PlanPlace};
use plangate::triage::Date;
use plangate::{Outcome, Request, catalog, lint};

use crate::blessed::{compare, project};

fn trees(id: &str, kind: &str) -> Vec<PathBuf> {
    let directory = project().join("fixtures/rules").join(id);
    let entries =
        std::fs::read_dir(&directory).map(|entries| entries.flatten().collect()).unwrap_or_default();
    let entries: Vec<std::fs::DirEntry> = entries;
    let mut trees: Vec<PathBuf> = entries
        .iter()
        .filter(|entry| entry.path().is_dir() && entry.file_name().to_string_lossy().starts_with(kind))
        .map(std::fs::DirEntry::path)
        .collect();
    trees.sort();
    trees
}

fn plan(tree: &Path) -> Vec<PlanArgument> {
    let file = tree.join("plan.json");
    let relative = |path: &Path| {
        path.strip_prefix(project()).expect("it is in the project").to_string_lossy().into_owned()
    };
    let plan = PlanFile {
        shown: relative(&file),
        place: PlanPlace::Directory(relative(tree)),
        content: PlanContent::At(file.clone()),
    };
    if file.exists() { vec![PlanArgument::Given(plan)] } else { Vec::new() }
}

fn judge(id: &str, tree: &Path) -> Outcome {
    let configured = tree.join("plangate.hcl").exists();
    let request = Request {
        current: project(),
        paths: vec![tree.to_owned()],
        plans: plan(tree),
        filter: RuleFilter {
            only: if configured { Vec::new() } else { vec![id.to_owned()] },
            skip: Vec::new(),
        },
        today: Date::new(2026, 1, 31).expect("a day"),
        ..Request::default()
    };
    let mut outcome = match lint(&request, &mut |_| {}) {
        Ok(outcome) => outcome,
        Err(failure) => panic!("{} cannot be judged: {failure:?}", tree.display()),
    };
    // How many others there are is not the fixtures' business.
    outcome.coverage.rules = 1;
    outcome.findings.retain(|finding| finding.rule == id);
    outcome.suppressed.retain(|suppressed| suppressed.finding.rule == id);
    outcome.coverage.undecided.retain(|undecided| undecided.rule == id);
    outcome
}

fn rendered(outcome: &Outcome) -> String {
    let masked = Masked::new(&outcome.model.sources, &outcome.secrets);
    let rules = catalog::all();
    let report = Report {
        findings: &outcome.findings,
        suppressed: &outcome.suppressed,
        coverage: &outcome.coverage,
        elapsed: Duration::ZERO,
        sources: &masked,
        rules: &rules,
    };
    let options = Options { show_undecided: true, ..Options::default() };
    let mut text = Vec::new();
    write(&report, Format::Human, &mut text, &options).expect("a vector takes everything");
    String::from_utf8(text).expect("reports are UTF-8")
}

#[test]
fn bad_trees_yield_exactly_their_findings() {
    for rule in RULES {
        let bad = trees(rule.id, "bad");
        assert!(!bad.is_empty(), "fixtures/rules/{}/bad is missing", rule.id);
        for tree in bad {
            let outcome = judge(rule.id, &tree);
            let told = outcome.findings.len() + outcome.coverage.undecided.len();
            assert!(told > 0, "{} yields no finding", tree.display());
            let snapshot = tree.with_extension("txt");
            compare(snapshot.strip_prefix(project()).expect("it is in the project"), &rendered(&outcome));
        }
    }
}

#[test]
fn good_trees_yield_none() {
    for rule in RULES {
        let good = trees(rule.id, "good");
        assert!(!good.is_empty(), "fixtures/rules/{}/good is missing", rule.id);
        for tree in good {
            let outcome = judge(rule.id, &tree);
            assert!(outcome.findings.is_empty(), "{}:\n{}", tree.display(), rendered(&outcome));
            let coverage = &outcome.coverage;
            assert!(coverage.files + coverage.plans > 0, "{} holds nothing to judge", tree.display());
        }
    }
}

#[test]
fn fixtures_belong_to_rules() {
    for entry in std::fs::read_dir(project().join("fixtures/rules")).expect("there are fixtures").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(RULES.iter().any(|rule| rule.id == name), "fixtures/rules/{name} belongs to no rule");
    }
}

#[test]
fn messages_keep_the_house_style() {
    for rule in RULES {
        for tree in trees(rule.id, "bad") {
            for finding in judge(rule.id, &tree).findings {
                let style = plangate::finding::message_style(&finding.message);
                assert_eq!(style, Ok(()), "{}: {}", rule.id, finding.message);
            }
        }
    }
}
