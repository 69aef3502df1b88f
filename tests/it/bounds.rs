//! What is more than plangate looks at is nobody's mistake, and never passes in silence.

use std::fmt::Write as _;
use std::fs;

use plangate::config::UndecidedLevel;
use plangate::engine::RuleFilter;
use plangate::exit::Exit;
use plangate::{Outcome, Request, lint};

fn judge(text: &str) -> Outcome {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    fs::write(tree.path().join("main.tf"), text).expect("a file");
    let only = ["invalid-expression", "invalid-reference", "open-ingress", "hardcoded-secret"];
    let request = Request {
        current: tree.path().to_owned(),
        paths: vec![tree.path().to_owned()],
        filter: RuleFilter { only: only.map(str::to_owned).to_vec(), skip: Vec::new() },
        ..Request::default()
    };
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Nothing is found, and what was not looked at is said.
fn is_told(outcome: &Outcome, reason: &str, passed_over: &str) {
    assert_eq!(outcome.findings, []);
    let coverage = &outcome.coverage;
    let reasons: Vec<&str> = coverage.undecided.iter().map(|it| it.reason.as_str()).collect();
    assert!(!reasons.is_empty() && reasons.iter().all(|it| *it == reason), "{reasons:?}");
    assert!(coverage.undecided.iter().any(|it| it.rule == "open-ingress"));
    let skipped: Vec<&str> = coverage.skipped.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert!(skipped[0].starts_with(&format!("{reason}: {passed_over} were not inspected; ")), "{skipped:?}");
    assert_eq!(outcome.exit(None, Some(UndecidedLevel::Error)), Exit::Findings);
}

#[test]
fn a_root_with_too_many_instances_is_undecided() {
    let mut text = String::new();
    for index in 0..24 {
        writeln!(text, "resource \"terraform_data\" \"d{index}\" {{\n  count = 10000\n}}").expect("a text");
    }
    text.push_str("resource \"terraform_data\" \"most\" {\n  count = 9999\n}\n");
    text.push_str("resource \"terraform_data\" \"last\" {\n  count = 7\n}\n");
    // What hangs on them fails no more than it would if they were there.
    text.push_str(
        "output \"last\" {\n  value = \"${terraform_data.last[6].id}, ${length(terraform_data.last)}\"\n}\n",
    );
    let outcome = judge(&text);
    is_told(&outcome, "the root has more than 250000 instances", "7 like `terraform_data.last`");
    assert_eq!(outcome.coverage.resources, 249_999);
}

#[test]
fn a_count_that_is_too_high_is_undecided() {
    let outcome = judge("resource \"aws_security_group\" \"many\" {\n  count = 10001\n}\n");
    let reason = "`count` yields more than 10000 instances";
    is_told(&outcome, reason, "10001 like `aws_security_group.many`");
}
