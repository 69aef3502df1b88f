//! Trees of units that are made to exhaust their reader: each ends in time, with a word about it, and its siblings are
//! judged all the same.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use plangate::{Outcome, Request, lint};

/// Far more than any of them takes, and far less than what they are made to take.
const TIME: Duration = Duration::from_secs(60);

fn write(top: &Path, path: &str, text: &str) {
    let path = top.join(path);
    fs::create_dir_all(path.parent().expect("a directory")).expect("created");
    fs::write(path, text).expect("written");
}

/// Judges a tree with one good unit among what `fill` writes.
fn judged(fill: impl FnOnce(&Path)) -> Outcome {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    write(tree.path(), "good/terragrunt.hcl", "inputs = { a = 1 }\n");
    fill(tree.path());
    let start = Instant::now();
    let request = Request { current: tree.path().to_owned(), ..Request::default() };
    let outcome = lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(start.elapsed() < TIME, "it took {:?}", start.elapsed());
    let good = outcome.model.unit("good").expect("the good unit");
    assert!(!good.refused && good.inputs().is_some());
    outcome
}

fn says(outcome: &Outcome, words: &str) -> bool {
    outcome.findings.iter().any(|finding| finding.rule == "invalid-unit" && finding.message.contains(words))
}

#[test]
fn files_that_all_read_one_another() {
    let outcome = judged(|top| {
        for file in 0..40 {
            let mut text = "locals {\n".to_owned();
            for other in 0..40 {
                let _ = writeln!(text, "  f{other} = read_terragrunt_config(\"f{other}.hcl\").locals");
            }
            write(top, &format!("lib/f{file}.hcl"), &format!("{text}}}\n"));
        }
        for unit in 0..50 {
            let text = "locals {\n  a = read_terragrunt_config(\"../lib/f0.hcl\")\n}\n";
            write(top, &format!("u{unit}/terragrunt.hcl"), text);
        }
    });
    assert!(says(&outcome, "these files read one another"));
    assert!(outcome.model.unit("u7").expect("a unit").refused);
}

#[test]
fn files_that_read_on_and_on() {
    let outcome = judged(|top| {
        for file in 0..200 {
            let next = file + 1;
            let text = format!("locals {{\n  n = read_terragrunt_config(\"f{next}.hcl\").locals\n}}\n");
            write(top, &format!("lib/f{file}.hcl"), &text);
        }
        write(top, "lib/f200.hcl", "locals {}\n");
        write(top, "u/terragrunt.hcl", "locals {\n  a = read_terragrunt_config(\"../lib/f0.hcl\")\n}\n");
    });
    assert!(says(&outcome, "files away from the unit"));
}

#[test]
fn stacks_that_generate_themselves() {
    let outcome = judged(|top| {
        let text = "stack \"a\" {\n  source = \".\"\n  path = \"a\"\n}\n";
        write(top, "s/terragrunt.stack.hcl", text);
    });
    assert!(says(&outcome, "levels deep"));
    let outcome = judged(|top| {
        let of = |name: &str| format!("stack \"{name}\" {{\n  source = \".\"\n  path = \"{name}\"\n}}\n");
        write(top, "s/terragrunt.stack.hcl", &(of("a") + &of("b") + &of("c")));
    });
    assert!(says(&outcome, "generate more than"));
}

#[test]
fn stacks_in_a_long_row() {
    let outcome = judged(|top| {
        for level in 0..200 {
            let next = level + 1;
            let text =
                format!("stack \"s\" {{\n  source = \"${{get_repo_root()}}/s{next}\"\n  path = \"s\"\n}}\n");
            write(top, &format!("s{level}/terragrunt.stack.hcl"), &text);
        }
        write(top, "s200/terragrunt.stack.hcl", "unit \"u\" {\n  source = \"../good\"\n  path = \"u\"\n}\n");
    });
    assert!(says(&outcome, "levels deep"));
}

#[test]
fn locals_and_merges_that_grow() {
    let outcome = judged(|top| {
        let mut text = "locals {\n  l0 = [1, 1]\n".to_owned();
        for level in 1..40 {
            let _ = writeln!(text, "  l{level} = [local.l{0}, local.l{0}]", level - 1);
        }
        write(top, "big/terragrunt.hcl", &format!("{text}}}\ninputs = {{ a = jsonencode(local.l39) }}\n"));
        let mut chain = "locals {\n".to_owned();
        for level in 0..20_000 {
            let _ = writeln!(chain, "  l{level} = local.l{}", level + 1);
        }
        chain.push_str("  l20000 = 1\n");
        write(top, "chain/terragrunt.hcl", &format!("{chain}}}\n"));
    });
    assert!(outcome.model.unit("big").expect("a unit").refused);
    assert!(says(&outcome, "in a chain"));
}

#[test]
fn what_lies_outside_is_not_read() {
    let outcome = judged(|top| {
        write(top, "u/terragrunt.hcl", "include \"x\" {\n  path = \"../../outside.hcl\"\n}\n");
        write(top, "v/terragrunt.hcl", "inputs = { a = file(\"/etc/passwd\") }\n");
        write(top, "w/terragrunt.hcl", "locals {\n  a = read_terragrunt_config(\"/etc/hosts\")\n}\n");
        write(top, "x/terragrunt.hcl", "dependency \"d\" {\n  config_path = \"../../other\"\n}\n");
    });
    for unit in ["u", "v", "w", "x"] {
        assert!(outcome.model.unit(unit).expect("a unit").refused, "{unit}");
    }
    assert!(says(&outcome, "out of the repository"));
}
