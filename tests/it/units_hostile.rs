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
    let row = |top: &Path, directory: &str, levels: usize| {
        for level in 0..levels {
            let next = level + 1;
            let text = format!(
                "stack \"s\" {{\n  source = \"${{get_repo_root()}}/{directory}/s{next}\"\n  path = \"s\"\n}}\n"
            );
            write(top, &format!("{directory}/s{level}/terragrunt.stack.hcl"), &text);
        }
        let last = "unit \"u\" {\n  source = \"${get_repo_root()}/good\"\n  path = \"u\"\n}\n";
        write(top, &format!("{directory}/s{levels}/terragrunt.stack.hcl"), last);
    };
    let outcome = judged(|top| row(top, "all", 200));
    assert!(says(&outcome, "levels deep"));
    // Where the walk passes the others by, the row is gone along from its beginning alone.
    let outcome = judged(|top| {
        row(top, "catalog", 1024);
        write(top, ".gitignore", "/catalog/\n");
        let first = "stack \"s\" {\n  source = \"../catalog/s0\"\n  path = \"s\"\n}\n";
        write(top, "live/terragrunt.stack.hcl", first);
    });
    // It stands in a file that nobody asked for.
    let refusals = &outcome.model.refusals;
    assert!(refusals.iter().any(|refusal| refusal.problem.message.contains("levels deep")));
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

/// Where `invalid-unit` points, in which units.
fn refused(outcome: &Outcome) -> Vec<(String, String, Vec<String>)> {
    let of_rule = outcome.findings.iter().filter(|finding| finding.rule == "invalid-unit");
    let told = of_rule.map(|finding| {
        let at = finding.primary.expect("a place");
        let units = finding.places.iter().filter_map(|place| place.unit.as_ref().map(ToString::to_string));
        (outcome.model.sources.get(at.file).path.clone(), finding.message.clone(), units.collect())
    });
    told.collect()
}

#[test]
fn expansions_that_explode() {
    let experiment = "terragrunt {\n  experiments = [\"block-iteration\"]\n}\n";
    let stack = |source: &str, expansion: &str| {
        format!(
            "stack \"s\" {{\n  expansion {{\n    {expansion}\n  }}\n  source = \"${{get_repo_root()}}/{source}\"\n  \
             path = \"s-${{count.index}}\"\n}}\n"
        )
    };
    let outcome = judged(|top| {
        write(top, "plangate.hcl", experiment);
        write(top, "many/terragrunt.stack.hcl", &stack("many", "count = 1000000000"));
        write(top, "none/terragrunt.stack.hcl", &stack("none", "count = -1"));
    });
    assert!(says(&outcome, "`count` must be a number up to"));
    // A thousand stacks, each of a thousand stacks, each of a thousand.
    let outcome = judged(|top| {
        write(top, "plangate.hcl", experiment);
        write(top, "a/terragrunt.stack.hcl", &stack("b", "count = 1000"));
        write(top, "b/terragrunt.stack.hcl", &stack("c", "count = 1000"));
        write(top, "c/terragrunt.stack.hcl", &stack("b", "count = 1000"));
    });
    assert!(says(&outcome, "generate more than"));
    let outcome = judged(|top| {
        write(top, "plangate.hcl", experiment);
        let keys = "for_each = toset([for n in range(200000) : tostring(n)])";
        write(top, "a/terragrunt.stack.hcl", &stack("b", keys).replace("count.index", "each.key"));
    });
    assert!(outcome.model.stacks.iter().any(|stack| stack.refused));
}

#[test]
fn includes_that_lead_in_circles_or_nowhere() {
    let include = |path: &str| format!("include \"x\" {{\n  path = \"{path}\"\n}}\ninputs = {{ a = 1 }}\n");
    let parents =
        "include \"x\" {\n  path = find_in_parent_folders(\"nowhere.hcl\")\n}\ninputs = { a = 1 }\n";
    let outcome = judged(|top| {
        write(top, "itself/terragrunt.hcl", &include("terragrunt.hcl"));
        write(top, "a.hcl", &include("b.hcl"));
        write(top, "b.hcl", &include("a.hcl"));
        write(top, "circle/terragrunt.hcl", &include("../a.hcl"));
        write(top, "missing/terragrunt.hcl", &include("../missing.hcl"));
        write(top, "directory/terragrunt.hcl", &include("../good"));
        write(top, "parents/terragrunt.hcl", parents);
        write(
            top,
            "locals/terragrunt.hcl",
            "locals {\n  a = local.b\n  b = local.a\n}\ninputs = { a = local.a }\n",
        );
        write(top, "empty/terragrunt.hcl", &include(""));
    });
    for unit in ["itself", "circle", "missing", "directory", "parents", "locals", "empty"] {
        assert!(outcome.model.unit(unit).expect("a unit").refused, "{unit}");
    }
    for words in [
        "only one level of includes is allowed",
        "there is no file `missing.hcl` to include",
        "`good` is a directory",
        "nothing of that name lies above",
        "hangs on itself",
        "the include has no path",
    ] {
        assert!(says(&outcome, words), "{words}: {:?}", refused(&outcome));
    }
}

