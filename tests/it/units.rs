//! Units with the modules that they come from: findings name the units, values go from unit to unit.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use plangate::{Outcome, Request, lint};

use crate::blessed::project;

fn judged(directory: &Path) -> Outcome {
    let request = Request { current: directory.to_owned(), ..Request::default() };
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{directory:?}: {failure:?}"))
}

/// A tree of files in a repository of its own.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    for (path, text) in files {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("created");
        fs::write(path, text).expect("written");
    }
    tree
}

/// The findings of a rule: the file, and the units that it is about.
fn found(outcome: &Outcome, rule: &str) -> BTreeSet<(String, Vec<String>)> {
    let of_rule = outcome.findings.iter().filter(|finding| finding.rule == rule);
    let told = of_rule.map(|finding| {
        let at = finding.primary.expect("a place");
        let units = finding.places.iter().filter_map(|place| place.unit.as_ref().map(ToString::to_string));
        (outcome.model.sources.get(at.file).path.clone(), units.collect())
    });
    told.collect()
}

#[test]
fn the_alias_of_a_database_may_be_in_another_unit() {
    let outcome = judged(&project().join("fixtures/units/alias-found"));
    assert_eq!(found(&outcome, "missing-dns-alias"), BTreeSet::new());
    assert_eq!(found(&outcome, "invalid-unit"), BTreeSet::new());
    let outcome = judged(&project().join("fixtures/units/alias-missing"));
    let unit = |name: &str| format!("fixtures/units/alias-missing/live/{name}/database");
    let file = "fixtures/units/alias-missing/modules/database/main.tf".to_owned();
    assert_eq!(
        found(&outcome, "missing-dns-alias"),
        BTreeSet::from([(file, vec![unit("bob"), unit("eve")])])
    );
    // What a module that is not at hand makes of the host name, nobody knows.
    let mut undecided =
        outcome.coverage.undecided.iter().filter(|one| one.place.unit.as_deref() == Some(&unit("max")));
    let undecided = undecided.find(|one| one.rule == "missing-dns-alias").expect("it is not known");
    assert!(undecided.reason.contains("platform/dns.git is not available"), "{}", undecided.reason);
}

#[test]
fn a_part_of_the_tree_is_judged_with_what_it_has_to_do_with() {
    let top = project().join("fixtures/units");
    let part = |path: &str| {
        let request = Request { current: top.clone(), paths: vec![top.join(path)], ..Request::default() };
        lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{path}: {failure:?}"))
    };
    let outcome = part("alias-found/live/bob/database");
    assert_eq!(found(&outcome, "missing-dns-alias"), BTreeSet::new());
    assert_eq!(outcome.coverage.units, 1);
    let outcome = part("alias-missing/live/eve");
    let units = vec!["fixtures/units/alias-missing/live/eve/database".to_owned()];
    let file = "fixtures/units/alias-missing/modules/database/main.tf".to_owned();
    assert_eq!(found(&outcome, "missing-dns-alias"), BTreeSet::from([(file, units)]));
}

const NETWORK: &str = r#"
variable "cidrs" {
  type = list(string)
}

resource "aws_security_group" "this" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.cidrs
  }
}
"#;

#[test]
fn a_finding_stands_at_the_input_that_causes_it() {
    let unit = "include \"env\" {\n  path   = find_in_parent_folders(\"env.hcl\")\n  expose = true\n}\n\
                terraform {\n  source = \"${get_repo_root()}/modules//network\"\n}\n\
                inputs = {\n  cidrs = include.env.locals.cidrs\n}\n";
    let own =
        "terraform {\n  source = \"../../modules/network\"\n}\ninputs = {\n  cidrs = [\"10.0.0.0/8\"]\n}\n";
    let tree = tree(&[
        ("modules/network/main.tf", NETWORK),
        ("live/env.hcl", "locals {\n  cidrs = [\"0.0.0.0/0\"]\n}\n"),
        ("live/one/terragrunt.hcl", unit),
        ("live/two/terragrunt.hcl", unit),
        ("live/own/terragrunt.hcl", own),
    ]);
    let outcome = judged(tree.path());
    let units = ["live/one", "live/two"].map(str::to_owned).to_vec();
    assert_eq!(found(&outcome, "open-ingress"), BTreeSet::from([("live/env.hcl".to_owned(), units)]));
}

