//! A type in quotes is refused by Terraform and old at the same time: one rule tells it, and one always does.

use std::fs;

use plangate::engine::RuleFilter;
use plangate::finding::Severity;
use plangate::{Request, lint};

const OLD: &str = "variable \"name\" {\n  type = \"string\"\n}\n";

/// Who tells of the type, and how severe it is.
fn told(settings: &str, only: &[&str], skip: &[&str]) -> Vec<(String, Severity)> {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    fs::create_dir(tree.path().join("app")).expect("a directory");
    fs::write(tree.path().join("app/main.tf"), OLD).expect("a file");
    fs::write(tree.path().join("plangate.hcl"), settings).expect("a file");
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let request = Request {
        current: tree.path().to_owned(),
        paths: vec![tree.path().join("app")],
        filter: RuleFilter { only: names(only), skip: names(skip) },
        ..Request::default()
    };
    let outcome = lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{settings}: {failure:?}"));
    let of_type = outcome.findings.iter().filter(|finding| finding.message.starts_with("a type is written"));
    of_type.map(|finding| (finding.rule.to_string(), finding.severity)).collect()
}

#[test]
fn a_type_in_quotes_is_told_by_the_rule_for_old_forms() {
    let old = [("deprecated-syntax".to_owned(), Severity::Error)];
    let always: &[(&str, &[&str], &[&str])] = &[
        ("", &[], &[]),
        ("rule \"deprecated-syntax\" {\n  severity = \"info\"\n}\n", &[], &[]),
        ("rule \"deprecated-syntax\" {\n  paths = [\"app/**\"]\n}\n", &[], &[]),
        ("rule \"invalid-syntax\" {\n  enabled = false\n}\n", &[], &[]),
        ("", &["deprecated-syntax"], &[]),
        ("", &[], &["invalid-syntax"]),
    ];
    for (settings, only, skip) in always {
        assert_eq!(told(settings, only, skip), old, "{settings} {only:?} {skip:?}");
    }
}

#[test]
fn where_that_rule_is_silent_the_error_is_told_all_the_same() {
    let wrong = [("invalid-syntax".to_owned(), Severity::Error)];
    let always: &[(&str, &[&str], &[&str])] = &[
        ("rule \"deprecated-syntax\" {\n  enabled = false\n}\n", &[], &[]),
        ("rule \"deprecated-syntax\" {\n  kinds = [\"lookup\"]\n}\n", &[], &[]),
        ("rule \"deprecated-syntax\" {\n  exclude = [\"app/**\"]\n}\n", &[], &[]),
        ("extends = [\"security\"]\nrule \"invalid-syntax\" {}\n", &[], &[]),
        ("", &["invalid-syntax"], &[]),
        ("", &[], &["deprecated-syntax"]),
    ];
    for (settings, only, skip) in always {
        assert_eq!(told(settings, only, skip), wrong, "{settings} {only:?} {skip:?}");
    }
}