#[test]
fn a_directory_that_is_unit_and_stack() {
    let outcome = judged(|top| {
        write(top, "both/terragrunt.hcl", "inputs = { a = 1 }\n");
        write(top, "both/terragrunt.stack.hcl", "unit \"u\" {\n  source = \"../good\"\n  path = \"u\"\n}\n");
    });
    let told = refused(&outcome);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "both/terragrunt.hcl");
    assert!(told[0].1.contains("in the same directory"));
}

#[test]
fn a_module_that_is_missing_is_told_once() {
    let outcome = judged(|top| {
        for unit in 0..20 {
            let text = "terraform {\n  source = \"git::https://git.example.local/x.git?ref=v1\"\n}\n";
            write(top, &format!("far{unit}/terragrunt.hcl"), text);
            write(
                top,
                &format!("near{unit}/terragrunt.hcl"),
                "terraform {\n  source = \"../modules/nowhere\"\n}\n",
            );
        }
    });
    let undecided = outcome.coverage.undecided.iter().filter(|one| one.rule == "open-ingress");
    let reasons: std::collections::BTreeSet<&str> =
        undecided.clone().map(|one| one.reason.as_str()).collect();
    assert_eq!(undecided.count(), 40);
    // Equal reasons are shown as one.
    let expected = [
        "module git::https://git.example.local/x.git is not available",
        "there is no module in modules/nowhere",
    ];
    assert_eq!(reasons, expected.into());
}

#[test]
fn who_depends_on_a_failed_unit_does_not_fail() {
    let module = "variable \"v\" {\n  default = null\n}\noutput \"v\" {\n  value = var.v\n}\n\
                  resource \"aws_vpc\" \"this\" {\n  tags = { v = var.v }\n}\n";
    let on = |other: &str| {
        format!(
            "terraform {{\n  source = \"../m\"\n}}\ndependency \"x\" {{\n  config_path = \"../{other}\"\n}}\n\
             inputs = {{ v = \"${{dependency.x.outputs.v}}-${{dependency.x.outputs.other[0].name}}\" }}\n"
        )
    };
    let outcome = judged(|top| {
        write(top, "m/main.tf", module);
        write(
            top,
            "failed/terragrunt.hcl",
            "terraform {\n  source = \"../m\"\n}\ninputs = { v = local.nothing }\n",
        );
        write(top, "broken/terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\ninputs = {\n");
        write(top, "unmoduled/terragrunt.hcl", "terraform {\n  source = \"../nowhere\"\n}\n");
        for other in ["failed", "broken", "unmoduled"] {
            write(top, &format!("on-{other}/terragrunt.hcl"), &on(other).replace(".other[0].name", ".v"));
            write(
                top,
                &format!("behind-{other}/terragrunt.hcl"),
                &on(&format!("on-{other}")).replace(".other[0].name", ".v"),
            );
        }
    });
    for other in ["failed", "broken", "unmoduled"] {
        for unit in [format!("on-{other}"), format!("behind-{other}")] {
            let found = outcome.model.unit(&unit).expect("a unit");
            assert!(!found.refused, "{unit}: {:?}", refused(&outcome));
            let root = outcome.model.root(found.root.expect("it is evaluated"));
            assert!(root.instances[0].variables[0].as_unknown().is_some(), "{unit}");
            let of_unit = outcome.findings.iter().filter(|finding| {
                finding.severity == plangate::finding::Severity::Error
                    && finding.places.iter().any(|place| place.unit.as_deref() == Some(&unit))
            });
            assert_eq!(
                of_unit.map(|finding| &finding.message).collect::<Vec<_>>(),
                Vec::<&String>::new(),
                "{unit}"
            );
        }
    }
}