#[test]
fn outputs_are_what_they_are_in_the_other_unit() {
    let module = "variable \"name\" {\n  default = \"\"\n}\n\
                  output \"known\" {\n  value = \"name-of-${var.name}\"\n}\n\
                  output \"id\" {\n  value = aws_vpc.this.id\n}\n\
                  resource \"aws_vpc\" \"this\" {}\n";
    let user = "terraform {\n  source = \"../../m\"\n}\n\
                dependency \"a\" {\n  config_path  = \"../a\"\n  mock_outputs = { known = \"mock\", id = \"mock\" }\n}\n\
                inputs = {\n  name = dependency.a.outputs.known\n  id   = dependency.a.outputs.id\n}\n";
    let tree = tree(&[
        ("m/main.tf", &format!("{module}variable \"id\" {{\n  default = null\n}}\n")),
        ("live/a/terragrunt.hcl", "terraform {\n  source = \"../../m\"\n}\ninputs = { name = \"a\" }\n"),
        ("live/b/terragrunt.hcl", user),
        ("live/c/terragrunt.hcl", &user.replace("../a", "../b")),
    ]);
    let outcome = judged(tree.path());
    let value = |unit: &str, name: &str| {
        let root = outcome.model.unit(unit).and_then(|unit| unit.root).expect("a root");
        let root = outcome.model.root(root);
        let at = outcome.model.module(root.module).variable(name).expect("a variable");
        root.instances[0].variables[at].clone()
    };
    assert_eq!(value("live/b", "name").as_str(), Some("name-of-a"));
    assert_eq!(value("live/c", "name").as_str(), Some("name-of-name-of-a"));
    let id = value("live/c", "id").as_unknown().expect("not known").identity.clone();
    assert_eq!(id.exact().expect("one value").display_in("live/c"), "live/b//aws_vpc.this.id");
}

#[test]
fn what_is_computed_of_outputs_is_known_where_they_are() {
    let module = "variable \"cidrs\" {\n  type    = list(string)\n  default = []\n}\n\
                  output \"cidrs\" {\n  value = concat(var.cidrs, [\"10.0.0.0/8\"])\n}\n\
                  output \"id\" {\n  value = aws_vpc.this.id\n}\n\
                  resource \"aws_vpc\" \"this\" {}\n";
    let user = |other: &str| {
        format!(
            "terraform {{\n  source = \"../../m\"\n}}\n\
             dependency \"other\" {{\n  config_path = \"../{other}\"\n}}\n\
             inputs = {{\n  cidrs = [for c in dependency.other.outputs.cidrs : \"${{c}}!\" if length(c) > 0]\n\
             \x20 name = \"x-${{dependency.other.outputs.id}}\"\n}}\n"
        )
    };
    let tree = tree(&[
        ("m/main.tf", &format!("{module}variable \"name\" {{\n  default = \"\"\n}}\n")),
        ("live/a/terragrunt.hcl", "terraform {\n  source = \"../../m\"\n}\n"),
        ("live/b/terragrunt.hcl", &user("a")),
        ("live/c/terragrunt.hcl", &user("b")),
    ]);
    let outcome = judged(tree.path());
    let value = |unit: &str, name: &str| {
        let root = outcome.model.unit(unit).and_then(|unit| unit.root).expect("a root");
        let root = outcome.model.root(root);
        let at = outcome.model.module(root.module).variable(name).expect("a variable");
        root.instances[0].variables[at].clone()
    };
    assert_eq!(value("live/b", "cidrs").to_json().as_deref(), Some("[\"10.0.0.0/8!\"]"));
    assert_eq!(value("live/c", "cidrs").to_json().as_deref(), Some("[\"10.0.0.0/8!!\",\"10.0.0.0/8!\"]"));
    let name = value("live/c", "name");
    let mut from = Vec::new();
    name.collect_identities(&mut from);
    assert!(format!("{from:?}").contains("aws_vpc.this"), "{from:?}");
    // What is shown of a unit is what its module is given.
    let inputs = outcome.model.unit("live/c").and_then(|unit| unit.inputs()).expect("inputs");
    assert_eq!(inputs.get("cidrs").and_then(|cidrs| cidrs.to_json()), value("live/c", "cidrs").to_json());
}

#[test]
fn a_unit_may_be_given_all_outputs_of_another() {
    let module = "variable \"a\" {}\nvariable \"b\" {}\noutput \"a\" {\n  value = var.a\n}\noutput \"b\" {\n  value = var.b\n}\n";
    let tree = tree(&[
        ("m/main.tf", module),
        (
            "live/a/terragrunt.hcl",
            "terraform {\n  source = \"../../m\"\n}\ninputs = {\n  a = 1\n  b = 2\n}\n",
        ),
        (
            "live/b/terragrunt.hcl",
            "terraform {\n  source = \"../../m\"\n}\ndependency \"a\" {\n  config_path = \"../a\"\n}\n\
             inputs = dependency.a.outputs\n",
        ),
    ]);
    let outcome = judged(tree.path());
    assert_eq!(found(&outcome, "missing-input"), BTreeSet::new());
    let root = outcome.model.unit("live/b").and_then(|unit| unit.root).expect("a root");
    let values: Vec<Option<String>> =
        outcome.model.root(root).instances[0].variables.iter().map(|value| value.to_json()).collect();
    assert_eq!(values, [Some("1".to_owned()), Some("2".to_owned())]);
}

#[test]
fn outputs_of_a_stack_are_those_of_its_units() {
    let tree = tree(&[
        (
            "m/main.tf",
            "variable \"v\" {\n  default = \"\"\n}\noutput \"v\" {\n  value = \"of ${var.v}\"\n}\n",
        ),
        (
            "units/a/terragrunt.hcl",
            "terraform {\n  source = \"${get_repo_root()}//m\"\n}\ninputs = { v = values.v }\n",
        ),
        ("units/a/terragrunt.values.hcl", "v = \"catalog\"\n"),
        (
            "live/s/terragrunt.stack.hcl",
            "unit \"a\" {\n  source = \"../../units/a\"\n  path   = \"a\"\n  values = { v = \"stack\" }\n}\n",
        ),
        (
            "live/user/terragrunt.hcl",
            "terraform {\n  source = \"../../m\"\n}\ndependency \"s\" {\n  config_path = \"../s\"\n}\n\
             inputs = { v = dependency.s.outputs.a.v }\n",
        ),
    ]);
    let outcome = judged(tree.path());
    assert_eq!(found(&outcome, "invalid-unit"), BTreeSet::new());
    let inputs = outcome.model.unit("live/user").and_then(|unit| unit.inputs()).expect("inputs");
    assert_eq!(inputs.get("v").and_then(|value| value.as_str()), Some("of stack"));
}

#[test]
fn units_on_a_circle_do_not_stop_their_siblings() {
    let on = |other: &str| {
        format!(
            "terraform {{\n  source = \"../../m\"\n}}\ndependency \"x\" {{\n  config_path = \"../{other}\"\n}}\n\
             inputs = {{ v = dependency.x.outputs.v }}\n"
        )
    };
    let tree = tree(&[
        ("m/main.tf", "variable \"v\" {\n  default = 1\n}\noutput \"v\" {\n  value = var.v\n}\n"),
        ("live/a/terragrunt.hcl", &on("b")),
        ("live/b/terragrunt.hcl", &on("a")),
        ("live/c/terragrunt.hcl", "inputs = {\n"),
        ("live/d/terragrunt.hcl", "terraform {\n  source = \"../../m\"\n}\n"),
    ]);
    let outcome = judged(tree.path());
    let refused = |unit: &str| outcome.model.unit(unit).expect("a unit").refused;
    assert_eq!(["live/a", "live/b", "live/c", "live/d"].map(refused), [true, true, true, false]);
    assert!(outcome.model.unit("live/d").expect("a unit").root.is_some());
}

/// What the environment hands in stands in no file: nothing but its name tells that it is secret.
#[test]
fn secrets_of_the_environment_are_not_shown() {
    let tree = tree(&[
        ("plangate.hcl", "terragrunt { env_allowed = [\"DB_PASSWORD\", \"REGION\"] }\n"),
        (
            "a/terragrunt.hcl",
            "inputs = { url = \"db:${get_env(\"DB_PASSWORD\")}\", region = get_env(\"REGION\") }\n",
        ),
    ]);
    for arguments in [&["show", ".", "--format", "json"][..], &["show", "."], &["lint", ".", "-vv"]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_plangate"))
            .args(arguments)
            .current_dir(tree.path())
            .env_clear()
            .env("DB_PASSWORD", "Sup3rS3cretXyz")
            .env("REGION", "eu-west-1")
            .output()
            .expect("the program runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(!text.contains("Sup3rS3cretXyz"), "{text}");
        assert_eq!(text.contains("eu-west-1"), arguments[0] == "show", "{text}");
    }
}
